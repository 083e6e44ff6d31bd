"""What is lost or damaged in a centre: nothing starts afresh unsaid, and what can be made again is."""

import pytest
from tests.pipeline.frontier import run

from dosel.config import SETTINGS_FILE
from dosel.pipeline.centre import DATABASE_FILE
from dosel.testing.tiny import HISTORY, write_tiny

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
