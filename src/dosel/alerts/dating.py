"""When a new alert began: the date window of its first fifth of pixels.

Each pixel says that the change came after its last look without evidence and no later than the look at which
it crossed h1. Evidence also leaves 0 by chance, and now and then a pixel crosses h1 by chance; one that lies
inside a later clearing must not date it. So the window is that of the pixel that has a fifth of the others
before it, the same rank for all three days: their order stays, and a chance pixel in five changes nothing.
An alert of ten pixels or fewer is dated by its first or second.

Examples
--------
>>> days = np.array([[10, 90, 90, 91, 92], [20, 95, 95, 96, 97], [30, 100, 100, 101, 102]], np.uint16)
>>> window_of(np.repeat(days, 2, axis=1)) == (STATE_DAY0 + 10, STATE_DAY0 + 20, STATE_DAY0 + 30)
True
>>> window_of(np.concatenate([days[:, :1], np.repeat(days[:, 1:], 3, axis=1)], axis=1))[2] - STATE_DAY0
100
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import DAY_BITS, STATE_DAY0, PixelFlag
from dosel.monitor.state import PixelState

DATING_SHARE: Final = 0.2
"""Share of an alert's pixels that may be there by chance without moving its dates."""
_DAY_MASK: Final = np.uint16((1 << DAY_BITS) - 1)


@dataclass(frozen=True, slots=True)
class ActiveDays:
    """Days of the candidate and changed pixels of a tile, as the state stores them."""

    width: int
    """Columns of the tile."""
    at: NDArray[np.int64]
    """(pixel,) number of the pixel in the tile, row after row."""
    days: NDArray[np.uint16]
    """(3, pixel): last look without evidence, onset, first look above h1."""

    def of(self, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.uint16]:
        """Return (3, pixel) days of active pixels of the tile."""
        return self.days[:, np.searchsorted(self.at, y * self.width + x)]


def active_days(state: PixelState) -> ActiveDays:
    """Return the days of the active pixels of a tile."""
    flags = state.crossed >> DAY_BITS
    at = np.flatnonzero((flags == PixelFlag.CANDIDATE) | (flags == PixelFlag.CHANGED))
    planes = (state.before, state.onset, state.crossed & _DAY_MASK)
    return ActiveDays(state.crossed.shape[1], at, np.stack([plane.reshape(-1)[at] for plane in planes]))


def window_of(days: NDArray[np.uint16]) -> tuple[int, int, int]:
    """Return window start, onset and window end as UTC day numbers, from (3, pixel) days of an alert."""
    rank = max(ceil(DATING_SHARE * days.shape[1]) - 1, 0)
    start, onset, end = np.partition(days, rank, axis=1)[:, rank].tolist()
    return STATE_DAY0 + start, STATE_DAY0 + onset, STATE_DAY0 + end
