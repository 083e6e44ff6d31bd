"""The nearest unit of a layer, and how many metres on the ellipsoid it is away.

A tree over short pieces in the Mercator plane names the nearest piece there. Mercator's scale grows towards
the poles, so that a piece which is a little farther there may be nearer on the ground: all pieces within
that margin are candidates, and the shortest geodesic among them counts. Equal distances go to the first by
code and name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.context.overlay.pieces import Pieces
from dosel.context.overlay.plane import EARTH_M, Floats, Geometries, geodesic_m, stepped, to_mercator

Whole = NDArray[np.int64]

TIE_M: Final = 0.001
"""Distances that differ by less are equal."""
_SAFETY: Final = 1.5
"""By how much the margin of the candidates exceeds what the scale of Mercator can deceive by."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Pieces that can be asked for the nearest; made once for a version of a layer."""

    geometry: Geometries
    """In the Mercator plane."""
    unit: Whole
    tree: shapely.STRtree
    rank: Whole
    """Place of each unit by code and name, shape ``(units,)``."""

    @classmethod
    def of(cls, pieces: Pieces, rank: Whole) -> Places:
        """Return the places of pieces in lon/lat."""
        plane = to_mercator(stepped(pieces.geometry))
        return cls(plane, pieces.unit, shapely.STRtree(plane), rank)


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The nearest unit of each alert that has one within reach; arrays have the shape ``(found,)``."""

    alert: Whole
    unit: Whole
    distance_m: Floats


def nearest(plane: Geometries, places: Places, reach_m: float) -> Near:
    """Return the nearest unit of each alert within reach, by alert.

    Parameters
    ----------
    plane
        Alerts in the Mercator plane.
    reach_m
        Metres on the ellipsoid.
    """
    if not len(plane) or not len(places.geometry):
        return Near(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    alert, piece = _candidates(plane, places, reach_m)
    return _first(
        alert, places.unit[piece], metres(plane[alert], places.geometry[piece]), places.rank, reach_m
    )


def nearest_that(
    plane: Geometries,
    places: Places,
    first: Near,
    reach_m: float,
    counts: Callable[[Whole, Whole], NDArray[np.bool_]],
) -> Near:
    """Return the nearest unit that counts of each alert whose nearest does not; by alert.

    Parameters
    ----------
    first
        The nearest units.
    counts
        Whether pairs of alert and unit count.
    """
    waiting = first.alert[~counts(first.alert, first.unit)]
    found = [Near(waiting[:0], waiting[:0], np.zeros(0))]
    for radius in (reach_m / 16, reach_m / 4, reach_m) if len(waiting) else ():
        reach = radius * stretch(plane[waiting], radius)
        alert, piece = places.tree.query(plane[waiting], predicate="dwithin", distance=reach)
        alert = waiting[alert]
        keep = counts(alert, places.unit[piece])
        alert, piece = alert[keep], piece[keep]
        far = metres(plane[alert], places.geometry[piece])
        found.append(_first(alert, places.unit[piece], far, places.rank, radius))
        waiting = np.setdiff1d(waiting, found[-1].alert)
    columns = zip(*((one.alert, one.unit, one.distance_m) for one in found), strict=True)
    alert, unit, far = map(np.concatenate, columns)
    order = np.argsort(alert, kind="stable")
    return Near(alert[order], unit[order], far[order])


def within(plane: Geometries, places: Places, reach_m: float) -> Near:
    """Return every unit within reach of each alert, at its distance, by alert and rank."""
    reach = reach_m * stretch(plane, reach_m)
    alert, piece = places.tree.query(plane, predicate="dwithin", distance=reach)
    unit = places.unit[piece]
    far = metres(plane[alert], places.geometry[piece])
    order = np.lexsort((far, places.rank[unit], alert))
    alert, unit, far = alert[order], unit[order], far[order]
    new = np.ones(len(alert), bool)
    new[1:] = (np.diff(alert) != 0) | (np.diff(unit) != 0)
    keep = new & (far <= reach_m)
    return Near(alert[keep], unit[keep], far[keep])


def ranked(code: NDArray[np.object_], name: NDArray[np.object_]) -> Whole:
    """Return the place of units by code, name and then number: the order in which ties are settled."""
    order = sorted(range(len(code)), key=lambda i: (code[i], name[i], i))
    rank = np.empty(len(code), np.int64)
    rank[order] = np.arange(len(code))
    return rank


def _candidates(plane: Geometries, places: Places, reach_m: float) -> tuple[Whole, Whole]:
    """Return alerts and the pieces that may be their nearest.

    The piece nearest to the middle of an alert bounds how far the nearest to the alert itself can be.
    """
    bounds = shapely.bounds(plane).reshape(-1, 4)
    middle = shapely.points((bounds[:, :2] + bounds[:, 2:]) / 2)
    radius = np.hypot(*(bounds[:, 2:] - bounds[:, :2]).T) / 2
    reach = reach_m * stretch(plane, reach_m)
    alert, piece = places.tree.query_nearest(
        middle, max_distance=float((reach + radius).max()), all_matches=False
    )
    far = shapely.distance(plane[alert], places.geometry[piece])
    margin = np.minimum(far * (1 + _deceit(plane[alert], far)), reach[alert])
    which, piece = places.tree.query(plane[alert], predicate="dwithin", distance=margin)
    return alert[which], piece


def _first(alert: Whole, unit: Whole, far: Floats, rank: Whole, reach_m: float) -> Near:
    """Return the first candidate of each alert by distance, then by rank."""
    order = np.lexsort((rank[unit], far, alert))
    alert, unit, far = alert[order], unit[order], far[order]
    new = np.ones(len(alert), bool)
    new[1:] = np.diff(alert) != 0
    tied = far <= np.repeat(far[new], np.diff(np.append(np.flatnonzero(new), len(alert)))) + TIE_M
    alert, unit, least = alert[tied], unit[tied], far[new]
    order = np.lexsort((rank[unit], alert))
    _, first = np.unique(alert[order], return_index=True)
    alert, unit = alert[order][first], unit[order][first]
    keep = least <= reach_m
    return Near(alert[keep], unit[keep], least[keep])


def metres(one: Geometries, other: Geometries) -> Floats:
    """Return the geodesic between the nearest points of geometries in the plane; 0 where they touch."""
    if not len(one):
        return np.zeros(0)
    ends = shapely.get_coordinates(shapely.shortest_line(one, other)).reshape(-1, 2, 2)
    return geodesic_m(ends[:, 0], ends[:, 1])


def _latitude(plane: Geometries) -> Floats:
    """Return the largest distance of geometries from the equator, in radians on the sphere."""
    bounds = shapely.bounds(plane).reshape(-1, 4)
    y = np.abs(bounds[:, [1, 3]]).max(axis=1) / EARTH_M
    return np.asarray(np.arcsin(np.tanh(y)))


def stretch(plane: Geometries, reach_m: float) -> Floats:
    """Return how much longer than on the ground a way of `reach_m` from an alert can be in the plane."""
    farthest = np.minimum(_latitude(plane) + 1.01 * reach_m / EARTH_M, np.radians(89))
    return np.asarray(1.01 / np.cos(farthest))


def _deceit(plane: Geometries, far: Floats) -> Floats:
    """Return by which share a way of length `far` in the plane can look longer than one that is as long."""
    latitude = _latitude(plane)
    angle = far * np.cos(latitude) / EARTH_M
    steep = np.tan(np.minimum(latitude + angle, np.radians(89)))
    return np.asarray(_SAFETY * (angle * steep + angle**2) + 1e-9)
