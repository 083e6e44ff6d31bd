"""Whether two activities come in the same weeks, in the places they share.

All places stay, and with them everything about roads, rivers and soils. The days of one activity are
turned: in every block and window (a year) by a common random amount, in event time, which runs as fast as
the activity itself does in that window over the whole region. Kept are the season of the region, the number
in every block and window and the bursts within them; lost is only when a block's bursts come. A frontier
that advances from year to year, and clouds that lift over a whole region, are kept on both sides and do not
count as convergence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.context.converge.events import Events, Floats, Ints
from dosel.context.converge.near import Index
from dosel.context.converge.place import Reach, squares
from dosel.errors import InputError


@dataclass(frozen=True, slots=True)
class Spell:
    """What near means in time."""

    within_days: int = 30
    """A pair lies no farther apart."""
    window_days: float = 365.25
    """Days turn inside windows of this length, counted from 1970."""
    region_m: float = 48_000.0
    """Side of the squares that share one season."""

    def __post_init__(self) -> None:
        if not 0 < 4 * self.within_days <= self.window_days:
            raise InputError(
                f"spell: expected days from 1 to a quarter of the window ({self.window_days:g}), "
                f"got {self.within_days}"
            )
        if not self.region_m > 0:
            raise InputError(f"spell: expected a region above 0 m, got {self.region_m:g}")


@dataclass(frozen=True, slots=True)
class Timed:
    """Pairs near in place and time, by the cell of the fixed point."""

    seen: Floats
    """(cell,)"""
    drawn: NDArray[np.float32]
    """(draw, cell)"""


def moment_pairs(
    fixed: Events, moved: Events, reach: Reach, spell: Spell, cell: Ints, draws: int, seed: int
) -> Timed:
    """Return the pairs near in place and time of two dated activities, observed and drawn.

    Parameters
    ----------
    cell
        (fixed point,) number of the cell that holds it, from 0.
    """
    index = Index.of(fixed.x_m, fixed.y_m, reach.within_m)
    mine, theirs = index.pairs(moved.x_m, moved.y_m, reach.within_m)
    day, where, cells = fixed.day[theirs], cell[theirs], int(cell.max(initial=-1)) + 1

    def near(days: Ints) -> Floats:
        close = np.abs(days[mine] - day) <= spell.within_days
        return np.bincount(where[close], minlength=cells).astype(np.float64)

    drawn: NDArray[np.float32] = np.zeros((draws, cells), np.float32)
    for number, days in enumerate(turn(moved, reach.block_m, spell, draws, seed)):
        drawn[number] = near(days)
    return Timed(near(moved.day), drawn)


def turn(moved: Events, block_m: float, spell: Spell, draws: int, seed: int) -> Iterator[Ints]:
    """Yield the days (point,) of the moved points, once a draw; a block's days of a window turn together."""
    rng = np.random.default_rng([seed, 2])
    window = np.floor(moved.day / spell.window_days).astype(np.int64)
    clock, size = _numbered(squares(moved.x_m, moved.y_m, spell.region_m), window)
    group, groups = _numbered(squares(moved.x_m, moved.y_m, block_m), clock)
    order = np.lexsort((moved.day, clock))
    start = np.concatenate([[0], np.cumsum(size)])[clock]
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    days, around = moved.day[order], size[clock]
    for _ in range(draws):
        by = (rng.random(groups.size)[group] * around).astype(np.int64)
        yield days[start + (rank - start + by) % around]


def _numbered(places: Ints, also: Ints) -> tuple[Ints, Ints]:
    """Return (point,) number of its group of equal square and code, and (group,) how many points it has."""
    both = np.column_stack([places, also])
    _, number, size = np.unique(both, axis=0, return_inverse=True, return_counts=True)
    return number, size
