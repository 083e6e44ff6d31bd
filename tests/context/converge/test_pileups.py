"""Sizes that pile up below a limit, clearings that pile up at a boundary."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from dosel.context.converge.edge import edge, signed_distance
from dosel.context.converge.size import Reading, pileup
from dosel.errors import InputError


def sizes(seed: int, number: int = 8000) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(1.0, 1.0, number))


def test_a_smooth_density_is_smooth_wherever_it_slopes() -> None:
    """Ten worlds, three limits: at most 4 of 30 named below. Mutant: a step of means in place of lines."""
    place = np.arange(8000) // 10
    told = [pileup(sizes(seed), limit, place, 1, 199) for seed in range(10) for limit in (1.0, 3.0, 6.25)]
    assert sum(one.reading is Reading.MORE_BELOW for one in told) <= 2
    assert all(one.reading is not Reading.FEW for one in told)


def test_a_detection_limit_is_not_a_pile_up() -> None:
    """Half of what is smaller is missed. Mutant: the sign of the jump."""
    area = sizes(5)
    area = area[(area >= 1.0) | (np.random.default_rng(6).random(area.size) < 0.5)]
    told = pileup(area, 1.0, np.arange(area.size), 1, 199)
    assert told.reading is Reading.FEWER_BELOW
    assert told.jump == pytest.approx(np.log(0.5), abs=0.25)


def test_a_pile_up_in_few_places_has_a_wide_interval() -> None:
    """The same clearings, drawn by event or by place. Mutant: place not used."""
    area = sizes(7)
    area[:150] = np.random.default_rng(8).uniform(0.93, 1.0, 150)
    by_event = pileup(area, 1.0, np.arange(area.size), 1, 199)
    by_place = pileup(area, 1.0, np.maximum(np.arange(area.size), 149), 1, 199)
    assert by_event.reading is Reading.MORE_BELOW
    assert by_place.jump_interval[0] < by_event.jump_interval[0]


def test_units_of_area_change_nothing() -> None:
    """Areas and limit in another unit. Mutant: a bin edge in hectares."""
    one = pileup(sizes(3), 1.0, np.arange(8000), 1, 49)
    two = pileup(sizes(3) * 4.0, 4.0, np.arange(8000), 1, 49)
    assert one.jump == pytest.approx(two.jump)
    assert one.excess == pytest.approx(two.excess)


def test_few_clearings_say_nothing_and_bad_ones_are_refused() -> None:
    assert pileup(sizes(1, 100), 1.0, np.arange(100), 1).reading is Reading.FEW
    with pytest.raises(InputError, match="above 0"):
        pileup(np.array([1.0, 0.0]), 1.0, np.zeros(2, np.int64), 1)


def frontier(seed: int, piled: int = 0) -> tuple[np.ndarray, ...]:
    """Return clearings (x, y) of a frontier that thins towards the outside of a protected half."""
    rng = np.random.default_rng(seed)
    x = rng.exponential(15_000.0, 20_000)[:6000]
    x = 40_000.0 - x[x < 60_000]
    extra = rng.uniform(0.0, 1000.0, piled)
    x = np.concatenate([x, extra])
    return x, rng.uniform(0, 120_000.0, x.size)


def told_of(x: np.ndarray, y: np.ndarray) -> object:
    side = 1000.0
    gx, gy = (part.ravel() for part in np.meshgrid(np.arange(-20, 40), np.arange(0, 120), indexing="ij"))
    ground = (gx + 0.5) * side, (gy // 10).astype(np.int64)
    return edge(x, (y // 10_000).astype(np.int64), ground, 1.0, 1, 299)


def test_a_gradient_alone_is_no_pile_up_and_a_pile_up_is_seen() -> None:
    """Mutants: the ratio without the shifted ones; area of the bands left out."""
    smooth, piled = told_of(*frontier(1)), told_of(*frontier(1, 250))
    assert smooth.beyond_interval[0] < 1 < smooth.beyond_interval[1]
    assert piled.beyond_interval[0] > 1
    assert smooth.shifted[1] < 1
    assert smooth.bands[2].area_km2 == 120
    assert smooth.bands[3].area_km2 == 480


def test_signed_distance_against_shapely() -> None:
    """Areas that touch have no limit between them, a hole has. Mutants: no union; holes left out."""
    ring = shapely.box(0, 0, 10_000, 10_000).difference(shapely.box(4000, 4000, 6000, 6000))
    areas = [ring, shapely.box(10_000, 0, 20_000, 10_000)]
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-5000, 25_000, (2, 300))
    whole = shapely.union_all(areas)
    points = shapely.points(x, y)
    expected = shapely.distance(whole.boundary, points) * np.where(shapely.contains(whole, points), -1, 1)
    np.testing.assert_allclose(signed_distance(x, y, areas), expected)
    with pytest.raises(InputError, match="at least one area"):
        signed_distance(x, y, [])
