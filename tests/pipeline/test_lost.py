"""What is lost or damaged in a centre: nothing starts afresh unsaid, and what can be made again is."""

import shutil

import pytest
from tests.pipeline.frontier import mark, run

from dosel.config import SETTINGS_FILE
from dosel.errors import StoreError
from dosel.pipeline.centre import DATABASE_FILE, open_centre
from dosel.pipeline.spine.watch import watch
from dosel.testing.tiny import HISTORY, MONITORED, write_tiny

READERS = (
    ("alerts",),
    ("recompute", "alert-1"),
    ("verdict", "alert-1", "--reject", "x", "--by", "y"),
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    place = write_tiny(tmp_path_factory.mktemp("lost") / "centre")
    run(place)
    return place


def files(place):
    """Return every file of a centre but the log of the database, with its content."""
    found = (path for path in place.rglob("*") if path.is_file())
    return {
        path.relative_to(place): path.read_bytes()
        for path in found
        if path.suffix not in (".gpkg-wal", ".gpkg-shm")
    }


@pytest.mark.parametrize("words", [*READERS, ("status",), ("watch", "--dry-run"), ("watch",)])
@pytest.mark.parametrize("left", [None, b"", b"x"])
def test_a_lost_database_is_not_a_new_centre(watched, frontier, tmp_path, command, words, left):
    """Mutants: a fresh database beside old states; an empty file counts as one."""
    place = frontier.copy_of(watched, tmp_path / "centre")
    for path in place.glob(f"{DATABASE_FILE}*"):
        path.unlink()
    if left is not None:
        (place / DATABASE_FILE).write_bytes(left)
    before = files(place)
    code, said = command(*words, "--centre", place)
    assert code == 4
    assert "restore it from a backup" in said
    assert "state/" in said
    assert files(place) == before


@pytest.mark.parametrize("words", READERS)
def test_who_only_reads_makes_no_database(tmp_path, command, words):
    """Mutant: a question to a centre that was never watched begins one."""
    place = write_tiny(tmp_path / "centre")
    before = files(place)
    code, said = command(*words, "--centre", place)
    assert (code, "nothing was watched yet" in said) == (2, True)
    assert files(place) == before


def test_a_dry_run_the_doctor_and_the_status_change_nothing(tmp_path, command):
    """Mutants: the database is made; changed rules are kept; the plan of a new centre is lost with it."""
    new, learnt = write_tiny(tmp_path / "new"), write_tiny(tmp_path / "learnt", HISTORY)
    run(learnt)
    write_tiny(learnt)
    with (learnt / SETTINGS_FILE).open("a") as settings:
        settings.write("[alerts]\nclose_days = 30\n")
    for place in (new, learnt):
        before = files(place)
        for words in (("watch", "--dry-run"), ("doctor",), ("status",)):
            code, said = command(*words, "--centre", place)
            assert code == 0, said
            assert ("2024-01-04" in said) == (words[0] == "watch")
        assert files(place) == before


def damage(place, how, tile=0):
    """Damage the state in force of a tile."""
    with open_centre(place) as centre:
        file = place / centre.store.select("tiles", order_by=("tile_id",))[tile]["file"]
    if how == "removed":
        shutil.rmtree(file)
    elif how == "cut":
        chunk = file / "evidence" / "c.0.0"
        chunk.write_bytes(chunk.read_bytes()[:-9])
    elif how == "header":
        (file / "zarr.json").write_text("{")
    else:
        other = next(path for path in file.parent.iterdir() if path != file)
        shutil.rmtree(file / "evidence")
        shutil.copytree(other / "evidence", file / "evidence")


@pytest.mark.parametrize("how", ["removed", "cut", "header", "taken from another step"])
def test_a_damaged_state_is_made_again(watched, frontier, tmp_path, command, how):
    """Mutants: the run stops; it goes on from a fresh tile; a checkpoint with the same file is taken."""
    place = frontier.copy_of(watched, tmp_path / "centre")
    whole = mark(place)
    shutil.rmtree(place / "scenes")
    with open_centre(place) as centre:
        last = max(row["step"] for row in centre.store.select("looks", {"status": 1}))
    damage(place, how)
    damage(place, "removed", tile=2)
    assert "The state of" in command("status", "--centre", place)[1]
    code, said = command("watch", "--centre", place)
    assert code == 2  # the source is gone too
    assert "The state of 2 tiles could not be read" in said
    assert mark(place) == whole
    with open_centre(place) as centre:
        runs = sorted(centre.store.select("runs"), key=lambda row: row["started"])
        assert [len(row["summary"]["mended"]) for row in runs] == [0, 2]
        assert 0 < runs[-1]["summary"]["again"] < last
    assert run(place).mended is None


def test_with_no_checkpoint_left_the_archive_makes_it_again(watched, frontier, tmp_path):
    """Mutants: no way back before the oldest checkpoint; a look that is gone is left out."""
    place = frontier.copy_of(watched, tmp_path / "centre")
    whole = mark(place)
    shutil.rmtree(place / "state")
    hidden = sorted((place / "looks").glob("*/*2024-01-28*"))[0]
    hidden.rename(tmp_path / "look")
    before = files(place / "looks")
    with open_centre(place) as centre, pytest.raises(StoreError, match=r"no longer kept.*restore state/"):
        watch(centre)
    assert files(place / "looks") == before
    (tmp_path / "look").rename(hidden)
    summary = run(place)
    assert summary.again == summary.used == len(MONITORED)
    assert mark(place) == whole
