"""Which layers are to be read again, and reading them; the earlier version stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dosel.context.definition import Definition, stored_definition
from dosel.errors import InputError
from dosel.model.time import parse_instant
from dosel.pipeline.reference.layer_add import Added, add_layers, fingerprint
from dosel.store.interface import Row, Store


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did, or would do."""

    added: tuple[Added, ...]
    gone: tuple[str, ...]
    """Layers whose file is not where it was; they stay as they are."""


def current_rows(store: Store) -> list[Row]:
    """Return the rows of the current versions, without their coverage polygons, by name."""
    columns = ("name", "version", "theme", "titles", "owner", "origin", "licence", "vintage", "completeness")
    more = ("coverage", "sensitivity", "refresh", "added", "units", "report", "definition")
    return store.select("layers", {"current": 1}, columns=(*columns, *more))


def refresh_layers(
    store: Store, name: str = "", *, dry_run: bool = False, now: datetime | None = None
) -> Refreshed:
    """Read again the layer `name`, or all whose file changed or whose rule says so, and what rests on them.

    Raises
    ------
    InputError
        If there is no such layer, it has no file, or its file is gone.
    """
    instant = now or datetime.now(UTC)
    rows = {row["name"]: row for row in current_rows(store)}
    if name:
        _check_named(rows, name)
    due_now = {one for one, row in rows.items() if is_due(row, instant) or outdated(row, rows)}
    asked = {name} if name else due_now
    gone = tuple(sorted(one for one, row in rows.items() if is_gone(row)))
    due = with_dependents(rows, asked - set(gone))
    added: list[Added] = []
    for folder, ones in _by_folder(rows[one] for one in sorted(due)).items():
        added += add_layers(store, ones, Path(folder), dry_run=dry_run, now=instant)
    return Refreshed(tuple(added), gone)


def is_due(row: Row, now: datetime) -> bool:
    """Return whether the file of a layer changed, or the layer is stale by its rule."""
    return is_changed(row) or (is_stale(row, now) and bool(row["refresh"]["place"]))


def outdated(row: Row, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """Return the layers that a layer rests on and that are now of another version than it was made with."""
    return tuple(
        name
        for name, version in row["refresh"]["rests_on"].items()
        if name in rows and rows[name]["version"] != version
    )


def is_stale(row: Row, now: datetime) -> bool:
    """Return whether a layer was last read longer ago than its rule allows."""
    days = row["refresh"]["days"]
    return days is not None and (now - parse_instant(row["refresh"]["read"])).days >= days


def is_changed(row: Row) -> bool:
    """Return whether the file of a layer is there and holds other bytes than were read."""
    place = row["refresh"]["place"]
    return bool(place) and Path(place).exists() and fingerprint(Path(place)) != row["refresh"]["content"]


def is_gone(row: Row) -> bool:
    """Return whether the file of a layer is no more where it was read."""
    place = row["refresh"]["place"]
    return bool(place) and not Path(place).exists()


def with_dependents(rows: Mapping[str, Row], names: Iterable[str]) -> set[str]:
    """Return names and those of all layers that rest on them."""
    needs = {name: stored_definition(row["definition"]).needs for name, row in rows.items()}
    due = set(names)
    while more := {name for name, parents in needs.items() if parents & due} - due:
        due |= more
    return due


def _check_named(rows: Mapping[str, Row], name: str) -> None:
    if name not in rows:
        raise InputError(f"expected one of the layers {', '.join(rows) or '(there is none)'}, got {name!r}")
    place = rows[name]["refresh"]["place"]
    if not place:
        raise InputError(f"{name}: it was not read from a file, so there is nothing to read again")
    if is_gone(rows[name]):
        raise InputError(f"{name}: {place} is not there; add the layer from where its file is now")


def _by_folder(rows: Iterable[Row]) -> dict[str, list[Definition]]:
    folders: dict[str, list[Any]] = {}
    for row in rows:
        folders.setdefault(row["refresh"]["folder"], []).append(stored_definition(row["definition"]))
    return folders
