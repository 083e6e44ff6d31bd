"""What is wrong with the layers of a centre, and what their silence means where it watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import shapely
from pyproj import Transformer

from dosel.context.layer import Completeness, Theme
from dosel.model.geodesy import areas_ha
from dosel.model.time import parse_instant
from dosel.pipeline.centre import Centre
from dosel.pipeline.reference.layer_refresh import current_rows, is_changed, is_gone, is_stale, outdated
from dosel.store.interface import Row, Store

Kind: TypeAlias = Literal[
    "changed",
    "gone",
    "outdated",
    "stale",
    "problems",
    "gap",
    "partial",
    "missing",
    "unregistered",
    "isolation",
    "licence",
]
_GAP_SHARE: Final = 0.001
"""A coverage that lacks less of the area than this was drawn at another scale, not cut short."""
_EXACT: Final = 1e-9
"""Rounding; peoples in isolation get no tolerance."""
_HARMLESS: Final = frozenset({"united"})
"""Problems that the definition itself asks for."""


@dataclass(frozen=True, slots=True)
class LayerFinding:
    """One thing that somebody should know of a layer."""

    kind: Kind
    layer: str
    """Its name, or the theme that no layer has."""
    values: dict[str, Any]
    note: dict[str, str]
    """By language: what is complete, partial or missing; empty where it does not matter."""
    service: str = ""
    """Official service."""


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One line of the list."""

    name: str
    titles: dict[str, str]
    note: dict[str, str]
    theme: str
    vintage: str
    units: int
    completeness: Completeness
    coverage_km2: float | None
    licence: str
    sensitivity: int
    version: str
    age_days: int
    """Days since the version was added."""
    versions: int
    """How many versions of it there are."""


def list_layers(store: Store, now: datetime | None = None) -> list[LayerLine]:
    """Return the current layers by name."""
    instant = now or datetime.now(UTC)
    counts = {row["name"]: row["count"] for row in store.tally("layers", ["name"])}
    places = store.select("layers", {"current": 1}, columns=("name", "geometry"))
    areas = areas_ha([row["geometry"] for row in places]) / 100
    km2 = {
        row["name"]: float(area)
        for row, area in zip(places, areas, strict=True)
        if row["geometry"] is not None
    }
    return [_line(row, km2.get(row["name"]), counts[row["name"]], instant) for row in current_rows(store)]


def check_layers(centre: Centre, now: datetime | None = None) -> list[LayerFinding]:
    """Return what is wrong, and what the silence of layers means in the area of a centre."""
    instant = now or datetime.now(UTC)
    rows = current_rows(centre.store)
    places = centre.store.select("layers", {"current": 1}, columns=("name", "geometry"))
    coverage = {row["name"]: row["geometry"] for row in places}
    area = watched_area(centre)
    findings = [one for row in rows for one in _of_layer(row, coverage[row["name"]], area, instant)]
    findings += _outdated(rows)
    findings += [LayerFinding("unregistered", theme, {}, {}) for theme in _without_layer(rows)]
    return [*findings, *_isolation(rows, coverage, area)]


def watched_area(centre: Centre) -> Any:
    """Return the area of a centre in lon/lat; without polygons that of its grid."""
    grid = centre.grid
    shape = centre.area
    if shape is None:
        box = grid.geobox.extent.boundingbox
        shape = shapely.box(*box.bbox)
    left, bottom, right, top = shape.bounds
    dense = shapely.segmentize(shape, max(right - left, top - bottom) / 50)
    change = Transformer.from_crs(grid.crs, 4326, always_xy=True)
    return shapely.make_valid(
        shapely.transform(dense, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
    )


def _line(row: Row, km2: float | None, versions: int, now: datetime) -> LayerLine:
    return LayerLine(
        row["name"],
        row["titles"],
        row["coverage"]["note"],
        row["theme"],
        row["vintage"],
        row["units"],
        Completeness(row["completeness"]),
        km2,
        row["licence"],
        row["sensitivity"],
        row["version"],
        (now - parse_instant(row["added"])).days,
        versions,
    )


def _of_layer(row: Row, coverage: Any, area: Any, now: datetime) -> Iterator[LayerFinding]:
    name, note, refresh = row["name"], row["coverage"]["note"], row["refresh"]
    missing = row["completeness"] == Completeness.MISSING
    if is_gone(row):
        yield LayerFinding("gone", name, {"place": refresh["place"]}, {})
    if is_changed(row):
        yield LayerFinding("changed", name, {"place": refresh["place"]}, {})
    if is_stale(row, now) and not missing:
        days = (now - parse_instant(refresh["read"])).days
        yield LayerFinding("stale", name, {"age": days, "days": refresh["days"]}, {}, refresh["service"])
    counts = Counter(one["kind"] for one in row["report"]["problems"] if one["kind"] not in _HARMLESS)
    if counts:
        yield LayerFinding("problems", name, {"counts": dict(counts)}, {})
    if not missing and not row["licence"]:
        yield LayerFinding("licence", name, {}, {})
    yield from _silence(row, coverage, area, note)


def _silence(row: Row, coverage: Any, area: Any, note: dict[str, str]) -> Iterator[LayerFinding]:
    """Yield what it means where a layer says nothing."""
    name, service = row["name"], row["refresh"]["service"]
    if row["completeness"] != Completeness.COMPLETE:
        kind: Kind = "missing" if row["completeness"] == Completeness.MISSING else "partial"
        yield LayerFinding(kind, name, {}, note, service)
        return
    lacking = _lacking(coverage, area)
    if lacking > _GAP_SHARE:
        yield LayerFinding("gap", name, {"percent": f"{100 * lacking:.1f}"}, note, service)


def _lacking(coverage: Any, area: Any) -> float:
    """Return the share of the area that a coverage lacks."""
    if coverage is None:
        return 0.0
    whole, there = areas_ha([area, shapely.intersection(area, coverage)])
    return float(1 - there / whole)


def _outdated(rows: list[Row]) -> Iterator[LayerFinding]:
    known = {row["name"]: row for row in rows}
    for row in rows:
        if parents := outdated(row, known):
            yield LayerFinding("outdated", row["name"], {"parents": ", ".join(parents)}, {})


def _without_layer(rows: list[Row]) -> list[str]:
    known = {row["theme"] for row in rows}
    return [theme.value for theme in Theme if theme.value not in known]


def _isolation(rows: list[Row], coverage: dict[str, Any], area: Any) -> Iterator[LayerFinding]:
    """Yield the last word on peoples in isolation: nothing counts as clean without a complete layer."""
    whole = [
        coverage[row["name"]]
        for row in rows
        if row["theme"] == Theme.ISOLATION and row["completeness"] == Completeness.COMPLETE
    ]
    if not whole or _lacking(shapely.union_all(whole), area) > _EXACT:
        yield LayerFinding("isolation", Theme.ISOLATION.value, {}, {})
