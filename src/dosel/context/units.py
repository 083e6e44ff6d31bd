"""From the rows of a file to the units of a layer: repaired, dated, dissolved; and what had to be said.

Pure: the rows come as columns of text and geometries in lon/lat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.context.definition import Dates, Definition
from dosel.context.layer import ALWAYS, Shape, Units
from dosel.errors import InputError
from dosel.model.geodesy import areas_ha
from dosel.model.time import day_of

_BROKEN: Final = re.compile(
    "\ufffd|[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""What UTF-8 looks like after it was read as Latin-1, and what cannot be read at all."""
_DIMENSION: Final = {Shape.AREA: 2, Shape.LINE: 1, Shape.POINT: 0}
_FIRST, _LAST = ALWAYS


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What a file holds, lon/lat in degrees WGS 84."""

    geometry: NDArray[np.object_]
    """Shapely geometries, None where the file has none."""
    columns: Mapping[str, NDArray[np.object_]]
    """Texts; the empty text where the file has nothing."""

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.geometry)

    def take(self, which: NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        return Rows(self.geometry[which], {key: column[which] for key, column in self.columns.items()})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that had to be said of a row or a unit."""

    kind: str
    """Key of a sentence: ``layers.problem.<kind>``."""
    unit: str
    """Code and name of the unit."""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON-like values."""
        return {"kind": self.kind, "unit": self.unit, **self.detail}


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Units, their further columns, and what had to be said."""

    units: Units
    details: tuple[Mapping[str, str], ...]
    problems: tuple[Problem, ...]


def make_units(rows: Rows, definition: Definition, names: Mapping[str, str] | None = None) -> Made:
    """Return the units of a layer.

    Parameters
    ----------
    names
        Better names by code; a code of it that no row has is reported.

    Raises
    ------
    InputError
        If a column of the definition is not there, or every unit lies outside the country.
    """
    _check_columns(rows, definition)
    chosen = rows.take(_chosen(rows, definition))
    problems: list[Problem] = []
    code, name = _codes(chosen, definition), _column(chosen, definition.unit_name)
    name = _renamed(code, name, names or {}, problems)
    whose = _labels(code, name)
    geometry, problems_of_shape = _mended(chosen.geometry, whose, definition.shape)
    problems += problems_of_shape
    problems += [Problem("encoding", str(one)) for one in whose if _BROKEN.search(one)]
    since, until = _days(chosen, definition, whose, problems)
    units = Units(geometry, code, name, _column(chosen, definition.category), since, until)
    there = ~shapely.is_empty(geometry)
    return _dissolved(units.take(there), _details(chosen.take(there), definition), definition, problems)


def _labels(code: NDArray[np.object_], name: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return what each row is called in a sentence."""
    pairs = enumerate(zip(code, name, strict=True), start=1)
    return np.array([" ".join(dict.fromkeys(filter(None, pair))) or f"#{i}" for i, pair in pairs], object)


def _check_columns(rows: Rows, definition: Definition) -> None:
    """Refuse a definition that names columns which the file does not have."""
    asked = [*definition.code, *definition.unit_name, *definition.category, *definition.details]
    asked += [dates.column for dates in (definition.since, definition.until) if dates]
    asked += [*definition.keep, *definition.leave]
    missing = sorted({name for name in asked if name not in rows.columns})
    if missing:
        raise InputError(
            f"layer {definition.name}: the file has no column {', '.join(missing)}; it has "
            f"{', '.join(sorted(rows.columns)) or 'none'}"
        )


def _chosen(rows: Rows, definition: Definition) -> NDArray[np.bool_]:
    """Return which rows the filters let through."""
    which = np.ones(len(rows), bool)
    for column, texts in definition.keep.items():
        which &= np.isin(rows.columns[column].astype(str), texts)
    for column, texts in definition.leave.items():
        which &= ~np.isin(rows.columns[column].astype(str), texts)
    return which


def _column(rows: Rows, names: tuple[str, ...], join: str = " / ") -> NDArray[np.object_]:
    """Return a column, several of them joined, or empty texts where none is asked for."""
    if not names:
        return np.full(len(rows), "", object)
    if len(names) == 1:
        return rows.columns[names[0]]
    columns = [rows.columns[name] for name in names]
    return np.array([join.join(filter(None, row)) for row in zip(*columns, strict=True)], object)


def _codes(rows: Rows, definition: Definition) -> NDArray[np.object_]:
    code = _column(rows, definition.code, "-")
    if not definition.code_digits:
        return code
    return np.array([one and one.zfill(definition.code_digits) for one in code], object)


def _renamed(
    code: NDArray[np.object_], name: NDArray[np.object_], names: Mapping[str, str], problems: list[Problem]
) -> NDArray[np.object_]:
    """Return the names of another table where it has them."""
    known = set(code)
    problems += [Problem("no-unit", f"{key} {names[key]}") for key in sorted(names) if key not in known]
    return np.array([names.get(c, n) for c, n in zip(code, name, strict=True)], object)


def _mended(
    geometry: NDArray[np.object_], whose: NDArray[Any], shape: Shape
) -> tuple[NDArray[np.object_], list[Problem]]:
    """Return valid geometries of the right kind, empty where there is none, and what was mended."""
    flat = shapely.force_2d(geometry)
    gone = shapely.is_missing(flat) | shapely.is_empty(flat)
    problems = [Problem("no-geometry", str(one)) for one in whose[gone]]
    flat[gone] = shapely.GeometryCollection()
    bad = np.flatnonzero(~shapely.is_valid(flat))
    why, before = shapely.is_valid_reason(flat[bad]), areas_ha(flat[bad])
    flat[bad] = shapely.make_valid(flat[bad], method="structure")
    flat = _of_kind(flat, shape)
    after = areas_ha(flat[bad])
    for i, reason, was, now in zip(bad, why, before, after, strict=True):
        detail = {"why": str(reason), "before_ha": round(float(was), 4), "after_ha": round(float(now), 4)}
        problems.append(Problem("repaired", str(whose[i]), detail))
    lost = shapely.is_empty(flat) & ~gone
    return flat, problems + [Problem("other-shape", str(one), {"shape": shape.value}) for one in whose[lost]]


def _of_kind(geometry: NDArray[np.object_], shape: Shape) -> NDArray[np.object_]:
    """Return the parts that have the dimension of the layer; other parts are left out."""
    wrong = shapely.get_dimensions(geometry) != _DIMENSION[shape]
    mixed = shapely.get_type_id(geometry) == shapely.GeometryType.GEOMETRYCOLLECTION
    for i in np.flatnonzero(wrong | mixed):
        parts = shapely.get_parts(shapely.get_parts(geometry[i]))
        fit = parts[shapely.get_dimensions(parts) == _DIMENSION[shape]]
        geometry[i] = shapely.union_all(fit) if len(fit) else shapely.GeometryCollection()
    return geometry


def _days(
    rows: Rows, definition: Definition, whose: NDArray[Any], problems: list[Problem]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last day of every row; an end that is not known is that of ALWAYS."""
    since = _ends(rows, definition.since, _FIRST, whose, problems)
    until = _ends(rows, definition.until, _LAST, whose, problems)
    odd = np.flatnonzero((until <= since) & (since != _FIRST))
    problems += [Problem("ends-before", str(whose[i])) for i in odd]
    until[odd] = _LAST
    return since, until


def _ends(
    rows: Rows, dates: Dates | None, unknown: int, whose: NDArray[Any], problems: list[Problem]
) -> NDArray[np.int64]:
    days = np.full(len(rows), unknown, np.int64)
    for i, text in enumerate(rows.columns[dates.column] if dates else ()):
        if not dates or text.strip() in dates.unknown:
            continue
        try:
            days[i] = _day(text.strip(), dates)
        except (InputError, ValueError):
            problems.append(Problem("date", str(whose[i]), {"text": text, "format": dates.format}))
    return days


def _day(text: str, dates: Dates) -> int:
    if dates.values:
        if text not in dates.values:
            raise InputError(f"no day is given for {text!r}")
        return day_of(dates.values[text])
    return day_of(datetime.strptime(text, dates.format).replace(tzinfo=UTC))


def _details(rows: Rows, definition: Definition) -> list[dict[str, str]]:
    columns = {name: rows.columns[name] for name in definition.details}
    return [{k: c[i] for k, c in columns.items() if c[i]} for i in range(len(rows))]


def _dissolved(
    units: Units, details: list[dict[str, str]], definition: Definition, problems: list[Problem]
) -> Made:
    """Return the units with rows of the same code united under the name of the largest."""
    if not definition.dissolve or not len(units):
        return Made(units, tuple(details), tuple(problems))
    groups: dict[str, list[int]] = {}
    for i, code in enumerate(units.code):
        groups.setdefault(code or f"\0{i}", []).append(i)
    size = shapely.area(units.geometry) + shapely.length(units.geometry)
    first = np.array([max(group, key=lambda i: size[i]) for group in groups.values()])
    whole = units.take(first)
    for place, group in enumerate(groups.values()):
        if len(group) > 1:
            whole.geometry[place] = shapely.union_all(units.geometry[group])
            united = [str(units.name[i]) for i in group]
            problems.append(Problem("united", str(units.code[group[0]]), {"names": united}))
    return Made(whole, tuple(details[i] for i in first), tuple(problems))


def outside(geometry: Iterable[Any], box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """Return which geometries lie wholly outside a box in degrees."""
    west, south, east, north = shapely.bounds(np.asarray(geometry, object)).reshape(-1, 4).T
    return np.asarray((east < box[0]) | (west > box[2]) | (north < box[1]) | (south > box[3]))
