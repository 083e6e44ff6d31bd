"""Bases: what began after old looks were removed is computed again from the states that took their place."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.frontier import mark, run
from typer.testing import CliRunner

from dosel.cli import app
from dosel.config import SETTINGS_FILE
from dosel.errors import StoreError
from dosel.model.codes import NODATA, AlertEvent, AlertStatus
from dosel.model.time import day_of, iso_day
from dosel.monitor.checkpoint import load_state, save_state
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import judge
from dosel.pipeline.proof import lent
from dosel.pipeline.proof.recompute import recompute
from dosel.pipeline.proof.refold import Refold
from dosel.pipeline.spine import bases
from dosel.pipeline.spine.bases import NO_ALERTS, starts
from dosel.pipeline.spine.checkpoints import checkpoints
from dosel.pipeline.spine.pinned import known_planes
from dosel.pipeline.spine.retain import retain, standing_tiles
from dosel.stack.archive import look_path
from dosel.testing.tiny import HISTORY, SIDE, START, write_scene, write_tiny

DAYS = tuple(START + timedelta(days=12 * step + 3) for step in range(24))
EARLY, LATE, LAST = DAYS[1], DAYS[14], DAYS[20]
MISSED = DAYS[16]
"""A scene that arrives when two newer ones have been folded."""
KEEP = 24


def picture(day):
    """An early clearing in a corner, a late one over two tiles after a month of clouds, and a last one."""
    values = np.random.default_rng(day.toordinal()).normal(-8.0, 0.5, (SIDE, SIDE))
    values[2:12, 2:12] -= 4.0 * (day >= EARLY)
    values[32:44, 30:46] -= 4.0 * (day >= LATE)
    values[34:44, 4:14] -= 4.0 * (day >= LAST)
    if DAYS[12] <= day < LATE:
        values[30:46, 28:48] = -9999.0
    return values.astype(np.float32)


def write(folder, looks_days=KEEP):
    """Write a centre before its first run, with the scenes of the history."""
    write_tiny(folder, ())
    for day in HISTORY:
        write_scene(folder, day, picture(day))
    lines = f"[retain]\nlooks_days = {looks_days}\n[monitor]\nlate_days = 24\ncheckpoint_days = 12\n"
    path = folder / SETTINGS_FILE
    path.write_text(path.read_text("utf-8").replace("[monitor]\n", lines), "utf-8")
    return folder


def watch_by_night(folder, days=DAYS):
    """Run once for every scene as it comes; yield after each."""
    for number, day in enumerate(days):
        if day != MISSED:
            write_scene(folder, day, picture(day))
        if number >= 2 and days[number - 2] == MISSED:
            write_scene(folder, MISSED, picture(MISSED))
        yield run(folder)


def held(centre, tile):
    """Names of the gridded looks of a tile."""
    return {path.name for path in (centre.root / "looks" / tile.id).glob("*.look")}


def folded(centre, tile):
    """Step of every look that is folded into a tile, by the name of its file."""
    rows = centre.store.select("foldings", {"tile_id": tile.id})
    return {look_path(Path(), "", row["look_id"]).name: row["step"] for row in rows}


def named(centre):
    """Tile and step of every base."""
    rows = centre.store.select("checkpoints", {"alerts": NO_ALERTS})
    return sorted((tile["tile_id"], row["step"]) for row in rows for tile in row["tiles"])


@pytest.fixture(scope="module", autouse=True)
def _past():
    """Let the rows of new alerts reach back no further than these centres keep looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lent, "PAST_DAYS", KEEP)
        yield


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """A centre that was watched by night, and what each night left."""
    place, seen = write(tmp_path_factory.mktemp("bases") / "nights"), []
    for summary in watch_by_night(place):
        with open_centre(place) as centre:
            seen.append(
                {
                    "again": summary.again,
                    "starts": starts(centre.store),
                    "bases": named(centre),
                    "standing": standing_tiles(centre),
                    "held": {tile.id: held(centre, tile) for tile in centre.tiles},
                    "folded": {tile.id: folded(centre, tile) for tile in centre.tiles},
                    "states": sum(1 for _ in (place / "state").glob("*/*")),
                }
            )
    return place, seen


@pytest.fixture
def copy(nights, tmp_path):
    """A centre to be harmed, with its alert of the last clearing and the base below it."""
    shutil.copytree(nights[0], tmp_path / "copy")
    with open_centre(tmp_path / "copy") as centre:
        alert = born_on(centre, LAST)
        (base,) = recompute(centre, alert["id"]).bases
        yield centre, alert, base


def born_on(centre, day):
    """The largest alert that was born within two looks of a clearing."""
    rows = centre.store.select("alerts", {"superseded": 0}, order_by=("-pixels",))
    return next(row for row in rows if 0 <= row["window_end"] - day_of(day) <= 12)


def keys(result):
    return {difference.key for difference in result.differences}


def test_what_begins_after_looks_were_removed_comes_out_the_same(nights):
    """Mutants: the start is the fresh state; all tiles start at one step; a base is folded over again."""
    with open_centre(nights[0]) as centre:
        begun = {day: recompute(centre, born_on(centre, day)["id"]) for day in (EARLY, LATE, LAST)}
    assert all(result.same for result in begun.values()), begun
    steps = {day: {base.step for base in result.bases} for day, result in begun.items()}
    assert steps[EARLY] == set()
    assert 0 < min(steps[LATE]) < min(steps[LAST])
    assert begun[LAST].looks < begun[LATE].looks < begun[EARLY].looks == len(DAYS)


def test_states_and_alerts_do_not_depend_on_what_was_removed(nights, tmp_path):
    """Mutants: rows of a new alert end where looks do; a rewind finds less; a base goes into the state."""
    place = write(tmp_path / "whole", looks_days=4000)
    for day in DAYS:
        write_scene(place, day, picture(day))
    run(place)
    assert sum(night["again"] for night in nights[1]) > 0
    with open_centre(place) as centre:
        assert (starts(centre.store), named(centre)) == ({}, [])
        late = born_on(centre, LATE)
        looks = {row["look_id"] for row in centre.store.select("alert_looks", {"alert_id": late["id"]})}
        assert day_of(LATE) - late["window_start"] > KEEP
        assert len(looks) < len([day for day in DAYS if day_of(day) >= late["window_start"]])
    assert mark(place) == mark(nights[0])


def test_every_look_since_the_start_of_a_tile_is_there_and_no_older_one(nights):
    """Mutants: looks go up to the day, past the base; a tile starts from a base that is dropped, or back."""
    before: dict[str, int] = {}
    for night in nights[1]:
        begun = night["starts"]
        for tile, steps in night["folded"].items():
            start = begun.get(tile, 0)
            there = {name for name in steps if name in night["held"][tile]}
            assert there == {name for name, step in steps.items() if step > start}
            assert start >= before.get(tile, 0)
            assert start in (0, before.get(tile, 0)) or tile not in night["standing"]
        assert set(begun.items()) <= set(night["bases"])
        before = begun
    assert len(set(before.values())) > 2


def test_the_disk_is_bounded(nights):
    """Mutants: bases are kept for good; every checkpoint becomes one; of standing tiles too."""
    tiles = len(nights[1][0]["held"])
    assert max(night["states"] for night in nights[1]) <= 8 * tiles
    for night in nights[1]:
        for tile in night["held"]:
            own = [step for name, step in night["bases"] if name == tile]
            assert len(own) <= 1 + (tile in night["standing"]) + 2
    for tile, start in nights[1][-1]["starts"].items():
        if tile not in nights[1][-1]["standing"]:
            steps = nights[1][-1]["folded"][tile].values()
            assert sum(step > start for step in steps) <= 8


@pytest.mark.parametrize("looks_days", [0, 24])
def test_one_long_run_keeps_no_more_states_than_many(tmp_path, looks_days):
    """Mutant: bases are dropped at the end of a run only, so that a long one fills the disk."""
    place, most = write(tmp_path / "centre", looks_days), []
    for day in DAYS:
        write_scene(place, day, picture(day))
    whole = bases.retire

    def counted(centre, *rest):
        whole(centre, *rest)
        most.append(len({step for _, step in named(centre)}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dosel.pipeline.spine.checkpoints.retire", counted)
        run(place)
    assert 0 < max(most) <= 3
    with open_centre(place) as centre:
        result = recompute(centre, born_on(centre, LAST)["id"])
        assert result.same, result.differences


def alter(centre, base, alert):
    """Write a base again, whole, with evidence at the alert's pixels; return its hash."""
    path = centre.root / base.file
    state, meta = load_state(path)
    (tile,) = [tile for tile in centre.tiles if tile.id == base.tile_id]
    for row, start, stop in np.frombuffer(alert["runs"], "<i4").reshape(-1, 3).tolist():
        state.evidence[row - tile.row, start - tile.col : stop - tile.col] += 320
        state.onset[row - tile.row, start - tile.col : stop - tile.col] = 1
    shutil.rmtree(path)
    return save_state(path, state, meta)


def test_a_base_that_was_altered_is_named_and_its_effect_is_seen(copy):
    """Mutants: the checksum of the file is believed; so is a hash in the database that fits the file."""
    centre, alert, base = copy
    content = alter(centre, base, alert)
    assert "recompute.base" in keys(recompute(centre, alert["id"]))
    with centre.store.transaction():
        (row,) = centre.store.select("checkpoints", {"step": base.step})
        for tile in row["tiles"]:
            tile["content"] = content if tile["tile_id"] == base.tile_id else tile["content"]
        centre.store.upsert("checkpoints", [row])
    found = keys(recompute(centre, alert["id"]))
    assert "recompute.base" not in found
    assert found & {"recompute.state", "recompute.figure", "recompute.birth"}


def test_a_base_that_is_gone_is_said_in_one_sentence(copy):
    """Mutants: the fresh state takes its place; a trace."""
    centre, alert, base = copy
    shutil.rmtree(centre.root / base.file)
    with pytest.raises(StoreError, match="no readable state"):
        recompute(centre, alert["id"])
    with centre.store.transaction():
        centre.store.delete("checkpoints", {"step": base.step})
    with pytest.raises(StoreError, match=f"{base.tile_id}: its base of step {base.step} is not"):
        recompute(centre, alert["id"])


class Killed(BaseException):
    """What a power cut is to the program."""


@pytest.mark.parametrize("at", ["_drop", "unlink"])
def test_a_run_killed_while_it_removes_is_carried_on(nights, tmp_path, monkeypatch, at):
    """Mutants: looks are removed before the commit; what a killed run left is never removed."""
    shutil.copytree(nights[0], tmp_path / "copy")
    with open_centre(tmp_path / "copy") as centre:
        judged = born_on(centre, EARLY)
        judge(centre, judged["id"], reason="a landslide", by="Ana", dry_run=False)
    calls = []

    def killed(*_):
        calls.append(at)
        if len(calls) > 2 or at == "_drop":
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(bases if at == "_drop" else Path, at, killed)
        with pytest.raises(Killed):
            run(tmp_path / "copy")
    with open_centre(tmp_path / "copy") as centre:
        left = {tile.id: held(centre, tile) for tile in centre.tiles}
        for day in (LATE, LAST):
            assert recompute(centre, born_on(centre, day)["id"]).same
        assert left == nights[1][-1]["held"]
        begun = starts(centre.store)
        assert (begun == nights[1][-1]["starts"]) == (at == "_drop")
        run(tmp_path / "copy")
        assert starts(centre.store) != nights[1][-1]["starts"]
        for tile in centre.tiles:
            there = folded(centre, tile)
            gone = {name for name, step in there.items() if step <= starts(centre.store).get(tile.id, 0)}
            assert not gone & held(centre, tile)
            assert there.keys() - gone <= held(centre, tile)
        assert retain(centre) == 0


def test_an_alert_that_stands_no_more_may_lie_before_the_base(nights, tmp_path):
    """Mutants: it differs instead of being gone; its tiles are kept for good."""
    shutil.copytree(nights[0], tmp_path / "copy")
    with open_centre(tmp_path / "copy") as centre:
        alert = born_on(centre, LATE)
        own = [base.tile_id for base in recompute(centre, alert["id"]).bases]
        judge(centre, alert["id"], reason="a landslide", by="Ana", dry_run=False)
        run(tmp_path / "copy")
        assert centre.store.select("alerts", {"id": alert["id"]})[0]["status"] == AlertStatus.WITHDRAWN
        (birth,) = centre.store.select(
            "alert_events", {"alert_id": alert["id"], "event": int(AlertEvent.NEW)}
        )
        assert min(starts(centre.store)[name] for name in own) >= birth["step"]
        with pytest.raises(StoreError, match=f"state before {iso_day(birth['day'])} .* no longer kept"):
            recompute(centre, alert["id"])


def test_a_state_that_cannot_be_read_is_no_base_and_stops_no_run(tmp_path):
    """Mutants: its hash is that of nothing, or of what was put there; it stops the watch for ever."""
    place = write(tmp_path / "centre")
    for day in DAYS[:5]:
        write_scene(place, day, picture(day))
    run(place)
    with open_centre(place) as centre:
        oldest = checkpoints(centre.store, centre.settings.monitor)[0]
        (row,) = centre.store.select("checkpoints", {"step": oldest.step})
        broken, changed, *whole = row["tiles"]
        for path in (place / broken["file"]).rglob("*"):
            if path.is_file() and path.name != "zarr.json":
                path.write_bytes(path.read_bytes()[:-1])
        other = place / whole[0]["file"] / "memory"
        shutil.copytree(other, place / changed["file"] / "memory", dirs_exist_ok=True)
    for day in DAYS[5:10]:
        write_scene(place, day, picture(day))
        assert run(place).used == 1
        with open_centre(place) as centre:
            own = {tile for tile, step in named(centre) if step == oldest.step}
            assert not {broken["tile_id"], changed["tile_id"]} & own
            if day == DAYS[5]:
                assert own == {tile["tile_id"] for tile in whole}
    with open_centre(place) as centre:
        assert starts(centre.store)


def test_the_command_says_where_it_started(copy):
    """Mutant: a result that rests on a base looks like one that rests on every look."""
    centre, alert, base = copy
    said = CliRunner().invoke(app, ["recompute", alert["id"], "--centre", str(centre.root)])
    assert said.exit_code == 0
    assert f"tile {base.tile_id}: from its state of {iso_day(base.day)}" in " ".join(said.output.split())


def test_a_stream_that_came_later_has_room_in_a_base(copy):
    """Mutant: the memory of a base has the planes of its day, and a later stream writes beyond them."""
    centre, _, base = copy
    planes = known_planes(centre)
    with centre.store.transaction():
        centre.store.upsert("meta", [{"key": "planes", "value": json.dumps(planes | {"later": len(planes)})}])
    fold = Refold.start(centre, [tile for tile in centre.tiles if tile.id == base.tile_id])
    fold.enter(base.step)
    assert not fold.states
    fold.enter(base.step + 1)
    memory = fold.states[base.tile_id].memory
    assert memory.shape[0] == len(planes) + 1
    assert (memory[-1] == NODATA).all()
    assert (memory[0] != NODATA).any()
