"""The pixels of alerts, tile by tile.

Examples
--------
>>> import numpy as np
>>> runs = np.array([[7, 0, 3], [8, 2, 4]], "<i4").tobytes()
>>> placed = place([runs, np.array([[8, 0, 1]], "<i4").tobytes()])
>>> y, x, owner = placed.within(8, 0, (4, 4))
>>> sorted(zip(y.tolist(), x.tolist(), owner.tolist()))
[(0, 0, 1), (0, 2, 0), (0, 3, 0)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""(pixel,) row and column in a tile, and whose pixel it is."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Runs of several alerts, sorted by row."""

    triples: NDArray[np.int64]
    """(run, 3): row, start, stop over the whole projection."""
    owner: NDArray[np.int64]
    """(run,): number of the alert, in the order given."""

    def within(self, row0: int, col0: int, shape: tuple[int, int]) -> Pixels:
        """Return the pixels inside a tile whose first pixel is (row0, col0)."""
        first, last = np.searchsorted(self.triples[:, 0], (row0, row0 + shape[0]))
        row, start, stop = self.triples[first:last].T
        start, stop = np.maximum(start - col0, 0), np.minimum(stop - col0, shape[1])
        inside = start < stop
        length = (stop - start)[inside]
        step = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        x = np.repeat(start[inside], length) + step
        y = np.repeat(row[inside] - row0, length)
        return y, x, np.repeat(self.owner[first:last][inside], length)


def place(runs: Iterable[bytes]) -> Placed:
    """Return the runs of alerts (:attr:`dosel.alerts.alert.Alert.runs`), sorted by row."""
    every = [np.frombuffer(own, "<i4").reshape(-1, 3) for own in runs]
    triples = np.concatenate([np.empty((0, 3), "<i4"), *every]).astype(np.int64)
    owner = np.repeat(np.arange(len(every)), [len(own) for own in every])
    order = np.argsort(triples[:, 0], kind="stable")
    return Placed(triples[order], owner[order])
