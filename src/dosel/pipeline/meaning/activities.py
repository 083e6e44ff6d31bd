"""What happened in an area, as events by activity: alerts of all sources, fires, airstrips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from dosel.context.converge.events import UNDATED, Events, make_events
from dosel.context.converge.growth import Break
from dosel.context.converge.plane import Plane
from dosel.context.jurisdiction.rules import Activity
from dosel.model.codes import AlertStatus
from dosel.model.marking import Marking
from dosel.pipeline.meaning.jurisdiction import activity_of
from dosel.share.policy import visible
from dosel.store.interface import Bbox, Between, Row, Store

CLEARING: Final = "clearing"
"""An alert of which no cause is known well enough, or whose cause is a field or pasture."""
MEANS: Final[Mapping[tuple[str, str], str]] = {
    ("amazon-mining-watch", ""): Activity.MINING.value,
    ("deter", "MINERACAO"): Activity.MINING.value,
    ("deter", "CICATRIZ_DE_QUEIMADA"): Activity.FIRE.value,
    ("deter", "CS_DESORDENADO"): Activity.LOGGING.value,
    ("deter", "CS_GEOMETRICO"): Activity.LOGGING.value,
}
"""Activity by feed and class, in the feed's own words; what it says goes before what is thought here."""
_STANDING: Final = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED, AlertStatus.REPORTED, AlertStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, as the store knows it."""

    activity: str
    geometry: BaseGeometry
    """Degrees WGS 84."""
    first: int | None
    """UTC day number on which it had not happened yet; None is not known."""
    day: int
    """UTC day number, or UNDATED."""
    area_ha: float
    source: str
    series: str
    """What the source says of a break in its series; empty where there is none."""


def happened(store: Store, bbox: Bbox, days: tuple[int, int]) -> list[Happened]:
    """Return what may be shown of a box and a period, and what nobody dated."""
    return [*_alerts(store, bbox, days), *_fires(store, bbox, days), *_airstrips(store, bbox, days)]


def inside(rows: Iterable[Happened], area: BaseGeometry) -> list[Happened]:
    """Return the events whose place lies in an area."""
    shapely.prepare(area)
    return [row for row in rows if area.intersects(row.geometry.representative_point())]


def events_of(rows: list[Happened], plane: Plane) -> Events:
    """Return events in metres; one that took a while is dated to its middle, with the half of it as blur."""
    at = [row.geometry.representative_point() for row in rows]
    x, y = plane.metres([point.x for point in at], [point.y for point in at])
    half = [0 if row.first is None or row.day == UNDATED else (row.day - row.first) // 2 for row in rows]
    day = [row.day - back for row, back in zip(rows, half, strict=True)]
    return make_events([row.activity for row in rows], x, y, day, [row.area_ha for row in rows], half)


def breaks_of(rows: Iterable[Happened]) -> list[Break]:
    """Return the days from which sources count differently, as they say themselves."""
    begins: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.series.startswith("from ") and row.day != UNDATED:
            key = row.activity, row.series.partition(": ")[2]
            first = row.day if row.first is None else row.first + 1
            begins[key] = min(first, begins.get(key, first))
    return [Break(activity, day, reason) for (activity, reason), day in sorted(begins.items())]


def _alerts(store: Store, bbox: Bbox, days: tuple[int, int]) -> Iterator[Happened]:
    live = {"superseded": 0, "status": [int(status) for status in _STANDING], "window_end": Between(*days)}
    rows = visible(store, store.select("alerts", live, bbox=bbox))
    chosen = {"alert_id": [row["id"] for row in rows]}
    causes = {row["alert_id"]: row for row in store.select("drivers", chosen)}
    for row in rows:
        details = row["details"] or {}
        name = _activity(row, details.get("class", ""), causes.get(row["id"]))
        place = row["geometry"], row["window_start"], row["window_end"]
        yield Happened(name, *place, row["area_ha"] or 0.0, row["source"], details.get("series", ""))


def _activity(alert: Row, word: str, cause: Row | None) -> str:
    """Return what its feed says, else a cause that is sure enough, else clearing."""
    if (alert["source"], word) in MEANS:
        return MEANS[alert["source"], word]
    found = activity_of(cause["cause"], cause["probability"]) if cause else None
    return CLEARING if found in (None, Activity.AGRICULTURE) else found.value


def _fires(store: Store, bbox: Bbox, days: tuple[int, int]) -> Iterator[Happened]:
    when = {"marking": Between(None, int(Marking.RESTRICTED))}
    events = store.select("fire_events", {**when, "first_day": Between(*days)}, bbox=bbox)
    alone = store.select("hot_spots", {**when, "day": Between(*days), "event_id": None}, bbox=bbox)
    for row in [*events, *alone]:
        day = row["first_day"] if "first_day" in row else row["day"]
        yield Happened(Activity.FIRE.value, row["geometry"], None, day, 0.0, "", "")


def _airstrips(store: Store, bbox: Bbox, days: tuple[int, int]) -> Iterator[Happened]:
    for row in store.select("airstrips", {"marking": Between(None, int(Marking.RESTRICTED))}, bbox=bbox):
        day = UNDATED if row["first_day"] is None else row["first_day"]
        if day == UNDATED or days[0] <= day <= days[1]:
            yield Happened(Activity.AIRSTRIP.value, row["geometry"], None, day, 0.0, row["source"], "")
