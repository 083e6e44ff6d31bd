"""Detectability against the kernel itself, on fields with clearings of known size."""

import numpy as np
import pytest

from dosel.alerts.polygonize import pieces
from dosel.alerts.runs import active_runs, stitch
from dosel.catalog.sensors import SENSORS
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import baseline_from_surroundings
from dosel.monitor.detectability import AGES_DAYS, SIZES_HA, Pass, Watching, detectable_ha, probability
from dosel.monitor.scalars import Thresholds, look_scalars
from dosel.pipeline.learning.models import surrounding_streams
from dosel.stack.gridded import GriddedLook

DAY = 17000
PIXEL_HA = 0.01
SIDES = (5, 7, 10, 14)
"""Of square clearings; 5, 7 and 10 pixels are 0.25, 0.49 and 1 ha."""


def radar():
    made = surrounding_streams(SENSORS["sentinel-1-rtc-db"], "ascending")
    return made.models, 0.0


def passes(seen, looks=8, step=6):
    models, correlation = radar()
    share = np.atleast_1d(np.asarray(seen, np.float32))
    return [Pass(DAY + step * k, Watching(models, correlation), share) for k in range(looks)]


def found_by_the_kernel(side, thresholds, least_px, looks, rounds=60):
    """The share of square clearings under a piece of `least_px` after so many looks, by kernel and pieces."""
    models, correlation = radar()
    pitch, per_row = side + 8, 5
    size = pitch * per_row
    rng, hits, total = np.random.default_rng(side), 0, 0
    for _ in range(rounds // 25 + 1):
        strength = rng.standard_normal((per_row, per_row))
        cleared = np.zeros((size + 2, size + 2))
        state = fresh_state((size, size), len(models))
        bases = tuple(
            baseline_from_surroundings(model, (size + 2, size + 2), level=-10.0) for model in models
        )
        for k in range(looks):
            bands = []
            look = rng.standard_normal((per_row, per_row))
            for model in models:
                cleared[:] = 0.0
                for i, j in np.ndindex(per_row, per_row):
                    spread = model.extra / np.sqrt(2) * (strength[i, j] + look[i, j])
                    at = np.s_[1 + i * pitch : 1 + i * pitch + side, 1 + j * pitch : 1 + j * pitch + side]
                    cleared[at] = max(model.shift + spread, 0.0)
                noise = rng.normal(0, model.sd, cleared.shape)
                bands.append(np.rint((-10.0 + noise - cleared) / model.quantum).astype(np.int16))
            names = tuple(model.stream for model in models)
            gridded = GriddedLook("look", "tile", DAY + 6 * k, names, np.stack(bands), 1)
            scalars = look_scalars(DAY + 6 * k, models, thresholds, correlation=correlation)
            update(state, gridded, bases, np.ones(cleared.shape, np.uint8), scalars)
        found = pieces(stitch([active_runs(state, 0, 0)]))
        for i, j in np.ndindex(per_row, per_row):
            row, col = i * pitch, j * pitch
            runs = found.runs
            over = (runs.row >= row) & (runs.row < row + side) & (runs.start < col + side) & (runs.stop > col)
            hits += bool((found.pixels[found.label[over]] >= least_px).any())
            total += 1
    return hits / total


@pytest.mark.parametrize("side", SIDES)
def test_probability_is_that_of_the_kernel(side):
    thresholds, least_px = Thresholds(6.0, 8.0), 25
    size = np.array(SIZES_HA)
    expected = probability(passes(1.0), DAY, thresholds, PIXEL_HA, least_px)[0]
    here = float(np.interp(side * side * PIXEL_HA, size, expected))
    measured = found_by_the_kernel(side, thresholds, least_px, looks=8)
    assert here == pytest.approx(measured, abs=0.15)


def test_what_was_never_seen_finds_nothing_and_what_was_seen_more_finds_no_less():
    chance = probability(passes([0.0, 0.3, 0.6, 1.0]), DAY, Thresholds(6.0, 8.0), PIXEL_HA, 25)
    assert not chance[0].any()
    assert (np.diff(chance, axis=0) >= -0.05).all()
    assert chance[3, -1] > 0.9


def test_old_clearings_are_found_at_smaller_sizes_and_fresh_ones_not_before_a_look():
    looks = passes(1.0, looks=16)
    sizes = detectable_ha(looks, looks[-1].day + 3, Thresholds(6.0, 8.0), PIXEL_HA, 25)[0]
    assert len(sizes) == len(AGES_DAYS)
    assert (np.diff(sizes) <= 0).all()
    stale = detectable_ha(looks, looks[-1].day + 60, Thresholds(6.0, 8.0), PIXEL_HA, 25)[0]
    assert np.isinf(stale[:3]).all()
    assert np.isfinite(stale[3])


def test_without_any_look_nothing_is_known():
    assert detectable_ha([], DAY, Thresholds(6.0, 8.0), PIXEL_HA, 25).shape == (0, len(AGES_DAYS))
