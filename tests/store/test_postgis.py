"""The store on a server: what is its own, and one sentence for each trouble, without a secret."""

# ruff: noqa: S608 - statements of constants

import logging
import signal
import subprocess
import sys
import threading
import traceback
from contextlib import closing

import pytest

from dosel.config.place import Server
from dosel.errors import InputError, MissingExtraError, StoreError
from dosel.store import has_store, open_store
from dosel.store.postgis import dial
from dosel.testing.contracts import alert_row
from dosel.testing.postgres import make_server, remove_server

SECRET = "open-sesame-42"  # noqa: S105 - not a real one


@pytest.fixture
def store(postgis_place):
    with closing(open_store(postgis_place)) as store:
        yield store


@pytest.fixture
def own_server(private_server):
    """A server that may be killed; the shared one is asked for first, and skips where there is none."""
    server = make_server()
    yield server
    remove_server(server)


def put(store, **pairs):
    with store.transaction():
        store.upsert("meta", [{"key": key, "value": value} for key, value in pairs.items()])


def value(store, key):
    rows = store.select("meta", {"key": key}, columns=["value"])
    return rows[0]["value"] if rows else None


def test_nothing_is_made_by_asking(postgis_place, private_server):
    """Mutant: has_store or create=False makes the schema."""
    assert not has_store(postgis_place)
    with pytest.raises(StoreError, match="no centre in this schema"):
        open_store(postgis_place, create=False)
    assert (postgis_place.schema,) not in private_server.run("SELECT nspname FROM pg_namespace")
    open_store(postgis_place).close()
    assert has_store(postgis_place)


def test_two_schemas_share_a_database_and_nothing_else(private_server):
    """Mutants: tables of the first schema on the path are used; one lock for all centres."""
    with (
        closing(open_store(private_server.place())) as one,
        closing(open_store(private_server.place())) as two,
    ):
        with one.transaction():
            one.insert("meta", [{"key": "a", "value": "1"}])
            put(two, a="2")
        assert (value(one, "a"), value(two, "a")) == ("1", "2")


def test_other_tables_are_refused_and_left_alone(postgis_place, private_server):
    """Mutant: our tables are put among somebody's own."""
    private_server.run(f"CREATE SCHEMA {postgis_place.schema} CREATE TABLE meta (key text, value text)")
    with pytest.raises(StoreError, match="got other tables; name another schema"):
        open_store(postgis_place)
    tables = f"SELECT tablename FROM pg_tables WHERE schemaname = '{postgis_place.schema}'"
    assert private_server.run(tables) == [("meta",)]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET marking = 1", "DELETE FROM {}", "TRUNCATE {}"],
)
@pytest.mark.parametrize("table", ["verdicts", "releases", "alert_events", "airstrip_events"])
def test_what_only_grows_is_guarded_on_the_server(postgis_place, private_server, table, statement):
    """Mutant: the guard stands in our Python alone, or forgets TRUNCATE, which fires no trigger of rows."""
    import psycopg

    from dosel.testing.contracts import _growing_row

    with closing(open_store(postgis_place)) as store:
        if table != "airstrip_events":
            with store.transaction():
                store.insert(table, [_growing_row(table)])
        else:
            row = {"airstrip_id": "a", "event": "found", "day": 1, "source": "s", "person": "p", "detail": {}}
            with store.transaction():
                store.insert(table, [row])
        with pytest.raises(psycopg.errors.RaiseException, match=f"{table} only grows"):
            private_server.run(statement.format(f"{postgis_place.schema}.{table}"))
        assert len(store.select(table)) == 1


def test_the_spatial_index_is_used(store):
    """Mutant: a query by box that reads every row."""
    rows = [alert_row(f"a{i}", -70 + (i % 50) * 0.01, -13 + i // 50 * 0.01, 0.001) for i in range(2000)]
    with store.transaction():
        store.insert("alerts", rows)
    store._connection.exec_driver_sql("ANALYZE alerts")
    sql = store._near(store_table("alerts"), (-70.0, -13.0, -69.99, -12.99)).select()
    from sqlalchemy import text
    from sqlalchemy.dialects import postgresql

    plan = store._connection.execute(
        text(
            "EXPLAIN "
            + str(sql.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
        )
    ).fetchall()
    assert "alerts_geometry" in "\n".join(row[0] for row in plan)


def store_table(name):
    from dosel.store.tables import TABLES

    return TABLES[name]


def test_durable_settings(store):
    """Mutant: a server that commits to memory alone is taken as it is."""
    ask = store._connection.exec_driver_sql
    assert ask("SHOW synchronous_commit").scalar() != "off"
    assert ask("SHOW idle_in_transaction_session_timeout").scalar() == "0"


def test_a_busy_server_says_so(postgis_place):
    """Mutant: a second writer waits for ever, or reads wait too."""
    with (
        closing(open_store(postgis_place)) as one,
        closing(open_store(postgis_place, busy_timeout_s=0.05)) as two,
    ):
        with one.transaction():
            with pytest.raises(StoreError, match="another process is writing"), two.transaction():
                pass
            assert two.select("alerts") == []
        put(two, a="1")
        assert value(one, "a") == "1"


def test_writers_in_any_order_never_deadlock(postgis_place):
    """Mutant: rows are locked one by one, so that two that write a, b and b, a stop each other."""
    stores = [open_store(postgis_place), open_store(postgis_place)]
    barrier, errors = threading.Barrier(2), []

    def write(store, names):
        try:
            barrier.wait(20)
            for _ in range(20):
                with store.transaction():
                    for name in names:
                        store.upsert("meta", [{"key": name, "value": names}])
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=write, args=pair) for pair in zip(stores, ("ab", "ba"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    for store in stores:
        store.close()


def terminate_all(private_server):
    private_server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dosel'"
        " AND pid <> pg_backend_pid()"
    )


def test_a_connection_lost_between_blocks_is_made_again(store, private_server):
    """Mutants: the store is dead after a restart of the server; the new connection has no schema or lock."""
    put(store, a="1")
    terminate_all(private_server)
    assert value(store, "a") == "1"
    terminate_all(private_server)
    put(store, b="2")
    assert value(store, "b") == "2"


def test_a_connection_lost_within_a_block_undoes_it(store, private_server):
    """Mutant: the block goes on over a new connection, and its second half alone is kept."""

    def lose():
        store.insert("meta", [{"key": "a", "value": "1"}])
        terminate_all(private_server)
        store.insert("meta", [{"key": "b", "value": "1"}])

    with pytest.raises(StoreError, match="connection to the server was lost"), store.transaction():
        lose()
    assert (value(store, "a"), value(store, "b")) == (None, None)
    put(store, c="3")
    assert value(store, "c") == "3"


def test_a_server_that_dies_loses_nothing(own_server):
    """Mutants: what was committed is gone, what was not is there, the store needs to be opened anew."""
    with closing(open_store(own_server.place("c"))) as store:

        def lose():
            store.insert("meta", [{"key": "lost", "value": "1"}])
            own_server.stop(signal.SIGKILL)
            store.insert("meta", [{"key": "lost too", "value": "1"}])

        put(store, before="kept")
        with pytest.raises(StoreError, match="connection to the server was lost"), store.transaction():
            lose()
        with pytest.raises(StoreError, match=r"cannot be reached|starting or stopping"):
            put(store, after="1")
        own_server.start_again()
        assert (value(store, "before"), value(store, "lost")) == ("kept", None)
        put(store, after="1")
        assert value(store, "after") == "1"


def test_a_full_disk_undoes_and_says_so(store, postgis_place, private_server, small_disk):
    """Mutant: half of a transaction stays, or the store cannot be used afterwards."""
    space = f"s_{postgis_place.schema}"
    private_server.run(f"CREATE TABLESPACE {space} LOCATION '{small_disk}'")
    private_server.run(f"ALTER TABLE {postgis_place.schema}.looks SET TABLESPACE {space}")
    private_server.run(f"ALTER TABLE {postgis_place.schema}.meta SET TABLESPACE {space}")
    rows = [{"key": f"k{i}", "value": "x" * 1500} for i in range(6000)]
    with pytest.raises(StoreError, match="the disk of the server is full") as caught, store.transaction():
        store.insert("meta", rows)
    assert "\n" not in str(caught.value)
    assert len(store.select("meta")) == 1
    put(store, a="1")
    private_server.run(f"ALTER TABLE {postgis_place.schema}.meta SET TABLESPACE pg_default")
    private_server.run(f"ALTER TABLE {postgis_place.schema}.looks SET TABLESPACE pg_default")
    private_server.run(f"DROP TABLESPACE {space}")


@pytest.fixture
def small_disk(private_server):
    """Eight megabytes that the server may use."""
    import os
    import shutil

    if os.geteuid() != 0:
        pytest.skip("only the superuser can mount a small disk")
    place = private_server.folder / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True)
    if made.returncode:
        pytest.skip(f"a disk cannot be mounted here: {made.stderr.decode().strip()}")
    shutil.chown(place, private_server.owner)
    place.chmod(0o700)
    yield place
    subprocess.run(["umount", place], check=True)


def told(place):
    """Return all that an error on opening shows: its sentence, its causes, its values."""
    with pytest.raises(StoreError) as caught:
        open_store(place)
    whole = "".join(traceback.format_exception(caught.value))
    assert SECRET not in whole
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_server_says_so(tmp_path):
    """Mutant: the words of the library, in many lines, with what it was given."""
    pytest.importorskip("psycopg")
    said = told(Server(f"postgresql://ana@/x?host={tmp_path}", "s", SECRET))
    assert said.startswith("postgresql://ana@/x (schema s): the server cannot be reached")
    assert "cannot be reached" in told(Server("postgresql://ana@localhost:1/x", "s", SECRET))


def test_no_database_and_no_user_say_so(private_server):
    assert "no such database" in told(private_server.place(database="nowhere"))
    assert "no such database or user" in told(private_server.place(user="nobody"))


def test_no_postgis_says_so(private_server):
    private_server.run("CREATE DATABASE bare TEMPLATE template0 ENCODING 'UTF8'")
    assert "run CREATE EXTENSION postgis in it" in told(private_server.place(database="bare"))


def test_another_encoding_says_so(private_server):
    """Mutant: text is sorted by other bytes, or refused at the first letter that the encoding lacks."""
    private_server.run(
        "CREATE DATABASE old TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc"
    )
    assert "expected a database in UTF8, got SQL_ASCII" in told(private_server.place(database="old"))


def test_no_rights_say_so(private_server, postgis_place):
    """Mutants: the raw words; a schema that a superuser made is not used by one who may."""
    private_server.run("DROP ROLE IF EXISTS guest")
    private_server.run("CREATE ROLE guest LOGIN")
    guest = private_server.place(postgis_place.schema, user="guest")
    assert "grant USAGE and CREATE on the schema" in told(guest)
    private_server.run(f"CREATE SCHEMA {postgis_place.schema} AUTHORIZATION guest")
    with closing(open_store(guest)) as store:
        put(store, a="1")
    private_server.run(f"DROP SCHEMA {postgis_place.schema} CASCADE")
    private_server.run("DROP ROLE guest")


def test_a_wrong_password_says_so_and_the_right_one_enters(
    private_server, postgis_place, monkeypatch, caplog
):
    """Mutants: the password is shown in an error, a log, the place; PGPASSWORD is not heard."""
    caplog.set_level(logging.DEBUG)
    private_server.run("DROP ROLE IF EXISTS locked")
    private_server.run(f"CREATE ROLE locked LOGIN SUPERUSER PASSWORD '{SECRET}'")
    rules = private_server.folder / "data" / "pg_hba.conf"
    rules.write_text("local all locked scram-sha-256\n" + rules.read_text())
    private_server.run("SELECT pg_reload_conf()")
    url = private_server.place(user="locked").url
    wrong = Server(url, postgis_place.schema, SECRET[::-1])
    assert "password is wrong or missing" in told(wrong)
    assert "password is wrong or missing" in told(Server(url, postgis_place.schema))
    for place, outside in (
        (Server(url, postgis_place.schema, SECRET), ""),
        (Server(url, postgis_place.schema), SECRET),
    ):
        monkeypatch.setenv("PGPASSWORD", outside)
        with closing(open_store(place)) as store:
            put(store, a="1")
            shown = (store.place, str(place), repr(place), repr(store), repr(store._engine.url), caplog.text)
            with pytest.raises(StoreError) as caught, store.transaction():
                store.insert("meta", [{"key": "a", "value": "2"}])
            assert not any(
                SECRET in one for one in (*shown, "".join(traceback.format_exception(caught.value)))
            )


def test_postgis_elsewhere_than_public(private_server):
    """Mutant: the functions of PostGIS are looked for in public."""
    private_server.run("CREATE DATABASE tidy TEMPLATE template0 ENCODING 'UTF8'")
    private_server.run('CREATE SCHEMA "Gis x"', database="tidy")
    private_server.run('CREATE EXTENSION postgis SCHEMA "Gis x"', database="tidy")
    with closing(open_store(private_server.place(database="tidy"))) as store:
        with store.transaction():
            store.insert("alerts", [alert_row("a")])
        assert len(store.select("alerts", bbox=(-70.0, -13.0, -69.0, -12.0))) == 1


def test_a_url_with_a_password_is_refused(monkeypatch):
    with pytest.raises(InputError, match="must hold no password") as caught:
        open_store(f"postgresql://ana:{SECRET}@db.example.org/frontier")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_without_the_library_one_sentence(monkeypatch):
    """Mutant: an ImportError with a traceback."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'dosel\[postgis\]'"):
        open_store("postgresql://db.example.org/frontier")


def test_lock_timeouts_do_not_outlive_a_connection(postgis_place):
    """Mutant: the session's settings are made once, not on every connection."""
    with closing(dial(postgis_place, 7.0)) as connection:
        assert connection.execute(b"SHOW lock_timeout").fetchone() == ("7s",)
