"""A schema on a server is made at the newest version, or taken there with the data in place.

Everything happens in one transaction that holds the writers' lock; a step that fails leaves the old version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from dosel.config.place import Server
from dosel.errors import StoreError
from dosel.store import postgis_layout
from dosel.store.migrations import FIRST_ON_SERVER, MIGRATIONS, Migration, newer
from dosel.store.tables import TABLES

if TYPE_CHECKING:
    from psycopg import Connection

_TABLES: Final = b"""
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"""


def prepare(connection: Connection, server: Server, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring a schema to the newest version; `connection` must be in autocommit mode.

    Raises
    ------
    StoreError
        If the schema holds something else, or was written by a newer program.
    """
    newest = 1 + len(migrations)
    if _found(connection, server, newest) == newest:
        return
    with connection.transaction():
        connection.execute(b"SELECT pg_advisory_xact_lock(%s)", (lock_key(server.schema),))
        found = _found(connection, server, newest)  # another process may have been faster
        for statement in _missing(connection, server, found, migrations):
            connection.execute(statement.encode())
        connection.execute(
            b"INSERT INTO meta (key, value) VALUES ('schema_version', %s)"
            b" ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(newest),),
        )


def version_of(connection: Connection, server: Server) -> int:
    """Return the version of a schema; 0 is one that is not there or holds no table.

    Raises
    ------
    StoreError
        If it holds something else.
    """
    names = {name for (name,) in connection.execute(_TABLES, (server.schema,))}
    if not names:
        return 0
    row = None
    if {"meta", "looks"} <= names:
        row = connection.execute(b"SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    if row is None or not str(row[0]).isdigit():
        raise StoreError(f"{server}: expected the store of a centre, got other tables; name another schema")
    return int(row[0])


def lock_key(schema: str) -> int:
    """Return the number of the lock that writers of a schema take in turn.

    Examples
    --------
    >>> lock_key("dosel") == lock_key("dosel") != lock_key("other")
    True
    """
    return int.from_bytes(hashlib.sha256(f"dosel {schema}".encode()).digest()[:8], "big", signed=True)


def _found(connection: Connection, server: Server, newest: int) -> int:
    found = version_of(connection, server)
    if found > newest:
        raise newer(str(server), found, newest)
    if 0 < found < FIRST_ON_SERVER:
        raise StoreError(f"{server}: expected schema {FIRST_ON_SERVER} or later on a server, got {found}")
    return found


def _missing(
    connection: Connection, server: Server, found: int, migrations: Sequence[Migration]
) -> list[str]:
    if found:
        return [s for step in migrations if step.version > found for s in step.on_server]
    there = connection.execute(b"SELECT 1 FROM pg_namespace WHERE nspname = %s", (server.schema,)).fetchone()
    own = [] if there else [f'CREATE SCHEMA "{server.schema}"']
    tables = [s for table in TABLES.values() for s in postgis_layout.create(table)]
    return [*own, *postgis_layout.BASE, *tables]
