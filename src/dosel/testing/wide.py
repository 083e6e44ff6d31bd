"""A centre over a simulated area of any size, cheap to make: for the bound of the memory (proof: S).

Forest is noise about a level; a clearing of 40 pixels a side appears in every tile of 512 during the watch.
The rasters are loose, one band, in dB.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window

from dosel.config import SETTINGS_FILE
from dosel.model.time import day_of, iso_day

_BLOCK = 512
_START = "2024-06-01"
_STEP_DAYS = 12


@dataclass(frozen=True, slots=True)
class WideSpec:
    """Size and settings of the centre."""

    side_px: int
    tile_px: int = 512
    memory_mb: int = 256
    workers: int = 2
    history: int = 4
    looks: int = 3


def write_wide(folder: Path, spec: WideSpec) -> Path:
    """Write scenes and settings; return the centre's directory."""
    (folder / "scenes").mkdir(parents=True)
    first = day_of(_START) - spec.history * _STEP_DAYS
    for number in range(spec.history + spec.looks):
        name = f"{iso_day(first + number * _STEP_DAYS)}.tif"
        _write_scene(folder / "scenes" / name, spec, number, cleared=number > spec.history)
    (folder / SETTINGS_FILE).write_text(_settings(spec), encoding="utf-8")
    return folder


def _write_scene(path: Path, spec: WideSpec, number: int, *, cleared: bool) -> None:
    profile = {
        "driver": "GTiff", "count": 1, "dtype": "int16", "height": spec.side_px, "width": spec.side_px,
        "crs": "EPSG:32719", "transform": from_origin(400_000.0, 8_700_000.0, 10.0, 10.0), "nodata": -32768,
        "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "lzw",
    }  # fmt: skip
    block = _block(number, cleared=cleared)
    with rasterio.open(path, "w", **profile) as out:
        for row in range(0, spec.side_px, _BLOCK):
            for col in range(0, spec.side_px, _BLOCK):
                size = min(_BLOCK, spec.side_px - row), min(_BLOCK, spec.side_px - col)
                out.write(block[: size[0], : size[1]], 1, window=Window(col, row, size[1], size[0]))


def _block(number: int, *, cleared: bool) -> NDArray[np.int16]:
    values = np.random.default_rng(number).normal(-800.0, 60.0, (_BLOCK, _BLOCK))
    if cleared:
        values[100:140, 200:240] -= 600.0
    return values.astype(np.int16)


def _settings(spec: WideSpec) -> str:
    bottom, right = 8_700_000.0 - 10.0 * spec.side_px, 400_000.0 + 10.0 * spec.side_px
    return f"""
[centre]
name = "wide (simulated)"

[area]
name = "simulated"
crs = "EPSG:32719"
resolution_m = 10.0
bounds_m = [400000.0, {bottom}, {right}, 8700000.0]
anchor = [400000.0, 8700000.0]
tile_px = {spec.tile_px}

[mask]
kind = "all"

[monitor]
start = {_START}
min_history_looks = 3

[resources]
memory_mb = {spec.memory_mb}
workers = {spec.workers}

[[source]]
name = "wide"
kind = "folder"
path = "scenes"
pattern = "{{date}}.tif"
sensor = "wide"
origin = "simulated by Dosel"
licence = "CC0-1.0"

[[sensor]]
name = "wide"
kind = "radar"
stream = "wide-vh"
unit = "dB"
quantum = 0.01
scale = 0.01
valid = [-40.0, 10.0]
resolution_m = 10.0
revisit_days = 12
spread = 0.6
shift = 2.0
"""
