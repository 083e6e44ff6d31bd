"""An independent oracle of facts: no shapely operation, no projection, no tree.

Shares: lines of equal latitude are laid through both shapes; where a line is inside is found by counting
crossings of straight lon/lat edges (even-odd), and strips are weighted with the surface of the ellipsoid.
Distances: both boundaries as dense points along their lon/lat edges, geodesics between all of them, then
denser where it matters.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
ROWS = 4000
METRES = 111_400
"""Of a degree, at most."""


def rings(geometry: Any) -> list[np.ndarray[Any, Any]]:
    """Return all rings, holes too, as arrays of lon and lat."""
    parts = getattr(geometry, "geoms", [geometry])
    found = []
    for part in parts:
        if part.geom_type == "Polygon":
            found += [np.asarray(ring.coords)[:, :2] for ring in (part.exterior, *part.interiors)]
    return found


def share(alert: Any, unit: Any, rows: int = ROWS) -> float:
    """Return the share of the alert's surface that lies in the unit."""
    south, north = alert.bounds[1], alert.bounds[3]
    lats = south + (np.arange(rows) + 0.5) * (north - south) / rows
    of_alert, of_unit = _edges(alert, south, north), _edges(unit, south, north)
    common = whole = 0.0
    for lat in lats:
        weight = _weight(lat)
        mine, theirs = _crossings(of_alert, lat), _crossings(of_unit, lat)
        whole += weight * _length(mine)
        common += weight * _overlap(mine, theirs)
    return common / whole


def distance_m(alert: Any, unit: Any) -> float:
    """Return the least geodesic between an alert (areas) and a unit (areas, lines or points)."""
    mine, theirs = _lines(alert), _lines(unit)
    if _within(theirs[0][0], alert) or _within(mine[0][0], unit):
        return 0.0
    near = _dense(mine, 0.002), _dense(theirs, 0.002)
    for coarse, fine in ((0.002, 0.0002), (0.0002, 0.00002)):
        far = _pairs(*near)
        maybe = far <= far.min() + 3 * METRES * coarse
        near = _again(near[0][maybe.any(axis=1)], fine), _again(near[1][maybe.any(axis=0)], fine)
    return float(_pairs(*near).min())


def _weight(lat: float) -> float:
    """Return the surface of a unit of lon and lat, up to a constant."""
    e2 = GEOD.es
    phi = np.radians(lat)
    return float(np.cos(phi) / (1 - e2 * np.sin(phi) ** 2) ** 2)


def _edges(geometry: Any, south: float, north: float) -> np.ndarray[Any, Any]:
    """Return edges as rows lon, lat, lon, lat, only those that touch a band of latitude."""
    found = [np.hstack([ring[:-1], ring[1:]]) for ring in rings(geometry)]
    edges = np.concatenate(found) if found else np.zeros((0, 4))
    low, high = np.minimum(edges[:, 1], edges[:, 3]), np.maximum(edges[:, 1], edges[:, 3])
    return edges[(high >= south) & (low <= north)]


def _crossings(edges: np.ndarray[Any, Any], lat: float) -> np.ndarray[Any, Any]:
    x0, y0, x1, y1 = edges[(edges[:, 1] <= lat) != (edges[:, 3] <= lat)].T
    return np.sort(x0 + (lat - y0) * (x1 - x0) / (y1 - y0))


def _length(crossings: np.ndarray[Any, Any]) -> float:
    return float((crossings[1::2] - crossings[::2]).sum())


def _overlap(mine: np.ndarray[Any, Any], theirs: np.ndarray[Any, Any]) -> float:
    total = 0.0
    for left, right in zip(mine[::2], mine[1::2], strict=True):
        inside = np.clip(theirs, left, right)
        total += _length(inside)
    return total


def _within(point: np.ndarray[Any, Any], geometry: Any) -> bool:
    edges = _edges(geometry, point[1], point[1])
    return len(edges) > 0 and int((_crossings(edges, point[1]) > point[0]).sum()) % 2 == 1


def _lines(geometry: Any) -> list[np.ndarray[Any, Any]]:
    """Return the boundary, or the lines and points themselves."""
    areas = rings(geometry)
    if areas:
        return areas
    return [np.asarray(part.coords)[:, :2] for part in getattr(geometry, "geoms", [geometry])]


def _dense(lines: list[np.ndarray[Any, Any]], step: float) -> np.ndarray[Any, Any]:
    """Return rows lon, lat, lon, lat: each point, and the next one along the line."""
    found = []
    for line in lines:
        if len(line) == 1:
            found.append(np.hstack([line, line]))
        for a, b in pairwise(line):
            found.append(_steps(a, b, step))
    return np.concatenate(found)


def _steps(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any], step: float) -> np.ndarray[Any, Any]:
    count = max(1, int(np.ceil(np.abs(b - a).max() / step)))
    points = a + (b - a) * np.linspace(0, 1, count + 1)[:, None]
    return np.hstack([points[:-1], points[1:]])


def _again(pairs: np.ndarray[Any, Any], step: float) -> np.ndarray[Any, Any]:
    return np.concatenate([_steps(row[:2], row[2:], step) for row in pairs])


def _pairs(mine: np.ndarray[Any, Any], theirs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return geodesics between the first, and the last, points of all steps, the lesser of both."""
    found = []
    for end in (slice(0, 2), slice(2, 4)):
        a, b = mine[:, end], theirs[:, end]
        lon, to_lon = np.broadcast_arrays(a[:, None, 0], b[None, :, 0])
        lat, to_lat = np.broadcast_arrays(a[:, None, 1], b[None, :, 1])
        found.append(GEOD.inv(lon.copy(), lat.copy(), to_lon.copy(), to_lat.copy())[2])
    return np.minimum(*found)
