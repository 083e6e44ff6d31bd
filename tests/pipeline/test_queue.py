"""`dosel triage`: candidates from the store, as of a day, in a unit, within what the desk can do."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest
from tests.pipeline.conftest import Command
from tests.pipeline.desk_rows import TODAY, add, alert, fact, fire, layer, new_centre, unit

from dosel.cases.priority import Candidate
from dosel.cases.triage import Reason
from dosel.config import parse_settings
from dosel.context.driver.causes import Cause
from dosel.errors import InputError, InputMistakesError
from dosel.messages import LANGUAGES, say
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.marking import Marking
from dosel.pipeline.centre import Centre
from dosel.pipeline.work.candidates import candidates_of, gather, live_alerts
from dosel.pipeline.work.queue import weights_of, work_list

LAYERS = [
    layer("departments", "department"),
    layer("districts", "district"),
    layer("parks", "protected"),
    layer("buffers", "buffer", completeness="partial"),
    layer("lands", "indigenous"),
    layer("rivers", "river", measures=["distance"]),
    layer("places", "settlement", measures=["distance"]),
]
SIX = "2024-12-30"


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A centre with layers and units, and no alert."""
    made = new_centre(tmp_path / "centre")
    add(made, "layers", LAYERS)
    add(
        made,
        "layer_units",
        [unit("departments", 0, None, "17", "MADRE DE DIOS"), unit("districts", 0, None, "250401", "PURUS")],
    )
    return made


def described(centre: Centre, one: str, district: str = "170102", **values: object) -> None:
    """Add an alert with facts."""
    add(centre, "alerts", [alert(one, **values)])
    add(
        centre,
        "facts",
        [
            fact(one, "departments", code="17", name="MADRE DE DIOS", share=1.0),
            fact(one, "districts", code=district, name=district, share=0.7),
            fact(one, "districts", number=1, code="999999", share=0.3),
            fact(one, "parks", "none", -1),
            fact(one, "buffers", "not-evaluated", -1),
            fact(one, "lands", number=3, share=0.25),
            fact(one, "lands", number=4, share=0.5, in_force=1),
            fact(one, "lands", number=5, share=0.9, in_force=0),
            fact(one, "rivers", "none", -1),
            fact(one, "places", "nearest", distance_m=2_500.0),
        ],
    )


def only(centre: Centre, one: str, last: int = TODAY) -> Candidate:
    """The candidate of an alert."""
    alerts, _ = live_alerts(centre.store, last - 30, last)
    found = candidates_of(
        centre, alerts, gather(centre, alerts, last), weights_of(centre.settings).themes, last
    )
    return next(candidate for candidate in found if candidate.id == one)


def test_a_candidate_from_its_rows(centre: Centre) -> None:
    """Mutants: shares added up; a unit not in force counted; none in reach read as not evaluated, or 0 m."""
    described(centre, "a1")
    one = only(centre, "a1")
    assert (one.area, one.tenure, one.boxed, one.age_days) == ("170102", "indigenous", True, 1.0)
    assert one.legal == {"protected": 0.0, "indigenous": 0.5}
    titles = ("concession-conservation", "concession-timber", "mining-corridor", "mining-right")
    assert one.legal_unknown == dict.fromkeys(("buffer", *titles), 1.0)
    assert (one.settlement_sure, one.river_sure) == (True, True)
    assert (one.settlement_m, one.river_m) == (2_500.0, inf)
    assert (one.certainty, one.area_ha) == (0.5, 5.0)
    assert (one.grown_ha, one.activities) == (None, None)


def test_what_a_layer_leaves_open_stays_open(centre: Centre) -> None:
    """Mutants: the covered part taken for the whole; the nearest known river taken for the nearest."""
    add(centre, "layers", [layer("streams", "river", measures=["distance"])])
    add(centre, "alerts", [alert("a1")])
    add(
        centre,
        "facts",
        [
            fact("a1", "parks", "none", -1, share=0.75),
            fact("a1", "parks", "not-evaluated", -1, share=0.25),
            fact("a1", "buffers", share=0.4),
            fact("a1", "buffers", "not-evaluated", -1, share=0.6),
            fact("a1", "rivers", "nearest", distance_m=900.0),
            fact("a1", "rivers", "not-evaluated", -1, distance_m=899.0),
            fact("a1", "places", "nearest", distance_m=900.0),
            fact("a1", "places", "not-evaluated", -1, distance_m=900.0),
        ],
    )
    one = only(centre, "a1")
    assert one.legal == {"protected": 0.0, "buffer": 0.4}
    assert (one.legal_unknown["protected"], one.legal_unknown["buffer"]) == (0.25, 0.6)
    assert (one.river_m, one.river_sure) == (900.0, False)
    assert (one.settlement_m, one.settlement_sure) == (900.0, True)
    assert one.tenure == "buffer"


def test_nothing_measured_is_nothing_known(centre: Centre) -> None:
    """Mutants: an alert without facts left out, or taken for free land."""
    add(centre, "alerts", [alert("bare")])
    one = only(centre, "bare")
    assert (one.area, one.tenure, one.legal, one.settlement_m) == ("", "not-evaluated", {}, None)
    assert work_list(centre, as_of=SIX).undescribed == 1


def test_what_came_after_the_day_is_not_seen(centre: Centre) -> None:
    """Mutants: < for <=; the newest alerts of the store; a member of the incident from the future."""
    for number, day in enumerate((TODAY - 7, TODAY - 6, TODAY, TODAY + 1)):
        described(centre, f"a{number}", window_end=day)
    described(centre, "grew", window_end=TODAY + 1, last_growth=TODAY)
    add(
        centre,
        "incidents",
        [
            {
                "id": "i",
                "status": "candidate",
                "first_day": 0,
                "last_day": 0,
                "members": 2,
                "sources": ["mapbiomas"],
                "content": "",
            }
        ],
    )
    add(
        centre,
        "incident_members",
        [{"incident_id": "i", "kind": "alert", "member_id": f"a{n}", "why": ""} for n in (2, 3)],
    )
    work = work_list(centre, as_of=SIX).work
    assert {one.candidate.id for one in work.reviews} == {"a1", "a2"}
    two = only(centre, "a2")
    assert (two.incident, two.grown_ha) == ("i", None)


def test_a_feed_that_came_after_the_day_makes_nothing_more_certain(centre: Centre) -> None:
    """Mutants: the feeds of the whole incident counted, those of tomorrow too; a fire of tomorrow counted."""
    described(centre, "a1", window_end=TODAY)
    described(centre, "b1", window_end=TODAY + 1, source="deter")
    whole = {"status": "candidate", "first_day": 0, "last_day": 0, "members": 4, "content": ""}
    feeds = ["deter", "firms", "mapbiomas"]
    add(centre, "incidents", [{"id": "i", "sources": feeds, **whole}])
    members = [("alert", "a1"), ("alert", "b1"), ("fire", "f1"), ("fire", "f2")]
    rows = [{"incident_id": "i", "kind": k, "member_id": m, "why": ""} for k, m in members]
    add(centre, "incident_members", rows)
    add(centre, "fire_events", [fire("f1", TODAY + 1, "firms"), fire("f2", TODAY + 2, "firms")])
    assert (only(centre, "a1").certainty, only(centre, "a1").activities) == (0.5, 0)
    later = only(centre, "a1", TODAY + 1)
    assert (later.certainty, later.activities) == (0.875, 1)


def test_growth_and_convergence_come_from_the_incident(centre: Centre) -> None:
    """Mutants: two feeds about one clearing counted as growth; its own cause counted as another activity."""
    described(centre, "a1", window_end=TODAY - 20, area_ha=4.0)
    described(centre, "a2", window_end=TODAY, area_ha=6.0)
    described(centre, "b1", window_end=TODAY - 3, area_ha=9.0, source="deter")
    add(
        centre,
        "incidents",
        [
            {
                "id": "i",
                "status": "candidate",
                "first_day": 0,
                "last_day": 0,
                "members": 4,
                "sources": ["deter", "mapbiomas"],
                "content": "",
            }
        ],
    )
    members = [("alert", "a1"), ("alert", "a2"), ("alert", "b1"), ("fire", "f1")]
    add(
        centre,
        "incident_members",
        [{"incident_id": "i", "kind": k, "member_id": m, "why": ""} for k, m in members],
    )
    add(centre, "fire_events", [fire("f1", TODAY - 3, "deter")])
    causes = {"a1": Cause.MINING, "a2": Cause.MINING, "b1": Cause.ROAD}
    add(
        centre,
        "drivers",
        [
            {
                "alert_id": one,
                "cause": int(cause),
                "probability": 0.9,
                "probabilities": {},
                "reasons": [],
                "method": "",
                "proof": "R",
            }
            for one, cause in causes.items()
        ],
    )
    one = only(centre, "a2")
    assert (one.grown_ha, one.grown_days) == (6.0, 20.0)
    assert one.activities == 2
    assert one.certainty == 0.75
    work = work_list(centre, as_of=SIX, days=30).work
    assert len(work.reviews) == 1
    assert {left.reason for left in work.left_out.values()} == {Reason.SAME_INCIDENT}


def test_our_own_alert_brings_its_evidence_and_its_growth(centre: Centre) -> None:
    """Mutants: our evidence without a threshold passed off as certainty; confirmed less than certain."""
    own = {
        "source": "",
        "extent": "outline",
        "evidence": 9.0,
        "updated": TODAY,
        "area_ha": 5.0,
        "last_growth": TODAY,
    }
    described(centre, "own", status=int(AlertStatus.CONFIRMED), **own)
    described(centre, "faint", status=int(AlertStatus.PROVISIONAL), **own)
    described(centre, "gone", status=int(AlertStatus.WITHDRAWN), **own)
    events = [
        {
            "alert_id": "own",
            "event": int(AlertEvent.NEW),
            "day": TODAY - 10,
            "look_id": "l",
            "step": 1,
            "detail": {"area_ha": 2.0},
        }
    ]
    add(centre, "alert_events", events)
    one = only(centre, "own")
    assert (one.certainty, one.grown_ha, one.grown_days) == (1.0, 3.0, 10.0)
    assert only(centre, "faint").certainty is None
    assert "gone" not in {row["id"] for row in live_alerts(centre.store, TODAY - 9, TODAY)[0]}


def test_a_unit_by_name_whatever_its_accents(centre: Centre) -> None:
    """Mutants: every alert whatever the unit; a unit that nobody knows answered with an empty list."""
    described(centre, "a1")
    add(centre, "alerts", [alert("a2")])
    add(centre, "facts", [fact("a2", "districts", code="250401", name="PURUS", share=1.0)])
    assert [one.candidate.id for one in work_list(centre, unit="Madre de Dios", as_of=SIX).work.reviews] == [
        "a1"
    ]
    assert [one.candidate.id for one in work_list(centre, unit="purús", as_of=SIX).work.reviews] == ["a2"]
    assert [one.candidate.id for one in work_list(centre, unit="17", as_of=SIX).work.reviews] == ["a1"]
    with pytest.raises(InputError, match="no current layer has a unit called 'Atlantis'"):
        work_list(centre, unit="Atlantis", as_of=SIX)


def test_sealed_is_counted_only_for_the_whole_centre(centre: Centre) -> None:
    """Mutants: a sealed alert on the desk; a number for a unit so small that it gives the place away."""
    described(centre, "a1")
    described(centre, "secret", marking=int(Marking.SEALED))
    whole, part = work_list(centre, as_of=SIX), work_list(centre, unit="17", as_of=SIX)
    assert (whole.work.sealed, part.work.sealed) == (1, 0)
    for report in (whole, part):
        assert "secret" not in {one.candidate.id for one in report.work.reviews} | set(report.work.left_out)
        assert sum(row.alerts for row in report.rates) == 1


def test_a_verdict_moves_an_alert(centre: Centre) -> None:
    """Mutants: a mission without a person; a rejected alert comes back; reviews not counted by tenure."""
    for one in ("a1", "a2", "a3"):
        described(centre, one)
    verdicts = [("a1", "confirm"), ("a2", "reject")]
    add(
        centre,
        "verdicts",
        [
            {"alert_id": a, "day": TODAY, "person": "Rosa", "verdict": v, "reason": "seen"}
            for a, v in verdicts
        ],
    )
    report = work_list(centre, as_of=SIX)
    assert [one.candidate.id for one in report.work.missions] == ["a1"]
    assert [one.candidate.id for one in report.work.reviews] == ["a3"]
    assert report.work.left_out["a2"].reason is Reason.REJECTED
    (row,) = report.rates
    assert (row.tenure, row.alerts, row.reviewed, row.error_rate) == ("indigenous", 3, 2, 0.5)


def test_the_desk_and_the_weights_stand_in_the_settings(tmp_path: Path) -> None:
    """Mutants: a default in place of a setting; a limit above what the desk can do; a theme nobody knows."""
    made = new_centre(
        tmp_path / "centre",
        "[desk]\nreviews_a_day = 0.5\n[priority]\ncertainty = 7\n[priority.themes]\nbuffer = 0\nroad = 0.1\n",
    )
    for number in range(9):
        described(made, f"a{number}")
    assert len(work_list(made, as_of=SIX).work.reviews) == 3
    assert len(work_list(made, as_of=SIX, limit=2).work.reviews) == 2
    weights = weights_of(made.settings)
    assert (weights.certainty, weights.size) == (7.0, 1.5)
    assert "buffer" not in weights.themes
    assert weights.themes["road"] == 0.1
    wrong = new_centre(tmp_path / "wrong", "[priority.themes]\nmoon = 1\n")
    with pytest.raises(InputError, match=r"priority\.themes: expected some of .* got moon"):
        weights_of(wrong.settings)


def test_every_mistake_of_the_desk_at_once() -> None:
    """Mutants: shares above the whole; all weights 0, which divides by nothing; the first mistake only."""
    text = (
        '[area]\nname = "x"\ncrs = "EPSG:32719"\nresolution_m = 10\nbbox = [0, 0, 1, 1]\n'
        "[monitor]\nstart = 2024-01-01\n"
        "[desk]\nreviews_a_day = -1\nmissions = 1\n"
        "[priority]\nsize = -2\nunknown = 2\nnewness_days = 0\n"
    )
    with pytest.raises(InputMistakesError) as told:
        parse_settings(text)
    assert len(told.value.mistakes) == 5
    base = text.split("[desk]")[0]
    for more, said in (
        ("[desk]\nfair_share = 0.7\naudit_share = 0.4\n", "together must not be above 1"),
        (
            "[priority]\n"
            + "".join(
                f"{t} = 0\n"
                for t in ("certainty", "size", "legal", "people", "convergence", "newness", "prevention")
            ),
            "expected a weight above 0",
        ),
        ("[priority.themes]\nbuffer = 2\n", "expected weights from 0 to 1, got buffer = 2"),
    ):
        with pytest.raises(InputMistakesError, match=said):
            parse_settings(base + more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_says_it_in_every_language(centre: Centre, command: Command, language: str) -> None:
    """Mutants: a term that is not shown; a reason without words; a rate that reads 0 where nobody looked."""
    for number in range(14):
        described(centre, f"a{number:02}", district=f"1701{number:02}", area_ha=float(number))
    toml = centre.root / "dosel.toml"
    toml.write_text(toml.read_text().replace('language = "en"', f'language = "{language}"'))
    centre.store.close()
    code, text = command("triage", "--unit", "madre de dios", "--as-of", SIX, "--centre", centre.root)
    assert code == 0, text
    for key in ("priority.not_evaluated", "triage.not_measured", "triage.why.score", "triage.why.audit"):
        assert say(key, language) in text
    assert text.count(say("priority.term.legal", language)) == 10
    assert say("triage.left", language, count=4) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_where_who_and_on_what_it_rests(
    centre: Centre, command: Command, language: str
) -> None:
    """Mutants: a list of ids and scores alone; no version, no proof letter, no next step."""
    described(centre, "a1")
    status, said = command("triage", "-c", centre.root, "--as-of", SIX, "--language", language)
    assert status == 0
    said = " ".join(said.split())
    assert "5.0 ha, mapbiomas; 170102, MADRE DE DIOS; lat -12.9850, lon -70.0550" in said
    assert f"{say('who.competent', language)}: " in said
    assert "departments v1" in said
    assert say("triage.proof", language, own=say("triage.proof_unknown", language)) in said
    assert "dosel explain a1" in said


def test_a_language_that_is_not_spoken(centre: Centre, command: Command) -> None:
    """Mutant: a traceback."""
    status, said = command("triage", "-c", centre.root, "--language", "qu")
    assert status == 2
    assert "'es', 'pt', 'en'" in said


def test_what_was_not_measured_is_told_in_a_unit_too(centre: Centre) -> None:
    """Mutant: alerts without facts lie in no unit, and the list of a unit is empty in silence."""
    add(centre, "alerts", [alert("a1")])
    assert work_list(centre, unit="17", as_of=SIX).undescribed == 1


def test_a_stock_of_a_year_is_no_news_of_the_week(centre: Centre) -> None:
    """Mutants: a year's detections, dated to its last day, flood the week; dropped in silence; ours too."""
    described(centre, "year", window_start=TODAY - 366, window_end=TODAY)
    described(centre, "month", window_start=TODAY - 30, window_end=TODAY)
    described(centre, "own", source="", window_start=TODAY - 366, window_end=TODAY)
    week, year = work_list(centre, as_of=SIX).work, work_list(centre, as_of=SIX, days=366).work
    assert {one.candidate.id for one in week.reviews} == {"month", "own"}
    assert week.left_out["year"].reason is Reason.STOCK
    assert {one.candidate.id for one in year.reviews} == {"year", "month", "own"}
