"""The life of a landing strip: found, destroyed, active again. A fold over events; who wrote them is kept.

Examples
--------
>>> life = Life().after(StripEvent(FOUND, None, "list of 2021", "")).after(
...     StripEvent(DESTROYED, 19000, "operation", "Ana"))
>>> life.state, life.day
('destroyed', 19000)
>>> life.after(StripEvent(DESTROYED, 19010, "operation", "Ana"))
Traceback (most recent call last):
dosel.errors.InputError: destroyed: the strip is destroyed; expected active
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dosel.errors import InputError
from dosel.model.time import iso_day

FOUND: Final = "found"
DESTROYED: Final = "destroyed"
ACTIVE: Final = "active"

NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "": (FOUND,),
    FOUND: (DESTROYED, ACTIVE),
    DESTROYED: (ACTIVE,),
    ACTIVE: (DESTROYED,),
}
"""What may follow each state; found strips may be seen in use."""


@dataclass(frozen=True, slots=True)
class StripEvent:
    """Something that happened to a strip, and who says so."""

    event: str
    """The state after it."""
    day: int | None
    """UTC day number; None where the source gives no day, which only the first event may."""
    source: str
    person: str
    """Who recorded it; empty for an import."""
    not_before: int | None = None
    """For an event without a day: UTC day number before which it cannot have been."""


@dataclass(frozen=True, slots=True)
class Life:
    """Where a strip stands."""

    state: str = ""
    day: int | None = None
    """UTC day number since which; None is not known."""
    not_before: int | None = None
    """UTC day number before which nothing more can happen."""

    def after(self, event: StripEvent) -> Life:
        """Return the life after one more event.

        Raises
        ------
        InputError
            If the event cannot follow, comes before the last one, or has no day.
        """
        allowed = NEXT[self.state]
        if event.event not in allowed:
            stands = f"the strip is {self.state}" if self.state else "the strip is not known yet"
            raise InputError(f"{event.event}: {stands}; expected {' or '.join(allowed)}")
        if event.day is None and event.event != FOUND:
            raise InputError(f"{event.event}: expected the day on which it happened")
        if event.day is not None and self.not_before is not None and event.day < self.not_before:
            raise InputError(
                f"{event.event}: {iso_day(event.day)} is before what is known of the strip, "
                f"which begins on {iso_day(self.not_before)}"
            )
        least = event.day if event.day is not None else event.not_before
        return Life(event.event, event.day, least)


def life_of(events: Iterable[StripEvent]) -> Life:
    """Return where a strip stands after its events, in the order in which they were told."""
    life = Life()
    for event in events:
        life = life.after(event)
    return life
