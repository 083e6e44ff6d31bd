"""A feed that has sent nothing for too long."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from dosel.context.feeds.alarm import FEWEST, MOST, Alarm, Kind
from dosel.context.feeds.numbers import limit
from dosel.model.time import date_of


def late(
    feed: str,
    days: Sequence[int],
    as_of: int,
    *,
    usual_days: float | None = None,
    by_people: bool = False,
) -> Alarm | None:
    """Return the alarm of a feed that has sent nothing for too long.

    Parameters
    ----------
    days
        UTC day numbers of what it sent.
    usual_days
        What its sensor or its producer promises; None is not known.
    by_people
        The days around the new year (20 December to 6 January) do not count.
    """
    came = sorted({day for day in days if day <= as_of})
    if not came:
        return None
    allowed = patience(came, usual_days)
    if allowed is None:
        return None
    begins = _after(came[-1], ceil(allowed), by_people=by_people) + 1
    if as_of < begins:
        return None
    detail = {
        "last": came[-1],
        "allowed": ceil(allowed),
        "usual": usual_days or float(np.median(np.diff(came))),
    }
    return Alarm(feed, Kind.LATE, "", begins, detail)


def patience(days: Sequence[int], usual_days: float | None = None) -> float | None:
    """Return for how many days a feed may send nothing; None where too little is known.

    Of enough gaps what their logarithms rarely exceed, and never less than twice what is usual.

    Examples
    --------
    >>> patience([0, 12, 24], 12.0), patience([0, 12, 24])
    (24.0, None)
    >>> round(patience(range(0, 130, 12), 12.0))
    25
    """
    gaps = np.diff(sorted(days))[-MOST:]
    if len(gaps) < FEWEST:
        return None if usual_days is None else 2.0 * usual_days
    logs = np.log(np.maximum(gaps, 1))
    middle = float(np.median(logs))
    spread = max(1.4826 * float(np.median(np.abs(logs - middle))), 0.1)
    rare = float(np.exp(middle + limit(len(gaps), one_sided=True) * spread))
    return max(rare, 2.0 * (usual_days or float(np.median(gaps))))


def _after(day: int, days: int, *, by_people: bool) -> int:
    """Return the day that lies so many counted days after another."""
    while days > 0:
        day += 1
        days -= not (by_people and _holiday(day))
    return day


def _holiday(day: int) -> bool:
    """Return whether a day lies around a new year, when offices rest."""
    date = date_of(day)
    return (date.month, date.day) >= (12, 20) or (date.month, date.day) <= (1, 6)
