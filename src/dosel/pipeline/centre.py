"""A centre: one directory with dosel.toml, the database, states, baselines and gridded looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from dosel.catalog.sensors import Sensor, sensor
from dosel.config import SETTINGS_FILE, Settings, load_settings
from dosel.errors import InputError
from dosel.model.grid import Grid, Tile
from dosel.model.provenance import digest
from dosel.stack.area import grid_of, polygons
from dosel.store import open_store
from dosel.store.interface import Store

DATABASE_FILE = "centre.gpkg"


@dataclass(frozen=True, slots=True)
class Centre:
    """An open centre; a context manager that gives the database back."""

    root: Path
    settings: Settings
    grid: Grid
    tiles: tuple[Tile, ...]
    store: Store
    area: Any
    """Polygons of the area in the grid's CRS, or None for the whole grid."""

    def __enter__(self) -> Centre:
        """Return the centre itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.store.close()

    def sensor(self, name: str) -> Sensor:
        """Return a row of the sensor table, the declared ones included."""
        return sensor(name, self.settings.sensor)

    def meta(self) -> Mapping[str, str]:
        """Return the facts about this store."""
        return {row["key"]: row["value"] for row in self.store.select("meta")}


def open_centre(directory: Path) -> Centre:
    """Open a centre; its grid must be the one that its states were made on.

    Raises
    ------
    InputError
        If settings are missing or wrong, or the grid of an existing centre was changed.
    """
    settings = load_settings(directory)
    grid = grid_of(settings.area, directory)
    area = polygons(settings.area, directory) if settings.area.file else None
    store = open_store(directory / DATABASE_FILE)
    centre = Centre(directory, settings, grid, grid.tiles(), store, area)
    _check_grid(centre)
    return centre


def _check_grid(centre: Centre) -> None:
    grid = centre.grid
    mark = digest([grid.crs, grid.resolution_m, grid.anchor, grid.window, grid.tile_px])
    known = centre.meta().get("grid")
    if known is None:
        with centre.store.transaction():
            centre.store.upsert("meta", [{"key": "grid", "value": mark}])
    elif known != mark:
        centre.store.close()
        raise InputError(
            f"{centre.root / SETTINGS_FILE}: area: the grid differs from the one this centre was made on; "
            "restore the settings or make a new centre"
        )
