"""``dosel near``: everything within a distance of units of a layer, for example of the border with Brazil.

Everything is measured when it is asked, against the units that are meant and no others: a recorded fact
names the nearest unit of a layer, which may be another one. A review box that only reaches into the belt is
"perhaps": the change lies somewhere in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

import shapely

from dosel.context.layer import Completeness, Layer
from dosel.context.overlay import asked
from dosel.context.overlay.index import places_of
from dosel.context.overlay.nearest import Places, nearest
from dosel.context.overlay.plane import GEOD, Geometries, to_mercator
from dosel.context.subject import Extent, Subject
from dosel.errors import InputError
from dosel.model.marking import Marking
from dosel.model.names import plain_name
from dosel.pipeline.centre import Centre
from dosel.pipeline.reference.layers import OPEN, load_layers
from dosel.share.policy import visible
from dosel.store.interface import Bbox, Between, Row, Store

ISO3: Final = {
    "AR": "ARG",
    "BO": "BOL",
    "BR": "BRA",
    "CL": "CHL",
    "CO": "COL",
    "EC": "ECU",
    "GF": "GUF",
    "GY": "GUY",
    "PE": "PER",
    "PY": "PRY",
    "SR": "SUR",
    "UY": "URY",
    "VE": "VEN",
}
"""ISO 3166-1: the three letters of the borders' codes for two."""
MOST_KM: Final = 500
"""A belt that is wider is no belt."""
_METRES_A_DEGREE: Final = 110_500.0
"""A degree of latitude is nowhere shorter."""


@dataclass(frozen=True, slots=True)
class Question:
    """Near what, how near, and when."""

    layer: str
    code: str = ""
    """Whole code of a unit, or one of its parts between hyphens; two letters of a country are its three."""
    unit: str = ""
    """Part of the name of a unit, without regard to accents and capitals."""
    within_km: float = 20.0
    as_of: int | None = None
    """What is dated after this UTC day number is not seen."""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One thing near a unit."""

    kind: str
    """``alert``, ``fire`` or ``airstrip``."""
    id: str
    source: str
    day: int | None
    area_ha: float | None
    least_m: float
    """Metres on the ellipsoid, of its geometry."""
    most_m: float
    """The same, but of a review box: the change lies no farther."""
    unit: str
    """Code and name of the nearest unit that was asked for."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """What is near, nearest first."""

    question: Question
    layer: Layer
    units: int
    """Units that were asked for."""
    found: tuple[Found, ...]
    proof: str = ""
    """Proof letter of our own watch; empty is not stated."""

    def sure(self, one: Found) -> bool:
        """Return whether a thing lies within the distance wherever in its geometry the change is."""
        return one.most_m <= self.question.within_km * 1000


def near(centre: Centre, question: Question) -> Nearby:
    """Return everything within a distance of units of a layer.

    Raises
    ------
    InputError
        If there is no such layer, it is missing, or it has no such unit.
    """
    layer = _layer(centre.store, question)
    numbers = _units(layer, question)
    chosen = layer.units.geometry[numbers]
    belt = _belt(chosen, question.within_km)
    places = places_of(layer.shape, chosen, layer.units.code[numbers], layer.units.name[numbers])
    found: list[Found] = []
    for kind, rows in _things(centre.store, question, belt).items():
        found += _found(kind, rows, places, layer, numbers, question.within_km * 1000)
    ordered = sorted(found, key=lambda one: (one.least_m, one.kind, one.id))
    return Nearby(question, layer, len(numbers), tuple(ordered), centre.meta().get("proof", ""))


def _layer(store: Store, question: Question) -> Layer:
    if not 0 < question.within_km <= MOST_KM:
        raise InputError(
            f"--within-km: expected a distance above 0 and up to {MOST_KM}, got {question.within_km:g}"
        )
    columns = ["name", "version"]
    rows = store.select("layers", {"current": 1, "sensitivity": OPEN}, columns=columns)
    rows += store.select("layers", {"current": 1, "units": 0}, columns=columns)  # a missing one says so
    known = {row["name"]: row["version"] for row in rows}
    if question.layer not in known:
        names = ", ".join(sorted(known)) or "none"
        raise InputError(f"--layer: expected one of the layers ({names}), got {question.layer!r}")
    layer = next(
        one for one in load_layers(store, version=known[question.layer]) if one.name == question.layer
    )
    if layer.completeness is Completeness.MISSING:
        raise InputError(f"--layer: {layer.name} is missing, so that nothing can be said of it")
    return layer


def _units(layer: Layer, question: Question) -> list[int]:
    """Return the numbers of the units that are asked for."""
    code = question.code.strip().upper()
    wanted, part = {code, ISO3.get(code, code)}, plain_name(question.unit)
    units = layer.units
    numbers = [
        number
        for number in range(len(units))
        if (
            not code
            or wanted & {str(units.code[number]).upper(), *str(units.code[number]).upper().split("-")}
        )
        and part in plain_name(str(units.name[number]))
    ]
    if not numbers:
        asked_for = " ".join(filter(None, (question.code, question.unit)))
        codes = ", ".join(sorted({str(one) for one in units.code})[:12])
        raise InputError(f"{layer.name}: has no unit {asked_for!r}; its codes are {codes}")
    return numbers


def _belt(units: Geometries, within_km: float) -> Bbox:
    """Return the box in degrees that holds all that lies within a distance of units."""
    west, south, east, north = shapely.total_bounds(units).tolist()
    tall = within_km * 1000 / _METRES_A_DEGREE
    narrowest = cos(radians(min(85.0, max(abs(south), abs(north)) + tall)))
    wide = tall / narrowest
    return west - wide, south - tall, east + wide, north + tall


def _things(store: Store, question: Question, belt: Bbox) -> dict[str, list[Row]]:
    """Return what lies in the belt and in the period, by kind, and may be shown."""
    alerts = store.select("alerts", {"superseded": 0} | _window(question, "window_end"), bbox=belt)
    fires = store.select("fire_events", _window(question, "last_day"), bbox=belt)
    strips = store.select("airstrips", bbox=belt)
    return {
        "alert": visible(store, alerts),
        "fire": [row for row in fires if row["marking"] < Marking.SEALED],
        "airstrip": [row for row in strips if row["marking"] < Marking.SEALED and _known_by(row, question)],
    }


def _window(question: Question, column: str) -> dict[str, Any]:
    if question.since is None and question.as_of is None:
        return {}
    return {column: Between(question.since, question.as_of)}


def _known_by(row: Row, question: Question) -> bool:
    """Return whether an airstrip was known by the day; one whose day is not known stands."""
    day = row["first_day"]
    return day is None or question.as_of is None or day <= question.as_of


def _found(
    kind: str, rows: list[Row], places: Places, layer: Layer, numbers: Sequence[int], reach_m: float
) -> Iterator[Found]:
    """Yield which of the rows are near, with the nearest unit."""
    if not rows:
        return
    plane = to_mercator(asked([_subject(kind, row) for row in rows]).geometry)
    close = nearest(plane, places, reach_m)
    for place, unit, least in zip(close.alert, close.unit, close.distance_m.tolist(), strict=True):
        row, number = rows[place], numbers[unit]
        name = " ".join(filter(None, (layer.units.code[number], layer.units.name[number])))
        most = least + (_diagonal(row) if row.get("extent") == Extent.BOX else 0.0)
        days = {"alert": "window_end", "fire": "last_day", "airstrip": "state_day"}
        source = row.get("source") or ", ".join(row.get("sources") or ())
        yield Found(kind, row["id"], source, row[days[kind]], row.get("area_ha"), least, most, name)


def _subject(kind: str, row: Row) -> Subject:
    extent = Extent(row.get("extent", Extent.POINT if kind == "airstrip" else Extent.OUTLINE))
    return Subject(row["id"], row["geometry"], extent, "", None, 0, None)


def _diagonal(row: Row) -> float:
    """Return metres across a review box."""
    west, south, east, north = row["geometry"].bounds
    return float(GEOD.inv(west, south, east, north)[2])
