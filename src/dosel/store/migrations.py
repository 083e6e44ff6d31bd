"""Numbered migrations of both databases, with the data in place, and how the file goes through them.

A new file is made at :data:`VERSION` at once. An older one is first copied beside itself, then taken through
the missing steps in one transaction. A newer one is refused: an old program must not touch it. The text of
a migration is frozen once released; the schema of every version is kept under ``tests/store/golden``.

A server begins at :data:`FIRST_ON_SERVER`; from there on a step says what to do in each of the two databases
(:mod:`dosel.store.postgis_schema` takes a server through them).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from dosel.errors import StoreError
from dosel.store import layout
from dosel.store.tables import TABLES


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from the version before it."""

    version: int
    """Version of the schema after the step."""
    title: str
    statements: tuple[str, ...]
    """For the embedded file."""
    on_server: tuple[str, ...] = ()
    """For PostGIS; only steps up to :data:`FIRST_ON_SERVER` have none."""


_FOLDINGS: Final = ", \n\t".join(
    (
        "fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "look_id TEXT NOT NULL",
        "tile_id TEXT NOT NULL",
        "method TEXT NOT NULL",
        "baselines TEXT NOT NULL",
        "mask TEXT NOT NULL",
        "content TEXT NOT NULL",
        "step INTEGER NOT NULL",
        "marking INTEGER DEFAULT '3' NOT NULL",
        "CONSTRAINT foldings_key UNIQUE (look_id, tile_id)",
    )
)

_CELL_LOOKS: Final = ", \n\t".join(
    (
        "fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "look_id TEXT NOT NULL",
        "tile_id TEXT NOT NULL",
        "day INTEGER NOT NULL",
        "counts BLOB NOT NULL",
        "step INTEGER NOT NULL",
        "marking INTEGER DEFAULT '3' NOT NULL",
        "CONSTRAINT cell_looks_key UNIQUE (look_id, tile_id)",
    )
)
_CELLS: Final = ", \n\t".join(
    (
        "fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "geometry MULTIPOLYGON",
        "id TEXT NOT NULL",
        "as_of INTEGER NOT NULL",
        "watched_ha DOUBLE NOT NULL",
        "seen_day INTEGER",
        "seen_by TEXT NOT NULL",
        "found_12_days_ha DOUBLE",
        "found_24_days_ha DOUBLE",
        "found_48_days_ha DOUBLE",
        "found_96_days_ha DOUBLE",
        "marking INTEGER DEFAULT '3' NOT NULL",
        "CONSTRAINT cells_key UNIQUE (id)",
    )
)


def _frozen(name: str) -> tuple[str, ...]:
    """Return the statements of a file of `steps`, which stand apart by an empty line."""
    text = (files("dosel.store.steps") / name).read_text(encoding="utf-8")
    return tuple(block.strip().removesuffix(";") for block in text.split("\n\n") if block.strip())


MIGRATIONS: Final[tuple[Migration, ...]] = (
    Migration(
        2,
        "what each look was folded with",
        (
            f"CREATE TABLE foldings (\n\t{_FOLDINGS}\n)",
            "CREATE INDEX foldings_tile ON foldings (tile_id, step)",
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES ('foldings', 'attributes', 'foldings',"
            " 'with what each look was folded into a tile', NULL)",
        ),
    ),
    Migration(
        3,
        "what was truly seen of each square kilometre, and what would have been found",
        (
            f"CREATE TABLE cell_looks (\n\t{_CELL_LOOKS}\n)",
            "CREATE INDEX cell_looks_day ON cell_looks (day)",
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES ('cell_looks', 'attributes', 'cell_looks',"
            " 'how much of each square kilometre of a tile a look truly saw', NULL)",
            f"CREATE TABLE cells (\n\t{_CELLS}\n)",
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES ('cells', 'features', 'cells', 'by square kilometre: when it was last truly seen,"
            " and how large a clearing would have been found by now', 4326)",
            *layout.enter_geometry("cells", "geometry", "MULTIPOLYGON"),
        ),
    ),
    Migration(4, "alerts of others, and what a change means", _frozen("gpkg-4.sql")),
)
"""Steps from version 1 on, in order."""

VERSION: Final = 1 + len(MIGRATIONS)
"""Version of the schema that this program writes."""

FIRST_ON_SERVER: Final = 4
"""Version at which a server begins."""


def prepare(file: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring an open file to the newest version; `file` must be in autocommit mode.

    Raises
    ------
    StoreError
        If the file is no Dosel store, or was written by a newer program.
    """
    newest = 1 + len(migrations)
    found = version_of(file, path)
    if found == newest:
        return
    if found > newest:
        raise newer(str(path), found, newest)
    if found:
        back_up(file, path, found)
    file.execute("BEGIN IMMEDIATE")
    try:
        found = version_of(file, path)  # another process may have been faster
        for statement in _missing(found, migrations):
            file.execute(statement)
        file.execute(
            "INSERT INTO meta (key, value) VALUES ('schema_version', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(newest),),
        )
        file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(PASSIVE)")  # GDAL reads the head of the file past the log
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise


def newer(place: str, found: int, newest: int) -> StoreError:
    """Return the refusal of what a newer program wrote."""
    return StoreError(
        f"{place}: written by a newer program (schema {found}, this one knows {newest}); upgrade dosel"
    )


def version_of(file: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema of an open file; 0 is an empty file.

    Raises
    ------
    StoreError
        If the file holds something else.
    """
    names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return 0
    row = None
    if {"meta", "gpkg_contents"} <= names:
        row = file.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    if row is None or not str(row[0]).isdigit():
        raise StoreError(f"{path}: expected the store of a centre, got another database; name another file")
    return int(row[0])


def back_up(file: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the file beside itself as ``<name>.before-<version>``, whole or not at all; return the copy."""
    copy = path.with_name(f"{path.name}.schema-{version}.bak")
    part = copy.with_name(f"{copy.name}.part{os.getpid()}")
    with closing(sqlite3.connect(part)) as target:
        file.backup(target)
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(copy)
    return copy


def _missing(found: int, migrations: Sequence[Migration]) -> list[str]:
    if not found:
        return [*layout.base(), *(s for table in TABLES.values() for s in layout.create(table))]
    return [s for step in migrations if step.version > found for s in step.statements]
