"""Watch a sample block through the held-out year of its history, by the very same kernel.

Every block is learnt from the history before that year. The year is watched as it was, and again with its
looks drawn anew in stretches of two months, which keeps what hangs together in space and in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.budget import Curve, curve_of, mean_curve
from dosel.alerts.opening import area_opening
from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline
from dosel.monitor.scalars import YEAR_DAYS, Thresholds, look_scalars
from dosel.monitor.state import PixelState
from dosel.monitor.weather import SHARED_DAYS, Correlations, weight_after
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.blocks import Block, block_values, block_watched
from dosel.pipeline.learning.models import Streams
from dosel.pipeline.learning.past import Past, hold_out, learn_block, past_of, standard
from dosel.pipeline.spine.reading import HALO_PX
from dosel.stack.gridded import GriddedLook

REPLAYS: Final = 8
"""Times the held-out year is drawn anew."""
STRETCH_DAYS: Final = 60
"""Looks of one stretch stay together when a year is drawn anew."""
STANDS_DAYS: Final = 120
"""What has stood for so long at the end of the held-out year is change of the past."""
STANDS_NATS: Final = 6.0
"""Evidence that must have stood so long."""
_QUIET: Final = Thresholds(200.0, 400.0)
"""Never reached: thresholds are laid on the running evidence afterwards."""
_SEED: Final = 20_260_101


@dataclass(frozen=True, slots=True)
class Source:
    """The history of one sensor in one geometry."""

    streams: Streams
    past: tuple[Past, ...]
    cut: int
    """First day that is held out."""
    planes: tuple[int, ...]
    """Of its streams, in the memory of a state."""

    @property
    def held_out(self) -> tuple[Past, ...]:
        """The looks of the held-out year."""
        return tuple(one for one in self.past if one.day >= self.cut)


@dataclass(frozen=True, slots=True)
class Seen:
    """A held-out look over a block."""

    source: Source
    past: Past
    gridded: GriddedLook


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One block, ready to be watched through any sequence of its held-out looks."""

    block: Block
    watched: NDArray[np.uint8]
    """(y + 2 halo, x + 2 halo)."""
    baselines: Mapping[str, tuple[Baseline, ...]]
    """By the key of the streams."""
    looks: tuple[Seen, ...]
    """In their order."""
    pixel_ha: float

    @property
    def inner(self) -> NDArray[np.bool_]:
        """Watched pixels of the block, without its halo."""
        inner: NDArray[np.bool_] = self.watched[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX] == 1
        return inner


@dataclass(frozen=True, slots=True)
class Raised:
    """What a block would have raised."""

    real: Curve
    """In the held-out year as it was."""
    drawn: Curve
    """In a mean year: that one and those drawn anew, of the exposure of one, for they are the same forest."""
    left_out_ha: float
    """Change of the past: it stood to the end of the year, and is no false alarm."""


NOTHING: Final = Raised(Curve.empty(), Curve.empty(), 0.0)


def sources_of(centre: Centre, learnt: Sequence[Streams]) -> tuple[Source, ...]:
    """Return the histories as the ledger tells them."""
    sources, plane = [], 0
    for streams in learnt:
        past = past_of(centre.store, streams)
        planes = tuple(range(plane, plane + len(streams.models)))
        plane += len(planes)
        sources.append(Source(streams, past, hold_out(past), planes))
    return tuple(sources)


def rehearsal(centre: Centre, sources: Sequence[Source], block: Block) -> Rehearsal | None:
    """Return a block learnt from the history before the held-out year; None where nothing is watched."""
    watched = block_watched(centre, block)
    if not (watched[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX] == 1).any():
        return None
    baselines = {s.streams.key: learn_block(centre, s.streams, s.past, block, s.cut) for s in sources}
    looks = [Seen(s, one, _gridded(centre, s, one, block)) for s in sources for one in s.held_out]
    looks.sort(key=lambda seen: (seen.past.acquired, seen.past.id))
    return Rehearsal(block, watched, baselines, tuple(looks), centre.grid.pixel_ha)


def _gridded(centre: Centre, source: Source, one: Past, block: Block) -> GriddedLook:
    names = source.streams.names
    values = block_values(centre, one, block, len(names))
    return GriddedLook(one.id, "block", one.day, names, values, HALO_PX)


def shared_weather(rehearsals: Iterable[Rehearsal]) -> dict[str, float]:
    """Return by group how far the residuals of two near looks of different streams go together.

    Looks are near within SHARED_DAYS. A group of which no near looks are known is left out.
    """
    sums: dict[str, Correlations] = {}
    for one in rehearsals:
        for group, earlier, later in _near_pairs(one.looks):
            fields = np.stack([_residual(one, earlier), _residual(one, later)])
            sums.setdefault(group, Correlations(2)).add(fields)
    found = {group: sums[group].bands() for group in sorted(sums)}
    return {group: rho for group, rho in found.items() if rho is not None}


def _near_pairs(looks: Sequence[Seen]) -> Iterator[tuple[str, Seen, Seen]]:
    """Yield neighbouring looks of different streams of one weather, with their group."""
    for group in sorted({seen.source.streams.weather for seen in looks}):
        own = [seen for seen in looks if seen.source.streams.weather == group]
        for earlier, later in pairwise(own):
            if earlier.source is not later.source and later.past.day - earlier.past.day <= SHARED_DAYS:
                yield group, earlier, later


def _residual(one: Rehearsal, seen: Seen) -> NDArray[np.float32]:
    """Return what a look shows of its first stream: the mean over the neighbours' window, in deviations."""
    model = seen.source.streams.models[0]
    values = seen.gridded.values[0]
    base = one.baselines[seen.source.streams.key][0]
    z = standard(values, base, seen.past.day, model.season_step, seen.past.offsets[0])
    z = np.where(one.watched == 1, z, np.float32(np.nan))
    if model.radius_px == 0:
        return z
    height, width = z.shape[0] - 2, z.shape[1] - 2
    window = [z[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]
    mean: NDArray[np.float32] = np.pad(np.mean(window, axis=0), 1, constant_values=np.nan).astype(np.float32)
    return mean


def raised(one: Rehearsal, least_px: int, weather: Mapping[str, float]) -> Raised:
    """Return what a block would have raised, at every threshold."""
    opened, stands = _watch(one, one.looks, least_px, weather)
    first, last = one.looks[0].past.day, one.looks[-1].past.day
    stable = one.inner & ~stands
    mha_years = float(stable.sum()) * one.pixel_ha * 1e-6 * (last + 1 - first) / YEAR_DAYS
    real = curve_of(np.where(stable, opened, np.int16(0)), one.pixel_ha, mha_years)
    years = [real]
    for number in range(REPLAYS):
        again, _ = _watch(one, tuple(_drawn(one.looks, number)), least_px, weather)
        years.append(curve_of(np.where(stable, again, np.int16(0)), one.pixel_ha, mha_years))
    return Raised(real, mean_curve(years), float((one.inner & stands).sum()) * one.pixel_ha)


def _drawn(looks: Sequence[Seen], number: int) -> Iterator[Seen]:
    """Yield a year of looks in stretches drawn with replacement; the draw is that of `number`."""
    days = np.array([seen.past.day for seen in looks])
    first, last = int(days[0]), int(days[-1])
    rng = np.random.default_rng([_SEED, number])
    for _ in range(ceil((last + 1 - first) / STRETCH_DAYS)):
        begin = int(rng.integers(first, max(last + 2 - STRETCH_DAYS, first + 1)))
        span = np.searchsorted(days, [begin, begin + STRETCH_DAYS])
        yield from looks[span[0] : span[1]]


def _watch(
    one: Rehearsal, looks: Sequence[Seen], least_px: int, weather: Mapping[str, float]
) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Return the highest level that would have alerted each pixel, and where change stands at the end."""
    shape = one.block.shape
    state = fresh_state(shape, 1 + max(max(seen.source.planes) for seen in one.looks))
    peak, out, since = np.zeros(shape, np.int16), np.zeros(shape, np.int16), np.zeros(shape, np.int32)
    for number, seen in enumerate(looks):
        _fold(one, state, seen, _weight(looks[:number], seen, weather))
        np.maximum(peak, state.evidence, out=peak)
        peak[state.evidence == 0] = 0
        day = seen.past.day
        since = np.where(peak >= round(STANDS_NATS * EVIDENCE_PER_NAT), np.where(since == 0, day, since), 0)
        counted = np.where(peak >= EVIDENCE_PER_NAT, peak, np.int16(0))
        np.maximum(out, area_opening(counted, least_px), out=out)
    stands = (since > 0) & (since <= looks[-1].past.day - STANDS_DAYS)
    return out, _wider(stands, 2)


def _fold(one: Rehearsal, state: PixelState, seen: Seen, weight: float) -> None:
    source = seen.source
    scalars = look_scalars(
        seen.past.day,
        source.streams.models,
        _QUIET,
        seen.past.offsets,
        source.planes,
        source.streams.correlation,
        weight,
    )
    update(state, seen.gridded, one.baselines[source.streams.key], one.watched, scalars)


def _weight(before: Sequence[Seen], seen: Seen, weather: Mapping[str, float]) -> float:
    """Return the weight of a look after those `before` it."""
    return weight_after(map(_stamp, before[-_MOST_NEAR:]), _stamp(seen), weather)


def _stamp(seen: Seen) -> tuple[str, str, int]:
    streams = seen.source.streams
    return streams.key, streams.weather, seen.past.day


_MOST_NEAR: Final = 12


def _wider(mask: NDArray[np.bool_], px: int) -> NDArray[np.bool_]:
    """Return a mask with a margin: what lies beside change is not stable forest either."""
    padded = np.pad(mask, px)
    height, width = mask.shape
    span = range(2 * px + 1)
    parts = [padded[dy : dy + height, dx : dx + width] for dy in span for dx in span]
    return np.asarray(np.logical_or.reduce(parts), np.bool_)
