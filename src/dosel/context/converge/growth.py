"""How much happened at a node in a period, and whether it grew: counts and hectares with intervals.

A count is Poisson, hectares are a sum of independent clearings. Two periods are never compared across a
known break of a source, such as a new model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dosel.context.converge.chance import Z_95, binomial_cdf, bisect
from dosel.context.converge.events import Events
from dosel.context.converge.nodes import Node
from dosel.context.converge.place import squares
from dosel.errors import InputError
from dosel.model.poisson import poisson_upper


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which an activity's source counts differently."""

    activity: str
    day: int
    """UTC day number."""
    reason: str


@dataclass(frozen=True, slots=True)
class Amount:
    """What happened of one activity in one period."""

    activity: str
    days: tuple[int, int]
    """UTC day numbers, first and last."""
    events: int
    events_low: float
    """Of the mean count (95 %, Garwood 1936)."""
    events_high: float
    area_ha: float
    area_low_ha: float
    """Of the mean sum (95 %, compound Poisson on a log scale)."""
    area_high_ha: float


@dataclass(frozen=True, slots=True)
class Change:
    """A rate against that of the period before."""

    activity: str
    ratio: float
    low: float
    high: float
    """95 % interval (exact, given the sum of both counts)."""
    broken: str = ""
    """Why the two are not compared; then ratio, low and high are not numbers."""


def amounts_at(node: Node, events: Events, cell_m: float, days: tuple[int, int]) -> list[Amount]:
    """Return what happened in a node's cells in a period, by activity of the node."""
    at = squares(events.x_m, events.y_m, cell_m)
    inside = np.fromiter(((int(row), int(col)) in node.squares for row, col in at), bool, len(events))
    here = events.take(inside).dated().within(*days)
    return [amount_of(here.of(name), name, days) for name in node.activities if name in here.names]


def amount_of(events: Events, activity: str, days: tuple[int, int]) -> Amount:
    """Return counts and hectares of events, with intervals.

    Examples
    --------
    >>> from dosel.context.converge.events import make_events
    >>> amount = amount_of(make_events(["fire"] * 4, range(4), range(4), 19000, 2.0), "fire", (19000, 19030))
    >>> amount.events, round(amount.events_low, 2), round(amount.events_high, 2), amount.area_ha
    (4, 1.09, 10.24, 8.0)
    """
    count, total = len(events), float(events.area_ha.sum())
    high = poisson_upper(count, 0.975)
    low = 0.0 if count == 0 else bisect(lambda mean: _below(count, mean) - 0.975, 0.0, float(count))
    spread = math.sqrt(float((events.area_ha**2).sum())) / total if total > 0 else 0.0
    ends = total * math.exp(-Z_95 * spread), total * math.exp(Z_95 * spread)
    return Amount(activity, days, count, low, high, total, *ends)


def _below(count: int, mean: float) -> float:
    """Return P(X < count) of a Poisson variable."""
    if mean <= 0:
        return 1.0
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))


def change(before: Amount, now: Amount, breaks: Sequence[Break] = ()) -> Change:
    """Return the ratio of two rates of events a day, or why they are not compared.

    Raises
    ------
    InputError
        If the activities differ or the periods overlap.

    Examples
    --------
    >>> old = Amount("fire", (0, 99), 10, 0, 0, 0, 0, 0)
    >>> new = Amount("fire", (100, 199), 20, 0, 0, 0, 0, 0)
    >>> grown = change(old, new)
    >>> round(grown.low, 2), grown.ratio, round(grown.high, 2)
    (0.89, 2.0, 4.78)
    >>> change(old, new, [Break("fire", 150, "new model")]).broken
    'new model'
    """
    if before.activity != now.activity or before.days[1] >= now.days[0]:
        raise InputError("change: expected one activity and a period after the other")
    for known in breaks:
        if known.activity == now.activity and before.days[0] < known.day <= now.days[1]:
            return Change(now.activity, math.nan, math.nan, math.nan, known.reason)
    lengths = [amount.days[1] - amount.days[0] + 1 for amount in (before, now)]
    scale = lengths[0] / lengths[1]
    low, high = _share(now.events, before.events + now.events)
    ratio = math.inf if before.events == 0 else now.events / before.events * scale
    return Change(now.activity, ratio if now.events + before.events else math.nan, low * scale, high * scale)


def _share(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of the odds of a share (Clopper & Pearson 1934)."""
    low = 0.0
    if count > 0:
        low = bisect(lambda p: binomial_cdf(count - 1, total, p) - 0.975, 0.0, 1.0)
    high = 1.0
    if count < total:
        high = bisect(lambda p: binomial_cdf(count, total, p) - 0.025, 0.0, 1.0)
    return low / (1 - low) if low < 1 else math.inf, high / (1 - high) if high < 1 else math.inf
