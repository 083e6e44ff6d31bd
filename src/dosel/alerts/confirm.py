"""When a group of pixels is an alert, and what it takes to believe, to withdraw and to close it.

- **Provisional**: candidate and changed pixels of one piece reach `min_area_ha`.
- **Confirmed**: its changed pixels (evidence crossed h2) reach `confirm_area_ha`. An alert into which a
  confirmed one has merged is confirmed.
- **Withdrawn**: every one of its pixels returned to intact, which takes evidence of intact forest at each of
  them; or a named person's verdict, which also re-arms its pixels. An alert that merely shrinks below the
  minimum stays what it is: what has been believed is not given up for less than evidence against all of it.
- **Closed**: confirmed, and no pixel was added for `close_days`. Its pixels rest until a new baseline.

Sizes are compared in whole pixels of nominal size, so that a rule means the same number of pixels everywhere.

Examples
--------
>>> from dosel.model.grid import Grid
>>> grid = Grid("demo", "EPSG:32719", 30.0, (0.0, 0.0), (0, 0, 9, 9))
>>> AlertRules(min_area_ha=0.25).min_pixels(grid)
3
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dosel.alerts.alert import Alert
from dosel.alerts.runs import decode, no_runs, runs_of
from dosel.alerts.step import AlertHappening, Outcome, Verdict
from dosel.errors import InputError
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.grid import Grid

OPEN: Final = frozenset({AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED})
"""Statuses of alerts that are still tracked."""


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Sizes and times of the rule above.

    Raises
    ------
    InputError
        If a size is not above 0 or `close_days` is below 1.
    """

    min_area_ha: float = 0.25
    """Smallest group of candidate and changed pixels that becomes an alert."""
    confirm_area_ha: float | None = None
    """Smallest area of changed pixels that confirms it; None: `min_area_ha`."""
    close_days: int = 365
    """A confirmed alert to which no pixel was added for so many days is closed."""

    def __post_init__(self) -> None:
        for name, area in (("min_area_ha", self.min_area_ha), ("confirm_area_ha", self.confirm_area_ha)):
            if area is not None and not area > 0:
                raise InputError(f"alerts.{name}: expected a number above 0, got {area}")
        if self.close_days < 1:
            raise InputError(f"alerts.close_days: expected at least 1, got {self.close_days}")

    def min_pixels(self, grid: Grid) -> int:
        """Return how many pixels make an alert."""
        return _whole_pixels(self.min_area_ha, grid)

    def confirm_pixels(self, grid: Grid) -> int:
        """Return how many changed pixels confirm one."""
        area_ha = self.min_area_ha if self.confirm_area_ha is None else self.confirm_area_ha
        return _whole_pixels(area_ha, grid)


def believed(before: AlertStatus, changed_pixels: int, merged: Iterable[Alert], confirm_pixels: int) -> bool:
    """Return whether an open alert is confirmed, given its status before and the alerts merged into it."""
    return (
        before is AlertStatus.CONFIRMED
        or changed_pixels >= confirm_pixels
        or any(alert.status is AlertStatus.CONFIRMED for alert in merged)
    )


def rests(alert: Alert, day: int, rules: AlertRules) -> bool:
    """Return whether an alert is to be closed on this day."""
    return alert.status is AlertStatus.CONFIRMED and day - alert.last_growth >= rules.close_days


def reject(open_alerts: Mapping[str, Alert], verdicts: Iterable[Verdict]) -> Outcome:
    """Withdraw alerts that a person found wrong, and re-arm their pixels.

    Apply it between two steps: write ``rearm`` to the states before the next look is folded in.

    Raises
    ------
    InputError
        If a verdict names nobody, or an alert that is not open.
    """
    gone, events, runs = {}, [], []
    for verdict in verdicts:
        alert = open_alerts.get(verdict.alert_id)
        if alert is None or alert.id in gone or alert.status not in OPEN:
            raise InputError(
                f"verdict on {verdict.alert_id}: expected an open alert, and there is none of this id; "
                "see which alert it was merged into with `dosel alerts`"
            )
        if not verdict.person.strip():
            raise InputError(f"verdict on {alert.id}: expected the name of a person, got none")
        gone[alert.id] = replace(
            alert,
            status=AlertStatus.WITHDRAWN,
            ended=verdict.day,
            updated=verdict.day,
            reason=f"verdict of {verdict.person}: {verdict.reason}",
        )
        detail = {"person": verdict.person, "reason": verdict.reason, **evidence_of(alert)}
        events.append(AlertHappening(alert.id, AlertEvent.WITHDRAWN, verdict.day, "", detail))
        runs.append(decode(alert.runs))
    rearm = runs_of(np.concatenate(runs)) if runs else no_runs()
    upserts = tuple(gone[key] for key in sorted(gone))
    return Outcome(upserts, tuple(sorted(events, key=lambda event: event.alert_id)), rearm=rearm)


def evidence_of(alert: Alert) -> dict[str, object]:
    """Return what an alert stood on, to be kept in the event that ends it."""
    return {
        "status": alert.status.name,
        "pixels": alert.pixels,
        "changed_pixels": alert.changed_pixels,
        "area_ha": round(alert.area_ha, 4),
        "evidence_nats": alert.evidence,
        "looks": alert.looks,
        "streams": list(alert.streams),
    }


def _whole_pixels(area_ha: float, grid: Grid) -> int:
    return max(1, math.ceil(area_ha / grid.pixel_ha - 1e-9))
