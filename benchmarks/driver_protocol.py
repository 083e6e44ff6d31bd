"""How causes are judged: folds by place, loss, calibration, and intervals of resampled cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from benchmarks.driver_labels import Examples
from numpy.typing import NDArray

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import Table

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FOLDS: Final = 10
INNER: Final = 5
DRAWS: Final = 1000
LEAST: Final = 1e-6
"""A probability is not taken below it, so that no single example decides a loss."""


def folds(cell: NDArray[np.int64], count: int, seed: int = 0) -> NDArray[np.int64]:
    """Deal whole cells to folds of about equal size, the largest first."""
    names, sizes = np.unique(cell, return_counts=True)
    shuffled = np.random.default_rng(seed).random(len(names))
    load, fold_of = np.zeros(count), np.zeros(len(names), np.int64)
    for number in np.lexsort((shuffled, -sizes)):
        fold_of[number] = int(load.argmin())
        load[fold_of[number]] += sizes[number]
    return fold_of[np.searchsorted(names, cell)]


def across(
    examples: Examples, fit: Callable[[Examples], Callable[[Examples], Floats]], seed: int = 0
) -> Floats:
    """Return shares of every example from a model that never saw its cell; shape ``(n, causes)``."""
    fold_of = folds(examples.cell, FOLDS, seed)
    shares = np.zeros((len(examples), len(Cause)))
    for number in range(FOLDS):
        model = fit(examples.of(fold_of != number))
        shares[fold_of == number] = model(examples.of(fold_of == number))
    return shares


def answered(table: Table) -> Callable[[Examples], Floats]:
    """Return the shares that the package itself answers with a table."""

    def answer(examples: Examples) -> Floats:
        rows = [table.probabilities(signs) for signs in examples.signs]
        return np.array([[row[cause] for cause in Cause] for row in rows]).reshape(-1, len(Cause))

    return answer


def losses(shares: Floats, cause: NDArray[np.int64]) -> Floats:
    """Return the log loss of each example, in nats."""
    own = shares[np.arange(len(cause)), cause]
    return -np.log(np.maximum(own, LEAST))


def against_rest(shares: Floats, cause: NDArray[np.int64], one: Cause) -> Floats:
    """Return the log loss of each example where the only question is whether it is `one`."""
    share = np.clip(shares[:, one], LEAST, 1 - LEAST)
    return -np.log(np.where(cause == one, share, 1 - share))


def named(shares: Floats, least: float = 0.5) -> NDArray[np.int64]:
    """Return the cause that is named: the most probable one where it reaches `least`, else UNKNOWN."""
    top = shares[:, 1:].argmax(1) + 1
    return np.where(shares[np.arange(len(top)), top] >= least, top, int(Cause.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and 95 % of its resampled values."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Say it with three digits."""
        return f"{self.value:.3f} [{self.low:.3f} to {self.high:.3f}]"


def interval(
    statistic: Callable[[NDArray[np.int64]], float], cell: NDArray[np.int64], seed: int = 0
) -> Interval:
    """Return a statistic of chosen examples with its interval over resampled cells."""
    draw = np.random.default_rng(seed)
    members = [np.flatnonzero(cell == each) for each in np.unique(cell)]
    found = []
    for _ in range(DRAWS):
        picked = np.concatenate([members[i] for i in draw.integers(0, len(members), len(members))])
        found.append(statistic(picked))
    low, high = np.nanquantile(found, (0.025, 0.975))
    return Interval(statistic(np.arange(len(cell))), float(low), float(high))


def mean(each: Floats, cell: NDArray[np.int64]) -> Interval:
    """Return the mean of a value of each example with its interval."""
    return interval(lambda chosen: float(np.mean(each[chosen])), cell)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one probability."""

    said: float
    """Mean probability that was said."""
    seen: float
    """Share that was so."""
    count: int


def reliability(said: Floats, was: Bools, count: int = 10) -> list[Bin]:
    """Return the calibration curve in bins of equal width."""
    number = np.minimum((said * count).astype(int), count - 1)
    chosen = [number == each for each in range(count) if (number == each).any()]
    return [Bin(float(said[each].mean()), float(was[each].mean()), int(each.sum())) for each in chosen]


def calibration_error(curve: list[Bin]) -> float:
    """Return the expected calibration error: the mean gap, weighted by count."""
    whole = sum(each.count for each in curve)
    return sum(abs(each.said - each.seen) * each.count for each in curve) / whole


def area_under(score: Floats, was: Bools) -> float:
    """Return the area under the ROC curve, ties counted half."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    _, tie, count = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.bincount(tie, ranks) / count)[tie]
    positive = int(was.sum())
    if positive in (0, len(was)):
        return float("nan")
    return float((ranks[was].sum() - positive * (positive + 1) / 2) / (positive * (len(was) - positive)))
