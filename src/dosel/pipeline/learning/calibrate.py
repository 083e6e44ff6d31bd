"""Thresholds of a centre from its own stable forest: what the held-out year would have raised.

All streams are watched together (:mod:`dosel.pipeline.learning.rehearse`). What stood as changed to the end
of the year is change of the past, not a false alarm: it is left out, and said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from dosel.alerts.budget import CONFIRMED_SHARE, Curve, FalseAlarms, at_threshold, joined, lowest_threshold
from dosel.alerts.confirm import AlertRules
from dosel.monitor.scalars import YEAR_DAYS, Thresholds
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.blocks import BLOCK_PX, Block, sample_blocks
from dosel.pipeline.learning.models import Streams, all_streams
from dosel.pipeline.learning.past import CORRELATION_BLOCKS, LEARNER_BYTES
from dosel.pipeline.learning.rehearse import (
    NOTHING,
    Raised,
    Source,
    raised,
    rehearsal,
    shared_weather,
    sources_of,
)
from dosel.pipeline.progress import Progress
from dosel.pipeline.spine.order import has_folded

SHIPPED: Final = Thresholds(3.75, 6.0)
"""h1 and h2 in nats where no history tells; their false-alarm rate is not measured."""


FEWEST_LOOKS: Final = 12
"""With fewer looks held out the running sum has not come to rest, and nothing is said about its heights."""


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
    provisional: FalseAlarms | None = None
    """Measured on blocks that had no part in choosing the threshold; None: not measured."""
    confirmed: FalseAlarms | None = None
    left_out_ha: float = 0.0
    """Change of the past in the sample, left out."""
    weather: Mapping[str, float] = field(default_factory=dict)
    """By group of streams: how far near looks of different streams go together."""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-like values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """Return the calibration of :meth:`as_json`."""
        alarms = {name: data[name] and FalseAlarms(**data[name]) for name in ("provisional", "confirmed")}
        rest = {"thresholds": Thresholds(**data["thresholds"]), "streams": tuple(data["streams"])}
        return cls(**{**data, **alarms, **rest})


def calibration(centre: Centre, progress: Progress) -> Calibration:
    """Return the calibration in force; make and store it where there is none.

    It stays once a look is folded, since the state follows from it: a stream that is learnt later is watched
    under the thresholds that are there, and its alerts say that their rate is not measured.
    """
    learnt = tuple(streams for streams in all_streams(centre) if streams.kind == "history")
    known, alerts = stored_calibration(centre), centre.settings.alerts
    asked = (alerts.false_ha_per_mha_year, alerts.min_area_ha, tuple(streams.key for streams in learnt))
    if known and (has_folded(centre.store) or (known.budget, known.min_area_ha, known.streams) == asked):
        return known
    made = _calibrate(centre, learnt, progress)
    with centre.store.transaction():
        value = json.dumps(made.as_json(), sort_keys=True)
        centre.store.upsert("meta", [{"key": "calibration", "value": value}])
    return made


def stored_calibration(centre: Centre) -> Calibration | None:
    """Return the calibration that is stored, or None before the first."""
    rows = centre.store.select("meta", {"key": "calibration"})
    return Calibration.from_json(json.loads(rows[0]["value"])) if rows else None


def in_force(centre: Centre, calibrated: Calibration) -> Thresholds:
    """Return h1 and h2: those of the settings where they are given, else the calibrated ones."""
    alerts = centre.settings.alerts
    h1 = alerts.h1_nats or min(calibrated.thresholds.h1, alerts.h2_nats or calibrated.thresholds.h2)
    return Thresholds(h1, max(h1, alerts.h2_nats or calibrated.thresholds.h2))


def _calibrate(centre: Centre, learnt: Sequence[Streams], progress: Progress) -> Calibration:
    alerts = centre.settings.alerts
    names = tuple(streams.key for streams in learnt)
    none = Calibration(SHIPPED, names, "shipped", alerts.false_ha_per_mha_year, alerts.min_area_ha)
    sources, blocks = sources_of(centre, learnt), sample_blocks(centre.grid)
    if sum(len(source.held_out) for source in sources) < FEWEST_LOOKS:
        return none
    progress.start("calibrate", len(blocks))
    some = (rehearsal(centre, sources, block) for block in sample_blocks(centre.grid, CORRELATION_BLOCKS))
    weather = shared_weather(one for one in some if one)
    least_px = AlertRules(alerts.min_area_ha).min_pixels(centre.grid)

    def of_block(block: Block) -> Raised:
        one = rehearsal(centre, sources, block)
        found = raised(one, least_px, weather) if one else NOTHING
        progress.advance()
        return found

    with ThreadPoolExecutor(_workers(centre, sources)) as pool:
        found = list(pool.map(of_block, blocks))
    if not sum(part.real.mha_years for part in found):
        return none
    return replace(_chosen(none, found, _crowding(sources)), source="history", weather=weather)


def _workers(centre: Centre, sources: Sequence[Source]) -> int:
    """Return how many blocks are watched at once: as set, fewer where half of the memory bears fewer."""
    resources = centre.settings.resources
    learning = max(len(source.planes) for source in sources) * LEARNER_BYTES
    held = sum(2 * len(source.planes) * len(source.held_out) for source in sources)
    block_mb = BLOCK_PX**2 * (learning + held) / 1e6
    return max(1, min(resources.workers, int(resources.memory_mb / 2 / block_mb)))


def _chosen(asked: Calibration, found: Sequence[Raised], factor: float) -> Calibration:
    """Choose from all blocks; measure each half at the thresholds that the other half would have chosen."""
    drawn = [part.drawn.crowded(factor) for part in found]
    real = [part.real.crowded(factor) for part in found]

    def lowest(curves: Sequence[Curve], share: float) -> float:
        return lowest_threshold(sum(curves, Curve.empty()), asked.budget * share, asked.min_area_ha)

    def crossed(share: float) -> FalseAlarms | None:
        halves = [(drawn[1::2], real[0::2]), (drawn[0::2], real[1::2])]
        if any(sum(curve.mha_years for curve in part) == 0 for half in halves for part in half):
            return None
        parts = [
            at_threshold(sum(mine, Curve.empty()), lowest(others, share), asked.min_area_ha)
            for others, mine in halves
        ]
        return joined(parts, asked.min_area_ha)

    h1, h2 = lowest(drawn, 1.0), lowest(drawn, CONFIRMED_SHARE)
    return replace(
        asked,
        thresholds=Thresholds(h1, max(h1, h2)),
        provisional=crossed(1.0),
        confirmed=crossed(CONFIRMED_SHARE),
        left_out_ha=sum(part.left_out_ha for part in found),
    )


def _crowding(sources: Sequence[Source]) -> float:
    """Return how many times as many looks a watch has as the held-out years had, at least 1.

    A sparse history gives fewer chances to a false alarm than the watch will.
    """
    usual = sum(YEAR_DAYS / source.streams.sensor.revisit_days for source in sources)
    days = [one.day for source in sources for one in source.held_out]
    return max(1.0, usual * (max(days) + 1 - min(days)) / YEAR_DAYS / len(days))
