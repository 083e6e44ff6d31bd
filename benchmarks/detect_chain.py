"""The fast path of ``benchmarks.detectability``: looks as arrays through baseline, kernel and pieces."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.polygonize import Pieces, pieces, stitch
from dosel.alerts.runs import runs_of
from dosel.model.codes import EVIDENCE_PER_NAT, NODATA
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline, Learner
from dosel.monitor.derive import Looks, derive_stream, prior_row, split_history
from dosel.monitor.evidence import StreamModel
from dosel.monitor.offset import LATTICE_PX
from dosel.monitor.scalars import Thresholds, look_scalars
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
    state: object,
    watched: NDArray[np.uint8],
) -> None:
    values = seen.values(look, bands)
    offsets = [
        _offset(band, base.level, watched) if look.radar else 0
        for band, base in zip(values, geometry.baselines, strict=True)
    ]
    if any(offset is None for offset in offsets):
        return
    halo = max(model.radius_px for model in geometry.models)
    edge = ((halo, halo), (halo, halo))
    padded = np.stack([np.pad(band, edge, constant_values=NODATA) for band in values])
    names = tuple(model.stream for model in geometry.models)
    scalars = look_scalars(
        look.day,
        geometry.models,
        _RUNNING,
        [int(offset or 0) for offset in offsets],
        geometry.planes,
        geometry.correlation,
    )
    gridded = GriddedLook(look.id, "world", look.day, names, padded, halo)
    wide = [_padded(base, halo) for base in geometry.baselines]
    update(state, gridded, wide, np.pad(watched, halo), scalars)  # type: ignore[arg-type]


def _offset(band: NDArray[np.int16], level: NDArray[np.int16], watched: NDArray[np.uint8]) -> int | None:
    """Return the lower median of value - level over the lattice; None with too few points."""
    part = np.s_[::LATTICE_PX, ::LATTICE_PX]
    good = (band[part] != NODATA) & (watched[part] == 1)
    if good.sum() < 100:
        return None
    return int(np.median(band[part][good].astype(np.int32) - level[part][good]))


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
    """Learn baselines and parameter rows of one geometry from its history, by one procedure."""
    world = seen.world
    stacks = np.stack([seen.values(look, bands) for look in history], axis=1)
    days = [look.day for look in history]
    forest = world.truth.forest
    models, baselines, residuals = [], [], []
    for number, band in enumerate(bands):
        values = stacks[number]
        if history[0].radar:
            _take_offsets(values, forest)
        model = _row(world, band, history[0], days, values)
        learner = Learner(model, world.spec.shape)
        learner.add(days, values)
        learner.again()
        learner.add(days, values)
        base = learner.finish()
        left = np.where(values != NODATA, values - base.level.astype(np.float32), np.nan)
        models.append(replace(model, radius_px=1, neighbour_correlation=_neighbours(left, forest)))
        baselines.append(base)
        residuals.append(left[:, forest])
    planes = tuple(range(plane, plane + len(bands)))
    return _Geometry(tuple(models), tuple(baselines), planes, _bands_correlation(residuals))


def _take_offsets(values: NDArray[np.int16], forest: NDArray[np.bool_]) -> None:
    """Take each pass's own offset off the history, in place: forest's median about its pixels' medians."""
    part = values[:, forest][:, ::37].astype(np.float32)
    part[part == NODATA] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # pixels in layover have no median
        part -= np.nanmedian(part, axis=0)
        offsets = np.nan_to_num(np.nanmedian(part, axis=1))
    for look, offset in zip(values, offsets, strict=True):
        look[look != NODATA] -= np.int16(round(float(offset)))


def _row(
    world: World, band: str, first: WorldLook, days: list[int], values: NDArray[np.int16]
) -> StreamModel:
    """Derive the row of a stream from a sample of its history."""
    unit, quantum, level, spread, shift, extra = _PRIORS[band]
    prior = prior_row(f"{band}/{first.geometry}", unit, quantum, -1, level, spread, shift, extra)
    rows, cols = np.nonzero(world.truth.forest)
    chosen = np.linspace(0, rows.size - 1, min(SAMPLE_PX, rows.size)).astype(int)
    sample = values[:, rows[chosen], cols[chosen]].T
    point, look = np.nonzero(sample != NODATA)
    looks = Looks(sample[point, look] * quantum, np.array(days, np.int64)[look], point, len(chosen))
    return derive_stream(looks, *split_history(len(chosen), world.spec.monitor_start), prior).model


def _neighbours(left: NDArray[np.float32], forest: NDArray[np.bool_]) -> float:
    """Return the mean correlation of intact pixels in a 3 x 3 window, from clipped residuals."""
    left = np.where(forest, left, np.nan)
    limit = 3 * np.nanstd(left)
    left = np.clip(left - np.nanmedian(left), -limit, limit)
    high, wide = left.shape[1:]
    found = []
    for dr, dc in ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (2, 2)):
        pair = left[:, : high - dr, : wide - dc] * left[:, dr:, dc:]
        found.append(float(np.nanmean(pair) / np.nanvar(left)))
    return float(np.clip(np.mean(found), 0.0, 0.95))


def _bands_correlation(residuals: list[NDArray[np.float32]]) -> float:
    """Return the correlation of the bands of a look, at least 0."""
    if len(residuals) < 2:
        return 0.0
    one, other = (part.ravel() for part in residuals)
    both = np.isfinite(one) & np.isfinite(other)
    limits = [3 * part[both].std() for part in (one, other)]
    clipped = [np.clip(part[both], -n, n) for part, n in zip((one, other), limits, strict=True)]
    return float(np.clip(np.corrcoef(*clipped)[0, 1], 0.0, 1.0))


def pieces_of(mask: NDArray[np.bool_]) -> Pieces:
    """Return the corner-connected pieces of a mask."""
    edge = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edge == 1)
    triples = np.stack([rows, starts, np.nonzero(edge == -1)[1]], axis=1).astype(np.int32)
    return pieces(stitch([runs_of(triples)]))


def alerted(trail: Trail, threshold_nats: float, min_px: int) -> list[NDArray[np.bool_]]:
    """Return after each look where pieces of at least `min_px` active pixels stand.

    A pixel is active from the look at which its evidence reaches the threshold until it returns to 0.
    """
    level = round(threshold_nats * EVIDENCE_PER_NAT)
    active = np.zeros(trail.evidence.shape[1:], bool)
    out = []
    for evidence in trail.evidence:
        active = (evidence >= level) | (active & (evidence > 0))
        out.append(_large(active, min_px))
    return out


def _large(active: NDArray[np.bool_], min_px: int) -> NDArray[np.bool_]:
    found = pieces_of(active)
    mask = np.zeros(active.shape, bool)
    keep = found.pixels[found.label] >= min_px
    for row, start, stop in found.runs.triples[keep]:
        mask[row, start:stop] = True
    return mask


def false_pieces(trail: Trail, threshold_nats: float, min_px: int) -> NDArray[np.int32]:
    """Return the sizes in pixels of everything ever alerted in a world without change."""
    ever = np.any(alerted(trail, threshold_nats, min_px), axis=0)
    return pieces_of(ever).pixels


def threshold_for(trails: Sequence[Trail], min_px: int, bearable_px: float) -> float:
    """Return the lowest threshold in quarter nats at which worlds without change alert no more pixels."""

    def total(nats: float) -> float:
        return float(sum(int(false_pieces(trail, nats, min_px).sum()) for trail in trails))

    return _lowest(total, bearable_px)


def _lowest(total: Callable[[float], float], bearable: float) -> float:
    """Return the lowest quarter of a nat, 0.5 to 60, where a falling function is bearable, by bisection."""
    low, high = 2, 240
    while low < high:
        middle = (low + high) // 2
        if total(middle / 4.0) <= bearable:
            high = middle
        else:
            low = middle + 1
    return low / 4.0
