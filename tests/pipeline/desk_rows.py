"""A centre with rows of its own: layers, alerts, facts, as the stages before leave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shapely import box
from shapely.geometry import MultiPolygon

from dosel.model.codes import AlertStatus
from dosel.model.marking import Marking
from dosel.model.time import day_of, iso_day
from dosel.pipeline.centre import Centre, open_centre
from dosel.testing.tiny import write_settings

TODAY = day_of("2024-12-30")
EMPTY: Mapping[str, Any] = {
    "current": 1,
    "shape": "area",
    "titles": {"es": "capa", "pt": "camada", "en": "layer"},
    "owner": "",
    "origin": "",
    "licence": "",
    "vintage": "",
    "completeness": "complete",
    "coverage": {"note": {"es": "nota", "pt": "nota", "en": "note"}},
    "measures": ["share"],
    "reach_m": 10_000.0,
    "margin_m": 0.0,
    "sensitivity": int(Marking.PUBLIC),
    "refresh": {},
    "added": "",
    "units": 1,
    "report": {},
    "definition": {},
    "version": "v1",
    "geometry": None,
}


def new_centre(folder: Path, more: str = "") -> Centre:
    """Open a new centre whose settings end with `more`."""
    path = write_settings(folder)
    path.write_text(path.read_text() + more)
    return open_centre(folder)


def add(centre: Centre, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, one by one: they need not name the same columns."""
    with centre.store.transaction():
        for row in rows:
            centre.store.insert(table, [row])


def layer(name: str, theme: str, **values: Any) -> dict[str, Any]:
    """A row of `layers`."""
    return {**EMPTY, "name": name, "theme": theme, **values}


def unit(
    layer: str, number: int, geometry: Any, code: str = "", name: str = "", **values: Any
) -> dict[str, Any]:
    """A row of `layer_units`."""
    plain = {"version": "v1", "category": "", "from_day": None, "to_day": None, "details": {}}
    return {
        **plain,
        "layer": layer,
        "number": number,
        "geometry": geometry,
        "code": code,
        "name": name,
        **values,
    }


def alert(one: str, **values: Any) -> dict[str, Any]:
    """A row of `alerts`: a partner's, of 5 ha, of yesterday."""
    return {
        "geometry": MultiPolygon([box(-70.06, -12.99, -70.05, -12.98)]),
        "id": one,
        "source": "mapbiomas",
        "extent": "box",
        "status": int(AlertStatus.REPORTED),
        "area_ha": 5.0,
        "window_end": TODAY - 1,
        "updated": TODAY,
        "parents": [],
        "reason": "",
        "streams": [],
        "superseded": 0,
        "marking": int(Marking.RESTRICTED),
        **values,
    }


def fact(one: str, layer: str, relation: str = "inside", number: int = 0, **values: Any) -> dict[str, Any]:
    """A row of `facts`."""
    plain = {"version": "v1", "code": "", "name": "", "category": ""}
    return {**plain, "alert_id": one, "layer": layer, "relation": relation, "number": number, **values}


def fire(one: str, day: int, source: str) -> dict[str, Any]:
    """A row of `fire_events`: one pass of one day."""
    instants = dict.fromkeys(("first_instant", "last_instant"), f"{iso_day(day)}T15:00:00Z")
    counts = {"first_day": day, "last_day": day, "hot_spots": 1, "passes": 1, "power_mw": None}
    names = {"id": one, "status": "active", "sources": [source], "parents": []}
    return {"geometry": MultiPolygon([box(-70.06, -12.99, -70.05, -12.98)]), **instants, **counts, **names}
