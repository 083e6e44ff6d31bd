"""The level up to which each pixel belongs to a large enough group: all thresholds in one pass.

The area opening of an image: a pixel's value becomes the highest level at which it belongs to a
corner-connected group of at least `least` pixels at or above that level. So the alerts that any threshold
would have made stand in one array.

References
----------
Vincent 1993, Grayscale area openings and closings; union-find after Najman & Couprie 2006.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


def area_opening(level: NDArray[np.int16], least: int) -> NDArray[np.int16]:
    """Return the opened levels of (y, x) `level`; 0 where no group reaches `least` pixels above 0.

    Examples
    --------
    >>> area_opening(np.array([[5, 3, 0, 9]], np.int16), 2).tolist()
    [[3, 3, 0, 0]]
    """
    out = np.zeros_like(level)
    _open(np.ascontiguousarray(level), least, _descending(level), out.reshape(-1))
    return out


def group_counts(level: NDArray[np.int16], marks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many corner-connected groups stand at or above each of `marks` (falling or not).

    Examples
    --------
    >>> group_counts(np.array([[5, 3, 0, 9]], np.int16), np.array([2, 4, 10])).tolist()
    [2, 2, 0]
    """
    counts = _open(np.ascontiguousarray(level), 1, _descending(level), np.zeros(level.size, np.int16))
    order = np.sort(level[level > 0].reshape(-1))[::-1]
    reached = np.searchsorted(-order, -np.asarray(marks), side="right")
    return np.append(0, counts)[reached]


def _descending(level: NDArray[np.int16]) -> NDArray[np.int64]:
    """Return the pixels above 0, highest first, ties in reading order."""
    flat = level.reshape(-1)
    pixels = np.flatnonzero(flat > 0)
    return pixels[np.argsort(-flat[pixels].astype(np.int32), kind="stable")]


@njit(nogil=True, cache=True)
def _root(parent: Any, x: int) -> int:
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


@njit(nogil=True, cache=True)
def _fill(head: int, after: Any, level: int, out: Any) -> None:
    """Give every member of a group that has just become large its level."""
    x = head
    while True:
        out[x] = level
        x = after[x]
        if x == head:
            return


@njit(nogil=True, cache=True)
def _join(a: int, b: int, level: int, least: int, groups: Any, out: Any) -> int:
    """Join two groups by their roots; return by how much the number of large groups grows."""
    parent, after, size = groups
    one, other = size[a] >= least, size[b] >= least
    large = -1 if one and other else 0
    if size[a] + size[b] >= least:
        large += 0 if one or other else 1
        if not one:
            _fill(a, after, level, out)
        if not other:
            _fill(b, after, level, out)
    after[a], after[b] = after[b], after[a]
    parent[b] = a
    size[a] += size[b]
    return large


@njit(nogil=True, cache=True)
def _open(level: Any, least: int, order: Any, out: Any) -> Any:
    """Enter pixels from the highest down; return the number of large groups after each."""
    height, width = level.shape
    flat = level.reshape(-1)
    parent = np.full(flat.size, -1, np.int64)
    groups = (parent, np.arange(flat.size), np.ones(flat.size, np.int64))
    counts = np.zeros(order.size, np.int64)
    large = 0
    for number in range(order.size):
        x = order[number]
        parent[x] = x
        if least <= 1:
            out[x] = flat[x]
            large += 1
        row, col = x // width, x % width
        for r in range(max(row - 1, 0), min(row + 2, height)):
            for c in range(max(col - 1, 0), min(col + 2, width)):
                y = r * width + c
                if parent[y] >= 0 and _root(parent, x) != _root(parent, y):
                    large += _join(_root(parent, x), _root(parent, y), flat[x], least, groups, out)
        counts[number] = large
    return counts
