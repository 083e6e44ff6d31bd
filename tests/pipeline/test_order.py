"""Order of arrival in the small: what was read once, slices of one pass, what came before the baseline."""

from datetime import datetime, timedelta

import pytest
from tests.pipeline.frontier import run

from dosel.config import SETTINGS_FILE
from dosel.errors import InputError
from dosel.model.codes import Refusal
from dosel.model.time import day_of
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import centre_status
from dosel.pipeline.spine.planned import plan_watch
from dosel.pipeline.spine.watch import watch
from dosel.testing.tiny import HISTORY, MONITORED, SIDE, canonical, picture, write_scene, write_tiny


class Killed(BaseException):
    """What a power cut is to the program."""


class KilledAt:
    """A listener that ends the run after so many steps of a stage."""

    def __init__(self, stage, steps):
        self.at, self.steps, self.stage = stage, steps, ""

    def start(self, stage, total):
        self.stage = stage

    def advance(self, steps=1):
        if self.stage == self.at:
            self.steps -= steps
            if self.steps == 0:
                raise Killed


def change(place, old, new):
    path = place / SETTINGS_FILE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("spread = 0.6", "spread = 0.6\nscale = 0.5"), ("quantum = 0.01", "quantum = 0.02")],
    ids=["scale of the scene", "quantum of the sensor"],
)
def test_what_was_read_under_a_wrong_setting_is_read_again(tmp_path, undisturbed, right, wrong):
    """Killed while learning, then mended. Mutants: the archive knows a look by its id, or by its scenes."""
    place = write_tiny(tmp_path / "centre")
    change(place, right, wrong)
    with pytest.raises(Killed), open_centre(place) as centre:
        watch(centre, progress=KilledAt("learn", 3))
    assert len(list((place / "looks").glob("*/*.look"))) > 0
    change(place, wrong, right)
    run(place)
    assert canonical(place) == undisturbed


def sliced(place, history, monitored):
    """Write a centre whose passes come in two slices, north and south."""
    write_tiny(place, ())
    change(place, 'pattern = "{date}.tif"', 'pattern = "{date}-{granule}.tif"')
    for days, slices in ((HISTORY, history), (MONITORED, monitored)):
        for number, day in enumerate(days):
            publish(place, day, *slices(number))
    return place


def publish(place, day, *slices):
    """Write the slices of a day; the rows of the other one hold no data."""
    for name in slices:
        values = picture(day)
        values[slice(SIDE // 2, None) if name == "north" else slice(0, SIDE // 2)] = -9999.0
        whole = write_scene(place, day, values)
        whole.rename(whole.with_name(f"{day.isoformat()}-{name}.tif"))


def both(_number):
    return ("north", "south")


@pytest.fixture(scope="module")
def at_once(tmp_path_factory):
    """Canonical hash of passes in two slices that are all there from the start."""
    place = sliced(tmp_path_factory.mktemp("sliced") / "centre", both, both)
    run(place)
    return canonical(place)


def test_slices_that_come_a_night_later_end_as_if_all_had_been_there(tmp_path, at_once):
    """Mutants: a later slice repeats its look; it is folded alone, or twice, or of the pixels kept before."""
    place = sliced(tmp_path / "centre", both, lambda number: ("north",) if number < 4 else ())
    publish(place, MONITORED[0], "south")
    assert run(place).used == 4
    for number in range(1, 4):
        publish(place, MONITORED[number], "south")
    publish(place, MONITORED[4], "south")
    summary = run(place)
    assert (summary.used, summary.again, summary.refused) == (5, 4, [])
    publish(place, MONITORED[4], "north")
    for day in MONITORED[5:]:
        publish(place, day, *both(0))
    assert run(place).refused == []
    assert run(place).used == 0
    assert canonical(place) == at_once


def test_a_slice_that_comes_too_late_is_listed_once_and_costs_nothing(tmp_path):
    """Mutants: it rewinds whatever its age; it is tried every night; nobody hears of it."""
    place = sliced(tmp_path / "centre", both, lambda number: ("north",) if number == 0 else both(number))
    change(place, "[monitor]", "[monitor]\nlate_days = 20")
    run(place)
    before = canonical(place)
    publish(place, MONITORED[0], "south")
    summary = run(place)
    assert (summary.used, [one.refusal for one in summary.refused]) == (0, [Refusal.TOO_LATE])
    assert (run(place).refused, canonical(place)) == ([], before)
    with open_centre(place) as centre:
        assert [one.refusal for one in centre_status(centre).refused] == [Refusal.TOO_LATE]


def test_a_slice_that_cannot_be_read_leaves_its_look_as_it_was(tmp_path):
    """Mutants: the fold goes back for it; its look is lost; mended, it never joins."""
    place = sliced(tmp_path / "centre", both, lambda number: ("north",) if number == 2 else both(number))
    run(place)
    before = canonical(place)
    publish(place, MONITORED[2], "south")
    (broken,) = (place / "scenes").glob(f"{MONITORED[2]}-south.tif")
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    summary = run(place)
    assert (summary.used, len(summary.refused) + len(summary.scenes_refused)) == (0, 1)
    assert canonical(place) == before
    broken.write_bytes(whole)
    assert run(place).again > 0
    with open_centre(place) as centre:
        assert centre_status(centre).refused == ()


def test_history_that_comes_before_anything_is_folded_is_learnt_from(tmp_path, undisturbed):
    """Mutants: the stream stays without a history; a baseline of fewer looks stays in force, or beside it."""
    place = write_tiny(tmp_path / "centre", HISTORY[4:])
    assert run(place).history == 0
    with open_centre(place) as centre:
        assert [one.refusal for one in centre_status(centre).refused] == [Refusal.LATE_HISTORY] * 2
    for day in HISTORY[2:4]:
        write_scene(place, day)
    assert run(place).history == 4
    for day in (*HISTORY[:2], *MONITORED):
        write_scene(place, day)
    assert run(place).history == 6
    with open_centre(place) as centre:
        assert centre_status(centre).refused == ()
    assert canonical(place) == undisturbed


def test_history_that_comes_too_late_is_listed_once(tmp_path):
    """Mutants: it vanishes; it is learnt from under a state; it is listed again every night."""
    place = write_tiny(tmp_path / "centre", HISTORY[1:] + MONITORED)
    run(place)
    before = canonical(place)
    write_scene(place, HISTORY[0])
    with open_centre(place) as centre:
        assert [one.refusal for one in plan_watch(centre).refused] == [Refusal.LATE_HISTORY]
    assert [one.refusal for one in run(place).refused] == [Refusal.LATE_HISTORY]
    assert (run(place).refused, canonical(place)) == ([], before)
    with open_centre(place) as centre:
        assert [one.refusal for one in centre_status(centre).refused] == [Refusal.LATE_HISTORY]


def test_a_look_left_behind_takes_the_fold_back_again(tmp_path, undisturbed):
    """Mutants: it is folded at the end, out of order; it is refused; those after it wait for its source."""
    place = write_tiny(tmp_path / "centre", HISTORY + MONITORED[1:])
    change(place, "[monitor]", "[monitor]\nlate_days = 120")
    run(place)
    write_scene(place, MONITORED[0])
    with pytest.raises(Killed), open_centre(place) as centre:
        watch(centre, progress=KilledAt("update", 1))
    for path in (place / "looks").glob(f"*/*{day_of(MONITORED[3].isoformat())}*.look"):
        path.unlink()
    change(place, 'path = "scenes"', 'path = "gone"')
    summary = run(place)
    assert (summary.used, list(summary.failed)) == (len(MONITORED) - 2, ["tiny"])
    assert canonical(place) != undisturbed
    change(place, 'path = "gone"', 'path = "scenes"')
    assert run(place).again > 1
    assert canonical(place) == undisturbed


def test_one_date_far_ahead_waits_until_another_bears_it_out(tmp_path):
    """Mutants: it is folded, and every look after it is too late; it is refused for good."""
    place = write_tiny(tmp_path / "centre", HISTORY + MONITORED[:4])
    far = MONITORED[-1] + timedelta(days=500)
    write_scene(place, far)
    with open_centre(place) as centre:
        assert [one.refusal for one in plan_watch(centre).refused] == [Refusal.ISOLATED]
    summary = run(place)
    assert (summary.used, [one.refusal for one in summary.refused]) == (4, [Refusal.ISOLATED])
    write_scene(place, MONITORED[4])
    assert run(place).used == 1
    write_scene(place, far + timedelta(days=12))
    assert (run(place).used, run(place).refused) == (2, [])


def test_a_clock_before_what_is_folded_stops_the_run(tmp_path, monkeypatch):
    """Mutant: the run goes on, and refuses as too late or future what is neither."""
    place = write_tiny(tmp_path / "centre", HISTORY + MONITORED[:1])
    run(place)

    class Behind(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2023, 12, 1, tzinfo=tz)

    monkeypatch.setattr("dosel.pipeline.spine.watch.datetime", Behind)
    write_scene(place, MONITORED[1])
    with pytest.raises(InputError, match="set the clock"):
        run(place)
    monkeypatch.undo()
    assert run(place).used == 1
