"""Radar: which pixels are seen at all, and the decibel. Pure.

Power is averaged as power where the grid is coarser than the source, and becomes dB after it; values
that come in dB are averaged in dB. Zero and less has no logarithm and is missing.

Examples
--------
>>> clear(np.array([[0, 1, 2, 3, 255]], np.uint8)).astype(int).tolist()
[[1, 0, 0, 0, 0]]
>>> decibel(np.array([0.1, 1.0, 0.0, -1.0])).tolist()
[-10.0, 0.0, nan, nan]
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEEN: Final = 0
"""Number of the layover mask for a pixel that is neither in shadow (1), layover (2), both (3) nor fill."""


def clear(mask: NDArray[Any]) -> NDArray[np.bool_]:
    """Return (y, x) True where the pixel lies neither in layover nor in shadow nor outside the swath."""
    return np.asarray(mask == SEEN)


def decibel(power: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return ``10 log10(power)``, NaN for zero and less; ``stack.quantise`` does the same fast."""
    good = power > 0
    return np.where(good, 10.0 * np.log10(np.where(good, power, 1.0)), np.nan)
