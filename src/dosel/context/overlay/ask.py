"""Facts of alerts about one layer after the other.

What a layer does not say is said too. `NONE` stands only where a complete layer covers the alert: its
`share` is the covered part of the alert where that is not the whole, its `distance_m` the reach within
which nothing is. `NOT_EVALUATED` says what nobody looked at: its `share` is the part of the alert that the
layer does not cover, its `distance_m` how far around the alert the layer is complete, so that a nearer unit
may exist beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.context.facts import Relation
from dosel.context.layer import ALWAYS, Completeness, Layer
from dosel.context.overlay.index import Coverage, LayerIndex
from dosel.context.overlay.nearest import Near, Places, nearest, nearest_that, within
from dosel.context.overlay.plane import Floats, Geometries, areas_m2, check_lonlat, to_mercator
from dosel.context.overlay.shares import LEAST_SHARE, Areas, Asked, Met, met, united
from dosel.context.overlay.table import UNKNOWN, FactTable, made, placed
from dosel.context.subject import Extent, Subject

Whole = NDArray[np.int64]

_WHOLE_LAYER: Final = 2
"""The share in all units together is a fact where so many are met."""


def asked(subjects: Sequence[Subject]) -> Asked:
    """Return alerts as they are asked about: a place without a shape is its centre.

    Raises
    ------
    InputError
        If a place is empty, beyond the degrees of the earth or across the antimeridian.
    """
    shapes: Geometries = np.array([subject.geometry for subject in subjects] or [], object)
    points = np.array([subject.extent is Extent.POINT for subject in subjects], bool)
    shapes[points] = shapely.centroid(shapes[points])
    check_lonlat(shapes, "alert")
    days = np.array([subject.day for subject in subjects], np.int64)
    return Asked(shapes, areas_m2(shapes), days)


def overlay(alerts: Asked, indexes: Sequence[LayerIndex]) -> FactTable:
    """Return the facts of alerts about layers, by alert, layer, relation and unit."""
    plane = to_mercator(alerts.geometry)
    grounds = _grounds(alerts, plane, indexes)
    tables: list[FactTable] = []
    for place, index in enumerate(indexes):
        tables += placed(_facts(alerts, plane, index, grounds.get(id(index.coverage))), place)
    return FactTable.joined(tables)


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """How alerts lie in a coverage; both have the shape ``(alerts,)``."""

    covered: Floats
    """Share of each alert."""
    edge_m: Floats
    """Metres to the edge of the coverage, infinite beyond the largest reach of its layers; 0 outside."""


def _grounds(alerts: Asked, plane: Geometries, indexes: Sequence[LayerIndex]) -> dict[int, _Ground]:
    """Return how alerts lie in each coverage, once for all layers that share it."""
    reaches: dict[int, tuple[Coverage, float]] = {}
    for index in indexes:
        if index.coverage is not None and index.layer.completeness is Completeness.COMPLETE:
            reach = index.reach_m if index.places is not None and not index.each else 0.0
            _, most = reaches.get(id(index.coverage), (index.coverage, 0.0))
            reaches[id(index.coverage)] = index.coverage, max(most, reach)
    return {key: _ground(alerts, plane, *one) for key, one in reaches.items()}


def _ground(alerts: Asked, plane: Geometries, coverage: Coverage, reach_m: float) -> _Ground:
    found = met(alerts, coverage.areas)
    covered = np.bincount(found.alert, found.share, len(alerts)).astype(np.float64)
    edge_m = np.where(covered >= 1, np.inf, 0.0)
    if reach_m:
        inside = np.flatnonzero(covered >= 1)
        edge = nearest(plane[inside], coverage.edge, reach_m)
        edge_m[inside[edge.alert]] = edge.distance_m
    return _Ground(covered, edge_m)


def _facts(alerts: Asked, plane: Geometries, index: LayerIndex, ground: _Ground | None) -> list[FactTable]:
    silence = _Silence.of(len(alerts))
    if index.layer.completeness is Completeness.MISSING:
        silence.open[:] = True
        return silence.facts()
    covered = np.zeros(len(alerts))
    if index.layer.completeness is Completeness.COMPLETE:
        covered = np.ones(len(alerts)) if ground is None else ground.covered
    tables = []
    if index.areas is not None:
        found = met(alerts, index.areas)
        tables += _shares(alerts, found, index, index.areas, covered, silence)
    if index.places is not None:
        sure = _sure(index, covered, ground)
        tables += _distances(alerts, plane, index, index.places, sure, silence)
    return [*tables, *silence.facts()]


def _shares(
    alerts: Asked, found: Met, index: LayerIndex, areas: Areas, covered: Floats, silence: _Silence
) -> list[FactTable]:
    """Return shares inside units and inside all together; note where nothing is met or nobody looked."""
    force = _in_force(found.alert, found.unit, alerts, index.layer)
    counts = force != 0
    together = united(alerts, found, counts, areas.twice)
    several = np.flatnonzero(np.bincount(found.alert[counts], minlength=len(alerts)) >= _WHOLE_LAYER)
    anything = (
        united(alerts, found, np.ones(len(counts), bool), areas.twice) if not counts.all() else together
    )
    silence.no_share(anything, covered)
    return [
        made(Relation.INSIDE, found.alert, number=found.unit, share=found.share, in_force=force),
        made(Relation.INSIDE, several, share=together[several], in_force=1 if index.layer.dated else UNKNOWN),
    ]


def _distances(
    alerts: Asked,
    plane: Geometries,
    index: LayerIndex,
    places: Places,
    sure: Floats,
    silence: _Silence,
) -> list[FactTable]:
    """Return the nearest units, and the nearest in force where these are not.

    Note where none is within reach, and where a nearer one may be unknown.
    """
    look = within if index.each else nearest
    near = look(plane, places, index.reach_m)
    silence.no_distance(near, sure, index.reach_m, every=index.each)
    found = [near]
    if index.layer.dated and not index.each:
        found.append(nearest_that(plane, places, near, index.reach_m, _force_of(alerts, index.layer)))
    return [
        made(
            Relation.NEAREST,
            one.alert,
            number=one.unit,
            distance_m=one.distance_m,
            in_force=_in_force(one.alert, one.unit, alerts, index.layer),
        )
        for one in found
    ]


def _force_of(alerts: Asked, layer: Layer) -> Callable[[Whole, Whole], NDArray[np.bool_]]:
    return lambda alert, unit: _in_force(alert, unit, alerts, layer) != 0


def _in_force(alert: Whole, unit: Whole, alerts: Asked, layer: Layer) -> Whole:
    if not layer.dated:
        return np.full(len(alert), UNKNOWN, np.int64)
    day, first, last = alerts.day[alert], layer.units.from_day[unit], layer.units.to_day[unit]
    known = (first != ALWAYS[0]) | (last != ALWAYS[1])
    return np.where(known, (first <= day) & (day <= last), UNKNOWN).astype(np.int64)


def _sure(index: LayerIndex, covered: Floats, ground: _Ground | None) -> Floats:
    """Return how many metres around each alert the layer holds every unit; at most its reach.

    A border runs along the edge of its coverage, which therefore hides no nearer one.
    """
    sure = np.where(covered >= 1, index.reach_m, 0.0)
    if ground is not None and not index.each:
        sure = np.minimum(sure, ground.edge_m)
    return sure


@dataclass(frozen=True, slots=True, eq=False)
class _Silence:
    """What is said where nothing is found; arrays have the shape ``(alerts,)``."""

    none: NDArray[np.bool_]
    none_share: Floats
    none_m: Floats
    open: NDArray[np.bool_]
    open_share: Floats
    open_m: Floats

    @classmethod
    def of(cls, size: int) -> _Silence:
        flags = (np.zeros(size, bool) for _ in range(2))
        shares = (np.full(size, np.nan) for _ in range(4))
        none, open_ = flags
        return cls(none, next(shares), next(shares), open_, next(shares), next(shares))

    def no_share(self, together: Floats, covered: Floats) -> None:
        """Note where the alert meets no unit, and which part of it nobody looked at."""
        nothing = (together == 0) & (covered > 0)
        self.none[nothing] = True
        partly = nothing & (covered < 1)
        self.none_share[partly] = covered[partly]
        rest = 1 - np.maximum(together, covered)
        unseen = rest > LEAST_SHARE
        self.open[unseen] = True
        self.open_share[unseen] = rest[unseen]

    def no_distance(self, near: Near, sure: Floats, reach_m: float, *, every: bool) -> None:
        """Note where no unit is within reach, and where the layer is not complete as far as the nearest."""
        least = np.full(len(sure), np.inf)
        np.minimum.at(least, near.alert, near.distance_m)
        nothing = np.isinf(least) & (sure > 0)
        self.none[nothing] = True
        self.none_m[nothing] = sure[nothing]
        asked_for = np.full(len(sure), reach_m) if every else np.minimum(least, reach_m)
        doubtful = sure < asked_for
        self.open[doubtful] = True
        self.open_m[doubtful] = sure[doubtful]

    def facts(self) -> list[FactTable]:
        """Return them as facts."""
        none, open_ = np.flatnonzero(self.none), np.flatnonzero(self.open)
        return [
            made(Relation.NONE, none, share=self.none_share[none], distance_m=self.none_m[none]),
            made(Relation.NOT_EVALUATED, open_, share=self.open_share[open_], distance_m=self.open_m[open_]),
        ]
