"""What a server's catalogue says of a schema, as text that can be kept.

``python -m tests.store.catalogue`` keeps that of the newest version, which is to be looked at and committed.
"""

# ruff: noqa: E501 - a clause a line reads best
from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from dosel.store import open_store
from dosel.store.migrations import VERSION
from dosel.store.postgis import dial
from dosel.testing.postgres import make_server, remove_server

if TYPE_CHECKING:
    from psycopg import Connection

GOLDEN = Path(__file__).parent / "golden" / f"schema-{VERSION}.postgis.txt"

_QUERIES = (
    """SELECT 'table', c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_class c
       WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'v')""",
    """SELECT 'column', c.relname, lpad(row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)::text, 2, '0')
         || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attcollation NOT IN (0, 100) THEN ' COLLATE ' || l.collname ELSE '' END
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
         || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       LEFT JOIN pg_collation l ON l.oid = a.attcollation
       WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT attisdropped""",
    """SELECT 'constraint', c.relname, conname || ' ' || pg_get_constraintdef(o.oid) FROM pg_constraint o
       JOIN pg_class c ON c.oid = o.conrelid WHERE o.connamespace = %(schema)s::regnamespace""",
    """SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = %(schema)s""",
    """SELECT 'trigger', c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE c.relnamespace = %(schema)s::regnamespace AND NOT tgisinternal""",
    """SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc
       WHERE pronamespace = %(schema)s::regnamespace""",
)


def catalogue(connection: Connection, schema: str) -> str:
    """Return tables, columns, constraints, indexes, triggers and functions, sorted, without the schema's name."""
    found = [
        row for query in _QUERIES for row in connection.execute(query.encode(), {"schema": schema}).fetchall()
    ]
    lines = sorted(" ".join(row).replace(f"{schema}.", "") for row in found)
    return "".join(f"{' '.join(line.split())}\n" for line in lines)


def keep() -> None:
    """Write the catalogue of a new schema to its file."""
    server = make_server()
    try:
        place = server.place()
        open_store(place).close()
        with closing(dial(place, 5.0)) as connection:
            GOLDEN.write_text(catalogue(connection, place.schema), encoding="utf-8")
    finally:
        remove_server(server)


if __name__ == "__main__":
    keep()
