"""Small made-up values for tests: scenes, looks, alerts. Nothing here is an observation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import shapely

from dosel.alerts.alert import Alert
from dosel.catalog.looks import group_looks
from dosel.catalog.scene import Asset, Look, SceneRef
from dosel.model.codes import AlertStatus
from dosel.model.provenance import Method, Source

CRS = "EPSG:32719"
"""CRS of the sample alerts."""

SOURCE = Source("demo", "simulated", "CC0-1.0")


def scene(name: str = "s1", day: int = 18_000, **changes: Any) -> SceneRef:
    """Return a simulated scene acquired at ten o'clock of a UTC day number."""
    acquired = datetime(1970, 1, 1, 10, tzinfo=UTC) + timedelta(days=day)
    assets = {"vv": Asset("scene.tif", band=1, nodata=-32768.0, scale=0.01, crs=CRS)}
    base = SceneRef(
        id=name,
        collection="demo",
        sensor="radar",
        geometry="descending",
        datatake=name,
        acquired=acquired,
        bbox=(-70.0, -13.0, -69.0, -12.0),
        assets=assets,
        source=SOURCE,
        granule="g",
        properties={"orbit": 12.0, "processing:baseline": "05.11"},
    )
    return replace(base, **changes)


def look(name: str = "s1", day: int = 18_000, **changes: Any) -> Look:
    """Return the look of one simulated scene."""
    return group_looks([scene(name, day, **changes)])[0]


def alert(name: str = "alert-1", col: int = 40_000, row: int = -861_000, **changes: Any) -> Alert:
    """Return an alert of 3 x 4 pixels of 10 m, whose first pixel is (row, col) of :data:`CRS`."""
    x, y = col * 10.0, -row * 10.0
    runs = np.array([(row + i, col, col + 4) for i in range(3)], dtype="<i4")
    base = Alert(
        id=name,
        status=AlertStatus.PROVISIONAL,
        geometry=shapely.MultiPolygon([shapely.box(x, y - 30.0, x + 40.0, y)]),
        runs=runs.tobytes(),
        area_ha=0.12,
        pixels=12,
        changed_pixels=5,
        window_start=17_990,
        window_end=18_002,
        onset=17_996,
        last_growth=18_002,
        updated=18_002,
        confirmed=None,
        ended=None,
        evidence=8.25,
        looks=2,
        parents=(),
        reason="",
        method=Method("cusum", "1", "ab" * 32),
        streams=("radar/descending/vv",),
        baseline="history",
    )
    return replace(base, **changes)
