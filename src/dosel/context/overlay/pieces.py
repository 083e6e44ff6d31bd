"""Units cut into pieces, so that a question touches few vertices however large the unit is.

Areas are cut in half until a piece has few vertices; lines become short runs of their vertices. The pieces
of a unit cover it exactly once, whatever stands beside it in the layer.

Examples
--------
>>> whole = shapely.Point(0, 0).buffer(1, quad_segs=200)
>>> cut = area_pieces(np.array([whole]))
>>> len(cut.geometry) > 8, round(float(shapely.area(cut.geometry).sum() / whole.area), 9)
(True, 1.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.context.overlay.plane import Geometries

AREA_VERTICES: Final = 64
LINE_VERTICES: Final = 8
_POLYGON: Final = 3
_LINE: Final = 1
_HALVINGS: Final = 40
"""A polygon that so many cuts do not make smaller is left as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of units; both arrays have the shape ``(pieces,)``."""

    geometry: Geometries
    """Lon/lat in degrees."""
    unit: NDArray[np.int64]
    """Number of the unit of each."""


def area_pieces(geometry: Geometries) -> Pieces:
    """Return polygons of at most `AREA_VERTICES` vertices."""
    parts, unit = shapely.get_parts(geometry, return_index=True)
    done = []
    for _ in range(_HALVINGS):
        large = shapely.get_num_coordinates(parts) > AREA_VERTICES
        done.append((parts[~large], unit[~large]))
        parts, unit = _halved(parts[large], unit[large])
        if not len(parts):
            break
    done.append((parts, unit))
    return _ordered(np.concatenate([p for p, _ in done]), np.concatenate([u for _, u in done]))


def line_pieces(geometry: Geometries) -> Pieces:
    """Return lines of at most `LINE_VERTICES` vertices; consecutive pieces share a vertex."""
    parts, unit = shapely.get_parts(geometry, return_index=True)
    xy, of = shapely.get_coordinates(parts, return_index=True)
    count = np.bincount(of, minlength=len(parts))
    place = np.arange(len(xy)) - np.repeat(np.cumsum(count) - count, count)
    step = LINE_VERTICES - 1
    seam = (place % step == 0) & (place > 0) & (place < np.repeat(count - 1, count))
    times = 1 + seam
    first = np.cumsum(times) - times
    run = np.repeat(np.maximum(place - 1, 0) // step, times)
    run[first[seam] + 1] += 1
    label = np.repeat(of, times) * (count.max(initial=0) + 1) + run
    names, number = np.unique(label, return_inverse=True)
    lines = shapely.linestrings(np.repeat(xy, times, axis=0), indices=number)
    return Pieces(np.asarray(lines, object), unit[names // (count.max(initial=0) + 1)])


def point_pieces(geometry: Geometries) -> Pieces:
    """Return single points."""
    return Pieces(*shapely.get_parts(geometry, return_index=True))


def edges(geometry: Geometries) -> Geometries:
    """Return the boundary of areas as lines."""
    return np.asarray(shapely.boundary(geometry), object)


def _halved(parts: Geometries, unit: NDArray[np.int64]) -> tuple[Geometries, NDArray[np.int64]]:
    """Return both halves of polygons, each cut across its longer side."""
    west, south, east, north = shapely.bounds(parts).reshape(-1, 4).T
    wide = east - west > north - south
    lon, lat = np.where(wide, (west + east) / 2, east), np.where(wide, north, (south + north) / 2)
    low = shapely.intersection(parts, shapely.box(west, south, lon, lat))
    high = shapely.intersection(
        parts, shapely.box(np.where(wide, lon, west), np.where(wide, south, lat), east, north)
    )
    halves, of = shapely.get_parts(np.concatenate([low, high]), return_index=True)
    halves, inner = shapely.get_parts(halves, return_index=True)
    keep = shapely.get_type_id(halves) == _POLYGON
    return halves[keep], np.concatenate([unit, unit])[of[inner[keep]]]


def _ordered(parts: Geometries, unit: NDArray[np.int64]) -> Pieces:
    """Return pieces by unit, then by place: an order that does not depend on the other units."""
    west, south, _, _ = shapely.bounds(parts).reshape(-1, 4).T
    order = np.lexsort((shapely.area(parts), south, west, unit))
    return Pieces(parts[order], unit[order])
