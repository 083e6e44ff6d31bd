"""Whether a folder can hold the database: SQLite's log needs shared memory, which some disks lack."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path


def keeps_log(folder: Path) -> bool:
    """Return whether SQLite can write ahead (WAL) in a folder; nothing is left there.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     keeps_log(Path(folder))
    True
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".doctor.", dir=folder) as inside,
            closing(sqlite3.connect(Path(inside) / "try.db", isolation_level=None)) as file,
        ):
            mode = file.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            file.execute("CREATE TABLE t (x)")
            return str(mode) == "wal"
    except (sqlite3.Error, OSError):
        return False
