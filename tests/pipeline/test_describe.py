"""`dosel describe`, `explain` and `near`: facts by basis, whole however often it was stopped; seals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, box
from tests.pipeline.conftest import Command
from tests.pipeline.desk_rows import TODAY, add, alert, layer, new_centre, unit

from dosel.errors import InputError
from dosel.messages import LANGUAGES
from dosel.model.marking import Marking
from dosel.model.provenance import table_hash
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.describe import Batch, describe
from dosel.pipeline.meaning.explain import Section, explain
from dosel.pipeline.meaning.near import Question, near
from dosel.store.interface import Row

WORDS = {"es": "nota", "pt": "nota", "en": "note"}
KEPT = {"titles": WORDS, "coverage": {"note": WORDS}}
LAYERS = [
    layer("buffers", "buffer", completeness="partial", vintage="2025", **KEPT),
    layer("lands", "indigenous", sensitivity=int(Marking.SEALED), **KEPT),
    layer("land-borders", "border", shape="line", measures=["distance"], reach_m=60_000.0, **KEPT),
    layer("reserves", "isolation", completeness="missing", units=0, sensitivity=int(Marking.SEALED), **KEPT),
]
UNITS = [
    unit("buffers", 0, MultiPolygon([box(-70.5, -13, -70, -12)]), "RN09", "Tambopata"),
    unit("lands", 0, MultiPolygon([box(-70.3, -13, -70.2, -12)]), "L1", "Land"),
    unit("land-borders", 0, LineString([(-70.6, -11.95), (-69.4, -11.95)]), "BRA-PER", "Brazil / Peru"),
    unit("land-borders", 1, LineString([(-69.9, -13), (-69.9, -11.95)]), "BOL-PER", "Bolivia / Peru"),
]


def square(lon: float, lat: float, size: float = 0.01) -> MultiPolygon:
    return MultiPolygon([box(lon, lat, lon + size, lat + size)])


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A centre with four layers and eleven alerts in a row, one a day."""
    made = new_centre(tmp_path / "centre")
    add(made, "layers", LAYERS)
    add(made, "layer_units", UNITS)
    rows = [
        alert(f"a{i:02}", geometry=square(-70.4 + 0.05 * i, -12.1), window_end=TODAY - 20 + i)
        for i in range(11)
    ]
    add(made, "alerts", rows)
    return made


def mark(centre: Centre) -> str:
    """Return the canonical hash of the facts."""
    return table_hash([row for table in ("facts", "described") for row in centre.store.select(table)])


class KilledError(Exception):
    """The run ends here."""


class Counting:
    """A step with a table of its own that can end a run at a batch."""

    tables = ("drivers",)

    def __init__(self, basis: str = "counting 1", dies_at: int = 99) -> None:
        self.basis, self.dies_at, self.batches = basis, dies_at, 0

    def rows(self, batch: Batch) -> Mapping[str, Sequence[Row]]:
        self.batches += 1
        if self.batches == self.dies_at:
            raise KilledError
        plain = {"cause": 0, "probabilities": {}, "reasons": [], "method": "", "proof": ""}
        counts = {one: len(facts) for one, facts in batch.facts.items()}
        rows = [{**plain, "alert_id": one, "probability": float(n)} for one, n in counts.items()]
        return {"drivers": [row | {"marking": int(batch.marking[row["alert_id"]])} for row in rows]}


def test_in_one_go_or_in_pieces(centre: Centre) -> None:
    """Mutants: a batch that is forgotten after a kill; facts that depend on the batch; rows left twice."""
    describe(centre.store)
    whole = mark(centre)
    for size in (1, 4):
        assert describe(centre.store, again=True, batch=size).described == 11
        assert mark(centre) == whole


def test_a_killed_run_loses_one_batch(centre: Centre) -> None:
    """Mutants: facts without their basis, basis without facts, a step's rows without either."""
    describe(centre.store, steps=[Counting()])
    expected, drivers = mark(centre), centre.store.select("drivers")
    everything = {"alert_id": [row["alert_id"] for row in drivers]}
    with centre.store.transaction():
        for table in ("facts", "described", "drivers"):
            centre.store.delete(table, everything)
    with pytest.raises(KilledError):
        describe(centre.store, steps=[Counting(dies_at=3)], batch=4)
    assert len(centre.store.select("described")) == len(centre.store.select("drivers")) == 8
    assert describe(centre.store, steps=[Counting()]).described == 3
    assert mark(centre) == expected
    assert centre.store.select("drivers") == drivers


def moved(centre: Centre) -> None:
    add_or_change(centre, "alerts", {"id": "a10"}, geometry=square(-69.7, -12.4))


def new_version(centre: Centre) -> None:
    add_or_change(centre, "layers", {"name": "buffers"}, current=0)
    add(centre, "layers", [{**LAYERS[0], "version": "v2"}])


def earlier_neighbour(centre: Centre) -> None:
    add(centre, "alerts", [alert("b", geometry=square(-70.4, -12.095), window_end=TODAY - 300)])


def add_or_change(centre: Centre, table: str, where: Mapping[str, str], **values: object) -> None:
    rows = centre.store.select(table, where)
    with centre.store.transaction():
        centre.store.upsert(table, [row | values for row in rows])


@pytest.mark.parametrize(
    ("change", "pending"),
    [(lambda _: None, 0), (moved, 1), (new_version, 11), (earlier_neighbour, 2)],
)
def test_only_what_rests_on_a_change_is_described_again(
    centre: Centre, change: Callable[[Centre], None], pending: int
) -> None:
    """Mutants: everything each time; a new version, or an earlier report next door, that goes unseen."""
    describe(centre.store)
    change(centre)
    assert describe(centre.store, dry_run=True).described == pending
    assert describe(centre.store).described == pending
    assert describe(centre.store).described == 0


def test_another_version_of_a_step_describes_again(centre: Centre) -> None:
    describe(centre.store, steps=[Counting()])
    assert describe(centre.store, steps=[Counting("counting 2")], dry_run=True).described == 11


def test_a_dry_run_writes_nothing(centre: Centre) -> None:
    assert describe(centre.store, dry_run=True).described == 11
    assert not centre.store.select("facts")
    assert not centre.store.select("described")


def test_what_was_superseded_keeps_no_facts(centre: Centre) -> None:
    """Mutant: facts of an alert that nobody can look up any more."""
    describe(centre.store)
    add_or_change(centre, "alerts", {"id": "a03"}, superseded=1)
    assert describe(centre.store).removed == 1
    assert not centre.store.select("facts", {"alert_id": "a03"})


def test_facts_name_the_version_and_say_what_is_missing(centre: Centre) -> None:
    describe(centre.store)
    rows = {
        row["layer"]: row for row in centre.store.select("facts", {"alert_id": "a00", "relation": "inside"})
    }
    assert (rows["buffers"]["code"], rows["buffers"]["version"], rows["buffers"]["share"]) == (
        "RN09",
        "v1",
        1.0,
    )
    (missing,) = centre.store.select("facts", {"alert_id": "a00", "layer": "reserves"})
    assert (missing["relation"], missing["number"]) == ("not-evaluated", -1)


def test_a_fact_is_as_secret_as_its_alert_and_its_layer(centre: Centre) -> None:
    """Mutants: a layer's secret told in facts; "it is missing" kept as a secret."""
    describe(centre.store)
    marks = {row["layer"]: row["marking"] for row in centre.store.select("facts", {"alert_id": "a03"})}
    assert marks["lands"] == Marking.SEALED
    assert marks["reserves"] == marks["buffers"] == Marking.RESTRICTED


class TestSealed:
    @pytest.fixture
    def sealed(self, centre: Centre) -> Centre:
        """The reserves came; a00 lies within their margin."""
        add_or_change(centre, "layers", {"name": "reserves"}, current=0)
        here = {**LAYERS[3], "version": "v2", "completeness": "complete", "units": 1, "margin_m": 5000.0}
        add(centre, "layers", [here])
        reserve = MultiPolygon([box(-70.46, -12.2, -70.43, -12)])
        add(centre, "layer_units", [unit("reserves", 0, reserve, "R", "Reserve", version="v2")])
        return centre

    def test_alert_and_facts_are_sealed(self, sealed: Centre) -> None:
        """Mutants: the margin forgotten; facts of a sealed alert that are not."""
        assert describe(sealed.store).sealed == 1
        (row,) = sealed.store.select("alerts", {"id": "a00"})
        assert row["marking"] == Marking.SEALED
        assert {row["marking"] for row in sealed.store.select("facts", {"alert_id": "a00"})} == {
            Marking.SEALED
        }
        assert describe(sealed.store).described == 0

    def test_a_seal_that_was_overwritten_comes_back(self, sealed: Centre) -> None:
        """Mutant: a re-import that opens what describe has sealed, for good."""
        describe(sealed.store)
        add_or_change(sealed, "alerts", {"id": "a00"}, marking=int(Marking.RESTRICTED))
        assert describe(sealed.store).sealed == 1

    def test_nobody_can_tell_it_from_what_is_not_there(self, sealed: Centre) -> None:
        describe(sealed.store)
        told = []
        for name in ("a00", "zzz"):
            with pytest.raises(InputError) as error:
                explain(sealed, name, "en")
            told.append(str(error.value).replace(name, ""))
        assert told[0] == told[1]
        assert "a00" not in [one.id for one in near(sealed, Question("land-borders", "BR")).found]


class TestExplain:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_on_paper(self, centre: Centre, command: Command, language: str) -> None:
        """Mutants: a sentence of another language; silence that reads as "none"."""
        describe(centre.store)
        centre.store.close()
        status, said = command("explain", "a05", "-c", centre.root, "--language", language)
        assert status == 0
        inside = {"es": "dentro: ", "pt": "dentro: ", "en": "inside: "}[language]
        assert f"{inside}Tambopata (RN09), 100 %" in said
        assert "2025" in said
        assert {"es": "falta", "pt": "falta", "en": "missing"}[language] in said
        assert "a04" in said

    def test_further_rooms_have_their_place(self, centre: Centre) -> None:
        describe(centre.store)
        told = explain(centre, "a05", "en", [lambda *_: Section("Cause", ("mining",)), lambda *_: None])
        assert [section.title for section in told.sections] == ["Cause"]

    def test_an_alert_without_facts_says_so(self, centre: Centre) -> None:
        assert not explain(centre, "a05", "en").described

    def test_facts_of_an_old_version_say_so(self, centre: Centre) -> None:
        describe(centre.store)
        new_version(centre)
        stale = [says.layer["name"] for says in explain(centre, "a05", "en").layers if not says.current]
        assert stale == ["buffers"]


class TestNear:
    @pytest.mark.parametrize("code", ["BR", "bra", "BRA-PER"])
    def test_a_country_is_meant_by_any_of_its_codes(self, centre: Centre, code: str) -> None:
        found = near(centre, Question("land-borders", code, within_km=30)).found
        assert len(found) == 11
        assert {one.unit for one in found} == {"BRA-PER Brazil / Peru"}

    def test_the_nearest_unit_of_the_layer_does_not_hide_the_one_that_is_meant(self, centre: Centre) -> None:
        """a10 lies on the border with Bolivia and 15 km from Brazil; kills a question to recorded facts."""
        (one,) = [
            o for o in near(centre, Question("land-borders", "BRA", within_km=20)).found if o.id == "a10"
        ]
        assert one.least_m == pytest.approx(15_489, rel=0.01)

    def test_a_box_that_only_reaches_into_the_belt_is_perhaps(self, centre: Centre) -> None:
        """Mutant: the near edge of a review box taken for the change."""
        answer = near(centre, Question("land-borders", "BRA", within_km=16))
        assert len(answer.found) == 11
        assert not any(answer.sure(one) for one in answer.found)
        wider = near(centre, Question("land-borders", "BRA", within_km=18))
        assert all(wider.sure(one) for one in wider.found)

    def test_as_of_a_day_what_came_later_is_not_seen(self, centre: Centre) -> None:
        days = {
            one.day
            for one in near(centre, Question("land-borders", as_of=TODAY - 15, since=TODAY - 18)).found
        }
        assert days == {TODAY - day for day in (15, 16, 17, 18)}

    def test_fires_and_strips_are_there(self, centre: Centre) -> None:
        event = {"status": "open", "hot_spots": 3, "passes": 2, "sources": ["firms"], "parents": []}
        when = {"first_instant": "", "last_instant": "", "first_day": TODAY - 2, "last_day": TODAY}
        add(centre, "fire_events", [{"id": "f", "geometry": square(-70.2, -12), **event, **when}])
        strip = {"source": "press", "external_id": "1", "state": "found", "content": "", "details": {}}
        add(centre, "airstrips", [{"id": "s", "geometry": Point(-70.2, -12), **strip}])
        kinds = [one.kind for one in near(centre, Question("land-borders", "BR", within_km=8)).found]
        assert sorted(kinds) == ["airstrip", "fire"]

    @pytest.mark.parametrize(
        ("question", "said"),
        [
            (Question("nowhere"), "expected one of the layers"),
            (Question("reserves"), "is missing"),
            (Question("land-borders", "XX"), "has no unit 'XX'"),
            (Question("land-borders", within_km=0), "--within-km"),
        ],
    )
    def test_what_cannot_be_asked(self, centre: Centre, question: Question, said: str) -> None:
        with pytest.raises(InputError, match=said):
            near(centre, question)

    def test_on_paper(self, centre: Centre, command: Command) -> None:
        centre.store.close()
        words = ("near", "--layer", "land-borders", "--code", "BR", "--within-km", "16", "-c", centre.root)
        status, said = command(*words, "--language", "es")
        assert (status, "quizás" in said) == (0, True)


def test_an_alert_on_the_map_is_where_the_facts_say(centre: Centre) -> None:
    """Shares add up to the part of the alert that the units cover; kills a geometry of another row."""
    describe(centre.store)
    for row in centre.store.select("alerts"):
        facts = centre.store.select(
            "facts", {"alert_id": row["id"], "layer": "buffers", "relation": "inside"}
        )
        share = shapely.intersection(row["geometry"], UNITS[0]["geometry"]).area / row["geometry"].area
        assert sum(fact["share"] for fact in facts) == pytest.approx(share, abs=1e-3)
