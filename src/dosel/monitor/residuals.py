"""Residuals of chosen pixels, by the loops of the kernel: what a look shows against the baseline.

A standardised residual is the value less level, season and the pass's own offset, over the pixel's spread,
turned so that clearing is negative. Neighbours, the slow level and the bound of a single look come after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dosel.errors import SceneError
from dosel.model.codes import NODATA
from dosel.monitor.baseline import Baseline
from dosel.monitor.evidence import StreamModel
from dosel.monitor.kernel import standard_row
from dosel.monitor.scalars import OFFSET, PLANE, SEASON_SHIFT, SIGN, basis, season_shift
from dosel.stack.gridded import GriddedLook


def standard_residuals(
    look: GriddedLook,
    models: Sequence[StreamModel],
    baselines: Sequence[Baseline],
    watched: NDArray[np.uint8],
    offsets: Sequence[int],
    pixels: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int16]:
    """Return (stream, pixel) standardised residuals in sigma / 256; NODATA where the kernel has none.

    Parameters
    ----------
    look
        The look over the tile and its halo.
    models, baselines, offsets
        One for each stream of the look, in its order; offsets in quanta.
    watched
        (y + 2 halo, x + 2 halo), 1 where the analysis mask watches.
    pixels
        Rows and columns in the tile, without its halo.

    Raises
    ------
    SceneError
        If the streams do not fit together.
    """
    if not len(look.streams) == len(models) == len(baselines) == len(offsets):
        raise SceneError(
            f"look {look.look_id}, tile {look.tile_id}: {len(look.streams)} streams, {len(models)} models"
        )
    at = (pixels[0] + look.halo_px, pixels[1] + look.halo_px)
    out = np.full((len(models), at[0].size), NODATA, np.int16)
    mask = watched[at][None]
    for own, band, model, base, offset in zip(out, look.values, models, baselines, offsets, strict=True):
        field = np.zeros(PLANE + 1, np.int32)
        field[SEASON_SHIFT], field[OFFSET], field[SIGN] = season_shift(model), offset, -model.direction
        season = np.ascontiguousarray(base.season[:, at[0], at[1]])[:, None]
        stream = (base.level[at][None], season, base.inv_spread[at][None])
        standard_row((band[at][None], mask), stream, field, basis(look.day), 0, 0, own)
    return out


def owner_sums(
    standard: NDArray[np.int16], owner: NDArray[np.int64], owners: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return valid pixels and the sum of their residuals, both (stream, owner), in integers.

    Examples
    --------
    >>> count, total = owner_sums(np.array([[-256, NODATA, 512]], np.int16), np.array([0, 0, 1]), 3)
    >>> count.tolist(), total.tolist()
    ([[1, 1, 0]], [[-256, 512, 0]])
    """
    count, total = np.zeros((2, len(standard), owners), np.int64)
    for stream, row in enumerate(standard):
        valid = row != NODATA
        count[stream] = np.bincount(owner[valid], minlength=owners)
        # Sums of 16-bit integers in 64-bit floats are exact below 2**37 pixels.
        total[stream] = np.bincount(owner[valid], row[valid], minlength=owners).astype(np.int64)
    return count, total
