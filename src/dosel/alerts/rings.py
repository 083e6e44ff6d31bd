"""Outlines of runs: rings along pixel edges, as ragged arrays.

Every run has a left edge, walked south, and a right edge, walked north, so that the land lies to the left
of the walk: outer rings turn counter-clockwise on the map, holes clockwise. On each line between two pixel
rows the edges that end or begin there are paired in order of their column. Where two pixels touch at a corner
only, the walk stays with its own pixel; a ring that comes back to such a corner is cut in two there, so
that every ring is simple, as OGC Simple Features asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

_HEAD: Final = 0
_TAIL: Final = 1


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings of parts (edge-connected groups of runs), the outer ring of a part before its holes."""

    corners: NDArray[np.int32]
    """(corner, 2): column and row of pixel corners; the last corner of a ring repeats its first."""
    ring_corners: NDArray[np.int64]
    """(ring + 1): where each ring starts in `corners`."""
    part_rings: NDArray[np.int64]
    """(part + 1): where each part starts among the rings."""


def trace(triples: NDArray[np.int32], part_runs: NDArray[np.int64]) -> Rings:
    """Return the outlines of parts.

    Parameters
    ----------
    triples : array of int32
        (run, 3) of row, start, stop: part after part, within a part sorted by (row, start) and maximal.
        Runs of one part must be connected through pixel edges.
    part_runs : array of int64
        (part + 1): where each part starts in `triples`.

    Examples
    --------
    >>> rings = trace(np.array([[5, 2, 4]], np.int32), np.array([0, 1]))
    >>> rings.corners.tolist()
    [[2, 6], [4, 6], [4, 5], [2, 5], [2, 6]]
    """
    edges = 2 * len(triples)
    follow = np.empty(edges, np.int32)
    pinch = np.full((edges, 2), -1, np.int32)
    _link(triples, part_runs, follow, pinch)
    widest = int(np.diff(part_runs).max(initial=0))
    stack = np.empty((4 * widest + 1, 3), np.int32)
    corners = np.empty((3 * edges + 1, 2), np.int32)
    rings = np.empty((edges + 1, 3), np.int64)
    count = _walk(triples, part_runs, follow, pinch, stack, corners, rings)
    return _outer_first(corners, rings[:count], len(part_runs) - 1)


def _outer_first(corners: NDArray[np.int32], rings: NDArray[np.int64], parts: int) -> Rings:
    """Order the rings of each part: outer ring, then holes; rings are (stop corner, part, is a hole)."""
    stops = rings[:, 0]
    lengths = np.diff(stops, prepend=0)
    order = np.lexsort((rings[:, 2], rings[:, 1]))
    offsets = np.concatenate([[0], np.cumsum(lengths[order])])
    shift = np.repeat((stops - lengths)[order] - offsets[:-1], lengths[order])
    part_rings = np.searchsorted(rings[:, 1][order], np.arange(parts + 1))
    return Rings(corners[np.arange(offsets[-1]) + shift], offsets, part_rings)


@njit(cache=True, nogil=True)
def _x(triples: NDArray[np.int32], edge: int) -> int:
    """Return the column of an edge: 2 i is the left edge of run i, 2 i + 1 its right edge."""
    return int(triples[edge >> 1, 1 + (edge & 1)])


@njit(cache=True, nogil=True)
def _link(
    triples: NDArray[np.int32],
    part_runs: NDArray[np.int64],
    follow: NDArray[np.int32],
    pinch: NDArray[np.int32],
) -> None:
    """Find for every edge the one that follows it, and the corners where two pixels touch."""
    for part in range(len(part_runs) - 1):
        last = part_runs[part + 1]
        above = below = part_runs[part]
        while True:
            end = below
            while end < last and triples[end, 0] == triples[below, 0]:
                end += 1
            _link_line(triples, above, below, end, follow, pinch)
            if below == last:
                break
            above, below = below, end


@njit(cache=True, nogil=True)
def _link_line(
    triples: NDArray[np.int32],
    above: int,
    below: int,
    end: int,
    follow: NDArray[np.int32],
    pinch: NDArray[np.int32],
) -> None:
    """Pair the edges that meet the line between the runs [above, below) and [below, end)."""
    a, b = 2 * above, 2 * below
    pending = -1
    while a < 2 * below or b < 2 * end:
        order = _order(triples, a, 2 * below, b, 2 * end)
        if order == 0 and (a & 1) == (b & 1):  # straight on
            if a & 1:
                follow[b] = a
            else:
                follow[a] = b
            a += 1
            b += 1
            continue
        if order == 0:
            _mark(a, b, pinch)
        take_above = order < 0 or (order == 0 and (a & 1) == 1)
        edge = a if take_above else b
        if pending < 0:
            pending = edge
        else:
            _pair(pending, edge, 2 * below, follow)
            pending = -1
        if take_above:
            a += 1
        else:
            b += 1


@njit(cache=True, nogil=True)
def _order(triples: NDArray[np.int32], a: int, a_end: int, b: int, b_end: int) -> int:
    """Return -1, 0, 1 as the next edge above lies west of, at, or east of the next one below."""
    if a >= a_end:
        return 1
    if b >= b_end:
        return -1
    xa, xb = _x(triples, a), _x(triples, b)
    return -1 if xa < xb else int(xa > xb)


@njit(cache=True, nogil=True)
def _mark(a: int, b: int, pinch: NDArray[np.int32]) -> None:
    """Note the corner that edge `a` above and edge `b` below share: both end there or both begin there."""
    side = _TAIL if a & 1 else _HEAD
    pinch[a, side] = a
    pinch[b, side] = a


@njit(cache=True, nogil=True)
def _pair(one: int, other: int, below: int, follow: NDArray[np.int32]) -> None:
    """Let the edge that ends at this line be followed by the one that begins there."""
    ends = (one < below) == ((one & 1) == 0)
    if ends:
        follow[one] = other
    else:
        follow[other] = one


@njit(cache=True, nogil=True)
def _walk(
    triples: NDArray[np.int32],
    part_runs: NDArray[np.int64],
    follow: NDArray[np.int32],
    pinch: NDArray[np.int32],
    stack: NDArray[np.int32],
    corners: NDArray[np.int32],
    rings: NDArray[np.int64],
) -> int:
    """Walk every ring once; fill corners and rings (stop corner, part, is a hole); return the rings."""
    visited = np.zeros(len(follow), np.bool_)
    where = np.full((len(follow), 2), -1, np.int32)
    count = 0
    for part in range(len(part_runs) - 1):
        for start in range(2 * part_runs[part], 2 * part_runs[part + 1], 2):
            if visited[start]:
                continue
            top = 0
            edge = start
            while not visited[edge]:
                visited[edge] = True
                then = follow[edge]
                if _x(triples, edge) != _x(triples, then):
                    line = triples[edge >> 1, 0] + 1 - (edge & 1)
                    for side in range(2):
                        one = edge if side == _HEAD else then
                        corner = 2 * pinch[one, side] + side if pinch[one, side] >= 0 else -1
                        top, count = _push(
                            stack, top, _x(triples, one), line, corner, where, corners, rings, count, part
                        )
                edge = then
            count = _flush(stack, 0, top, where, corners, rings, count, part)
    return count


@njit(cache=True, nogil=True)
def _push(
    stack: NDArray[np.int32],
    top: int,
    x: int,
    line: int,
    corner: int,
    where: NDArray[np.int32],
    corners: NDArray[np.int32],
    rings: NDArray[np.int64],
    count: int,
    part: int,
) -> tuple[int, int]:
    """Put a corner on the stack; the loop since its last visit, if any, leaves as a ring of its own."""
    if corner >= 0:
        seen = where[corner >> 1, corner & 1]
        if seen >= 0:
            count = _flush(stack, seen, top, where, corners, rings, count, part)
            top = seen
        where[corner >> 1, corner & 1] = top
    stack[top, 0] = x
    stack[top, 1] = line
    stack[top, 2] = corner
    return top + 1, count


@njit(cache=True, nogil=True)
def _flush(
    stack: NDArray[np.int32],
    first: int,
    top: int,
    where: NDArray[np.int32],
    corners: NDArray[np.int32],
    rings: NDArray[np.int64],
    count: int,
    part: int,
) -> int:
    """Move stack[first:top] to the rings, closed; return the number of rings."""
    out = rings[count - 1, 0] if count else 0
    twice_area = 0
    for i in range(first, top):
        after = i + 1 if i + 1 < top else first
        twice_area += np.int64(stack[i, 0]) * stack[after, 1] - np.int64(stack[after, 0]) * stack[i, 1]
        corners[out, 0] = stack[i, 0]
        corners[out, 1] = stack[i, 1]
        out += 1
        corner = stack[i, 2]
        if corner >= 0:
            where[corner >> 1, corner & 1] = -1
    corners[out, 0] = stack[first, 0]
    corners[out, 1] = stack[first, 1]
    rings[count, 0] = out + 1
    rings[count, 1] = part
    rings[count, 2] = twice_area > 0  # rows grow south: the outer ring has a negative sign here
    return count + 1
