"""Incident candidates in the store, kept as alerts and fires come.

:func:`refresh_incidents` is the one function that imports and ``dosel describe`` call. What is only new is
compared with what it can be linked to; where something changed or went, all are compared again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import shapely

from dosel.alerts.incident import (
    FIRE,
    NEAR_DAYS,
    Incident,
    Member,
    incidents,
    reach_degrees,
)
from dosel.model.codes import STATE_DAY0, AlertStatus
from dosel.model.marking import Marking
from dosel.model.provenance import digest
from dosel.model.time import day_of
from dosel.store.interface import Between, Row, Store

CANDIDATE: Final = "candidate"
"""State of every incident until a person says more."""

Key = tuple[str, str]
"""Kind and id of a member."""

_STANDS: Final = [int(s) for s in AlertStatus if s not in (AlertStatus.WITHDRAWN, AlertStatus.MERGED)]
_LIGHT: Final = ("id", "source", "window_start", "window_end", "area_ha", "pixels", "updated", "content")
_FIRE: Final = ("id", "first_instant", "last_instant", "hot_spots")
_FEW: Final = 2_000
"""More new members than this, or more that they can reach, are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What there is after a refresh."""

    compared: int
    """Alerts and fires that were compared; 0 where nothing was new."""
    incidents: int
    """Candidates that stand."""


def refresh_incidents(store: Store) -> IncidentReport:
    """Bring the incidents to what alerts and fires say now; to be called within a transaction."""
    now, before = _now(store), _before(store)
    fresh = [key for key in now if key not in before]
    others = [key for key in before if now.get(key) != before[key]]
    compared = 0
    if fresh or others:
        reached = None if others else _reached(store, fresh)
        compared = _compare(store, len(now), reached)
        store.upsert(
            "incident_seen", [_seen(key, now[key]) for key in fresh + [k for k in others if k in now]]
        )
        _forget(store, [key for key in others if key not in now])
    return IncidentReport(compared, len(store.select("incidents", columns=["id"])))


def _now(store: Store) -> dict[Key, str]:
    """Return what every alert and fire that stands says, as a short mark."""
    where = {"superseded": 0, "status": _STANDS}
    rows = store.select("alerts", where, columns=[*_LIGHT, "ended", "status", "marking"])
    marks = {("alert", row["id"]): _mark(row) for row in rows if not row["source"] or row["ended"] is None}
    fires = store.select("fire_events", columns=[*_FIRE, "marking"])
    return marks | {("fire", row["id"]): _mark(row) for row in fires}


def _mark(row: Row) -> str:
    return digest(row)[:16]


def _before(store: Store) -> dict[Key, str]:
    return {(row["kind"], row["member_id"]): row["content"] for row in store.select("incident_seen")}


def _seen(key: Key, mark: str) -> Row:
    return {"kind": key[0], "member_id": key[1], "content": mark}


def _forget(store: Store, keys: Iterable[Key]) -> None:
    for kind, member in keys:
        store.delete("incident_seen", {"kind": kind, "member_id": member})


def _compare(store: Store, count: int, reached: dict[Key, Row] | None) -> int:
    """Make the incidents of some members again, or of all; return how many members were compared."""
    if reached is None:
        rows = _rows(store)
        _drop(store, None)
    else:
        rows = reached
        _drop(store, reached)
    found = [one for part in _apart(rows) for one in incidents(_member(key[0], row) for key, row in part)]
    store.insert("incidents", [_incident(one, rows) for one in found])
    store.insert("incident_members", [row for one in found for row in _members(one)])
    return min(count, len(rows))


def _apart(rows: dict[Key, Row]) -> tuple[list[tuple[Key, Row]], ...]:
    """Return the members that may be shown and the sealed ones, which link and add nothing to them."""
    sealed = [(key, row) for key, row in rows.items() if row["marking"] >= Marking.SEALED]
    return [(key, row) for key, row in rows.items() if row["marking"] < Marking.SEALED], sealed


def _drop(store: Store, keys: dict[Key, Row] | None) -> None:
    """Remove the incidents of some members, or all."""
    rows = store.select("incident_members")
    gone = {row["incident_id"] for row in rows if keys is None or (row["kind"], row["member_id"]) in keys}
    if gone:
        store.delete("incident_members", {"incident_id": sorted(gone)})
        store.delete("incidents", {"id": sorted(gone)})


def _rows(store: Store) -> dict[Key, Row]:
    where = {"superseded": 0, "status": _STANDS}
    alerts = store.select("alerts", where, columns=_COLUMNS)
    rows = {("alert", row["id"]): row for row in alerts if _counts(row)}
    return rows | {("fire", row["id"]): row for row in store.select("fire_events")}


_COLUMNS: Final = (*_LIGHT, "extent", "geometry", "ended", "marking")


def _counts(row: Row) -> bool:
    return not row["source"] or row["ended"] is None


def _reached(store: Store, fresh: Sequence[Key]) -> dict[Key, Row] | None:
    """Return everything that new members are linked to, directly or not; None where that is too much."""
    if len(fresh) > _FEW:
        return None
    largest = _largest_m(store)
    alerts = [id_ for kind, id_ in fresh if kind == "alert"]
    fires = [id_ for kind, id_ in fresh if kind == "fire"]
    edge = {("alert", row["id"]): row for row in store.select("alerts", {"id": alerts}, columns=_COLUMNS)}
    edge |= {("fire", row["id"]): row for row in store.select("fire_events", {"id": fires})}
    found: dict[Key, Row] = {}
    while edge:
        found |= edge
        if len(found) > _FEW:
            return None
        near: dict[Key, Row] = {}
        for (kind, _), row in edge.items():
            near |= _around(store, _member(kind, row), largest)
        edge = {key: row for key, row in near.items() if key not in found}
    return found


def _largest_m(store: Store) -> float:
    rows = store.select("alerts", {"extent": ["box", "point"]}, columns=["area_ha"])
    largest = max((row["area_ha"] or 0.0 for row in rows), default=0.0)
    return float((largest * 10_000 / 3.14) ** 0.5)


def _around(store: Store, member: Member, largest_m: float) -> dict[Key, Row]:
    """Return what can be linked to a member: near in place, and in time as far as the store can ask."""
    west, south, east, north = reach_degrees(member.geometry, member.area_ha, largest_m)
    box, first = (west, south, east, north), member.start - NEAR_DAYS
    where = {"superseded": 0, "status": _STANDS, "window_end": Between(first)}
    alerts = store.select("alerts", where, bbox=box, columns=_COLUMNS)
    fires = store.select("fire_events", {"last_day": Between(first)}, bbox=box)
    rows = {("alert", row["id"]): row for row in alerts if _counts(row)}
    rows |= {("fire", row["id"]): row for row in fires}
    last = member.day + NEAR_DAYS
    return {key: row for key, row in rows.items() if _member(key[0], row).start <= last}


def _member(kind: str, row: Row) -> Member:
    if kind == "fire":
        days = day_of(row["first_instant"]), day_of(row["last_instant"])
        return Member(FIRE, row["id"], FIRE, row["geometry"], False, *days, None)
    start = None if row["window_start"] == STATE_DAY0 else row["window_start"]
    vague = row["extent"] != "outline"
    return Member(
        *("alert", row["id"], row["source"], row["geometry"], vague),
        *(start, row["window_end"], row["area_ha"]),
    )


def _incident(one: Incident, rows: dict[Key, Row]) -> Row:
    members = [joined.member for joined in one.members]
    areas = [member.area_ha for member in members if member.area_ha is not None]
    markings = [Marking(rows[member.kind, member.id]["marking"]) for member in members]
    whole = shapely.union_all(shapely.set_precision([member.geometry for member in members], 1e-7))
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return {
        "id": one.id,
        "geometry": shapely.MultiPolygon(parts),
        "status": CANDIDATE,
        "first_day": min(member.start for member in members),
        "last_day": max(member.day for member in members),
        "area_ha": max(areas, default=None),
        "members": len(members),
        "sources": sorted({member.source for member in members}),
        "content": digest([[member.kind, member.id] for member in members]),
        "marking": int(max(markings)),
    }


def _members(one: Incident) -> list[Row]:
    return [
        {"incident_id": one.id, "kind": j.member.kind, "member_id": j.member.id, "why": j.why}
        for j in one.members
    ]
