"""Alerts over time: a pure fold of looks into alerts that keep their identity.

At each look the pieces of the whole area meet the open alerts, pixel by pixel (:mod:`dosel.alerts.lineage`).
An alert keeps its id, and the date window it was born with, while it grows, shrinks, merges and splits. The
id derives from the grid, the first pixel, the first crossing and the look of its birth, so it is never used
for another place or date. The outcome depends on the open alerts, the pieces and the step, and on nothing
else: neither on tiles nor on the order in which anything was given.

References
----------
The evidence method, steps 7 and 8: an alert, not a pixel, is provisional, confirmed or withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.alerts.alert import Alert
from dosel.alerts.confirm import OPEN, AlertRules, believed, evidence_of, rests
from dosel.alerts.lineage import Lineage, lineage
from dosel.alerts.polygonize import Pieces, areas_ha, polygons
from dosel.alerts.runs import decode, no_runs, runs_of
from dosel.alerts.step import AlertHappening, Outcome, Step, Verdict
from dosel.errors import InputError
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.grid import Grid
from dosel.model.provenance import content_id
from dosel.model.time import iso_day

__all__ = ["AlertHappening", "Outcome", "Step", "Verdict", "identity", "track"]


def track(open_alerts: Iterable[Alert], found: Pieces, step: Step, rules: AlertRules, grid: Grid) -> Outcome:
    """Return what one look changes in the alerts of a grid.

    Parameters
    ----------
    open_alerts : iterable of Alert
        All provisional and confirmed alerts of the grid, in any order.
    found : Pieces
        The pieces of all tiles, also of those the look does not reach: an alert of which no pixel is found
        is withdrawn.
    step : Step
        The look that has just been folded into the states.
    rules : AlertRules
    grid : Grid

    Returns
    -------
    Outcome
        Alerts to store, their events, and the pixels to close.

    Raises
    ------
    InputError
        If an alert is not open or is given twice.
    """
    alerts = _checked(open_alerts)
    who = lineage(alerts, found, rules.min_pixels(grid))
    held = _hold(found, who, len(alerts))
    stirred = _stirred(alerts, who, held)
    bodies = _bodies(found, grid, held, stirred.reshaped)
    look = _Look(alerts, _births(found, grid, who, step), step, rules, grid, who, held, bodies)
    ledger = _Ledger({}, [])
    for number in stirred.born:
        _bear(look, number, ledger)
    for number in stirred.carried:
        _carry(look, number, ledger)
    _end(look, ledger)
    return _close(look, ledger)


@dataclass(frozen=True, slots=True)
class _Held:
    """Sums over the pieces of each holder."""

    order: NDArray[np.int64]
    """Pieces, holder after holder."""
    offsets: NDArray[np.int64]
    pixels: NDArray[np.int64]
    changed: NDArray[np.int64]
    seen: NDArray[np.int64]
    evidence: NDArray[np.float64]

    def pieces(self, holder: int) -> NDArray[np.int64]:
        """Return the pieces of a holder, in their order."""
        return self.order[self.offsets[holder] : self.offsets[holder + 1]]


@dataclass(frozen=True, slots=True)
class _Stirred:
    """Which holders need work."""

    born: list[int]
    carried: list[int]
    reshaped: list[int]
    """Those of both whose set of pixels is new."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything one step works with."""

    alerts: tuple[Alert, ...]
    births: tuple[dict[str, Any], ...]
    """Id, dates, looks and streams of the new alerts."""
    step: Step
    rules: AlertRules
    grid: Grid
    who: Lineage
    held: _Held
    bodies: dict[int, dict[str, Any]]

    def name(self, holder: int) -> str:
        """Return the id of a holder, old or new."""
        if holder < len(self.alerts):
            return self.alerts[holder].id
        return str(self.births[holder - len(self.alerts)]["id"])


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What has been decided so far."""

    alerts: dict[str, Alert]
    events: list[AlertHappening]

    def note(self, look: _Look, alert_id: str, event: AlertEvent, **detail: object) -> None:
        """Add an event of this step."""
        self.events.append(AlertHappening(alert_id, event, look.step.day, look.step.look_id, detail))


def _births(found: Pieces, grid: Grid, who: Lineage, step: Step) -> tuple[dict[str, Any], ...]:
    """Return id, dates, looks and streams of the new alerts.

    The id derives from the grid, the first pixel, the first crossing and the look of the birth. Only this
    look is counted; what earlier ones lent is read from their pixels (:mod:`dosel.pipeline.proof.lent`).
    """
    columns = (found.row, found.col, found.window_start, found.onset, found.window_end)
    return tuple(
        {
            "id": identity(grid, row, col, window_end, step.look_id),
            "window_start": window_start,
            "onset": onset,
            "window_end": window_end,
            "looks": 1,
            "streams": tuple(sorted(step.streams)),
        }
        for row, col, window_start, onset, window_end in np.stack(columns)[:, who.born].T.tolist()
    )


def identity(grid: Grid, row: int, col: int, window_end: int, look_id: str) -> str:
    """Return the id of an alert: its grid, first pixel, first crossing and the look of its birth."""
    place = (grid.name, grid.crs, grid.resolution_m, list(grid.anchor))
    return content_id("alert", *place, row, col, window_end, look_id)


def _checked(open_alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return the alerts sorted by id."""
    alerts = tuple(sorted(open_alerts, key=lambda alert: alert.id))
    for alert, after in pairwise(alerts):
        if alert.id == after.id:
            raise InputError(f"{alert.id}: expected every open alert once, got it twice")
    for alert in alerts:
        if alert.status not in OPEN:
            raise InputError(f"{alert.id}: expected a provisional or confirmed alert, got {alert.status!r}")
    return alerts


def _hold(found: Pieces, who: Lineage, alerts: int) -> _Held:
    """Sum the pieces of each holder."""
    holders = alerts + len(who.born)
    pieces = np.flatnonzero(who.holder >= 0)
    holder = who.holder[pieces]
    order = np.argsort(holder, kind="stable")

    def total(column: NDArray[np.int32]) -> NDArray[np.int64]:
        return np.bincount(holder, weights=column[pieces], minlength=holders).astype(np.int64)

    evidence = np.zeros(holders)
    np.maximum.at(evidence, holder, found.evidence[pieces])
    offsets = np.concatenate([[0], np.cumsum(np.bincount(holder, minlength=holders))])
    return _Held(
        pieces[order], offsets, total(found.pixels), total(found.changed), total(found.seen), evidence
    )


def _stirred(alerts: tuple[Alert, ...], who: Lineage, held: _Held) -> _Stirred:
    """Find the holders of which this look changed anything."""
    count = len(alerts)
    known = np.array([(a.pixels, a.changed_pixels, a.evidence) for a in alerts]).reshape(-1, 3)
    alive = who.heir == np.arange(count)
    reshaped = (held.pixels[:count] != known[:, 0]) | (who.kept != known[:, 0])
    other = (held.changed[:count] != known[:, 1]) | (held.evidence[:count] != known[:, 2])
    carried = np.flatnonzero(alive & (reshaped | other | (held.seen[:count] > 0)))
    born = list(range(count, count + len(who.born)))
    return _Stirred(born, carried.tolist(), np.flatnonzero(alive & reshaped).tolist() + born)


def _bodies(found: Pieces, grid: Grid, held: _Held, holders: list[int]) -> dict[int, dict[str, Any]]:
    """Return geometry, runs and area of holders, as fields of an alert."""
    if not holders:
        return {}
    every = np.concatenate([held.pieces(holder) for holder in holders])
    counts = np.diff(held.offsets)[holders]
    first = np.cumsum(counts) - counts
    shapes, area_ha = polygons(found, grid, every), np.add.reduceat(areas_ha(found, grid, every), first)
    runs = _runs_of_groups(found, every, counts)
    return {
        holder: {
            "geometry": shapes[at] if count == 1 else _united(shapes[at : at + count]),
            "runs": own,
            "area_ha": area,
        }
        for holder, at, count, own, area in zip(
            holders, first.tolist(), counts.tolist(), runs, area_ha.tolist(), strict=True
        )
    }


def _united(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Return the polygons of several pieces as one MultiPolygon."""
    return shapely.MultiPolygon(list(shapely.get_parts(shapes)))


def _runs_of_groups(found: Pieces, which: NDArray[np.int64], counts: NDArray[np.int64]) -> list[bytes]:
    """Return the stored form of the runs of groups of pieces: so many pieces of `which` in each."""
    at, runs = found.runs_of(which)
    group = np.repeat(np.repeat(np.arange(len(counts)), counts), runs)
    stored = found.runs.triples[at[np.lexsort((at, group))]].astype("<i4").tobytes()
    stops = (12 * np.cumsum(np.bincount(group, minlength=len(counts)))).tolist()
    return [stored[start:stop] for start, stop in zip([0, *stops[:-1]], stops, strict=True)]


def _sums(look: _Look, holder: int) -> dict[str, Any]:
    """Return the counted fields of an alert."""
    held = look.held
    return {
        "pixels": int(held.pixels[holder]),
        "changed_pixels": int(held.changed[holder]),
        "evidence": float(held.evidence[holder]),
        "updated": look.step.day,
    }


def _bear(look: _Look, holder: int, ledger: _Ledger) -> None:
    """Add a new alert."""
    step, birth = look.step, look.births[holder - len(look.alerts)]
    sums = _sums(look, holder)
    sure = believed(AlertStatus.PROVISIONAL, sums["changed_pixels"], (), look.rules.confirm_pixels(look.grid))
    alert = Alert(
        status=AlertStatus.CONFIRMED if sure else AlertStatus.PROVISIONAL,
        last_growth=step.day,
        confirmed=step.day if sure else None,
        ended=None,
        parents=_donors(look, holder),
        reason="",
        method=step.method,
        baseline=step.baseline,
        marking=step.marking,
        **birth,
        **look.bodies[holder],
        **sums,
    )
    ledger.alerts[alert.id] = alert
    ledger.note(look, alert.id, AlertEvent.NEW, **_size(alert), parents=list(alert.parents))
    if sure:
        ledger.note(look, alert.id, AlertEvent.CONFIRMED, **_size(alert))


def _carry(look: _Look, holder: int, ledger: _Ledger) -> None:
    """Update an alert that lives on."""
    old, step, held = look.alerts[holder], look.step, look.held
    merged = [look.alerts[i] for i in look.who.merged.get(holder, ())]
    kept = int(look.who.kept[holder])
    seen = bool(held.seen[holder] or look.who.active[holder] < old.pixels)
    added = int(held.pixels[holder]) - kept
    sums = _sums(look, holder)
    sure = believed(old.status, sums["changed_pixels"], merged, look.rules.confirm_pixels(look.grid))
    newly = sure and old.status is not AlertStatus.CONFIRMED
    relatives = {alert.id for alert in merged} | set(_donors(look, holder))
    alert = replace(
        old,
        status=AlertStatus.CONFIRMED if sure else AlertStatus.PROVISIONAL,
        confirmed=step.day if newly else old.confirmed,
        last_growth=step.day if added else old.last_growth,
        looks=old.looks + seen,
        streams=tuple(sorted({*old.streams, *step.streams})) if seen else old.streams,
        parents=old.parents + tuple(sorted(relatives - set(old.parents))),
        **look.bodies.get(holder, {}),
        **sums,
    )
    ledger.alerts[alert.id] = alert
    _note_size(look, old, alert, added, [one.id for one in merged], ledger)
    if newly:
        ledger.note(look, alert.id, AlertEvent.CONFIRMED, **_size(alert))


def _note_size(look: _Look, old: Alert, alert: Alert, added: int, merged: list[str], ledger: _Ledger) -> None:
    """Note that an alert grew or shrank."""
    if alert.pixels == old.pixels and not merged:
        return
    event = AlertEvent.GROWN if alert.pixels >= old.pixels else AlertEvent.SHRUNK
    lost = old.pixels + added - alert.pixels
    ledger.note(look, alert.id, event, **_size(alert), added=added, lost=lost, merged=merged)


def _end(look: _Look, ledger: _Ledger) -> None:
    """Note the alerts that handed pixels on, merged into others, or returned to intact."""
    for number, holder, pixels in look.who.handed:
        giver = look.alerts[number]
        ledger.note(look, giver.id, AlertEvent.SPLIT, into=look.name(holder), pixels=pixels)
    for survivor, merged in look.who.merged.items():
        for number in merged:
            into = look.alerts[survivor].id
            alert = _ended(look, number, AlertStatus.MERGED, f"grew together with {into}")
            ledger.alerts[alert.id] = alert
            ledger.note(look, alert.id, AlertEvent.MERGED, into=into, **evidence_of(look.alerts[number]))
    reason = f"all its pixels returned to intact forest on {iso_day(look.step.day)} ({look.step.look_id})"
    for number in np.flatnonzero(look.who.heir < 0).tolist():
        alert = _ended(look, number, AlertStatus.WITHDRAWN, reason)
        alert = replace(alert, looks=alert.looks + 1)
        ledger.alerts[alert.id] = alert
        detail = {**evidence_of(look.alerts[number]), "intact_streams": list(look.step.streams)}
        ledger.note(look, alert.id, AlertEvent.WITHDRAWN, **detail)


def _ended(look: _Look, number: int, status: AlertStatus, reason: str) -> Alert:
    """Return an alert that ends at this step, with the pixels it last had."""
    day = look.step.day
    return replace(look.alerts[number], status=status, ended=day, updated=day, reason=reason)


def _close(look: _Look, ledger: _Ledger) -> Outcome:
    """Close what has not grown for long, and return everything that changed."""
    day, runs = look.step.day, []
    for number in np.flatnonzero(look.who.heir == np.arange(len(look.alerts))).tolist():
        alert = ledger.alerts.get(look.alerts[number].id, look.alerts[number])
        if not rests(alert, day, look.rules):
            continue
        ledger.alerts[alert.id] = replace(alert, status=AlertStatus.CLOSED, ended=day, updated=day)
        ledger.note(look, alert.id, AlertEvent.CLOSED, **_size(alert), last_growth=alert.last_growth)
        runs.append(decode(alert.runs))
    upserts = tuple(ledger.alerts[key] for key in sorted(ledger.alerts))
    events = sorted(ledger.events, key=lambda event: (event.alert_id, event.event, str(event.detail)))
    return Outcome(
        upserts=upserts,
        events=tuple(events),
        reshaped=frozenset(look.name(holder) for holder in look.bodies),
        close=runs_of(np.concatenate(runs)) if runs else no_runs(),
    )


def _donors(look: _Look, holder: int) -> tuple[str, ...]:
    """Return the alerts whose pixels a holder took over, beside those that merged into it."""
    return tuple(sorted(look.alerts[giver].id for giver in look.who.donors.get(holder, ())))


def _size(alert: Alert) -> dict[str, Any]:
    """Return the size of an alert, for an event."""
    return {
        "pixels": alert.pixels,
        "changed_pixels": alert.changed_pixels,
        "area_ha": round(alert.area_ha, 4),
    }
