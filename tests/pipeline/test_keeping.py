"""What a centre keeps: gridded looks, the record of runs, the settings its numbers follow from."""

import re
import shutil
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.frontier import mark, run

from dosel import __version__
from dosel.alerts.runs import decode
from dosel.config import SETTINGS_FILE
from dosel.errors import InputError, InputMistakesError, StoreError
from dosel.model.codes import AlertStatus
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import centre_status
from dosel.pipeline.runs import recorded_run
from dosel.pipeline.spine.checkpoints import checkpoints
from dosel.pipeline.spine.planned import plan_watch
from dosel.pipeline.spine.retain import retain, standing_tiles
from dosel.pipeline.spine.watch import watch
from dosel.stack.archive import look_path
from dosel.testing.tiny import HISTORY, MONITORED, canonical, write_tiny


def change(place, *pairs):
    path = place / SETTINGS_FILE
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def forget(place):
    """Leave of a centre what was there before its first run."""
    for name in ("looks", "baselines"):
        shutil.rmtree(place / name)
    (place / "centre.gpkg").unlink()


def archived(centre):
    return {path.relative_to(centre.root / "looks") for path in (centre.root / "looks").glob("*/*.look")}


def tiles_of_24(frontier, place):
    """Return a centre of small tiles that has folded nothing and keeps gridded looks for ever."""
    frontier.copy(place, late_days=15, checkpoint_days=7)
    forget(place)
    retained = "[retain]\nlooks_days = 4000\n\n[monitor]"
    change(place, ("tile_px = 128", "tile_px = 24"), ("[monitor]", retained))
    return place


@pytest.fixture(scope="module")
def tiled(frontier, tmp_path_factory):
    """A centre of small tiles that has folded everything and keeps every gridded look."""
    place = tiles_of_24(frontier, tmp_path_factory.mktemp("tiled") / "centre")
    run(place)
    return place


@pytest.fixture(scope="module")
def based(frontier, tmp_path_factory):
    """The same with bases, as if nothing had been removed yet."""
    place = tiles_of_24(frontier, tmp_path_factory.mktemp("based") / "centre")
    change(place, ("looks_days = 4000", "looks_days = 10"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dosel.pipeline.spine.watch.retain", lambda *_, **__: 0)
        run(place)
    return place


@pytest.mark.parametrize("days", [0, 10])
def test_what_goes_and_what_stays(based, frontier, tmp_path, days):
    """The rule by hand, file by file. Mutants: each of its exceptions dropped; history kept for good."""
    place = frontier.copy_of(based, tmp_path / "centre")
    change(place, ("looks_days = 10", f"looks_days = {days}"))
    with open_centre(place) as centre:
        store, before = centre.store, archived(centre)
        oldest = checkpoints(store, centre.settings.monitor)[0].day
        old = [row for row in store.select("checkpoints", {"alerts": b""}) if row["day"] < oldest - days]
        assert old
        alerts = [
            row for row in store.select("alerts") if row["status"] in (1, 2, 5) and not row["superseded"]
        ]
        pixels = {
            (row, col)
            for alert in alerts
            for row, start, stop in decode(alert["runs"]).tolist()
            for col in range(start, stop)
        }
        steps = {row["id"]: row["step"] or 0 for row in store.select("looks")}
        seen = {(row["look_id"], row["day"]) for row in store.select("scenes")}
        kept = set()
        for tile in centre.tiles:
            rows, cols = tile.shape
            own = [row["step"] for row in old if tile.id in {one["tile_id"] for one in row["tiles"]}]
            inside = any(0 <= r - tile.row < rows and 0 <= c - tile.col < cols for r, c in pixels)
            for look, day in seen:
                if inside or day >= oldest - days or steps.get(look, 0) > max(own, default=0):
                    kept.add(look_path(Path(), tile.id, look))
        expected = before & kept
        folded = {look_path(Path(), "", look).name for look, step in steps.items() if step}
        assert {path.name for path in before - expected} & folded
        assert plan_watch(centre).removed == retain(centre, dry_run=True) == len(before) - len(expected)
        assert archived(centre) == before
        summary = watch(centre)
        assert summary.removed == len(before) - len(expected)
        assert archived(centre) == expected
        assert 0 < len(standing_tiles(centre)) < len(centre.tiles)


def test_a_rewind_works_after_looks_were_removed(tiled, frontier, tmp_path):
    """Mutant: a look that the rewind folds again was removed as old."""
    place = tiles_of_24(frontier, tmp_path / "centre")
    change(place, ("looks_days = 4000", "looks_days = 0"))
    names = [name for _, name in frontier.ids]
    frontier.show(place, names[:-4] + names[-3:])
    assert run(place).removed > 0
    for raster in (place / "scenes").glob("*/*/*.tif"):
        if raster.parent.name != names[-4]:
            raster.unlink()
    frontier.show(place, names)
    summary = run(place)
    assert summary.again > 0
    assert summary.used == summary.again + 1
    assert mark(place) == mark(tiled)


def test_every_run_leaves_a_row(frontier, tmp_path):
    """Mutants: the row comes at the end; it does not say with what; an error is a kill; two run at once."""
    place = frontier.copy(tmp_path / "centre")
    until = frontier.ids[2][0][:10]
    used = run(place, until).used
    with open_centre(place) as centre:
        row = max(centre.store.select("runs"), key=lambda row: row["started"])
        assert datetime.fromisoformat(row["started"]) < datetime.fromisoformat(row["ended"])
        assert row["summary"] | {"until": until, "used": used, "dosel": __version__} == row["summary"]
        first, last = row["summary"]["window"]
        assert last - first > 1000
        settings = row["summary"]["settings"]
        with pytest.raises(InputError), recorded_run(centre, until=""):
            raise InputError("disk of straw")
        row = max(centre.store.select("runs"), key=lambda row: row["started"])
        assert row["summary"]["error"] == "disk of straw"
        assert centre_status(centre).not_ended == ()
        with recorded_run(centre), pytest.raises(StoreError, match="another"), recorded_run(centre):
            raise AssertionError("two runs at once")
        with pytest.raises(KeyboardInterrupt), recorded_run(centre, until=""):
            raise KeyboardInterrupt
        (killed,) = centre_status(centre).not_ended
        assert killed["ended"] is None
    change(place, ("[monitor]", "[resources]\nworkers = 1\n\n[monitor]"))
    run(place, until)
    with open_centre(place) as centre:
        row = max(centre.store.select("runs"), key=lambda row: row["started"])
        assert row["summary"]["settings"] != settings
        assert centre_status(centre).not_ended == ()


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("alerts.min_area_ha", "[alerts]\nmin_area_ha = 0.5\n"),
        ("alerts.h1_nats", "[alerts]\nh1_nats = 3.0\n"),
        ("alerts.close_days", "[alerts]\nclose_days = 30\n"),
    ],
)
def test_rules_stay_once_a_look_is_folded(frontier, in_order, tmp_path, setting, line):
    """Mutants: the change goes unseen; the sentence does not say which setting, or what it was."""
    place = frontier.copy(tmp_path / "before")  # nothing folded yet: any change is welcome
    change(place, ("[monitor]", f"{line}\n[monitor]"))
    with open_centre(place) as centre:
        plan_watch(centre)
    place = frontier.copy_of(in_order[0], tmp_path / "after")
    change(place, ("[monitor]", f"{line}\n[monitor]"))
    with open_centre(place) as centre, pytest.raises(InputMistakesError, match=re.escape(setting)) as caught:
        watch(centre)
    assert "put it back" in str(caught.value)
    assert len(caught.value.mistakes) == 1


def test_the_start_stays_and_what_moves_no_number_may_change(frontier, in_order, tmp_path):
    """Mutants: a later start is taken; resources or the retention are pinned too."""
    place = frontier.copy_of(in_order[0], tmp_path / "centre")
    change(place, ("[monitor]", "[resources]\nworkers = 1\n\n[retain]\nlooks_days = 9\n\n[monitor]"))
    assert run(place).used == 0
    text = (place / SETTINGS_FILE).read_text("utf-8")
    (place / SETTINGS_FILE).write_text(re.sub(r"start = \S+", "start = 2020-01-01", text), "utf-8")
    with open_centre(place) as centre, pytest.raises(InputError, match=r"monitor\.start: was"):
        watch(centre)


def test_a_source_added_later_leaves_what_was_folded(frontier, tmp_path):
    """Mutant: the planes of the whitening move, or the new stream writes beyond them."""
    place = frontier.copy(tmp_path / "centre", late_days=90)
    whole = (place / SETTINGS_FILE).read_text("utf-8")
    cut = whole.index("\n[[source]]", whole.index("[[source]]"))
    (place / SETTINGS_FILE).write_text(whole[:cut], "utf-8")
    forget(place)
    first = run(place, frontier.ids[9][0][:10])
    (place / SETTINGS_FILE).write_text(whole, "utf-8")
    second = run(place)
    assert first.used > 0
    assert second.used + first.used - second.again == len(frontier.ids)
    with open_centre(place) as centre:
        statuses = {row["status"] for row in centre.store.select("alerts", {"superseded": 0})}
    assert AlertStatus.CONFIRMED in statuses or AlertStatus.PROVISIONAL in statuses
    assert np.isfinite(second.pixels)


def test_what_was_learnt_stays_before_any_look_is_folded(tmp_path):
    """Mutants: settings stay only once a look is folded; rules of alerts stay from the first learning."""
    place = write_tiny(tmp_path / "centre", HISTORY)
    assert run(place).history == len(HISTORY)
    change(place, ("[monitor]", "[alerts]\nclose_days = 30\n[monitor]"))
    run(place)
    text = (place / SETTINGS_FILE).read_text("utf-8")
    for old, new, name in (
        ("shift = 3.0", "shift = 3.0\noffset = 1.0", "sensor.tiny-vv.offset"),
        ("start = 2024-01-01", "start = 2023-12-01", "monitor.start"),
        ('kind = "all"', 'kind = "baseline"', "mask.kind"),
    ):
        change(place, (old, new))
        with open_centre(place) as centre:
            for job in (watch, plan_watch):
                with pytest.raises(InputMistakesError, match=re.escape(name)):
                    job(centre)
        (place / SETTINGS_FILE).write_text(text, "utf-8")


def test_a_sensor_of_which_no_look_was_used_may_be_mended(tmp_path):
    """Mutants: it is refused as pinned; what was learnt from nothing under the old row stays in force."""
    place = write_tiny(tmp_path / "centre")
    change(place, ("shift = 3.0", "shift = 2.0\noffset = 100.0"))
    assert run(place).used == 0
    change(place, ("shift = 2.0\noffset = 100.0", "shift = 3.0"))
    summary = run(place)
    assert (summary.used, summary.history) == (len(MONITORED), len(HISTORY))
    whole = write_tiny(tmp_path / "whole")
    run(whole)
    assert canonical(place) == canonical(whole)


def test_a_feed_can_be_retired(tmp_path):
    """Mutants: its row is gone with its [[sensor]] and every run stops; it is kept for want of one."""
    place = write_tiny(tmp_path / "centre")
    run(place)
    before = canonical(place)
    text = (place / SETTINGS_FILE).read_text("utf-8")
    (place / SETTINGS_FILE).write_text(text[: text.index("[[source]]")], "utf-8")
    assert run(place).used == 0
    with open_centre(place) as centre:
        assert centre.sensor("tiny-vv").streams[0].shift == 3.0
        with pytest.raises(InputError, match="not in the sensor table"):
            centre.sensor("tiny-hh")
    assert canonical(place) == before
    (place / SETTINGS_FILE).write_text(text.replace("shift = 3.0", "shift = 4.0"), "utf-8")
    with open_centre(place) as centre, pytest.raises(InputMistakesError, match=r"tiny-vv\.shift: was 3\.0"):
        watch(centre)
