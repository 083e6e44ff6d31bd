"""The layout on a server as SQL: one schema a centre, which QGIS opens as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from dosel.store.columns import Geometry

BASE: Final = (
    """CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$""",
)
"""What the tables rest on."""


def create(table: Table) -> Iterator[str]:
    """Yield the statements that make one of our tables."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    yield str(CreateTable(table).compile(dialect=dialect)).strip()
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    for column in table.columns:
        if isinstance(column.type, Geometry):
            yield from index_geometry(table.name, column.name)
    about = table.info["about"].replace("'", "''")
    yield f"COMMENT ON TABLE {table.name} IS '{about}'"
    if table.info["grows"]:
        yield from only_grows(table.name)


def index_geometry(table: str, column: str) -> Iterator[str]:
    """Yield the spatial index of a geometry column."""
    yield f"CREATE INDEX {table}_{column} ON {table} USING gist ({column})"


def only_grows(table: str) -> Iterator[str]:
    """Yield the triggers that refuse change and removal."""
    yield (
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION only_grows()"
    )
    yield (
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
    )
