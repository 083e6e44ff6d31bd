"""One look folded into the state of one tile: what goes in, what must fit together, what comes out.

The arithmetic stands in :mod:`dosel.monitor.kernel`. It is in integers, which makes replay exact: the
same looks in the same order leave the same bits, whatever the tiles and threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.errors import SceneError, StoreError
from dosel.model.codes import NODATA
from dosel.monitor.baseline import Baseline
from dosel.monitor.kernel import fold_tile
from dosel.monitor.scalars import PLANE, LookScalars
from dosel.monitor.state import PixelState
from dosel.stack.gridded import GriddedLook


@dataclass(frozen=True, slots=True)
class UpdateCounts:
    """What a look did to a tile, in pixels."""

    valid_px: int
    """Watched pixels with a valid observation in at least one stream, closed ones left out."""
    new_candidates: int
    """Pixels whose evidence crossed h1, those that crossed h2 at once included."""
    new_changed: int
    """Pixels whose evidence crossed h2."""
    returned: int
    """Candidate or changed pixels whose evidence came back to 0."""


def fresh_state(shape: tuple[int, int], streams: int) -> PixelState:
    """Return the state before any look.

    Examples
    --------
    >>> fresh_state((2, 3), 1).memory.tolist()
    [[[-32768, -32768, -32768], [-32768, -32768, -32768]]]
    """
    return PixelState(
        np.zeros(shape, np.int16),
        np.zeros(shape, np.uint16),
        np.zeros(shape, np.uint16),
        np.zeros(shape, np.uint16),
        np.full((streams, *shape), NODATA, np.int16),
    )


def update(
    state: PixelState,
    look: GriddedLook,
    baselines: Baseline | Sequence[Baseline],
    watched: NDArray[np.uint8],
    scalars: LookScalars,
) -> UpdateCounts:
    """Fold a look into the state of a tile, in place.

    Parameters
    ----------
    state
        State of the tile, without a halo.
    look
        Values of the look over the tile and its halo.
    baselines
        One for each stream of the look, with the look's halo.
    watched
        (y + 2 halo, x + 2 halo), 1 where the analysis mask watches.
    scalars
        Scalars of the look.

    Returns
    -------
    UpdateCounts

    Raises
    ------
    SceneError
        If shapes, streams or halo do not fit together.
    """
    rows = (baselines,) if isinstance(baselines, Baseline) else tuple(baselines)
    _check(state, look, rows, watched, scalars)
    counts = fold_tile(
        (state.evidence, state.before, state.onset, state.crossed),
        state.memory,
        (np.ascontiguousarray(look.values), np.ascontiguousarray(watched), look.halo_px),
        (
            tuple(base.level for base in rows),
            tuple(base.season for base in rows),
            tuple(base.inv_spread for base in rows),
        ),
        (scalars.day, scalars.fade, scalars.h1, scalars.h2),
        (scalars.fields, scalars.basis, scalars.hinges, scalars.mixing, scalars.bands),
    )
    return UpdateCounts(*(int(count) for count in counts))


def _check(
    state: PixelState,
    look: GriddedLook,
    rows: tuple[Baseline, ...],
    watched: NDArray[np.uint8],
    scalars: LookScalars,
) -> None:
    y, x = state.evidence.shape
    padded = (y + 2 * look.halo_px, x + 2 * look.halo_px)
    streams = len(look.streams)
    where = f"look {look.look_id}, tile {look.tile_id}"
    if look.values.shape != (streams, *padded) or watched.shape != padded:
        raise SceneError(
            f"{where}: expected values {(streams, *padded)} and a mask {padded}, "
            f"got {look.values.shape} and {watched.shape}"
        )
    if not streams == len(rows) == len(scalars.fields):
        raise SceneError(
            f"{where}: {streams} streams, but {len(rows)} baselines and {len(scalars.fields)} models"
        )
    if any(base.level.shape != padded for base in rows):
        raise SceneError(f"{where}: expected baselines of shape {padded}, the tile with its halo")
    if look.halo_px < scalars.halo_px:
        raise SceneError(f"{where}: a halo of {scalars.halo_px} pixels is needed, got {look.halo_px}")
    if int(scalars.fields[:, PLANE].max()) >= state.memory.shape[0]:
        raise StoreError(f"{where}: the state has memory for {state.memory.shape[0]} streams only")
