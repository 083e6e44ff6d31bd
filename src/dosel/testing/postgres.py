"""A private PostgreSQL with PostGIS for tests: in a temporary folder, heard on a socket, gone at the end.

Import the fixtures where the tests of a folder can see them (``conftest.py``)::

    from dosel.testing.postgres import postgis_place, private_server

Where there is no PostgreSQL the tests skip and say why; with ``DOSEL_TESTS_MAY_NOT_SKIP=1`` they fail.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from dosel.config.place import Server
from dosel.errors import DoselError

MAY_NOT_SKIP: Final = "DOSEL_TESTS_MAY_NOT_SKIP"
DATABASE: Final = "dosel"
DEBIAN: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps its versions."""
_ORDERS: Final = (("--locale-provider=icu", "--icu-locale=es"), ())
"""A language's order of text, which differs from that of bytes, where the server knows one."""
_SETTINGS: Final = {
    "listen_addresses": "",
    "fsync": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "autovacuum": "off",
}


class NoServerError(DoselError):
    """A private server cannot be made here; the sentence says why."""


@dataclass(slots=True)
class PrivateServer:
    """One server process of ours and its data."""

    folder: Path
    binaries: Path
    owner: str | None
    """User that runs it where we are root, which PostgreSQL refuses to be."""
    process: subprocess.Popen[bytes] | None = field(default=None)

    def place(self, schema: str | None = None, *, database: str = DATABASE, user: str = DATABASE) -> Server:
        """Return a schema of this server, by default one that nobody else has."""
        url = f"postgresql://{user}@/{database}?host={self.folder}"
        return Server(url, schema or f"t{uuid.uuid4().hex[:12]}")

    def start(self, **settings: str) -> None:
        """Start the process and wait until it answers."""
        told = [f"--{name}={value}" for name, value in {**_SETTINGS, **settings}.items()]
        command = (
            str(self.binaries / "postgres"),
            "-D",
            f"{self.folder}/data",
            "-k",
            f"{self.folder}",
            *told,
        )
        with (self.folder / "log").open("ab") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, **_as(self.owner)
            )
        self.process = process
        deadline = time.monotonic() + 60
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoServerError(f"the server did not start: {(self.folder / 'log').read_text()[-500:]}")
            time.sleep(0.02)

    def start_again(self, **settings: str) -> None:
        """Start after a death; the processes of the dead one may need a moment to see that it is gone."""
        for _ in range(100):
            try:
                return self.start(**settings)
            except NoServerError:
                time.sleep(0.1)
        return self.start(**settings)

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """End the process: at once (SIGQUIT), politely (SIGINT), or as a machine does that dies (SIGKILL)."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def run(self, statement: str, *, database: str = DATABASE) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser; return its rows."""
        import psycopg

        with psycopg.connect(self.place(database=database).url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _answers(self) -> bool:
        ready = (str(self.binaries / "pg_isready"), "-q", "-h", str(self.folder), "-d", "template1")
        return subprocess.run(ready, check=False).returncode == 0


def make_server() -> PrivateServer:
    """Make and start a server with one database that has PostGIS.

    Raises
    ------
    NoServerError
        If PostgreSQL or PostGIS is not installed, or does not start.
    """
    if importlib.util.find_spec("psycopg") is None:
        raise NoServerError("psycopg is not installed; install dosel[postgis]")
    binaries, owner = _binaries(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="dosel-pg."))
    if owner is not None:
        shutil.chown(folder, owner)
    server = PrivateServer(folder, binaries, owner)
    try:
        _initialise(server)
        server.start()
        server.run(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'", database="postgres")
        _extend(server)
    except BaseException:
        remove_server(server)
        raise
    return server


def remove_server(server: PrivateServer) -> None:
    """End a server and remove its data."""
    server.stop()
    for _ in range(100):
        shutil.rmtree(server.folder, ignore_errors=True)
        if not server.folder.exists():
            return
        time.sleep(0.05)  # its last processes may still be writing


@pytest.fixture(scope="session")
def private_server() -> Iterator[PrivateServer]:
    """Give one private server to all tests of a process."""
    try:
        server = make_server()
    except NoServerError as error:
        absent(str(error), os.environ)
    yield server
    remove_server(server)


def absent(why: str, environ: Mapping[str, str]) -> NoReturn:
    """Skip a test and say why, or fail it where nothing may be skipped."""
    if environ.get(MAY_NOT_SKIP) == "1":
        pytest.fail(f"PostGIS must be here: {why}")
    pytest.skip(f"no PostGIS here: {why}")


@pytest.fixture
def postgis_place(private_server: PrivateServer) -> Server:
    """Give a schema of its own, which is not made yet."""
    return private_server.place()


def _initialise(server: PrivateServer) -> None:
    said = b""
    for order in _ORDERS:
        shutil.rmtree(server.folder / "data", ignore_errors=True)
        command: Sequence[str | Path] = (
            server.binaries / "initdb",
            *("-D", server.folder / "data", "-U", DATABASE, "-A", "trust", "-E", "UTF8"),
            *("--no-sync", "--locale=C.UTF-8", *order),
        )
        made = subprocess.run(
            command, capture_output=True, check=False, cwd=server.folder, **_as(server.owner)
        )
        if made.returncode == 0:
            return
        said = made.stderr
    raise NoServerError(f"initdb failed: {said.decode(errors='replace').strip()[-300:]}")


def _extend(server: PrivateServer) -> None:
    import psycopg

    try:
        server.run("CREATE EXTENSION postgis")
    except psycopg.Error as error:
        raise NoServerError(f"PostgreSQL is here, PostGIS is not ({error}); install both") from error


def _binaries() -> Path:
    """Return the folder of initdb and postgres: that of pg_config, of the path, or Debian's newest."""
    told, found = "", shutil.which("initdb")
    if (asked := shutil.which("pg_config")) is not None:
        told = subprocess.run([asked, "--bindir"], check=False, capture_output=True, text=True).stdout.strip()
    debian = sorted(DEBIAN.glob("*/bin"), reverse=True)
    places = [told, *([str(Path(found).resolve().parent)] if found else []), *map(str, debian)]
    for place in map(Path, filter(None, places)):
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise NoServerError("PostgreSQL is not installed (no initdb found); install it with PostGIS")


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise NoServerError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _as(owner: str | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}
