"""Migrations: with data in place, a copy before, and never by an older program."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dosel.errors import StoreError
from dosel.store import migrations, open_store
from dosel.store.migrations import MIGRATIONS, VERSION, Migration, prepare
from dosel.testing.contracts import alert_row

GOLDEN = Path(__file__).parent / "golden"
STEPS = (
    *MIGRATIONS,
    Migration(VERSION + 1, "add a column", ("ALTER TABLE looks ADD COLUMN note TEXT NOT NULL DEFAULT ''",)),
    Migration(
        VERSION + 2, "and fill another table", ("INSERT INTO meta (key, value) VALUES ('third', 'yes')",)
    ),
)
NEWEST = str(VERSION + 2)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "centre.gpkg"
    with closing(open_store(path)) as store, store.transaction():
        store.insert("alerts", [alert_row("a")])
    return path


def plain(path):
    return closing(sqlite3.connect(path, isolation_level=None))


def schema(path):
    with plain(path) as db:
        rows = db.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
        ).fetchall()
    return "".join(f"{sql};\n" for (sql,) in rows)


def test_schema_is_the_golden_one_of_its_version(path):
    """Mutant: a table changed without a new version. A version needs its golden file and migration."""
    assert schema(path) == (GOLDEN / f"schema-{VERSION}.sql").read_text(encoding="utf-8")


def test_every_old_version_comes_to_the_newest_schema(path, tmp_path):
    """Mutants: a migrated file differs from a new one; its rows are lost on the way."""
    for version in range(1, VERSION + 1):
        old = tmp_path / f"old-{version}.gpkg"
        with plain(old) as db:
            for statement in _statements((GOLDEN / f"schema-{version}.sql").read_text(encoding="utf-8")):
                db.execute(statement)
            db.execute("INSERT INTO meta (key, value) VALUES ('schema_version', ?)", (str(version),))
            db.execute("INSERT INTO sources (id, name, origin, licence) VALUES ('s', 'a', 'b', 'c')")
        with closing(open_store(old)) as store:
            kept = {"id": "s", "name": "a", "origin": "b", "licence": "c", "marking": 3}
            assert store.select("sources") == [kept]
        assert schema(old) == schema(path)


def _statements(text):
    """Yield whole statements; what SQLite itself makes (shadow tables, sequences) is left out."""
    statement, virtual = "", []
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            name = statement.split()[2].strip("'\"")
            if statement.startswith("CREATE VIRTUAL") or (
                not name.startswith(("sqlite_", "rtree_")) or "TRIGGER" in statement
            ):
                virtual.append(statement)
            statement = ""
    order = ("CREATE TABLE", "CREATE VIRTUAL", "CREATE INDEX", "CREATE TRIGGER")
    return sorted(virtual, key=lambda s: [s.startswith(o) for o in order].index(True))


def test_data_stay_and_a_copy_is_made(path, monkeypatch):
    """Mutants: the version is not stamped; steps run twice; the copy is made after, or not at all."""
    with plain(path) as db:
        prepare(db, path, STEPS)
        assert db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (NEWEST,)
        assert db.execute("SELECT id FROM alerts").fetchall() == [("a",)]
        prepare(db, path, STEPS)
        assert db.execute("SELECT count(*) FROM meta WHERE key = 'third'").fetchone() == (1,)
    with plain(path.with_name(f"centre.gpkg.schema-{VERSION}.bak")) as copy:
        assert copy.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (
            str(VERSION),
        )
        assert copy.execute("SELECT id FROM alerts").fetchall() == [("a",)]


def test_only_the_missing_steps_run(path):
    with plain(path) as db:
        prepare(db, path, STEPS[:-1])
        prepare(db, path, STEPS)
        assert db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (NEWEST,)


def test_a_newer_file_is_refused_and_left_alone(path):
    """Mutant: an old program writes into what it does not understand."""
    with plain(path) as db:
        prepare(db, path, STEPS)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=rf"newer program \(schema {NEWEST}, this one knows {VERSION}\)"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_step_that_fails_leaves_the_old_version(path):
    """Mutant: one transaction for each step or none, so that a file is left between two versions."""
    broken = (*STEPS, Migration(VERSION + 3, "fails", ("CREATE TABLE meta (again TEXT)",)))
    with plain(path) as db:
        with pytest.raises(sqlite3.OperationalError):
            prepare(db, path, broken)
        assert not db.in_transaction
    with closing(open_store(path)) as store:
        assert store.select("meta", {"key": "schema_version"}, columns=["value"]) == [{"value": str(VERSION)}]
    with plain(path) as db:
        assert "note" not in [row[1] for row in db.execute("PRAGMA table_info(looks)")]


def test_versions_are_numbered_without_gaps():
    assert [step.version for step in migrations.MIGRATIONS] == list(range(2, VERSION + 1))
