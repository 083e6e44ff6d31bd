"""One database behind one small interface: an embedded GeoPackage file, or PostGIS on a server."""

from __future__ import annotations

from pathlib import Path

from dosel.config.place import Server, is_url
from dosel.store.interface import Bbox, Between, Not, Row, Store, Where

__all__ = ["Bbox", "Between", "Not", "Row", "Server", "Store", "Where", "has_store", "open_store"]


def open_store(place: Path | str | Server, *, create: bool = True, busy_timeout_s: float = 30.0) -> Store:
    """Open the database of a centre, making it or migrating it where needed.

    Parameters
    ----------
    place
        A file, by custom ``centre.gpkg``; ``:memory:`` is a store that vanishes when it is closed. Or
        a ``postgresql://`` URL; a :class:`dosel.config.place.Server` names schema and password too.
    create
        Make the tables where there are none; otherwise that is an error.
    busy_timeout_s
        How long a transaction waits for another process that is writing.

    Raises
    ------
    StoreError
        If the database cannot be used, is no Dosel store, or was written by a newer program.
    InputError
        If a URL is none or holds a password.
    MissingExtraError
        If a URL is given and psycopg is not installed.
    """
    # SQLAlchemy takes half a second to import
    if (server := _server(place)) is not None:
        from dosel.store.postgis import open_postgis

        return open_postgis(server, create=create, busy_timeout_s=busy_timeout_s)
    from dosel.store.gpkg import open_gpkg

    return open_gpkg(Path(str(place)), create=create, busy_timeout_s=busy_timeout_s)


def has_store(place: Path | str | Server) -> bool:
    """Return whether there is a database with something of ours in it; nothing is made.

    Raises
    ------
    StoreError
        If a server cannot be asked.
    """
    if (server := _server(place)) is not None:
        from dosel.store import postgis

        return not postgis.is_blank(server)
    from dosel.store.gpkg import is_blank

    return not is_blank(Path(str(place)))


def _server(place: Path | str | Server) -> Server | None:
    if isinstance(place, Server):
        return place
    return Server(place) if isinstance(place, str) and is_url(place) else None
