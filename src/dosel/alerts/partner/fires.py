"""Hot spots of successive passes as fire events with an identity.

Two hot spots belong together where their pixels touch and they are at most :data:`QUIET_DAYS` apart in time.
A pixel is a square as wide as its longer side, so two touch within the half diagonals of both. A fire event
is everything that hangs together by such links. Its identity is that of its first hot spot: where two
grow together the older carries on, and the younger stands among its parents.

The events follow from the set of hot spots alone, so a late one gives what it would have given in time. It
may found an older identity; the former one still leads to the event, through the hot spot it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from dosel.alerts.groups import Groups

QUIET_DAYS: Final = 3
"""Days without a hot spot after which a fire has ended."""
SIZE_M: Final = 1000.0
"""Side of a pixel where the source does not say it."""
PASS_MINUTES: Final = 30
"""Hot spots of one satellite this near in time are of one pass."""

_GEOD: Final = Geod(ellps="WGS84")
_HALF_DIAGONAL: Final = 2**-0.5
_METRES_A_DEGREE: Final = 110_574.0
"""Least length of a degree of latitude, so that boxes of degrees are never too small."""
_POLE: Final = 85.0


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A thermal detection of one pass."""

    id: str
    source: str
    satellite: str
    instant: datetime
    """UTC."""
    lon: float
    lat: float
    size_m: float
    """Longer side of its pixel."""
    power_mw: float | None


@dataclass(frozen=True, slots=True)
class FireEvent:
    """Hot spots that hang together."""

    id: str
    hot_spots: tuple[str, ...]
    """Their ids, by instant."""
    geometry: BaseGeometry
    """MultiPolygon in degrees: the pixels."""
    first: datetime
    last: datetime
    passes: int
    power_mw: float | None
    """Largest radiative power of one pass."""
    sources: tuple[str, ...]
    parents: tuple[str, ...]
    """Events that grew together with it, each older than the link."""


def fire_events(spots: Iterable[HotSpot]) -> tuple[FireEvent, ...]:
    """Return the events of hot spots, by id; their order changes nothing.

    Examples
    --------
    >>> from datetime import UTC
    >>> def spot(name, day, lon):
    ...     when = datetime(2022, 8, day, 12, tzinfo=UTC)
    ...     return HotSpot(name, "f", "T", when, lon, -9.0, 1000.0, 5.0)
    >>> seen = [spot("a", 1, -70.0), spot("b", 3, -69.99), spot("c", 9, -69.99), spot("d", 1, -60.0)]
    >>> [sorted(event.hot_spots) for event in fire_events(seen)]
    [['a', 'b'], ['c'], ['d']]
    """
    ordered = sorted(spots, key=lambda spot: (spot.instant, spot.id))
    groups, parents = _linked(ordered)
    events = (
        _event([ordered[number] for number in numbers], sorted(parents.get(first, ())), ordered)
        for first, numbers in groups.members().items()
    )
    return tuple(sorted(events, key=lambda event: event.id))


def event_id(spot_id: str) -> str:
    """Return the id of the event that a hot spot founds.

    Examples
    --------
    >>> event_id("hot-0123")
    'fire-0123'
    """
    return f"fire-{spot_id.removeprefix('hot-')}"


def reach_degrees(spots: Sequence[HotSpot], largest_m: float) -> NDArray[np.float64]:
    """Return boxes (spot, 4) in degrees beyond which no pixel of at most `largest_m` touches."""
    lon, lat = np.array([(spot.lon, spot.lat) for spot in spots]).reshape(-1, 2).T
    metres = _HALF_DIAGONAL * (np.array([spot.size_m for spot in spots]) + largest_m)
    high = metres / _METRES_A_DEGREE
    wide = high / np.cos(np.radians(np.minimum(np.abs(lat) + high, _POLE)))
    return np.stack([lon - wide, lat - high, lon + wide, lat + high], axis=1)


def _linked(ordered: Sequence[HotSpot]) -> tuple[Groups, dict[int, set[int]]]:
    """Return the groups, and by group the younger groups that grew together with it."""
    groups, parents = Groups(len(ordered)), dict[int, set[int]]()
    links = _links(ordered)
    for _, group in groupby(links.tolist(), key=lambda link: ordered[link[1]].instant):
        now = list(group)
        when = ordered[now[0][1]].instant
        before = {groups.first(number) for link in now for number in link if ordered[number].instant < when}
        for one, other in now:
            groups.join(one, other)
        for old in before:
            first = groups.first(old)
            if first != old:
                parents.setdefault(first, set()).update({old} | parents.pop(old, set()))
    return groups, parents


def _links(ordered: Sequence[HotSpot]) -> NDArray[np.int64]:
    """Return pairs (link, 2) of hot spots that belong together, the older first, by the younger."""
    if not ordered:
        return np.empty((0, 2), np.int64)
    points = shapely.points([(spot.lon, spot.lat) for spot in ordered])
    sizes = np.array([spot.size_m for spot in ordered])
    boxes = reach_degrees(ordered, float(sizes.max()))
    one, other = shapely.STRtree(points).query(shapely.box(*boxes.T))
    one, other = one[one < other], other[one < other]
    seconds = np.array([spot.instant.timestamp() for spot in ordered])
    near = seconds[other] - seconds[one] <= QUIET_DAYS * 86_400
    one, other = one[near], other[near]
    lon, lat = shapely.get_coordinates(points).T
    metres = np.asarray(_GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2])
    touch = metres <= _HALF_DIAGONAL * (sizes[one] + sizes[other])
    pairs = np.stack([one[touch], other[touch]], axis=1)
    return pairs[np.argsort(pairs[:, 1], kind="stable")]


def _event(spots: Sequence[HotSpot], parents: Sequence[int], ordered: Sequence[HotSpot]) -> FireEvent:
    passes = _passes(spots)
    powers = [[spot.power_mw for spot in group if spot.power_mw is not None] for group in passes]
    return FireEvent(
        event_id(spots[0].id),
        tuple(spot.id for spot in spots),
        _pixels(spots),
        spots[0].instant,
        spots[-1].instant,
        len(passes),
        max((round(sum(group), 6) for group in powers if group), default=None),
        tuple(sorted({spot.source for spot in spots})),
        tuple(event_id(ordered[number].id) for number in parents),
    )


def _passes(spots: Sequence[HotSpot]) -> list[list[HotSpot]]:
    """Return the hot spots of each pass of each satellite."""
    passes: list[list[HotSpot]] = []
    for spot in sorted(spots, key=lambda spot: (spot.source, spot.satellite, spot.instant, spot.id)):
        last = passes[-1][-1] if passes else None
        same = last is not None and (last.source, last.satellite) == (spot.source, spot.satellite)
        if last is not None and same and (spot.instant - last.instant).total_seconds() <= 60 * PASS_MINUTES:
            passes[-1].append(spot)
        else:
            passes.append([spot])
    return passes


def _pixels(spots: Sequence[HotSpot]) -> BaseGeometry:
    boxes = []
    for spot in spots:
        high = spot.size_m / 2 / _METRES_A_DEGREE
        wide = high / np.cos(np.radians(min(abs(spot.lat), _POLE)))
        boxes.append(shapely.box(spot.lon - wide, spot.lat - high, spot.lon + wide, spot.lat + high))
    whole = shapely.union_all(shapely.set_precision(boxes, 1e-7))
    return shapely.MultiPolygon([part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"])
