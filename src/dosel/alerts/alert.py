"""An alert: a place that changed, with an identity."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from dosel.model.codes import AlertStatus
from dosel.model.marking import Marking
from dosel.model.provenance import Method


@dataclass(frozen=True, slots=True)
class Alert:
    """A group of changed pixels with an identity that lasts while it grows, merges and splits."""

    id: str
    """Derives from content: grid, first pixel and first date; never changes afterwards."""
    status: AlertStatus
    geometry: BaseGeometry
    """MultiPolygon in the grid's CRS."""
    runs: bytes
    """Its pixels as little-endian int32 triples (row, col_start, col_stop) over the whole projection."""
    area_ha: float
    """Hectares from an equal-area projection."""
    pixels: int
    changed_pixels: int
    """Pixels whose evidence crossed h2."""
    window_start: int
    """Day number of the last valid look before the onset of its first fifth (:mod:`dosel.alerts.dating`)."""
    window_end: int
    """Day number of the first look at which its first fifth had crossed h1."""
    onset: int
    """Day number at which the evidence of its first fifth left 0."""
    last_growth: int
    """Day number of the last look that added pixels."""
    updated: int
    """Day number of the last look that changed anything of it."""
    confirmed: int | None
    """Day number of the confirming look."""
    ended: int | None
    """Day number of withdrawal, merging or closing."""
    evidence: float
    """Largest running evidence among its pixels, in nats."""
    looks: int
    """Valid looks over it since the onset."""
    parents: tuple[str, ...]
    """Alerts that merged into it, and the alert it split from."""
    reason: str
    """Why it was withdrawn or where it went; empty otherwise."""
    method: Method
    streams: tuple[str, ...]
    """Streams that lent evidence."""
    baseline: str
    """``history`` or ``surroundings``: what its pixels were compared with."""
    marking: Marking = Marking.RESTRICTED
