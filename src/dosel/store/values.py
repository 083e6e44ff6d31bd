"""What a value of a column may be: the same for every database, so that every database answers the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import numpy as np
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from dosel.errors import StoreError
from dosel.store.columns import Geometry, Json
from dosel.store.interface import Row

_KINDS: Final[dict[type[Any], tuple[type[Any], ...]]] = {
    sa.Integer: (int,),
    sa.Double: (float, int),
    sa.Text: (str,),
    sa.LargeBinary: (bytes,),
    Geometry: (BaseGeometry,),
}
_LONGEST: Final = 2**63
"""Integers have 64 bits with a sign."""


def clean(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return rows as plain values, checked against the columns of `table`.

    Raises
    ------
    StoreError
        If a row names other columns than the first, an unknown one, or holds a value of a wrong kind.
    """
    ready: list[Row] = []
    columns: dict[str, sa.Column[Any]] = {}
    for row in rows:
        if not ready:
            columns = {name: column_of(table, name) for name in row}
        if row.keys() != columns.keys():
            raise StoreError(f"{table.name}: expected rows with the same columns, got {sorted(row)}")
        ready.append({name: checked(columns[name], value) for name, value in row.items()})
    return ready


def column_of(table: sa.Table, name: str) -> sa.Column[Any]:
    """Return a column by its name; the number of a row is the database's own."""
    if name not in table.columns or name == "fid":
        raise StoreError(f"{table.name}: there is no column {name!r}")
    return table.columns[name]


def sortable(table: sa.Table, name: str) -> sa.Column[Any]:
    """Return a column whose values have an order that every database agrees on."""
    column = column_of(table, name)
    if isinstance(column.type, Geometry):
        raise StoreError(f"{table.name}.{name}: geometries have no order")
    return column


def checked(column: sa.Column[Any], value: Any) -> Any:
    """Return a value as it is stored: a plain one of the column's kind, or None.

    Raises
    ------
    StoreError
        If it is of another kind, no finite number, beyond 64 bits, or holds a character NUL.
    """
    if value is None or isinstance(column.type, Json):
        return value
    value = plain(value)
    kind = type(column.type)
    if not isinstance(value, _KINDS[kind]):
        expected = " or ".join(one.__name__ for one in _KINDS[kind])
        raise _wrong(column, f"expected {expected} or None, got {value!r}")
    if kind is sa.Text:
        return _text(column, value)
    if kind is sa.Integer and not -_LONGEST <= value < _LONGEST:
        raise _wrong(column, f"expected an integer of 64 bits, got {value}")
    if kind is Geometry:
        return _geometry(column, value)
    return _double(column, value) if kind is sa.Double else value


def comparable(column: sa.Column[Any], value: Any) -> Any:
    """Return a value to compare a column with.

    Raises
    ------
    StoreError
        If it is of another kind, or the column holds what databases do not compare alike.
    """
    if value is not None and isinstance(column.type, Json | Geometry):
        raise _wrong(column, "expected None as a condition; what is in this column is not compared")
    return checked(column, value)


def plain(value: Any) -> Any:
    """Return a NumPy scalar, an enumeration or a truth value as what it stands for."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int) and type(value) is not int:
        return int(value)
    return str.__str__(value) if isinstance(value, str) and type(value) is not str else value


def _text(column: sa.Column[Any], value: str) -> str:
    if "\0" in value:
        raise _wrong(column, f"expected text without the character NUL, got {value[:60]!r}")
    return value


def _double(column: sa.Column[Any], value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):  # SQLite would keep NaN as NULL
        raise _wrong(column, f"expected a finite number or None, got {value!r}")
    return number + 0.0  # SQLite keeps no negative zero


def _geometry(column: sa.Column[Any], value: BaseGeometry) -> BaseGeometry:
    kind = cast("Geometry", column.type).kind
    if kind not in {"GEOMETRY", value.geom_type.upper()}:
        raise _wrong(column, f"expected a {kind}, got a {value.geom_type}")
    if not np.isfinite(shapely.get_coordinates(value)).all():
        raise _wrong(column, f"expected finite coordinates, got {shapely.total_bounds(value).tolist()}")
    return value


def _wrong(column: sa.Column[Any], what: str) -> StoreError:
    return StoreError(f"{column.table.name}.{column.name}: {what}")
