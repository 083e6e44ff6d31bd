"""`dosel who`: a rulebook of the centre, facts of the store, a point somebody asks about."""

from __future__ import annotations

from pathlib import Path

import pytest
from shapely import LineString, Point, box
from tests.pipeline.conftest import Command
from tests.pipeline.desk_rows import TODAY, add, alert, fact, layer, new_centre, unit

from dosel.context.driver.causes import Cause
from dosel.context.jurisdiction.rules import Activity
from dosel.errors import InputError, InputMistakesError
from dosel.messages import LANGUAGES, say
from dosel.model.marking import Marking
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.jurisdiction import who_alert, who_at
from dosel.pipeline.meaning.places import facts_at
from dosel.pipeline.reference.layer_add import add_layers, ready_definitions

LAYERS = [
    layer("departments", "department"),
    layer("districts", "district"),
    layer("parks", "protected", definition={"until": {}}),
    layer("buffers", "buffer", completeness="partial"),
    layer("reserves", "isolation", completeness="missing"),
    layer("rivers", "river", measures=["distance"], shape="line", reach_m=5_000.0),
    layer("places", "settlement", measures=["distance"], shape="point", reach_m=20_000.0),
]
UNITS = [
    unit("departments", 0, box(-72, -14, -68, -10), "17", "MADRE DE DIOS"),
    unit("districts", 0, box(-72, -14, -69, -10), "170102", "INAMBARI"),
    unit("parks", 0, box(-70.5, -13.5, -70.2, -13.2), "RN09", "Tambopata", category="Reserva Nacional"),
    unit("parks", 1, box(-71, -13, -70.9, -12.9), "X", "Gone", category="Reserva Nacional", to_day=TODAY - 1),
    unit("buffers", 0, box(-70.2, -13.1, -70.0, -12.9), "RN09", "Tambopata"),
    unit("rivers", 0, LineString([(-70.10, -13.0), (-70.0, -13.0)]), "", "Malinowski"),
    unit("places", 0, Point(-70.05, -12.95), "1701020001", "La Pampa"),
]


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A centre with a few layers, one alert and its facts."""
    made = new_centre(tmp_path / "centre")
    add(made, "layers", LAYERS)
    add(made, "layer_units", UNITS)
    add(made, "alerts", [alert("a1"), alert("secret", marking=int(Marking.SEALED)), alert("bare")])
    add(
        made,
        "facts",
        [
            fact("a1", "departments", code="17", share=1.0),
            fact("a1", "districts", code="170102", share=1.0),
            fact("a1", "buffers", code="RN09", share=0.4),
            fact("a1", "parks", "none", -1),
            fact("a1", "reserves", "not-evaluated", -1),
            fact("a1", "rivers", "nearest", distance_m=300.0),
            fact("a1", "places", "nearest", distance_m=4_000.0),
            fact("secret", "departments", code="17", share=1.0),
        ],
    )
    return made


def drive(centre: Centre, cause: Cause, probability: float | None) -> None:
    """Give the alert a cause."""
    row = {"alert_id": "a1", "cause": int(cause), "probability": probability}
    more = {"probabilities": {}, "reasons": [], "method": "", "proof": "R"}
    with centre.store.transaction():
        centre.store.upsert("drivers", [row | more])


@pytest.mark.parametrize(
    ("cause", "probability", "known"),
    [
        (Cause.MINING, 0.5, Activity.MINING),
        (Cause.DREDGING, 0.9, Activity.MINING),
        (Cause.MINING, 0.49, None),
        (Cause.MINING, None, None),
        (Cause.MEANDER, 0.99, None),
    ],
)
def test_a_cause_counts_from_one_half_on(
    centre: Centre, cause: Cause, probability: float | None, known: Activity | None
) -> None:
    """Mutants: < for <=; the most probable cause taken for certain; a river called an activity."""
    drive(centre, cause, probability)
    answer = who_alert(centre, "a1").answer
    assert answer.cause is known
    assert ("mineria-interdiccion" in answer.competent().get("fema", ())) is (known is not None)


def test_what_is_asked_stands_above_what_was_found(centre: Centre) -> None:
    """Mutants: --cause ignored; --on ignored."""
    drive(centre, Cause.FIRE, 0.9)
    answer = who_alert(centre, "a1", cause="mining", on="2023-04-07").answer
    assert (answer.cause, answer.day) == (Activity.MINING, day_of("2023-04-07"))
    assert "emergencia-policia" in answer.competent()["pnp"]


def test_the_day_of_the_alert_is_the_day_of_the_law(centre: Centre) -> None:
    """Mutant: today."""
    assert who_alert(centre, "a1").answer.day == TODAY - 1


def test_sealed_is_told_as_no_such_alert(centre: Centre) -> None:
    """Mutant: another sentence, from which somebody learns that there is one."""
    told = []
    for one in ("secret", "ghost"):
        with pytest.raises(InputError) as error:
            who_alert(centre, one)
        told.append(str(error.value).replace(one, "X"))
    assert told[0] == told[1]


def test_nothing_measured_is_no_answer(centre: Centre) -> None:
    """Mutant: an empty answer for an alert that nobody described."""
    with pytest.raises(InputError, match="dosel describe"):
        who_alert(centre, "bare")


def test_a_point_is_asked_of_every_layer(centre: Centre) -> None:
    """Mutants: a partial or missing layer that answers no; the share of a unit that was no more in force."""
    found = {one.layer: one for one in facts_at(centre.store, -70.05, -12.98, TODAY)}
    relations = {name: one.relation.value for name, one in found.items()}
    assert relations == {
        "departments": "inside",
        "districts": "inside",
        "parks": "none",
        "buffers": "inside",
        "reserves": "not-evaluated",
        "rivers": "nearest",
        "places": "nearest",
    }
    outside = {one.layer: one for one in facts_at(centre.store, -71.5, -12.0, TODAY)}
    assert outside["buffers"].relation == "not-evaluated"
    assert outside["rivers"].relation == "none"
    for day, in_force in ((TODAY - 1, True), (TODAY, False)):
        (gone,) = [f for f in facts_at(centre.store, -70.95, -12.95, day) if f.layer == "parks"]
        assert (gone.code, gone.in_force) == ("X", in_force)


def test_the_answer_at_a_point(centre: Centre) -> None:
    """Mutants: layers that are not named; people who are not seen."""
    report = who_at(centre, "-70.05,-12.98", on="2024-12-30", cause="mining")
    assert report.layers[0] == "buffers v1"
    assert {"sernanp", "fema", "dremeh"} <= set(report.answer.competent())
    assert "reniec" in report.answer.support()


@pytest.mark.parametrize("at", ["", "1", "-70;-12", "-181,0", "0,91", "nan,0"])
def test_a_point_that_cannot_be_read(centre: Centre, at: str) -> None:
    """Mutant: a guess (lat,lon swapped, NaN taken)."""
    with pytest.raises(InputError, match=r"--at: expected lon,lat"):
        who_at(centre, at)


def test_a_rulebook_of_your_own(tmp_path: Path) -> None:
    """Mutants: the ready file in its place; only its first mistake; a missing file without a word."""
    centre = new_centre(tmp_path / "centre", '[jurisdiction]\nfile = "mine.toml"\n')
    add(centre, "layers", LAYERS)
    add(centre, "layer_units", UNITS)
    with pytest.raises(InputError, match="no such file"):
        who_at(centre, "-70.05,-12.98")
    (centre.root / "mine.toml").write_text('country = "PE"\n[[rule]]\nid = "r"\n')
    with pytest.raises(InputMistakesError, match="confidence: field required"):
        who_at(centre, "-70.05,-12.98")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_says_it_in_every_language(centre: Centre, command: Command, language: str) -> None:
    """Mutants: a sentence that one language lacks; a rule printed without its confidence or id."""
    toml = centre.root / "dosel.toml"
    toml.write_text(toml.read_text().replace('language = "en"', f'language = "{language}"'))
    centre.store.close()
    for words in (
        ("who", "a1"),
        ("who", "--at=-70.05,-12.98", "--on=2024-12-30", "--cause=mining"),
        ("who", "--check"),
    ):
        code, text = command(*words, "--centre", centre.root)
        assert code == 0, text
        if "--check" not in words:
            assert say("who.competent", language) in text
            assert "mineria-corredor" in text
            assert (say("who.boxed", language) in text) is (words[1] == "a1")
            assert say("who.confidence.jurist", language) in text
            assert say("who.kind.support", language) in text
            assert "mdd-2024-05-dudosa" in text
    code, text = command("explain", "a1", "--centre", centre.root)
    assert code == 0, text
    assert say("who.more", language, alert="a1") in text
    assert "RENIEC" in text
    code, text = command("who", "--centre", centre.root)
    assert code == 2
    assert "--at" in text


def test_real_places(tmp_path: Path, shared_data: Path) -> None:
    """La Pampa, a park, and the other side of the border, on the real layers of the region.

    Mutants: the buffer taken for the park; a rule of Peru that answers in Brazil; a layer that is not there
    read as no overlap.
    """
    centre = new_centre(tmp_path / "centre")
    names = ["countries", "departments", "districts", "protected-areas", "buffer-zones"]
    add_layers(centre.store, ready_definitions("peru", names), shared_data / "context")
    asked = {"on": "2024-12-30", "cause": "mining"}
    pampa = who_at(centre, "-70.05,-12.98", **asked).answer
    assert pampa.competent()["sernanp"] == ("amortiguamiento",)
    assert "emergencia-policia" in who_at(centre, "-70.05,-12.98", on="2024-04-15").answer.competent()["pnp"]
    manu = who_at(centre, "-71.6,-11.9", **asked).answer
    assert manu.competent()["sernanp"] == ("anp-nacional",)
    assert (
        "emergencia-policia" not in who_at(centre, "-71.6,-11.9", on="2024-04-15").answer.competent()["pnp"]
    )
    acre = who_at(centre, "-67.8,-9.97", **asked).answer
    assert (acre.in_country, acre.known) == (False, False)
    assert {"mineria-corredor", "piaci", "comunidad-nativa"} <= {r for gap in pampa.gaps for r in gap.hidden}
