"""The whole path on a small simulated world: what it finds, and that runs, kills and tiles change nothing."""

import shutil
from pathlib import Path

import pyogrio
import pytest

from dosel.alerts.table import alerts_hash
from dosel.config import SETTINGS_FILE
from dosel.errors import InputError
from dosel.model.provenance import digest
from dosel.model.time import iso_day
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, centre_status, export_alerts, list_alerts
from dosel.pipeline.doctor import examine
from dosel.pipeline.init import NewCentre, init_centre
from dosel.pipeline.learning.calibrate import calibration
from dosel.pipeline.progress import Silent
from dosel.pipeline.spine.planned import plan_watch
from dosel.pipeline.spine.watch import watch
from dosel.testing.demo import _settings, run_demo
from dosel.testing.worlds import make_world, small, write_scenes


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """A centre with scenes of a small world, and no state."""
    folder = tmp_path_factory.mktemp("world")
    made = make_world(small())
    written = write_scenes(made, folder / "scenes", radar_format="db-int16")
    (folder / SETTINGS_FILE).write_text(_settings(made.spec, written, folder, "en"), encoding="utf-8")
    return folder, made


def fresh(world, place: Path) -> Path:
    shutil.copytree(world[0], place)
    return place


def mark(centre: Path) -> str:
    """The canonical hash of a centre: every state and the alerts."""
    with open_centre(centre) as opened:
        rows = opened.store.select("tiles")
        states = [[row["tile_id"], load_state(centre / row["file"], verify=True)[0].hash()] for row in rows]
        return digest([states, alerts_hash(opened.store)])


@pytest.fixture(scope="session")
def watched(world, tmp_path_factory):
    """The same centre after one uninterrupted run, with its summary."""
    place = fresh(world, tmp_path_factory.mktemp("watched") / "centre")
    with open_centre(place) as centre:
        return place, watch(centre)


def test_a_run_finds_alerts_and_says_what_it_did(watched):
    place, summary = watched
    assert summary.used > 10
    assert summary.history > 10
    assert summary.events["NEW"] > 0
    assert summary.events["CONFIRMED"] > 0
    assert {"search", "learn", "read", "update", "polygonize", "track", "store"} <= set(summary.seconds)
    with open_centre(place) as centre:
        assert all(row["baseline"] == "history" for row in list_alerts(centre, AlertFilter()))


def test_a_second_run_changes_nothing(watched):
    place, _ = watched
    before = mark(place)
    with open_centre(place) as centre:
        again = watch(centre)
    assert again.used == 0
    assert mark(place) == before


def test_nightly_runs_equal_one_run(world, watched, tmp_path):
    place = fresh(world, tmp_path / "nightly")
    start = world[1].spec.monitor_start
    for day in range(start - 1, world[1].spec.stop + 1, 40):
        with open_centre(place) as centre:
            watch(centre, until=iso_day(day))
    with open_centre(place) as centre:
        watch(centre)
    assert mark(place) == mark(watched[0])


def test_tile_size_changes_no_alert(world, watched, tmp_path):
    place = fresh(world, tmp_path / "tiles")
    text = (place / SETTINGS_FILE).read_text(encoding="utf-8")
    (place / SETTINGS_FILE).write_text(text.replace("tile_px = 128", "tile_px = 40"), encoding="utf-8")
    with open_centre(place) as centre:
        assert len(centre.tiles) > 4
        watch(centre)
        tiled = {(row["id"], row["area_ha"], row["runs"]) for row in list_alerts(centre, AlertFilter())}
    with open_centre(watched[0]) as centre:
        whole = {(row["id"], row["area_ha"], row["runs"]) for row in list_alerts(centre, AlertFilter())}
    assert tiled == whole


def test_a_plan_changes_nothing(world, tmp_path):
    place = fresh(world, tmp_path / "plan")
    with open_centre(place) as centre:
        plan = plan_watch(centre)
        assert plan.looks
        assert plan.learn
        assert not centre.store.select("looks")
    assert not (place / "state").exists()
    assert not (place / "looks").exists()


def test_thresholds_follow_from_the_history_and_not_from_the_tiling(watched, world, tmp_path):
    place = fresh(world, tmp_path / "tiles")
    text = (place / SETTINGS_FILE).read_text(encoding="utf-8")
    (place / SETTINGS_FILE).write_text(text.replace("tile_px = 128", "tile_px = 40"), encoding="utf-8")
    start = iso_day(world[1].spec.monitor_start - 1)
    with open_centre(place) as centre:
        watch(centre, until=start)
        tiled = calibration(centre, Silent())
    with open_centre(watched[0]) as centre:
        found = calibration(centre, Silent())
    assert found == tiled
    assert found.source == "history"
    assert found.streams == (
        "sentinel-1-rtc-db/ascending",
        "sentinel-1-rtc-db/descending",
        "sentinel-2-l2a/any",
    )
    assert 0.25 < found.thresholds.h1 < found.thresholds.h2
    assert found.provisional.mha_years > 0


def test_a_smaller_budget_raises_the_thresholds_before_anything_is_folded(world, tmp_path):
    place = fresh(world, tmp_path / "budget")
    with open_centre(place) as centre:
        watch(centre, until=iso_day(world[1].spec.monitor_start - 1))
        usual = calibration(centre, Silent())
    text = (place / SETTINGS_FILE).read_text(encoding="utf-8")
    (place / SETTINGS_FILE).write_text(f"{text}\n[alerts]\nfalse_ha_per_mha_year = 2.0\n", encoding="utf-8")
    with open_centre(place) as centre:
        strict = calibration(centre, Silent())
    assert strict.thresholds.h1 > usual.thresholds.h1
    assert strict.thresholds.h2 > usual.thresholds.h2


def test_thresholds_stay_once_a_look_is_folded(watched):
    """Mutant: a stream that comes later moves the thresholds of a state that rests on them."""
    with open_centre(watched[0]) as centre:
        before = calibration(centre, Silent())
        with centre.store.transaction():
            rows = centre.store.select("meta", {"key": "streams:sentinel-2-l2a/any"})
            centre.store.delete("meta", {"key": "streams:sentinel-2-l2a/any"})
        assert calibration(centre, Silent()) == before
        with centre.store.transaction():
            centre.store.upsert("meta", rows)


def test_alerts_leave_through_the_gate(watched, tmp_path):
    out = tmp_path / "alerts.gpkg"
    with open_centre(watched[0]) as centre:
        with pytest.raises(InputError, match="--by"):
            export_alerts(centre, AlertFilter(), out, actor="", overwrite=False, dry_run=False)
        report = export_alerts(centre, AlertFilter(), out, actor="Ana", overwrite=False, dry_run=False)
        assert len(centre.store.select("releases", {"id": report.release})) == 1
    assert len(pyogrio.read_dataframe(out, layer="alerts")) == report.count > 0


def test_status_names_every_feed_and_calls_old_ones_stale(watched):
    with open_centre(watched[0]) as centre:
        feeds = centre_status(centre).feeds
    assert {feed.sensor for feed in feeds} == {"sentinel-1-rtc-db", "sentinel-2-l2a"}
    assert all(feed.stale for feed in feeds)


def test_the_doctor_reads_a_scene_and_reports_a_wrong_setting(world, tmp_path):
    assert all(finding.level != "bad" for finding in examine(world[0], live=True))
    place = fresh(world, tmp_path / "wrong")
    (place / SETTINGS_FILE).write_text("[area]\nname = 'x'\n", encoding="utf-8")
    assert [finding.what for finding in examine(place) if finding.level == "bad"] == ["settings"]


def test_another_grid_is_refused(watched, tmp_path):
    place = tmp_path / "grid"
    shutil.copytree(watched[0], place)
    text = (place / SETTINGS_FILE).read_text(encoding="utf-8")
    (place / SETTINGS_FILE).write_text(text.replace("tile_px = 128", "tile_px = 64"), encoding="utf-8")
    with pytest.raises(InputError, match="grid differs"):
        open_centre(place)


def test_init_makes_a_centre_once(tmp_path):
    made = init_centre(tmp_path / "new", NewCentre(crs="EPSG:32719", start="2026-01-01"))
    assert made[0].is_file()
    with pytest.raises(InputError, match="new or empty"):
        init_centre(tmp_path / "new", NewCentre())


def test_the_demo_says_simulated_and_spares_what_is_no_demo(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "work.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match="no demonstration"):
        run_demo(tmp_path / "mine", fresh=True)
    assert (tmp_path / "mine" / "work.txt").exists()
