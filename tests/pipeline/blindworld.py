"""A centre of 4 x 4 km at 100 m, watched by one radar and one optical stream, with holes where we want them.

Its cells are cut at the edges of the grid, so they differ in size. Everything is simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

SIDE = 40
"""Rows and columns of the grid, of 100 m."""
WEST, NORTH = 480_300.0, 8_599_600.0
"""The first cell column has 7 pixels, the first row 6, the last ones 3 and 4."""
START = date(2024, 1, 1)
RADAR = tuple(START + timedelta(days=12 * step) for step in range(-5, 8))
OPTICAL = tuple(START + timedelta(days=5 * step + 2) for step in range(-8, 17))
LAST = START + timedelta(days=84)

Hole = Callable[[str, date], np.ndarray]

_SETTINGS = f"""
[centre]
language = "en"
[area]
name = "blind (simulated)"
crs = "EPSG:32719"
resolution_m = 100
bounds_m = [{WEST}, {NORTH - SIDE * 100}, {WEST + SIDE * 100}, {NORTH}]
tile_px = {{tile_px}}
[mask]
kind = "all"
[monitor]
start = 2024-01-01
min_history_looks = 3
[alerts]
min_area_ha = 2.0
h1_nats = 4.0
h2_nats = 6.0
"""
_SENSOR = """
[[source]]
name = "{kind}"
sensor = "sim-{kind}"
origin = "simulated by Dosel"
licence = "CC0-1.0"
kind = "folder"
path = "{kind}"
pattern = "{{date}}.tif"
[[sensor]]
name = "sim-{kind}"
kind = "{kind}"
stream = "sim-{kind}"
unit = "{unit}"
quantum = {quantum}
valid = [{low}, {high}]
resolution_m = 100
revisit_days = {revisit}
spread = {spread}
shift = {shift}
"""


def nothing(_kind: str, _day: date) -> np.ndarray:
    """No hole."""
    return np.zeros((SIDE, SIDE), bool)


def write_blindworld(
    folder: Path, hole: Hole = nothing, *, radar_from_col: int = 0, tile_px: int = 24, until: date = LAST
) -> Path:
    """Write scenes and settings; `hole` says which pixels (y, x) a look of a kind and day does not see."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "radar": {
            "unit": "dB",
            "quantum": 0.01,
            "low": -40,
            "high": 20,
            "revisit": 12,
            "spread": 0.6,
            "shift": 3.0,
        },
        "optical": {
            "unit": "1",
            "quantum": 0.0001,
            "low": -1,
            "high": 1,
            "revisit": 5,
            "spread": 0.05,
            "shift": 0.4,
        },
    }
    text = _SETTINGS.format(tile_px=tile_px)
    text += "".join(_SENSOR.format(kind=kind, **row) for kind, row in rows.items())
    (folder / "dosel.toml").write_text(text, encoding="utf-8")
    for kind, days, level in (("radar", RADAR, -8.0), ("optical", OPTICAL, 0.7)):
        for day in (one for one in days if one <= until):
            noise = np.random.default_rng(day.toordinal()).normal(0.0, 1.0, (SIDE, SIDE))
            values = np.where(hole(kind, day), -9999.0, level + rows[kind]["spread"] * 0.7 * noise)
            _write(folder / kind / f"{day}.tif", values[:, radar_from_col if kind == "radar" else 0 :])
    return folder


def _write(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    west = WEST + 100.0 * (SIDE - values.shape[1])
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:32719", "nodata": -9999.0}
    shape = {"height": values.shape[0], "width": values.shape[1]}
    with rasterio.open(
        path, "w", transform=from_origin(west, NORTH, 100.0, 100.0), **profile, **shape
    ) as out:
        out.write(values.astype(np.float32), 1)
