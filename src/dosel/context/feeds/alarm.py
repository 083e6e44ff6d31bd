"""What a delivery of a feed looked like, and an alarm that is raised once and ends once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from dosel.model.provenance import content_id

ALPHA: Final = 0.001
"""Rate at which one question to a healthy feed is answered by an alarm."""
FEWEST: Final = 8
"""With fewer earlier numbers nothing is judged."""
MOST: Final = 24
"""Earlier deliveries that count."""


class Kind(StrEnum):
    """What is wrong with a feed."""

    LATE = "late"
    EMPTY = "empty"
    SCHEMA = "schema"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Profile:
    """What one delivery (an import, a look) or one month of a feed looked like."""

    feed: str
    day: int
    """UTC day number."""
    columns: Mapping[str, str]
    """Name of each column or band, and what it is."""
    statistics: Mapping[str, float]
    """Plain numbers; the part of the name before a colon says what they are (:data:`MEASURES`)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something wrong with a feed, from a day on."""

    feed: str
    kind: Kind
    subject: str
    """Column or number that it is about; empty for the feed as a whole."""
    day: int
    """UTC day number on which it began, from the data alone."""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same alarm has the same id, whenever it is found."""
        return content_id("feed-alarm", self.feed, self.kind.value, self.subject, self.day)


def settle(standing: Iterable[Alarm], found: Iterable[Alarm]) -> tuple[tuple[Alarm, ...], tuple[Alarm, ...]]:
    """Return the alarms to raise and those that are over, of those that stand and those found now.

    One about the same thing that stands already is not raised again, though its first day may look different
    from what has come since.
    """
    known = {(one.feed, one.kind, one.subject): one for one in standing}
    now = {(one.feed, one.kind, one.subject): one for one in found}
    fresh = [one for key, one in sorted(now.items()) if key not in known]
    over = [one for key, one in sorted(known.items()) if key not in now]
    return tuple(fresh), tuple(over)
