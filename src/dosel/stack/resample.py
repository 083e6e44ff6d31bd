"""Values of a source raster on the pixels of the grid: pure, and the same however the grid is tiled.

Where the centre of a grid pixel lies in the source is computed on a lattice of every 32nd pixel *of the
whole projection* and interpolated between (within a hundredth of a pixel between map projections). A
pixel's value therefore depends neither on its tile nor on the window that was read, which warpers with
a tolerance per chunk do not promise.

Examples
--------
>>> from affine import Affine
>>> fine, grid = Affine(10, 0, 0, 0, -10, 0), Affine(20, 0, 0, 0, -20, 0)
>>> ratio = pixel_ratio(fine, (2, 4), 20.0)
>>> ratio
(2.0, 2.0)
>>> here = locate((0, 0), (1, 2), grid, fine, None, ratio)
>>> average(np.array([[1, 3, 5, 5], [1, 3, 5, np.nan]], np.float32), (0, 0), here).tolist()
[[2.0, 5.0]]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy as np
from affine import Affine
from numba import njit
from numpy.typing import NDArray

STEP: Final = 32
"""Distance of the lattice nodes in grid pixels."""

FINER: Final = 1.5
"""A source with more pixels than this along the side of a grid pixel is averaged."""

_TIE: Final = 1e-6
"""Source pixels by which a centre on an edge is moved, so that rounding errors cannot choose."""

Transform = Callable[[NDArray[np.float64], NDArray[np.float64]], tuple[Any, Any]]
"""Projected x, y in one CRS to x, y in another."""


class Resampling(Enum):
    """How values come onto the grid; the text is what a plan prints."""

    ALIGNED = "read as it is"
    NEAREST = "nearest"
    BILINEAR = "bilinear"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class PixelMap:
    """Where the centres of a rectangle of grid pixels lie in a source raster."""

    x: NDArray[np.float64]
    """(node y, node x) source column of each node; pixel k covers k to k + 1."""
    y: NDArray[np.float64]
    """(node y, node x) source row of each node."""
    start: tuple[int, int]
    """Row and column of the first pixel behind the first node."""
    shape: tuple[int, int]
    """Rows and columns of the rectangle."""
    ratio: tuple[float, float]
    """Source pixels along the height and the width of a grid pixel; one number for the whole raster."""

    def reach(self, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
        """Return the source window (row, col, rows, cols) that the rectangle needs, None for none.

        `size` are the rows and columns of the source.
        """
        down, right = self.ratio
        inside = [np.isfinite(self.x) & np.isfinite(self.y)]
        if not inside[0].any():
            return None
        xs, ys = self.x[inside[0]], self.y[inside[0]]
        margin_y, margin_x = math.ceil(down) + 2, math.ceil(right) + 2
        row0 = max(math.floor(ys.min()) - margin_y, 0)
        col0 = max(math.floor(xs.min()) - margin_x, 0)
        row1 = min(math.ceil(ys.max()) + margin_y, size[0])
        col1 = min(math.ceil(xs.max()) + margin_x, size[1])
        return (row0, col0, row1 - row0, col1 - col0) if row1 > row0 and col1 > col0 else None


def choose(ratio: float, *, is_mask: bool) -> Resampling:
    """Return how a raster with `ratio` of its pixels along a grid pixel comes onto the grid.

    Examples
    --------
    >>> [choose(ratio, is_mask=False).value for ratio in (0.5, 1.0, 3.0)]
    ['bilinear', 'bilinear', 'average']
    >>> choose(0.5, is_mask=True).value
    'nearest'
    """
    if ratio > FINER:
        return Resampling.AVERAGE
    return Resampling.NEAREST if is_mask else Resampling.BILINEAR


def pixel_ratio(
    source: Affine, size: tuple[int, int], resolution_m: float, to_grid: Transform | None = None
) -> tuple[float, float]:
    """Return how many source pixels lie along the height and the width of a grid pixel.

    It is taken in the middle of the source (`size` rows and columns), so that it is one number for the
    whole raster whatever is read of it; `to_grid` goes from the source's CRS to the grid's.
    """
    row, col = size[0] / 2, size[1] / 2
    x, y = source * (np.array([col, col + 1.0, col]), np.array([row, row, row + 1.0]))
    if to_grid is not None:
        x, y = (np.asarray(part, np.float64) for part in to_grid(x, y))
    right, down = math.hypot(x[1] - x[0], y[1] - y[0]), math.hypot(x[2] - x[0], y[2] - y[0])
    return round(resolution_m / down, 6), round(resolution_m / right, 6)


def locate(
    first: tuple[int, int],
    shape: tuple[int, int],
    grid: Affine,
    source: Affine,
    to_source: Transform | None = None,
    ratio: tuple[float, float] = (1.0, 1.0),
) -> PixelMap:
    """Return where a rectangle of grid pixels lies in a source raster.

    Parameters
    ----------
    first
        Row and column of its first pixel over the whole projection.
    shape
        Its rows and columns.
    grid
        (col, row) over the whole projection to projected x, y.
    source
        (col, row) of the source to x, y in its CRS.
    to_source
        From the grid's CRS to the source's; None where they are the same.
    ratio
        Source pixels along the height and the width of a grid pixel, of :func:`pixel_ratio`.
    """
    row0, col0 = first[0] // STEP, first[1] // STEP
    rows = np.arange(row0, (first[0] + shape[0] - 1) // STEP + 2) * STEP + 0.5
    cols = np.arange(col0, (first[1] + shape[1] - 1) // STEP + 2) * STEP + 0.5
    x, y = (np.ascontiguousarray(part) for part in grid * tuple(np.meshgrid(cols, rows)))
    if to_source is not None:
        x, y = (np.asarray(part, np.float64) for part in to_source(x, y))
    source_x, source_y = ~source * (x, y)
    start = (first[0] - row0 * STEP, first[1] - col0 * STEP)
    return PixelMap(np.asarray(source_x), np.asarray(source_y), start, shape, ratio)


def nearest(source: NDArray[Any], origin: tuple[int, int], here: PixelMap, fill: Any) -> NDArray[Any]:
    """Return the source pixel under each centre, in the source's type; `fill` outside.

    `source` is a window of the raster whose first pixel has the row and column `origin`.
    """
    out = np.full(here.shape, fill, source.dtype)
    _nearest(source, origin, here.x, here.y, here.start, out)
    return out


def bilinear(source: NDArray[np.float32], origin: tuple[int, int], here: PixelMap) -> NDArray[np.float32]:
    """Return values between the four source pixels around; NaN where the nearest of them is NaN."""
    out = np.full(here.shape, np.nan, np.float32)
    _bilinear(source, origin, here.x, here.y, here.start, out)
    return out


def average(source: NDArray[np.float32], origin: tuple[int, int], here: PixelMap) -> NDArray[np.float32]:
    """Return the mean of the source under each grid pixel, by area; NaN where less than half is valid."""
    out = np.full(here.shape, np.nan, np.float32)
    _average(source, origin, here.x, here.y, here.start, here.ratio, out)
    return out


@njit(inline="always")
def _between(nodes: NDArray[np.float64], row: int, col: int) -> float:
    """Return a node coordinate interpolated at a pixel counted from the first node."""
    i, j = row // STEP, col // STEP
    v, u = (row - i * STEP) / STEP, (col - j * STEP) / STEP
    top = nodes[i, j] + u * (nodes[i, j + 1] - nodes[i, j])
    low = nodes[i + 1, j] + u * (nodes[i + 1, j + 1] - nodes[i + 1, j])
    return float(top + v * (low - top))


@njit(cache=True, nogil=True)
def _nearest(
    source: NDArray[Any],
    origin: tuple[int, int],
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    start: tuple[int, int],
    out: NDArray[Any],
) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            x = _between(xs, i + start[0], j + start[1])
            y = _between(ys, i + start[0], j + start[1])
            if not (abs(x) < 1e9 and abs(y) < 1e9):
                continue
            col, row = math.floor(x + _TIE) - origin[1], math.floor(y + _TIE) - origin[0]
            if 0 <= row < source.shape[0] and 0 <= col < source.shape[1]:
                out[i, j] = source[row, col]


@njit(cache=True, nogil=True)
def _bilinear(
    source: NDArray[np.float32],
    origin: tuple[int, int],
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    start: tuple[int, int],
    out: NDArray[np.float32],
) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            x = _between(xs, i + start[0], j + start[1])
            y = _between(ys, i + start[0], j + start[1])
            if abs(x) < 1e9 and abs(y) < 1e9:
                out[i, j] = _blend(source, y - origin[0], x - origin[1])


@njit(inline="always")
def _blend(source: NDArray[np.float32], y: float, x: float) -> float:
    """Return the value at a place of the window, from the valid ones of four pixels."""
    row, col = math.floor(y + _TIE), math.floor(x + _TIE)
    if not (0 <= row < source.shape[0] and 0 <= col < source.shape[1]) or np.isnan(source[row, col]):
        return np.nan
    top, left = math.floor(y - 0.5 + _TIE), math.floor(x - 0.5 + _TIE)
    total, weight = 0.0, 0.0
    for m in range(2):
        for n in range(2):
            r, c = top + m, left + n
            if 0 <= r < source.shape[0] and 0 <= c < source.shape[1] and not np.isnan(source[r, c]):
                w = (1.0 - abs(y - 0.5 - r)) * (1.0 - abs(x - 0.5 - c))
                total += w * source[r, c]
                weight += w
    return total / weight if weight > _TIE else np.float64(source[row, col])


@njit(cache=True, nogil=True)
def _average(
    source: NDArray[np.float32],
    origin: tuple[int, int],
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    start: tuple[int, int],
    ratio: tuple[float, float],
    out: NDArray[np.float32],
) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            x = _between(xs, i + start[0], j + start[1])
            y = _between(ys, i + start[0], j + start[1])
            if abs(x) < 1e9 and abs(y) < 1e9:
                out[i, j] = _mean(source, y - origin[0], x - origin[1], ratio)


@njit(inline="always")
def _mean(source: NDArray[np.float32], y: float, x: float, ratio: tuple[float, float]) -> float:
    """Return the mean over a box about a place of the window, by the area of each pixel in the box."""
    y0, y1, x0, x1 = y - ratio[0] / 2, y + ratio[0] / 2, x - ratio[1] / 2, x + ratio[1] / 2
    total, weight = 0.0, 0.0
    for row in range(max(math.floor(y0 + _TIE), 0), min(math.ceil(y1 - _TIE), source.shape[0])):
        high = min(y1, row + 1.0) - max(y0, float(row))
        for col in range(max(math.floor(x0 + _TIE), 0), min(math.ceil(x1 - _TIE), source.shape[1])):
            if not np.isnan(source[row, col]):
                area = high * (min(x1, col + 1.0) - max(x0, float(col)))
                total += area * source[row, col]
                weight += area
    return total / weight if weight >= 0.5 * ratio[0] * ratio[1] - _TIE else np.nan
