"""Masks of optical products: which pixels saw the ground. Pure.

=========  ==========================================================================================
rule       a pixel is clear if
=========  ==========================================================================================
SCL        the class is 4 vegetation, 5 bare, 6 water or 7 unclassified
QA_PIXEL   none of the bits 0 fill, 1 dilated cloud, 2 cirrus, 3 cloud, 4 shadow, 5 snow is set
FMASK      none of the bits 0 cirrus, 1 cloud, 2 adjacent, 3 shadow, 4 snow is set, and it is not 255
=========  ==========================================================================================

The offset that Sentinel-2 carries from processing baseline 04.00 on is part of the asset (``catalog.item``).

Examples
--------
>>> clear(MaskRule.SCL, np.array([[0, 3, 4, 5, 6, 7, 8, 9, 10, 11]], np.uint8)).astype(int).tolist()
[[0, 0, 1, 1, 1, 1, 0, 0, 0, 0]]
>>> clear(MaskRule.QA_PIXEL, np.array([[1, 21824, 22280, 23888]], np.uint16)).astype(int).tolist()
[[0, 1, 0, 0]]
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.sensors import MaskRule
from dosel.stack import radar

SCL_CLEAR: Final = (4, 5, 6, 7)
"""Classes of the Sentinel-2 scene classification that are used."""

QA_PIXEL_BITS: Final = 0b11_1111
"""Bits of Landsat Collection 2 QA_PIXEL that must not be set."""

FMASK_BITS: Final = 0b1_1111
"""Bits of the HLS Fmask that must not be set."""

FILL: Final[dict[MaskRule, int]] = {
    MaskRule.SCL: 0,
    MaskRule.QA_PIXEL: 1,
    MaskRule.FMASK: 255,
    MaskRule.LAYOVER: 255,
}
"""Number of each mask that means no data: what stands outside the raster."""

_SCL_TABLE: Final = np.isin(np.arange(256), SCL_CLEAR)


def clear(rule: MaskRule, mask: NDArray[Any]) -> NDArray[np.bool_]:
    """Return (y, x) True where `mask` (y, x) lets a pixel be used.

    Raises
    ------
    ValueError
        For :attr:`MaskRule.NONE`, which has no mask to read.
    """
    if rule is MaskRule.SCL:
        known = (mask >= 0) & (mask <= 255)
        return np.asarray(_SCL_TABLE[np.where(known, mask, 0).astype(np.uint8)])
    if rule is MaskRule.QA_PIXEL:
        return np.asarray((mask.astype(np.int64) & QA_PIXEL_BITS) == 0)
    if rule is MaskRule.FMASK:
        return np.asarray(((mask.astype(np.int64) & FMASK_BITS) == 0) & (mask != FILL[rule]))
    if rule is MaskRule.LAYOVER:
        return radar.clear(mask)
    raise ValueError(f"{rule.name} has no mask")


def shrink(usable: NDArray[np.bool_], margin_px: int) -> NDArray[np.bool_]:
    """Return the pixels of `usable` (y, x) with no masked pixel within a square of `margin_px` around.

    What lies outside the array counts as usable, so read `margin_px` more than is needed.

    Examples
    --------
    >>> shrink(np.array([[True, True, True, False]]), 1).astype(int).tolist()
    [[1, 1, 0, 0]]
    """
    out = usable
    for axis in (0, 1):
        line = out.copy()
        for step in range(1, min(margin_px, out.shape[axis] - 1) + 1):
            ahead, behind = _slices(axis, slice(step, None)), _slices(axis, slice(None, -step))
            line[behind] &= out[ahead]
            line[ahead] &= out[behind]
        out = line
    return out


def _slices(axis: int, part: slice) -> tuple[slice, slice]:
    return (part, slice(None)) if axis == 0 else (slice(None), part)
