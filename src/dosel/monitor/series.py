"""Point series as files: ``id,date,<value columns>`` in, traces and summaries out.

An empty cell (or ``nan``) is a missing value and no look. Rows come in any order. All mistakes of a file are
reported at once, each with its line.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError, InputMistakesError
from dosel.model.time import day_of

MAX_MISTAKES: Final = 100
"""So many mistakes of a file are spelt out; the rest is counted."""
PROGRESS_ROWS: Final = 50_000
"""Rows between two calls of the progress function."""

Progress = Callable[[str, int, int], None]
"""Called with the stage, what is done and what there is to do, in the stage's own unit."""


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class PointSeries:
    """Valid looks of points, sorted by point and day."""

    ids: tuple[str, ...]
    """Names of the points in the order in which the file first names them."""
    point: NDArray[np.int64]
    """(look,) index into `ids`."""
    day: NDArray[np.int64]
    """(look,) UTC day numbers."""
    value: NDArray[np.float64]
    """(look,) finite values in the stream's unit."""
    missing: int
    """Rows with an empty value: no looks."""
    repeated: int
    """Rows that say again exactly what another row says: counted once."""


class _Mistakes:
    """Mistakes of one file, gathered with their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.found: list[str] = []
        self.more = 0

    def add(self, line: int, sentence: str) -> None:
        """Note a mistake."""
        if len(self.found) < MAX_MISTAKES:
            self.found.append(f"line {line}: {sentence}")
        else:
            self.more += 1

    def check(self) -> None:
        """Raise if there are any."""
        if self.more:
            self.found.append(f"and {self.more} more")
        if self.found:
            raise InputMistakesError(str(self.path), self.found)


def read_series(path: Path, column: str, progress: Progress = silent) -> PointSeries:
    """Read the values of one column of a series file, CSV or CSV.gz.

    Parameters
    ----------
    path
        File with the columns ``id``, ``date`` and value columns.
    column
        Name of the value column.
    progress
        Called now and then with ``read`` and bytes.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column; :class:`InputMistakesError` with every wrong row.
    """
    mistakes = _Mistakes(path)
    ids: dict[str, int] = {}
    days: dict[str, int | None] = {}
    point, day, line = array("q"), array("q"), array("q")
    value = array("d")
    for number, name, date, cell in _rows(path, ("id", "date", column), mistakes, progress):
        if date not in days:
            days[date] = _day(date)
        when, number_value = days[date], _number(cell)
        if not name:
            mistakes.add(number, "expected an id, got an empty cell")
        if when is None:
            mistakes.add(number, f"expected an ISO date (2024-05-31), got {date!r}")
        if number_value is None:
            mistakes.add(number, f"{column}: expected a number or an empty cell, got {cell!r}")
        if name and when is not None and number_value is not None:
            point.append(ids.setdefault(name, len(ids)))
            day.append(when)
            value.append(number_value)
            line.append(number)
    arrays = (np.array(point, np.int64), np.array(day, np.int64), np.array(value), np.array(line, np.int64))
    return _sorted(tuple(ids), arrays, mistakes)


def read_starts(path: Path, ids: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Read the first monitored day of each point from a CSV(.gz) ``id,start``.

    Returns
    -------
    tuple
        Names, those of the series first and then those that only the starts name, and their days.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column; :class:`InputMistakesError` with every wrong row and
        every point of the series without a start.
    """
    mistakes = _Mistakes(path)
    starts: dict[str, int] = {}
    for number, name, text in _rows(path, ("id", "start"), mistakes, silent):
        when = _day(text)
        if not name:
            mistakes.add(number, "expected an id, got an empty cell")
        elif when is None:
            mistakes.add(number, f"expected an ISO date (2024-05-31), got {text!r}")
        elif starts.setdefault(name, when) != when:
            mistakes.add(number, f"id {name!r} has another start further up")
    without = [name for name in ids if name not in starts]
    if without and not mistakes.found:
        some = ", ".join(without[:5]) + (", ..." if len(without) > 5 else "")
        raise InputMistakesError(str(path), [f"{len(without)} ids of the series have no start: {some}"])
    mistakes.check()
    names = (*ids, *(name for name in starts if name not in set(ids)))
    return names, np.array([starts[name] for name in names], np.int64)


@contextmanager
def written(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a text file that appears under its name only when it is whole; gzip where the name ends in .gz.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as raw:
            packed = gzip.GzipFile("", "wb", 6, raw, mtime=0) if path.suffix == ".gz" else None
            text = io.TextIOWrapper(packed or raw, "utf-8", newline="")
            yield text
            text.flush()
            text.detach()
            if packed is not None:
                packed.close()
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


def cell(text: str) -> str:
    """Return a text as one CSV cell, quoted where it must be.

    Examples
    --------
    >>> cell('a,b'), cell('a')
    ('"a,b"', 'a')
    """
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _rows(path: Path, columns: tuple[str, ...], mistakes: _Mistakes, progress: Progress) -> Iterator[Any]:
    """Yield (line, cell of each column) of every row; rows of a wrong length are mistakes."""
    try:
        total = path.stat().st_size
        with path.open("rb") as raw:
            packed = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            reader = csv.reader(io.TextIOWrapper(packed, "utf-8-sig", newline=""), strict=True)
            header = [name.strip() for name in next(reader, [])]
            places = _places(path, header, columns)
            for count, row in enumerate(reader, 1):
                if count % PROGRESS_ROWS == 0:
                    progress("read", raw.tell(), total)
                if len(row) == len(header):
                    yield (reader.line_num, *(row[place].strip() for place in places))
                elif row:
                    mistakes.add(reader.line_num, f"expected {len(header)} cells, got {len(row)}")
            progress("read", total, total)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{path}: cannot be read as CSV in UTF-8 (gzip if its name ends in .gz): {reason}"
        ) from error


def _places(path: Path, header: list[str], columns: tuple[str, ...]) -> list[int]:
    """Return where the columns stand."""
    wrong = [name for name in columns if header.count(name) != 1]
    if wrong:
        raise InputError(
            f"{path}: expected the column {wrong[0]!r} once, found {', '.join(header) or 'an empty file'}"
        )
    return [header.index(name) for name in columns]


def _day(text: str) -> int | None:
    try:
        return day_of(text)
    except InputError:
        return None


def _number(text: str) -> float | None:
    """Return a finite number, NaN for a missing one, None for anything else."""
    if not text:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        return None
    return None if np.isinf(value) else value


def _sorted(ids: tuple[str, ...], arrays: tuple[NDArray[Any], ...], mistakes: _Mistakes) -> PointSeries:
    """Return looks by point and day; two rows of one point and day must say the same."""
    order = np.lexsort((arrays[3], arrays[1], arrays[0]))
    point, day, value, line = (column[order] for column in arrays)
    again = np.zeros(len(point), bool)
    again[1:] = (point[1:] == point[:-1]) & (day[1:] == day[:-1])
    for row in np.flatnonzero(again):
        if not np.array_equal(value[row], value[row - 1], equal_nan=True):
            mistakes.add(
                int(line[row]),
                f"id {ids[point[row]]!r} has another value on that date in line {line[row - 1]}",
            )
    mistakes.check()
    seen = ~again & np.isfinite(value)
    missing = int((~again & np.isnan(value)).sum())
    return PointSeries(ids, point[seen], day[seen], value[seen], missing, int(again.sum()))
