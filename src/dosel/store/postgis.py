"""The store on a server: a schema of a PostgreSQL database with PostGIS, the twin of the embedded file."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from dosel.config.place import Server
from dosel.errors import MissingExtraError, StoreError
from dosel.store.interface import Bbox
from dosel.store.postgis_schema import lock_key, prepare, version_of
from dosel.store.sql import SqlStore
from dosel.store.trouble import refused_sentence, server_sentence

if TYPE_CHECKING:
    from psycopg import Connection

_CONNECT_S: Final = 15
"""How long a server may take to answer at all."""
_SESSION: Final = (
    b"SET search_path = {path}; SET lock_timeout = {wait}; SET jit = off; SET extra_float_digits = 1;"
    b" SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
    b" SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning;"
    b" SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;"
    b" SELECT set_config('synchronous_commit', 'on', false)"
    b" WHERE current_setting('synchronous_commit') = 'off'"
)
"""What a commit means (on the disk before it returns) and when a client that is gone loses its lock."""


class PostgisStore(SqlStore):
    """One schema of a database; any number of readers and, one after the other, writers."""

    insert_into = staticmethod(insert)

    def __init__(self, server: Server, busy_timeout_s: float) -> None:
        self._engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=partial(dial, server, busy_timeout_s),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            use_native_hstore=False,
        )
        self.begin = f"BEGIN; SELECT pg_advisory_xact_lock({lock_key(server.schema)})"
        super().__init__(self._engine.connect(), str(server))

    def explain(self, error: Exception) -> str:
        """Return one sentence about an error of PostgreSQL."""
        return server_sentence(error, self.place)

    def revive(self) -> None:
        """Connect again; what the lost connection had not committed is undone."""
        lost, self._connection = self._connection, self._engine.connect()
        with suppress(SQLAlchemyError):
            lost.close()

    def near(self, table: sa.Table, column: sa.Column[Any], bbox: Bbox) -> sa.FromClause:
        """Ask the GiST index, whose boxes are rounded outwards to 32 bits, then the exact boxes."""
        west, south, east, north = bbox
        box = sa.func.ST_MakeEnvelope(west, south, east, north, 4326)
        shape = sa.type_coerce(column, sa.Text)
        exact = (
            sa.func.ST_XMax(shape) >= west,
            sa.func.ST_XMin(shape) <= east,
            sa.func.ST_YMax(shape) >= south,
            sa.func.ST_YMin(shape) <= north,
        )
        return sa.select(table).where(shape.op("&&", is_comparison=True)(box), *exact).subquery()

    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
        """Hand the values over as one array."""
        kind = sa.Text() if isinstance(column.type, sa.Text) else column.type
        listed = sa.bindparam(None, list(values), type_=ARRAY(kind))
        return column == sa.any_(listed)


def open_postgis(server: Server, *, create: bool = True, busy_timeout_s: float = 30.0) -> PostgisStore:
    """Open a schema on a server as a store; see :func:`dosel.store.open_store`."""
    with closing(dial(server, busy_timeout_s)) as connection:
        try:
            if not create and not version_of(connection, server):
                raise StoreError(f"{server}: there is no centre in this schema; make one with dosel init")
            prepare(connection, server)
        except _psycopg().Error as error:
            raise StoreError(server_sentence(error, str(server))) from error
    return PostgisStore(server, busy_timeout_s)


def is_blank(server: Server) -> bool:
    """Return whether a schema is missing or holds no table at all; it is not made."""
    with closing(dial(server, 0.0)) as connection:
        try:
            return not version_of(connection, server)
        except _psycopg().Error as error:
            raise StoreError(server_sentence(error, str(server))) from error


def dial(server: Server, busy_timeout_s: float) -> Connection:
    """Return a connection in autocommit mode that sees the schema and PostGIS.

    Raises
    ------
    StoreError
        If the server cannot be reached, does not let us in, or the database is not fit for a store.
    """
    psycopg = _psycopg()
    told = {"connect_timeout": _CONNECT_S, "application_name": "dosel", "client_encoding": "utf8"}
    secret = {} if server.password is None else {"password": server.password}
    try:
        connection: Connection = psycopg.connect(server.url, autocommit=True, **told, **secret)
    except psycopg.Error as error:
        # neither the cause nor its text goes on: libpq may repeat what it was given
        raise StoreError(refused_sentence(error, str(server))) from None
    try:
        _set_up(connection, server, busy_timeout_s)
    except psycopg.Error as error:
        connection.close()
        raise StoreError(server_sentence(error, str(server))) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: Connection, server: Server, busy_timeout_s: float) -> None:
    row = connection.execute(
        b"SELECT current_setting('server_encoding'), (SELECT quote_ident(n.nspname) FROM pg_extension e"
        b" JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis')"
    ).fetchone()
    encoding, extension = row or ("", None)
    if encoding != "UTF8":
        raise StoreError(f"{server}: expected a database in UTF8, got {encoding}; make one with -E UTF8")
    if extension is None:
        raise StoreError(
            f"{server}: the database has no PostGIS; as a superuser run CREATE EXTENSION postgis in it"
        )
    path = f'"{server.schema}", {extension}'.encode()
    wait = str(max(1, round(busy_timeout_s * 1000))).encode()
    connection.execute(_SESSION.replace(b"{path}", path).replace(b"{wait}", wait))


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise MissingExtraError(
            "a database on a server needs the library psycopg; install it with: pip install 'dosel[postgis]'"
        ) from error
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of what is raised as well
    return psycopg
