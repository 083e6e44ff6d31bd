"""Adding layers: read, repair, compare with what is there, keep both; one transaction for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from shapely.geometry.base import BaseGeometry

from dosel.context.coverage import along, coverage_of
from dosel.context.definition import Definition, parents_first
from dosel.context.layer import Completeness, Theme, Units
from dosel.context.overlay.past import LAYER as PAST
from dosel.context.parse import parse_definitions
from dosel.context.units import Made, Problem, make_units
from dosel.context.versions import Changes, changes, version_of
from dosel.errors import InputError, InputMistakesError
from dosel.model.time import iso_instant
from dosel.pipeline.feeds.incidents import refresh_incidents
from dosel.pipeline.meaning.places_sealed import seal_places
from dosel.pipeline.reference.layers import as_multipolygon, made_of, unit_rows, units_of
from dosel.pipeline.reference.vectors import read_names, read_polygons, read_rows
from dosel.store.interface import Row, Store

_READY: Final = "-layers.toml"
Outcome: TypeAlias = Literal["new", "updated", "same", "missing"]
_NONE: Final = Made(
    Units(*(np.empty(0, object) for _ in range(4)), *(np.empty(0, np.int64) for _ in "ab")), (), ()
)


@dataclass(frozen=True, slots=True)
class Added:
    """What became, or would become, of one definition."""

    name: str
    version: str
    outcome: Outcome
    units: int
    problems: tuple[Problem, ...] = ()
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A layer that was read and not yet stored."""

    definition: Definition
    made: Made
    coverage: BaseGeometry | None
    version: str
    place: str
    """The file as an absolute path; empty where there is none."""
    folder: str
    """The folder from which its files are named, as an absolute path."""
    content: str
    """SHA-256 of the file."""
    rests_on: Mapping[str, str]
    """Versions of the layers that it needs, by name."""


def ready_definitions(country: str, only: Sequence[str] = ()) -> tuple[Definition, ...]:
    """Return the ready definitions of a country.

    Raises
    ------
    InputError
        If there are none for it, or `only` names one that is not there.
    """
    folder = files("dosel.context.ready")
    known = sorted(one.name[: -len(_READY)] for one in folder.iterdir() if one.name.endswith(_READY))
    if country not in known:
        raise InputError(f"--ready: expected one of {', '.join(known)}, got {country!r}")
    text = (folder / f"{country}{_READY}").read_text(encoding="utf-8")
    return chosen(parse_definitions(text, f"{country}{_READY}"), only)


def read_definitions(path: Path, only: Sequence[str] = ()) -> tuple[Definition, ...]:
    """Return the definitions of a TOML file.

    Raises
    ------
    InputError
        If it cannot be read; :class:`InputMistakesError` with all its mistakes.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as TOML in UTF-8: {error}") from error
    return chosen(parse_definitions(text, str(path)), only)


def chosen(definitions: tuple[Definition, ...], only: Sequence[str]) -> tuple[Definition, ...]:
    """Return the definitions that `only` names; all where it is empty."""
    names = [one.name for one in definitions]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise InputError(f"--only: expected some of {', '.join(names)}, got {', '.join(unknown)}")
    return tuple(one for one in definitions if not only or one.name in only)


def add_layers(
    store: Store,
    definitions: Iterable[Definition],
    folder: Path,
    *,
    dry_run: bool = False,
    now: datetime | None = None,
) -> list[Added]:
    """Read the files of definitions and store what is new in them; what is there stays as an old version.

    Raises
    ------
    InputMistakesError
        With what is wrong with each file; then nothing is stored.
    """
    ready = _prepared(store, definitions, folder)
    added = [_compared(store, one) for one in ready.values()]
    if not dry_run:
        instant = iso_instant(now or datetime.now(UTC))
        with store.transaction():
            for one, said in zip(ready.values(), added, strict=True):
                _keep(store, one, said, instant)
            if any(one.definition.theme is Theme.ISOLATION for one in ready.values()):
                _seal(store)
    return added


def _seal(store: Store) -> None:
    """Seal what a new layer of reserves holds; neighbours have no past until they are described again."""
    if seal_places(store):
        store.delete("facts", {"layer": PAST})
        refresh_incidents(store)
        seal_places(store)


def _prepared(store: Store, definitions: Iterable[Definition], folder: Path) -> dict[str, Prepared]:
    ready: dict[str, Prepared] = {}
    mistakes: list[str] = []
    for definition in parents_first(definitions):
        try:
            ready[definition.name] = _prepare(store, definition, folder, ready)
        except InputError as error:
            mistakes.append(f"layer[{definition.name}]: {error}")
    if mistakes:
        raise InputMistakesError(str(folder), mistakes)
    return ready


def _prepare(store: Store, definition: Definition, folder: Path, ready: Mapping[str, Prepared]) -> Prepared:
    def other(name: str) -> Units:
        return ready[name].made.units if name in ready else current_units(store, name)

    place = folder / definition.file if definition.file else None
    made = _made(definition, folder, other, place)
    file = definition.coverage.file if definition.coverage else None
    polygons = read_polygons(folder / file) if file else None
    coverage = as_multipolygon(coverage_of(definition.coverage, made.units, other, polygons))
    version = version_of(definition, made, coverage)
    content = fingerprint(place) if place else ""
    where = str(place.resolve()) if place else ""
    rests_on = {name: _version(store, name, ready) for name in sorted(definition.needs)}
    return Prepared(definition, made, coverage, version, where, str(folder.resolve()), content, rests_on)


def _version(store: Store, name: str, ready: Mapping[str, Prepared]) -> str:
    if name in ready:
        return ready[name].version
    row = current_row(store, name)
    return row["version"] if row else ""


def _made(definition: Definition, folder: Path, other: Any, place: Path | None) -> Made:
    if definition.completeness is Completeness.MISSING:
        return _NONE
    if definition.derive is not None:
        areas = other(definition.derive.units_of)
        which = along(areas, other(definition.derive.along), definition.derive.within_m)
        return Made(areas.take(which), ({},) * int(which.sum()), ())
    if place is None:
        return _NONE
    read = read_rows(place, definition)
    names = None
    if definition.names is not None:
        asked = definition.names
        names = read_names(folder / asked.file, asked.key, asked.name, asked.delimiter)
    made = make_units(read.rows, definition, names)
    return replace(made, problems=(*read.problems, *made.problems))


def current_units(store: Store, name: str) -> Units:
    """Return the units of the current version of a layer.

    Raises
    ------
    InputError
        If there is none.
    """
    row = current_row(store, name)
    if row is None:
        raise InputError(f"the layer {name!r} is needed first; add it, or define it earlier in the file")
    return units_of(store, name, row["version"])


def current_row(store: Store, name: str) -> Row | None:
    """Return the row of the current version of a layer."""
    rows = store.select("layers", {"name": name, "current": 1})
    return rows[0] if rows else None


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file; of a shapefile with all that belongs to it."""
    parts = sorted(path.parent.glob(f"{path.stem}.*")) if path.suffix.lower() == ".shp" else [path]
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.read_bytes())
    return sha.hexdigest()


def _compared(store: Store, one: Prepared) -> Added:
    """Say what a prepared layer changes."""
    count, name = len(one.made.units), one.definition.name
    said = Added(name, one.version, "new", count, one.made.problems)
    old = current_row(store, name)
    if one.definition.completeness is Completeness.MISSING and (old is None or not old["units"]):
        return replace(said, outcome="missing")
    if old is None:
        return said
    if old["version"] == one.version:
        return replace(said, outcome="same")
    return replace(said, outcome="updated", changes=changes(made_of(store, name, old["version"]), one.made))


def _keep(store: Store, one: Prepared, said: Added, instant: str) -> None:
    """Store a layer: a version that is there is only made current again."""
    name = one.definition.name
    known = store.select("layers", {"name": name})
    before = {row["version"]: row["added"] for row in known}
    store.upsert("layers", [{**row, "current": 0} for row in known if row["version"] != one.version])
    if one.version not in before:
        store.insert("layer_units", unit_rows(name, one.version, one.made, one.definition.marking))
    store.upsert("layers", [_row(one, said, before.get(one.version, instant), instant)])


def _row(one: Prepared, said: Added, added: str, instant: str) -> Row:
    given = one.definition
    file = {"place": one.place, "folder": one.folder, "content": one.content, "read": instant}
    refresh = {**given.refresh.model_dump(), **file, "rests_on": dict(one.rests_on)}
    coverage = given.coverage.model_dump(exclude_defaults=True) if given.coverage else {}
    return {
        "geometry": one.coverage,
        "name": given.name,
        "version": one.version,
        "current": 1,
        "theme": given.theme.value,
        "shape": given.shape.value,
        "titles": given.titles.model_dump(),
        "owner": given.owner,
        "origin": given.origin,
        "licence": given.licence,
        "vintage": given.vintage,
        "completeness": given.completeness.value,
        "coverage": {"note": given.note.model_dump(), "where": coverage},
        "measures": [measure.value for measure in given.measures],
        "reach_m": given.reach_m,
        "margin_m": given.margin_m,
        "sensitivity": int(given.marking),
        "refresh": refresh,
        "added": added,
        "units": len(one.made.units),
        "report": {"problems": [one.plain() for one in said.problems], "changes": said.changes.plain()},
        "definition": given.plain(),
        "marking": int(given.marking),
    }
