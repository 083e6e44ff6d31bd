"""Airstrips in the store: lists of others, what people record, what may be activity at a destroyed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pyproj import Geod

from dosel.alerts.airstrip import DESTROYED, FOUND, NEXT, Life, StripEvent, life_of
from dosel.errors import InputError
from dosel.model.marking import Marking
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre
from dosel.share.policy import visible
from dosel.store.interface import Bbox, Between, Row, Store

NEAR_M: Final = 1_500.0
"""An alert this near a destroyed strip may be activity there: a runway is about a kilometre long."""

_GEOD: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An alert near a destroyed strip and after its destruction; a person decides what it is."""

    strip_id: str
    alert_id: str
    day: int
    metres: float


@dataclass(frozen=True, slots=True)
class StripList:
    """Strips, and what is proposed of them."""

    rows: tuple[Row, ...]
    proposals: tuple[Proposal, ...]


def found_events(strips: Sequence[Row], source: str, import_id: str) -> list[Row]:
    """Return the first event of imported strips; a list that gives a year only leaves the day open."""
    return [
        _row(
            strip["id"],
            StripEvent(FOUND, strip["first_day"], source, ""),
            {"import": import_id}
            | {key: strip["details"][key] for key in ("year",) if key in strip["details"]},
        )
        for strip in strips
    ]


def list_airstrips(centre: Centre, *, state: str = "", bbox: Bbox | None = None) -> StripList:
    """Return airstrips by id, and alerts that may be activity at destroyed ones.

    Raises
    ------
    InputError
        If there is no such state.
    """
    states = [word for word in NEXT if word]
    if state and state not in states:
        raise InputError(f"--state: expected one of {', '.join(states)}, got {state!r}")
    where: dict[str, object] = {"marking": Between(None, int(Marking.RESTRICTED))}
    rows = centre.store.select("airstrips", where | ({"state": state} if state else {}), bbox=bbox)
    return StripList(tuple(rows), tuple(proposals(centre.store, rows)))


def proposals(store: Store, strips: Sequence[Row]) -> list[Proposal]:
    """Return what may be activity at destroyed strips, the nearest first; nothing is decided by it."""
    found = []
    for strip in strips:
        if strip["state"] == DESTROYED:
            found += _near(store, strip)
    return sorted(found, key=lambda one: (one.strip_id, one.metres, one.alert_id))


def _near(store: Store, strip: Row) -> list[Proposal]:
    x, y = strip["geometry"].x, strip["geometry"].y
    high = NEAR_M / 110_574
    box = (x - 2 * high, y - high, x + 2 * high, y + high)
    later = {"superseded": 0, "window_end": Between(strip["state_day"] + 1)}
    found = []
    for row in visible(store, store.select("alerts", later, bbox=box)):
        middle = row["geometry"].centroid
        metres = _GEOD.inv(x, y, middle.x, middle.y)[2]
        if metres <= NEAR_M:
            found.append(Proposal(strip["id"], row["id"], row["window_end"], round(metres, 1)))
    return found


def record(
    centre: Centre, strip_id: str, state: str, day: int, *, by: str, reason: str, today: int, dry_run: bool
) -> Life:
    """Record what happened to a strip; return where it stands then.

    Raises
    ------
    InputError
        If nobody is named, there is no such strip, the day lies in the future, or it cannot follow.
    """
    if not by.strip():
        raise InputError("--by: expected the name of the person who records it")
    if day > today:
        raise InputError(f"--{state}: the day lies in the future")
    open_ = {"id": strip_id, "marking": Between(None, int(Marking.RESTRICTED))}
    strips = centre.store.select("airstrips", open_)
    if not strips:
        raise InputError(f"{strip_id}: there is no such airstrip; `dosel airstrips` lists them")
    event = StripEvent(state, day, "centre", by.strip())
    life = life_of(_events(centre.store, strip_id)).after(event)
    if not dry_run:
        with centre.store.transaction():
            centre.store.insert("airstrip_events", [_row(strip_id, event, {"reason": reason.strip()})])
            centre.store.upsert("airstrips", [strips[0] | {"state": life.state, "state_day": life.day}])
    return life


def _events(store: Store, strip_id: str) -> list[StripEvent]:
    return [_event(row) for row in store.select("airstrip_events", {"airstrip_id": strip_id})]


def _event(row: Row) -> StripEvent:
    year = row["detail"].get("year")
    least = None if year is None else day_of(date(year, 1, 1))
    return StripEvent(row["event"], row["day"], row["source"], row["person"], least)


def _row(strip_id: str, event: StripEvent, detail: dict[str, Any]) -> Row:
    return {
        "airstrip_id": strip_id,
        "event": event.event,
        "day": event.day,
        "source": event.source,
        "person": event.person,
        "detail": detail,
    }
