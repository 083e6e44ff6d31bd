"""The doctor and the status: what a stranger reads when something is wrong, in the language of the centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.pipeline.conftest import Command
from tests.pipeline.frontier import run

from dosel.pipeline.centre import open_centre
from dosel.pipeline.doctor import examine
from dosel.stack.raster import forget_open
from dosel.testing.stacserver import StacServer
from dosel.testing.tiny import write_scene, write_settings, write_tiny


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "centre")


def bad(folder: Path, *levels: str) -> dict[str, str]:
    return {one.what: one.sentence for one in examine(folder) if one.level in (levels or ("bad",))}


def alter(folder: Path, old: str, new: str) -> None:
    path = folder / "dosel.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_sound_centre_is_sound(centre: Path, command: Command) -> None:
    run(centre)
    assert bad(centre, "warn", "bad") == {}
    status, said = command("doctor", "--centre", centre)
    assert status == 0
    for words in ("libraries: numpy", "database:", "schema", "disk:", "clock:", "6 tiles on EPSG:32719"):
        assert words in said
    assert not list(centre.glob(".doctor*"))


@pytest.mark.parametrize(("language", "words"), [("es", "MAL"), ("pt", "RUIM"), ("en", "BAD")])
def test_it_speaks_the_language_of_the_centre(
    centre: Path, command: Command, language: str, words: str
) -> None:
    """Also where the settings are otherwise wrong. Mutant: English for everybody."""
    alter(centre, 'language = "en"', f'language = "{language}"')
    alter(centre, "resolution_m = 10", "resolution_m = -10")
    status, said = command("doctor", "--centre", centre)
    assert (status, words in said, "area.resolution_m" in said) == (1, True, True)


MISTAKES: list[tuple[str, str, str]] = [
    ("start = 2024-01-01", "start = 2099-01-01", "lies in the future"),
    ("[resources]", "[retain]\nlooks_days = 10\n[resources]", "late looks cannot be used"),
    ("[resources]", "[alerts]\nmin_area_ha = 0.001\n[resources]", "less than one pixel"),
    ("min_history_looks = 3", "min_history_looks = 3\nhistory_days = 20", "compared with the forest around"),
    ('licence = "CC0-1.0"', "", "nothing made from it can be released"),
    ("revisit_days = 12", "revisit_days = 0.00001", "lower retain.looks_days"),
    ("resolution_m = 10\nrevisit", "resolution_m = 90\nrevisit", "much larger than those of the grid"),
]


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES, ids=[row[2] for row in MISTAKES])
def test_settings_that_do_not_go_together(centre: Path, old: str, new: str, words: str) -> None:
    alter(centre, old, new)
    assert any(words in sentence for sentence in bad(centre, "warn").values())


def test_a_missing_path_and_a_missing_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(tmp_path / "lost")
    assert "it does not exist; mend path or plug in the disk" in bad(tmp_path / "lost")["tiny"]
    monkeypatch.delenv("TINY_TOKEN", raising=False)
    write_settings(tmp_path / "api", 'kind = "stac-api"\nurl = "https://host/stac"\ntoken_env = "TINY_TOKEN"')
    assert "TINY_TOKEN is not set" in bad(tmp_path / "api")["tiny"]


def test_a_clock_that_went_back(centre: Path) -> None:
    run(centre)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    with open_centre(centre) as opened, opened.store.transaction():
        row = opened.store.select("looks", limit=1)[0]
        opened.store.upsert("looks", [row | {"acquired": tomorrow}])
    assert "before the newest look" in bad(centre)["clock"]


def test_a_folder_that_cannot_be_written(disk: Callable[[str], Path]) -> None:
    place = disk("size=64m")
    write_tiny(place / "centre")
    disk("size=64m,ro")
    assert "cannot be written (Read-only file system)" in bad(place / "centre")["folder"]


def test_no_centre_at_all(tmp_path: Path, command: Command) -> None:
    status, said = command("doctor", "--centre", tmp_path / "nowhere")
    assert (status, "Traceback" in said, "dosel init" in said) == (1, False, True)


def test_live_reads_a_real_scene(tmp_path: Path) -> None:
    """Mutants: a dead source is good; a scene is announced and not read."""
    offered = write_tiny(tmp_path / "offered", [(datetime.now(UTC) - timedelta(days=2)).date()], stac=True)
    folder = tmp_path / "centre"
    with StacServer(offered, "stac/collection.json") as server:
        write_settings(folder, f'kind = "stac-api"\nurl = "{server.url}"\nretries = 0')
        found = {one.what: one for one in examine(folder, live=True)}["tiny"]
        assert (found.level, "read whole" in found.sentence) == ("good", True)
        rasters = [name for name in server.counts.elements() if ".tif" in name]
        size = next((offered / "scenes").glob("*.tif")).stat().st_size
        assert f"6 tiles, {size:,} bytes in {len(rasters)} requests" in found.sentence
        forget_open()
    again = {one.what: one for one in examine(folder, live=True)}["tiny"]
    assert (again.level, "did not answer" in again.sentence) == ("bad", True)


def test_status_says_what_is_stale_and_what_to_do(centre: Path, command: Command) -> None:
    status, said = command("status", "--centre", centre)
    assert (status, "never seen" in said) == (0, True)
    run(centre)
    write_scene(centre, datetime(2099, 1, 1, tzinfo=UTC).date())
    run(centre)
    status, said = command("status", "--centre", centre)
    assert status == 0
    for words in ("STALE: no look for", "no alerts does not mean intact forest", "dosel doctor --live"):
        assert words in said
    assert "acquired after the present" in said
