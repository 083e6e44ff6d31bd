"""What the layers say of an alert, or of a point that somebody asks about, read from the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import cos, radians
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Geod

from dosel.context.facts import Fact, Relation
from dosel.context.layer import Completeness, Measure, Theme
from dosel.store.interface import Bbox, Row, Store

_METRES_A_DEGREE: Final = 110_574.0
"""Least length of a degree of latitude on the ellipsoid."""


def layer_themes(store: Store) -> dict[str, Theme]:
    """Return the theme of every current layer, missing ones included."""
    rows = store.select("layers", {"current": 1}, columns=["name", "theme"])
    return {row["name"]: Theme(row["theme"]) for row in rows}


def facts_of(store: Store, alerts: Sequence[str]) -> dict[str, tuple[Fact, ...]]:
    """Return the facts that were recorded of alerts, by id; one that was not described has none."""
    found: dict[str, list[Fact]] = {alert: [] for alert in alerts}
    for row in store.select("facts", {"alert_id": list(found)}):
        found[row["alert_id"]].append(_fact(row))
    return {alert: tuple(facts) for alert, facts in found.items()}


def asked_on(store: Store, facts: Iterable[Fact], day: int) -> tuple[Fact, ...]:
    """Return facts with what was in force on another day than the alert's."""
    return tuple(replace(fact, in_force=_in_force(_unit(store, fact), day)) for fact in facts)


def facts_at(store: Store, lon: float, lat: float, day: int) -> tuple[Fact, ...]:
    """Return what the current layers say of a point, in degrees WGS 84, on a UTC day number."""
    layers = store.select("layers", {"current": 1})
    return tuple(fact for layer in layers for fact in _layer_facts(store, layer, lon, lat, day))


def _fact(row: Row) -> Fact:
    in_force = None if row["in_force"] is None else bool(row["in_force"])
    names = (
        "alert_id",
        "layer",
        "version",
        "number",
        "code",
        "name",
        "category",
        "share",
        "distance_m",
        "value",
    )
    values: dict[str, Any] = {name: row[name] for name in names}
    return Fact(relation=Relation(row["relation"]), in_force=in_force, **values)


def _unit(store: Store, fact: Fact) -> Row:
    key = {"layer": fact.layer, "version": fact.version, "number": fact.number}
    rows = store.select("layer_units", key, columns=["from_day", "to_day"]) if fact.number >= 0 else []
    return rows[0] if rows else {"from_day": None, "to_day": None}


def _in_force(unit: Mapping[str, Any], day: int) -> bool | None:
    begins, ends = unit["from_day"], unit["to_day"]
    if begins is None and ends is None:
        return None
    return (begins is None or begins <= day) and (ends is None or day <= ends)


def _layer_facts(store: Store, layer: Row, lon: float, lat: float, day: int) -> list[Fact]:
    name, version = layer["name"], layer["version"]
    point, coverage = shapely.Point(lon, lat), layer["geometry"]
    covered = coverage is None or bool(shapely.covers(coverage, point))
    complete = Completeness(layer["completeness"])
    if complete is Completeness.MISSING:
        return [Fact("", name, version, Relation.NOT_EVALUATED)]
    facts = [
        fact
        for unit in _units_near(store, layer, lon, lat)
        if (fact := _unit_fact(layer, unit, lon, lat, day)) is not None
    ]
    nearest = sorted(
        (f for f in facts if f.relation == Relation.NEAREST), key=lambda f: (f.distance_m, f.number)
    )
    met = [fact for fact in facts if fact.relation == Relation.INSIDE] + nearest[:1]
    silence = Relation.NONE if covered and complete is Completeness.COMPLETE else Relation.NOT_EVALUATED
    return met or [Fact("", name, version, silence)]


def _units_near(store: Store, layer: Row, lon: float, lat: float) -> list[Row]:
    far = Measure.DISTANCE in layer["measures"]
    reach = max(layer["reach_m"] if far else 0.0, layer["margin_m"]) / _METRES_A_DEGREE
    wide = reach / max(0.05, cos(radians(lat)))
    box: Bbox = (lon - wide, lat - reach, lon + wide, lat + reach)
    return store.select("layer_units", {"layer": layer["name"], "version": layer["version"]}, bbox=box)


def _unit_fact(layer: Row, unit: Row, lon: float, lat: float, day: int) -> Fact | None:
    metres = distance_m(unit["geometry"], lon, lat)
    inside = Measure.SHARE in layer["measures"] and metres <= layer["margin_m"]
    near = Measure.DISTANCE in layer["measures"] and metres <= layer["reach_m"]
    if not (inside or near):
        return None
    return Fact(
        "",
        layer["name"],
        layer["version"],
        Relation.INSIDE if inside else Relation.NEAREST,
        unit["number"],
        unit["code"],
        unit["name"],
        unit["category"],
        share=1.0 if inside else None,
        distance_m=metres,
        in_force=_in_force(unit, day),
    )


def distance_m(geometry: shapely.Geometry, lon: float, lat: float) -> float:
    """Return the metres on the ellipsoid from a point to a geometry, both in degrees WGS 84; 0 touches.

    The nearest place is looked for on a plane that is true in scale at the point.

    Examples
    --------
    >>> round(distance_m(shapely.Point(-70.0, -13.0), -70.0, -12.0))
    110633
    """
    if shapely.intersects(geometry, shapely.Point(lon, lat)):
        return 0.0
    narrow = cos(radians(lat))
    flat = shapely.transform(geometry, lambda xy: (xy - [lon, lat]) * [narrow, 1.0])
    dx, dy = np.asarray(shapely.shortest_line(shapely.Point(0.0, 0.0), flat).coords)[-1] / [narrow, 1.0]
    return float(_ellipsoid().inv(lon, lat, lon + dx, lat + dy)[2])


@lru_cache(maxsize=1)
def _ellipsoid() -> Geod:
    return Geod(ellps="WGS84")
