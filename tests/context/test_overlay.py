"""Facts: known answers, an independent oracle on real layers, and what must change nothing."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate

from dosel.context.facts import NO_UNIT, Fact, Relation
from dosel.context.layer import ALWAYS, Completeness, Layer, Measure, Shape, Theme
from dosel.context.overlay import asked, overlay, prepare, prepare_all
from dosel.context.overlay.pieces import LINE_VERTICES, area_pieces, line_pieces
from dosel.context.overlay.plane import areas_m2, geodesic_m, to_mercator
from dosel.context.subject import Extent, Subject
from dosel.errors import InputError
from dosel.testing.layers import area_layer, layer_of, line_layer, point_layer

GEOD = Geod(ellps="WGS84")
HERE = box(-70.01, -12.01, -70.0, -12.0)


def alert(geometry, extent=Extent.OUTLINE, day=20_000, name="a"):
    return Subject(name, geometry, extent, "", None, day, None)


def facts_of(geometry, *layers: Layer, extent=Extent.OUTLINE, day=20_000) -> list[Fact]:
    subjects = [alert(geometry, extent, day)]
    return overlay(asked(subjects), [prepare(one) for one in layers]).facts(["a"], layers)


def only(facts, relation) -> Fact:
    (found,) = [fact for fact in facts if fact.relation is relation]
    return found


def relations(facts) -> list[str]:
    return [fact.relation.value for fact in facts]


class TestPlane:
    def test_areas_are_those_of_the_equal_area_projection_of_proj(self):
        """Kills a wrong scale, a spherical formula, swapped axes."""
        change = Transformer.from_crs("EPSG:4326", "EPSG:6933", always_xy=True)
        shapes = np.array([Point(lon, lat).buffer(0.2) for lon, lat in ((-70, -12), (-54, 4), (20, 61))])
        theirs = shapely.transform(shapes, lambda xy: np.column_stack(change.transform(*xy.T)))
        assert areas_m2(shapes) == pytest.approx(shapely.area(theirs), rel=1e-9)

    def test_distances_survive_the_way_through_the_plane(self):
        """Kills an inverse of Mercator on the sphere (off by 0.7 %) and too few rounds."""
        lat = np.linspace(-80, 80, 33)
        ends = np.column_stack([np.full(33, -70.0), lat]), np.column_stack([np.full(33, -69.9), lat + 0.05])
        plane = [shapely.get_coordinates(to_mercator(shapely.points(end))) for end in ends]
        true = GEOD.inv(*ends[0].T, *ends[1].T)[2]
        assert geodesic_m(*plane) == pytest.approx(true, abs=1e-4)


class TestPieces:
    def test_pieces_cover_each_unit_exactly_once(self):
        """Kills a half that is lost, a hole that is filled, a piece of the wrong unit."""
        ring = Point(0, 0).buffer(1, quad_segs=300) - Point(0.2, 0).buffer(0.4, quad_segs=300)
        units = np.array([ring, MultiPolygon([box(3, 3, 4, 4), translate(ring, 8, 1)]), box(9, 9, 10, 10)])
        cut = area_pieces(units)
        sums = np.bincount(cut.unit, shapely.area(cut.geometry))
        assert sums == pytest.approx(shapely.area(units), rel=1e-12)
        assert shapely.get_num_coordinates(cut.geometry).max() <= 64
        for number, unit in enumerate(units):
            union = shapely.union_all(cut.geometry[cut.unit == number])
            assert union.symmetric_difference(unit).area < 1e-9

    @given(st.lists(st.integers(2, 40), min_size=1, max_size=6))
    @settings(deadline=None)
    def test_runs_of_a_line_keep_its_length_and_meet(self, counts):
        """Kills a lost step between runs, a run that spans two lines, a run of one vertex."""
        rng = np.random.default_rng(1)
        lines = np.array([LineString(rng.random((n, 2))) for n in counts])
        cut = line_pieces(lines)
        assert shapely.get_num_coordinates(cut.geometry).max() <= LINE_VERTICES
        assert np.bincount(cut.unit, shapely.length(cut.geometry)) == pytest.approx(shapely.length(lines))


class TestShares:
    def test_on_the_border_of_two_districts(self):
        """Kills centroid-in-polygon, shares in degrees, shares of the unit."""
        two = area_layer("d", {"A": box(-71, -13, -70.0025, -11), "B": box(-70.0025, -13, -69, -11)})
        facts = [f for f in facts_of(HERE, two) if f.number != NO_UNIT]
        assert [(f.name, round(f.share, 9)) for f in facts] == [("A", 0.75), ("B", 0.25)]

    def test_by_latitude_the_ellipsoid_counts(self):
        """A tall alert cut at half its height: the half nearer to the equator is larger; kills degrees."""
        tall, half = box(-70, 40, -69, 60), box(-71, 40, -68, 50)
        want = GEOD.geometry_area_perimeter(shapely.segmentize(box(-70, 40, -69, 50), 0.001))[0]
        whole = GEOD.geometry_area_perimeter(shapely.segmentize(tall, 0.001))[0]
        share = only(facts_of(tall, area_layer("d", {"A": half})), Relation.INSIDE).share
        assert share == pytest.approx(want / whole, rel=1e-6)
        assert share > 0.55

    def test_a_hole_is_outside(self):
        holed = box(-71, -13, -69, -11) - box(-70.01, -12.01, -70.005, -12.0)
        assert only(facts_of(HERE, area_layer("d", {"A": holed})), Relation.INSIDE).share == pytest.approx(
            0.5
        )

    def test_an_edge_that_touches_is_no_overlap(self):
        """Kills `intersects` taken for overlap."""
        beside = area_layer("d", {"A": box(-70.0, -13, -69, -11)})
        assert relations(facts_of(HERE, beside)) == ["none"]

    def test_the_whole_layer_counts_a_place_once(self):
        """Two claims over the same half; kills a sum of shares."""
        half = box(-70.01, -12.01, -70.005, -12)
        facts = facts_of(HERE, area_layer("d", {"A": half, "B": half}))
        assert [round(f.share, 9) for f in facts] == [0.5, 0.5, 0.5]
        assert sorted(f.number for f in facts) == [NO_UNIT, 0, 1]

    def test_an_alert_of_two_parts_over_several_units(self):
        parts = MultiPolygon([HERE, translate(HERE, 0.5, 0)])
        layer = area_layer("d", {"A": box(-70.02, -13, -69.9, -11), "B": box(-69.51, -13, -69.505, -11)})
        shares = {f.name: f.share for f in facts_of(parts, layer) if f.name}
        assert shares == pytest.approx({"A": 0.5, "B": 0.25})

    def test_a_point_is_in_or_out(self):
        """Kills the share of the small square that stands for a point."""
        small = box(-70.0001, -12.0001, -69.9999, -11.9999)
        layer = area_layer("d", {"A": box(-71, -13, -69.99995, -11), "B": box(-69.99995, -13, -69, -11)})
        facts = facts_of(small, layer, extent=Extent.POINT)
        assert [(f.name, f.share) for f in facts] == [("A", 1.0)]

    @given(
        st.lists(st.floats(0.05, 0.95), min_size=1, max_size=4, unique=True),
        st.floats(-80, 60),
        st.sampled_from([0.0003, 0.01, 1.0]),
    )
    @settings(deadline=None, max_examples=40)
    def test_shares_of_a_partition_sum_to_one_at_any_scale_and_place(self, cuts, south, size):
        """Kills a lost piece, an area taken in another plane than the whole."""
        ends = [-5.0, *sorted(cuts), 5.0]
        shape = Polygon([(0.1, 0), (0.9, 0.1), (1, 1), (0, 0.7)])

        def there(geometry):
            return shapely.transform(geometry, lambda xy: xy * size + [-70, south])

        units = {str(i): there(box(a, -5, b, 5)) for i, (a, b) in enumerate(pairwise(ends))}
        facts = facts_of(there(shape), area_layer("d", units))
        assert sum(f.share for f in facts if f.number != NO_UNIT) == pytest.approx(1, abs=1e-5)


class TestForce:
    @pytest.mark.parametrize(("day", "force"), [(99, False), (100, True), (200, True), (201, False)])
    def test_first_and_last_day_count(self, day, force):
        """Kills an open end."""
        layer = area_layer("d", {"A": box(-71, -13, -69, -11)}, days=[(100, 200)])
        facts = facts_of(HERE, layer, day=day)
        assert [f.in_force for f in facts if f.number == 0] == [force]
        assert "none" not in relations(facts), "a unit that is not in force is met all the same"

    def test_a_layer_that_is_not_dated_does_not_say(self):
        assert facts_of(HERE, area_layer("d", {"A": HERE}))[0].in_force is None

    def test_the_whole_layer_leaves_out_what_is_not_in_force(self):
        units = {"A": box(-71, -13, -70.0075, -11), "B": box(-71, -13, -70.005, -11), "C": HERE}
        layer = area_layer("d", units, days=[(0, 30_000), (0, 30_000), (25_000, 30_000)])
        (whole,) = [f for f in facts_of(HERE, layer) if f.number == NO_UNIT]
        assert (whole.in_force, whole.share) == (True, pytest.approx(0.5))


class TestSilence:
    FAR: ClassVar = {"A": box(-60, -13, -59, -11)}

    def test_a_complete_layer_says_none(self):
        assert relations(facts_of(HERE, area_layer("d", self.FAR))) == ["none"]

    def test_a_partial_layer_never_does(self):
        """The refusal of the mission: kills silence taken for "no overlap"."""
        layer = area_layer("d", self.FAR, completeness=Completeness.PARTIAL)
        fact = only(facts_of(HERE, layer), Relation.NOT_EVALUATED)
        assert fact.share == 1

    def test_of_a_partial_layer_the_rest_of_an_alert_is_not_evaluated(self):
        layer = area_layer("d", {"A": box(-71, -13, -70.0025, -11)}, completeness=Completeness.PARTIAL)
        facts = facts_of(HERE, layer)
        assert relations(facts) == ["inside", "not-evaluated"]
        assert facts[1].share == pytest.approx(0.25)

    def test_a_missing_layer_is_not_evaluated(self):
        layer = area_layer("d", {}, completeness=Completeness.MISSING)
        assert relations(facts_of(HERE, layer)) == ["not-evaluated"]

    def test_outside_the_coverage_nothing_is_known(self):
        layer = area_layer("d", self.FAR, coverage=box(-61, -14, -58, -10))
        assert relations(facts_of(HERE, layer)) == ["not-evaluated"]

    def test_an_alert_that_is_covered_in_part_hears_both(self):
        layer = area_layer("d", self.FAR, coverage=box(-70.0025, -14, -58, -10))
        none, open_ = facts_of(HERE, layer)
        assert (none.relation, open_.relation) == (Relation.NONE, Relation.NOT_EVALUATED)
        assert (none.share, open_.share) == (pytest.approx(0.25), pytest.approx(0.75))

    def test_a_nearer_unit_may_exist_beyond_the_coverage(self):
        """The town is 5 km away, the layer ends after 1 km; kills a "nearest" that nobody looked for."""
        town, near = {"T": Point(-69.954, -12.005)}, box(-70.02, -12.02, -69.95, -11.9905)
        nearest, open_ = facts_of(HERE, point_layer("t", town, coverage=near))
        assert (nearest.relation, open_.relation) == (Relation.NEAREST, Relation.NOT_EVALUATED)
        assert open_.distance_m == pytest.approx(1051, rel=0.01)
        assert nearest.distance_m == pytest.approx(5008, rel=0.01)

    def test_none_within_reach_says_how_far(self):
        fact = only(facts_of(HERE, point_layer("t", {"T": Point(-60, -12)})), Relation.NONE)
        assert fact.distance_m == 50_000

    def test_of_a_partial_layer_the_nearest_is_the_nearest_known(self):
        layer = point_layer("t", {"T": Point(-69.99, -12)}, completeness=Completeness.PARTIAL)
        facts = facts_of(HERE, layer)
        assert relations(facts) == ["nearest", "not-evaluated"]
        assert facts[1].distance_m == 0


class TestNearest:
    def test_a_line_between_two_far_vertices(self):
        """Kills distance to vertices."""
        line = {"R": LineString([(-71, -12.1), (-69, -12.1)])}
        fact = only(facts_of(HERE, line_layer("r", line)), Relation.NEAREST)
        assert fact.distance_m == pytest.approx(GEOD.inv(-70, -12.01, -70, -12.1)[2], abs=0.1)

    def test_touching_is_zero(self):
        layer = line_layer("r", {"R": LineString([(-70.005, -13), (-70.005, -11)])})
        assert only(facts_of(HERE, layer), Relation.NEAREST).distance_m == 0

    def test_mercator_does_not_choose(self):
        """At 60 degrees north a unit 20.00 km north looks farther than one 20.05 km south; it is nearer."""
        place = box(10, 60, 10.0001, 60.0001)
        north, south = (GEOD.fwd(10, *way)[:2] for way in ((60.0001, 0, 2e4), (60, 180, 20_050)))
        layer = point_layer("t", {"N": Point(north), "S": Point(south)})
        fact = only(facts_of(place, layer), Relation.NEAREST)
        assert (fact.name, fact.distance_m) == ("N", pytest.approx(20_000, abs=0.01))

    def test_of_equals_the_first_by_code_counts_in_any_order(self):
        """Kills a tie that goes to whichever stands first in the file."""
        east, west = Point(-69.9, -12.005), Point(-70.11, -12.005)
        for order in ((0, 1), (1, 0)):
            layer = layer_of(
                "t",
                [(east, west)[i] for i in order],
                theme=Theme.SETTLEMENT,
                shape=Shape.POINT,
                code=[("2", "1")[i] for i in order],
                reach_m=50_000.0,
            )
            assert only(facts_of(HERE, layer), Relation.NEAREST).code == "1"

    def test_of_borders_each_country_within_reach_counts(self):
        """Kills a border with Brazil that is hidden by a nearer one with Bolivia."""
        lines = {
            "BOL": LineString([(-69.9, -13), (-69.9, -11)]),
            "BRA": LineString([(-71, -11.9), (-69, -11.9)]),
        }
        facts = facts_of(HERE, line_layer("b", lines, theme=Theme.BORDER))
        assert [f.name for f in facts] == ["BOL", "BRA"]
        true = [GEOD.inv(-70, -12.01, -69.9, -12.01)[2], GEOD.inv(-70, -12, -70, -11.9)[2]]
        assert [f.distance_m for f in facts] == pytest.approx(true, abs=0.5)

    def test_of_a_dated_layer_the_nearest_in_force_is_named_too(self):
        """A scar of next year is nearer than one that was known; kills a cause that follows its effect."""
        places = {"later": Point(-69.99, -12), "known": Point(-69.95, -12), "far": Point(-69.9, -12)}
        layer = point_layer("s", places, days=[(25_000, 30_000), (0, 30_000), (0, 30_000)])
        near = [f for f in facts_of(HERE, layer) if f.relation is Relation.NEAREST]
        assert [(f.name, f.in_force) for f in near] == [("later", False), ("known", True)]
        assert near[1].distance_m == pytest.approx(5444, rel=0.01)

    def test_a_margin_is_measured_where_no_distance_was_asked_for(self):
        layer = area_layer("i", {"R": box(-69.95, -13, -69, -11)}, theme=Theme.ISOLATION, margin_m=10_000.0)
        assert only(facts_of(HERE, layer), Relation.NEAREST).distance_m == pytest.approx(5446, rel=0.01)


class TestRefusals:
    def test_across_the_antimeridian(self):
        with pytest.raises(InputError, match="antimeridian"):
            asked([alert(box(-179.9, 0, 179.9, 1))])

    @pytest.mark.parametrize("wrong", [box(500_000, 8_600_000, 500_010, 8_600_010), Polygon()])
    def test_metres_and_nothing(self, wrong):
        """Kills NaN boxes that pass every comparison."""
        with pytest.raises(InputError, match="alert 1: expected a place in degrees"):
            asked([alert(HERE), alert(wrong)])

    def test_a_layer_in_metres(self):
        with pytest.raises(InputError, match="layer d: unit 0"):
            prepare(area_layer("d", {"A": box(0, 0, 500, 500)}))


@pytest.fixture(scope="module")
def frontier():
    """Return random alerts and layers around one place."""
    rng = np.random.default_rng(7)
    centres = rng.uniform(-0.3, 0.3, (60, 2)) + np.array([-70, -12])
    subjects = [
        alert(Point(c).buffer(rng.uniform(0.001, 0.02), quad_segs=3), day=19_990 + i, name=f"a{i:02}")
        for i, c in enumerate(centres)
    ]
    places = rng.uniform(-0.4, 0.4, (15, 2)) + np.array([-70, -12])
    areas = [Point(c).buffer(0.1, quad_segs=40) for c in places]
    names = [f"u{i}" for i in range(15)]
    layers = (
        layer_of(
            "areas",
            areas,
            theme=Theme.PROTECTED,
            shape=Shape.AREA,
            code=names,
            days=[(19_980 + 3 * i, 20_030 - i) for i in range(15)],
            coverage=box(-70.2, -12.2, -69, -11),
            measures=(Measure.SHARE, Measure.DISTANCE),
            reach_m=8000.0,
        ),
        layer_of(
            "lines", [a.boundary for a in areas], theme=Theme.RIVER, shape=Shape.LINE, code=names, reach_m=9e3
        ),
        layer_of(
            "points",
            [a.centroid for a in areas],
            theme=Theme.SETTLEMENT,
            shape=Shape.POINT,
            code=names,
            reach_m=9e3,
        ),
    )
    return subjects, layers


def told(subjects, layers):
    indexes = [prepare(one) for one in layers]
    return overlay(asked(subjects), indexes).facts([s.id for s in subjects], layers)


def test_batches_and_their_order_change_nothing(frontier):
    """Bit by bit; kills a projection, a bound or a tie that depends on the batch."""
    subjects, layers = frontier
    whole = told(subjects, layers)
    pieces = [fact for k in range(0, 60, 7) for fact in told(subjects[k : k + 7][::-1], layers)]
    assert sorted(pieces, key=repr) == sorted(whole, key=repr)


def test_the_order_of_units_changes_nothing(frontier):
    """Kills numbers of pieces that leak into shares, and ties by position."""
    subjects, layers = frontier
    turned = []
    for layer in layers:
        columns = {f.name: getattr(layer.units, f.name)[::-1] for f in dataclasses.fields(layer.units)}
        turned.append(dataclasses.replace(layer, units=dataclasses.replace(layer.units, **columns)))
    plain = [[dataclasses.replace(f, number=0) for f in told(subjects, ls)] for ls in (layers, turned)]
    assert sorted(plain[0], key=repr) == sorted(plain[1], key=repr)


def test_a_coverage_that_layers_share_is_asked_once_and_says_the_same(frontier):
    """Kills a reach, or a part that is covered, of another layer with the same coverage."""
    subjects, layers = frontier
    shared = [dataclasses.replace(one, coverage=layers[0].coverage) for one in layers]
    both = [make(shared) for make in (lambda ls: [prepare(one) for one in ls], prepare_all)]
    facts = [overlay(asked(subjects), one).facts([s.id for s in subjects], shared) for one in both]
    assert facts[0] == facts[1]
    assert len({id(one.coverage) for one in both[1]}) == 1


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_the_share_in_all_units_together_is_that_of_their_union(seed):
    """The sum where no two units overlap, the union elsewhere; kills a place that is counted twice."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(-0.015, 0.015, (5, 2)) + np.array([-70.005, -12.005])
    units = {f"u{i}": Point(p).buffer(rng.uniform(0.001, 0.008), quad_segs=4) for i, p in enumerate(places)}
    facts = facts_of(HERE, area_layer("d", units, completeness=Completeness.PARTIAL))
    union = shapely.union_all(list(units.values()))
    want = float(areas_m2(union.intersection(HERE)) / areas_m2(HERE))
    (open_,) = [f.share for f in facts if f.relation is Relation.NOT_EVALUATED] or [0.0]
    assert 1 - open_ == pytest.approx(want, abs=2e-5)


def test_a_unit_of_unknown_dates_is_neither_in_force_nor_not():
    """Mutant: no dates read as "for ever", so that a title nobody can date counts as in force."""
    plain = area_layer("titles", {"undated": HERE, "dated": HERE})
    days = {"from_day": np.array([ALWAYS[0], 10_000]), "to_day": np.array([ALWAYS[1], 30_000])}
    layer = dataclasses.replace(plain, dated=True, units=dataclasses.replace(plain.units, **days))
    inside = [fact for fact in facts_of(HERE, layer) if fact.relation is Relation.INSIDE and fact.number >= 0]
    assert {fact.number: fact.in_force for fact in inside} == {0: None, 1: True}
