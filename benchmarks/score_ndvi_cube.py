"""Watch a Landsat NDVI cube of 67 months with its real gaps: python -m benchmarks.score_ndvi_cube DATA.

DATA is the folder with landsat8_ndvi_monthly_250m.nc (south-western Brazilian Amazon; proof O). The ordinary
``dosel watch`` runs over the NetCDF as a folder source. The first three years, the default length of a history,
are history; 31 months are watched. Nothing is scored: there is no label with the cube. What came out is
reported, what cannot be judged is named. ``--plot-dir DIR`` draws the map.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.runs import decode
from dosel.model.codes import AlertStatus, LookStatus
from dosel.model.time import day_of, iso_day
from dosel.monitor.checkpoint import load_baseline
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.watch import WatchSummary, watch
from dosel.store.interface import Row

SETTINGS = """
[centre]
name = "ndvi-cube"
[area]
name = "ndvi-cube"
crs = "EPSG:3857"
resolution_m = 250
anchor = [-7370182, -993877]
bounds_m = [-7370182, -1096877, -7235182, -993877]
tile_px = 256
[mask]
kind = "{mask}"
[monitor]
start = 2017-06-01
[alerts]
min_area_ha = 6
[[source]]
name = "ndvi"
kind = "folder"
path = "{data}"
sensor = "landsat-ndvi-month"
pattern = "*_250m.nc"
origin = "USGS Landsat 8; tnier01"
licence = "MIT"
[[sensor]]
name = "landsat-ndvi-month"
stream = "ndvi"
unit = "1"
quantum = 0.0001
valid = [-1, 1]
resolution_m = 250
revisit_days = 31
spread = 0.06
shift = 0.3
"""
STANDING = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Found:
    """What a watch left behind."""

    summary: WatchSummary
    looks: Counter[str]
    """Looks by what became of them."""
    alerts: list[Row]
    """All alerts that were not merged into another."""
    baseline: NDArray[np.bool_]
    """(y, x) pixels with a baseline."""
    watched: NDArray[np.bool_]
    """(y, x) pixels that are watched."""
    month: NDArray[np.int64]
    """(y, x) day on which the standing alert of a pixel began, 0 without one."""


def run(data: Path, folder: Path, mask: str = "baseline") -> Found:
    """Watch the cube in a fresh centre in `folder`."""
    (folder / "dosel.toml").write_text(SETTINGS.format(data=data, mask=mask), encoding="utf-8")
    with open_centre(folder) as centre:
        summary = watch(centre)
        rows = centre.store.select("looks")
        looks = Counter(LookStatus(row["status"]).name.lower() for row in rows)
        alerts = centre.store.select("alerts", {"superseded": 0}, order_by=("id",))
        return Found(summary, looks, alerts, _with_baseline(centre), _watched(centre), _dated(centre, alerts))
