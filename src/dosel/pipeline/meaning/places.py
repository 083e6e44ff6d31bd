"""What the layers say of an alert, or of a point that somebody asks about, read from the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import cos, radians
from typing import Any, Final

import shapely

from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.context.overlay import asked, overlay, prepare
from dosel.context.subject import Extent, Subject
from dosel.model.marking import Marking
from dosel.pipeline.reference.layers import load_layers
from dosel.store.interface import Bbox, Row, Store

_METRES_A_DEGREE: Final = 110_000.0
"""Less than a degree of latitude has anywhere on the ellipsoid."""
_POINT_DEGREES: Final = 1e-6
"""Half the width of what a point is asked as."""


def layer_themes(store: Store) -> dict[str, Theme]:
    """Return the theme of every current layer, missing ones included."""
    rows = store.select("layers", {"current": 1}, columns=["name", "theme"])
    return {row["name"]: Theme(row["theme"]) for row in rows}


def facts_of(store: Store, alerts: Sequence[str]) -> dict[str, tuple[Fact, ...]]:
    """Return the facts that were recorded of alerts and may be told, by id; others have none.

    Of a sealed layer nothing is told; of reserves of peoples in isolation that an alert lies in none, where
    that is known, and not how far from one.
    """
    found: dict[str, list[Fact]] = {alert: [] for alert in alerts}
    themes = layer_themes(store)
    for row in store.select("facts", {"alert_id": list(found)}):
        isolation = themes.get(row["layer"]) == Theme.ISOLATION and row["distance_m"] is None
        if row["marking"] < Marking.SEALED or isolation:
            found[row["alert_id"]].append(_fact(row))
    return {alert: tuple(facts) for alert, facts in found.items()}


def asked_on(store: Store, facts: Iterable[Fact], day: int) -> tuple[Fact, ...]:
    """Return facts with what was in force on another day than the alert's."""
    return tuple(replace(fact, in_force=_in_force(_unit(store, fact), day)) for fact in facts)


def facts_at(store: Store, lon: float, lat: float, day: int) -> tuple[Fact, ...]:
    """Return what the current layers say of a point, in degrees WGS 84, on a UTC day number."""
    layers = load_layers(store, bbox=_around(store, lon, lat))
    point = Subject("", shapely.Point(lon, lat).buffer(_POINT_DEGREES), Extent.POINT, "", None, day, None)
    return tuple(overlay(asked([point]), [prepare(layer) for layer in layers]).facts([""], layers))


def _around(store: Store, lon: float, lat: float) -> Bbox:
    """Return the box in which every unit lies that a layer's reach asks for."""
    rows = store.select("layers", {"current": 1}, columns=["reach_m", "margin_m"])
    reach = max((max(row["reach_m"], row["margin_m"]) for row in rows), default=0.0) / _METRES_A_DEGREE
    wide = (reach + _POINT_DEGREES) / max(0.05, cos(radians(lat)))
    tall = reach + _POINT_DEGREES
    return lon - wide, lat - tall, lon + wide, lat + tall


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
