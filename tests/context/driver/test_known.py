"""Signs from facts: silence of a layer is never a sign, and what is near is near in any layer."""

from math import inf
from typing import Any

import pytest
from shapely import box

from dosel.context.driver.known import DISTANCE_OF, SETTING_OF, known_of, signs_from
from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.context.overlay.past import LAYER as PAST
from dosel.context.subject import Extent, Subject

THEMES = {"roads": Theme.ROAD, "tracks": Theme.ROAD, "scars": Theme.MINING_SCAR, "strips": Theme.AIRSTRIP}
THEMES |= {"fields": Theme.AIRFIELD, "parks": Theme.PROTECTED, "lands": Theme.INDIGENOUS}
PLOT = box(-70, -12, -69.993, -11.9995)


def fact(layer: str, relation: Relation, **values: Any) -> Fact:
    return Fact("a", layer, "1", relation, **values)


def near(layer: str, metres: float) -> Fact:
    return fact(layer, Relation.NEAREST, number=1, distance_m=metres)


def silent(layer: str, reach: float = 50_000.0) -> Fact:
    return fact(layer, Relation.NONE, distance_m=reach)


def unasked(layer: str) -> Fact:
    return fact(layer, Relation.NOT_EVALUATED)


@pytest.mark.parametrize(
    ("facts", "sign", "expected"),
    [
        ([near("roads", 320.0)], "road_m", 320.0),
        ([near("roads", 320.0), near("tracks", 90.0)], "road_m", 90.0),
        ([near("tracks", 90.0), near("roads", 320.0)], "road_m", 90.0),
        ([near("roads", 7000.0)], "road_m", 7000.0),
        ([silent("roads")], "road_m", inf),
        ([silent("roads", 2000.0)], "road_m", None),
        ([unasked("roads")], "road_m", None),
        ([], "road_m", None),
        ([near("roads", 320.0), unasked("roads")], "road_m", 320.0),
        ([near("roads", 7000.0), unasked("roads")], "road_m", None),
        ([silent("roads"), unasked("tracks")], "road_m", None),
        ([near("scars", 7000.0), unasked("scars")], "mining_scar_m", 7000.0),
        ([unasked("scars")], "mining_scar_m", None),
        ([silent("fields"), near("strips", 40.0)], "airfield_m", 40.0),
        ([fact(PAST, Relation.NEAREST, distance_m=15.0)], "clearing_m", 15.0),
        ([fact(PAST, Relation.VALUE, value=3.0)], "clearing_m", None),
        ([fact("parks", Relation.INSIDE, share=0.8)], "protected", True),
        ([fact("parks", Relation.INSIDE, share=0.2)], "protected", False),
        ([fact("parks", Relation.INSIDE, share=0.2), unasked("parks")], "protected", None),
        ([fact("parks", Relation.INSIDE, share=0.8), unasked("parks")], "protected", True),
        ([silent("parks")], "protected", False),
        ([unasked("parks")], "protected", None),
        ([silent("parks")], "indigenous", None),
    ],
)
def test_what_facts_say_becomes_a_sign(facts: list[Fact], sign: str, expected: object) -> None:
    """Mutants: silence of a partial layer read as far; the last layer instead of the nearest; a reach of
    2 km said as "none within 5 km"; a corner of an alert taken for inside."""
    assert known_of(facts, THEMES)[sign] == expected


def test_an_alert_has_its_shape_its_day_and_its_place() -> None:
    """Mutants: the first day instead of the last; hectares of the source in place of the outline's."""
    subject = Subject("a", PLOT, Extent.OUTLINE, "", 19000, 19631, 99.0)
    signs = signs_from(subject, [near("roads", 320.0)], THEMES)
    assert (signs.day_of_year, signs.road_m, signs.parts) == (274, 320.0, 1)
    assert signs.area_ha == pytest.approx(4.216, abs=0.001)
    boxed = signs_from(Subject("a", PLOT, Extent.BOX, "mapbiomas", None, 19631, 2.9), [], THEMES)
    assert (boxed.area_ha, boxed.elongation) == (2.9, None)


def test_every_sign_of_a_theme_exists() -> None:
    """Mutant: a sign that is spelt otherwise, so that it never arrives."""
    known = known_of([], {})
    assert set(known) == {*DISTANCE_OF.values(), *SETTING_OF.values(), "clearing_m"}
    signs = signs_from(Subject("a", PLOT, Extent.OUTLINE, "", None, 19631, None), [], {})
    assert all(getattr(signs, name) is None for name in known)
