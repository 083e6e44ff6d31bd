"""What alerts are made of: the looks that lent them evidence, and that they can be computed again."""

import shutil
from collections import defaultdict
from dataclasses import replace
from functools import cache
from math import cos, pi, sin

import numpy as np
import pytest
from tests.pipeline.frontier import run
from typer.testing import CliRunner

from dosel.alerts.table import alerts_hash
from dosel.cli import app
from dosel.config import SETTINGS_FILE
from dosel.errors import InputError, StoreError
from dosel.model.codes import NODATA, AlertEvent, AlertStatus
from dosel.model.provenance import table_hash
from dosel.model.time import iso_day
from dosel.monitor.checkpoint import load_baseline, load_state, save_baseline
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import judge
from dosel.pipeline.proof.foldings import content_hash
from dosel.pipeline.proof.recompute import recompute
from dosel.pipeline.spine.watch import watch
from dosel.stack.archive import look_path, read_look, write_look
from dosel.testing.demo import _settings
from dosel.testing.worlds import make_world, small, write_scenes

RESHAPING = (AlertEvent.GROWN, AlertEvent.SHRUNK, AlertEvent.SPLIT, AlertEvent.MERGED)
EAGER = "[alerts]\nh1_nats = 1.5\nh2_nats = 2.5\nmin_area_ha = 0.05\nclose_days = 20\n\n[mask]"
"""Thresholds so low that alerts of every kind come and go."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A centre with the scenes of a short world and no state, and the world."""
    root = tmp_path_factory.mktemp("proof") / "bare"
    world = make_world(small(monitor_days=60, events_until_days=25, history_days=200))
    written = write_scenes(world, root / "scenes", radar_format="db-int16")
    text = _settings(world.spec, written, root, "en").replace("tile_px = 128", "tile_px = 64")
    (root / SETTINGS_FILE).write_text(text.replace("[mask]", EAGER), encoding="utf-8")
    return root, world


@pytest.fixture(scope="module")
def place(bare, tmp_path_factory):
    """The same after one run."""
    place = tmp_path_factory.mktemp("proof") / "whole"
    shutil.copytree(bare[0], place)
    with open_centre(place) as centre:
        watch(centre)
    return place


@pytest.fixture
def centre(place):
    with open_centre(place) as centre:
        yield centre


@pytest.fixture
def copy(place, tmp_path):
    """A centre to be harmed, and a confirmed alert of it with its birth look."""
    shutil.copytree(place, tmp_path / "copy")
    with open_centre(tmp_path / "copy") as centre:
        rows = centre.store.select("alerts", {"status": int(AlertStatus.CONFIRMED)}, order_by=("-pixels",))
        born = centre.store.select("alert_events", {"alert_id": rows[0]["id"], "event": int(AlertEvent.NEW)})
        yield centre, rows[0], born[0]["look_id"]


def pixels_of(row):
    triples = np.frombuffer(row["runs"], "<i4").reshape(-1, 3).tolist()
    return [(y, x) for y, start, stop in triples for x in range(start, stop)]


def tile_of(centre, pixel):
    return next(
        t
        for t in centre.tiles
        if t.row <= pixel[0] < t.row + t.shape[0] and t.col <= pixel[1] < t.col + t.shape[1]
    )


def rows_by_alert(centre):
    rows = defaultdict(list)
    for row in centre.store.select("alert_looks"):
        rows[row["alert_id"]].append(row)
    return rows


def unshaped(centre, *statuses):
    """Alerts that still have the pixels they were born with, and the look of their birth."""
    events = defaultdict(list)
    for event in centre.store.select("alert_events"):
        events[event["alert_id"]].append(event)
    for row in centre.store.select("alerts", {"status": [int(status) for status in statuses]}):
        own = events[row["id"]]
        birth = next(event for event in own if event["event"] == AlertEvent.NEW)
        reshaped = any(event["event"] in RESHAPING for event in own)
        if not reshaped and row["last_growth"] == birth["day"]:
            yield row, birth["look_id"]


def test_an_alert_is_born_with_every_look_since_its_window_began(centre):
    """Mutants: rows since the birth only; looks of other tiles; the look that opens the window left out."""
    looks = {row["id"]: row for row in centre.store.select("looks", {"status": 1})}
    reached = defaultdict(set)
    for row in centre.store.select("look_tiles"):
        reached[row["look_id"]].add(row["tile_id"])
    rows, seen = rows_by_alert(centre), 0
    for alert, birth in unshaped(centre, *AlertStatus):
        tiles = {tile_of(centre, pixel).id for pixel in pixels_of(alert)}
        expected = {
            look
            for look, row in looks.items()
            if row["day"] >= alert["window_start"]
            and row["step"] <= looks[birth]["step"]
            and reached[look] & tiles
        }
        own = [row for row in rows[alert["id"]] if row["step"] <= looks[birth]["step"]]
        assert {row["look_id"] for row in own} == expected
        assert len(own) == sum(len(looks[look]["streams"]) for look in expected)
        seen += len(expected) > 1
    assert seen > 10


def test_residuals_are_those_of_the_baseline(centre):
    """Oracle: means in floating point of what the files hold; mutants: sign, season, offset, halo, masks."""
    looks = {row["id"]: row for row in centre.store.select("looks", {"status": 1})}
    found, rows = [], rows_by_alert(centre)
    for alert, birth in list(unshaped(centre, *AlertStatus))[:12]:
        for row in rows[alert["id"]]:
            if row["step"] == looks[birth]["step"]:
                count, mean = by_hand(centre, alert, looks[row["look_id"]], row["stream"])
                assert row["pixels"] == count
                assert (row["residual"] is None) == (count == 0)
                found += [(row["residual"], mean)] if count else []
    ours, theirs = np.array(found).T
    assert len(found) > 50
    assert ours == pytest.approx(theirs, abs=0.05)
    assert ours.std() > 0.5


@cache
def held(root, tile, look, stream):
    """What the archive holds of a look on a tile, and the baseline of a stream there."""
    path = look_path(root / "looks", tile, look)
    (folder,) = (root / "baselines" / stream.replace("/", "_")).glob(f"{tile}.*")
    return read_look(path) if path.exists() else None, load_baseline(folder)[0]


def by_hand(centre, alert, look, stream):
    """Valid pixels and mean standardised residual of a stream over an alert; all streams fall on clearing."""
    values = []
    for pixel in pixels_of(alert):
        tile = tile_of(centre, pixel)
        seen, base = held(centre.root, tile.id, look["id"], stream)
        if seen is None:
            continue
        y, x = pixel[0] - tile.row + seen.halo_px, pixel[1] - tile.col + seen.halo_px
        value = int(seen.values[seen.streams.index(stream), y, x])
        if value == NODATA or not base.inv_spread[y, x]:
            continue
        waves = [f(k * 2 * pi * look["day"] / 365.25) for k in (1, 2) for f in (cos, sin)]
        season = sum(4 * c * w for c, w in zip(base.season[:, y, x].tolist(), waves, strict=False))
        residual = value - int(base.level[y, x]) - season - look["offsets"][stream]
        values.append(residual * int(base.inv_spread[y, x]) / 2**19)
    return len(values), float(np.mean(values)) if values else None


def test_an_open_alert_counts_the_looks_that_saw_it(centre):
    """Mutants: only looks since the birth are counted; masked ones too; rows end when nothing changes."""
    rows, more = rows_by_alert(centre), 0
    for alert, _ in unshaped(centre, AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED):
        own = [row for row in rows[alert["id"]] if row["day"] >= alert["onset"] and row["pixels"]]
        assert alert["looks"] == len({row["look_id"] for row in own})
        assert alert["streams"] == sorted({row["stream"] for row in own})
        more += any(row["pixels"] == 0 for row in rows[alert["id"]])
    assert more


def test_tiles_and_nights_change_no_row(bare, place, tmp_path):
    """Mutants: means summed in another order; one side of a tile's edge; the past of one run only."""
    other, world = tmp_path / "other", bare[1]
    shutil.copytree(bare[0], other)
    text = (other / SETTINGS_FILE).read_text(encoding="utf-8")
    (other / SETTINGS_FILE).write_text(text.replace("tile_px = 64", "tile_px = 50"), encoding="utf-8")
    for day in (world.spec.monitor_start + 20, world.spec.monitor_start + 33, world.spec.stop):
        with open_centre(other) as centre:
            watch(centre, until=iso_day(day))
    marks = []
    for directory in (place, other):
        with open_centre(directory) as centre:
            marks.append((table_hash(centre.store.select("alert_looks")), alerts_hash(centre.store)))
    assert marks[0] == marks[1]


OURS = [status for status in AlertStatus if status is not AlertStatus.REPORTED]
"""What others report is not computed here."""


@pytest.mark.parametrize("status", OURS)
def test_alerts_of_every_kind_come_out_the_same(centre, status):
    """Mutants: closed pixels go on; figures of ended alerts taken after their end; births across tiles."""
    rows = centre.store.select("alerts", {"status": int(status)}, order_by=("-pixels", "id"), limit=5)
    assert rows
    for row in rows:
        result = recompute(centre, row["id"])
        assert result.same, result.differences
        assert result.looks > 10
        assert result.pixels == row["pixels"]


def test_computing_again_changes_nothing(copy):
    """Mutant: states or rows are written on the way."""
    centre, alert, _ = copy
    before = {path: path.read_bytes() for path in sorted(centre.root.rglob("*")) if path.is_file()}
    recompute(centre, alert["id"])
    assert before == {path: path.read_bytes() for path in sorted(centre.root.rglob("*")) if path.is_file()}


def alter(centre, alert, look):
    """Write a retained look again, whole and with valid checksums, with the alert's pixels as forest."""
    for tile in {tile_of(centre, pixel).id: tile_of(centre, pixel) for pixel in pixels_of(alert)}.values():
        path = look_path(centre.root / "looks", tile.id, look)
        seen = read_look(path)
        halo = seen.halo_px
        for y, x in pixels_of(alert):
            if tile_of(centre, (y, x)).id == tile.id:
                seen.values[:, y - tile.row + halo, x - tile.col + halo] += 700
        write_look(path, seen)


def keys(result):
    return {difference.key for difference in result.differences}


def test_a_look_that_was_altered_is_named_and_its_effect_is_seen(copy):
    """Mutants: only the checksum of the file is checked; the content alone, so that both can be changed."""
    centre, alert, birth = copy
    alter(centre, alert, birth)
    assert {"recompute.look", "recompute.state"} <= keys(recompute(centre, alert["id"]))
    with centre.store.transaction():
        for row in centre.store.select("foldings", {"look_id": birth}):
            seen = read_look(look_path(centre.root / "looks", row["tile_id"], birth))
            centre.store.upsert("foldings", [row | {"content": content_hash(seen)}])
    result = recompute(centre, alert["id"])
    assert "recompute.look" not in keys(result)
    assert keys(result) & {"recompute.state", "recompute.figure", "recompute.birth"}


def test_a_baseline_that_was_altered_is_found(copy):
    """Mutant: the version in the table is believed."""
    centre, alert, _ = copy
    tile = tile_of(centre, pixels_of(alert)[0])
    row = centre.store.select("baselines", {"tile_id": tile.id, "stream": alert["streams"][0]})[0]
    base, _ = load_baseline(centre.root / row["file"])
    shutil.rmtree(centre.root / row["file"])
    save_baseline(centre.root / row["file"], replace(base, level=base.level - 300), {"tile": tile.id})
    assert {"recompute.baseline", "recompute.state"} <= keys(recompute(centre, alert["id"]))


def test_parameters_and_states_that_were_altered_are_found(copy):
    """Mutants: the parameters are not read from the store; the states of today are not compared."""
    centre, alert, _ = copy
    (row,) = centre.store.select("methods", {"hash": alert["method_parameters"]})
    with centre.store.transaction():
        values = row["parameters"] | {"thresholds": {"h1": 0.5, "h2": 0.75}}
        centre.store.upsert("methods", [row | {"parameters": values}])
        centre.store.upsert("alerts", [alert | {"evidence": alert["evidence"] + 1, "onset": 1}])
    assert {"recompute.method", "recompute.figure"} <= keys(recompute(centre, alert["id"]))
    with centre.store.transaction():
        centre.store.upsert("methods", [row])
    names = {difference.values.get("name") for difference in recompute(centre, alert["id"]).differences}
    assert names == {"evidence", "onset"}
    with centre.store.transaction():
        centre.store.upsert("alerts", [alert])
        rows = centre.store.select("alert_looks", {"alert_id": alert["id"]}, order_by=("-step",), limit=1)
        centre.store.upsert("alert_looks", [rows[0] | {"pixels": rows[0]["pixels"] + 1}])
    assert keys(recompute(centre, alert["id"])) == {"recompute.row"}


def test_what_is_gone_is_said_in_one_sentence(copy):
    """Mutants: a missing look is skipped, so that the alert differs; a trace; folded without a record."""
    centre, alert, birth = copy
    tile = tile_of(centre, pixels_of(alert)[0])
    path = look_path(centre.root / "looks", tile.id, birth)
    path.rename(path.with_suffix(".away"))
    with pytest.raises(StoreError, match=rf"{birth}.* on tile {tile.id} is no longer kept"):
        recompute(centre, alert["id"])
    path.with_suffix(".away").rename(path)
    with centre.store.transaction():
        centre.store.delete("foldings", {"look_id": birth})
    with pytest.raises(StoreError, match="by an earlier version"):
        recompute(centre, alert["id"])
    with pytest.raises(InputError, match="there is no such alert"):
        recompute(centre, "alert-none")


def test_the_chain_from_an_alert_to_its_scenes_and_parameters_is_whole(centre):
    """Mutants: an alert names parameters that no row holds; a look names scenes that are not recorded."""
    store = centre.store
    methods = {row["hash"]: row["parameters"] for row in store.select("methods")}
    scenes = {(row["collection"], row["id"]): row["content"] for row in store.select("scenes")}
    looks = {row["id"]: row for row in store.select("looks", {"status": 1})}
    for alert in store.select("alerts"):
        assert methods[alert["method_parameters"]]["thresholds"] == {"h1": 1.5, "h2": 2.5}
    for row in store.select("alert_looks"):
        for collection, name, content, *_ in looks[row["look_id"]]["scenes"]:
            assert scenes[collection, name] == content
    for row in store.select("foldings"):
        assert {model["stream"] for model in methods[row["method"]]["models"]} == set(row["baselines"])
        assert row["step"] == looks[row["look_id"]]["step"]


def test_the_command_says_it_and_its_exit_tells(copy):
    """Mutant: exit 0 on a difference, or the sentence of another result."""
    centre, alert, _ = copy
    call = ["recompute", alert["id"], "--centre", str(centre.root)]
    good = CliRunner().invoke(app, call)
    assert (good.exit_code, f"{alert['id']}: the same" in good.output) == (0, True)
    (tile,) = centre.store.select("tiles", {"tile_id": tile_of(centre, pixels_of(alert)[0]).id})
    load_state(centre.root / tile["file"])
    with centre.store.transaction():
        centre.store.upsert("alerts", [alert | {"pixels": alert["pixels"] + 1}])
    bad = CliRunner().invoke(app, call)
    assert (bad.exit_code, "NOT the same" in bad.output, "pixels: stored" in bad.output) == (1, True, True)


def test_a_verdict_is_part_of_the_past(copy):
    """Mutant: pixels that a person armed again are folded as if nobody had judged."""
    centre, alert, _ = copy
    judge(centre, alert["id"], reason="a landslide", by="Ana", dry_run=False)
    assert watch(centre).events["WITHDRAWN"] == 1
    (row,) = centre.store.select("alerts", {"id": alert["id"]})
    assert row["status"] == AlertStatus.WITHDRAWN
    result = recompute(centre, alert["id"])
    assert result.same, result.differences


@pytest.mark.parametrize("status", OURS)
def test_wrong_figures_are_found_whatever_became_of_the_alert(copy, status):
    """Mutants: figures of alerts that ended are not compared; dates are not, or only those of open ones."""
    centre = copy[0]
    alert = centre.store.select("alerts", {"status": int(status)}, limit=1)[0]
    wrong = {"changed_pixels": alert["changed_pixels"] + 1, "window_start": 1, "window_end": 2}
    with centre.store.transaction():
        centre.store.upsert("alerts", [alert | wrong])
    found = recompute(centre, alert["id"]).differences
    assert {difference.values["name"] for difference in found} == set(wrong)
    assert {difference.values["stored"] for difference in found} == set(wrong.values())


def test_alerts_come_out_the_same_after_late_looks(frontier, tmp_path):
    """Mutant: what was folded before a rewind is folded again, or is taken for what was folded after it."""
    place = frontier.copy(tmp_path / "centre", late_days=90, checkpoint_days=7)
    names = [name for _, name in frontier.ids]
    frontier.show(place, names[:3] + names[5:])
    run(place)
    frontier.show(place, names)
    assert run(place).again > 0
    with open_centre(place) as centre:
        ids = [row["id"] for row in centre.store.select("alerts", {"superseded": 0}, columns=["id"])]
        assert ids
        assert all(recompute(centre, name).same for name in ids)
