"""Small loose rasters and the settings that read them: material for tests of the catalogue."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import from_origin

from dosel.catalog.search import Window
from dosel.catalog.sensors import Sensor, declared_sensor
from dosel.config import SensorSettings, SourceSettings
from dosel.model.time import day_of, parse_instant

NOW = parse_instant("2024-12-31T00:00:00Z")
"""The present of these tests."""

EVERYWHERE = Window((-180.0, -90.0, 180.0, 90.0), day_of("2000-01-01"), day_of("2024-12-31"))
"""Window over all of them."""


def write_raster(path: Path, *, value: float = -8.0, bands: int = 1, **profile: Any) -> Path:
    """Write a float raster of 8 x 6 pixels of 10 m near Puerto Maldonado."""
    defaults = {
        "driver": "GTiff",
        "height": 6,
        "width": 8,
        "count": bands,
        "dtype": "float32",
        "crs": "EPSG:32719",
        "transform": from_origin(480_000.0, 8_600_000.0, 10.0, 10.0),
        "nodata": -9999.0,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **{**defaults, **profile}) as raster:
        raster.write(np.full((bands, 6, 8), value, dtype=np.float32))
    return path


def declared(**changes: Any) -> Sensor:
    """Return the row of a declared single-band product in dB."""
    plain: dict[str, Any] = {
        "name": "product",
        "stream": "vv",
        "unit": "dB",
        "quantum": 0.01,
        "valid": (-40.0, 20.0),
        "resolution_m": 10.0,
        "revisit_days": 12.0,
        "spread": 1.0,
        "shift": 3.0,
    }
    return declared_sensor(SensorSettings(**{**plain, **changes}))


def folder_source(path: Path, pattern: str | None = "{date}.tif", **changes: Any) -> SourceSettings:
    """Return the settings of a folder of loose files."""
    plain = {"name": "loose", "kind": "folder", "sensor": "product", "path": path, "pattern": pattern}
    return SourceSettings.model_validate({**plain, **changes})
