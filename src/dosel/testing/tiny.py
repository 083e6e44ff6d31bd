"""The smallest centre that learns, finds a clearing and confirms it: material for tests of faults and kills.

One band of simulated radar in dB over 48 x 48 pixels on six tiles, watched in two or three seconds. Nothing
here is an observation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from dosel.alerts.table import alerts_hash
from dosel.catalog.register import register_items, write_catalogue
from dosel.catalog.sensors import sensor
from dosel.config import SETTINGS_FILE, parse_settings
from dosel.model.provenance import digest
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import open_centre

SIDE: Final = 48
"""Rows and columns of the grid."""

START: Final = date(2024, 1, 1)
"""First monitored day."""

HISTORY: Final = tuple(START - timedelta(days=12 * back) for back in range(6, 0, -1))
MONITORED: Final = tuple(START + timedelta(days=12 * step + 3) for step in range(8))
CLEARED: Final = MONITORED[2]
"""Day from which the clearing is there."""

_SETTINGS: Final = """
[centre]
language = "en"
[area]
name = "tiny (simulated)"
crs = "EPSG:32719"
resolution_m = 10
bounds_m = [480000, 8599520, 480480, 8600000]
tile_px = 24
[mask]
kind = "all"
[monitor]
start = {start}
min_history_looks = 3
[resources]
workers = {workers}
[[source]]
name = "tiny"
sensor = "tiny-vv"
origin = "simulated by Dosel"
licence = "CC0-1.0"
{source}
[[sensor]]
name = "tiny-vv"
kind = "radar"
stream = "tiny-vv"
unit = "dB"
quantum = 0.01
valid = [-40, 20]
resolution_m = 10
revisit_days = 12
spread = 0.6
shift = 3.0
"""

FOLDER: Final = 'kind = "folder"\npath = "scenes"\npattern = "{date}.tif"'
CATALOGUE: Final = 'kind = "stac"\npath = "stac/collection.json"'


def picture(day: date) -> NDArray[np.float32]:
    """Return (y, x) dB of a day: forest with speckle, and a clearing from :data:`CLEARED` on."""
    noise = np.random.default_rng(day.toordinal()).normal(0.0, 0.5, (SIDE, SIDE))
    level = np.full((SIDE, SIDE), -8.0)
    if day >= CLEARED:
        level[14:32, 16:34] -= 4.0  # over four tiles
    return (level + noise).astype(np.float32)


def write_scene(folder: Path, day: date, values: NDArray[np.float32] | None = None, **profile: Any) -> Path:
    """Write the scene of a day as a tiled GeoTIFF, by default its own picture."""
    defaults = {
        "driver": "GTiff",
        "height": SIDE,
        "width": SIDE,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:32719",
        "transform": from_origin(480_000.0, 8_600_000.0, 10.0, 10.0),
        "nodata": -9999.0,
        "tiled": True,
        "blockxsize": SIDE,
        "blockysize": SIDE,
    }
    path = folder / "scenes" / f"{day.isoformat()}.tif"
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **{**defaults, **profile}) as raster:
        raster.write(picture(day) if values is None else values, 1)
    return path


def write_settings(folder: Path, source: str = FOLDER, *, workers: int = 2) -> Path:
    """Write ``dosel.toml`` with a source as it stands there; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SETTINGS_FILE
    path.write_text(
        _SETTINGS.format(start=START.isoformat(), source=source, workers=workers), encoding="utf-8"
    )
    return path


def write_tiny(folder: Path, days: Sequence[date] = HISTORY + MONITORED, *, stac: bool = False) -> Path:
    """Write a whole centre before its first run, with its scenes; return its folder.

    With `stac` the scenes stand in a static catalogue too (``stac/collection.json``), which is the source.
    """
    for day in days:
        write_scene(folder, day)
    settings = parse_settings(write_settings(folder).read_text(encoding="utf-8"))
    if stac:
        row = sensor("tiny-vv", settings.sensor)
        source = settings.source[0]
        write_catalogue(register_items(source, row, centre=folder), source, row, folder, folder / "stac")
        write_settings(folder, CATALOGUE)
    return folder


def canonical(folder: Path) -> str:
    """Return the canonical hash of a centre: every state, read anew from the disk, and the alerts."""
    with open_centre(folder) as centre:
        rows = centre.store.select("tiles")
        states = [[row["tile_id"], load_state(folder / row["file"], verify=True)[0].hash()] for row in rows]
        return digest([states, alerts_hash(centre.store)])
