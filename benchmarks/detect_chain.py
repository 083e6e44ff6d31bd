"""The fast path of ``benchmarks.detectability``: looks as arrays through baseline, kernel and pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.budget import Curve, curve_of
from dosel.alerts.opening import area_opening
from dosel.catalog.scene import RefusedSceneError
from dosel.model.codes import EVIDENCE_PER_NAT, NODATA
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline, Learner
from dosel.monitor.derive import Looks, derive_stream, prior_row, split_history
from dosel.monitor.evidence import StreamModel
from dosel.monitor.offset import lattice_residuals, pass_offset
from dosel.monitor.scalars import Thresholds, look_scalars
from dosel.monitor.state import PixelState
from dosel.monitor.weather import Correlations, history_offsets, take_off
from dosel.pipeline.learning.models import windowed, with_mixed_pixels
from dosel.pipeline.learning.past import standard
from dosel.stack.gridded import GriddedLook
from dosel.testing.worlds import World, WorldLook

SAMPLE_PX = 3000
"""Pixels that tell a stream's parameters."""
_RUNNING = Thresholds(200.0, 400.0)
"""Never reached: thresholds are laid on the running evidence afterwards."""
_PRIORS = {
    "vv": ("dB", 0.01, -7.0, 1.7, 1.0, 1.25),
    "vh": ("dB", 0.01, -12.8, 1.7, 1.75, 1.25),
    "nbr": ("1", 0.0001, 0.7, 0.06, 0.4, 0.15),
    "ndvi": ("1", 0.0001, 0.85, 0.05, 0.3, 0.12),
}
"""Unit, quantum, level, spread, shift and extra of a band before its own looks have spoken."""


@dataclass(frozen=True, slots=True)
class Sensing:
    """What watches: radar, optical or both, with the bands in use."""

    name: str
    radar: tuple[str, ...]
    optical: tuple[str, ...]

    def bands(self, look: WorldLook) -> tuple[str, ...]:
        """Return the bands of a look that are used; none leaves the look out."""
        return self.radar if look.radar else self.optical


class Seen:
    """A world and the looks at it that were drawn so far, so that several sensings share them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._drawn: dict[tuple[str, str], NDArray[np.int16]] = {}

    def values(self, look: WorldLook, bands: Sequence[str]) -> NDArray[np.int16]:
        """Return (band, y, x) of a look in quanta, NODATA where masked."""
        if (look.id, bands[0]) not in self._drawn:
            drawn = values_of(self.world, look, bands)
            self._drawn |= {(look.id, band): values for band, values in zip(bands, drawn, strict=True)}
        return np.stack([self._drawn[look.id, band] for band in bands])


@dataclass(frozen=True, slots=True)
class Trail:
    """Running evidence of a watch."""

    days: tuple[int, ...]
    evidence: NDArray[np.int16]
    """(look, y, x) in 1/64 nat."""


@dataclass(frozen=True, slots=True)
class _Geometry:
    """The streams of one geometry, learnt."""

    models: tuple[StreamModel, ...]
    baselines: tuple[Baseline, ...]
    planes: tuple[int, ...]
    correlation: float


def values_of(world: World, look: WorldLook, bands: Sequence[str]) -> NDArray[np.int16]:
    """Return (band, y, x) of a look in quanta, NODATA where masked."""
    if look.radar:
        gamma0 = world.radar(look).gamma0_db
        physical = [gamma0[("vv", "vh").index(band)] for band in bands]
    else:
        seen = world.optical(look)
        physical = [seen.index(band) for band in bands]
    stored = [values / np.float32(_PRIORS[band][1]) for band, values in zip(bands, physical, strict=True)]
    return np.where(np.isfinite(stored), np.rint(np.nan_to_num(stored)), NODATA).astype(np.int16)


def run_world(seen: Seen, sensing: Sensing) -> Trail:
    """Learn from the history of a world, watch it, and return the running evidence after each look."""
    world = seen.world
    looks = [look for look in world.looks if sensing.bands(look)]
    learnt: dict[str, _Geometry] = {}
    planes = 0
    for geometry in sorted({look.geometry for look in looks}):
        history = [look for look in looks if look.geometry == geometry and look.history]
        learnt[geometry] = _learn(seen, history, sensing.bands(history[0]), planes)
        planes += len(learnt[geometry].models)
    state = fresh_state(world.spec.shape, planes)
    watched = world.truth.forest.astype(np.uint8)
    monitored = [look for look in looks if not look.history]
    evidence = np.empty((len(monitored), *world.spec.shape), np.int16)
    for number, look in enumerate(monitored):
        _fold(seen, look, sensing.bands(look), learnt[look.geometry], state, watched)
        evidence[number] = state.evidence
    return Trail(tuple(look.day for look in monitored), evidence)


def _fold(
    seen: Seen,
    look: WorldLook,
    bands: tuple[str, ...],
    geometry: _Geometry,
    state: PixelState,
    watched: NDArray[np.uint8],
) -> None:
    values = seen.values(look, bands)
    names = tuple(model.stream for model in geometry.models)
    halo = max(model.radius_px for model in geometry.models)
    edge = ((halo, halo), (halo, halo))
    padded = np.stack([np.pad(band, edge, constant_values=NODATA) for band in values])
    gridded = GriddedLook(look.id, "world", look.day, names, padded, halo)
    wide, inside = [_padded(base, halo) for base in geometry.baselines], np.pad(watched, halo)
    try:
        offsets = [
            pass_offset([lattice_residuals(gridded, model, base, inside, (0, 0))])
            for model, base in zip(geometry.models, wide, strict=True)
        ]
    except RefusedSceneError:
        return
    parameters = (look.day, geometry.models, _RUNNING, offsets, geometry.planes, geometry.correlation)
    update(state, gridded, wide, inside, look_scalars(*parameters))


def _padded(base: Baseline, halo: int) -> Baseline:
    edge = ((halo, halo), (halo, halo))
    return replace(
        base,
        level=np.pad(base.level, edge),
        season=np.pad(base.season, ((0, 0), *edge)),
        inv_spread=np.pad(base.inv_spread, edge),
        looks=np.pad(base.looks, edge),
    )


def _learn(seen: Seen, history: list[WorldLook], bands: tuple[str, ...], plane: int) -> _Geometry:
    """Learn baselines and parameter rows of one geometry from its history, as the watch does."""
    world = seen.world
    stacks = np.stack([seen.values(look, bands) for look in history], axis=1)
    days = [look.day for look in history]
    models, baselines, fields = [], [], []
    for number, band in enumerate(bands):
        offsets = history_offsets(_sample(world, stacks[number]), days)
        values = np.stack(
            [
                take_off(look, offset) if offset is not None else np.full_like(look, NODATA)
                for look, offset in zip(stacks[number], offsets, strict=True)
            ]
        )
        model = _row(world, band, history[0], days, values)
        learner = Learner(model, world.spec.shape)
        learner.add(days, values)
        learner.again()
        learner.add(days, values)
        models.append(model)
        baselines.append(learner.finish())
        fields.append((values, baselines[-1], model))
    found = _correlations(world, days, fields)
    planes = tuple(range(plane, plane + len(bands)))
    rows = tuple(windowed(model, found.neighbours(number) or 0.0) for number, model in enumerate(models))
    return _Geometry(rows, tuple(baselines), planes, found.bands() or 0.0)


def _correlations(
    world: World, days: list[int], fields: list[tuple[NDArray[np.int16], Baseline, StreamModel]]
) -> Correlations:
    """Return how the residuals of intact forest hang together."""
    found, forest = Correlations(len(fields)), world.truth.forest
    for number, day in enumerate(days):
        shown = [standard(values[number], base, day, model.season_step) for values, base, model in fields]
        found.add(np.where(forest, np.stack(shown), np.float32(np.nan)))
    return found


def _sample(world: World, values: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return (look, point) of intact forest."""
    rows, cols = np.nonzero(world.truth.forest)
    chosen = np.linspace(0, rows.size - 1, min(SAMPLE_PX, rows.size)).astype(int)
    return values[:, rows[chosen], cols[chosen]]


def _row(
    world: World, band: str, first: WorldLook, days: list[int], values: NDArray[np.int16]
) -> StreamModel:
    """Derive the row of a stream from a sample of its history."""
    unit, quantum, level, spread, shift, extra = _PRIORS[band]
    prior = prior_row(f"{band}/{first.geometry}", unit, quantum, -1, level, spread, shift, extra)
    sample = _sample(world, values).T
    point, look = np.nonzero(sample != NODATA)
    looks = Looks(sample[point, look] * quantum, np.array(days, np.int64)[look], point, len(sample))
    ends = split_history(len(sample), world.spec.monitor_start)
    return with_mixed_pixels(derive_stream(looks, *ends, prior).model)


def alerted(trail: Trail, min_px: int) -> Iterator[NDArray[np.int16]]:
    """Yield after each look the highest threshold, in 1/64 nat, at which each pixel would lie in an alert.

    A pixel is active from the look at which its evidence reaches the threshold until it returns to 0.
    """
    peak = np.zeros(trail.evidence.shape[1:], np.int16)
    for evidence in trail.evidence:
        peak = np.where(evidence == 0, np.int16(0), np.maximum(peak, evidence))
        yield area_opening(np.where(peak >= EVIDENCE_PER_NAT, peak, np.int16(0)), min_px)


def false_curve(trail: Trail, min_px: int, pixel_ha: float, mha_years: float) -> Curve:
    """Return what a world without change raised, at every threshold."""
    opened = np.zeros(trail.evidence.shape[1:], np.int16)
    for level in alerted(trail, min_px):
        np.maximum(opened, level, out=opened)
    return curve_of(opened, pixel_ha, mha_years)
