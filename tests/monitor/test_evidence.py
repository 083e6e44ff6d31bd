"""The ratio of a look and its hinges."""

from __future__ import annotations

from dataclasses import replace
from math import exp, gamma, log, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.errors import InputError
from dosel.monitor.evidence import CAP_SD, HINGES, INTACT_SHARE, StreamModel, exact_ratio, shape
from dosel.monitor.streams import STREAMS

ROWS = [stream.model for stream in STREAMS.values()]


def _ratio_by_hand(e: float, sd: float, nu: int, shift: float, extra: float) -> float:
    """Return log f1 - log f0 from the textbook densities, in the stream's own unit."""
    x, wide = e * sd, sqrt(sd * sd + extra * extra)
    cleared = exp(-0.5 * ((x + shift) / wide) ** 2) / (wide * sqrt(2 * pi))
    scale = sd * sqrt((nu - 2) / nu)
    t = gamma((nu + 1) / 2) / (gamma(nu / 2) * sqrt(nu * pi)) * (1 + (x / scale) ** 2 / nu) ** (-(nu + 1) / 2)
    return log(cleared) - log(t / scale)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.stream)
def test_hinges_meet_the_textbook_ratio_at_their_knots(model: StreamModel) -> None:
    ratio = shape(model.sd, model.nu, model.shift, model.extra)
    for knot in ratio.knots[1:]:
        expected = _ratio_by_hand(knot, model.sd, model.nu, model.shift, model.extra)
        assert ratio(np.array([knot]))[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.stream)
def test_hinges_follow_the_ratio_between_their_knots(model: StreamModel) -> None:
    e = np.linspace(CAP_SD, 4, 200)
    ratio = shape(model.sd, model.nu, model.shift, model.extra)
    exact = exact_ratio(e, model.sd, model.nu, model.shift, model.extra)
    assert np.abs(ratio(e) - exact).max() < 0.6


@given(
    sd=st.floats(0.02, 5),
    nu=st.integers(3, 40),
    shift=st.floats(0.2, 8),
    extra=st.floats(0, 4),
    unit=st.floats(1e-3, 1e3),
)
def test_a_look_is_bounded_on_both_sides_and_units_do_not_matter(
    sd: float, nu: int, shift: float, extra: float, unit: float
) -> None:
    ratio = shape(sd, nu, shift * sd, extra * sd)
    assert len(ratio.knots) == len(ratio.slopes) == HINGES
    assert list(ratio.knots) == sorted(ratio.knots, reverse=True)
    assert log(INTACT_SHARE) - 1e-12 <= ratio.floor
    far = ratio(np.array([ratio.knots[-1], -50.0, -1e6]))
    assert far[1:] == pytest.approx(far[0], abs=1e-6)
    assert ratio(np.array([4.0, 1e6])).tolist() == [ratio.floor, ratio.floor]
    other = shape(sd * unit, nu, shift * sd * unit, extra * sd * unit)
    assert other.floor == pytest.approx(ratio.floor)
    e = np.linspace(-6, 4, 30)
    assert other(e) == pytest.approx(ratio(e), abs=0.05)


def test_with_neighbours_the_same_change_stands_out_further() -> None:
    model = replace(ROWS[0], radius_px=1, neighbour_correlation=0.2)
    assert model.mean_sd(0) == 1.0
    assert model.mean_sd(8) < model.mean_sd(3) < 1.0
    strongest = [model.hinges(n)(np.array([CAP_SD]))[0] for n in (0, 3, 8)]
    assert strongest == sorted(strongest)
    assert model.hinges(0).slopes == model.slopes


def test_mean_of_uncorrelated_neighbours_has_the_textbook_spread() -> None:
    assert replace(ROWS[0], neighbour_weight=1.0).mean_sd(8) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [("direction", 0), ("spread", 0.0), ("nu", 2), ("knots", (0.0,)), ("radius_px", 4), ("k_season", -1.0)],
)
def test_a_row_out_of_its_range_is_refused(name: str, value: Any) -> None:
    with pytest.raises(InputError, match="stream sentinel-1-vh: expected"):
        replace(ROWS[0], **{name: value})


def test_shape_refuses_nonsense() -> None:
    with pytest.raises(InputError, match="got 0"):
        shape(0, 12, 1.75, 1.25)


def test_the_method_of_a_row_changes_with_every_number() -> None:
    assert ROWS[0].method() == replace(ROWS[0]).method()
    assert ROWS[0].method() != replace(ROWS[0], freeze_nats=4.0).method()
