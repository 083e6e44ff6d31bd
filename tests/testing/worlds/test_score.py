"""The score on cases small enough to work out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from dosel.errors import InputError
from dosel.testing.worlds import (
    Detection,
    Event,
    EventKind,
    World,
    clearing,
    make_world,
    plain_forest,
    poisson_upper,
    runs_of,
    score,
    small,
)

_SPEC = plain_forest(small(seed=9))
_START = _SPEC.monitor_start
_ROW0, _COL0 = _SPEC.origin[1], _SPEC.origin[0]


def _square(
    number: int, row: int, col: int, side: int, day: int, kind: EventKind = EventKind.CLEARING
) -> Event:
    """Return an event that covers a square at once."""
    event = clearing(_SPEC, number, (row + side // 2, col + side // 2), side * side / 100, day, kind)
    rows, cols = (part.ravel() for part in np.mgrid[row : row + side, col : col + side])
    return replace(event, rows=rows, cols=cols, onset=np.full(rows.size, day, np.int32), end_day=day + 3)


def _detect(name: str, row: int, col: int, side: int, window: tuple[int, int], sure: int | None) -> Detection:
    rows = np.arange(row, row + side)
    runs = np.stack([rows + _ROW0, np.full(side, col + _COL0), np.full(side, col + side + _COL0)], axis=1)
    return Detection(name, runs.astype(np.int32), *window, sure)


@pytest.fixture(scope="module")
def hand() -> World:
    """Three clearings of 1 ha, 0.25 ha and 1 ha, on days 10, 20 and 30 of the watch, and a dip on day 40."""
    events = [
        _square(1, 10, 10, 10, _START + 10),
        _square(2, 40, 40, 5, _START + 20),
        _square(3, 70, 70, 10, _START + 30, EventKind.MINING_POND),
        _square(4, 10, 60, 10, _START + 40, EventKind.MOISTURE_DIP),
    ]
    return make_world(_SPEC, events)


def test_found_late_missed_and_delays(hand: World) -> None:
    detections = [
        _detect("a", 10, 10, 10, (_START + 5, _START + 17), _START + 29),
        _detect("b", 40, 40, 4, (_START + 70, _START + 90), None),
    ]
    result = score(hand, detections, as_of=_START + 100, late_days=60)
    one, two, three = result.events
    assert one.found
    assert not one.late
    assert one.dated
    assert one.first_days == (17 - 13, 17 - 10)
    assert one.confirmed_days == (29 - 13, 29 - 10)
    assert one.covered == 1.0
    assert two.late
    assert not two.dated
    assert two.first_days == (90 - 23, 90 - 20)
    assert two.confirmed_days == (80, math.inf)
    assert two.covered == pytest.approx(16 / 25)
    assert not three.found
    assert three.first_days == (70, math.inf)
    kinds = {kind.kind: kind for kind in result.kinds}
    clearings = kinds[EventKind.CLEARING]
    assert (clearings.events, clearings.found, clearings.late, clearings.missed) == (2, 1, 1, 0)
    assert clearings.median_first_days == (7 + 70) / 2
    assert clearings.median_confirmed_days == math.inf
    assert kinds[EventKind.MINING_POND].missed == 1


def test_an_alert_before_the_event_is_early_and_not_found(hand: World) -> None:
    result = score(hand, [_detect("a", 10, 10, 10, (_START, _START + 9), _START + 20)], as_of=_START + 100)
    assert not result.events[0].found
    assert result.false.by_cause == (("early", 1, 1.0),)


def test_false_alerts_by_cause_with_rate_and_bound(hand: World) -> None:
    detections = [
        _detect("dip", 11, 61, 6, (_START + 39, _START + 45), None),
        _detect("noise", 90, 3, 4, (_START + 39, _START + 45), None),
        _detect("edge", 20, 12, 4, (_START + 20, _START + 25), None),  # touches event 1 from below
    ]
    last = _START + 99
    result = score(hand, detections, as_of=last)
    false = result.false
    assert false.by_cause == (("moisture dip", 1, 0.36), ("noise", 1, 0.16))
    assert false.alerts == 2
    assert false.ha == pytest.approx(0.52)
    exposure = hand.truth.forest.sum() * 0.01 * 1e-6 * 100 / 365.25
    assert false.exposure_mha_years == pytest.approx(exposure)
    assert false.ha_per_mha_year == pytest.approx(0.52 / exposure)
    assert false.upper_alerts == pytest.approx(6.2958, abs=1e-3)
    assert false.upper_ha_per_mha_year == pytest.approx(6.2958 * 0.26 / exposure, rel=1e-3)


def test_area_agreement(hand: World) -> None:
    detections = [_detect("a", 10, 15, 10, (_START + 9, _START + 17), None)]  # right half and 50 px beyond
    area = score(hand, detections, as_of=_START + 25).area  # events 1 and 2 have begun: 100 + 25 px
    assert area.both_ha == pytest.approx(0.5)
    assert area.only_alert_ha == pytest.approx(0.5)
    assert area.only_truth_ha == pytest.approx(0.75)
    assert area.users == pytest.approx(0.5)
    assert area.producers == pytest.approx(0.5 / 1.25)
    assert area.iou == pytest.approx(0.5 / 1.75)


def test_what_was_not_watched_is_not_held_against_it(hand: World) -> None:
    watched = hand.truth.forest.copy()
    watched[60:] = False
    result = score(hand, [], as_of=_START + 100, watched=watched)
    assert [event.event for event in result.events] == [1, 2]
    assert [event.event for event in score(hand, [], as_of=_START + 15).events] == [1]
    with pytest.raises(InputError, match="watched: expected the shape"):
        score(hand, [], watched=watched[:-1])


def test_every_rendering_says_simulated(hand: World) -> None:
    result = score(hand, [])
    assert "simulated" in result.title
    assert "simulated" in result.rows()[0][0]
    assert all("simulated" in line for line in result.lines())
    assert "proof S" in str(result)


def test_polygons_become_the_pixels_they_cover(hand: World) -> None:
    left, top = _COL0 * 10.0, -_ROW0 * 10.0
    runs = runs_of(hand, box(left + 100, top - 130, left + 150, top - 100))
    assert runs.tolist() == [[_ROW0 + row, _COL0 + 10, _COL0 + 15] for row in (10, 11, 12)]


def test_pixels_beyond_the_world_are_left_out(hand: World) -> None:
    detection = _detect("a", -3, -3, 6, (_START + 1, _START + 2), None)
    result = score(hand, [detection], as_of=_START + 5)
    assert result.false.ha == pytest.approx(9 * 0.01)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 800), st.sampled_from([0.8, 0.95, 0.99]))
def test_poisson_bound_solves_its_equation(count: int, confidence: float) -> None:
    """Oracle: the cumulative distribution by its recurrence, from the other end."""
    mean = poisson_upper(count, confidence)
    log_term = count * math.log(mean) - mean - math.lgamma(count + 1)
    total, ratio = 0.0, 1.0
    for k in range(count, -1, -1):
        total += ratio
        ratio *= k / mean
    assert total * math.exp(log_term) == pytest.approx(1 - confidence, rel=1e-6)


def test_poisson_bound_table() -> None:
    """Garwood's values: half the chi-square quantiles of 2 (n + 1) degrees of freedom."""
    for count, bound in ((0, 2.99573), (1, 4.74386), (5, 10.51303), (10, 16.96222), (100, 118.07927)):
        assert poisson_upper(count) == pytest.approx(bound, abs=2e-4)
    with pytest.raises(InputError, match="count from 0"):
        poisson_upper(-1)
