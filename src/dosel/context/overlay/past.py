"""What was there before an alert: earlier alerts that touch it or lie near, whoever reported them.

Earlier means by an earlier day. Two reports of one clearing on different days are both there: the past says
what was known of the place, not how many clearings there were. Of a review box the box is meant.

Examples
--------
>>> from shapely import box
>>> from dosel.context.subject import Extent, Subject
>>> first = Subject("a", box(-70, -12, -69.999, -11.999), Extent.OUTLINE, "", None, 100, 1.2)
>>> later = Subject("b", box(-70, -12.002, -69.999, -12.001), Extent.OUTLINE, "", None, 130, 1.2)
>>> past = past_of([first, later])
>>> past[0].alerts, past[1].alerts, past[1].first_day, round(past[1].nearest_m), past[1].nearest
(0, 1, 100, 111, 'a')
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.context.facts import Fact, Relation
from dosel.context.overlay.ask import asked
from dosel.context.overlay.nearest import Places, metres, stretch
from dosel.context.overlay.pieces import area_pieces
from dosel.context.overlay.plane import Floats, Geometries, to_mercator
from dosel.context.subject import Subject

Whole = NDArray[np.int64]

LAYER: Final = "earlier-alerts"
"""Name under which the past stands among the facts."""
NEAR_M: Final = 1000.0
"""Earlier alerts within it are counted."""
_SEARCHES_M: Final = (NEAR_M, 4000.0, 16_000.0)
"""How far the nearest earlier alert is looked for, one radius after the other."""
REACH_M: Final = _SEARCHES_M[-1]
_VALUES: Final = ("alerts", "overlapping", "first-day", "hectares")
"""Code of each value among the facts; its number is its place."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was there before one alert."""

    nearest: str = ""
    """Id of the nearest earlier alert; empty where none lies within `REACH_M`."""
    nearest_source: str = ""
    nearest_day: int | None = None
    nearest_m: float | None = None
    alerts: int = 0
    """Earlier alerts within `NEAR_M`."""
    overlapping: int = 0
    """Of these, how many touch."""
    first_day: int | None = None
    """Day of the first of them."""
    hectares: float | None = None
    """Of those whose source says hectares."""

    def facts(self, alert_id: str) -> list[Fact]:
        """Return it as facts: the nearest earlier alert, and values by code."""
        values = (self.alerts, self.overlapping, self.first_day, self.hectares)
        found = [
            Fact(alert_id, LAYER, "", Relation.VALUE, number, code, value=float(value))
            for number, (code, value) in enumerate(zip(_VALUES, values, strict=True))
            if value is not None
        ]
        if self.nearest_day is not None:
            near = Fact(alert_id, LAYER, "", Relation.NEAREST, 0, self.nearest, self.nearest_source)
            found.append(replace(near, distance_m=self.nearest_m, value=float(self.nearest_day)))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Alerts with earlier ones; arrays have the shape ``(pairs,)``."""

    alert: Whole
    earlier: Whole
    distance_m: Floats


def past_of(subjects: Sequence[Subject]) -> list[Past]:
    """Return what was there before each alert, among the alerts that are given."""
    if not subjects:
        return []
    alerts = asked(subjects)
    rank = np.argsort(np.argsort([subject.id for subject in subjects]))
    places = Places.of(area_pieces(alerts.geometry), rank)
    plane = to_mercator(alerts.geometry)
    found = [Past()] * len(subjects)
    waiting = np.arange(len(subjects))
    for radius in _SEARCHES_M:
        pairs = _earlier(plane, waiting, alerts.day, places, radius)
        for alert, earlier, far in _groups(pairs):
            found[alert] = _past(subjects, earlier, far)
        waiting = np.setdiff1d(waiting, pairs.alert)
        if not len(waiting):
            break
    return found


def _earlier(plane: Geometries, waiting: Whole, day: Whole, places: Places, radius_m: float) -> _Pairs:
    """Return earlier alerts within a radius of those that wait, the nearest of each first."""
    reach = radius_m * stretch(plane[waiting], radius_m)
    alert, piece = places.tree.query(plane[waiting], predicate="dwithin", distance=reach)
    alert, earlier = waiting[alert], places.unit[piece]
    before = day[earlier] < day[alert]
    alert, earlier, piece = alert[before], earlier[before], piece[before]
    far = np.round(metres(plane[alert], places.geometry[piece]), 3)
    order = np.lexsort((far, places.rank[earlier], alert))
    order = order[far[order] <= radius_m]
    alert, earlier, far = alert[order], earlier[order], far[order]
    new = np.ones(len(alert), bool)
    new[1:] = (np.diff(alert) != 0) | (np.diff(earlier) != 0)
    alert, earlier, far = alert[new], earlier[new], far[new]
    order = np.lexsort((places.rank[earlier], far, alert))
    return _Pairs(alert[order], earlier[order], far[order])


def _groups(pairs: _Pairs) -> Iterator[tuple[int, Whole, Floats]]:
    """Yield each alert with its earlier ones and their distances."""
    alerts, first, counts = np.unique(pairs.alert, return_index=True, return_counts=True)
    ends = first + counts
    for alert, start, stop in zip(alerts.tolist(), first, ends, strict=True):
        yield alert, pairs.earlier[start:stop], pairs.distance_m[start:stop]


def _past(subjects: Sequence[Subject], earlier: Whole, far: Floats) -> Past:
    """Return the past of an alert from its earlier ones, the nearest first."""
    nearest = subjects[earlier[0]]
    near = [subjects[place] for place in earlier[far <= NEAR_M]]
    sizes = [one.area_ha for one in near if one.area_ha is not None]
    return Past(
        nearest.id,
        nearest.source,
        nearest.day,
        float(far[0]),
        len(near),
        int((far == 0).sum()),
        min((one.day for one in near), default=None),
        round(sum(sizes), 4) if sizes else None,
    )
