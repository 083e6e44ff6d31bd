"""What tables are made of: kinds of columns, and a declaration that gives each its number and its marking."""

from __future__ import annotations

import json
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, MetaData, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from dosel.model.marking import Marking
from dosel.store import ewkb
from dosel.store.geometry import WGS84, decode, encode

SERVER: Final = "postgresql"
"""Name of the server's dialect."""
_PLAIN_ORDER: Final = Text(collation="C")
"""Text that the server sorts by its bytes in UTF-8, as SQLite does."""


class Json(TypeDecorator[Any]):
    """A JSON-like value as text with sorted keys; NaN and infinity are refused."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return text in both databases: jsonb would change the order of keys and refuse NUL."""
        return _PLAIN_ORDER if dialect.name == SERVER else dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the text of a value."""
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value of a text."""
        return None if value is None else json.loads(value)


class Geometry(UserDefinedType[BaseGeometry]):
    """A geometry in WGS 84 lon/lat: a GeoPackage blob in the file, ``geometry`` of PostGIS on the server."""

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """Return the column type, which in a GeoPackage is the geometry's name."""
        return self.kind

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return the function from shapely geometry to what the database takes."""
        into = ewkb.encode if dialect.name == SERVER else encode
        return lambda value: None if value is None else into(value, WGS84)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return the function from what the database gives to shapely geometry."""
        out = ewkb.decode if dialect.name == SERVER else decode
        return lambda value: None if value is None else out(value)


@compiles(Geometry, SERVER)
def _server_geometry(kind: Geometry, _: Any, **__: Any) -> str:
    return f"geometry({kind.kind}, {WGS84})"


METADATA: Final = MetaData()


def need(name: str, kind: Any, default: str | None = None) -> Column[Any]:
    """Declare a column that is never NULL."""
    return Column(name, _in_both(kind), nullable=False, server_default=default)


def may(name: str, kind: Any) -> Column[Any]:
    """Declare a column that may be NULL."""
    return Column(name, _in_both(kind), nullable=True)


def _in_both(kind: Any) -> Any:
    """Return a kind that means the same in both databases: 64 bits, order by bytes."""
    if kind is Integer:
        return Integer().with_variant(BigInteger(), SERVER)
    return Text().with_variant(_PLAIN_ORDER, SERVER) if kind is Text else kind


def table(
    name: str, about: str, *columns: Column[Any] | Index, key: tuple[str, ...], grows: bool = False
) -> Table:
    """Declare a table: its number, its columns, its marking; `grows` forbids change and removal of rows."""
    return Table(
        name,
        METADATA,
        Column("fid", _in_both(Integer), primary_key=True),
        *columns,
        need("marking", Integer, str(int(Marking.RESTRICTED))),
        *((UniqueConstraint(*key, name=f"{name}_key"),) if key else ()),
        info={"key": key, "grows": grows, "about": about},
        sqlite_autoincrement=True,
    )
