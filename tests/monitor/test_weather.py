"""Offsets and correlations of a history whose truth is known."""

import numpy as np
import pytest

from dosel.model.codes import NODATA
from dosel.monitor.weather import Correlations, history_offsets, take_off

DAYS = np.arange(0, 730, 12)


def sample(offsets, season=0.0, points=400):
    rng = np.random.default_rng(3)
    level = rng.normal(-1280, 80, points)
    wave = season * np.cos(2 * np.pi * DAYS / 365.25)
    values = level + (np.asarray(offsets) + wave)[:, None] + rng.normal(0, 100, (DAYS.size, points))
    return np.rint(values).astype(np.int16)


def test_offsets_are_found_and_the_shared_season_is_left_in():
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 40, DAYS.size)
    found = np.array(history_offsets(sample(truth, season=60.0), DAYS.tolist()))
    wave = np.stack(
        [np.ones(DAYS.size), np.cos(2 * np.pi * DAYS / 365.25), np.sin(2 * np.pi * DAYS / 365.25)]
    )
    rest = truth - wave.T[:, 1:] @ np.linalg.lstsq(wave.T, truth, rcond=None)[0][1:]
    assert np.abs(found - rest - np.median(found - rest)).max() < 25
    assert abs(np.polyfit(wave[1], found, 1)[0]) < 5  # nothing of the 60 quanta of season


def test_a_look_with_too_few_points_has_no_offset():
    values = sample(np.zeros(DAYS.size))
    values[5, 50:] = NODATA
    found = history_offsets(values, DAYS.tolist())
    assert found[5] is None
    assert None not in found[:5] + found[6:]


def test_taking_off_keeps_nodata_and_range():
    values = np.array([NODATA, -32767, 0, 32767], np.int16)
    assert take_off(values, 10).tolist() == [NODATA, -32767, -10, 32757]
    assert take_off(values, -10).tolist() == [NODATA, -32757, 10, 32767]


def test_correlations_of_a_moving_mean_are_those_of_theory():
    rng = np.random.default_rng(5)
    found = Correlations(2)
    for _ in range(20):
        white = rng.normal(size=(102, 102))
        smooth = (white[1:, 1:] + white[:-1, 1:] + white[1:, :-1] + white[:-1, :-1]) / 2.0
        other = 0.6 * smooth + 0.8 * rng.normal(size=smooth.shape)
        found.add(np.stack([smooth, other]).astype(np.float32))
    # Of the eight distances the four nearest overlap: 1/2, 1/2, 1/4, 1/4.
    assert found.neighbours(0) == pytest.approx(1.5 / 8, abs=0.02)
    assert found.neighbours(1) == pytest.approx(0.36 * 1.5 / 8, abs=0.02)
    assert found.bands() == pytest.approx(0.6, abs=0.02)


def test_nothing_seen_says_nothing():
    found = Correlations(1)
    found.add(np.full((1, 4, 4), np.nan, np.float32))
    assert found.neighbours(0) is None
    assert found.bands() is None
