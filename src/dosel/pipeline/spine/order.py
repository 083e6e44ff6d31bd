"""Where things stand in the fold: looks by acquisition, a verdict after the looks of its day (design/001)."""

from __future__ import annotations

from typing import TypeAlias

from dosel.catalog.scene import Look
from dosel.model.codes import AlertStatus, LookStatus
from dosel.store.interface import Between, Row, Store

Place: TypeAlias = tuple[int, int, str, str]
"""UTC day number, 0 for a look and 1 for a verdict, then what sorts the looks of a day."""

NOWHERE: Place = (-1, 0, "", "")
"""Before everything: nothing is folded."""


def place_of(look: Look) -> Place:
    """Return where a look stands.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> look = Look("s1/any/19844/a", "s1", "any", datetime(2024, 5, 1, 10, tzinfo=UTC), 19844, ())
    >>> place_of(look) < after_day(19844) < place_of(look)[:1] + (2, "", "")
    True
    """
    return look.day, 0, *look.order


def place_of_row(row: Row) -> Place:
    """Return where the look of a ledger row stands."""
    return row["day"], 0, row["acquired"], row["id"]


def after_day(day: int) -> Place:
    """Return where a verdict of a day stands: after all looks of that day, before those of the next."""
    return day, 1, "", ""


def newest_look(store: Store, *statuses: LookStatus) -> Place:
    """Return where the newest look of these statuses stands; :data:`NOWHERE` if there is none."""
    where = {"status": [int(status) for status in statuses]}
    rows = store.select("looks", where, order_by=("-day", "-acquired", "-id"), limit=1)
    return place_of_row(rows[0]) if rows else NOWHERE


def newest_known(store: Store) -> Place:
    """Return where the newest look stands that is folded or was set back by a rewind."""
    return newest_look(store, LookStatus.USED, LookStatus.SET_BACK)


def has_folded(store: Store) -> bool:
    """Return whether a look is folded, or was before a rewind set it back."""
    return newest_known(store) != NOWHERE


def fold_stands(store: Store) -> Place:
    """Return how far the fold has come: its newest look, or a verdict applied since."""
    newest = newest_look(store, LookStatus.USED)
    since = Between(newest[0])
    judged = sorted({row["alert_id"] for row in store.select("verdicts", {"day": since})})
    where = {"id": judged, "status": int(AlertStatus.WITHDRAWN), "superseded": 0, "ended": since}
    applied = store.select("alerts", where, columns=["ended"]) if judged else []
    return max([newest, *(after_day(row["ended"]) for row in applied)])
