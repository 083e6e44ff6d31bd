"""Thresholds from known tails, and bounds from known counts."""

import numpy as np
import pytest

from dosel.alerts.budget import LEVELS_NATS, Curve, at_threshold, curve_of, lowest_threshold, mean_curve


def exponential(rate, slope=1.0, groups=None, mha_years=1.0):
    ha = rate * mha_years * np.exp(-slope * LEVELS_NATS)
    return Curve(ha, ha if groups is None else groups, mha_years)


def test_a_seen_budget_needs_no_tail():
    curve = exponential(5000.0)
    nats = lowest_threshold(curve, 50.0, 1.0)
    assert nats == 4.75
    assert at_threshold(curve, nats, 1.0).rate <= 50.0 < at_threshold(curve, nats - 0.25, 1.0).rate


@pytest.mark.parametrize("slope", [1.0, 0.5])
def test_a_rare_budget_is_drawn_from_the_tail(slope):
    nats = lowest_threshold(exponential(5000.0, slope), 0.5, 1.0)
    assert nats == pytest.approx(np.log(10_000) / slope, abs=0.26)


def test_a_tail_steeper_than_theory_is_not_believed():
    curve = exponential(5000.0, slope=3.0)
    seen = LEVELS_NATS[np.flatnonzero(curve.groups >= 5)[-1]]
    rate = 5000.0 * np.exp(-3.0 * seen)
    assert lowest_threshold(curve, 0.01, 1.0) == pytest.approx(seen + np.log(rate / 0.01), abs=0.26)


def test_without_a_false_alarm_the_bound_stands_in():
    silent = Curve(np.zeros(LEVELS_NATS.size), np.zeros(LEVELS_NATS.size), 0.001)
    nats = lowest_threshold(silent, 100.0, 0.25)
    assert nats == pytest.approx(0.25 + np.log(2.9957 * 0.25 / 0.001 / 100.0) / 0.5, abs=0.26)
    alarms = at_threshold(silent, nats, 0.25)
    assert alarms.rate == 0.0
    assert alarms.upper == pytest.approx(2.9957 * 0.25 / 0.001, rel=1e-3)
    assert not alarms.measured(50.0)
    assert alarms.measured(100.0)


def test_years_of_the_same_forest_are_one_exposure():
    """Mutant: years drawn anew count as forest of their own, and bound what was never seen."""
    one = curve_of(np.array([[64, 0, 32]], np.int16), 0.1, 1e-6)
    quiet = curve_of(np.zeros((1, 3), np.int16), 0.1, 1e-6)
    mean = mean_curve([one, quiet, quiet])
    assert mean.mha_years == 1e-6
    assert mean.ha[0] == pytest.approx(0.2 / 3)
    assert mean.groups[0] == pytest.approx(2 / 3)


def test_a_crowded_watch_needs_a_higher_threshold():
    curve = exponential(5000.0)
    assert lowest_threshold(curve.crowded(np.e**2), 50.0, 1.0) == lowest_threshold(curve, 50.0, 1.0) + 2.0


def test_curves_of_two_places_add_up():
    one = curve_of(np.array([[64, 0, 32]], np.int16), 0.1, 1e-6)
    both = one + curve_of(np.array([[64, 64]], np.int16), 0.1, 2e-6)
    assert both.mha_years == pytest.approx(3e-6)
    assert both.ha[[0, 1, 2, 3, 4]].tolist() == pytest.approx([0.4, 0.4, 0.3, 0.3, 0.0])
    assert both.groups[[0, 3, 4]].tolist() == [3.0, 2.0, 0.0]
