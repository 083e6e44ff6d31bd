"""What the score needs of an alert: its pixels and its days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from dosel.alerts.alert import Alert
from dosel.model.codes import AlertStatus
from dosel.testing.worlds.noise import Pixels
from dosel.testing.worlds.world import World

_STANDING = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED, AlertStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Detection:
    """What the score needs of an alert: where, and when."""

    id: str
    runs: NDArray[np.int32]
    """(run, 3): row, col_start, col_stop over the whole projection."""
    window_start: int
    """Day number of the last valid look before the onset."""
    window_end: int
    """Day number of the first look above h1: the first day the alert could be known."""
    confirmed: int | None = None
    """Day number of the confirming look."""


def detection_of(alert: Alert) -> Detection:
    """Return the detection of an alert."""
    runs = np.frombuffer(alert.runs, "<i4").reshape(-1, 3).astype(np.int32)
    return Detection(alert.id, runs, alert.window_start, alert.window_end, alert.confirmed)


def standing(alerts: Iterable[Alert]) -> tuple[Detection, ...]:
    """Return the detections of the alerts that stand: neither withdrawn nor merged into another."""
    return tuple(detection_of(alert) for alert in alerts if alert.status in _STANDING)


def runs_of(world: World, polygon: BaseGeometry) -> NDArray[np.int32]:
    """Return the pixels whose centres a polygon in the world's CRS covers, as runs (run, 3)."""
    spec = world.spec
    filled = rasterize([(polygon, 1)], out_shape=spec.shape, transform=spec.grid.geobox.transform)
    edge = np.diff(np.pad(filled.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edge == 1)
    stops = np.nonzero(edge == -1)[1]
    col0, row0 = spec.origin
    return np.stack([rows + row0, starts + col0, stops + col0], axis=1).astype(np.int32)


def pixels_of(world: World, detection: Detection) -> Pixels:
    """Return the pixels of a detection inside the world as local rows and columns."""
    col0, row0 = world.spec.origin
    high, wide = world.spec.shape
    rows, cols = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for row, start, stop in np.asarray(detection.runs, np.int64):
        span = np.arange(max(start - col0, 0), min(stop - col0, wide), dtype=np.intp)
        if 0 <= row - row0 < high:
            rows.append(np.full(span.size, row - row0, np.intp))
            cols.append(span)
    return np.concatenate(rows), np.concatenate(cols)
