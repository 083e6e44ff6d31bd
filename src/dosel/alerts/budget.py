"""Thresholds from a false-alarm budget, and the rate that was achieved with them.

An operator says how many false hectares per million hectares and year the desk can bear. What stable forest
would have raised at every threshold stands in a :class:`Curve`; the lowest threshold within the budget is the
one. Where the budget is rarer than what was seen, the curve's tail is drawn on as fast as it was seen to
fall, but never faster than a factor e a nat, which holds for exact ratios of independent looks (Lorden 1971).

References
----------
Lorden 1971 (Ann. Math. Stat. 42); Garwood 1936 (Biometrika 28) for the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.opening import group_counts
from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.model.poisson import poisson_upper

STEP_NATS: Final = 0.25
LEVELS_NATS: Final = np.arange(1, 241) * STEP_NATS
"""Thresholds at which a curve is kept, in nats."""
FEW: Final = 5.0
"""Fewer groups in a mean year tell no rate: the tail is drawn on from where there are so many."""
TAIL_LEVELS: Final = 12
"""Levels below the last one with FEW groups that tell the tail's slope: three nats."""
CONFIRMED_SHARE: Final = 0.1
"""Share of the budget that confirmed alerts may use: what a mission rests on is ten times rarer."""
SLOPES: Final = (0.25, 0.5, 1.0)
"""Factors e that a tail falls a nat: at least, where it was not seen, and at most."""
NOT_MEASURED: Final = "not measured"
"""What is said of the false alarms where nothing bounds them."""
BOUND_FACTOR: Final = 10.0
"""A bound above so many budgets bounds nothing: the rate then counts as not measured."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What stable forest raised, by threshold."""

    ha: NDArray[np.float64]
    """Hectares in groups of at least the smallest size, at each of LEVELS_NATS."""
    groups: NDArray[np.float64]
    """Number of these groups."""
    mha_years: float
    """Watched forest times time, in million hectares and years."""

    def __add__(self, other: Curve) -> Curve:
        """Return the curve of both exposures together."""
        return Curve(self.ha + other.ha, self.groups + other.groups, self.mha_years + other.mha_years)

    @classmethod
    def empty(cls) -> Curve:
        """Return the curve of no exposure at all."""
        return cls(np.zeros(LEVELS_NATS.size), np.zeros(LEVELS_NATS.size), 0.0)

    def crowded(self, factor: float) -> Curve:
        """Return the curve of a watch with `factor` times as many looks a year."""
        return Curve(self.ha, self.groups, self.mha_years / factor)


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """The false-alarm rate at one threshold, on blocks that had no part in choosing it."""

    nats: float
    groups: int
    ha: float
    mha_years: float
    upper: float
    """95 % upper bound of the rate, in false hectares per million hectares and year: exact in the count of
    groups, not in their sizes."""

    @property
    def rate(self) -> float:
        """False hectares per million hectares and year; NaN without exposure."""
        return self.ha / self.mha_years if self.mha_years > 0 else float("nan")

    def measured(self, budget: float) -> bool:
        """Return whether the data bound the rate at all."""
        return self.upper <= BOUND_FACTOR * budget


def mean_curve(years: Sequence[Curve]) -> Curve:
    """Return the mean of several years of the same forest: their exposure is that of one."""
    ha, groups = (np.mean([getattr(year, name) for year in years], axis=0) for name in ("ha", "groups"))
    return Curve(ha, groups, years[0].mha_years)


def rate_in_words(alarms: FalseAlarms | None, budget: float) -> str:
    """Return what an alert says of the false alarms of its stratum: the rate with its bound, or not measured.

    Examples
    --------
    >>> rate_in_words(None, 200.0)
    'not measured'
    >>> rate_in_words(FalseAlarms(8.0, 1, 0.5, 0.01, 240.0), 200.0)
    '50 false ha per million ha and year, at most 240 (95 %), on held-out history'
    """
    if alarms is None or not alarms.measured(budget):
        return NOT_MEASURED
    return (
        f"{alarms.rate:.0f} false ha per million ha and year, at most {alarms.upper:.0f} (95 %), "
        "on held-out history"
    )


def curve_of(opened: NDArray[np.int16], pixel_ha: float, mha_years: float) -> Curve:
    """Return the curve of one place: `opened` (y, x) is the highest level that would have alerted each pixel.

    Examples
    --------
    >>> curve = curve_of(np.array([[64, 64, 0, 16]], np.int16), 0.01, 1e-6)
    >>> curve.ha[[0, 3, 4]].tolist(), curve.groups[[0, 3, 4]].tolist()
    ([0.03, 0.02, 0.0], [2.0, 1.0, 0.0])
    """
    marks = np.rint(LEVELS_NATS * EVIDENCE_PER_NAT).astype(np.int64)
    ordered = np.sort(opened[opened > 0].reshape(-1).astype(np.int64))
    pixels = ordered.size - np.searchsorted(ordered, marks, side="left")
    return Curve(pixels * pixel_ha, group_counts(opened, marks).astype(np.float64), mha_years)


def lowest_threshold(curve: Curve, budget: float, least_ha: float) -> float:
    """Return the lowest threshold, in quarter nats, whose false hectares are within the budget.

    Parameters
    ----------
    curve
        What stable forest raised.
    budget
        False hectares per million hectares and year.
    least_ha
        Smallest group that counts: what one more would have cost, where none was seen.

    Examples
    --------
    >>> falling = 1000.0 * np.exp(-LEVELS_NATS)
    >>> lowest_threshold(Curve(falling, falling, 1.0), 100.0, 1.0)
    2.5
    >>> lowest_threshold(Curve(falling, falling, 1.0), 1.0, 1.0)
    7.0
    """
    rate = curve.ha / curve.mha_years
    known = np.flatnonzero(curve.groups >= FEW)
    if known.size and (rate[known] <= budget).any():
        return float(LEVELS_NATS[known[np.argmax(rate[known] <= budget)]])
    if known.size:
        anchor, height = int(known[-1]), float(rate[known[-1]])
    else:
        groups = float(curve.groups[0])
        size = max(curve.ha[0] / groups if groups else 0.0, least_ha)
        anchor, height = 0, poisson_upper(int(np.ceil(groups))) * size / curve.mha_years
    nats = LEVELS_NATS[anchor] + max(0.0, np.log(height / budget)) / _slope(rate, known)
    return float(min(np.ceil(nats / STEP_NATS - 1e-9) * STEP_NATS, LEVELS_NATS[-1]))


def _slope(rate: NDArray[np.float64], known: NDArray[np.int64]) -> float:
    """Return how many factors e the rate falls a nat at its tail, within SLOPES."""
    tail = known[-TAIL_LEVELS:]
    least, unseen, most = SLOPES
    if tail.size < 3:
        return unseen
    slope = -float(np.polyfit(LEVELS_NATS[tail], np.log(rate[tail]), 1)[0])
    return float(np.clip(slope, least, most))


def joined(parts: Sequence[FalseAlarms], least_ha: float) -> FalseAlarms:
    """Return what several places, each at its own threshold, say together; the threshold is the highest."""
    groups, ha = sum(part.groups for part in parts), sum(part.ha for part in parts)
    years = sum(part.mha_years for part in parts)
    size = max(ha / groups if groups else 0.0, least_ha)
    return FalseAlarms(max(p.nats for p in parts), groups, ha, years, poisson_upper(groups) * size / years)


def at_threshold(curve: Curve, nats: float, least_ha: float) -> FalseAlarms:
    """Return what a curve says at a threshold, with the bound."""
    level = min(max(round(nats / STEP_NATS) - 1, 0), LEVELS_NATS.size - 1)
    groups, ha = int(np.ceil(curve.groups[level])), float(curve.ha[level])
    size = max(ha / groups if groups else 0.0, least_ha)
    upper = poisson_upper(groups) * size / curve.mha_years if curve.mha_years > 0 else float("inf")
    return FalseAlarms(nats, groups, ha, curve.mha_years, upper)
