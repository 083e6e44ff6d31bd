"""A look on one tile of the grid, as quantised values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class GriddedLook:
    """Values of a look over a tile and its halo, ready for the monitor."""

    look_id: str
    tile_id: str
    day: int
    """UTC day number."""
    streams: tuple[str, ...]
    """Names of the streams, in the order of the first axis of `values`."""
    values: NDArray[np.int16]
    """(stream, y + 2 halo, x + 2 halo), in quanta of each stream; NODATA (-32768) where masked."""
    halo_px: int
