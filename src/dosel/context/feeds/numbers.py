"""A number of a feed beside those before it.

It is judged against those of the same season of other years, else against the latest ones. It stands out
where it lies further from their median than :func:`limit` robust spreads (1.4826 times the median absolute
deviation, never below the floor of its kind) and outside all of them. The limit is drawn for normal numbers
of as many as there are, so that ALPHA is the rate at which one number of a healthy feed stands out; the
second condition makes it smaller where tails are heavy. With fewer than FEWEST numbers nothing is judged.

Examples
--------
>>> steady = [Profile("f", day, {}, {"rows": 100.0 + day % 7}) for day in range(12)]
>>> [(one.kind.value, one.subject) for one in outliers([*steady, Profile("f", 12, {}, {"rows": 5.0})])]
[('statistics', 'rows')]
>>> outliers(steady)
()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.context.feeds.alarm import ALPHA, FEWEST, MOST, Alarm, Kind, Profile

SEASON_DAYS: Final = 45
"""Numbers of other years, so near in the year, are of the same season."""
_BLOCK: Final = 10_000
"""Draws that are held at once."""
_DRAWS: Final = 400_000
_SEED: Final = 20_261_125
_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Measure:
    """How a kind of number is compared."""

    scale: Callable[[float], float]
    """Makes its spread even."""
    floor: float
    """Spread below which nothing is meant, on that scale."""


def _root(value: float) -> float:
    return float(np.sqrt(max(value, 0.0) + 0.375))


def _angle(value: float) -> float:
    return float(np.arcsin(np.sqrt(min(max(value, 0.0), 1.0))))


def _log(value: float) -> float:
    return float(np.log(max(value, 1e-6)))


def _same(value: float) -> float:
    return value


MEASURES: Final[Mapping[str, Measure]] = {
    "rows": Measure(_root, 0.5),
    "area": Measure(_log, 0.1),
    "share": Measure(_angle, 0.05),
    "level": Measure(_same, 10.0),
}
"""By what a number is: a count, hectares, a share, the offset of a pass in quanta."""


@lru_cache(maxsize=64)
def limit(count: int, alpha: float = ALPHA, *, one_sided: bool = False) -> float:
    """Return how many robust spreads from the median of `count` normal numbers the next one rarely lies.

    Examples
    --------
    >>> 4.0 < limit(24) < 5.5 < limit(8)
    True
    """
    rng = np.random.default_rng(_SEED)
    blocks = [_robust(rng.standard_normal((_BLOCK, count), np.float32)) for _ in range(_DRAWS // _BLOCK)]
    middle, spread = np.concatenate(blocks, axis=1)
    far = (rng.standard_normal(_DRAWS, np.float32) - middle) / spread
    return float(np.quantile(far if one_sided else np.abs(far), 1.0 - alpha))


def _robust(drawn: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (2, row): the median of each row, and its robust spread."""
    middle = np.median(drawn, axis=1)
    spread = 1.4826 * np.median(np.abs(drawn - middle[:, None]), axis=1)
    return np.stack([middle, spread])


def outliers(profiles: Sequence[Profile]) -> tuple[Alarm, ...]:
    """Return the numbers of the last delivery that stand out, each with the day since which it does.

    A run of them is held against what was before it; one longer than FEWEST is the new level.
    """
    found = []
    for name in sorted(profiles[-1].statistics) if profiles else ():
        told = [one for one in profiles if name in one.statistics]
        run = _run(told, name)
        one = judge([*told[: len(told) - run], told[-1]], name)
        if run and one is not None:
            detail = {"value": one.value, "usual": one.usual, "of": one.of, "season": one.season}
            found.append(Alarm(told[-1].feed, Kind.STATISTICS, name, told[-run].day, detail))
    return tuple(found)


def _run(told: Sequence[Profile], name: str) -> int:
    """Return how many of the last deliveries in a row stand out against all before them."""
    for run in range(min(FEWEST, len(told) - 1), 0, -1):
        before = told[: len(told) - run]
        judged = [judge([*before, one], name) for one in told[len(told) - run :]]
        if all(one is not None and one.stands_out for one in judged):
            return run
    return 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A number beside those before it."""

    value: float
    usual: float
    """The median of those before it."""
    of: int
    """How many they are."""
    season: bool
    """They are of the same season of other years."""
    stands_out: bool


def judge(profiles: Sequence[Profile], name: str) -> Judgement | None:
    """Return how the last number stands beside those before it; None where they are too few."""
    *before, last = (one for one in profiles if name in one.statistics)
    past, season = _reference(before, last.day)
    if len(past) < FEWEST:
        return None
    measure = MEASURES[name.partition(":")[0]]
    values = np.array([measure.scale(one.statistics[name]) for one in past])
    value, middle = measure.scale(last.statistics[name]), float(np.median(values))
    spread = max(1.4826 * float(np.median(np.abs(values - middle))), measure.floor)
    far = abs(value - middle) > limit(len(values)) * spread
    beyond = not values.min() <= value <= values.max()
    usual = float(np.median([one.statistics[name] for one in past]))
    return Judgement(last.statistics[name], usual, len(past), season, bool(far and beyond))


def _reference(before: Sequence[Profile], day: int) -> tuple[Sequence[Profile], bool]:
    """Return what a number of a day is compared with, and whether it is of the same season."""
    season = [one for one in before if day - one.day > SEASON_DAYS and _apart(one.day, day) <= SEASON_DAYS]
    if len(season) >= FEWEST:
        return season[-MOST:], True
    return before[-MOST:], False


def _apart(day: int, other: int) -> float:
    """Return how many days lie between two days in the year.

    Examples
    --------
    >>> round(_apart(360, 5 + 730))
    10
    """
    turn = (day - other) % _YEAR
    return min(turn, _YEAR - turn)


def too_new(profiles: Sequence[Profile]) -> bool:
    """Return whether a feed has too short a history to judge its numbers."""
    return len(profiles) <= FEWEST
