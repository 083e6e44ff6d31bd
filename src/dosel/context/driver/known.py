"""Signs from facts: what the layers say of the surroundings of an alert.

A distance counts where a layer measured it. None in reach of a complete layer is infinite; where a layer
is partial or missing, only what is near counts, for something nearer may exist beyond it. Known mining,
earlier clearings and known strips are what is known, so their distance always counts.

Examples
--------
>>> from dosel.context.facts import Fact, Relation
>>> near = Fact("a", "roads", "1", Relation.NEAREST, 3, distance_m=1200.0)
>>> known_of([near], {"roads": Theme.ROAD})["road_m"]
1200.0
>>> known_of([Fact("a", "roads", "1", Relation.NOT_EVALUATED)], {"roads": Theme.ROAD})["road_m"] is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any, Final

from dosel.context.driver.reasons import FAR_M
from dosel.context.driver.signs import Signs, season, signs_of
from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.context.overlay.past import LAYER as PAST
from dosel.context.subject import Subject

DISTANCE_OF: Final[dict[Theme, str]] = {
    Theme.RIVER: "river_m",
    Theme.ROAD: "road_m",
    Theme.SETTLEMENT: "settlement_m",
    Theme.AIRFIELD: "airfield_m",
    Theme.AIRSTRIP: "airfield_m",
    Theme.MINING_RIGHT: "mining_right_m",
    Theme.MINING_SCAR: "mining_scar_m",
    Theme.BORDER: "border_m",
}
"""Sign that a theme's distance is."""
SETTING_OF: Final[dict[Theme, str]] = {
    Theme.PROTECTED: "protected",
    Theme.INDIGENOUS: "indigenous",
    Theme.CONSERVATION: "concession",
    Theme.TIMBER: "concession",
    Theme.MINING_CORRIDOR: "mining_corridor",
}
"""Sign that a theme's inside is."""
OF_WHAT_IS_KNOWN: Final = frozenset({"mining_scar_m", "clearing_m", "airfield_m"})
"""Distances to what is known, whether or not a layer holds everything."""
INSIDE: Final = 0.5
"""An alert is inside where so much of it is."""

Facts = Iterable[Fact]


def signs_from(subject: Subject, facts: Facts, themes: Mapping[str, Theme]) -> Signs:
    """Return the signs of an alert: its shape, its day, and what the facts say.

    Parameters
    ----------
    facts
        Of this alert, about every layer.
    themes
        Theme of each layer, by name.
    """
    lat = subject.geometry.centroid.y
    known = known_of(facts, themes) | {"day_of_year": season(subject.day, lat), "area_ha": subject.area_ha}
    return signs_of(subject.geometry, subject.extent, **known)


def known_of(facts: Facts, themes: Mapping[str, Theme]) -> dict[str, Any]:
    """Return the signs that facts give, by name; None where no fact settles one."""
    by_sign: dict[str, list[Fact]] = {}
    known: dict[str, Any] = {"clearing_m": None}
    for fact in facts:
        theme = themes.get(fact.layer)
        sign = DISTANCE_OF.get(theme) or SETTING_OF.get(theme) if theme else None
        if sign:
            by_sign.setdefault(sign, []).append(fact)
        elif fact.layer == PAST and fact.relation is Relation.NEAREST:
            known["clearing_m"] = fact.distance_m
    known |= {sign: _distance(sign, by_sign.get(sign, [])) for sign in DISTANCE_OF.values()}
    return known | {sign: _setting(by_sign.get(sign, [])) for sign in SETTING_OF.values()}


def _distance(sign: str, facts: list[Fact]) -> float | None:
    near = [
        fact.distance_m for fact in facts if fact.relation is Relation.NEAREST and fact.distance_m is not None
    ]
    open_ended = any(fact.relation is Relation.NOT_EVALUATED for fact in facts)
    if near and (min(near) < FAR_M or not open_ended or sign in OF_WHAT_IS_KNOWN):
        return min(near)
    reached = [
        fact.distance_m for fact in facts if fact.relation is Relation.NONE and fact.distance_m is not None
    ]
    return inf if reached and not near and not open_ended and min(reached) >= FAR_M else None


def _setting(facts: list[Fact]) -> bool | None:
    if any(fact.relation is Relation.INSIDE and (fact.share or 0.0) >= INSIDE for fact in facts):
        return True
    settled = [fact for fact in facts if fact.relation in (Relation.INSIDE, Relation.NONE)]
    open_ended = any(fact.relation is Relation.NOT_EVALUATED for fact in facts)
    return False if settled and not open_ended else None
