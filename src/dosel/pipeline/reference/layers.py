"""Reference layers in the store: versions, one of them current, and their units."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from dosel.context.layer import ALWAYS, Completeness, Layer, Measure, Shape, Theme, Units
from dosel.context.units import Made
from dosel.model.marking import Marking
from dosel.store.interface import Bbox, Between, Row, Store

OPEN: Final = Between(None, int(Marking.RESTRICTED))
"""Sensitivity of layers whose units may be asked for by name; a sealed one reads as none."""

_UNIT_COLUMNS: Final = ("geometry", "code", "name", "category", "from_day", "to_day")


def load_layers(
    store: Store,
    *,
    themes: Iterable[Theme] | None = None,
    version: str | Collection[str] | None = None,
    bbox: Bbox | None = None,
) -> tuple[Layer, ...]:
    """Return layers in memory, sorted by name; those that are missing too, without units.

    Parameters
    ----------
    themes
        Only layers of these themes.
    version
        Only these versions, current or not; by default the current ones.
    bbox
        Only units that touch it, numbered anew; what lies farther than it is not known then.
    """
    where: dict[str, Any] = {"current": 1} if version is None else {"version": version}
    if themes is not None:
        where["theme"] = [theme.value for theme in themes]
    return tuple(_layer(store, row, bbox) for row in store.select("layers", where))


def units_of(store: Store, name: str, version: str, bbox: Bbox | None = None) -> Units:
    """Return the units of one version by number; with a `bbox` those that touch it, numbered anew."""
    where = {"layer": name, "version": version}
    return _units(store.select("layer_units", where, bbox=bbox, columns=_UNIT_COLUMNS))


def made_of(store: Store, name: str, version: str) -> Made:
    """Return the units of one version with their further columns."""
    rows = store.select(
        "layer_units", {"layer": name, "version": version}, columns=(*_UNIT_COLUMNS, "details")
    )
    return Made(_units(rows), tuple(row["details"] for row in rows), ())


def unit_rows(name: str, version: str, made: Made, marking: Marking) -> Iterable[Row]:
    """Yield the rows of ``layer_units``."""
    units = made.units
    for number in range(len(units)):
        since, until = int(units.from_day[number]), int(units.to_day[number])
        yield {
            "geometry": units.geometry[number],
            "layer": name,
            "version": version,
            "number": number,
            "code": units.code[number],
            "name": units.name[number],
            "category": units.category[number],
            "from_day": None if since == ALWAYS[0] else since,
            "to_day": None if until == ALWAYS[1] else until,
            "details": made.details[number],
            "marking": int(marking),
        }


def as_multipolygon(coverage: BaseGeometry | None) -> MultiPolygon | None:
    """Return a coverage as the store keeps it."""
    if coverage is None:
        return None
    parts = shapely.get_parts(coverage)
    return MultiPolygon(list(parts[shapely.get_dimensions(parts) == 2]))


def _layer(store: Store, row: Row, bbox: Bbox | None) -> Layer:
    return Layer(
        name=row["name"],
        version=row["version"],
        theme=Theme(row["theme"]),
        shape=Shape(row["shape"]),
        titles=row["titles"],
        owner=row["owner"],
        licence=row["licence"],
        vintage=row["vintage"],
        completeness=Completeness(row["completeness"]),
        coverage=row["geometry"],
        note=row["coverage"]["note"],
        measures=tuple(map(Measure, row["measures"])),
        reach_m=row["reach_m"],
        margin_m=row["margin_m"],
        sensitivity=Marking(row["sensitivity"]),
        dated=bool({"since", "until"} & row["definition"].keys()),
        units=units_of(store, row["name"], row["version"], bbox) if row["units"] else _units([]),
        definition=row["definition"],
    )


def _units(rows: list[Row]) -> Units:
    geometry = np.empty(len(rows), object)
    geometry[:] = [row["geometry"] for row in rows]
    code, name, category = (
        np.array([row[column] for row in rows], object) for column in ("code", "name", "category")
    )
    since = [ALWAYS[0] if row["from_day"] is None else row["from_day"] for row in rows]
    until = [ALWAYS[1] if row["to_day"] is None else row["to_day"] for row in rows]
    return Units(geometry, code, name, category, np.array(since, np.int64), np.array(until, np.int64))
