"""Move the tables of a centre between the file in its directory and the server that its settings name."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dosel.config import SETTINGS_FILE, load_settings
from dosel.errors import InputError
from dosel.pipeline.centre import DATABASE_FILE, database_of
from dosel.store import has_store, open_store
from dosel.store.copy import copy_store, sizes


@dataclass(frozen=True, slots=True)
class Moved:
    """What was (or would be) copied; what it was copied from stays as it is."""

    source: str
    target: str
    rows: int
    tables: int
    """Tables that hold any."""
    language: str


def copy_database(directory: Path, *, back: bool = False, dry_run: bool = False) -> Moved:
    """Copy the tables of a centre from its file to its server, or `back`.

    Raises
    ------
    InputError
        If the settings name no server, or there is nothing to copy.
    StoreError
        If the target is not empty.
    """
    settings = load_settings(directory)
    server = database_of(settings, directory)
    if isinstance(server, Path):
        raise InputError(
            f"{directory / SETTINGS_FILE}: expected url under [store], to copy to or from; got none"
        )
    file = directory / DATABASE_FILE
    one, other = (server, file) if back else (file, server)
    if not has_store(one):
        raise InputError(f"{one}: expected the tables of a centre to copy, got none")
    with closing(open_store(one)) as source:
        if dry_run:
            counts = sizes(source)
        else:
            with closing(open_store(other)) as target:
                counts = copy_store(source, target)
    filled = [count for count in counts.values() if count]
    return Moved(str(one), str(other), sum(filled), len(filled), settings.centre.language)
