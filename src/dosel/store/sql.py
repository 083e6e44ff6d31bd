"""What the embedded file and its PostGIS twin have in common: statements over SQLAlchemy Core."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from dosel.errors import StoreError
from dosel.store.columns import Geometry
from dosel.store.interface import Bbox, Between, Not, Row, Where
from dosel.store.tables import TABLES
from dosel.store.values import clean, column_of, comparable, sortable

_Columns: TypeAlias = ReadOnlyColumnCollection[str, Any]

_WRONG: Final = (SQLAlchemyError, ValueError, TypeError, OverflowError)
"""What a statement may fail with."""


class SqlStore(ABC):
    """A store over one connection that commits only where it is told to."""

    begin: str = "BEGIN"
    """Statement that opens a transaction in which other writers wait."""
    insert_into: Callable[[sa.Table], Any]
    """The dialect's INSERT, which knows ON CONFLICT."""

    def __init__(self, connection: sa.Connection, place: str) -> None:
        self._connection = connection
        self._place = place
        self._lock = threading.RLock()
        self._writing = False
        self._failed = False

    @property
    def place(self) -> str:
        """Where the data are."""
        return self._place

    @abstractmethod
    def explain(self, error: Exception) -> str:
        """Return one sentence for a person about an error of the database."""

    @abstractmethod
    def near(self, table: sa.Table, column: sa.Column[Any], bbox: Bbox) -> sa.FromClause:
        """Return the rows whose own box touches `bbox`, to be asked for by the spatial index first."""

    @abstractmethod
    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
        """Return the condition that a column is one of any number of values."""

    def revive(self) -> None:  # noqa: B027 - a file is never lost
        """Connect again where the connection was lost."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything within the block, or nothing."""
        with self._lock:
            if self._writing:
                raise StoreError(f"{self._place}: a transaction is already open; they do not nest")
            self._begin()
            try:
                yield
                self._must_be_whole()
                self._run("COMMIT")
            except BaseException:
                self.undo()
                raise
            finally:
                self._writing = False

    def _begin(self) -> None:
        try:
            self._run(self.begin)
        except BaseException:
            self.undo()
            raise
        self._writing, self._failed = True, False

    def _must_be_whole(self) -> None:
        if self._writing and self._failed:
            raise StoreError(f"{self._place}: a statement of this transaction failed; it is undone")

    def undo(self) -> None:
        """Roll back; an error on the way out never hides the one that led here."""
        try:
            self._connection.exec_driver_sql("ROLLBACK")
        except SQLAlchemyError:
            return  # the database has already undone it, or is gone

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows; a key that is there is an error."""
        return self._write(sa.insert(_table(table)), _table(table), clean(_table(table), rows))

    def upsert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows or replace the named columns of those with the same key."""
        known = _table(table)
        if known.info["grows"] or not known.info["key"]:
            raise StoreError(f"{table} only grows: its rows are added, never replaced")
        ready = clean(known, rows)
        if not ready:
            return self._write(None, known, ready)
        return self._write(self._replacing(known, ready[0].keys()), known, ready)

    def delete(self, table: str, where: Where) -> int:
        """Remove the rows that fulfil `where`."""
        known = _table(table)
        if not where:
            raise StoreError(f"{table}: expected conditions for what to delete, got none")
        self._must_write(known)
        statement = sa.delete(known).where(*self._conditions(known, known.columns, where))
        with self._lock:
            return int(self._run(statement).rowcount)

    def select(
        self,
        table: str,
        where: Where | None = None,
        *,
        bbox: Bbox | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> list[Row]:
        """Return rows in a defined order."""
        known = _table(table)
        names = columns if columns is not None else [c.name for c in known.columns if c.name != "fid"]
        if not names:
            raise StoreError(f"{table}: expected at least one column, got none")
        rows = known.columns if bbox is None else self._near(known, bbox).columns
        if limit is not None and limit < 0:
            raise StoreError(f"limit: expected 0 or more, got {limit}")
        statement = sa.select(*(rows[column_of(known, name).name] for name in names))
        statement = statement.where(*self._conditions(known, rows, where or {}))
        statement = statement.order_by(*_order(known, rows, order_by)).limit(limit)
        with self._lock:
            return [dict(row) for row in self._run(statement).mappings()]

    def tally(
        self, table: str, by: Sequence[str], where: Where | None = None, *, latest: str | None = None
    ) -> list[Row]:
        """Return one row for each set of values in `by`."""
        known = _table(table)
        groups = [sortable(known, name) for name in by]
        figures: list[sa.ColumnElement[Any]] = [sa.func.count().label("count")]
        if latest is not None:
            figures.append(sa.func.max(_summed(known, latest)).label("latest"))
        statement = sa.select(*groups, *figures).select_from(known).group_by(*groups)
        statement = statement.where(*self._conditions(known, known.columns, where or {}))
        with self._lock:
            rows = self._run(statement.order_by(*(g.asc().nulls_first() for g in groups))).mappings()
            return [dict(row) for row in rows]

    def close(self) -> None:
        """Give the database back; an open transaction is undone."""
        with self._lock:
            self._connection.close()
            self._connection.engine.dispose()

    def _write(self, statement: Any, table: sa.Table, rows: list[Row]) -> int:
        self._must_write(table)
        with self._lock:
            if rows:
                self._run(statement, rows)
        return len(rows)

    def _must_write(self, table: sa.Table) -> None:
        if not self._writing:
            raise StoreError(f"{table.name}: expected a write within store.transaction(), got one outside")

    def _replacing(self, table: sa.Table, columns: Collection[str]) -> Any:
        """Return an ``INSERT ... ON CONFLICT`` over the key of the table."""
        statement = self.insert_into(table)
        key = table.info["key"]
        changed = {name: statement.excluded[name] for name in columns if name not in key}
        if not changed:
            return statement.on_conflict_do_nothing(index_elements=list(key))
        return statement.on_conflict_do_update(index_elements=list(key), set_=changed)

    def _run(self, statement: Any, rows: list[Row] | None = None) -> sa.CursorResult[Any]:
        """Send a statement; outside a transaction a lost connection is made again, once."""
        self._must_be_whole()
        if self._connection.invalidated and not self._writing:
            self.revive()
        try:
            return self._send(statement, rows)
        except _WRONG as error:
            if self._writing or not (isinstance(error, DBAPIError) and error.connection_invalidated):
                self._failed = True
                raise self._told(error) from error
        self.revive()
        try:
            return self._send(statement, rows)
        except _WRONG as error:
            raise self._told(error) from error

    def _send(self, statement: Any, rows: list[Row] | None) -> sa.CursorResult[Any]:
        if isinstance(statement, str):
            return self._connection.exec_driver_sql(statement)
        return self._connection.execute(statement, rows) if rows else self._connection.execute(statement)

    def _told(self, error: Exception) -> StoreError:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        return StoreError(self.explain(cause if isinstance(cause, Exception) else error))

    def _near(self, table: sa.Table, bbox: Bbox) -> sa.FromClause:
        west, south, east, north = bbox
        if not (west <= east and south <= north):
            raise StoreError(f"bbox: expected west <= east and south <= north in degrees, got {bbox}")
        for column in table.columns:
            if isinstance(column.type, Geometry):
                return self.near(table, column, bbox)
        raise StoreError(f"{table.name}: expected a table with a geometry for a bbox")

    def _conditions(self, table: sa.Table, rows: _Columns, where: Where) -> list[sa.ColumnElement[bool]]:
        return [
            condition
            for name, value in where.items()
            for condition in self._condition(column_of(table, name), rows[name], value)
        ]

    def _condition(
        self, known: sa.Column[Any], column: sa.ColumnElement[Any], value: Any
    ) -> list[sa.ColumnElement[bool]]:
        """Return the conditions of a column, `known` in its table and `column` in what is selected from."""
        if isinstance(value, Between):
            ends = ((value.low, column.__ge__), (value.high, column.__le__))
            return [compare(comparable(known, end)) for end, compare in ends if end is not None]
        if isinstance(value, Not):
            return [] if value.value is None else [column.is_distinct_from(comparable(known, value.value))]
        if isinstance(value, Collection) and not isinstance(value, str | bytes):
            if isinstance(known.type, sa.LargeBinary):
                raise StoreError(f"{known.table.name}.{known.name}: expected one value of bytes, got several")
            return [self.among(column, [comparable(known, v) for v in value if v is not None])]
        return [column.is_(None) if value is None else column == comparable(known, value)]


def _table(name: str) -> sa.Table:
    if name not in TABLES:
        raise StoreError(f"expected one of the tables {', '.join(sorted(TABLES))}, got {name!r}")
    return TABLES[name]


def _summed(table: sa.Table, name: str) -> sa.Column[Any]:
    column = sortable(table, name)
    if isinstance(column.type, sa.LargeBinary):
        raise StoreError(f"{table.name}.{name}: there is no latest of bytes")
    return column


def _order(table: sa.Table, rows: _Columns, order_by: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    wanted = [
        rows[sortable(table, name[1:]).name].desc().nulls_last()
        if name.startswith("-")
        else rows[sortable(table, name).name].asc().nulls_first()
        for name in order_by
    ]
    last = [] if table.info["grows"] else [rows[name].asc() for name in table.info["key"]]
    return [*wanted, *last, rows["fid"].asc()]
