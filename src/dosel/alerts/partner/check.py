"""Rows of others, one by one: what is good is kept, what is not is refused with its number and its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.alerts.partner.kinds import BadRowError, columns_of, details_of, name_of
from dosel.alerts.partner.outline import Placed, areas_ha, boxes, place, squares
from dosel.alerts.partner.table import Note, Reason, Table
from dosel.config.feed import FeedSettings
from dosel.model.provenance import digest

_HARMLESS: Final = frozenset({Reason.REPAIRED})


@dataclass(frozen=True, slots=True)
class Reported:
    """A row that is good."""

    number: int
    """Number in the file, from 1."""
    external_id: str
    """As the source names it; where it names nothing, from place and day."""
    shape: BaseGeometry | None
    """Degrees WGS 84: MultiPolygon for alerts, Point for hot spots and airstrips; None only of a bad row."""
    columns: Mapping[str, Any]
    """What it says, in the columns of its table."""
    details: Mapping[str, Any]
    """All else that the source says, in its own words."""
    content: str
    """Hash of all that the source says."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds."""

    rows: int
    good: tuple[Reported, ...]
    """One for each name, in the order of the file."""
    repeated: int
    """Good rows that say again, word for word, what another row says."""
    notes: tuple[Note, ...]
    """By row."""

    @property
    def refused(self) -> tuple[Note, ...]:
        """Notes on rows that are not used; a row may have several."""
        return tuple(note for note in self.notes if note.reason not in _HARMLESS)

    @property
    def repaired(self) -> tuple[Note, ...]:
        """Notes on rows that are used after a repair."""
        return tuple(note for note in self.notes if note.reason in _HARMLESS)


def check(table: Table, feed: FeedSettings, today: int) -> Checked:
    """Return the good rows of a table, and the reasons of the others.

    Parameters
    ----------
    today
        UTC day number after which nothing can have happened yet.
    """
    placed = _placed(table, feed)
    notes = list(placed.notes)
    read = _read(table, feed, placed, today, notes)
    bad = {note.row for note in notes if note.reason not in _HARMLESS}
    good = [one for one in read if one.number not in bad]
    kept, repeated = _once(good, notes)
    used = {one.number for one in kept} | bad
    told = (note for note in notes if note.row in used or note.reason not in _HARMLESS)
    return Checked(table.count, tuple(kept), repeated, tuple(sorted(told, key=lambda n: (n.row, n.reason))))


def _placed(table: Table, feed: FeedSettings) -> Placed:
    points = feed.extent == "point"
    if feed.extent == "box":
        return _boxed(table, feed)
    if table.geometry is None:
        empty = np.full(table.count, None, dtype=object)
        return place(empty, "EPSG:4326", None, points=points)
    return place(table.geometry, table.crs, feed.within, points=points)


def _boxed(table: Table, feed: FeedSettings) -> Placed:
    """Return the boxes that four columns name; a point of the file must lie in its box."""
    west, south, east, north = (_numbers(table.columns[name]) for name in feed.box or ())
    with np.errstate(invalid="ignore"):
        whole = (west < east) & (south < north) & (abs(west) <= 180) & (abs(east) <= 180)
        whole &= (abs(south) <= 90) & (abs(north) <= 90)
    corners = np.stack([west, south, east, north], axis=1)
    notes = [
        Note(row + 1, Reason.BAD_BOX, {"got": " ".join(f"{side:g}" for side in corners[row])})
        for row in np.flatnonzero(~whole).tolist()
    ]
    shapes = np.full(table.count, None, dtype=object)
    shapes[whole] = boxes(*corners[whole].T)
    if table.geometry is None:
        held = place(shapes, "EPSG:4326", feed.within, points=False)
        return Placed(held.shapes, (*notes, *(note for note in held.notes if whole[note.row - 1])))
    points = place(table.geometry, table.crs, feed.within, points=True)
    apart = whole & ~shapely.is_missing(points.shapes) & ~shapely.covers(shapes, points.shapes)
    notes += [Note(row + 1, Reason.BAD_BOX, {"got": "-"}) for row in np.flatnonzero(apart).tolist()]
    return Placed(shapes, (*notes, *points.notes))


def _read(table: Table, feed: FeedSettings, placed: Placed, today: int, notes: list[Note]) -> list[Reported]:
    shapes = squares(placed.shapes) if feed.kind == "alerts" and feed.extent == "point" else placed.shapes
    outline_ha = areas_ha(shapes) if feed.kind == "alerts" and feed.extent != "point" else None
    names = list(table.columns)
    found = []
    for row, values in enumerate(zip(*table.columns.values(), strict=True)):
        said = dict(zip(names, values, strict=True))
        try:
            measured = None if outline_ha is None else float(outline_ha[row])
            found.append(_report(row + 1, said, shapes[row], feed, measured, today))
        except BadRowError as error:
            notes += [Note(row + 1, reason, values) for reason, values in error.reasons]
    return found


def _report(
    number: int,
    said: Mapping[str, Any],
    shape: BaseGeometry | None,
    feed: FeedSettings,
    outline_ha: float | None,
    today: int,
) -> Reported:
    columns = columns_of(said, feed, outline_ha, today)
    details = details_of(said, feed)
    outline = "" if shape is None else shapely.to_wkb(shapely.normalize(shape), hex=True, byte_order=1)
    name = name_of(said, feed, outline, columns)
    content = digest([name, feed.extent, outline, columns, details])
    return Reported(number, name, shape, columns, details, content)


def _once(good: Sequence[Reported], notes: list[Note]) -> tuple[list[Reported], int]:
    """Return one row for each name; rows of one name that contradict each other are all refused."""
    by_name = sorted(good, key=lambda one: (one.external_id, one.number))
    kept, repeated = [], 0
    for name, group in groupby(by_name, key=lambda one: one.external_id):
        first, *others = group
        if all(other.content == first.content for other in others):
            kept.append(first)
            repeated += len(others)
            continue
        rows = ", ".join(str(one.number) for one in (first, *others))
        notes += [Note(one.number, Reason.TWICE, {"id": name, "rows": rows}) for one in (first, *others)]
    return sorted(kept, key=lambda one: one.number), repeated


def _numbers(column: NDArray[Any]) -> NDArray[np.float64]:
    """Return a column as numbers; NaN where a value is none."""

    def number(value: Any) -> float:
        try:
            return float(value)
        except (TypeError, ValueError):
            return float("nan")

    return np.array([number(value) for value in column], dtype=float)
