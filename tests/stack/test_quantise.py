"""Stored numbers to quanta: the fast kernels against plain numpy, and units that may not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dosel.model.codes import NODATA
from dosel.stack.quantise import Quantum, Tally, quantise, quantise_difference
from dosel.stack.radar import decibel

DB = Quantum(0.01, (-40.0, 20.0))
INDEX = Quantum(0.0001, (-1.0, 1.0))


def _empty(shape: tuple[int, ...]) -> np.ndarray:
    return np.full(shape, NODATA, np.int16)


def _plain(physical: np.ndarray, rule: Quantum) -> np.ndarray:
    """Oracle: quanta without any kernel."""
    good = np.isfinite(physical) & (physical >= rule.valid[0]) & (physical <= rule.valid[1])
    quanta = np.floor(np.where(good, physical, 0) * (1 / rule.size) + 0.5).clip(-32767, 32767)
    return np.where(good, quanta, NODATA).astype(np.int16)


NUMBERS = hnp.arrays(
    np.float32, (3, 7), elements=st.floats(-60, 60, width=32) | st.sampled_from([np.nan, np.inf])
)


@settings(max_examples=60, deadline=None)
@given(stored=NUMBERS)
def test_affine_equals_numpy(stored: Any) -> None:
    out = _empty(stored.shape)
    tally = quantise(stored, DB, out)
    np.testing.assert_array_equal(out, _plain(stored.astype(float), DB))
    finite = np.isfinite(stored)
    outside = finite & ((stored < -40) | (stored > 20))
    assert tally == Tally(21, int((finite & ~outside).sum()), int(outside.sum()), 0)


@settings(max_examples=60, deadline=None)
@given(exponents=hnp.arrays(np.float64, (2, 9), elements=st.floats(-12, 12)))
def test_fast_decibels_equal_the_logarithm(exponents: Any) -> None:
    """Kills: an exponent off by one, the mantissa of the wrong half, zero taken for a number."""
    power = (10.0**exponents).astype(np.float32)
    power[0, 0], power[0, 1], power[0, 2], power[0, 3] = 0, -1, np.nan, np.inf
    out = _empty(power.shape)
    tally = quantise(power, DB, out, linear_power=True)
    with np.errstate(invalid="ignore"):
        exact = decibel(power.astype(float)) * 100
    there = out != NODATA
    assert not there[0, :4].any()
    assert np.abs(out[there] - exact[there]).max(initial=0) <= 0.5 + 1e-3
    assert tally.valid + tally.absurd == np.isfinite(exact).sum()


@pytest.mark.parametrize("step", [-1, 1])
def test_pass_through_is_the_slow_path(step: int) -> None:
    """Kills: the range test of the fast path off by one quantum; nodata let through."""
    stored = np.arange(-32768, 32768, dtype=np.int32)[::step].astype(np.int16).reshape(256, 256)
    for rule, nodata in ((DB, -9999.0), (INDEX, None), (Quantum(0.01, (-1e9, 1e9)), -32768.0)):
        fast, slow = _empty(stored.shape), _empty(stored.shape)
        one = quantise(stored, rule, fast, nodata=nodata, scale=rule.size)
        wide = np.where(stored == -32768, np.nan, stored).astype(np.float64)
        two = quantise(wide, rule, slow, nodata=nodata, scale=rule.size)
        np.testing.assert_array_equal(fast, slow)
        assert one == two


@settings(max_examples=40, deadline=None)
@given(power=st.integers(-20, 20), stored=hnp.arrays(np.int32, (2, 9), elements=st.integers(-20_000, 20_000)))
def test_units_change_nothing(power: int, stored: Any) -> None:
    """Kills: a threshold in physical units inside a kernel."""
    factor = 2.0**power
    plain, scaled = _empty(stored.shape), _empty(stored.shape)
    one = quantise(stored, Quantum(0.25, (-3000.0, 3000.0)), plain, nodata=7)
    rule = Quantum(0.25 * factor, (-3000.0 * factor, 3000.0 * factor))
    two = quantise(stored, rule, scaled, nodata=7, scale=factor)
    np.testing.assert_array_equal(plain, scaled)
    assert one == two


@settings(max_examples=40, deadline=None)
@given(
    bands=hnp.arrays(np.uint16, (2, 3, 8), elements=st.integers(0, 20_000)),
    offset=st.sampled_from([0.0, -0.1]),
)
def test_normalised_difference_equals_numpy(bands: Any, offset: float) -> None:
    """Kills: bands swapped, the offset applied to one band, a pixel of zero reflectance kept."""
    first, second = bands
    out = _empty(first.shape)
    scale = (0.0001, 0.0001)
    quantise_difference(first, second, INDEX, out, nodata=(0, 0), scale=scale, offset=(offset, offset))
    a, b = (np.where(band == 0, np.nan, band * 0.0001 + offset) for band in bands)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((a > 0) & (b > 0), (a - b) / (a + b), np.nan)
    np.testing.assert_array_equal(out, _plain(ratio, INDEX))


def test_only_empty_pixels_are_filled_and_masked_ones_never() -> None:
    out = np.array([[5, NODATA, NODATA]], np.int16)
    clear = np.array([[True, True, False]])
    tally = quantise(np.full((1, 3), 1.0, np.float32), DB, out, clear=clear)
    assert out.tolist() == [[5, 100, NODATA]]
    assert tally == Tally(2, 1, 0, 0)


def test_what_int16_cannot_hold_is_cut_and_counted() -> None:
    out = _empty((1, 3))
    tally = quantise(np.array([[400.0, -400.0, 3.0]]), Quantum(0.01, (-1000.0, 1000.0)), out)
    assert out.tolist() == [[32767, -32767, 300]]
    assert tally.saturated == 2


def test_nodata_is_compared_as_the_raster_holds_it() -> None:
    """Kills: -3.4e38 of the description against its float32 twin; 255.5 against bytes."""
    out = _empty((1, 2))
    quantise(np.array([[-3.4e38, 1.0]], np.float32), Quantum(1.0, (-4e38, 10.0)), out, nodata=-3.4e38)
    assert out.tolist() == [[NODATA, 1]]
    out = _empty((1, 2))
    quantise(np.array([[255, 1]], np.uint8), Quantum(1.0, (0.0, 300.0)), out, nodata=255.5)
    assert out.tolist() == [[255, 1]]
