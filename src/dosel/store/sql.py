"""What the embedded file and its PostGIS twin have in common: statements over SQLAlchemy Core."""

from __future__ import annotations

import math
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import numpy as np
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from dosel.errors import StoreError
from dosel.store.columns import Geometry
from dosel.store.interface import Bbox, Between, Not, Row, Where
from dosel.store.tables import TABLES

_Columns: TypeAlias = ReadOnlyColumnCollection[str, Any]

_KINDS: Final[dict[type[Any], tuple[type[Any], ...]]] = {
    sa.Integer: (int,),
    sa.Double: (float, int),
    sa.Text: (str,),
    sa.LargeBinary: (bytes,),
    Geometry: (BaseGeometry,),
}


class SqlStore(ABC):
    """A store over one connection that commits only where it is told to."""

    begin: str = "BEGIN"
    """Statement that opens a transaction in which other writers wait."""

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
    def upsert_statement(self, table: sa.Table, columns: Collection[str]) -> Any:
        """Return the statement that adds rows or replaces `columns` of those with the same key."""

    @abstractmethod
    def near(self, table: sa.Table, column: sa.Column[Any], bbox: Bbox) -> sa.FromClause:
        """Return the rows whose own box touches `bbox`, to be asked for by the spatial index first."""

    @abstractmethod
    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
        """Return the condition that a column is one of any number of values."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything within the block, or nothing."""
        with self._lock:
            if self._writing:
                raise StoreError(f"{self._place}: a transaction is already open; they do not nest")
            self._run(self.begin)
            self._writing, self._failed = True, False
            try:
                yield
                if self._failed:
                    raise StoreError(f"{self._place}: a statement of this transaction failed; it is undone")
                self._run("COMMIT")
            except BaseException:
                self.undo()
                raise
            finally:
                self._writing = False

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
        return self._write(self.upsert_statement(known, ready[0].keys()), known, ready)

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
        rows = known.columns if bbox is None else self._near(known, bbox).columns
        statement = sa.select(*(_column(known, rows, name) for name in names))
        statement = statement.where(*self._conditions(known, rows, where or {}))
        statement = statement.order_by(*_order(known, rows, order_by)).limit(limit)
        with self._lock:
            return [dict(row) for row in self._run(statement).mappings()]

    def tally(
        self, table: str, by: Sequence[str], where: Where | None = None, *, latest: str | None = None
    ) -> list[Row]:
        """Return one row for each set of values in `by`."""
        known = _table(table)
        groups = [_column(known, known.columns, name) for name in by]
        figures: list[sa.ColumnElement[Any]] = [sa.func.count().label("count")]
        if latest is not None:
            figures.append(sa.func.max(_column(known, known.columns, latest)).label("latest"))
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

    def _run(self, statement: Any, rows: list[Row] | None = None) -> sa.CursorResult[Any]:
        try:
            if isinstance(statement, str):
                return self._connection.exec_driver_sql(statement)
            return self._connection.execute(statement, rows) if rows else self._connection.execute(statement)
        except (SQLAlchemyError, ValueError, TypeError, OverflowError) as error:
            self._failed = True
            cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
            raise StoreError(self.explain(cause if isinstance(cause, Exception) else error)) from error

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
            for condition in self._condition(_column(table, rows, name), value)
        ]

    def _condition(self, column: sa.ColumnElement[Any], value: Any) -> list[sa.ColumnElement[bool]]:
        if isinstance(value, Between):
            ends = ((value.low, column.__ge__), (value.high, column.__le__))
            return [compare(_plain(end)) for end, compare in ends if end is not None]
        if isinstance(value, Not):
            return [] if value.value is None else [column.is_distinct_from(_plain(value.value))]
        if isinstance(value, Collection) and not isinstance(value, str | bytes):
            return [self.among(column, [_plain(v) for v in value])]
        return [column.is_(None) if value is None else column == _plain(value)]


def clean(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return rows as plain values, checked against the columns of `table`.

    Raises
    ------
    StoreError
        If a row names other columns than the first, an unknown one, or holds a value of a wrong kind.
    """
    ready: list[Row] = []
    kinds: dict[str, tuple[type[Any], ...]] = {}
    for row in rows:
        if not ready:
            kinds = {name: _kinds(_column(table, table.columns, name)) for name in row}
        if row.keys() != kinds.keys():
            raise StoreError(f"{table.name}: expected rows with the same columns, got {sorted(row)}")
        ready.append({name: _checked(table, name, kinds[name], _plain(value)) for name, value in row.items()})
    return ready


def _checked(table: sa.Table, name: str, kinds: tuple[type[Any], ...], value: Any) -> Any:
    absurd = isinstance(value, float) and not math.isfinite(value)  # SQLite would keep NaN as NULL
    if value is None or (isinstance(value, kinds) and not absurd):
        return value
    expected = " or ".join(kind.__name__ for kind in kinds)
    raise StoreError(f"{table.name}.{name}: expected {expected} or None, got {value!r}")


def _kinds(column: sa.ColumnElement[Any]) -> tuple[type[Any], ...]:
    return _KINDS.get(type(column.type), (object,))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _table(name: str) -> sa.Table:
    if name not in TABLES:
        raise StoreError(f"expected one of the tables {', '.join(sorted(TABLES))}, got {name!r}")
    return TABLES[name]


def _column(table: sa.Table, rows: _Columns, name: str) -> sa.ColumnElement[Any]:
    if name not in table.columns or name == "fid":
        raise StoreError(f"{table.name}: there is no column {name!r}")
    column: sa.ColumnElement[Any] = rows[name]
    return column


def _order(table: sa.Table, rows: _Columns, order_by: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    wanted = [
        _column(table, rows, name[1:]).desc().nulls_last()
        if name.startswith("-")
        else _column(table, rows, name).asc().nulls_first()
        for name in order_by
    ]
    last = [] if table.info["grows"] else [rows[name].asc() for name in table.info["key"]]
    return [*wanted, *last, rows["fid"].asc()]
