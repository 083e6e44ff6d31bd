"""One clear sentence for what can go wrong with the database, a file or a server."""

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


_LOST: Final = (
    "the connection to the server was lost and what was not committed is undone; run again,"
    " it goes on from what is stored"
)
_BY_STATE: Final = {
    "08": _LOST,
    "22021": "the text is not of the database's encoding",
    "25006": "the database takes no writes (a standby, or set read-only); name the one that does",
    "28000": "the server does not let this user in from here; check the user and the server's pg_hba.conf",
    "28P01": "the password is wrong or missing; check the variable of password_env, PGPASSWORD or .pgpass",
    "3D000": "there is no such database; make it (createdb) or mend url",
    "40": "another program was writing to the same rows; the transaction was undone, run again",
    "42501": "the user may not do this; grant USAGE and CREATE on the schema and all rights on its tables",
    "53100": "the disk of the server is full; the transaction was undone, free some space and run again",
    "53200": "the memory of the server is used up; the transaction was undone, run again",
    "53300": "the server has no connection left; close some or raise max_connections",
    "54": "a value or a key is larger than the database takes",
    "55P03": "another process is writing; wait for it to end and run again",
    "57014": "the statement was stopped by the server's administrator; run again",
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": "the server is starting or stopping; wait a little and run again",
    "57P05": _LOST,
    "58": "the disk of the server did not read or write as it should; check it and its free space",
    "25P02": "a statement of this transaction failed; it is undone",
}
"""By SQLSTATE, or by its first two characters."""
_ON_THE_WAY: Final = {
    "password authentication failed": _BY_STATE["28P01"],
    "no password supplied": _BY_STATE["28P01"],
    "no pg_hba.conf entry": _BY_STATE["28000"],
    "authentication failed": _BY_STATE["28000"],
    "does not exist": "there is no such database or user; make it (createdb, createuser) or mend url",
    "permission denied for database": "the user may not connect to this database; grant CONNECT",
    "too many": _BY_STATE["53300"],
    "remaining connection slots": _BY_STATE["53300"],
    "starting up": _BY_STATE["57P03"],
    "shutting down": _BY_STATE["57P03"],
    "recovery mode": _BY_STATE["57P03"],
    "SSL": "the server and this program do not agree on encryption; check sslmode and certificates in url",
    "certificate": "the server's certificate is not accepted; check sslrootcert in url",
}
"""What libpq says while it connects, where no state comes with it, in English."""


def server_sentence(error: Exception, place: str) -> str:
    """Return one sentence about an error of PostgreSQL at `place`.

    Examples
    --------
    >>> server_sentence(ValueError("Out of range"), "postgresql://db/frontier (schema dosel)")
    'postgresql://db/frontier (schema dosel): Out of range'
    """
    state = getattr(error, "sqlstate", None) or ""
    said = _BY_STATE.get(state) or _BY_STATE.get(state[:2])
    if said is None and not state and type(error).__name__ == "OperationalError":
        said = _LOST
    return f"{place}: {said or (str(error).splitlines() or [type(error).__name__])[0]}"


def refused_sentence(error: Exception, place: str) -> str:
    """Return one sentence about a server that lets nobody in.

    Examples
    --------
    >>> refused_sentence(OSError('FATAL:  role "ana" does not exist'), "postgresql://db/frontier")
    'postgresql://db/frontier: there is no such database or user; make it (createdb, createuser) or mend url'
    """
    text = str(error)
    said = next((sentence for part, sentence in _ON_THE_WAY.items() if part in text), None)
    return (
        f"{place}: {said or 'the server cannot be reached; check that it runs, its name, port and network'}"
    )
