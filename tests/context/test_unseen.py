"""Shares of units by area, with answers counted by hand."""

import itertools

import numpy as np
import pytest
import shapely
from pyproj import Geod
from tests.context.layers import border, districts

from dosel.context.blindspot import Cells, Eye, Sighting, Why, look_back
from dosel.context.places import Stretching, places_of_layer
from dosel.context.stretches import around, stretches
from dosel.context.unseen import Overlaps, Place, seen_of, seen_of_all
from dosel.errors import InputError
from dosel.model.geodesy import areas_ha

GEOD = Geod(ellps="WGS84")


def line_of_cells(widths, watched=None):
    """Cells side by side on the equator, `widths` in hundredths of a degree."""
    edges = np.cumsum([0.0, *widths]) / 100
    boxes = np.array([shapely.box(a, 0, b, 0.01) for a, b in itertools.pairwise(edges)], dtype=object)
    ha = areas_ha(boxes)
    return Cells(boxes, ha, np.ones(len(boxes)) if watched is None else np.array(watched))


def blind_of(cells, *seen, as_of=100):
    looks = [Sighting(90, "s2/any", np.array(seen, float), 1.0, np.ones(len(cells), bool))]
    return look_back(cells, [Eye("s2/any", "optical")], looks, as_of=as_of, days=30)


def test_shares_are_weighed_by_hectares_not_by_cells():
    """Mutants: cells count alike; pixels of other size count alike."""
    blind = blind_of(line_of_cells([1, 3]), 1.0, 0.0)
    (seen,) = seen_of(blind, [Place("all", "", "", shapely.box(0, 0, 0.04, 0.01))])
    assert seen.together.unseen == pytest.approx(0.75)
    assert seen.together.last_share == pytest.approx(0.25)
    assert seen.together.why == {Why.CLOUD: pytest.approx(0.75)}


def test_a_unit_counts_with_what_lies_inside():
    blind = blind_of(line_of_cells([2, 2]), 1.0, 0.0)
    (seen,) = seen_of(blind, [Place("cut", "", "", shapely.box(0.005, 0, 0.025, 0.01))])
    assert seen.together.unseen == pytest.approx(0.25)
    assert seen.ha == pytest.approx(seen.watched_ha)


def test_what_is_not_watched_is_neither_seen_nor_unseen():
    """Mutants: outside the grid counts as unseen; as seen; an unwatched part of a cell counts."""
    blind = blind_of(line_of_cells([1, 1], watched=[1.0, 0.5]), 1.0, 0.0)
    (seen,) = seen_of(blind, [Place("wide", "", "", shapely.box(0, 0, 0.04, 0.01))])
    assert seen.watched_ha == pytest.approx(0.375 * seen.ha, rel=1e-6)
    assert seen.unwatched_ha == pytest.approx(0.625 * seen.ha, rel=1e-6)
    assert seen.together.unseen == pytest.approx(1 / 3)
    (far,) = seen_of(blind, [Place("far", "", "", shapely.box(5, 5, 6, 6))])
    assert far.by == {}
    assert far.together is None


def test_overlaps_agree_with_areas_on_the_ellipsoid():
    """Oracle: geodesic areas. Mutants: areas in degrees; in Mercator metres."""
    boxes = np.array(
        [shapely.box(-70, south, -69.99, south + 0.01) for south in (-0.01, -13.0, -60.0)], dtype=object
    )
    cells = Cells(boxes, np.ones(3), np.ones(3))
    near, ha = Overlaps(cells).of(shapely.box(-71, -61, -69.995, 1))
    assert near.tolist() == [0, 1, 2]
    halves = [shapely.box(-70, one.bounds[1], -69.995, one.bounds[3]) for one in boxes]
    expected = [abs(GEOD.geometry_area_perimeter(one)[0]) / 10_000 for one in halves]
    assert ha == pytest.approx(expected, rel=1e-4)


def test_the_whole_is_every_cell_and_the_area_around():
    blind = blind_of(line_of_cells([1, 3]), 0.6, 0.2)
    whole = seen_of_all(blind, "all", 2 * float(blind.cells.ha.sum()))
    assert whole.together.unseen == pytest.approx(0.25 * 0.4 + 0.75 * 0.8)
    assert whole.unwatched_ha == pytest.approx(whole.watched_ha)
    assert set(whole.by) == {"s2/any", "optical", "any"}


def test_stretches_have_their_length_and_their_reach():
    """Oracle: geodesic lengths. Mutants: degrees for metres; the rest at the end is lost."""
    line = shapely.LineString([(-70, -10), (-69.5, -10.2), (-69.5, -11)])
    parts = stretches(line, 10_000.0, 3_000.0)
    whole = GEOD.geometry_length(line)
    assert parts[0].from_m == 0
    assert parts[-1].to_m == pytest.approx(whole)
    assert [p.to_m for p in parts[:-1]] == [p.from_m for p in parts[1:]]
    assert len(parts) == int(whole // 10_000) + 1
    first = parts[0].area
    assert abs(GEOD.geometry_area_perimeter(first)[0]) == pytest.approx(6e3 * 1e4 + np.pi * 9e6, rel=0.01)


def test_around_a_polygon_reaches_so_far_on_every_side():
    area = around(shapely.box(-70, -12.1, -69.9, -12), 5_000.0)
    south, west = (
        GEOD.inv(-69.95, -12.1, -69.95, area.bounds[1])[2],
        GEOD.inv(-70, -12.05, area.bounds[0], -12.05)[2],
    )
    assert (south, west) == pytest.approx((5_000, 5_000), rel=2e-3)


def test_places_of_a_layer_are_its_units_or_stretches_near_the_centre():
    near = (-70.0, -12.0, -69.8, -11.8)
    names = [one.name for one in places_of_layer([districts()], "districts", near, Stretching())]
    assert names == ["Tambopata", "Inambari"]
    parts = places_of_layer([border()], "border", near, Stretching(10.0, 5.0))
    assert parts[0].name.startswith("Peru - Brazil, km ")
    assert all(shapely.intersects(one.geometry, shapely.box(*near)) for one in parts)
    with pytest.raises(InputError, match="expected a layer with areas or lines \\(border, districts\\)"):
        places_of_layer([districts(), border()], "rivers", near, Stretching())
