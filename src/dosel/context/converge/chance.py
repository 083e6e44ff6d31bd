"""From draws under a null to ratios, intervals and p-values.

Examples
--------
>>> monte_carlo(3, [1, 2, 3, 0])
Tail(p=0.4, p_upper=0.7514)
>>> holm([0.01, 0.04, 0.03])
[0.03, 0.06, 0.06]
>>> false_discovery([0.001, 0.9, 0.02, 0.03], 0.05)
[True, False, True, True]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dosel.context.converge.events import Floats

Z_95 = 1.959964
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Tail:
    """A p-value from draws."""

    p: float
    """(1 + draws at least as large) / (1 + draws): valid as it stands (Davison & Hinkley 1997)."""
    p_upper: float
    """One-sided 95 % upper bound of what endless draws would give (Clopper & Pearson 1934)."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Observed over expected."""

    observed: float
    expected: float
    """Mean of the draws."""
    chance_low: float
    """2.5 % point of draws / expected: what chance alone gives."""
    chance_high: float
    """97.5 % point of the same."""
    low: float
    """Lower end of the 95 % interval of the ratio; 0 where blocks are too few to say. Its width is the
    larger of that from block to block and that from draw to draw."""
    high: float
    """Upper end; infinite where they are too few."""

    @property
    def ratio(self) -> float:
        """Observed / expected; infinite where nothing was expected, 1 where nothing was seen either."""
        if self.expected > 0:
            return self.observed / self.expected
        return math.inf if self.observed > 0 else 1.0


def monte_carlo(observed: float, draws: ArrayLike) -> Tail:
    """Return the p-value of an observed value among draws of the null; large values speak against it."""
    drawn = np.asarray(draws, np.float64)
    extreme = int((drawn >= observed).sum())
    bound = binomial_upper(extreme, drawn.size)
    return Tail((1 + extreme) / (1 + drawn.size), round(bound, 4))


def binomial_upper(successes: int, trials: int, confidence: float = 0.95) -> float:
    """Return the exact one-sided upper bound of a probability.

    Examples
    --------
    >>> round(binomial_upper(0, 999), 5), round(binomial_upper(5, 100), 4), binomial_upper(4, 4)
    (0.00299, 0.1023, 1.0)
    """
    if successes >= trials:
        return 1.0
    return bisect(lambda p: binomial_cdf(successes, trials, p) - (1 - confidence), 0.0, 1.0)


def binomial_cdf(successes: int, trials: int, probability: float) -> float:
    """Return P(X <= successes) of a binomial variable."""
    if probability <= 0 or probability >= 1:
        return 1.0 if probability <= 0 or successes >= trials else 0.0
    log_p, log_q = math.log(probability), math.log1p(-probability)
    head = math.lgamma(trials + 1)
    return math.fsum(
        math.exp(head - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * log_p + (trials - k) * log_q)
        for k in range(successes + 1)
    )


def bisect(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses 0."""
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return high


def ratio_of(observed: Floats, draws: Floats) -> Ratio:
    """Return the ratio of sums over blocks.

    Parameters
    ----------
    observed
        (block,) counts.
    draws
        (draw, block) counts under the null.
    """
    sums, by_block = draws.sum(axis=1), draws.mean(axis=0)
    seen, expected = float(observed.sum()), float(sums.mean())
    low, high = np.percentile(sums, [2.5, 97.5]) / expected if expected > 0 else (0.0, math.inf)
    chance = float(sums.std()) / expected if expected > 0 else math.inf
    spread = max(_spread(observed, by_block), chance)
    return Ratio(seen, expected, float(low), float(high), *interval(seen / max(expected, 1e-9), spread))


def interval(ratio: float, spread: float) -> tuple[float, float]:
    """Return the 95 % interval of a ratio whose logarithm has the standard error `spread`."""
    if ratio <= 0 or math.isinf(spread):
        return 0.0, math.inf
    return ratio * math.exp(-Z_95 * spread), ratio * math.exp(Z_95 * spread)


def _spread(observed: Floats, expected: Floats) -> float:
    """Return the standard error of the log ratio of sums over independent blocks (linearised)."""
    used = (observed > 0) | (expected > 0)
    if used.sum() < 5 or not expected.sum() > 0 or not observed.sum() > 0:
        return math.inf
    ratio = float(observed.sum() / expected.sum())
    rest = observed[used] - ratio * expected[used]
    count = int(used.sum())
    return math.sqrt(float((rest**2).sum()) * count / (count - 1)) / float(observed.sum())


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values that hold for all questions together (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    raised = [(len(p) - rank) * p[number] for rank, number in enumerate(order)]
    kept = np.minimum(np.maximum.accumulate(raised), 1.0) if raised else np.empty(0)
    out = np.empty(len(p))
    out[order] = kept
    return [round(float(value), 12) for value in out]


def false_discovery(p: Sequence[float], share: float) -> list[bool]:
    """Return which are discoveries, of which on average `share` are false (Benjamini & Hochberg 1995)."""
    values = np.asarray(p, np.float64)
    ranked = np.sort(values)
    under = np.flatnonzero(ranked <= share * np.arange(1, values.size + 1) / max(values.size, 1))
    if under.size == 0:
        return [False] * values.size
    return [bool(value <= ranked[under[-1]]) for value in values]
