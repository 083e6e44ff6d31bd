"""What tables are made of: kinds of columns, and a declaration that gives each its number and its marking."""

from __future__ import annotations

import json
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Dialect, Index, Integer, MetaData, Table, Text
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.types import TypeDecorator, UserDefinedType

from dosel.model.marking import Marking
from dosel.store.geometry import WGS84, decode, encode


class Json(TypeDecorator[Any]):
    """A JSON-like value as text with sorted keys; NaN and infinity are refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the text of a value."""
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value of a text."""
        return None if value is None else json.loads(value)


class Geometry(UserDefinedType[BaseGeometry]):
    """A geometry in WGS 84 lon/lat, as a GeoPackage blob."""

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """Return the column type, which in a GeoPackage is the geometry's name."""
        return self.kind

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return the function from shapely geometry to blob."""
        return lambda value: None if value is None else encode(value, WGS84)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return the function from blob to shapely geometry."""
        return lambda value: None if value is None else decode(value)


METADATA: Final = MetaData()


def need(name: str, kind: Any, default: str | None = None) -> Column[Any]:
    """Declare a column that is never NULL."""
    return Column(name, kind, nullable=False, server_default=default)


def may(name: str, kind: Any) -> Column[Any]:
    """Declare a column that may be NULL."""
    return Column(name, kind, nullable=True)


def table(
    name: str, about: str, *columns: Column[Any] | Index, key: tuple[str, ...], grows: bool = False
) -> Table:
    """Declare a table: its number, its columns, its marking; `grows` forbids change and removal of rows."""
    return Table(
        name,
        METADATA,
        Column("fid", Integer, primary_key=True),
        *columns,
        Column("marking", Integer, nullable=False, server_default=str(int(Marking.RESTRICTED))),
        *((UniqueConstraint(*key, name=f"{name}_key"),) if key else ()),
        info={"key": key, "grows": grows, "about": about},
        sqlite_autoincrement=True,
    )
