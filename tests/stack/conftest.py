"""Small rasters and looks made for the tests of the stack."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Transformer

from dosel.catalog.scene import Asset, Look, SceneRef
from dosel.catalog.sensors import Sensor, StreamSpec, sensor
from dosel.model.grid import Grid
from dosel.model.provenance import Source

CRS = "EPSG:32719"
LEFT, TOP = 400_000.0, 8_600_000.0


def grid_over(rows: int = 96, cols: int = 80, tile_px: int = 32, resolution_m: float = 10.0) -> Grid:
    bounds = (LEFT, TOP - rows * resolution_m, LEFT + cols * resolution_m, TOP)
    return Grid.over("t", CRS, resolution_m, bounds, anchor=(LEFT, TOP), tile_px=tile_px)


def write(
    path: Path,
    values: np.ndarray,
    *,
    crs: str | None = CRS,
    transform: Affine | None = None,
    nodata: float | None = None,
    **profile: Any,
) -> Asset:
    """Write (y, x) as a GeoTIFF whose first pixel is the first of the grid unless said otherwise."""
    place = transform or Affine(10, 0, LEFT, 0, -10, TOP)
    options = {"driver": "GTiff", "count": 1, "dtype": values.dtype, "crs": crs, "nodata": nodata} | profile
    with rasterio.open(
        path, "w", height=values.shape[0], width=values.shape[1], transform=place, **options
    ) as out:
        out.write(values, 1)
    return Asset(str(path))


def bbox_of(path: str) -> tuple[float, float, float, float]:
    with rasterio.open(path) as source:
        to_degrees = Transformer.from_crs(source.crs, "EPSG:4326", always_xy=True)
        left, bottom, right, top = source.bounds
        west, south, east, north = to_degrees.transform_bounds(
            left, min(bottom, top), right, max(bottom, top)
        )
        return west, south, east, north


def index_sensor(**changes: Any) -> Sensor:
    """A declared product of one band, an index."""
    row = replace(
        sensor("sentinel-1-rtc-db"),
        name="ndvi",
        kind="optical",
        bands=(),
        streams=(StreamSpec("ndvi", ("value",), "1", -1, 0.0001, (-1.0, 1.0), 0.05, 0.3, 0.075, "sky"),),
        geometries=("any",),
    )
    return replace(row, **changes)


def look_of(
    row: Sensor,
    scenes: Sequence[dict[str, Asset]],
    geometry: str = "any",
    boxes: Sequence[tuple[float, float, float, float]] = (),
) -> Look:
    """A look of scenes given by their assets; boxes come from the first raster unless given."""
    when = datetime(2024, 5, 1, 10, tzinfo=UTC)
    refs = tuple(
        SceneRef(
            f"scene-{k}",
            "c",
            row.name,
            geometry,
            "t1",
            when,
            boxes[k] if boxes else bbox_of(next(iter(assets.values())).href),
            assets,
            Source("s", "o", "l"),
            granule=str(k),
        )
        for k, assets in enumerate(scenes)
    )
    return Look(f"{row.name}/{geometry}/19844/t1", row.name, geometry, when, 19844, refs)


@pytest.fixture
def made() -> ModuleType:
    """The functions of this file."""
    return sys.modules[__name__]


@pytest.fixture
def series() -> Path:
    """Real time series beside the repository."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("DOSEL_SHARED_DATA", beside)) / "timeseries"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: the real series are kept beside the repository, not in it")
    return folder
