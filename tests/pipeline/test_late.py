"""Late looks: whatever the order of arrival, the centre ends as if all had been there from the start."""

import json
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from tests.pipeline.frontier import mark, run

from dosel.config import SETTINGS_FILE
from dosel.model.codes import AlertEvent, AlertStatus, LookStatus, Refusal
from dosel.model.time import day_of, iso_day
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import centre_status
from dosel.pipeline.spine.checkpoints import files_kept
from dosel.pipeline.spine.planned import plan_watch
from dosel.pipeline.spine.watch import watch

KEEPS_ALL = {"late_days": 90, "checkpoint_days": 7}


class Killed(BaseException):
    """What a power cut is to the program: nothing catches it."""


class KilledAt:
    """A listener that ends the run after so many looks of the update; 0 is before the first."""

    def __init__(self, steps):
        self.steps, self.stage = steps, ""

    def start(self, stage, total):
        self.stage = stage
        self.advance(0)

    def advance(self, steps=1):
        if self.stage == "update":
            self.steps -= steps
            if self.steps == 0:
                raise Killed


def names(frontier, *hidden):
    return [name for at, (_, name) in enumerate(frontier.ids) if at not in hidden]


def looks(place, **where):
    with open_centre(place) as centre:
        return centre.store.select("looks", where)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_arrival_ends_the_same(frontier, in_order, tmp_path, seed):
    """Mutants: a late look appended; the checkpoint after it taken; a look lost or folded twice."""
    place = frontier.copy(tmp_path / "centre", **KEEPS_ALL)
    shuffled = np.random.default_rng(seed).permutation(names(frontier)).tolist()
    again = 0
    for shown in (len(shuffled) // 2, len(shuffled) * 4 // 5, len(shuffled)):
        frontier.show(place, shuffled[:shown])
        summary = run(place)
        assert summary.used - summary.again == len(looks(place, status=int(LookStatus.USED))) - again
        again = len(looks(place, status=int(LookStatus.USED)))
    assert summary.again > 0
    assert mark(place) == in_order[1]


@pytest.mark.parametrize("steps", [0, 3])
def test_killed_between_rewind_and_replay_nothing_is_lost(frontier, in_order, tmp_path, steps):
    """The first look is last, then every source dies. Mutants: looks set back are sought there, or lost."""
    place = frontier.copy(tmp_path / "centre", **KEEPS_ALL)
    frontier.show(place, names(frontier, 0))
    assert run(place).again == 0
    frontier.show(place, names(frontier))
    with pytest.raises(Killed), open_centre(place) as centre:
        watch(centre, progress=KilledAt(steps))
    waiting = looks(place, status=int(LookStatus.SET_BACK))
    assert len(waiting) == len(frontier.ids) - max(steps, 1)
    with open_centre(place) as centre:
        status = centre_status(centre)
        assert (status.waiting, len(status.not_ended)) == (len(waiting), 1)
        assert plan_watch(centre).again == len(waiting)
    for raster in (place / "scenes").glob("*/*/*.tif"):
        raster.unlink()
    frontier.show(place, names(frontier)[:1])
    settings = (place / SETTINGS_FILE).read_text("utf-8")
    radar_gone = settings.replace("scenes/catalog.json", "gone/catalog.json", 1)  # the late look is optical
    (place / SETTINGS_FILE).write_text(radar_gone, "utf-8")
    assert len(run(place).failed) == 1
    assert mark(place) == in_order[1]
    assert not looks(place, status=int(LookStatus.SET_BACK))
    with open_centre(place) as centre:
        assert centre_status(centre).not_ended == ()


def test_alerts_that_do_not_come_back_are_superseded(frontier, in_order, tmp_path):
    """Mutants: their rows vanish; they stay open; the event is not told, or told twice."""
    place = frontier.copy(tmp_path / "centre", **KEEPS_ALL)
    frontier.show(place, names(frontier)[1::2])
    assert run(place).events["NEW"] > 0
    frontier.show(place, names(frontier))
    summary = run(place)
    with open_centre(place) as centre:
        gone = centre.store.select("alerts", {"superseded": 1})
        events = centre.store.select("alert_events", {"event": int(AlertEvent.SUPERSEDED)})
    assert {row["status"] for row in gone} == {AlertStatus.WITHDRAWN}
    assert sorted(row["id"] for row in gone) == sorted(row["alert_id"] for row in events)
    assert summary.events["SUPERSEDED"] == len(gone) > 0
    assert mark(place) == in_order[1]


def test_what_is_too_late_is_refused_and_listed_and_costs_nothing(frontier, tmp_path):
    """Mutants: a look beyond the limit rewinds; it is not listed; checkpoints are kept for good."""
    place = frontier.copy(tmp_path / "centre", late_days=15, checkpoint_days=7)
    days = {row["id"]: row["day"] for row in looks(place)}
    frontier.show(place, names(frontier, 0))
    run(place)
    with open_centre(place) as centre:
        points = centre.store.select("checkpoints", columns=["step", "day", "tiles"])
        newest = max(row["day"] for row in centre.store.select("looks", {"status": 1}))
        within = [row for row in points if row["day"] >= newest - 15]
        named = {row["file"] for row in centre.store.select("tiles")} | files_kept(centre.store)
    assert len(points) == len(within) + 1 >= 3
    assert all(b["day"] - a["day"] >= 7 for a, b in pairwise(points))
    assert {p.relative_to(place).as_posix() for p in (place / "state").glob("*/*")} == named
    before = mark(place)
    frontier.show(place, names(frontier))
    summary = run(place)
    assert (summary.used, summary.again) == (0, 0)
    assert [one.refusal for one in summary.refused] == [Refusal.TOO_LATE]
    assert [row["refusal"] for row in looks(place) if row["id"] not in days and row["status"] == 2] == [9]
    assert mark(place) == before


def test_a_late_look_within_the_limit_goes_back_no_further_than_needed(frontier, tmp_path):
    """Mutants: back to the oldest checkpoint, or to one that holds what comes after; a limit off by a day."""
    place = frontier.copy(tmp_path / "centre", late_days=15, checkpoint_days=7)
    late = len(frontier.ids) - 4
    when = frontier.ids[late][0][:10]
    frontier.show(place, names(frontier, late))
    run(place)
    frontier.show(place, names(frontier))
    used = looks(place, status=int(LookStatus.USED))
    with open_centre(place) as centre:
        before = [row["step"] for row in centre.store.select("checkpoints") if iso_day(row["day"]) < when]
    assert len(before) > 1
    distance = max(row["day"] for row in used) - day_of(when)
    settings = (place / SETTINGS_FILE).read_text("utf-8")
    for days, taken in ((distance - 1, False), (distance, True)):
        text = settings.replace("late_days = 15", f"late_days = {days}")
        (place / SETTINGS_FILE).write_text(text, "utf-8")
        with open_centre(place) as centre:
            plan = plan_watch(centre)
        assert (len(plan.looks), len(plan.refused)) == (taken, not taken)
    summary = run(place)
    assert plan.again == summary.again == sum(row["step"] > before[-1] for row in used)
    assert summary.used == summary.again + 1


def test_a_late_look_that_cannot_be_read_costs_no_rewind(frontier, tmp_path):
    """Mutant: the fold goes back first and asks for the raster then."""
    place = frontier.copy(tmp_path / "centre", **KEEPS_ALL)
    frontier.show(place, names(frontier, 5))
    run(place)
    before = mark(place)
    for raster in (place / "scenes").glob(f"*/{frontier.ids[5][1]}/*.tif"):
        raster.write_bytes(b"no raster")
    frontier.show(place, names(frontier))
    summary = run(place)
    assert summary.again == 0
    assert len(summary.refused) == 1
    assert mark(place) == before


def test_another_processing_of_a_folded_datatake_is_refused_once(in_order, frontier, tmp_path):
    """Mutants: it is folded as well; the look is folded again from it; nobody hears of it."""
    place = frontier.copy_of(in_order[0], tmp_path / "centre")
    name = frontier.ids[4][1]
    (item,) = (place / "scenes").glob(f"*/*/{name}.json")
    again = item.parent / "again.json"
    again.write_text(item.read_text("utf-8").replace(f'"{name}"', '"again"'), "utf-8")
    whole = item.parents[1] / "collection.json"
    link = f"./{name}/{name}.json"
    data = json.loads(whole.read_text("utf-8"))
    data["links"] += [{**one, "href": f"./{name}/again.json"} for one in data["links"] if one["href"] == link]
    whole.write_text(json.dumps(data), "utf-8")
    summary = run(place)
    assert [(one.id, one.refusal) for one in summary.refused] == [("again", Refusal.REPEATED)]
    assert summary.used == 0
    assert run(place).refused == []
    with open_centre(place) as centre:
        assert Refusal.REPEATED in {one.refusal for one in centre_status(centre).refused}
    assert mark(place) == in_order[1]


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(100, 120))
def test_any_order_of_arrival_and_any_kill_end_the_same(frontier, in_order, tmp_path, seed):
    """Looks come in four lots, at random; three runs a lot are killed after a random number of looks."""
    place = frontier.copy(tmp_path / "centre", **KEEPS_ALL)
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(names(frontier)).tolist()
    for part in np.array_split(np.arange(len(shuffled)), 4):
        frontier.show(place, shuffled[: part[-1] + 1])
        for steps in rng.integers(0, 12, 3).tolist():
            with suppress(Killed), open_centre(place) as centre:
                watch(centre, progress=KilledAt(steps))
    run(place)
    assert mark(place) == in_order[1]
