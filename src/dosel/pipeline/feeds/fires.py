"""Fire events in the store, kept as new hot spots come: only what a new one can reach is made again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from dosel.alerts.partner.fires import (
    QUIET_DAYS,
    SIZE_M,
    FireEvent,
    HotSpot,
    fire_events,
    reach_degrees,
)
from dosel.model.marking import Marking
from dosel.model.time import asked_day, day_of, iso_instant, parse_instant
from dosel.pipeline.centre import Centre
from dosel.pipeline.desk import asked_box
from dosel.store.interface import Bbox, Between, Row, Store

ACTIVE, ENDED = "active", "ended"


@dataclass(frozen=True, slots=True)
class FireFilter:
    """Which fire events are meant."""

    since: int | None = None
    """UTC day number; only with a hot spot on it or later."""
    bbox: Bbox | None = None

    @classmethod
    def parse(cls, *, since: str = "", bbox: str = "") -> FireFilter:
        """Return the filter of the command line's words.

        Raises
        ------
        InputError
            If a day or box cannot be read.
        """
        return cls(asked_day("--since", since) if since else None, asked_box(bbox))


def list_fires(centre: Centre, chosen: FireFilter) -> list[Row]:
    """Return fire events, the newest first."""
    where: dict[str, object] = {} if chosen.since is None else {"last_day": Between(chosen.since)}
    order = ("-last_instant", "-hot_spots", "id")
    where["marking"] = Between(None, int(Marking.RESTRICTED))
    return centre.store.select("fire_events", where, bbox=chosen.bbox, order_by=order)


def refresh_fires(store: Store, left: Iterable[str] = ()) -> None:
    """Put hot spots that belong to no event into one; to be called within a transaction.

    The events are then those of all hot spots at once.

    Parameters
    ----------
    left
        Events of hot spots that have changed since.
    """
    new = store.select("hot_spots", {"event_id": None})
    if new:
        _regroup(store, new, set(left))
    _end(store)


def _regroup(store: Store, new: Sequence[Row], left: set[str]) -> None:
    reached = _reached(store, new) | left
    rows = {row["id"]: row for row in new}
    for row in store.select("hot_spots", {"event_id": sorted(reached)}) if reached else []:
        rows[row["id"]] = row
    events = fire_events(_spot(row) for row in rows.values())
    gone = reached - {event.id for event in events}
    if gone:
        store.delete("fire_events", {"id": sorted(gone)})
    store.upsert("fire_events", [_event_row(event) for event in events])
    belongs = {spot: event.id for event in events for spot in event.hot_spots}
    store.upsert("hot_spots", [row | {"event_id": belongs[id_]} for id_, row in rows.items()])


def _reached(store: Store, new: Iterable[Row]) -> set[str]:
    """Return the events that the new hot spots can touch."""
    spots = [_spot(row) for row in new]
    days = [day_of(spot.instant) for spot in spots]
    window = {"day": Between(min(days) - QUIET_DAYS, max(days) + QUIET_DAYS)}
    around = [row for row in store.select("hot_spots", window) if row["event_id"]]
    if not around:
        return set()
    largest = max(row["size_m"] or SIZE_M for row in around)
    boxes = shapely.box(*reach_degrees(spots, largest).T)
    near = shapely.STRtree([row["geometry"] for row in around]).query(boxes)[1]
    return {around[number]["event_id"] for number in np.unique(near).tolist()}


def _end(store: Store) -> None:
    """Mark the events that have been quiet, as of the newest hot spot."""
    newest = store.select("hot_spots", order_by=("-day",), limit=1, columns=["day"])
    if not newest:
        return
    quiet = newest[0]["day"] - QUIET_DAYS - 1
    rows = store.select("fire_events", {"status": ACTIVE, "last_day": Between(None, quiet)})
    store.upsert("fire_events", [row | {"status": ENDED} for row in rows])


def _spot(row: Row) -> HotSpot:
    return HotSpot(
        row["id"],
        row["source"],
        row["satellite"],
        parse_instant(row["instant"]),
        row["geometry"].x,
        row["geometry"].y,
        row["size_m"] or SIZE_M,
        row["power_mw"],
    )


def _event_row(event: FireEvent) -> Row:
    return {
        "id": event.id,
        "geometry": event.geometry,
        "status": ACTIVE,
        "first_instant": iso_instant(event.first),
        "last_instant": iso_instant(event.last),
        "first_day": day_of(event.first),
        "last_day": day_of(event.last),
        "hot_spots": len(event.hot_spots),
        "passes": event.passes,
        "power_mw": event.power_mw,
        "sources": list(event.sources),
        "parents": list(event.parents),
    }
