"""One database behind one small interface: an embedded GeoPackage file; PostGIS is to be its twin."""

from __future__ import annotations

from pathlib import Path

from dosel.store.interface import Bbox, Between, Not, Row, Store, Where

__all__ = ["Bbox", "Between", "Not", "Row", "Store", "Where", "has_store", "open_store"]


def open_store(path: Path | str, *, create: bool = True, busy_timeout_s: float = 30.0) -> Store:
    """Open the database file of a centre, making it or migrating it where needed.

    Parameters
    ----------
    path
        The file, by custom ``centre.gpkg``; ``:memory:`` is a store that vanishes when it is closed.
    create
        Make the file where there is none; otherwise a missing file is an error.
    busy_timeout_s
        How long a transaction waits for another process that is writing.

    Raises
    ------
    StoreError
        If the file cannot be used, is no Dosel store, or was written by a newer program.
    """
    from dosel.store.gpkg import open_gpkg  # SQLAlchemy takes half a second to import

    return open_gpkg(Path(path), create=create, busy_timeout_s=busy_timeout_s)


def has_store(path: Path) -> bool:
    """Return whether there is a database file with something in it; nothing is made."""
    from dosel.store.gpkg import is_blank

    return not is_blank(path)
