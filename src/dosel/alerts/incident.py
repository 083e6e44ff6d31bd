"""Incident candidates: alerts of several sources, and fires, about one place and time.

Two members are linked where they come from different sources, lie within :data:`NEAR_M` of each other, and
their windows are at most :data:`NEAR_DAYS` apart. Outlines and the pixels of fires are taken as they stand. A
review box and a point say little of the shape: they count as a disc about their middle, as large as the
hectares that the source states. Where the start of a window is not known, its end stands for it.

The earliest member is the anchor, and gives the incident its identity. Others join by their links, directly
or through one another, but only within :data:`SPAN_M` and :data:`SPAN_DAYS` of the anchor, so that no chain
swallows a province. A window longer than :data:`VAGUE_DAYS` may join and lend no link further, and is never
an anchor: it would gather all that happened in a year.

The incidents follow from the set of members alone: the order of imports changes nothing. They grow with
what comes later and keep their identity; only a member older than the anchor gives another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from dosel.model.provenance import content_id

NEAR_M: Final = 300.0
"""Metres by which places of one thing may differ between sources."""
NEAR_DAYS: Final = 30
"""Days between the windows of one thing."""
SPAN_M: Final = 3_000.0
"""Metres from the anchor beyond which nothing joins."""
SPAN_DAYS: Final = 90
"""Days between the window of the anchor and that of a member."""
VAGUE_DAYS: Final = 100
"""A longer window says too little about when."""

OWN: Final = ""
"""Our own watch among the sources, as in the table of alerts."""
FIRE: Final = "fire"

_ECCENTRICITY2: Final = 0.00669437999014
_MERCATOR: Final = "EPSG:3395"
"""Conformal on the ellipsoid: a short distance is true after division by the scale of its latitude."""


@dataclass(frozen=True, slots=True)
class Member:
    """An alert or a fire event."""

    kind: str
    """``alert`` or ``fire``."""
    id: str
    source: str
    """Feed, :data:`OWN`, or :data:`FIRE` whatever the satellites: fires are grouped already."""
    geometry: BaseGeometry
    """Degrees WGS 84."""
    vague: bool
    """Whether the geometry is a box or a point."""
    first_day: int | None
    day: int
    area_ha: float | None

    @property
    def start(self) -> int:
        """First day of its window, or the only one known."""
        return self.day if self.first_day is None else self.first_day


@dataclass(frozen=True, slots=True)
class Joined:
    """A member of an incident, and why."""

    member: Member
    why: str
    """``first``, or how far in metres and days from which member."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Members of at least two sources."""

    id: str
    members: tuple[Joined, ...]
    """The anchor first."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Members on the plane of :data:`_MERCATOR`."""

    shapes: NDArray[np.object_]
    """(member): as they stand, or the middle of what is vague."""
    radius_m: NDArray[np.float64]
    """(member): of the disc about the middle; 0 for what has a shape."""
    scale: NDArray[np.float64]
    """(member): metres of the plane for one on the ground."""

    def metres(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the ground distances of pairs, 0 where they touch."""
        plane = np.asarray(shapely.distance(self.shapes[one], self.shapes[other]))
        ground = plane / ((self.scale[one] + self.scale[other]) / 2)
        return np.maximum(0.0, ground - self.radius_m[one] - self.radius_m[other])


def incidents(members: Iterable[Member]) -> tuple[Incident, ...]:
    """Return the incidents of members, by id; their order changes nothing.

    Examples
    --------
    >>> def seen(source, day, west):
    ...     square = shapely.box(west, -9.0, west + 0.001, -8.999)
    ...     return Member("alert", f"{source}-{day}", source, square, False, None, day, 1.2)
    >>> near = [seen("deter", 100, -70.0), seen("mapbiomas", 120, -70.002), seen("deter", 130, -70.0)]
    >>> [[joined.why for joined in one.members] for one in incidents(near)]
    [['first', '110 m and 20 days from deter-100', '110 m and 10 days from mapbiomas-120']]
    """
    ordered = sorted(members, key=lambda one: (one.start if one.kind == FIRE else one.day, one.kind, one.id))
    place = _placed(ordered)
    links = _links(ordered, place)
    free, found = set(range(len(ordered))), []
    for anchor in range(len(ordered)):
        if anchor in free and links[anchor] and not _is_vague(ordered[anchor]):
            joined = _grow(anchor, ordered, place, links, free)
            if len(joined) > 1:
                free -= {number for number, _ in joined}
                members_ = tuple(Joined(ordered[number], why) for number, why in joined)
                found.append(Incident(incident_id(ordered[anchor]), members_))
    return tuple(sorted(found, key=lambda one: one.id))


def incident_id(anchor: Member) -> str:
    """Return the id of the incident that a member founds."""
    return content_id("incident", anchor.kind, anchor.id)


def reach_degrees(geometry: BaseGeometry, area_ha: float | None, largest_m: float) -> tuple[float, ...]:
    """Return the box in degrees beyond which nothing is linked whose own disc is at most `largest_m`."""
    west, south, east, north = geometry.bounds
    metres = NEAR_M + largest_m + _radius(area_ha)
    high = metres / 110_574.0
    wide = high / np.cos(np.radians(min(85.0, max(abs(south), abs(north)) + high)))
    return (
        max(-180.0, west - wide),
        max(-90.0, south - high),
        min(180.0, east + wide),
        min(90.0, north + high),
    )


def _radius(area_ha: float | None) -> float:
    return float(np.sqrt((area_ha or 0.0) * 10_000 / np.pi))


def _is_vague(member: Member) -> bool:
    return member.day - member.start > VAGUE_DAYS


def _placed(ordered: Sequence[Member]) -> _Place:
    shapes = np.empty(len(ordered), dtype=object)
    shapes[:] = [member.geometry.centroid if member.vague else member.geometry for member in ordered]
    transformer = Transformer.from_crs("EPSG:4326", _MERCATOR, always_xy=True)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    bounds = shapely.bounds(shapes).reshape(-1, 4)
    latitude = np.radians((bounds[:, 1] + bounds[:, 3]) / 2)
    scale = np.sqrt(1 - _ECCENTRICITY2 * np.sin(latitude) ** 2) / np.cos(latitude)
    radius = np.array([_radius(member.area_ha) if member.vague else 0.0 for member in ordered])
    return _Place(np.asarray(shapely.transform(shapes, project), dtype=object), radius, scale)


def _links(ordered: Sequence[Member], place: _Place) -> list[list[int]]:
    """Return the members that each is linked to, the earliest first."""
    links: list[list[int]] = [[] for _ in ordered]
    if not ordered:
        return links
    largest = float(place.radius_m.max())
    bounds = shapely.bounds(place.shapes)
    wide = (1.01 * place.scale * (NEAR_M + largest + place.radius_m))[:, None]
    boxes = shapely.box(*np.hstack([bounds[:, :2] - wide, bounds[:, 2:] + wide]).T)
    one, other = shapely.STRtree(place.shapes).query(boxes)
    _, source = np.unique([member.source for member in ordered], return_inverse=True)
    fine = (one < other) & (source[one] != source[other])
    one, other = one[fine], other[fine]
    near = _days_apart(ordered, one, other) <= NEAR_DAYS
    one, other = one[near], other[near]
    close = place.metres(one, other) <= NEAR_M
    for a, b in zip(one[close].tolist(), other[close].tolist(), strict=True):
        links[a].append(b)
        links[b].append(a)
    return [sorted(group) for group in links]


def _days_apart(
    ordered: Sequence[Member], one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.int64]:
    start = np.array([member.start for member in ordered])
    end = np.array([member.day for member in ordered])
    return np.asarray(np.maximum(0, np.maximum(start[other] - end[one], start[one] - end[other])))


def _grow(
    anchor: int, ordered: Sequence[Member], place: _Place, links: Sequence[Sequence[int]], free: set[int]
) -> list[tuple[int, str]]:
    """Return what joins an anchor, in the order of joining, and why."""
    joined, seen, edge = [(anchor, "first")], {anchor}, deque([anchor])
    while edge:
        one = edge.popleft()
        if one != anchor and _is_vague(ordered[one]):
            continue
        for other in links[one]:
            if other in free and other not in seen and _in_span(anchor, other, ordered, place):
                seen.add(other)
                joined.append((other, _why(one, other, ordered, place)))
                edge.append(other)
    return joined


def _in_span(anchor: int, other: int, ordered: Sequence[Member], place: _Place) -> bool:
    pair: Any = (np.array([anchor]), np.array([other]))
    days, metres = _days_apart_of(ordered[anchor], ordered[other]), place.metres(*pair)
    return bool(days <= SPAN_DAYS and metres[0] <= SPAN_M)


def _why(one: int, other: int, ordered: Sequence[Member], place: _Place) -> str:
    metres = place.metres(np.array([one]), np.array([other]))[0]
    days = _days_apart_of(ordered[one], ordered[other])
    return f"{metres:.0f} m and {days} days from {ordered[one].id}"


def _days_apart_of(one: Member, other: Member) -> int:
    return max(0, other.start - one.day, one.start - other.day)
