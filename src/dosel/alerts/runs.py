"""Active pixels as horizontal runs: the one form in which change leaves the pixel states.

A run is a row, a first column and a column after the last, in pixel numbers over the whole projection.
Stitched runs are maximal, sorted by (row, start), and do not depend on how the area was tiled.

Examples
--------
>>> import numpy as np
>>> left, right = (runs_of(np.array([[row, start, stop]])) for row, start, stop in [(7, 0, 4), (7, 4, 6)])
>>> stitch([right, left]).triples.tolist()
[[7, 0, 6]]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dosel.model.codes import DAY_BITS, NODATA, PixelFlag
from dosel.monitor.state import PixelState

ROW: Final = 0
START: Final = 1
STOP: Final = 2
CHANGED: Final = 3
SEEN: Final = 4
CROSSED: Final = 5
BEFORE: Final = 6
ONSET: Final = 7
STRENGTH: Final = 8
EVIDENCE: Final = 9
COLUMNS: Final = 10
"""Columns of :attr:`PixelRuns.table`."""

_FLAGS_OF_FOUR: Final = np.uint64(0xC000_C000_C000_C000)
"""The PixelFlag bits of four neighbouring words."""
_CHANGED: Final = int(PixelFlag.CHANGED)


@dataclass(frozen=True, slots=True)
class PixelRuns:
    """Horizontal runs of active pixels with what an alert needs to know of them."""

    table: NDArray[np.int32]
    """(run, 10): the columns below, in their order; days as in the state (since ``STATE_DAY0``)."""

    def __len__(self) -> int:
        return len(self.table)

    @property
    def triples(self) -> NDArray[np.int32]:
        """(run, 3): row, start, stop."""
        return self.table[:, :3]

    @property
    def row(self) -> NDArray[np.int32]:
        """Pixel row over the whole projection, growing south."""
        return self.table[:, ROW]

    @property
    def start(self) -> NDArray[np.int32]:
        """First pixel column, growing east."""
        return self.table[:, START]

    @property
    def stop(self) -> NDArray[np.int32]:
        """Pixel column after the last."""
        return self.table[:, STOP]

    @property
    def pixels(self) -> NDArray[np.int32]:
        """Pixels of each run."""
        return self.table[:, STOP] - self.table[:, START]

    @property
    def changed(self) -> NDArray[np.int32]:
        """Pixels whose evidence crossed h2."""
        return self.table[:, CHANGED]

    @property
    def seen(self) -> NDArray[np.int32]:
        """Pixels with a valid value in the look of this step."""
        return self.table[:, SEEN]

    @property
    def crossed(self) -> NDArray[np.int32]:
        """State day of the earliest crossing of h1; pixels that crossed then are the run's first pixels."""
        return self.table[:, CROSSED]

    @property
    def before(self) -> NDArray[np.int32]:
        """Earliest state day of the last valid look without evidence, among the first pixels; 0: never."""
        return self.table[:, BEFORE]

    @property
    def onset(self) -> NDArray[np.int32]:
        """State day of the onset of the first pixel with most evidence (the earlier if equal)."""
        return self.table[:, ONSET]

    @property
    def evidence(self) -> NDArray[np.int32]:
        """Largest running evidence, in 1/64 nat."""
        return self.table[:, EVIDENCE]

    def unseen(self) -> PixelRuns:
        """Return the same runs for a step whose look does not reach them."""
        table = self.table.copy()
        table[:, SEEN] = 0
        return PixelRuns(table)

    def to_bytes(self) -> bytes:
        """Return little-endian int32 triples (row, start, stop), as :attr:`Alert.runs` stores them."""
        return self.triples.astype("<i4").tobytes()


def no_runs() -> PixelRuns:
    """Return no runs at all."""
    return PixelRuns(np.empty((0, COLUMNS), np.int32))


def runs_of(triples: NDArray[np.int32]) -> PixelRuns:
    """Return runs that know their pixels only: (run, 3) of row, start, stop."""
    table = np.zeros((len(triples), COLUMNS), np.int32)
    table[:, :3] = triples
    return PixelRuns(table)


def decode(runs: bytes) -> NDArray[np.int32]:
    """Return the (run, 3) triples of :attr:`Alert.runs`.

    Examples
    --------
    >>> import numpy as np
    >>> decode(runs_of(np.array([[3, 1, 2]])).to_bytes()).tolist()
    [[3, 1, 2]]
    """
    return np.frombuffer(runs, "<i4").reshape(-1, 3).astype(np.int32, copy=False)


def active_runs(
    state: PixelState, row0: int, col0: int, values: NDArray[np.int16] | None = None
) -> PixelRuns:
    """Return the runs of candidate and changed pixels of one tile.

    Parameters
    ----------
    state : PixelState
        State of the tile, (y, x).
    row0, col0 : int
        Pixel numbers of the tile's first row and column over the whole projection.
    values : array of int16, optional
        (stream, y, x) of the look just folded, without its halo, NODATA where masked; it tells which
        pixels the look has seen. Without it no pixel counts as seen.

    Returns
    -------
    PixelRuns
        Split nowhere but at the edges of the tile.
    """
    quads, crossed = _quads(state.crossed), state.crossed
    room = np.empty((4096, 3), np.int32)
    count = _scan(quads, crossed, room)
    if count > len(room):
        room = np.empty((count, 3), np.int32)
        _scan(quads, crossed, room)
    table = np.zeros((count, COLUMNS), np.int32)
    looked = np.empty((0, *crossed.shape), np.int16) if values is None else values
    _describe(room[:count], crossed, state.before, state.onset, state.evidence, looked, table)
    table[:, ROW] += row0
    table[:, START] += col0
    table[:, STOP] += col0
    return PixelRuns(table)


def stitch(touched: Iterable[PixelRuns], kept: Iterable[PixelRuns] = ()) -> PixelRuns:
    """Return the canonical runs of all tiles: sorted, and joined across tile edges.

    Parameters
    ----------
    touched : iterable of PixelRuns
        Runs of the tiles that this look reaches.
    kept : iterable of PixelRuns
        Runs of the other tiles, from the looks that last reached them; nothing of them counts as seen.
    """
    tables = [runs.table for runs in touched] + [runs.unseen().table for runs in kept]
    if not tables:
        return no_runs()
    table = np.concatenate(tables)
    table = table[np.lexsort((table[:, START], table[:, ROW]))]
    return PixelRuns(table[: _join(table)])


def overlaps(
    ours: NDArray[np.int32], owners: NDArray[np.int32], theirs: NDArray[np.int32], holders: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Return how many pixels two families of runs share: (owner, holder, pixels), sorted by both.

    Parameters
    ----------
    ours, theirs : array of int32
        (run, >= 3) of row, start, stop, sorted by (row, start), without overlap inside a family.
    owners, holders : array of int32
        Whose run it is, from 0.
    """
    pairs = np.empty((len(ours) + len(theirs), 3), np.int64)
    pairs = pairs[: _intersect(ours, owners, theirs, holders, pairs)]
    width = int(holders.max(initial=0)) + 1
    keys, which = np.unique(pairs[:, 0] * width + pairs[:, 1], return_inverse=True)
    pixels = np.bincount(which, weights=pairs[:, 2], minlength=len(keys)).astype(np.int64)
    return (keys // width).astype(np.int32), (keys % width).astype(np.int32), pixels


def close_pixels(state: PixelState, row0: int, col0: int, runs: PixelRuns) -> int:
    """Set the pixels of `runs` that lie in this tile to CLOSED, in place; return how many there were."""
    flag = int(PixelFlag.CLOSED) << DAY_BITS
    height, width = state.crossed.shape
    pixels = 0
    for y, start, stop in _inside(runs, row0, col0, height, width):
        state.crossed[y, start:stop] |= np.uint16(flag)
        pixels += stop - start
    return pixels


def closed_pixels(state: PixelState) -> NDArray[np.bool_]:
    """Return which pixels, (y, x), belong to closed alerts."""
    closed: NDArray[np.bool_] = state.crossed >= np.uint16(int(PixelFlag.CLOSED) << DAY_BITS)
    return closed


def rearm_pixels(state: PixelState, row0: int, col0: int, runs: PixelRuns) -> int:
    """Take the evidence of `runs` in this tile back to 0, in place; return how many pixels there were.

    The day of the last valid look without evidence stays: a verdict says that the alert was wrong, not
    on which day the forest was last seen.
    """
    height, width = state.crossed.shape
    pixels = 0
    for y, start, stop in _inside(runs, row0, col0, height, width):
        for plane in (state.evidence, state.onset, state.crossed):
            plane[y, start:stop] = 0
        pixels += stop - start
    return pixels


def reaches(runs: PixelRuns, row0: int, col0: int, shape: tuple[int, int]) -> bool:
    """Return whether a tile of `shape` holds a pixel of `runs`.

    Examples
    --------
    >>> import numpy as np
    >>> runs = runs_of(np.array([[7, 4, 6]]))
    >>> [reaches(runs, 0, col, (8, 4)) for col in (0, 4, 5, 6)]
    [False, True, True, False]
    """
    return bool(_inside(runs, row0, col0, *shape))


def _inside(runs: PixelRuns, row0: int, col0: int, height: int, width: int) -> list[tuple[int, int, int]]:
    """Return (y, start, stop) of the runs cut to a tile, in the tile's own numbers."""
    row, start, stop = (column.astype(np.int64) for column in runs.triples.T)
    start, stop = np.maximum(start - col0, 0), np.minimum(stop - col0, width)
    within = (row >= row0) & (row < row0 + height) & (start < stop)
    rows = np.stack([row - row0, start, stop], axis=1)[within]
    return [(y, first, after) for y, first, after in rows.tolist()]


def _quads(crossed: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Return the words of four neighbouring pixels as one, (y, x / 4); rows are padded with intact pixels."""
    height, width = crossed.shape
    if width % 4 or not crossed.flags.c_contiguous:
        padded = np.zeros((height, -(-width // 4) * 4), np.uint16)
        padded[:, :width] = crossed
        crossed = padded
    return crossed.view(np.uint64)


@njit(cache=True, nogil=True)
def _scan(quads: NDArray[np.uint64], crossed: NDArray[np.uint16], room: NDArray[np.int32]) -> int:
    """Fill `room` with (y, start, stop) of active runs; return their number, also beyond the room."""
    height, width = crossed.shape
    count = 0
    for y in range(height):
        begun = -1
        for quad in range(quads.shape[1]):
            if (quads[y, quad] & _FLAGS_OF_FOUR) == 0:
                if begun >= 0:
                    count = _close(room, count, y, begun, 4 * quad)
                    begun = -1
                continue
            for x in range(4 * quad, min(4 * quad + 4, width)):
                flag = crossed[y, x] >> DAY_BITS
                active = flag == 1 or flag == 2
                if active and begun < 0:
                    begun = x
                elif begun >= 0 and not active:
                    count = _close(room, count, y, begun, x)
                    begun = -1
        if begun >= 0:
            count = _close(room, count, y, begun, width)
    return count


@njit(cache=True, nogil=True)
def _close(room: NDArray[np.int32], count: int, y: int, start: int, stop: int) -> int:
    """Store a run if there is room; return the new count."""
    if count < len(room):
        room[count, 0] = y
        room[count, 1] = start
        room[count, 2] = stop
    return count + 1


@njit(cache=True, nogil=True)
def _describe(
    runs: NDArray[np.int32],
    crossed: NDArray[np.uint16],
    before: NDArray[np.uint16],
    onset: NDArray[np.uint16],
    evidence: NDArray[np.int16],
    values: NDArray[np.int16],
    table: NDArray[np.int32],
) -> None:
    """Fill the columns of `table` from the pixels of each run."""
    for r in range(len(runs)):
        y = runs[r, 0]
        table[r, ROW] = y
        table[r, START] = runs[r, 1]
        table[r, STOP] = runs[r, 2]
        table[r, CROSSED] = 1 << DAY_BITS
        for x in range(runs[r, 1], runs[r, 2]):
            level = evidence[y, x]
            table[r, CHANGED] += (crossed[y, x] >> DAY_BITS) == _CHANGED
            table[r, EVIDENCE] = max(table[r, EVIDENCE], level)
            day = crossed[y, x] & ((1 << DAY_BITS) - 1)
            absorb_first(table[r], day, before[y, x], onset[y, x], level)
            for stream in range(len(values)):
                if values[stream, y, x] != NODATA:
                    table[r, SEEN] += 1
                    break


@njit(cache=True, nogil=True)
def absorb_first(into: NDArray[np.int32], crossed: int, before: int, onset: int, strength: int) -> None:
    """Fold first pixels into a record; the order of folding does not matter.

    Those that crossed earliest win. Among equals `before` is the earliest, and the onset is that of
    the pixel with most evidence (the earlier onset if equal).
    """
    if crossed > into[CROSSED]:
        return
    if crossed < into[CROSSED]:
        into[CROSSED] = crossed
        into[BEFORE] = before
        into[ONSET] = onset
        into[STRENGTH] = strength
        return
    into[BEFORE] = min(into[BEFORE], before)
    if strength > into[STRENGTH] or (strength == into[STRENGTH] and onset < into[ONSET]):
        into[STRENGTH] = strength
        into[ONSET] = onset


@njit(cache=True, nogil=True)
def absorb_run(into: NDArray[np.int32], run: NDArray[np.int32]) -> None:
    """Fold what a run knows, except its place, into a record with the same columns."""
    into[CHANGED] += run[CHANGED]
    into[SEEN] += run[SEEN]
    into[EVIDENCE] = max(into[EVIDENCE], run[EVIDENCE])
    absorb_first(into, run[CROSSED], run[BEFORE], run[ONSET], run[STRENGTH])


@njit(cache=True, nogil=True)
def _join(table: NDArray[np.int32]) -> int:
    """Join runs that touch on one row, in place; return how many remain."""
    last = -1
    for r in range(len(table)):
        if last >= 0 and table[r, ROW] == table[last, ROW] and table[r, START] == table[last, STOP]:
            table[last, STOP] = table[r, STOP]
            absorb_run(table[last], table[r])
        else:
            last += 1
            table[last] = table[r]
    return last + 1


@njit(cache=True, nogil=True)
def _intersect(
    ours: NDArray[np.int32],
    owners: NDArray[np.int32],
    theirs: NDArray[np.int32],
    holders: NDArray[np.int32],
    pairs: NDArray[np.int64],
) -> int:
    """Fill `pairs` with (owner, holder, shared pixels) of every two runs that overlap."""
    i = j = count = 0
    while i < len(ours) and j < len(theirs):
        if ours[i, ROW] != theirs[j, ROW]:
            if ours[i, ROW] < theirs[j, ROW]:
                i += 1
            else:
                j += 1
            continue
        shared = min(ours[i, STOP], theirs[j, STOP]) - max(ours[i, START], theirs[j, START])
        if shared > 0:
            pairs[count, 0] = owners[i]
            pairs[count, 1] = holders[j]
            pairs[count, 2] = shared
            count += 1
        if ours[i, STOP] <= theirs[j, STOP]:
            i += 1
        else:
            j += 1
    return count
