"""Verdicts: a person's judgement is a step of the fold, with a place of its own."""

import pytest
from tests.pipeline.frontier import mark, run
from typer.testing import CliRunner

from dosel.cli import app
from dosel.errors import InputError
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.time import iso_day
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, centre_status, judge, list_alerts

KEEPS_ALL = {"late_days": 90, "checkpoint_days": 7}


@pytest.fixture(scope="module")
def half_way(frontier, tmp_path_factory):
    """A centre that has folded two thirds of the looks and holds open alerts; the day it stands at."""
    place = frontier.copy(tmp_path_factory.mktemp("half-way") / "centre", **KEEPS_ALL)
    day = frontier.start + 40
    run(place, iso_day(day))
    return place, day


@pytest.fixture
def judged(half_way, frontier, tmp_path):
    """A copy of it in which the oldest open alert was rejected, and that alert."""
    place = tmp_path / "judged"
    frontier.copy_of(half_way[0], place)
    with open_centre(place) as centre:
        alert = min(
            list_alerts(centre, AlertFilter.parse(status="provisional,confirmed")),
            key=lambda r: r["window_end"],
        )
        judge(centre, alert["id"], reason="a landslide", by="Ana")
    return place, alert


def verdicts(place):
    with open_centre(place) as centre:
        return centre.store.select("verdicts")


def told(place, alert_id):
    with open_centre(place) as centre:
        rows = centre.store.select("alert_events", {"alert_id": alert_id})
    return [AlertEvent(row["event"]).name for row in rows]


def test_a_verdict_withdraws_the_alert_once_and_arms_its_pixels(judged, half_way):
    """Mutants: only the row is changed; the verdict is applied at every run; the state is not written."""
    place, alert = judged
    assert run(place, iso_day(half_way[1])).events["WITHDRAWN"] == 1
    with open_centre(place) as centre:
        (row,) = centre.store.select("alerts", {"id": alert["id"]})
        assert row["status"] == AlertStatus.WITHDRAWN
        assert row["reason"] == "verdict of Ana: a landslide"
        states = [load_state(place / one["file"])[0] for one in centre.store.select("tiles")]
        left = sum(int((state.crossed > 0).sum()) for state in states)
        standing = list_alerts(centre, AlertFilter.parse(status="provisional,confirmed"))
    with open_centre(half_way[0]) as centre:
        states = [load_state(half_way[0] / one["file"])[0] for one in centre.store.select("tiles")]
        before = sum(int((state.crossed > 0).sum()) for state in states)
    assert before - left == alert["pixels"]
    assert alert["id"] not in {one["id"] for one in standing}
    after = mark(place)
    assert run(place, iso_day(half_way[1])).events["WITHDRAWN"] == 0
    assert mark(place) == after
    assert told(place, alert["id"]).count("WITHDRAWN") == 1


def test_replay_applies_a_verdict_in_its_place(judged, frontier, tmp_path):
    """A run that had looks and verdict from the start. Mutants: applied at the end, or before its day."""
    place, _ = judged
    run(place)
    other = frontier.copy(tmp_path / "other", **KEEPS_ALL)
    with open_centre(other) as centre, centre.store.transaction():
        centre.store.insert("verdicts", verdicts(place))
    summary = run(other)
    assert summary.events["WITHDRAWN"] >= 1
    assert mark(other) == mark(place)


@pytest.mark.parametrize("late", [0, 9])
def test_a_late_look_and_a_verdict(half_way, frontier, tmp_path, late):
    """The verdict stays where it was given; when its alert does not come back it is kept and listed."""
    place = frontier.copy(tmp_path / "late", **KEEPS_ALL)
    frontier.show(place, [name for at, (_, name) in enumerate(frontier.ids) if at != late])
    run(place, iso_day(half_way[1]))
    with open_centre(place) as centre:
        for alert in list_alerts(centre, AlertFilter.parse(status="provisional,confirmed")):
            judge(centre, alert["id"], reason="no", by="Ana")
    run(place, iso_day(half_way[1]))
    frontier.show(place, [name for _, name in frontier.ids])
    assert run(place).again > 0
    other = frontier.copy(tmp_path / "other", **KEEPS_ALL)
    with open_centre(other) as centre, centre.store.transaction():
        centre.store.insert("verdicts", verdicts(place))
    run(other)
    assert mark(other) == mark(place)
    with open_centre(place) as centre:
        idle = {row["alert_id"] for row in centre_status(centre).idle}
        by_person = [
            row for row in centre.store.select("alerts", {"superseded": 0}) if "Ana" in row["reason"]
        ]
        gone = {row["id"] for row in centre.store.select("alerts", {"superseded": 1})}
    assert len(idle) + len(by_person) == len(verdicts(place)) > 0
    assert idle <= gone


def test_a_look_of_the_verdict_s_own_day_goes_before_it(frontier, tmp_path):
    """Mutants: the look is appended after the verdict; the verdict counts for nothing in the order."""
    day = frontier.start + 52  # two looks; the later one comes after the verdict
    of_day = [name for when, name in frontier.ids if when[:10] == iso_day(day)]
    assert len(of_day) == 2
    place = frontier.copy(tmp_path / "centre", **KEEPS_ALL)
    frontier.show(place, [name for _, name in frontier.ids if name != of_day[1]])
    run(place, iso_day(day))
    with open_centre(place) as centre:
        for alert in list_alerts(centre, AlertFilter.parse(status="provisional,confirmed")):
            judge(centre, alert["id"], reason="no", by="Ana")
    assert run(place, iso_day(day)).events["WITHDRAWN"] == len(verdicts(place)) > 0
    frontier.show(place, [name for _, name in frontier.ids])
    run(place)
    other = frontier.copy(tmp_path / "other", **KEEPS_ALL)
    with open_centre(other) as centre, centre.store.transaction():
        centre.store.insert("verdicts", verdicts(place))
    run(other)
    assert mark(other) == mark(place)


def test_what_is_no_verdict_is_refused(half_way, frontier, tmp_path):
    """Mutants: nobody judges; a closed alert is judged; an alert is judged twice."""
    place = frontier.copy_of(half_way[0], tmp_path / "wrong")
    with open_centre(place) as centre:
        (alert, *_) = list_alerts(centre, AlertFilter.parse(status="provisional,confirmed"))
        with pytest.raises(InputError, match="--by"):
            judge(centre, alert["id"], reason="no", by=" ")
        with pytest.raises(InputError, match="--reject"):
            judge(centre, alert["id"], reason="", by="Ana")
        with pytest.raises(InputError, match="no such alert"):
            judge(centre, "alert-0", reason="no", by="Ana")
        judge(centre, alert["id"], reason="no", by="Ana", dry_run=True)
        assert centre.store.select("verdicts") == []
        judge(centre, alert["id"], reason="no", by="Ana")
        with pytest.raises(InputError, match="already"):
            judge(centre, alert["id"], reason="no", by="Eva")
    run(place, iso_day(half_way[1]))
    with open_centre(place) as centre, pytest.raises(InputError, match="only open alerts"):
        judge(centre, alert["id"], reason="no", by="Eva")


def test_the_command_says_what_it_recorded(half_way, frontier, tmp_path):
    """Mutant: the dry run records."""
    place = frontier.copy_of(half_way[0], tmp_path / "command")
    with open_centre(place) as centre:
        (alert, *_) = list_alerts(centre, AlertFilter.parse(status="provisional,confirmed"))
    words = ["verdict", alert["id"], "--reject", "shadow", "--by", "Ana", "--centre", str(place)]
    planned = CliRunner().invoke(app, [*words, "--dry-run"])
    assert planned.exit_code == 0
    assert "would reject" in planned.output
    assert verdicts(place) == []
    done = CliRunner().invoke(app, words)
    assert "Ana rejects" in done.output
    assert verdicts(place)[0]["reason"] == "shadow"
    assert told(place, alert["id"])[-1] == "JUDGED"
