"""One clear sentence for what can go wrong with the database file."""

from __future__ import annotations

import sqlite3
from typing import Final

_SENTENCES: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; the transaction was undone, free some space and run again",
    sqlite3.SQLITE_BUSY: "another process is writing; wait for it to end and run again",
    sqlite3.SQLITE_LOCKED: "another process is writing; wait for it to end and run again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a copy of it",
    sqlite3.SQLITE_NOTADB: "this is not a database file; name another file",
    sqlite3.SQLITE_READONLY: "the file or its folder cannot be written; check who owns it",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_IOERR: "the disk did not read or write as it should; check the disk and its free space",
    sqlite3.SQLITE_PERM: "the file may not be opened; check who owns it",
    sqlite3.SQLITE_NOMEM: "the memory is used up",
    sqlite3.SQLITE_TOOBIG: "a value is larger than the database takes",
}


def sentence(error: Exception, place: str) -> str:
    """Return one sentence about an error of SQLite at `place`.

    Examples
    --------
    >>> sentence(ValueError("Out of range float values are not JSON compliant"), "centre.gpkg")
    'centre.gpkg: Out of range float values are not JSON compliant'
    """
    code = getattr(error, "sqlite_errorcode", None)
    known = _SENTENCES.get(code & 0xFF) if isinstance(code, int) else None
    return f"{place}: {known or str(error).splitlines()[0]}"
