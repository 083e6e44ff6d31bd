"""Protocol of the Sentinel-1 VH points: data, scores, folds, thresholds, intervals (proof O).

History is what was seen before ``ref_before`` - 365 d; from then on the points are monitored without reset.
The score of a point is the largest running evidence over ``ref_after`` <= date <= ``ref_after`` + 120 d, 0
without a look. Thresholds come from training folds of 1-degree cells: the best overall accuracy (OA), and the
one that keeps 99.5 % of the stable points silent (PA995 is the share of clearings above it).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.model.time import day_of, iso_day

YEAR_DAYS = 365
WINDOW_DAYS = 120
SILENT = 0.995
FOLDS = 10

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reference:
    """The labelled points; every array is (point,)."""

    ids: tuple[str, ...]
    deforested: Bools
    before: Ints
    """Day of the last image without clearing."""
    after: Ints
    """Day of the first image with it."""
    cell: Ints
    """Number of the 1-degree cell."""

    @property
    def start(self) -> Ints:
        """First monitored day."""
        return self.before - YEAR_DAYS

    def of(self, chosen: Bools) -> Reference:
        """Return some of the points; cells are numbered anew."""
        ids = tuple(name for name, keep in zip(self.ids, chosen, strict=True) if keep)
        cell = np.unique(self.cell[chosen], return_inverse=True)[1]
        return Reference(ids, self.deforested[chosen], self.before[chosen], self.after[chosen], cell)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Running scores of looks; `point` counts in a Reference's order, days rise within a point."""

    point: Ints
    day: Ints
    nats: Floats


def read_reference(path: Path) -> Reference:
    """Read points.csv."""
    with path.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    lon, lat = (np.floor([float(row[name]) for row in rows]).astype(int) for name in ("lon", "lat"))
    return Reference(
        tuple(row["id"] for row in rows),
        np.array([row["class"] == "deforested" for row in rows]),
        np.array([day_of(row["ref_before"]) for row in rows], np.int64),
        np.array([day_of(row["ref_after"]) for row in rows], np.int64),
        np.unique(lon * 1000 + lat, return_inverse=True)[1],
    )


def write_starts(reference: Reference, path: Path) -> None:
    """Write the STARTS file of ``dosel points``."""
    lines = [
        f"{name},{iso_day(int(day))}\n" for name, day in zip(reference.ids, reference.start, strict=True)
    ]
    path.write_text("id,start\n" + "".join(lines), encoding="utf-8")


def window_score(evidence: Evidence, reference: Reference) -> Floats:
    """Return each point's largest evidence in its window, 0 without a look."""
    after = reference.after[evidence.point]
    inside = (evidence.day >= after) & (evidence.day <= after + WINDOW_DAYS)
    score = np.zeros(len(reference.ids))
    np.maximum.at(score, evidence.point[inside], evidence.nats[inside])
    return score


def folds(cell: Ints, count: int, seed: int) -> Ints:
    """Return each point's fold; a cell is never split."""
    rng = np.random.default_rng(seed)
    order = np.empty(cell.max() + 1, np.int64)
    order[rng.permutation(len(order))] = np.arange(len(order)) % count
    return order[cell]


def best_threshold(score: Floats, deforested: Bools) -> float:
    """Return the threshold of best overall accuracy: change is a score above it."""
    order = np.argsort(score, kind="stable")
    s, y = score[order], deforested[order]
    right = np.cumsum(~y) + y.sum() - np.cumsum(y)
    right = np.where(np.append(s[1:] > s[:-1], True), right, -1)
    best = int(np.argmax(right))
    return float((s[best] + s[min(best + 1, len(s) - 1)]) / 2)


def silent_threshold(score: Floats, deforested: Bools) -> float:
    """Return the threshold above which 0.5 % of the stable points lie."""
    return float(np.quantile(score[~deforested], SILENT, method="higher"))


def called(score: Floats, reference: Reference, seed: int) -> tuple[Bools, Bools]:
    """Return what the thresholds of the other folds call change: (best OA, 99.5 % silent)."""
    fold = folds(reference.cell, FOLDS, seed)
    best, silent = np.zeros(len(score), bool), np.zeros(len(score), bool)
    for number in range(FOLDS):
        train, test = fold != number, fold == number
        y = reference.deforested[train]
        best[test] = score[test] > best_threshold(score[train], y)
        silent[test] = score[test] > silent_threshold(score[train], y)
    return best, silent


@dataclass(frozen=True, slots=True)
class Accuracy:
    """OA, PA995 and the share of stable points above the 99.5 % threshold, each with a 95 % interval."""

    oa: float
    pa995: float
    stable: float
    oa_interval: tuple[float, float]
    pa995_interval: tuple[float, float]
    stable_interval: tuple[float, float]


def accuracy(calls: list[tuple[Bools, Bools]], reference: Reference, draws: int = 1000) -> Accuracy:
    """Return the mean over the calls of several seeds, and intervals from resampled cells."""
    y, cells = reference.deforested, reference.cell.max() + 1
    best = np.mean([(best == y) for best, _ in calls], axis=0)
    silent = np.mean([silent for _, silent in calls], axis=0)
    sums = [
        np.bincount(reference.cell, weight, cells)
        for weight in (np.ones(len(y)), best, 1.0 * y, silent * y, 1.0 * ~y, silent * ~y)
    ]
    times = np.random.default_rng(0).multinomial(cells, np.full(cells, 1 / cells), size=draws)
    drawn = [times @ column for column in sums]
    figures, intervals = [], []
    for over, part in ((0, 1), (2, 3), (4, 5)):
        figures.append(float(sums[part].sum() / sums[over].sum()))
        low, high = np.quantile(drawn[part] / drawn[over], [0.025, 0.975])
        intervals.append((float(low), float(high)))
    return Accuracy(*figures, *intervals)


def first_crossing(evidence: Evidence, reference: Reference, threshold: Floats) -> Ints:
    """Return each point's first day from ``ref_before`` on above its threshold, else a far day."""
    over = (evidence.day >= reference.before[evidence.point]) & (evidence.nats > threshold[evidence.point])
    first = np.full(len(reference.ids), np.iinfo(np.int64).max // 2)
    np.minimum.at(first, evidence.point[over], evidence.day[over])
    return first


def crossings_a_year(evidence: Evidence, reference: Reference, threshold: float, chosen: Bools) -> float:
    """Return upward crossings per point and year in the 365 days before each ``ref_before``."""
    before = reference.before[evidence.point]
    inside = (evidence.day >= before - YEAR_DAYS) & (evidence.day < before) & chosen[evidence.point]
    point, over = evidence.point[inside], evidence.nats[inside] > threshold
    earlier = np.append(False, over[:-1] & (point[1:] == point[:-1])) if len(over) else over
    return float((over & ~earlier).sum() / chosen.sum())
