"""Definitions of layers: all mistakes at once, and what may not be said."""

from __future__ import annotations

import pytest
from tests.context.layering import definition

from dosel.context.definition import parents_first, stored_definition
from dosel.context.parse import parse_definitions
from dosel.errors import InputError, InputMistakesError

SOUND = """
[[layer]]
name = "roads"
theme = "road"
shape = "line"
completeness = "partial"
titles = { es = "a", pt = "b", en = "c" }
note = { es = "a", pt = "b", en = "c" }
owner = "MTC"
sensitivity = "public"
file = "roads.gpkg"
"""


def mistakes(text: str) -> str:
    with pytest.raises(InputMistakesError) as raised:
        parse_definitions(text, "mine.toml")
    return str(raised.value)


def test_every_mistake_of_a_file_is_said_at_once() -> None:
    """Mutant: stop at the first layer, or at the mistakes that pydantic sees."""
    wrong = SOUND.replace('"road"', '"roads"').replace('"public"', '"secret"') + "reach = 5\n"
    said = mistakes(wrong + SOUND.replace('"partial"', '"complete"') + 'measures = ["distance"]\n')
    for part in (
        "layer[roads].theme: expected one of country, department",
        "layer[roads].sensitivity: ",
        "layer[roads].reach: no such setting",
        "layer[roads].coverage: a complete layer says where it is complete",
        "layer[roads].reach_m: a layer with measure distance needs it",
        "layer[roads]: the name stands twice",
    ):
        assert part in said
    assert "6 mistakes" in said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('completeness = "missing"', "file: a missing layer has none"),
        ('country = "PE"', "country: expected one of [countries] (there is none), got 'PE'"),
        ("dissolve = true", "dissolve: it needs code"),
        ('file = "roads.csv"', "lon: a CSV needs it"),
        ('file = ""', "file: a layer that is not missing needs a file"),
        ('derive = { units_of = "a", along = "b", within_m = 1 }', "file: a layer that is not missing needs"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(change: str, expected: str) -> None:
    """Mutant: drop any of the contradictions."""
    key = change.split(" = ")[0]
    kept = [line for line in SOUND.splitlines() if not line.startswith(f"{key} =")]
    assert expected in mistakes("\n".join([*kept, change]))


@pytest.mark.parametrize("change", ['sensitivity = "public"', "margin_m = 0", 'shape = "line"'])
def test_a_layer_of_peoples_in_isolation_is_sealed_areas_with_a_margin(change: str) -> None:
    """Mutant: let a definition open the theme isolation."""
    text = SOUND.replace('"road"', '"isolation"').replace('"line"', '"area"').replace('"public"', '"sealed"')
    assert parse_definitions(text + "margin_m = 5000\n")[0].margin_m == 5000
    key = change.split(" = ")[0]
    lines = [line for line in (text + "margin_m = 5000\n").splitlines() if not line.startswith(f"{key} =")]
    assert f"layer[roads].{key}:" in mistakes("\n".join([*lines, change]))


@pytest.mark.parametrize("box", ["[1, 2, 3]", "[-68, -20, -85, 0]", "[-700000, 0, 0, 1]", '"Peru"'])
def test_the_box_of_a_country_is_in_degrees(box: str) -> None:
    """Mutant: take any four numbers."""
    assert "countries.PE: expected [west, south, east, north]" in mistakes(
        f"[countries]\nPE = {box}\n{SOUND}"
    )


def test_no_toml_and_no_layer_are_one_sentence() -> None:
    """Mutant: let the parser's own error out."""
    with pytest.raises(InputError, match="not TOML"):
        parse_definitions("[[layer", "mine.toml")
    assert "expected tables [[layer]]" in mistakes("x = 1")
    assert "x: no such table" in mistakes("x = 1")


def test_a_definition_comes_back_from_the_store_as_it_was() -> None:
    """Mutant: leave a setting out of what is stored."""
    one = definition(since={"column": "day", "format": "%d/%m/%Y"}, leave={"a": ["1"]}, reach_m=5.0)
    assert stored_definition(one.plain()) == one


def test_the_name_of_the_file_is_no_part_of_what_a_layer_means() -> None:
    """Mutant: make a new version because a file was renamed."""
    assert definition(file="a.gpkg").meaning() == definition(file="b.parquet").meaning()
    assert definition(margin_m=1).meaning() != definition(margin_m=2).meaning()


def test_layers_follow_those_that_they_need() -> None:
    """Mutant: keep the order of the file; loop for ever on a circle."""
    child = definition(name="child", coverage={"layer": "parent"})
    parent = definition(name="parent")
    assert [one.name for one in parents_first([child, parent])] == ["parent", "child"]
    circle = definition(name="parent", coverage={"layer": "child"})
    with pytest.raises(InputError, match="circle"):
        parents_first([child, circle])
