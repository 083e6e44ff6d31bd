"""Whether two activities share places more than their surroundings explain.

Everything is near the roads of a frontier, so activities that ignore each other still stand together. What
they share with their surroundings rises smoothly towards contact; what they seek in each other stands above
that rise. The pairs are counted in three rings of equal width, the innermost is contact. Draws scatter one
activity: its groups (points of one square parcel) move whole by a random step that is wide against the
rings. Observed over drawn is the excess of a ring, and the excess at contact is held against the straight
line, on a log scale, through the excess of the two outer rings:

    log ratio = excess 1 - (2 excess 2 - excess 3)

The same is done for every draw, whose excess is chance alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.context.converge.chance import Ratio, interval
from dosel.context.converge.events import Events, Floats, Ints
from dosel.context.converge.near import Index
from dosel.errors import InputError

RINGS: Final = 3
WEIGHTS: Final = np.array([1.0, -2.0, 1.0])
"""Of the excess of the rings in the log ratio."""
TRIES: Final = 20
"""Steps that a group tries before it stays, where strata are given."""

Strata = Callable[[Floats, Floats], Ints]
"""From places (x_m, y_m) to codes, of the distance to a road for example: a group keeps its code."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What near means in space, in metres."""

    within_m: float = 2_000.0
    """A pair stands no farther apart; also the width of the rings."""
    step_m: float = 8_000.0
    """Standard deviation of a random step, by axis."""
    parcel_m: float = 4_000.0
    """Side of the squares whose points move together."""
    block_m: float = 24_000.0
    """Side of the blocks that are independent of each other."""

    def __post_init__(self) -> None:
        if not 0 < self.within_m <= self.parcel_m <= self.block_m:
            raise InputError(
                f"reach: expected 0 < within <= parcel <= block, got {self.within_m:g}, {self.parcel_m:g}, "
                f"{self.block_m:g} m"
            )
        if self.step_m < 2 * self.within_m:
            raise InputError(
                f"reach: expected a step of at least twice {self.within_m:g} m, got {self.step_m:g} m"
            )

    @classmethod
    def near(cls, within_m: float) -> Reach:
        """Return the reach whose other lengths follow from the distance of a pair."""
        return cls(within_m, 4 * within_m, 2 * within_m, 12 * within_m)


@dataclass(frozen=True, slots=True)
class Placed:
    """Pairs by ring."""

    observed: Floats
    """(point, ring) pairs of every moved point where it truly stands."""
    draws: Floats
    """(draw, ring) pairs of all points where they were drawn."""
    seen: Floats
    """(cell,) pairs at contact by the cell of the fixed point."""
    drawn: NDArray[np.float32]
    """(draw, cell) the same where they were drawn."""

    def excess(self) -> Floats:
        """Return (ring,) observed over drawn."""
        return np.asarray(self.observed.sum(axis=0) / np.maximum(self.draws.mean(axis=0), 1e-9))

    def lift(self) -> float:
        """Return what the surroundings explain at contact, over drawn; at least 1."""
        excess = self.excess()
        return float(max(1.0, excess[1] ** 2 / excess[2])) if (excess > 0).all() else 1.0

    def log_ratios(self) -> tuple[float, Floats]:
        """Return the log ratio that was observed, and (draw,) those of chance."""
        expected = np.log(self.draws.mean(axis=0) + 0.5)
        observed = (np.log(self.observed.sum(axis=0) + 0.5) - expected) @ WEIGHTS
        return float(observed), np.asarray((np.log(self.draws + 0.5) - expected) @ WEIGHTS)


def place_pairs(
    fixed: Events,
    moved: Events,
    reach: Reach,
    cell: Ints,
    draws: int,
    seed: int,
    strata: Strata | None = None,
) -> Placed:
    """Return the pairs of two activities by ring and, at contact, by cell: observed and drawn.

    Parameters
    ----------
    cell
        (fixed point,) number of the cell that holds it, from 0.
    """
    index = Index.of(fixed.x_m, fixed.y_m, reach.within_m)
    cells, width = int(cell.max(initial=-1)) + 1, reach.within_m

    def by_cell(x_m: Floats, y_m: Floats) -> Floats:
        return np.bincount(cell, index.tally(x_m, y_m, width), minlength=cells).astype(np.float64)

    by_ring, drawn = np.zeros((draws, RINGS)), np.zeros((draws, cells), np.float32)
    for number, (x, y) in enumerate(scatter(moved, reach, draws, seed, strata)):
        by_ring[number] = index.rings(x, y, width, RINGS).sum(axis=0)
        drawn[number] = by_cell(x, y)
    observed = index.rings(moved.x_m, moved.y_m, width, RINGS).astype(np.float64)
    return Placed(observed, by_ring, by_cell(moved.x_m, moved.y_m), drawn)


def scatter(
    moved: Events, reach: Reach, draws: int, seed: int, strata: Strata | None = None
) -> Iterator[tuple[Floats, Floats]]:
    """Yield the places (x_m, y_m) of the moved points, once a draw; the points of a parcel keep together."""
    rng = np.random.default_rng([seed, 1])
    parcels = squares(moved.x_m, moved.y_m, reach.parcel_m)
    _, group, size = np.unique(parcels, axis=0, return_inverse=True, return_counts=True)
    middle = np.stack([np.bincount(group, part) / size for part in (moved.x_m, moved.y_m)])
    codes = None if strata is None else strata(middle[0], middle[1])
    for _ in range(draws):
        step = rng.normal(0.0, reach.step_m, middle.shape)
        if strata is not None and codes is not None:
            step = _alike(middle, step, (strata, codes), reach.step_m, rng)
        yield moved.x_m + step[0][group], moved.y_m + step[1][group]


def _alike(
    middle: Floats, step: Floats, kinds: tuple[Strata, Ints], step_m: float, rng: np.random.Generator
) -> Floats:
    """Return steps that end in the stratum they began in; a group that finds none in TRIES stays."""
    strata, codes = kinds
    for _ in range(TRIES):
        lost = np.flatnonzero(strata(*(middle + step)) != codes)
        if lost.size == 0:
            return step
        step[:, lost] = rng.normal(0.0, step_m, (2, lost.size))
    step[:, strata(*(middle + step)) != codes] = 0.0
    return step


def gridded(strata: Strata, bounds: tuple[float, float, float, float], side_m: float) -> Strata:
    """Return strata that are asked once for each square of a lattice, and looked up from then on.

    Parameters
    ----------
    bounds
        Least x and y, greatest x and y, in metres; beyond them the nearest square answers.

    Examples
    --------
    >>> east = gridded(lambda x, y: (x > 50).astype(np.int64), (0, 0, 100, 100), 10.0)
    >>> east(np.array([12.0, 55.0, 400.0]), np.array([5.0, 5.0, -90.0])).tolist()
    [0, 1, 1]
    """
    shape = (max(1, round((bounds[k + 2] - bounds[k]) / side_m)) for k in (1, 0))
    rows, cols = shape
    y, x = np.meshgrid((np.arange(rows) + 0.5) * side_m, (np.arange(cols) + 0.5) * side_m, indexing="ij")
    known = strata(x.ravel() + bounds[0], y.ravel() + bounds[1]).reshape(rows, cols)

    def looked_up(x_m: Floats, y_m: Floats) -> Ints:
        row = np.clip((y_m - bounds[1]) // side_m, 0, rows - 1).astype(np.int64)
        col = np.clip((x_m - bounds[0]) // side_m, 0, cols - 1).astype(np.int64)
        return np.asarray(known[row, col])

    return looked_up


def squares(x_m: Floats, y_m: Floats, side_m: float) -> Ints:
    """Return (point, 2) row and column of the square of a lattice through the projection's origin.

    Examples
    --------
    >>> squares(np.array([-1.0, 25.0]), np.array([0.0, 10.0]), 10.0).tolist()
    [[0, -1], [1, 2]]
    """
    return np.stack([np.floor(y_m / side_m), np.floor(x_m / side_m)], axis=-1).astype(np.int64)


def ratio_of_place(placed: Placed, block: Ints) -> Ratio:
    """Return the ratio of pairs at contact to those that the surroundings explain.

    Parameters
    ----------
    placed
        Of the moved points.
    block
        (point,) number of the block that holds it, from 0.
    """
    log_ratio, chance = placed.log_ratios()
    seen = float(placed.observed[:, 0].sum())
    low, high = np.exp(np.percentile(chance, [2.5, 97.5]))
    spread = max(_spread(placed.observed, block), float(chance.std()))
    return Ratio(
        seen, seen / math.exp(log_ratio), float(low), float(high), *interval(math.exp(log_ratio), spread)
    )


def _spread(observed: Floats, block: Ints) -> float:
    """Return the standard error of the log ratio over blocks (linearised); infinite below five blocks."""
    by_block = np.stack([np.bincount(block, observed[:, ring]) for ring in range(RINGS)], axis=1)
    used = by_block[by_block.sum(axis=1) > 0]
    count = len(used)
    if count < 5 or (used.sum(axis=0) == 0).any():
        return math.inf
    pulls = (used / used.sum(axis=0)) @ WEIGHTS
    return math.sqrt(float((pulls**2).sum()) * count / (count - 1))
