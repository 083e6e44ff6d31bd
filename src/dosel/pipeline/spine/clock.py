"""A wrong clock or date must not carry the fold into the future: every look after it would be too late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dosel.catalog.ledger import Refused, mark_refused
from dosel.catalog.scene import Look
from dosel.errors import InputError
from dosel.model.codes import Refusal
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.order import newest_known

GAP_DAYS: Final = 400
"""No feed is silent for so long as a rule: a single look after such a gap waits for a second one."""


def check_clock(centre: Centre, today: int) -> None:
    """Stop a run whose clock (a UTC day number) is before what has been folded.

    Raises
    ------
    InputError
        With what to do; nothing was refused as too late.
    """
    day, _, _, name = newest_known(centre.store)
    if day > today + 1:
        raise InputError(
            f"the clock says {iso_day(today)}, but {name} of {iso_day(day)} is folded: set the clock; if it "
            "is right, that look was folded under a wrong one: make a new centre with `dosel init`"
        )


def isolated(centre: Centre, offered: Sequence[Look], fresh: Sequence[Look]) -> dict[str, str]:
    """Return ids of new looks that stand alone long after everything else, each with one sentence why.

    The first look of all does not, and two days of looks after a gap are believed: the feed has come back.
    """
    days = sorted({look.day for look in offered} | {max(newest_known(centre.store)[0], 0)} - {0})
    if len(days) < 2 or days[-1] - days[-2] <= GAP_DAYS:
        return {}
    return {look.id: _why(look, days[-2]) for look in fresh if look.day == days[-1]}


def set_apart(
    centre: Centre, offered: Sequence[Look], fresh: Sequence[Look]
) -> tuple[list[Look], list[Refused]]:
    """Refuse the new looks that stand alone; return the others, and the refusals."""
    alone = isolated(centre, offered, fresh)
    with centre.store.transaction():
        for look in fresh:
            if look.id in alone:
                mark_refused(centre.store, look, Refusal.ISOLATED, alone[look.id])
    refused = [Refused(name, Refusal.ISOLATED, why) for name, why in alone.items()]
    return [look for look in fresh if look.id not in alone], refused


def _why(look: Look, before: int) -> str:
    return (
        f"{look.id}: acquired on {iso_day(look.day)}, more than {GAP_DAYS} days after every other look "
        f"({iso_day(before)}): check its date and the clock; it is used once a look of another day follows"
    )
