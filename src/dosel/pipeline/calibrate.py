"""Thresholds of a centre from its own stable forest: what the held-out year of the history would have raised.

Every sample block is learnt from the history before that year and then watched through it by the very same
kernel, all streams together. The year is watched as it was, and again with its looks drawn anew in stretches
of two months, which keeps what hangs together in space and in time. What stood as changed to the end of the
year is change of the past, not a false alarm: it is left out, and said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.budget import CONFIRMED_SHARE, Curve, FalseAlarms, at_threshold, curve_of, lowest_threshold
from dosel.alerts.opening import area_opening
from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.model.poisson import poisson_upper
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline
from dosel.monitor.scalars import YEAR_DAYS, Thresholds, look_scalars
from dosel.pipeline.blocks import Block, block_values, block_watched, sample_blocks
from dosel.pipeline.centre import Centre
from dosel.pipeline.models import Streams, all_streams
from dosel.pipeline.past import Past, hold_out, learn_block, past_of
from dosel.pipeline.progress import Progress
from dosel.pipeline.reading import HALO_PX, is_gridded
from dosel.stack.gridded import GriddedLook

SHIPPED: Final = Thresholds(3.75, 6.0)
"""h1 and h2 in nats where no history tells; their false-alarm rate is not measured."""
REPLAYS: Final = 8
"""Times the held-out year is drawn anew."""
STRETCH_DAYS: Final = 60
"""Looks of one stretch stay together when a year is drawn anew."""
STANDS_DAYS: Final = 120
"""What has stood for so long at the end of the held-out year is change of the past."""
_QUIET: Final = Thresholds(200.0, 400.0)
"""Never reached: thresholds are laid on the running evidence afterwards."""
_SEED: Final = 20_260_101


@dataclass(frozen=True, slots=True)
class Calibration:
    """The thresholds in force and what is known of their false alarms."""

    thresholds: Thresholds
    streams: tuple[str, ...]
    """Sensor/geometry of the histories that it rests on."""
    source: str
    """``history``, or ``shipped`` where there is none."""
    budget: float
    """False hectares per million hectares and year that were asked for."""
    min_area_ha: float
    provisional: FalseAlarms | None
    """Measured on blocks that had no part in choosing the threshold; None: not measured."""
    confirmed: FalseAlarms | None
    left_out_ha: float
    """Change of the past in the sample, left out."""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-like values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """Return the calibration of :meth:`as_json`."""
        alarms = {name: data[name] and FalseAlarms(**data[name]) for name in ("provisional", "confirmed")}
        rest = {"thresholds": Thresholds(**data["thresholds"]), "streams": tuple(data["streams"])}
        return cls(**{**data, **alarms, **rest})


@dataclass(frozen=True, slots=True)
class _Stream:
    """What one sensor in one geometry brings to a block."""

    streams: Streams
    past: tuple[Past, ...]
    cut: int
    planes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A held-out look over a block."""

    source: _Stream
    past: Past
    gridded: GriddedLook


def calibration(centre: Centre, progress: Progress) -> Calibration:
    """Return the calibration in force; make and store it where the learnt streams have none yet."""
    learnt = tuple(streams for streams in all_streams(centre) if streams.kind == "history")
    wanted = [streams.key for streams in learnt]
    known = stored_calibration(centre)
    alerts = centre.settings.alerts
    asked = (alerts.false_ha_per_mha_year, alerts.min_area_ha, tuple(wanted))
    if known and (known.budget, known.min_area_ha, known.streams) == asked:
        return known
    made = _calibrate(centre, learnt, progress)
    if known and not _kept(centre, learnt):
        made = replace(made, thresholds=_higher(made.thresholds, known.thresholds))
    with centre.store.transaction():
        value = json.dumps(made.as_json(), sort_keys=True)
        centre.store.upsert("meta", [{"key": "calibration", "value": value}])
    return made


def stored_calibration(centre: Centre) -> Calibration | None:
    """Return the calibration that is stored, or None before the first."""
    rows = centre.store.select("meta", {"key": "calibration"})
    return Calibration.from_json(json.loads(rows[0]["value"])) if rows else None


def _kept(centre: Centre, learnt: Sequence[Streams]) -> bool:
    """Return whether the looks of all histories are still in the archive."""
    looks = (look for streams in learnt for look in past_of(centre.store, streams))
    return all(any(is_gridded(centre, look, tile) for tile in centre.tiles) for look in looks)


def _higher(one: Thresholds, other: Thresholds) -> Thresholds:
    return Thresholds(max(one.h1, other.h1), max(one.h2, other.h2))


def in_force(centre: Centre, calibrated: Calibration) -> Thresholds:
    """Return h1 and h2: those of the settings where they are given, else the calibrated ones."""
    alerts = centre.settings.alerts
    h1 = alerts.h1_nats or min(calibrated.thresholds.h1, alerts.h2_nats or calibrated.thresholds.h2)
    return Thresholds(h1, max(h1, alerts.h2_nats or calibrated.thresholds.h2))


def _calibrate(centre: Centre, learnt: Sequence[Streams], progress: Progress) -> Calibration:
    alerts = centre.settings.alerts
    names = tuple(streams.key for streams in learnt)
    if not learnt:
        return Calibration(
            SHIPPED, names, "shipped", alerts.false_ha_per_mha_year, alerts.min_area_ha, None, None, 0.0
        )
    sources = _sources(centre, learnt)
    blocks = sample_blocks(centre.grid)
    progress.start("calibrate", len(blocks))

    def one(block: Block) -> tuple[Curve, Curve, float]:
        found = _block_curves(centre, sources, block)
        progress.advance()
        return found

    with ThreadPoolExecutor(centre.settings.resources.workers) as pool:
        found = list(pool.map(one, blocks))
    factor = _crowding(sources)
    drawn = [curve.crowded(factor) for _, curve, _ in found]
    real = [curve.crowded(factor) for curve, _, _ in found]
    left_out = sum(ha for _, _, ha in found)
    return _chosen(names, drawn, real, left_out, alerts.false_ha_per_mha_year, alerts.min_area_ha)


def _chosen(
    names: tuple[str, ...],
    drawn: list[Curve],
    real: list[Curve],
    left_out: float,
    budget: float,
    least_ha: float,
) -> Calibration:
    """Choose from all blocks; measure each half at the thresholds that the other half would have chosen."""

    def lowest(curves: Sequence[Curve], share: float) -> float:
        return lowest_threshold(sum(curves, Curve.empty()), budget * share, least_ha)

    def crossed(share: float) -> FalseAlarms | None:
        halves = [(drawn[1::2], real[0::2]), (drawn[0::2], real[1::2])]
        if any(sum(c.mha_years for c in part) == 0 for half in halves for part in half):
            return None
        parts = [
            at_threshold(sum(mine, Curve.empty()), lowest(others, share), least_ha) for others, mine in halves
        ]
        return _joined(parts, least_ha)

    if not sum(curve.mha_years for curve in drawn):
        return Calibration(SHIPPED, names, "shipped", budget, least_ha, None, None, left_out)
    h1, h2 = lowest(drawn, 1.0), lowest(drawn, CONFIRMED_SHARE)
    return Calibration(
        Thresholds(h1, max(h1, h2)),
        names,
        "history",
        budget,
        least_ha,
        crossed(1.0),
        crossed(CONFIRMED_SHARE),
        left_out,
    )


def _joined(parts: Sequence[FalseAlarms], least_ha: float) -> FalseAlarms:
    """Return what two halves, each at the other's threshold, say together."""
    groups, ha = sum(part.groups for part in parts), sum(part.ha for part in parts)
    years = sum(part.mha_years for part in parts)
    size = max(ha / groups if groups else 0.0, least_ha)
    return FalseAlarms(max(p.nats for p in parts), groups, ha, years, poisson_upper(groups) * size / years)


def _sources(centre: Centre, learnt: Sequence[Streams]) -> tuple[_Stream, ...]:
    """Return the histories as the ledger tells them, with their planes."""
    sources, plane = [], 0
    for streams in learnt:
        past = past_of(centre.store, streams)
        planes = tuple(range(plane, plane + len(streams.models)))
        plane += len(planes)
        sources.append(_Stream(streams, past, hold_out(past), planes))
    return tuple(sources)


def _crowding(sources: Sequence[_Stream]) -> float:
    """Return how many times as many looks a watch has as the held-out years had, at least 1.

    A sparse history gives fewer chances to a false alarm than the watch will.
    """
    usual = sum(YEAR_DAYS / source.streams.sensor.revisit_days for source in sources)
    had = sum(
        sum(one.day >= source.cut for one in source.past) * YEAR_DAYS / (source.past[-1].day + 1 - source.cut)
        for source in sources
    )
    return max(1.0, usual / had)


def _block_curves(centre: Centre, sources: Sequence[_Stream], block: Block) -> tuple[Curve, Curve, float]:
    """Return the curve of the year as it was, that of the years drawn anew, and hectares left out."""
    watched = block_watched(centre, block)
    inner = watched[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX] == 1
    if not inner.any():
        return Curve.empty(), Curve.empty(), 0.0
    bases = [learn_block(centre, s.streams, s.past, block, s.cut) for s in sources]
    looks = [
        _Seen(s, one, _gridded(centre, s, one, block)) for s in sources for one in s.past if one.day >= s.cut
    ]
    looks.sort(key=lambda seen: (seen.past.acquired, seen.past.id))
    first, last = looks[0].past.day, looks[-1].past.day
    runs = _Runs(
        block,
        watched,
        dict(zip((s.streams.key for s in sources), bases, strict=True)),
        sum(len(s.planes) for s in sources),
        max(1, ceil(centre.settings.alerts.min_area_ha / centre.grid.pixel_ha - 1e-9)),
    )
    opened, stands = runs.opened(looks)
    pixel_ha = centre.grid.pixel_ha
    exposure = float((inner & ~stands).sum()) * pixel_ha * 1e-6 * (last + 1 - first) / YEAR_DAYS
    real = curve_of(np.where(stands, np.int16(0), opened), pixel_ha, exposure)
    drawn = real
    for number in range(REPLAYS):
        again, _ = runs.opened(list(_drawn(looks, number)))
        drawn = drawn + curve_of(np.where(stands, np.int16(0), again), pixel_ha, exposure)
    return real, drawn, float(stands.sum()) * pixel_ha


def _gridded(centre: Centre, source: _Stream, one: Past, block: Block) -> GriddedLook:
    names = source.streams.names
    values = block_values(centre, one, block, len(names))
    return GriddedLook(one.id, "block", one.day, names, values, HALO_PX)


def _drawn(looks: Sequence[_Seen], number: int) -> Iterator[_Seen]:
    """Yield a year of looks in stretches drawn with replacement; the draw is that of `number`."""
    days = np.array([seen.past.day for seen in looks])
    first, last = int(days[0]), int(days[-1])
    rng = np.random.default_rng([_SEED, number])
    for _ in range(ceil((last + 1 - first) / STRETCH_DAYS)):
        begin = int(rng.integers(first, max(last + 2 - STRETCH_DAYS, first + 1)))
        span = np.searchsorted(days, [begin, begin + STRETCH_DAYS])
        yield from looks[span[0] : span[1]]


@dataclass(frozen=True, slots=True)
class _Runs:
    """One block, ready to be watched through any sequence of its looks."""

    block: Block
    watched: NDArray[np.uint8]
    baselines: dict[str, tuple[Baseline, ...]]
    planes: int
    least_px: int

    def opened(self, looks: Sequence[_Seen]) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
        """Return the highest level that would have alerted each pixel, and where change stands at the end."""
        state = fresh_state(self.block.shape, self.planes)
        peak = np.zeros(self.block.shape, np.int16)
        out = np.zeros(self.block.shape, np.int16)
        since = np.zeros(self.block.shape, np.int32)
        for seen in looks:
            source, day = seen.source, seen.past.day
            scalars = look_scalars(
                day,
                source.streams.models,
                _QUIET,
                seen.past.offsets,
                source.planes,
                source.streams.correlation,
            )
            update(state, seen.gridded, self.baselines[source.streams.key], self.watched, scalars)
            np.maximum(peak, state.evidence, out=peak)
            peak[state.evidence == 0] = 0
            high = peak >= round(SHIPPED.h2 * EVIDENCE_PER_NAT)
            since = np.where(high, np.where(since == 0, day, since), 0)
            np.maximum(
                out,
                area_opening(np.where(peak >= EVIDENCE_PER_NAT, peak, np.int16(0)), self.least_px),
                out=out,
            )
        stands = (since > 0) & (since <= looks[-1].past.day - STANDS_DAYS)
        return out, stands
