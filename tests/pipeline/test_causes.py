"""The step of ``dosel describe`` that looks for causes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import MultiPolygon, box
from tests.pipeline.desk_rows import add, alert, new_centre

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import Band, Rule, Support, Table, shipped
from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.context.subject import Extent, Subject
from dosel.model.marking import Marking
from dosel.pipeline.meaning.causes import Causes
from dosel.pipeline.meaning.describe import STEPS, Batch, describe
from dosel.testing.layers import line_layer


def batch() -> Batch:
    """Two alerts of ten hectares, one of them beside a road and sealed."""
    plot = box(-70, -12, -69.997, -11.997)
    subjects = tuple(Subject(one, plot, Extent.OUTLINE, "", None, 19560, None) for one in "ab")
    facts = {"a": (Fact("a", "roads", "1", Relation.NEAREST, 0, distance_m=40.0),), "b": ()}
    roads = line_layer("roads", {"r": box(0, 0, 1, 1).boundary}, theme=Theme.ROAD)
    return Batch(None, subjects, {"a": Marking.SEALED, "b": Marking.RESTRICTED}, facts, (roads,))  # type: ignore[arg-type]


def test_every_alert_gets_a_row_with_its_own_marking() -> None:
    """Mutants: one marking for all; the facts of another alert; a row that the store cannot keep."""
    rows = Causes().rows(batch())["drivers"]
    assert [row["alert_id"] for row in rows] == ["a", "b"]
    assert [row["marking"] for row in rows] == [int(Marking.SEALED), int(Marking.RESTRICTED)]
    assert all(json.dumps(row, allow_nan=False) for row in rows)
    keys = [{reason["key"] for reason in row["reasons"]} for row in rows]
    assert "reason.near.road" in keys[0]
    assert "reason.near.road" not in keys[1]


def test_other_rules_are_another_basis_and_give_other_causes() -> None:
    """Mutants: rules of one's own that are not used; a basis that stays."""
    supports = tuple(Support(c, "O" if c is Cause.ROAD else "", int(c is Cause.ROAD), "", 0.0) for c in Cause)
    road = Rule((Band("road_m", below=100.0),), {Cause.ROAD: 9.0}, "set")
    mine = Causes(Table("mine", "1", 0.5, supports, (), (road,)))
    assert [row["cause"] for row in mine.rows(batch())["drivers"]] == [Cause.ROAD, Cause.UNKNOWN]
    assert mine.basis != Causes().basis == f"cause-rules 1 {shipped().method().parameters}"


def test_describe_looks_for_causes() -> None:
    """Mutant: a step that nobody runs."""
    assert any(isinstance(step, Causes) for step in STEPS)


def test_a_described_alert_keeps_its_cause_until_something_changes(tmp_path: Path) -> None:
    """Mutants: rows that the store refuses; causes looked for in vain; an old row left."""
    centre = new_centre(tmp_path / "centre")
    add(
        centre, "alerts", [alert("a"), alert("b", geometry=MultiPolygon([box(-70.4, -12.4, -70.39, -12.39)]))]
    )
    assert describe(centre.store).described == 2
    stored = centre.store.select("drivers")
    assert {row["alert_id"] for row in stored} == {"a", "b"}
    assert all(sum(row["probabilities"].values()) == pytest.approx(1.0) for row in stored)
    assert describe(centre.store).described == 0
    other = Causes(replace(shipped(), claim=0.9))
    assert describe(centre.store, steps=(other,)).described == 2
    assert {row["method"] for row in centre.store.select("drivers")} == {other.basis}
