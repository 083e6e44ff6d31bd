"""Looks of the history as the watch would have seen them: without offsets, about a baseline, in blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import NODATA, LookStatus
from dosel.monitor.baseline import Baseline, Learner
from dosel.monitor.derive import HELD_OUT_DAYS
from dosel.monitor.kernel import INV_ONE
from dosel.monitor.scalars import harmonics
from dosel.monitor.weather import Correlations, take_off
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.blocks import Block, block_values, block_watched, sample_blocks
from dosel.pipeline.learning.models import Streams
from dosel.store.interface import Store

CORRELATION_BLOCKS = 4
LEARNER_BYTES = 120
"""Bytes a pixel and stream that learning a block takes."""


@dataclass(frozen=True, slots=True)
class Past:
    """A look of the history that was learnt from."""

    id: str
    day: int
    """UTC day number."""
    acquired: str
    """Instant, ISO text."""
    offsets: tuple[int, ...]
    """Of each stream, in quanta."""


def past_of(store: Store, streams: Streams) -> tuple[Past, ...]:
    """Return the looks that the baselines of a sensor in one geometry rest on, as the ledger tells them."""
    where = {
        "status": int(LookStatus.HISTORY),
        "sensor": streams.sensor.name,
        "geometry": streams.geometry,
    }
    return tuple(
        Past(row["id"], row["day"], row["acquired"], tuple(round(row["offsets"][n]) for n in streams.names))
        for row in store.select("looks", where, order_by=("acquired", "id"))
    )


def without(values: NDArray[np.int16], offsets: Sequence[int]) -> NDArray[np.int16]:
    """Return (stream, ...) values less the offset of each stream."""
    return np.stack([take_off(band, offset) for band, offset in zip(values, offsets, strict=True)])


def hold_out(past: Sequence[Past]) -> int:
    """Return the first day that is held out of a history.

    A year where the history is two years or longer; else the last half of it.
    """
    first, last = past[0].day, past[-1].day
    return last + 1 - min(HELD_OUT_DAYS, (last + 1 - first) // 2)


def learn_block(
    centre: Centre, streams: Streams, past: Sequence[Past], block: Block, before: int
) -> tuple[Baseline, ...]:
    """Return the baselines of a block, one a stream, from the looks before a day."""
    learners = [Learner(model, block.padded) for model in streams.models]
    for again in (False, True):
        for learner in learners if again else ():
            learner.again()
        for one in past:
            if one.day < before:
                values = without(block_values(centre, one, block, len(learners)), one.offsets)
                for learner, band in zip(learners, values, strict=True):
                    learner.add([one.day], band[None])
    return tuple(learner.finish(min_looks=3) for learner in learners)


def correlations(
    centre: Centre, streams: Streams, past: Sequence[Past]
) -> tuple[tuple[float | None, ...], float | None]:
    """Return the correlation of neighbours of each stream and of the bands, on looks that are held out."""
    found, cut = Correlations(len(streams.models)), hold_out(past)
    for block in sample_blocks(centre.grid, CORRELATION_BLOCKS):
        watched = block_watched(centre, block) == 1
        baselines = learn_block(centre, streams, past, block, cut)
        for one in past:
            if one.day >= cut:
                values = without(block_values(centre, one, block, len(baselines)), one.offsets)
                found.add(
                    np.stack(
                        [
                            np.where(watched, standard(band, base, one.day, model.season_step), np.nan)
                            for band, base, model in zip(values, baselines, streams.models, strict=True)
                        ]
                    )
                )
    return tuple(found.neighbours(number) for number in range(len(streams.models))), found.bands()


def standard(
    values: NDArray[np.int16], base: Baseline, day: int, season_step: int, offset: int = 0
) -> NDArray[np.float32]:
    """Return residuals in standard deviations of the pixel, NaN where masked or without a baseline."""
    waves = np.array(harmonics(day)[: len(base.season)], np.float32) * 2.0**season_step
    season = np.tensordot(waves, base.season.astype(np.float32), axes=1) if len(base.season) else 0.0
    z = (values - base.level.astype(np.float32) - season - offset) * (base.inv_spread / np.float32(INV_ONE))
    return np.where((values == NODATA) | (base.inv_spread == 0), np.float32(np.nan), z).astype(np.float32)
