"""Rows become units: repaired, dated, dissolved, and what is said of it."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, Point, Polygon
from tests.context.layering import definition, rows

from dosel.context.layer import ALWAYS
from dosel.context.units import Made, make_units
from dosel.context.versions import changes, version_of
from dosel.errors import InputError
from dosel.model.geodesy import areas_ha
from dosel.model.time import day_of

BOW_TIE = Polygon([(-70, -12), (-69.99, -11.99), (-69.99, -12), (-70, -11.99)])
SQUARE = shapely.box(-70, -12, -69.99, -11.99)
NEXT = shapely.box(-69.99, -12, -69.98, -11.99)


def kinds(made: Made) -> list[str]:
    return [one.kind for one in made.problems]


def test_a_bad_geometry_is_repaired_and_reported_with_its_area() -> None:
    """Mutant: buffer(0), which loses half of a bow tie; repair in silence."""
    made = make_units(rows([BOW_TIE], code=["A1"], name=["Reserve"]), definition())
    said = made.problems[0]
    assert made.units.geometry[0].is_valid
    half = areas_ha([SQUARE])[0] / 2
    assert areas_ha(made.units.geometry)[0] == pytest.approx(half, rel=1e-3)
    assert (said.kind, said.unit) == ("repaired", "A1 Reserve")
    assert "Self-intersection" in said.detail["why"]
    assert said.detail["before_ha"] == pytest.approx(0, abs=0.01)
    assert said.detail["after_ha"] == pytest.approx(half, rel=1e-3)


def test_what_has_no_geometry_is_kept_out_and_reported() -> None:
    """Mutant: store an empty geometry as a unit; drop it in silence."""
    made = make_units(rows([None, Polygon(), SQUARE], code=["a", "b", "c"]), definition())
    assert made.units.code.tolist() == ["c"]
    assert [(one.kind, one.unit) for one in made.problems] == [("no-geometry", "a"), ("no-geometry", "b")]


def test_a_geometry_of_another_kind_is_kept_out_and_its_fitting_parts_stay() -> None:
    """Mutant: hold a line in a layer of areas."""
    mixed = GeometryCollection([SQUARE, LineString([(-70, -12), (-70, -13)])])
    made = make_units(rows([Point(-70, -12), mixed], code=["point", "mixed"]), definition())
    assert made.units.code.tolist() == ["mixed"]
    assert made.units.geometry[0].equals(SQUARE)
    assert kinds(made) == ["other-shape"]


@pytest.mark.parametrize("text", ["0", "", "-", "  "])
def test_a_date_that_is_not_known_is_never_a_day(text: str) -> None:
    """Mutant: read 0 as 1970-01-01."""
    dated = definition(since={"column": "from", "format": "%d/%m/%Y"})
    made = make_units(rows([SQUARE], **{"from": [text]}), dated)
    assert made.units.from_day.tolist() == [ALWAYS[0]]
    assert not made.problems


def test_dates_are_read_by_their_format_and_others_are_reported() -> None:
    """Mutant: guess month before day; take a text as it comes."""
    dated = definition(
        since={"column": "from", "format": "%d/%m/%Y"}, until={"column": "to", "format": "%d/%m/%Y"}
    )
    table = rows(
        [SQUARE] * 3, **{"from": ["06/07/2011", "ENERO 2014", "05/05/2012"]}, to=["", "", "05/05/2012"]
    )
    made = make_units(table, dated)
    assert made.units.from_day.tolist() == [day_of("2011-07-06"), ALWAYS[0], day_of("2012-05-05")]
    assert made.units.to_day.tolist() == [ALWAYS[1]] * 3
    assert kinds(made) == ["date", "ends-before"]


def test_a_period_stands_for_the_day_that_the_definition_gives_it() -> None:
    """Mutant: take an unknown period as known."""
    dated = definition(since={"column": "period", "values": {"201800": "2018-12-31"}})
    made = make_units(rows([SQUARE, NEXT], period=["201800", "209900"]), dated)
    assert made.units.from_day.tolist() == [day_of("2018-12-31"), ALWAYS[0]]
    assert kinds(made) == ["date"]


def test_rows_of_one_code_become_one_unit_under_the_name_of_the_largest() -> None:
    """Mutant: keep the first name (a misspelt sliver); lose area; unite rows without a code."""
    sliver = shapely.box(-69.99, -12, -69.989, -11.99)
    table = rows(
        [sliver, SQUARE, NEXT, NEXT], code=["2001", "2001", "", ""], name=["PUIRA", "PIURA", "x", "y"]
    )
    made = make_units(table, definition(dissolve=True))
    assert made.units.name.tolist() == ["PIURA", "x", "y"]
    assert areas_ha(made.units.geometry)[0] == pytest.approx(areas_ha([SQUARE, sliver]).sum())
    assert made.problems[0].detail == {"names": ["PUIRA", "PIURA"]}


def test_filters_codes_and_names() -> None:
    """Mutant: keep what is to be left out; lose leading zeros; leave a code without a unit unsaid."""
    table = rows([SQUARE] * 3, code=["101", "102", "103"], name=["A", "B", "C"], closed=["0", "1", "0"])
    asked = definition(leave={"closed": ["1"]}, keep={"name": ["A", "B"]}, code_digits=6)
    made = make_units(table, asked, {"000101": "Better", "000999": "Nowhere"})
    assert (made.units.code.tolist(), made.units.name.tolist()) == (["000101"], ["Better"])
    assert [(one.kind, one.unit) for one in made.problems] == [("no-unit", "000999 Nowhere")]


def test_columns_that_are_not_there_are_named_together() -> None:
    """Mutant: a KeyError of the library; name only the first."""
    with pytest.raises(InputError, match="no column UBIGEO, kind; it has code, name"):
        make_units(rows([SQUARE]), definition(code="UBIGEO", category="kind"))


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("Río Abiseo", False),
        ("MARANHÃO", False),
        ("RÃ­o Abiseo", True),
        ("CastaÃ±a", True),
        ("Boquer\ufffdn", True),
        ("Â°", True),
        ("SÃ£o JoÃ£o", True),
    ],
)
def test_a_name_with_a_broken_encoding_is_reported_and_stays(name: str, broken: bool) -> None:
    """Mutant: mend it by a guess; take every accent as broken."""
    made = make_units(rows([SQUARE], name=[name]), definition())
    assert made.units.name.tolist() == [name]
    assert kinds(made) == (["encoding"] if broken else [])


@given(st.permutations(range(4)))
def test_the_version_does_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    """Property: any order of rows is the same version; one changed name is another."""
    shapes = [shapely.box(-70 + i / 10, -12, -69.95 + i / 10, -11.9) for i in range(4)]
    one, two = definition(), [f"unit {i}" for i in range(4)]
    base = make_units(rows(shapes, name=two), one)
    moved = make_units(rows([shapes[i] for i in order], name=[two[i] for i in order]), one)
    other = make_units(rows(shapes, name=[*two[:3], "unit X"]), one)
    assert version_of(one, base, None) == version_of(one, moved, None)
    assert version_of(one, base, None) != version_of(one, other, None)
    assert version_of(one, base, None) != version_of(one, base, SQUARE)


def test_an_update_says_which_units_came_went_and_changed() -> None:
    """Mutant: compare by row number; miss a unit that only changed its geometry."""
    old = make_units(rows([SQUARE, NEXT, SQUARE], code=["a", "b", "c"]), definition())
    new = make_units(rows([SQUARE, SQUARE, NEXT], code=["d", "a", "c"]), definition())
    said = changes(old, new)
    assert (said.added, said.removed, said.changed) == (("d",), ("b",), ("c",))
