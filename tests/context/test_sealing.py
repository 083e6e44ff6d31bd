"""Peoples in isolation: what is sealed, and where nobody can say."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from tests.context.layering import layer

from dosel.context.layer import Completeness, Theme
from dosel.context.sealing import sealed_by

RESERVE = shapely.box(-71, -11, -70.5, -10.5)
GEOD = Geod(ellps="WGS84")


def at(lon: float, lat: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([shapely.Point(lon, lat)], object)


@pytest.mark.parametrize("north", [0.25, -10.5, -18, -55])
@pytest.mark.parametrize(("metres", "sealed"), [(0, True), (4900, True), (5100, False), (20_000, False)])
@pytest.mark.parametrize("azimuth", [0, 90, 180, 270])
def test_the_margin_counts_as_inside(metres: float, sealed: bool, azimuth: int, north: float) -> None:
    """Mutant: forget the margin; take degrees of longitude for those of latitude."""
    reserve = shapely.box(-71, north - 0.5, -70.5, north)
    middle = north - 0.25
    x, y = {0: (-70.75, north), 90: (-70.5, middle), 180: (-70.75, north - 0.5), 270: (-71, middle)}[azimuth]
    lon, lat, _ = GEOD.fwd(x, y, azimuth, metres)
    assert bool(sealed_by([layer([reserve], margin_m=5000)], at(lon, lat)).sealed[0]) is sealed


@settings(max_examples=60, deadline=None)
@given(st.floats(-75, -66), st.floats(-18, -1), st.floats(100, 30_000))
def test_nothing_within_the_margin_is_ever_left_open(lon: float, lat: float, margin: float) -> None:
    """Property, against the ellipsoid: sealed wherever the true distance is within the margin."""
    x, y = shapely.shortest_line(RESERVE, shapely.Point(lon, lat)).coords[0]
    true = GEOD.inv(x, y, lon, lat)[2]
    seal = sealed_by([layer([RESERVE], margin_m=margin)], at(lon, lat)).sealed[0]
    if true <= margin * 0.99:
        assert seal
    if true > margin * 1.03:
        assert not seal


@pytest.mark.parametrize("completeness", [Completeness.PARTIAL, Completeness.MISSING])
def test_a_layer_that_is_not_complete_never_says_that_a_place_is_clean(completeness: Completeness) -> None:
    """Mutant: take the silence of a partial layer for an answer."""
    seal = sealed_by([layer([RESERVE], completeness=completeness)], at(-75, -5))
    assert (bool(seal.sealed[0]), bool(seal.evaluated[0])) == (False, False)


def test_a_partial_layer_seals_what_it_shows() -> None:
    """Mutant: leave partial layers out altogether."""
    assert sealed_by([layer([RESERVE], completeness=Completeness.PARTIAL)], at(-70.7, -10.7)).sealed[0]


def test_outside_its_coverage_a_complete_layer_says_nothing() -> None:
    """Mutant: take complete as complete everywhere."""
    only_here = layer([RESERVE], coverage=shapely.box(-72, -12, -70, -10))
    assert sealed_by([only_here], at(-71.9, -10.1)).evaluated[0]
    assert not sealed_by([only_here], at(-69, -10.1)).evaluated[0]


def test_what_has_no_place_is_sealed_and_other_themes_do_not_seal() -> None:
    """Mutant: let a missing geometry through; seal by protected areas."""
    nowhere = np.array([None, shapely.Polygon()], object)
    seal = sealed_by([layer([RESERVE])], nowhere)
    assert (seal.sealed.tolist(), seal.evaluated.tolist()) == ([True, True], [False, False])
    seal = sealed_by([layer([RESERVE], theme=Theme.PROTECTED)], at(-70.7, -10.7))
    assert (bool(seal.sealed[0]), bool(seal.evaluated[0])) == (False, False)
