"""The embedded store: a SQLite file in WAL mode with the layout of a GeoPackage."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.pool import StaticPool

from dosel.errors import StoreError
from dosel.store import geometry
from dosel.store.interface import Bbox
from dosel.store.layout import index_name
from dosel.store.migrations import prepare, version_of
from dosel.store.sql import SqlStore
from dosel.store.trouble import sentence


class GpkgStore(SqlStore):
    """One GeoPackage file; any number of readers and, one after the other, writers."""

    begin = "BEGIN IMMEDIATE"
    insert_into = staticmethod(insert)

    def explain(self, error: Exception) -> str:
        """Return one sentence about an error of SQLite."""
        return sentence(error, self.place)

    def near(self, table: sa.Table, column: sa.Column[Any], bbox: Bbox) -> sa.FromClause:
        """Ask the R*Tree, whose boxes are rounded outwards to 32 bits, then the exact boxes.

        The limit that is none keeps SQLite from merging the query into the outer one, where it would prefer
        an index of another column (45 times slower on 300,000 alerts).
        """
        west, south, east, north = bbox
        names = ("id", "minx", "maxx", "miny", "maxy")
        tree = sa.table(index_name(table.name, column.name), *(sa.column(name) for name in names))
        boxes = sa.select(tree.c.id).where(
            tree.c.maxx >= west, tree.c.minx <= east, tree.c.maxy >= south, tree.c.miny <= north
        )
        blob = sa.type_coerce(column, sa.LargeBinary)
        rows = sa.select(table).where(
            table.columns["fid"].in_(boxes),
            sa.func.ST_MaxX(blob) >= west,
            sa.func.ST_MinX(blob) <= east,
            sa.func.ST_MaxY(blob) >= south,
            sa.func.ST_MinY(blob) <= north,
        )
        return rows.limit(-1).subquery()

    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
        """Hand the values over as one JSON text: SQLite takes no more than 32,766 parameters.

        Numbers with a fraction go as parameters: SQLite rounds what it reads from text.
        """
        if isinstance(column.type, sa.Double):
            return column.in_(values)
        listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(listed.c.value))


def open_gpkg(path: Path, *, create: bool = True, busy_timeout_s: float = 30.0) -> GpkgStore:
    """Open a GeoPackage as a store; see :func:`dosel.store.open_store`."""
    if not create and not path.is_file():
        raise StoreError(f"{path}: there is no such file; make a centre with dosel init")
    file: sqlite3.Connection | None = None
    try:
        file = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
        version_of(file, path)  # a file that is not ours stays as it is
        _settings(file, busy_timeout_s)
        _functions(file)
        prepare(file, path)
    except sqlite3.Error as error:
        _close(file)
        raise StoreError(sentence(error, str(path))) from error
    except BaseException:
        _close(file)
        raise
    return GpkgStore(_connection(file), str(path))


def is_blank(path: Path) -> bool:
    """Return whether a file is missing or holds no table at all; it is not made."""
    if not path.is_file():
        return True
    try:
        with closing(sqlite3.connect(path)) as file:
            return not file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.Error:
        return False  # opening it will say what it is


def _close(file: sqlite3.Connection | None) -> None:
    if file is not None:
        file.close()


def _connection(file: sqlite3.Connection) -> sa.Connection:
    engine = sa.create_engine(
        "sqlite://", creator=lambda: file, poolclass=StaticPool, isolation_level="AUTOCOMMIT"
    )
    return engine.connect()


def _settings(file: sqlite3.Connection, busy_timeout_s: float) -> None:
    """Set what a commit means: in the log and on the disk before it returns."""
    deadline = time.monotonic() + busy_timeout_s
    while file.execute("PRAGMA journal_mode").fetchone()[0] not in {"wal", "memory"}:
        try:
            file.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # SQLite does not wait here by itself when two processes make the same file
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    file.execute("PRAGMA synchronous = FULL")


def _functions(file: sqlite3.Connection) -> None:
    """Register what the triggers of the R*Tree call (GeoPackage 1.4, annex F.3)."""

    def corner(index: int) -> Callable[[bytes | None], float | None]:
        return lambda blob: None if blob is None else geometry.envelope(blob)[index]

    def empty(blob: bytes | None) -> int | None:
        return None if blob is None else int(geometry.is_empty(blob))

    file.create_function("ST_IsEmpty", 1, empty, deterministic=True)
    for index, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        file.create_function(name, 1, corner(index), deterministic=True)
