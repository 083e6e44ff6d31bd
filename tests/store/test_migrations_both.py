"""One migration, two databases: the same step with data in place; the server's schema as it is kept."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from tests.store.catalogue import GOLDEN, catalogue

from dosel.errors import StoreError
from dosel.store import gpkg, migrations, open_store
from dosel.store.migrations import FIRST_ON_SERVER, MIGRATIONS, VERSION, Migration
from dosel.store.postgis import dial
from dosel.store.postgis_schema import prepare
from dosel.testing.contracts import _growing_row, alert_row

STEP = Migration(
    VERSION + 1,
    "the peak of an alert, and a table for it",
    (
        "ALTER TABLE alerts ADD COLUMN peak DOUBLE",
        "UPDATE alerts SET peak = 2 * evidence",
        "ALTER TABLE verdicts ADD COLUMN place TEXT NOT NULL DEFAULT 'desk'",
        "CREATE TABLE peaks (fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, alert_id TEXT NOT NULL)",
        "INSERT INTO peaks (alert_id) SELECT id FROM alerts ORDER BY id",
    ),
    (
        "ALTER TABLE alerts ADD COLUMN peak double precision",
        "UPDATE alerts SET peak = 2 * evidence",
        "ALTER TABLE verdicts ADD COLUMN place text COLLATE \"C\" NOT NULL DEFAULT 'desk'",
        'CREATE TABLE peaks (fid bigserial PRIMARY KEY, alert_id text COLLATE "C" NOT NULL)',
        "INSERT INTO peaks (alert_id) SELECT id FROM alerts ORDER BY id",
    ),
)
AFTER = (*MIGRATIONS, STEP)
ASKED = (
    "SELECT id, evidence, peak, marking FROM alerts ORDER BY id",
    "SELECT alert_id, place FROM verdicts",
    "SELECT fid, alert_id FROM peaks ORDER BY fid",
    "SELECT value FROM meta WHERE key = 'schema_version'",
)


@pytest.fixture
def filled(gpkg_place, postgis_place):
    """Both databases with the same rows."""
    for place in (gpkg_place, postgis_place):
        with closing(open_store(place)) as store, store.transaction():
            store.insert("alerts", [alert_row("a"), alert_row("b") | {"evidence": 0.1 + 0.2}])
            store.insert("verdicts", [_growing_row("verdicts")])
    return gpkg_place, postgis_place


def test_a_step_changes_both_alike(filled):
    """Mutants: the server runs the file's statements or none; the step runs twice; rows are lost."""
    path, server = filled
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as file,
        closing(dial(server, 5.0)) as connection,
    ):
        gpkg._functions(file)
        for _ in range(2):
            migrations.prepare(file, path, AFTER)
            prepare(connection, server, AFTER)
        there = [connection.execute(question).fetchall() for question in ASKED]
        assert there == [file.execute(question).fetchall() for question in ASKED]
        assert there[0][1] == ("b", 0.1 + 0.2, 2 * (0.1 + 0.2), 3)
        assert there[3] == [(str(VERSION + 1),)]


def test_a_newer_schema_is_refused_and_left_alone(filled):
    """Mutant: an old program writes into what it does not understand."""
    _, server = filled
    with closing(dial(server, 5.0)) as connection:
        prepare(connection, server, AFTER)
        before = catalogue(connection, server.schema)
        with pytest.raises(StoreError, match=rf"newer program \(schema {VERSION + 1}"):
            open_store(server)
        assert catalogue(connection, server.schema) == before


def test_a_step_that_fails_leaves_the_old_version(filled):
    """Mutant: a statement commits by itself, so that a schema is left between two versions."""
    _, server = filled
    broken = (*AFTER, Migration(VERSION + 2, "fails", (), ("CREATE TABLE meta (again text)",)))
    with closing(dial(server, 5.0)) as connection:
        before = catalogue(connection, server.schema)
        with pytest.raises(Exception, match="already exists"):
            prepare(connection, server, broken)
        assert catalogue(connection, server.schema) == before
    with closing(open_store(server)) as store:
        assert len(store.select("alerts")) == 2


def test_many_make_a_schema_at_once(postgis_place):
    """Mutant: the schema is made without a lock."""
    with ThreadPoolExecutor(6) as pool:
        for store in pool.map(lambda _: open_store(postgis_place), range(6)):
            assert store.select("alerts") == []
            store.close()


def test_schema_of_the_server_is_the_golden_one(postgis_place):
    """Mutant: a table changed without a new version; an order of text that is not that of bytes."""
    open_store(postgis_place).close()
    with closing(dial(postgis_place, 5.0)) as connection:
        text = catalogue(connection, postgis_place.schema)
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_step_is_for_both():
    """Mutant: a step that forgets the server, which would then stay behind under the new number."""
    for step in MIGRATIONS:
        assert bool(step.on_server) == (step.version > FIRST_ON_SERVER), step.title
