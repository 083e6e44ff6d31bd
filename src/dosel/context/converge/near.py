"""Points near points: an index by square cells, and the pairs within a distance.

Distances are plane metres; a pair at exactly the distance counts.

Examples
--------
>>> import numpy as np
>>> x, y = np.array([0.0, 3.0, 10.0]), np.zeros(3)
>>> index = Index.of(x, y, 4.0)
>>> index.rings(np.array([0.0]), np.zeros(1), 4.0, 3).tolist()
[[2, 0, 1]]
>>> [part.tolist() for part in index.pairs(np.array([1.0, 11.0]), np.zeros(2), 2.0)]
[[0, 0, 1], [0, 1, 2]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba as nb
import numpy as np

from dosel.context.converge.events import Floats, Ints

MOST_CELLS: Final = 4_000_000
"""Cells of an index; beyond it they grow."""


@dataclass(frozen=True, slots=True)
class Index:
    """Points, sorted by the square cell that holds them."""

    origin: tuple[float, float]
    cell_m: float
    shape: tuple[int, int]
    starts: Ints
    """(cell + 1,) where the points of a cell begin."""
    x_m: Floats
    """(point,) in the order of cells."""
    y_m: Floats
    number: Ints
    """(point,) position in the arrays that were given."""

    @classmethod
    def of(cls, x_m: Floats, y_m: Floats, cell_m: float) -> Index:
        """Return the index of points (point,), with cells of about `cell_m`."""
        if x_m.size == 0:
            nothing = np.empty(0)
            return cls(
                (0.0, 0.0), cell_m, (1, 1), np.zeros(2, np.int64), nothing, nothing, np.empty(0, np.int64)
            )
        origin = float(x_m.min()), float(y_m.min())
        span = float(x_m.max()) - origin[0], float(y_m.max()) - origin[1]
        cell_m = max(cell_m, (span[0] * span[1] / MOST_CELLS) ** 0.5, max(span) / MOST_CELLS)
        shape = int(span[1] / cell_m) + 1, int(span[0] / cell_m) + 1
        row = ((y_m - origin[1]) / cell_m).astype(np.int64)
        col = ((x_m - origin[0]) / cell_m).astype(np.int64)
        key = row * shape[1] + col
        order = np.argsort(key, kind="stable")
        starts = np.searchsorted(key[order], np.arange(shape[0] * shape[1] + 1))
        return cls(origin, cell_m, shape, starts.astype(np.int64), x_m[order], y_m[order], order)

    def rings(self, x_m: Floats, y_m: Floats, width_m: float, number: int) -> Ints:
        """Return (place, ring) how many points lie in each of `number` rings of equal width around places."""
        out = np.zeros((x_m.size, number), np.int64)
        _rings(self._grid(), (self.starts, self.x_m, self.y_m), (x_m, y_m), width_m, out)
        return out

    def tally(self, x_m: Floats, y_m: Floats, within_m: float) -> Ints:
        """Return (point,) how many of the places lie within a distance of every point, in the order given."""
        out = np.zeros(self.x_m.size, np.int64)
        _tally(self._grid(), (self.starts, self.x_m, self.y_m), (x_m, y_m), within_m, out)
        by_point = np.empty_like(out)
        by_point[self.number] = out
        return by_point

    def pairs(self, x_m: Floats, y_m: Floats, within_m: float) -> tuple[Ints, Ints]:
        """Return (pair,) place and (pair,) point of every pair within a distance, sorted."""
        total = int(self.rings(x_m, y_m, within_m, 1).sum())
        place, point = np.empty(total, np.int64), np.empty(total, np.int64)
        points = (self.starts, self.x_m, self.y_m)
        _list(self._grid(), points, (x_m, y_m), within_m, (place, point))
        point = self.number[point] if total else point
        order = np.lexsort((point, place))
        return place[order], point[order]

    def _grid(self) -> tuple[float, float, float, int, int]:
        return (*self.origin, self.cell_m, *self.shape)


@nb.njit(nogil=True, cache=True)
def _reach(low: Any, high: Any, origin: Any, cell: Any, size: Any) -> Any:
    """Return the first cell and the one after the last that a span of a coordinate touches."""
    first = int(np.floor((low - origin) / cell))
    last = int(np.floor((high - origin) / cell))
    return max(first, 0), min(last + 1, size)


@nb.njit(nogil=True, cache=True)
def _rings(grid: Any, points: Any, places: Any, width: Any, out: Any) -> None:
    """Add the points in rings of equal width around every place; a limit belongs to the inner ring."""
    x0, y0, cell, rows, cols = grid
    starts, px, py = points
    number = out.shape[1]
    reach = width * number
    for i in range(out.shape[0]):
        x, y = places[0][i], places[1][i]
        row0, row1 = _reach(y - reach, y + reach, y0, cell, rows)
        col0, col1 = _reach(x - reach, x + reach, x0, cell, cols)
        if col0 >= col1:
            continue
        for row in range(row0, row1):
            for k in range(starts[row * cols + col0], starts[row * cols + col1]):
                square = (px[k] - x) ** 2 + (py[k] - y) ** 2
                if square <= reach * reach:
                    ring = 0
                    while square > (width * (ring + 1)) ** 2:
                        ring += 1
                    out[i, ring] += 1


@nb.njit(nogil=True, cache=True)
def _tally(grid: Any, points: Any, places: Any, within: Any, out: Any) -> None:
    """Add to every point the places within a distance."""
    x0, y0, cell, rows, cols = grid
    starts, px, py = points
    for i in range(places[0].size):
        x, y = places[0][i], places[1][i]
        row0, row1 = _reach(y - within, y + within, y0, cell, rows)
        col0, col1 = _reach(x - within, x + within, x0, cell, cols)
        if col0 >= col1:
            continue
        for row in range(row0, row1):
            for k in range(starts[row * cols + col0], starts[row * cols + col1]):
                if (px[k] - x) ** 2 + (py[k] - y) ** 2 <= within * within:
                    out[k] += 1


@nb.njit(nogil=True, cache=True)
def _list(grid: Any, points: Any, places: Any, within: Any, out: Any) -> None:
    """Write place and point of every pair within a distance."""
    x0, y0, cell, rows, cols = grid
    starts, px, py = points
    filled = 0
    for i in range(places[0].size):
        x, y = places[0][i], places[1][i]
        row0, row1 = _reach(y - within, y + within, y0, cell, rows)
        col0, col1 = _reach(x - within, x + within, x0, cell, cols)
        if col0 >= col1:
            continue
        for row in range(row0, row1):
            for k in range(starts[row * cols + col0], starts[row * cols + col1]):
                if (px[k] - x) ** 2 + (py[k] - y) ** 2 <= within * within:
                    out[0][filled], out[1][filled] = i, k
                    filled += 1
