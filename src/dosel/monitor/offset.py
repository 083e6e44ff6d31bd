"""The pass's own offset: what rain and moisture add to a whole scene, from a lattice fixed in pixel numbers.

Every `LATTICE_PX`-th row and column of the whole projection is a lattice point, so the points, and the
offset, are the same however the area is tiled and in whatever order tiles are visited.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.scene import RefusedSceneError
from dosel.errors import SceneError
from dosel.model.codes import Refusal
from dosel.monitor.baseline import Baseline
from dosel.monitor.evidence import StreamModel
from dosel.monitor.kernel import lattice_points
from dosel.monitor.scalars import PLANE, SEASON_SHIFT, basis, season_shift
from dosel.stack.gridded import GriddedLook

LATTICE_PX = 8
"""Distance of lattice points, in pixels of the grid."""
MIN_POINTS = 100
"""Fewer valid lattice points than these do not make an offset."""
MOST_QUANTA = 1 << 17
"""Residuals beyond this are counted as this: four times what 16 bits can store."""


def lattice_residuals(
    look: GriddedLook,
    model: StreamModel,
    baseline: Baseline,
    watched: NDArray[np.uint8],
    origin: tuple[int, int],
    lattice_px: int = LATTICE_PX,
) -> NDArray[np.int32]:
    """Return value - level - season on the valid, watched lattice points of a tile, without its halo.

    Parameters
    ----------
    look
        The look over the tile; it must hold the model's stream.
    model, baseline
        Of the stream.
    watched
        (y + 2 halo, x + 2 halo), 1 where the analysis mask watches.
    origin
        Row and column of the tile's first pixel over the whole projection.
    lattice_px
        Distance of lattice points.

    Returns
    -------
    numpy.ndarray
        Residuals in quanta, in the stream's own direction; any number of them.
    """
    if model.stream not in look.streams:
        raise SceneError(f"look {look.look_id}: no stream {model.stream}, only {', '.join(look.streams)}")
    values = look.values[look.streams.index(model.stream)]
    halo = look.halo_px
    first = tuple((-start) % lattice_px + halo for start in origin)
    last = tuple(side - halo for side in values.shape)
    field = np.zeros(PLANE + 1, np.int32)
    field[SEASON_SHIFT] = season_shift(model)
    most = [len(range(a, b, lattice_px)) for a, b in zip(first, last, strict=True)]
    sample: NDArray[np.int32] = np.empty(most[0] * most[1], np.int32)
    stream = (baseline.level, baseline.season, baseline.inv_spread)
    where = (*first, *last, lattice_px)
    return sample[: lattice_points((values, watched), stream, field, basis(look.day), where, sample)]


class LatticePool:
    """Residuals of a pass's lattice as counts by value: as large for a country as for a tile.

    Parameters
    ----------
    samples
        Lattice residuals in quanta, in any order; held one at a time.

    Examples
    --------
    >>> pool = LatticePool([np.array([3, 9]), np.array([4])])
    >>> pool.size, pool.at(1)
    (3, 4)
    """

    def __init__(self, samples: Iterable[NDArray[np.int32]] = ()) -> None:
        self._counts: NDArray[np.int64] = np.zeros(2 * MOST_QUANTA + 1, np.int64)
        for sample in samples:
            self.add(sample)

    def add(self, sample: NDArray[np.int32]) -> None:
        """Add residuals; beyond :data:`MOST_QUANTA` they count as that."""
        places = np.clip(np.asarray(sample).reshape(-1), -MOST_QUANTA, MOST_QUANTA) + MOST_QUANTA
        self._counts += np.bincount(places, minlength=self._counts.size)

    @property
    def size(self) -> int:
        """Number of residuals."""
        return int(self._counts.sum())

    def at(self, rank: int) -> int:
        """Return the residual of that rank, from 0."""
        return int(np.searchsorted(np.cumsum(self._counts), rank, side="right")) - MOST_QUANTA

    def between(self, low: int, high: int) -> LatticePool:
        """Return the residuals from `low` to `high`, both included."""
        part = LatticePool()
        first, last = max(low + MOST_QUANTA, 0), max(high + MOST_QUANTA + 1, 0)
        part._counts[first:last] = self._counts[first:last]
        return part

    def turned(self) -> LatticePool:
        """Return the residuals times -1."""
        part = LatticePool()
        part._counts[:] = self._counts[::-1]
        return part

    def median(self) -> float:
        """Return the median; the mean of the two in the middle where their number is even."""
        size = self.size
        return (self.at((size - 1) // 2) + self.at(size // 2)) / 2


def pass_offset(
    samples: LatticePool | Iterable[NDArray[np.int32]],
    quantile: float = 0.5,
    min_points: int = MIN_POINTS,
    where: str = "",
) -> int:
    """Return the offset of a pass in quanta: the lower sample quantile of all lattice residuals.

    Parameters
    ----------
    samples
        Lattice residuals of the pass's tiles, in any order.
    quantile
        0.5, the median, bears up to half of the lattice changed. Where a baseline comes from the
        surroundings and much is already cleared, the quantile of the undisturbed forest.
    min_points
        Fewer points are refused.
    where
        Look and stream, for the message.

    Raises
    ------
    RefusedSceneError
        If too few points are valid; its refusal is :attr:`Refusal.OFFSET`.

    Examples
    --------
    >>> pass_offset([np.array([3, 9]), np.array([4])], min_points=3)
    4
    """
    pool = samples if isinstance(samples, LatticePool) else LatticePool(samples)
    size = pool.size
    if size < max(min_points, 1):
        prefix = f"{where}: " if where else ""
        raise RefusedSceneError(
            Refusal.OFFSET,
            f"{prefix}{Refusal.OFFSET.legend}: needs {min_points}, got {size}",
        )
    return pool.at(int(quantile * (size - 1)))


def pass_level(
    samples: LatticePool | Iterable[NDArray[np.int32]], min_points: int = MIN_POINTS, where: str = ""
) -> int:
    """Return the level of the undisturbed forest of a pass, where up to half may already be cleared.

    Mode from above: start at the 0.7 quantile; take the spread from the values above, the median of those
    within 1.5 spreads as the next level, to a fixed point. Residuals are turned so that clearing lowers them.

    Raises
    ------
    RefusedSceneError
        If too few points are valid; its refusal is :attr:`Refusal.OFFSET`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> values = np.concatenate([rng.normal(0, 50, 600), rng.normal(-250, 80, 400)]).astype(np.int32)
    >>> abs(pass_level([values])) < 10
    True
    """
    pool = samples if isinstance(samples, LatticePool) else LatticePool(samples)
    level = pass_offset(pool, 0.7, min_points, where)
    for _ in range(_LEVEL_ROUNDS):
        above = pool.between(level + 1, MOST_QUANTA)
        spread = 1.4826 * (above.median() - level) if above.size else 1.0
        reach = int(1.5 * max(spread, 1.0))
        fresh = _lower_median(pool.between(level - reach, level + reach))
        if fresh == level:
            break
        level = fresh
    return level


def _lower_median(pool: LatticePool) -> int:
    return pool.at((pool.size - 1) // 2)


_LEVEL_ROUNDS = 50
