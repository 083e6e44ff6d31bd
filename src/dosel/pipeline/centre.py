"""A centre: one directory with dosel.toml, states, baselines, gridded looks and the database."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeAlias

from dosel.catalog.sensors import Sensor, sensor
from dosel.config import SETTINGS_FILE, SensorSettings, Settings, load_settings
from dosel.errors import InputError, StoreError
from dosel.model.grid import Grid, Tile
from dosel.model.provenance import digest
from dosel.stack.area import grid_of, polygons
from dosel.store import Server, has_store, open_store
from dosel.store.interface import Store

DATABASE_FILE = "centre.gpkg"
_WITH_DATABASE = ("state", "baselines", "looks")
"""Folders that mean nothing without the database."""
SENSORS_KEPT = "sensors"
"""Key of the rows of declared sensors that stored numbers rest on (:mod:`dosel.pipeline.spine.pinned`)."""


Unwatched: TypeAlias = Literal["begin", "refuse", "look"]


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
        """Return a row of the sensor table: declared, declared once and kept with the state, or built in."""
        kept = json.loads(self.meta().get(SENSORS_KEPT, "{}")).values()
        return sensor(name, (*map(SensorSettings.model_validate, kept), *self.settings.sensor))

    def meta(self) -> Mapping[str, str]:
        """Return the facts about this store."""
        return {row["key"]: row["value"] for row in self.store.select("meta")}


def open_centre(directory: Path, *, unwatched: Unwatched = "begin") -> Centre:
    """Open a centre; its grid must be the one that its states were made on.

    Parameters
    ----------
    unwatched
        What to do where there is no database yet: ``begin`` one, ``refuse``, or ``look`` and make no file.

    Raises
    ------
    InputError
        If settings are missing or wrong, the grid of a centre was changed, or nothing was watched yet.
    StoreError
        If the database is gone and what belongs to it is still there.
    """
    settings = load_settings(directory)
    grid = grid_of(settings.area, directory)
    area = polygons(settings.area, directory) if settings.area.file else None
    database = database_of(settings, directory)
    blank = not has_store(database)
    if blank:
        _check_blank(directory, database, unwatched)
    store = open_store(":memory:" if blank and unwatched == "look" else database)
    centre = Centre(directory, settings, grid, grid.tiles(), store, area)
    try:
        _check_grid(centre)
    except BaseException:
        store.close()
        raise
    return centre


def database_of(
    settings: Settings, directory: Path, environ: Mapping[str, str] | None = None
) -> Path | Server:
    """Return where the database of a centre is: the file in its directory, or a schema on a server.

    Raises
    ------
    InputError
        If the environment variable that should hold the password is not set.
    """
    told = settings.store
    if told.url is None:
        return directory / DATABASE_FILE
    password = None
    if told.password_env is not None:
        password = (os.environ if environ is None else environ).get(told.password_env)
        if not password:
            raise InputError(
                f"{directory / SETTINGS_FILE}: store.password_env: the environment variable "
                f"{told.password_env} is not set; put the password there, or leave password_env out"
            )
    return Server(told.url, told.schema_name, password)


def _check_blank(directory: Path, database: Path | Server, unwatched: Unwatched) -> None:
    left = [name for name in _WITH_DATABASE if any((directory / name).glob("*/*"))]
    if left:
        names = ", ".join(f"{name}/" for name in left)
        raise StoreError(
            f"{database}: is missing or empty, but {names} belong to it; restore it from a "
            f"backup, or move {names} away to begin anew"
        )
    if unwatched == "refuse":
        raise InputError(f"{directory}: nothing was watched yet; run `dosel watch`")


def _check_grid(centre: Centre) -> None:
    grid = centre.grid
    mark = digest([grid.crs, grid.resolution_m, grid.anchor, grid.window, grid.tile_px])
    known = centre.meta().get("grid")
    if known is None:
        with centre.store.transaction():
            centre.store.upsert("meta", [{"key": "grid", "value": mark}])
    elif known != mark:
        other = ", or name another schema under [store]" if centre.settings.store.url else ""
        raise InputError(
            f"{centre.root / SETTINGS_FILE}: area: the grid differs from the one this centre was made on; "
            f"restore the settings or make a new centre{other}"
        )
