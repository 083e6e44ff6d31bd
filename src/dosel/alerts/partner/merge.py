"""What an import changes: new rows, changed ones with what they said before, and those that are gone.

Pure: it takes what the store holds of a feed and what a file says, and returns rows to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely

from dosel.alerts.airstrip import FOUND
from dosel.alerts.partner.check import Reported
from dosel.config.feed import FeedSettings
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.provenance import content_id
from dosel.store.interface import Row

TABLES: Final = {"alerts": "alerts", "hot-spots": "hot_spots", "airstrips": "airstrips"}
"""Table by kind of feed."""

_IDS: Final = {"alerts": "alert", "hot-spots": "hot", "airstrips": "strip"}

_COMPARED: Final = ("window_start", "window_end", "area_ha", "published", "confidence", "details", "ended")


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be written of one import."""

    fresh: tuple[Row, ...]
    changed: tuple[Row, ...]
    ended: tuple[Row, ...]
    """Rows as they are after their end; only where the file is the whole list."""
    before: Mapping[str, Row]
    """What changed and ended rows said before, by id."""
    same: int


def id_of(feed: FeedSettings, external_id: str) -> str:
    """Return the id of a row here: it derives from the feed and the source's own name.

    Examples
    --------
    >>> id_of(FeedSettings(name="deter", day="d"), "10003_curr")
    'alert-3b5d44ae26a8ac1e'
    """
    return content_id(_IDS[feed.kind], feed.name, external_id)


def rows_of(good: Iterable[Reported], feed: FeedSettings) -> list[Row]:
    """Return the rows of what a file says, in the columns of the table of its kind."""
    make = {"alerts": _alert, "hot-spots": _hot_spot, "airstrips": _strip}[feed.kind]
    return [make(one, feed) for one in good]


def merge(known: Mapping[str, Row], said: Sequence[Row], *, complete: bool, today: int) -> Merged:
    """Return what changes.

    Parameters
    ----------
    known
        What the store holds of the feed, by id.
    said
        What the file says.
    complete
        Whether the file is the whole list: then alerts that it does not hold have ended.
    """
    fresh = [row | _born(row) for row in said if row["id"] not in known]
    changed = [row for row in said if row["id"] in known and _differs(known[row["id"]], row)]
    gone: list[Row] = []
    if complete:
        here = {row["id"] for row in said}
        gone = [_ended(row, today) for id_, row in known.items() if id_ not in here and row["ended"] is None]
    before = {row["id"]: known[row["id"]] for row in (*changed, *gone)}
    same = len(said) - len(fresh) - len(changed)
    return Merged(tuple(fresh), tuple(changed), tuple(gone), before, same)


def events_of(merged: Merged, today: int, import_id: str) -> list[Row]:
    """Return the events of alerts that an import reports, revises or ends."""
    by = {"import": import_id}
    reported = [_event(row, AlertEvent.REPORTED, today, by) for row in merged.fresh]
    revised = [
        _event(row, AlertEvent.REVISED, today, by | {"before": _difference(merged, row)})
        for row in merged.changed
    ]
    gone = [_event(row, AlertEvent.GONE, today, by) for row in merged.ended]
    return [*reported, *revised, *gone]


def _born(row: Row) -> Row:
    """Return what only a new row is given: an airstrip begins as found."""
    return {"state": FOUND, "state_day": row["first_day"]} if "first_day" in row else {}


def _alert(one: Reported, feed: FeedSettings) -> Row:
    return {
        "id": id_of(feed, one.external_id),
        "source": feed.name,
        "external_id": one.external_id,
        "extent": feed.extent,
        "status": int(AlertStatus.REPORTED),
        "geometry": one.shape,
        **one.columns,
        "updated": one.columns["window_end"],
        "ended": None,
        "parents": [],
        "reason": "",
        "streams": [],
        "superseded": 0,
        "date_meaning": feed.date_meaning,
        "content": one.content,
        "details": dict(one.details),
    }


def _hot_spot(one: Reported, feed: FeedSettings) -> Row:
    return {
        "id": id_of(feed, one.external_id),
        "source": feed.name,
        "geometry": one.shape,
        **one.columns,
        "content": one.content,
        "details": dict(one.details),
        "event_id": None,
    }


def _strip(one: Reported, feed: FeedSettings) -> Row:
    return {
        "id": id_of(feed, one.external_id),
        "source": feed.name,
        "external_id": one.external_id,
        "geometry": one.shape,
        **one.columns,
        "content": one.content,
        "details": dict(one.details) | ({"year": feed.year} if feed.year else {}),
    }


def _differs(known: Row, row: Row) -> bool:
    returned = known.get("ended") is not None and "ended" in row
    return bool(known["content"] != row["content"]) or returned


def _ended(row: Row, today: int) -> Row:
    return {"id": row["id"], "ended": today, "reason": "no longer in the whole list of its source"}


def _event(row: Row, event: AlertEvent, day: int, detail: dict[str, Any]) -> Row:
    return {
        "alert_id": row["id"],
        "event": int(event),
        "day": day,
        "look_id": "",
        "step": 0,
        "detail": detail,
    }


def _difference(merged: Merged, row: Row) -> dict[str, Any]:
    """Return what a changed alert said before, where it differs."""
    old = merged.before[row["id"]]
    said = {name: old[name] for name in _COMPARED if old[name] != row[name]}
    if not shapely.equals_exact(old["geometry"], row["geometry"]):
        said["geometry"] = shapely.to_wkt(old["geometry"], rounding_precision=7)
    return said
