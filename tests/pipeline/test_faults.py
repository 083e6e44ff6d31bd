"""What goes wrong in a night: one clear sentence, the right exit status, nothing lost, the rest processed."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.conftest import Command
from tests.pipeline.frontier import run

from dosel.catalog.ledger import refused_list
from dosel.errors import SourceError
from dosel.model.codes import LookStatus, Refusal
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, list_alerts
from dosel.pipeline.progress import Silent
from dosel.pipeline.spine.watch import watch
from dosel.stack.raster import forget_open
from dosel.testing.stacserver import Fault, StacServer
from dosel.testing.tiny import (
    HISTORY,
    MONITORED,
    SIDE,
    canonical,
    picture,
    write_scene,
    write_settings,
    write_tiny,
)

LAST = MONITORED[-1]


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "centre")


def garbage(folder: Path) -> None:
    (folder / "scenes" / f"{LAST}.tif").write_bytes(b"this is no raster " * 99)


def cut(folder: Path) -> None:
    path = folder / "scenes" / f"{LAST}.tif"
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def elsewhere(folder: Path) -> None:
    settings = folder / "dosel.toml"
    settings.write_text(settings.read_text().replace("spread = 0.6", 'spread = 0.6\ncrs = "EPSG:32719"'))
    write_scene(folder, LAST, crs="EPSG:32720")


def empty(folder: Path) -> None:
    write_scene(folder, LAST, np.full((SIDE, SIDE), -9999.0, np.float32))


def not_a_number(folder: Path) -> None:
    write_scene(folder, LAST, np.full((SIDE, SIDE), np.nan, np.float32))


def infinite(folder: Path) -> None:
    write_scene(folder, LAST, np.full((SIDE, SIDE), np.inf, np.float32))


def absurd(folder: Path) -> None:
    write_scene(folder, LAST, picture(LAST) * 1000)


FAULTS = [
    (garbage, Refusal.UNREADABLE, "cannot be read"),
    (cut, Refusal.TRUNCATED, "ends before its data; fetch it again"),
    (elsewhere, Refusal.WRONG_GRID, "declared as EPSG:32719, but the file itself says"),
    (empty, Refusal.ALL_NODATA, "no valid pixel"),
    (not_a_number, Refusal.ALL_NODATA, "no valid pixel"),
    (infinite, Refusal.ALL_NODATA, "no valid pixel"),
    (absurd, Refusal.ABSURD, "outside the physical range of the sensor row; check unit, scale"),
]


@pytest.mark.parametrize(("spoil", "reason", "words"), FAULTS, ids=[row[0].__name__ for row in FAULTS])
def test_one_bad_scene(
    centre: Path,
    command: Command,
    undisturbed: str,
    spoil: Callable[[Path], None],
    reason: Refusal,
    words: str,
) -> None:
    """Mutants: the run stops; the scene vanishes without a word; a mended one is never used."""
    spoil(centre)
    status, said = command("watch", "--centre", centre)
    assert status == 0
    assert words in said
    assert "Traceback" not in said
    with open_centre(centre) as opened:
        assert len(opened.store.select("looks", {"status": int(LookStatus.USED)})) == len(MONITORED) - 1
        assert [one.refusal for one in refused_list(opened.store)] == [reason]
    status, told = command("status", "--centre", centre)
    assert status == 0
    assert words in told
    write_scene(centre, LAST)
    os.utime(centre / "scenes" / f"{LAST}.tif")
    assert run(centre).used == (0 if reason in (Refusal.ABSURD, Refusal.ALL_NODATA) else 1)
    if reason not in (Refusal.ABSURD, Refusal.ALL_NODATA):
        assert canonical(centre) == undisturbed
        with open_centre(centre) as opened:
            assert refused_list(opened.store) == ()


def test_a_second_run_over_a_bad_scene_doubles_nothing(centre: Path) -> None:
    garbage(centre)
    for _ in range(2):
        run(centre)
    with open_centre(centre) as opened:
        assert len(refused_list(opened.store)) == 1


@pytest.mark.parametrize(("spoil", "reason"), [(cut, Refusal.TRUNCATED), (absurd, Refusal.ABSURD)])
def test_a_bad_look_of_the_history_keeps_its_true_reason(
    centre: Path, spoil: Callable[[Path], None], reason: Refusal
) -> None:
    """Mutant: whatever is wrong with it, it is called unreadable."""
    spoil(centre)
    (centre / "scenes" / f"{LAST}.tif").replace(centre / "scenes" / f"{HISTORY[2]}.tif")
    summary = run(centre)
    assert (summary.history, summary.used) == (len(HISTORY) - 1, len(MONITORED) - 1)
    assert [one.refusal for one in summary.refused] == [reason]
    with open_centre(centre) as opened:
        assert [one.refusal for one in refused_list(opened.store)] == [reason]


def test_a_date_in_the_future(centre: Path, command: Command, undisturbed: str) -> None:
    write_scene(centre, (datetime.now(UTC) + timedelta(days=400)).date())
    status, said = command("watch", "--centre", centre)
    assert (status, "after the present" in said, "this machine's clock" in said) == (0, True, True)
    assert canonical(centre) == undisturbed


def items(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "stac").rglob("*.json") if path.name != "collection.json")


def test_a_missing_band(tmp_path: Path, command: Command) -> None:
    folder = write_tiny(tmp_path / "centre", stac=True)
    item = json.loads(items(folder)[-1].read_text())
    item["assets"] = {"thumbnail": item["assets"]["value"] | {"href": "small.jpg"}}
    items(folder)[-1].write_text(json.dumps(item))
    status, said = command("watch", "--centre", folder)
    assert status == 0
    assert "sensor tiny-vv needs value" in said
    assert "the item has thumbnail" in said
    with open_centre(folder) as opened:
        assert len(opened.store.select("looks", {"status": int(LookStatus.USED)})) == len(MONITORED) - 1


def test_two_scenes_with_one_id(tmp_path: Path, command: Command, undisturbed: str) -> None:
    """Neither is believed; when each has its own id, all is used."""
    folder = write_tiny(tmp_path / "centre", stac=True)
    first, second = items(folder)[-2:]
    honest = second.read_text()
    second.write_text(honest.replace(json.loads(honest)["id"], json.loads(first.read_text())["id"]))
    status, said = command("watch", "--centre", folder)
    assert status == 0
    assert "have this id and different content; give each its own id" in said
    second.write_text(honest)
    assert run(folder).used == 2
    assert canonical(folder) == undisturbed


def test_an_empty_folder_and_an_empty_catalogue(tmp_path: Path, command: Command) -> None:
    folder = write_tiny(tmp_path / "centre", stac=True)
    collection = folder / "stac" / "collection.json"
    node = json.loads(collection.read_text())
    node["links"] = [link for link in node["links"] if link["rel"] not in ("item", "child")]
    collection.write_text(json.dumps(node))
    status, said = command("watch", "--centre", folder)
    assert (status, "No source offers a scene" in said) == (0, True)
    bare = tmp_path / "bare"
    write_settings(bare)
    (bare / "scenes").mkdir()
    status, said = command("watch", "--centre", bare)
    assert (status, "no file fits the pattern" in said) == (2, True)


def test_several_mistakes_at_once(centre: Path, command: Command) -> None:
    text = (centre / "dosel.toml").read_text()
    wrong = text.replace("resolution_m = 10", "resolution_m = -1").replace("workers = 2", "workers = 0")
    (centre / "dosel.toml").write_text(wrong + "\n[wath]\nx = 1\n")
    status, said = command("watch", "--centre", centre)
    assert status == 2
    for words in ("mistakes", "area.resolution_m", "resources.workers", "wath: no such setting"):
        assert words in said
    assert not (centre / "centre.gpkg").exists()


AWAY = {
    "a folder": ('kind = "folder"\npath = "unplugged"', 2, "no such folder; set the source's path"),
    "a server": (
        'kind = "stac-api"\nurl = "http://127.0.0.1:9"\nretries = 0', 3, "did not answer in 1 attempts",
    ),
}  # fmt: skip


def with_source(centre: Path, place: str) -> None:
    settings = centre / "dosel.toml"
    extra = f'[[source]]\nname = "away"\nsensor = "tiny-vv"\n{place}\n[[sensor]]'
    settings.write_text(settings.read_text().replace("[[sensor]]", extra))


@pytest.mark.parametrize(("place", "status", "words"), AWAY.values(), ids=AWAY)
def test_a_source_that_is_away_does_not_stop_the_others(
    centre: Path, command: Command, undisturbed: str, place: str, status: int, words: str
) -> None:
    """Mutants: the good source waits for the bad one; the failure is no failure to the scheduler."""
    assert command("watch", "--centre", centre, "--until", MONITORED[1].isoformat())[0] == 0
    with_source(centre, place)
    found, said = command("watch", "--centre", centre)
    assert (found, words in said) == (status, True)
    assert canonical(centre) == undisturbed


@pytest.mark.parametrize(("place", "status", "words"), AWAY.values(), ids=AWAY)
def test_a_first_run_needs_every_source(
    centre: Path, command: Command, place: str, status: int, words: str
) -> None:
    """Mutant: thresholds and mask are fixed without the source that is away."""
    with_source(centre, place)
    found, said = command("watch", "--centre", centre)
    assert (found, words in said, "the first run needs every source" in said) == (status, True, True)
    with open_centre(centre) as opened:
        assert not opened.store.select("looks")
        assert not opened.store.select("baselines")


def test_a_read_only_disk(disk: Callable[[str], Path], command: Command) -> None:
    place = disk("size=64m")
    write_tiny(place / "centre")
    disk("size=64m,ro")
    status, said = command("watch", "--centre", place / "centre")
    assert status == 4
    assert "Traceback" not in said
    assert "cannot be" in said
    status, said = command("status", "--centre", place / "centre")
    assert (status, "Traceback" in said) == (0, False)  # nothing was watched; asking writes nothing


def test_a_read_only_disk_under_a_centre_that_ran(disk: Callable[[str], Path], command: Command) -> None:
    place = disk("size=64m")
    folder = write_tiny(place / "centre", HISTORY + MONITORED[:-1])
    run(folder)
    before = canonical(folder)
    write_scene(folder, LAST)
    disk("size=64m,ro")
    status, said = command("watch", "--centre", folder)
    assert (status, "Traceback" in said) == (4, False)
    disk("size=64m,rw")
    assert canonical(folder) == before


def test_a_full_disk_loses_nothing(disk: Callable[[str], Path], command: Command, undisturbed: str) -> None:
    """A real disk, full at one place after another; with room again the run ends as if it never was."""
    place = disk("size=64m")
    folder = write_tiny(place / "centre")
    for size_kb in (900, 1200, 1600, 2000, 2400):
        disk(f"size={size_kb}k")
        status, said = command("watch", "--centre", folder)
        assert "Traceback" not in said
        if status:
            assert status == 4
            assert len([line for line in said.splitlines() if line.startswith("dosel:")]) == 1
    disk("size=64m")
    run(folder)
    assert canonical(folder) == undisturbed


def test_no_room_for_one_file_more(centre: Path, undisturbed: str) -> None:
    """The same without a disk of one's own: files may not grow beyond a bound, which is then lifted."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    words = [sys.executable, "-m", "dosel", "watch", "--centre", str(centre)]
    ended = subprocess.run(words, preexec_fn=bound, capture_output=True, text=True)
    assert ended.returncode == 4
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("dosel:") == 1
    run(centre)
    assert canonical(centre) == undisturbed


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, StacServer]]:
    """A centre whose scenes come from a STAC API by range requests, and the server."""
    offered = write_tiny(tmp_path / "offered", stac=True)
    with StacServer(offered, "stac/collection.json") as server:
        folder = tmp_path / "centre"
        write_settings(folder, f'kind = "stac-api"\nurl = "{server.url}"\nretries = 0')
        yield folder, server
        forget_open()


def test_a_watch_over_http_ends_as_over_files(served: tuple[Path, StacServer], undisturbed: str) -> None:
    """Budget: landing page, one page of items; each of two workers opens a scene and fetches its block."""
    folder, server = served
    assert run(folder).used == len(MONITORED)
    assert canonical(folder) == undisturbed
    rasters = sum(count for name, count in server.counts.items() if ".tif" in name)
    assert server.counts["GET /"] + server.counts["POST /search"] <= 2
    assert rasters <= 2 * 3 * len(HISTORY + MONITORED)
    server.reset()
    assert run(folder).used == 0
    assert not any(".tif" in name for name in server.counts)


class _Puller(Silent):
    """Pulls the cable in the middle of a stage."""

    def __init__(self, stage: str, after: int, pull: Callable[[], None]) -> None:
        self.stage, self.after, self.pull, self.now = stage, after, pull, ""

    def start(self, stage: str, total: int) -> None:
        self.now = stage

    def advance(self, steps: int = 1) -> None:
        if self.now == self.stage:
            self.after -= 1
            if self.after == 0:
                self.pull()


@pytest.mark.parametrize(("stage", "after"), [("search", 1), ("learn", 2), ("update", 3)])
def test_a_pulled_cable(tmp_path: Path, undisturbed: str, stage: str, after: int) -> None:
    """Mutants: a look is refused for good as its server was away; what was done before is done again."""
    offered, folder = write_tiny(tmp_path / "offered", stac=True), tmp_path / "centre"
    server = StacServer(offered, "stac/collection.json")
    write_settings(folder, f'kind = "stac-api"\nurl = "{server.url}"\nretries = 0')

    def pull() -> None:
        server.stop()
        forget_open()

    with open_centre(folder) as centre, server:
        listener = _Puller(stage, after, pull)
        if stage == "update":
            summary = watch(centre, progress=listener)
            assert (summary.used, summary.refused) == (3, [])
            assert "the next run tries again" in str(summary.failed["tiny"])
        else:
            with pytest.raises(SourceError, match="the next run tries again"):
                watch(centre, progress=listener)
        assert refused_list(centre.store) == ()
    port = int(server.url.rpartition(":")[2])
    with StacServer(offered, "stac/collection.json", port=port):
        subprocess.run(
            [sys.executable, "-m", "dosel", "watch", "--centre", folder], check=True
        )  # another night
    assert canonical(folder) == undisturbed


def test_a_server_that_cuts_its_answers_short(served: tuple[Path, StacServer], undisturbed: str) -> None:
    """A truncated download is trouble of the way, not of the scene."""
    folder, server = served
    for scene in ("2023-10-21", "2024-02-09"):
        server.fail(f"/files/scenes/{scene}.tif", Fault.TRUNCATED, method="GET")
    summary = run(folder)
    assert (summary.refused, summary.failed) == ([], {})
    assert canonical(folder) == undisturbed


def test_one_scene_that_never_answers_does_not_hold_up_the_rest(served: tuple[Path, StacServer]) -> None:
    """Mutant: every night the run waits at the same scene, for ever."""
    folder, server = served
    server.fail(f"/files/scenes/{MONITORED[3]}.tif", Fault.BROKEN, times=99)
    summary = run(folder)
    assert (summary.used, summary.failed) == (len(MONITORED) - 1, {})
    assert [one.refusal for one in summary.refused] == [Refusal.UNREADABLE]
    assert "HTTP 500" in summary.refused[0].detail


@pytest.mark.parametrize("query", ["", "?api_key={token}"])
def test_no_token_stays_in_a_centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """Mutants: a signed address in the database or in a sentence of the ledger, a token in a file or name."""
    word = "very-secret-word"
    monkeypatch.setenv("TINY_TOKEN", word)
    offered, folder = write_tiny(tmp_path / "offered", stac=True), tmp_path / "centre"
    cut(offered)
    with StacServer(offered, "stac/collection.json", token=word) as server:
        api = f'kind = "stac-api"\nurl = "{server.url}{query}"\nretries = 0\ntoken_env = "TINY_TOKEN"'
        write_settings(folder, api)
        assert [one.refusal for one in run(folder).refused] == [Refusal.TRUNCATED]
        forget_open()
    for path in folder.rglob("*"):
        assert word not in path.name
        assert path.is_dir() or word.encode() not in path.read_bytes()


def test_an_alert_outlives_every_fault(centre: Path) -> None:
    """The world of these tests has something to lose."""
    run(centre)
    with open_centre(centre) as opened:
        assert len(list_alerts(opened, AlertFilter())) == 1
