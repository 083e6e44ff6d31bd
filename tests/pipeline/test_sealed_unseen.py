"""What is sealed is not inferred either: not from neighbours, sums, incidents, errors or names of units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import MultiPolygon, box
from tests.pipeline.desk_rows import TODAY, add, alert, layer, new_centre, unit

from dosel.alerts.alert import Alert
from dosel.alerts.table import load_open, store_alerts
from dosel.context.parse import parse_definitions
from dosel.errors import InputError
from dosel.model.codes import AlertStatus
from dosel.model.marking import Marking
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.desk import AlertFilter, centre_status, judge, list_alerts
from dosel.pipeline.meaning import blind_report
from dosel.pipeline.meaning.converge import converge
from dosel.pipeline.meaning.describe import describe
from dosel.pipeline.meaning.explain import explain
from dosel.pipeline.meaning.near import Question, near
from dosel.pipeline.proof.recompute import recompute
from dosel.pipeline.reference.layer_add import add_layers
from dosel.pipeline.work.candidates import gather
from dosel.pipeline.work.queue import work_list

WORDS = 'owner = "M"\n' + "".join(
    f'{key} = {{ es = "a", pt = "b", en = "c" }}\n' for key in ("titles", "note")
)
RESERVE = MultiPolygon([box(-70.5, -13.0, -70.0, -12.5)])
MARGIN_M = 1_000.0
PLACES = {"hidden": -69.9912, "shown": -69.99, "twin": -69.9899}
"""West of squares: the first touches the margin, 22 m from the next, which lies outside as the third."""
DAYS = {"hidden": TODAY - 4, "shown": TODAY - 2, "twin": TODAY - 1}


def square(west: float) -> MultiPolygon:
    return MultiPolygon([box(west, -12.7, west + 0.001, -12.699)])


def rows(*ids: str) -> list[dict[str, object]]:
    plain = {"extent": "outline", "area_ha": 1.2}
    return [
        alert(one, geometry=square(PLACES[one]), window_end=DAYS[one], source=f"feed-{one}", **plain)
        for one in ids
    ]


def seal(centre: Centre) -> None:
    reserve = layer(
        "reserves", "isolation", margin_m=MARGIN_M, reach_m=50_000.0, sensitivity=int(Marking.SEALED)
    )
    reserve["measures"] = ["share", "distance"]
    add(centre, "layers", [reserve])
    add(centre, "layer_units", [unit("reserves", 0, RESERVE, "RX", "Secreta", marking=int(Marking.SEALED))])


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Centre]:
    """A centre with some alerts; its reserve came after they did and were described."""

    def make(*ids: str) -> Centre:
        centre = new_centre(tmp_path / "-".join(ids))
        add(centre, "alerts", rows(*ids))
        describe(centre.store)
        seal(centre)
        describe(centre.store)
        return centre

    return make


def test_a_neighbour_says_the_same_with_and_without_what_is_sealed(made: Callable[..., Centre]) -> None:
    """Mutants: a sealed alert in the past of its neighbour; in its incident, its sources, its members."""
    with_it, without = made("hidden", "shown", "twin"), made("shown", "twin")
    for table in ("facts", "drivers"):
        said = [
            [row for row in one.store.select(table) if row["alert_id"] == "shown"]
            for one in (with_it, without)
        ]
        assert said[0] == said[1], table
    assert [row["id"] for row in list_alerts(with_it, AlertFilter())] == ["shown", "twin"]
    members = [one.store.select("incident_members", {"member_id": "shown"}) for one in (with_it, without)]
    assert members[0] == members[1]
    lines = [
        [row for row in one.store.select("incidents") if row["marking"] < Marking.SEALED]
        for one in (with_it, without)
    ]
    assert lines[0] == lines[1]
    assert len(lines[0]) == 1
    asked = [gather(one, list_alerts(one, AlertFilter()), TODAY) for one in (with_it, without)]
    assert (asked[0].members, asked[0].sources) == (asked[1].members, asked[1].sources)


def test_a_layer_seals_as_it_is_added(tmp_path: Path) -> None:
    """Mutants: until the next `describe` the lists, the incidents or the past of a neighbour still tell."""
    centre = new_centre(tmp_path / "centre")
    add(centre, "alerts", rows("hidden", "shown", "twin"))
    describe(centre.store)
    assert "hidden" in str([row["code"] for row in centre.store.select("facts")])
    gpd.GeoDataFrame({"code": ["R"]}, geometry=[RESERVE], crs=4326).to_parquet(tmp_path / "r.parquet")
    (definition,) = parse_definitions(
        '[[layer]]\nname = "r"\ntheme = "isolation"\nshape = "area"\ncompleteness = "partial"\n'
        f'file = "r.parquet"\nmargin_m = {MARGIN_M}\nsensitivity = "sealed"\n' + WORDS
    )
    add_layers(centre.store, [definition], tmp_path)
    assert [row["id"] for row in list_alerts(centre, AlertFilter())] == ["shown", "twin"]
    assert "hidden" not in str([row["code"] for row in centre.store.select("facts")])
    open_ = [row for row in centre.store.select("incidents") if row["marking"] < Marking.SEALED]
    assert [row["members"] for row in open_] == [2]


def test_a_sealed_fire_is_no_activity_of_an_incident(made: Callable[..., Centre]) -> None:
    """Mutant: only alerts are asked whether they may be shown."""
    centre = made("shown", "twin")
    (row,) = centre.store.select("incident_members", {"member_id": "shown"})
    fire = {"id": "f", "geometry": RESERVE, "status": "ended", "first_instant": "2024-12-01T00:00:00Z"}
    fire |= {"last_instant": "2024-12-01T00:00:00Z", "first_day": TODAY, "last_day": TODAY, "hot_spots": 1}
    fire |= {"passes": 1, "sources": [], "parents": [], "marking": int(Marking.SEALED)}
    add(centre, "fire_events", [fire])
    add(centre, "incident_members", [row | {"kind": "fire", "member_id": "f"}])
    found = gather(centre, list_alerts(centre, AlertFilter()), TODAY)
    assert [len(members) for members in found.members.values()] == [2]


@pytest.mark.parametrize("one", ["hidden", "nothing"])
def test_every_question_by_id_reads_as_no_such_alert(made: Callable[..., Centre], one: str) -> None:
    """Mutants: `verdict` or `recompute` answer of a sealed alert what it is."""
    centre = made("hidden", "shown")
    questions = [
        lambda: judge(centre, one, reason="r", by="Ana"),
        lambda: recompute(centre, one),
        lambda: explain(centre, one, "en"),
    ]
    for question in questions:
        with pytest.raises(InputError, match=f"^{one}: there is no such alert; "):
            question()


def test_a_status_does_not_count_what_is_sealed(made: Callable[..., Centre]) -> None:
    """Mutants: idle verdicts name a sealed alert."""
    centre = made("hidden", "shown")
    words = {"person": "Ana", "verdict": "reject", "reason": "r", "day": TODAY}
    add(centre, "verdicts", [{"alert_id": one, **words} for one in ("hidden", "shown")])
    assert [row["alert_id"] for row in centre_status(centre).idle] == ["shown"]


def test_the_watch_does_not_unseal(made: Callable[..., Centre]) -> None:
    """Mutant: a step, or a rewind to a checkpoint of before, writes the marking it remembers."""
    centre = made("shown")
    own: dict[str, object] = {"source": "", "status": int(AlertStatus.CONFIRMED)}
    assert load_open(centre.store) == ()
    row = centre.store.select("alerts", {"id": "shown"})[0] | own
    old = alert_of(row)
    with centre.store.transaction():
        centre.store.upsert("alerts", [row | {"marking": int(Marking.SEALED)}])
        store_alerts(centre.store, [old], "EPSG:4326", 3)
    (now,) = centre.store.select("alerts", {"id": "shown"})
    assert now["marking"] == Marking.SEALED


def alert_of(row: dict[str, object]) -> Alert:
    """Return our own alert with the place of a row, as the tracker remembers it: not sealed."""
    from dataclasses import fields

    from dosel.model.provenance import Method

    values = {one.name: row.get(one.name) for one in fields(Alert)}
    values |= {"status": AlertStatus.CONFIRMED, "method": Method("m", "1", ""), "marking": Marking.RESTRICTED}
    return Alert(**{**values, "parents": (), "streams": (), "reason": "", "runs": b""})  # type: ignore[arg-type]


def test_the_desk_does_not_know_the_sealed(made: Callable[..., Centre]) -> None:
    """Mutant: it is ranked, or left out by name."""
    work = work_list(made("hidden", "shown"), as_of=iso_day(TODAY), days=30).work
    assert [one.candidate.id for one in work.reviews] == ["shown"]
    assert "hidden" not in work.left_out


def test_no_open_alert_says_how_far_a_reserve_is(made: Callable[..., Centre]) -> None:
    """Mutants: its nearest reserve by name; "none within reach" told of some alerts and not of others."""
    centre = made("shown")
    stored = centre.store.select("facts", {"alert_id": "shown", "layer": "reserves"})
    assert any(row["relation"] == "nearest" and row["name"] == "Secreta" for row in stored)
    (facts,) = (one.facts for one in explain(centre, "shown", "en").layers if one.layer["name"] == "reserves")
    assert [(fact.relation, fact.name, fact.distance_m) for fact in facts] == [("none", "", None)]


@pytest.mark.parametrize("name", ["Secreta", "Nothing"])
def test_a_sealed_unit_reads_as_none(made: Callable[..., Centre], name: str) -> None:
    """Mutant: a command that finds units by name finds those of a sealed layer too."""
    centre = made("shown")
    questions = [
        lambda: work_list(centre, unit=name, as_of=iso_day(TODAY)),
        lambda: converge(centre, "2024-01-01", "2024-02-01", unit=name),
        lambda: blind_report.report(centre, blind_report.Question(unit=name)),
        lambda: near(centre, Question("reserves", unit=name)),
    ]
    for question in questions:
        with pytest.raises(InputError, match=r"--unit|--layer") as told:
            question()
        assert "RX" not in str(told.value)
        assert "Secreta" not in str(told.value).replace(repr(name), "")
