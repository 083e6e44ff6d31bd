"""What goes into one step of tracking, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dosel.alerts.alert import Alert
from dosel.alerts.runs import PixelRuns, no_runs
from dosel.model.codes import AlertEvent
from dosel.model.marking import Marking
from dosel.model.provenance import Method


@dataclass(frozen=True, slots=True)
class Step:
    """One look that has been folded into the pixel states."""

    look_id: str
    day: int
    """UTC day number of the look."""
    streams: tuple[str, ...]
    """Streams of the look."""
    method: Method
    baseline: str
    """``history`` or ``surroundings``: what the pixels of new alerts were compared with."""
    marking: Marking = Marking.RESTRICTED
    """Marking of new alerts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A named person's judgement that an alert is wrong."""

    alert_id: str
    person: str
    day: int
    """UTC day number of the judgement."""
    reason: str


@dataclass(frozen=True, slots=True)
class AlertHappening:
    """One thing that happened to one alert: a row of the append-only event table."""

    alert_id: str
    event: AlertEvent
    day: int
    """UTC day number of the look, or of the verdict."""
    look_id: str
    """Look that made it happen; empty for a verdict."""
    detail: Mapping[str, Any]
    """JSON-like."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step or a verdict changes, in one commit."""

    upserts: tuple[Alert, ...] = ()
    """New and changed alerts, sorted by id."""
    events: tuple[AlertHappening, ...] = ()
    """Sorted by (alert, event)."""
    reshaped: frozenset[str] = frozenset()
    """Those of `upserts` that are new or have other pixels than before; of the rest the geometry is known."""
    close: PixelRuns = field(default_factory=no_runs)
    """Pixels to set to CLOSED in the states (:func:`dosel.alerts.runs.close_pixels`)."""
    rearm: PixelRuns = field(default_factory=no_runs)
    """Pixels whose evidence goes back to 0 (:func:`dosel.alerts.runs.rearm_pixels`)."""
