"""A line cut into stretches of equal length, each with the land within reach of it. Pure.

Examples
--------
>>> import shapely
>>> parts = stretches(shapely.LineString([(-70, -11), (-69.8, -11)]), 10_000.0, 5_000.0)
>>> [(part.from_m, part.to_m) for part in parts][:2], len(parts)
([(0.0, 10000.0), (10000.0, 20000.0)], 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

_GEOD: Final = Geod(ellps="WGS84")
_STEP_M: Final = 500.0
"""A line is followed on the ellipsoid in steps of about so many metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of a line and the land around it."""

    from_m: float
    to_m: float
    """Metres along the line, on the ellipsoid, from its beginning."""
    area: BaseGeometry
    """Everything within reach, lon/lat in degrees WGS 84."""


def stretches(line: BaseGeometry, length_m: float, reach_m: float) -> tuple[Stretch, ...]:
    """Return the stretches of a line (or of the parts of one, one after the other), in their order."""
    parts = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    found: list[Stretch] = []
    begin = 0.0
    for part in shapely.get_parts(parts):
        xy = shapely.get_coordinates(part)
        at = begin + np.append(0.0, np.cumsum(_steps(xy)))
        found += _cut(xy, at, length_m, reach_m)
        begin = float(at[-1])
    return tuple(found)


def _steps(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the metres between neighbouring points of a line."""
    return np.asarray(_GEOD.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])[2])


def _cut(xy: NDArray[np.float64], at: NDArray[np.float64], length_m: float, reach_m: float) -> list[Stretch]:
    """Return the stretches of one line whose points lie `at` metres; marks count from its beginning."""
    marks = np.arange(at[0], at[-1], length_m)
    if len(marks) > 1 and at[-1] - marks[-1] < 1e-3:
        marks = marks[:-1]
    ends = [*marks[1:].tolist(), float(at[-1])]
    return [
        Stretch(start, stop, around(shapely.LineString(_between(xy, at, start, stop)), reach_m))
        for start, stop in zip(marks.tolist(), ends, strict=True)
    ]


def _between(
    xy: NDArray[np.float64], at: NDArray[np.float64], start: float, stop: float
) -> NDArray[np.float64]:
    inside = xy[(at > start) & (at < stop)]
    ends = [[np.interp(mark, at, xy[:, axis]) for axis in (0, 1)] for mark in (start, stop)]
    return np.vstack([ends[0], inside, ends[1]])


def around(geometry: BaseGeometry, reach_m: float) -> BaseGeometry:
    """Return everything within reach of a geometry in degrees.

    A buffer in the equidistant projection of its middle: good to a thousandth within some 200 km of it.

    Examples
    --------
    >>> west, south, east, north = around(shapely.Point(-70, 0), 10_000.0).bounds
    >>> round((east - west) * 111.32, 1), round((north - south) * 110.57, 1)
    (20.0, 20.0)
    """
    west, south, east, north = shapely.bounds(geometry)
    flat = f"+proj=aeqd +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +datum=WGS84 +units=m"
    there = Transformer.from_crs("EPSG:4326", flat, always_xy=True)

    def project(points: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack(there.transform(points[:, 0], points[:, 1]))

    def back(points: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack(there.transform(points[:, 0], points[:, 1], direction="INVERSE"))

    moved = shapely.segmentize(shapely.transform(geometry, project), _STEP_M)
    return shapely.transform(shapely.buffer(moved, reach_m), back)
