"""Two planes over the ellipsoid WGS 84: one keeps areas, the other keeps angles.

Areas are taken in the cylindrical equal-area plane of EPSG:6933. Neighbours are looked for in the
ellipsoidal Mercator plane, in which no direction is longer than another; the distance itself is a geodesic.
Both planes are the same for every batch, so that a fact does not depend on what it is computed together
with.

An edge is straight in lon/lat, as the files say. Pieces are cut in lon/lat before they are projected, and
long edges are made of steps of `STEP_DEG`; what an edge then strays is below 2 cm between 45° north and
south.

Snyder, Map projections: a working manual (1987), chapters 7 and 10.

Examples
--------
>>> round(float(areas_m2(shapely.box(-70, -12.01, -69.99, -12)) / 10_000), 2)
120.47
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from dosel.errors import InputError

Geometries: TypeAlias = NDArray[np.object_]
Floats: TypeAlias = NDArray[np.float64]

GEOD: Final = Geod(ellps="WGS84")
STEP_DEG: Final = 0.02
"""Longest step of an edge, in degrees, before it is projected."""
EARTH_M: Final = float(GEOD.a)
_E2: Final = float(GEOD.es)
_E: Final = _E2**0.5
_K30: Final = float(np.cos(np.radians(30)) / np.sqrt(1 - _E2 * np.sin(np.radians(30)) ** 2))
"""Scale of EPSG:6933, which is true at 30 degrees."""
_ROUNDS: Final = 6
"""Rounds after which the inverse of Mercator stands; each gains a factor of 1 / _E2, about 150."""


def areas_m2(geometries: Any) -> Floats:
    """Return square metres of geometries in lon/lat; 0 for lines and points."""
    shapes = np.asarray(geometries, object)
    bounds = shapely.bounds(shapes)
    large = np.asarray((bounds[..., 2:] - bounds[..., :2]).max(axis=-1) > STEP_DEG)
    if large.any():
        shapes = np.where(large, shapely.segmentize(shapes, np.where(large, STEP_DEG, 360.0)), shapes)
    return np.asarray(shapely.area(shapely.transform(shapes, _equal_area)))


def to_mercator(geometries: Any) -> Any:
    """Return geometries in lon/lat in the Mercator plane, in metres at the equator."""
    return shapely.transform(geometries, _mercator)


def stepped(geometries: Geometries) -> Geometries:
    """Return lines or polygons in lon/lat without steps above `STEP_DEG`."""
    return np.asarray(shapely.segmentize(geometries, STEP_DEG), object)


def geodesic_m(near: Floats, far: Floats) -> Floats:
    """Return metres on the ellipsoid between points of the Mercator plane, both of shape ``(points, 2)``."""
    lon, lat = _lonlat(near)
    to_lon, to_lat = _lonlat(far)
    return np.asarray(GEOD.inv(lon, lat, to_lon, to_lat)[2], np.float64)


def check_lonlat(geometries: Geometries, whose: str) -> None:
    """Refuse geometries that are empty, beyond the degrees of the earth, or across the antimeridian.

    Raises
    ------
    InputError
        With the number of the first wrong one.
    """
    west, south, east, north = shapely.bounds(geometries).reshape(-1, 4).T
    good = (west >= -180) & (east <= 180) & (south >= -85) & (north <= 85) & (east - west < 180)
    if not good.all():
        first = int(np.flatnonzero(~good)[0])
        found = shapely.bounds(geometries[first])
        raise InputError(
            f"{whose} {first}: expected a place in degrees, lon -180 to 180, lat -85 to 85, not across the "
            f"antimeridian, got the box {[float(v) for v in found]}; cut it at 180 degrees"
        )


def _equal_area(lonlat: Floats) -> Floats:
    sine = np.sin(np.radians(lonlat[:, 1]))
    q = (1 - _E2) * (sine / (1 - _E2 * sine**2) + np.arctanh(_E * sine) / _E)
    return np.column_stack([EARTH_M * _K30 * np.radians(lonlat[:, 0]), EARTH_M * q / (2 * _K30)])


def _mercator(lonlat: Floats) -> Floats:
    sine = np.sin(np.radians(lonlat[:, 1]))
    y = np.arctanh(sine) - _E * np.arctanh(_E * sine)
    return np.column_stack([EARTH_M * np.radians(lonlat[:, 0]), EARTH_M * y])


def _lonlat(xy: Floats) -> tuple[Floats, Floats]:
    y = xy[:, 1] / EARTH_M
    sine = np.tanh(y)
    for _ in range(_ROUNDS):
        sine = np.tanh(y + _E * np.arctanh(_E * sine))
    return np.degrees(xy[:, 0] / EARTH_M), np.degrees(np.arcsin(sine))
