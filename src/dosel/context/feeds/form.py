"""Deliveries without anything in them, and columns or bands that are not what they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dosel.context.feeds.alarm import ALPHA, MOST, Alarm, Kind, Profile

SETTLED: Final = 3
"""A new form that stood in so many deliveries after it is the form."""


UNKNOWN: Final = "?"
"""What a column is in which no row says anything: it fits everything."""


def empty(profiles: Sequence[Profile], name: str, *, at_once: bool = False) -> Alarm | None:
    """Return the alarm of a feed that sends nothing in what it sends.

    So many deliveries in a row without a row, or without a valid pixel, are as rare as ALPHA, given how many
    before them were empty.

    Parameters
    ----------
    name
        Number that is 0 where a delivery is empty.
    at_once
        The first empty delivery of a feed that sent none before is enough.
    """
    told = [one for one in profiles if name in one.statistics]
    run = 0
    while run < len(told) and told[-1 - run].statistics[name] <= 0:
        run += 1
    before = [one.statistics[name] <= 0 for one in told[: len(told) - run]]
    if not run or not before or all(before):
        return None
    chance = (sum(before) + 1) / (len(before) + 2)
    if chance**run >= ALPHA and not (at_once and not any(before)):
        return None
    return Alarm(told[-1].feed, Kind.EMPTY, name, told[-run].day, {"deliveries": run})


def schema_changes(profiles: Sequence[Profile]) -> tuple[Alarm, ...]:
    """Return the changes of form in the last deliveries: what is new, gone or other than ever before."""
    found: dict[str, Alarm] = {}
    for number in range(max(1, len(profiles) - SETTLED), len(profiles)):
        for name, (before, now) in _differences(profiles[:number], profiles[number]).items():
            detail = {"before": before, "now": now}
            found.setdefault(
                name, Alarm(profiles[number].feed, Kind.SCHEMA, name, profiles[number].day, detail)
            )
    last = profiles[-1].columns if profiles else {}
    return tuple(one for name, one in sorted(found.items()) if last.get(name, "") == one.detail["now"])


def _differences(before: Sequence[Profile], now: Profile) -> dict[str, tuple[str, str]]:
    """Return by column what it was and what it is; empty is not there."""
    recent, known = before[-SETTLED:], before[-MOST:]
    found = {}
    for name in sorted({*now.columns, *recent[-1].columns}):
        told = [one.columns.get(name, "") for one in known]
        value = now.columns.get(name, "")
        if UNKNOWN in (value, *told):
            continue
        gone = not value and all(one.columns.get(name) for one in recent)
        if gone or (value and value not in told):
            found[name] = next((one for one in reversed(told) if one), ""), value
    return found
