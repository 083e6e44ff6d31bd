"""Signs: shapes whose measures are known, anywhere on earth and however they lie."""

from dataclasses import fields
from math import cos, pi, sin

import numpy as np
import pytest
import shapely.affinity
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from dosel.context.driver.signs import NAMES, Signs, season, signs_of
from dosel.context.subject import Extent
from dosel.errors import InputError

GEOD = Geod(ellps="WGS84")
SHAPE = {
    "length_m",
    "width_m",
    "elongation",
    "fill",
    "solidity",
    "compactness",
    "orientation_deg",
    "perimeter_m",
    "parts",
}


def on_earth(corners: list[tuple[float, float]], lon: float, lat: float, turn_deg: float = 0.0) -> Polygon:
    """Lay a plane figure (metres east, north) on the ellipsoid by geodesics from its centre; an oracle."""
    ring = []
    for x, y in corners:
        distance, azimuth = np.hypot(x, y), np.degrees(np.arctan2(x, y)) + turn_deg
        ring.append(GEOD.fwd(lon, lat, azimuth, distance)[:2])
    return Polygon(ring)


def rectangle(length: float, width: float) -> list[tuple[float, float]]:
    """Corners of a rectangle whose length points north."""
    return [
        (-width / 2, -length / 2),
        (width / 2, -length / 2),
        (width / 2, length / 2),
        (-width / 2, length / 2),
    ]


@given(
    st.floats(-180, 180),
    st.floats(-89.9, 89.9),
    st.floats(0, 179),
    st.floats(1.5, 40),
    st.floats(5, 200),
)
def test_a_rectangle_keeps_its_measures_anywhere(
    lon: float, lat: float, turn: float, ratio: float, width: float
) -> None:
    """Mutants: degrees taken for metres, no projection, a centre torn by the antimeridian or a pole."""
    signs = signs_of(on_earth(rectangle(width * ratio, width), lon, lat, turn))
    assert signs.length_m == pytest.approx(width * ratio, rel=0.005)
    assert signs.width_m == pytest.approx(width, rel=0.005)
    assert signs.elongation == pytest.approx(ratio, rel=0.01)
    assert signs.area_ha == pytest.approx(width * width * ratio / 1e4, rel=0.002)
    assert signs.perimeter_m == pytest.approx(2 * width * (1 + ratio), rel=0.005)
    assert signs.fill == pytest.approx(1.0, abs=0.005)


@given(st.floats(-180, 180), st.floats(-60, 60), st.floats(1, 178))
def test_the_direction_is_that_of_the_length(lon: float, lat: float, turn: float) -> None:
    """Mutants: the short side, counted from east, or anticlockwise."""
    signs = signs_of(on_earth(rectangle(780, 56), lon, lat, turn))
    assert signs.orientation_deg == pytest.approx(turn, abs=0.5)


@given(st.floats(0, 360), st.floats(-60, 60), st.integers(0, 5), st.booleans())
def test_shape_does_not_depend_on_place_direction_or_order(
    turn: float, lat: float, roll: int, back: bool
) -> None:
    """Mutants: an extent along the axes, a perimeter of the hull, a first vertex that counts."""
    corners = [(-200.0, -100.0), (300.0, -100.0), (300.0, 50.0), (0.0, 50.0), (0.0, 250.0), (-200.0, 250.0)]
    turned = corners[roll:] + corners[:roll]
    one, two = (
        signs_of(on_earth(corners, -62.0, -11.0)),
        signs_of(on_earth(turned[::-1] if back else turned, 140.0, lat, turn)),
    )
    for name in SHAPE - {"orientation_deg"}:
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=0.01), name


def test_a_disc_is_compact_and_a_hole_counts_in_the_perimeter() -> None:
    """Mutants: the hull's area, the outer ring alone, a factor of pi."""
    ring = [(100 * cos(a), 100 * sin(a)) for a in np.linspace(0, 2 * pi, 361)[:-1]]
    disc = on_earth(ring, -70.0, -12.0)
    hole = on_earth([(x / 2, y / 2) for x, y in ring], -70.0, -12.0)
    whole, pierced = signs_of(disc), signs_of(disc.difference(hole))
    assert whole.compactness == pytest.approx(1.0, abs=0.001)
    assert whole.elongation == pytest.approx(1.0, abs=0.001)
    assert pierced.perimeter_m == pytest.approx(2 * pi * 150, rel=0.001)
    assert pierced.compactness == pytest.approx(0.75 / 1.5**2, rel=0.002)
    assert pierced.fill == pytest.approx(0.75 * pi / 4, rel=0.002)


def test_parts_count_pieces_and_not_vertices() -> None:
    """Mutant: one for a multipolygon."""
    two = MultiPolygon([box(-70, -12, -69.999, -11.999), box(-69.99, -12, -69.989, -11.999)])
    assert signs_of(two).parts == 2
    assert signs_of(two.geoms[0]).parts == 1


@pytest.mark.parametrize(
    ("geometry", "extent"),
    [
        (Point(-70, -12), Extent.OUTLINE),
        (MultiPoint([(-70, -12), (-69, -12)]), Extent.OUTLINE),
        (LineString([(-70, -12), (-69.9, -12)]), Extent.OUTLINE),
        (Polygon([(-70, -12), (-69.9, -12), (-70, -12)]), Extent.OUTLINE),
        (box(-70, -12, -69.98, -11.98), Extent.BOX),
        (box(-70, -12, -69.99999, -11.99999), Extent.POINT),
    ],
)
def test_what_is_no_outline_has_no_shape(geometry: BaseGeometry, extent: Extent) -> None:
    """Mutants: the review box measured as if it were the change; its hectares in place of the partner's."""
    signs = signs_of(geometry, extent, area_ha=3.2)
    assert all(getattr(signs, name) is None for name in SHAPE)
    assert signs.area_ha == 3.2
    assert signs.extent == ("box" if extent == "box" else Extent.POINT)


def test_other_signs_stay_none_until_they_are_given() -> None:
    """Mutant: 0 metres or False where nothing was evaluated."""
    signs = signs_of(box(-70, -12, -69.99, -11.99), river_m=320.0)
    assert signs.river_m == 320.0
    rest = {each.name for each in fields(Signs)} - SHAPE - {"extent", "area_ha", "river_m"}
    assert all(getattr(signs, name) is None for name in rest)
    assert all(Signs().value(name) is None for name in NAMES)


@pytest.mark.parametrize(
    ("geometry", "extent", "says"),
    [
        (Polygon(), Extent.OUTLINE, "empty"),
        (box(500000, 8600000, 500100, 8600100), Extent.OUTLINE, "lon/lat in degrees"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(geometry: BaseGeometry, extent: Extent, says: str) -> None:
    """Mutant: metres of a projection taken for degrees."""
    with pytest.raises(InputError, match=says):
        signs_of(geometry, extent)


def test_measured_hectares_are_those_of_the_ellipsoid() -> None:
    """Mutant: an area on the sphere or in a conformal projection. The oracle is the geodesic area."""
    shape = shapely.affinity.translate(Point(0, 0).buffer(0.02, quad_segs=3), -71.3, -12.7)
    area, _ = GEOD.geometry_area_perimeter(shape)
    assert signs_of(shape).area_ha == pytest.approx(abs(area) / 1e4, rel=2e-4)


@pytest.mark.parametrize(("lat", "expected"), [(-12.0, 274), (0.0, 274), (0.1, None)])
def test_the_season_is_that_of_the_south_alone(lat: float, expected: int | None) -> None:
    """Mutant: the dry season of Rondonia read into the other half of the year in the north."""
    assert season(19631, lat) == expected
