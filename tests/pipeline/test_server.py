"""The whole spine with its database on a server: the same numbers, the same answers, the same refusals."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.kills import CONTEXT, _watch, kill_once, progress_of
from tests.pipeline.frontier import run

from dosel.config import SETTINGS_FILE
from dosel.config.place import Server
from dosel.errors import InputError, StoreError
from dosel.pipeline.centre import open_centre
from dosel.testing.postgres import PrivateServer, make_server, remove_server
from dosel.testing.tiny import canonical, write_tiny

FILES = 114
"""Files that a run of the tiny centre makes, about."""
STEPS = 3
Command = Callable[..., tuple[int, str]]


def move_to(server: Server, folder: Path) -> Path:
    """Write into the settings of a centre that its database is on a server."""
    path = folder / SETTINGS_FILE
    told = f'[store]\nurl = "{server.url}"\nschema = "{server.schema}"\n'
    path.write_text(told + path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture
def centre(tmp_path: Path, postgis_place: Server) -> Path:
    return move_to(postgis_place, write_tiny(tmp_path / "centre"))


def test_states_and_alerts_are_those_of_the_file(centre: Path, undisturbed: str) -> None:
    """Mutants: order, rounding or a type differs; a file is made beside the server."""
    run(centre)
    assert canonical(centre) == undisturbed
    assert not list(centre.glob("centre.gpkg*"))
    assert run(centre).events.total() == 0


def test_everything_a_person_asks(centre: Path, tmp_path: Path, command: Command) -> None:
    """Mutant: a command looks for the file. Oracle: what the same command says with the file."""
    twin = write_tiny(tmp_path / "twin")
    for words in (["status"], ["watch", "--dry-run"], ["watch"], ["status"], ["alerts"], ["watch"]):
        told = [command(*words, "--centre", folder) for folder in (centre, twin)]
        assert told[0][0] == told[1][0] == 0, told
        if words[0] in {"alerts", "status"}:
            assert told[0] == told[1]
    _, said = command("doctor", "--centre", centre)
    assert "it opens, schema 4" in " ".join(said.split())


def test_nothing_is_made_by_looking(
    centre: Path, postgis_place: Server, private_server, command: Command
) -> None:
    """Mutant: `dosel status` before the first watch makes the tables."""
    code, _ = command("status", "--centre", centre)
    assert code == 0
    _, said = command("doctor", "--centre", centre)
    assert "has PostGIS" in said
    code, said = command("alerts", "--centre", centre)
    assert code == 2
    assert "dosel watch" in said
    found = private_server.run("SELECT nspname FROM pg_namespace")
    assert (postgis_place.schema,) not in found


def test_states_without_their_database_are_refused(
    centre: Path, private_server, postgis_place: Server
) -> None:
    """Mutant: a schema that is gone is taken for a new centre."""
    run(centre)
    private_server.run(f'DROP SCHEMA "{postgis_place.schema}" CASCADE')
    with pytest.raises(StoreError, match=r"is missing or empty, but state/.* belong to it"):
        open_centre(centre)


def test_another_centre_in_the_schema_is_refused(centre: Path, tmp_path: Path, postgis_place: Server) -> None:
    """Mutant: two centres write into one schema."""
    open_centre(centre).store.close()
    other = move_to(postgis_place, write_tiny(tmp_path / "other"))
    path = other / SETTINGS_FILE
    path.write_text(path.read_text().replace("tile_px = 24", "tile_px = 48"))
    with pytest.raises(InputError, match="name another schema"):
        open_centre(other)


def test_a_killed_run_is_carried_on(centre: Path, undisturbed: str) -> None:
    """Mutants: a killed client's lock stays; half of a commit is kept; a look is folded twice."""
    random = Random(5)
    killed = [kill_once(centre, random, 12) for _ in range(STEPS)]
    assert any(killed)
    run(centre)
    assert canonical(centre) == undisturbed


@pytest.mark.parametrize("share", [0.4, 0.8])
def test_a_server_that_dies_under_a_run_is_carried_on(
    tmp_path: Path, private_server: PrivateServer, undisturbed: str, share: float
) -> None:
    """Mutants: the run goes on over a new connection after half a block; states and database part ways."""
    server = make_server()
    try:
        centre = move_to(server.place("c"), write_tiny(tmp_path / "centre"))
        process = CONTEXT.Process(target=_watch, args=(str(centre),))
        process.start()
        while process.is_alive() and progress_of(centre) < share * FILES:
            time.sleep(0.002)
        server.stop(signal.SIGKILL)
        process.join(120)
        assert process.exitcode == 1
        server.start_again()
        run(centre)
        assert canonical(centre) == undisturbed
    finally:
        remove_server(server)


def test_a_centre_moves_to_a_server_and_back(
    tmp_path: Path, postgis_place: Server, undisturbed: str, command: Command
) -> None:
    """Mutants: a table is left out, events in another order, a second copy on top of the first."""
    folder = write_tiny(tmp_path / "centre")
    assert command("store", "copy", "--centre", folder)[0] == 2
    run(folder)
    told = [command("alerts", "--centre", folder)]
    settings = (folder / SETTINGS_FILE).read_text(encoding="utf-8")
    move_to(postgis_place, folder)
    assert "would be copied" in command("store", "copy", "--dry-run", "--centre", folder)[1]
    code, said = command("store", "copy", "--centre", folder)
    assert (code, "the original stays" in " ".join(said.split())) == (0, True), said
    code, said = command("store", "copy", "--centre", folder)
    assert (code, "expected an empty store" in said) == (4, True), said
    (folder / "centre.gpkg").unlink()
    assert canonical(folder) == undisturbed
    told.append(command("alerts", "--centre", folder))
    assert run(folder).events.total() == 0
    assert command("store", "copy", "--back", "--centre", folder)[0] == 0
    (folder / SETTINGS_FILE).write_text(settings, encoding="utf-8")
    assert canonical(folder) == undisturbed
    assert told == [command("alerts", "--centre", folder)] * 2
