"""Yearly figures of whole areas, such as hectares of coca by department: unit totals from a CSV, no more.

A file that could name a plot is refused whole: any format with geometry, a column that is named like a
coordinate, a value that holds one, a unit that is smaller than a district.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dosel.alerts.partner.crops import holds_place, names_place
from dosel.alerts.partner.table import Note, Reason
from dosel.errors import InputError, InputMistakesError
from dosel.model.provenance import digest
from dosel.store.interface import Row

SUBJECTS: Final = ("coca", "poppy")
"""What figures are of; the words of ``dosel import``."""

UNITS: Final[Mapping[str, str]] = {
    "pais": "country",
    "país": "country",
    "departamento": "department",
    "provincia": "province",
    "distrito": "district",
    "zona": "zone",
}
"""Kinds of units that are whole areas, by the word of the source."""

ORIGIN: Final = ("DEVIDA / UNODC, yearly reports on coca", "UNODC and DEVIDA, cite the report")
"""Origin and licence of the figures."""

_FIXED: Final = ("report", "unit_type", "unit", "year")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a file says."""

    rows: int
    good: tuple[Row, ...]
    """Rows of the table ``area_figures``."""
    empty: int
    """Rows whose unit has no figure that year."""
    notes: tuple[Note, ...]


def read_figures(path: Path, subject: str, this_year: int) -> Figures:
    """Return the figures of a CSV with the columns report, unit_type, unit, year and ``<subject>_ha``.

    Raises
    ------
    InputError
        If it is no CSV, or holds a place; :class:`InputMistakesError` with all columns that do not fit.
    """
    if path.suffix.lower() != ".csv":
        raise InputError(f"{path}: figures of {subject} are totals of whole areas in a CSV, never places")
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: the file cannot be read: {error}") from None
    _check(path, frame, subject)
    said = frame.to_dict("records")
    good: dict[tuple[Any, ...], Row] = {}
    notes: list[Note] = []
    empty = 0
    for number, values in enumerate(said, start=1):
        row = _figure(number, {str(k): str(v).strip() for k, v in values.items()}, subject, this_year, notes)
        empty += row is None and not str(values[f"{subject}_ha"]).strip()
        if row is not None:
            _add(good, row, number, notes)
    return Figures(len(said), tuple(good.values()), empty, tuple(notes))


def _check(path: Path, frame: pd.DataFrame, subject: str) -> None:
    names = [str(name) for name in frame.columns]
    wanted = (*_FIXED, f"{subject}_ha")
    mistakes = [f"{name}: there is no such column" for name in wanted if name not in names]
    places = [name for name in names if names_place(name) or frame[name].map(holds_place).any()]
    mistakes += [f"{name}: holds places; {subject} is never kept by place" for name in places]
    mistakes += [
        f"{name}: is no column of a figure; expected only {', '.join(wanted)}"
        for name in names
        if name not in wanted and name not in places
    ]
    kinds = sorted({kind for kind in frame.get("unit_type", pd.Series(dtype=str)) if _kind(kind) is None})
    mistakes += [
        f"unit_type: {kind!r} is no whole area; expected one of {', '.join(UNITS)}" for kind in kinds
    ]
    if mistakes:
        raise InputMistakesError(str(path), mistakes)


def _kind(word: str) -> str | None:
    return UNITS.get(word.strip().lower())


def _figure(
    number: int, values: Mapping[str, str], subject: str, this_year: int, notes: list[Note]
) -> Row | None:
    """Return the row of one figure; None where there is none or it is refused."""
    column = f"{subject}_ha"
    if not values[column]:
        return None
    year, hectares = _number(values["year"]), _number(values[column])
    if year is None or not 1900 <= year <= this_year or year % 1:
        notes.append(Note(number, Reason.BAD_DAY, {"column": "year", "got": values["year"]}))
    if hectares is None:
        notes.append(Note(number, Reason.BAD_NUMBER, {"column": column, "got": values[column]}))
    elif hectares < 0:
        notes.append(Note(number, Reason.NEGATIVE_AREA, {"column": column, "got": values[column]}))
    if not values["unit"]:
        notes.append(Note(number, Reason.NO_ID, {"column": "unit"}))
    if (notes and notes[-1].row == number) or year is None or hectares is None:
        return None
    key = (subject, f"report {values['report']}", _kind(values["unit_type"]) or "", values["unit"], int(year))
    names = ("subject", "source", "unit_kind", "unit", "year")
    return dict(zip(names, key, strict=True)) | {"hectares": hectares, "content": digest([key, hectares])}


def _add(good: dict[tuple[Any, ...], Row], row: Row, number: int, notes: list[Note]) -> None:
    key = tuple(row[name] for name in ("source", "unit_kind", "unit", "year"))
    if key in good and good[key]["content"] != row["content"]:
        words = {"id": " ".join(map(str, key)), "rows": str(number)}
        notes.append(Note(number, Reason.TWICE, words))
        return
    good[key] = row


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number == number and abs(number) < 1e12 else None
