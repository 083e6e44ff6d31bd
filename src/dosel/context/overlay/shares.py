"""How much of each alert lies in each unit of a layer of areas.

Intersections are taken in lon/lat, where edges are straight, of the alert and of small pieces of the units;
their areas are taken in the equal-area plane. A piece that covers an alert needs no intersection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.context.overlay.pieces import Pieces
from dosel.context.overlay.plane import Floats, Geometries, areas_m2

Whole = NDArray[np.int64]

LEAST_SHARE: Final = 1e-5
"""A smaller share is an edge that touches, or rounding; as much below 1 is 1."""
_SNAP_DEG: Final = 1e-9
"""A union that GEOS cannot make, since edges nearly meet, is made on a grid of so many degrees, 0.1 mm."""
_POLYGON: Final = 3
_NO_AREA_M2: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Alerts that are asked about; all arrays have the shape ``(alerts,)``."""

    geometry: Geometries
    """Lon/lat in degrees; a point where the alert is a place without a shape."""
    area_m2: Floats
    """0 for points."""
    day: Whole

    def __len__(self) -> int:
        """Return how many alerts there are."""
        return len(self.geometry)


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Areas that can be asked; made once for a version of a layer."""

    pieces: Pieces
    tree: shapely.STRtree
    units: int
    twice: shapely.STRtree
    """Places that two units cover."""

    @classmethod
    def of(cls, pieces: Pieces, units: int) -> Areas:
        """Return the areas of the pieces of so many units."""
        shapely.prepare(pieces.geometry)
        tree = shapely.STRtree(pieces.geometry)
        return cls(pieces, tree, units, shapely.STRtree(_twice(pieces, tree)))


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """Alerts and units that meet, by alert and unit; arrays have the shape ``(pairs,)`` or ``(parts,)``."""

    alert: Whole
    unit: Whole
    share: Floats
    """0 to 1; 1 for a point."""
    part: Geometries
    """What the alerts have in common with pieces, where no piece covers them."""
    pair: Whole
    """Place among the pairs of each part."""


def _twice(pieces: Pieces, tree: shapely.STRtree) -> Geometries:
    """Return what pieces of different units have in common, more than an edge."""
    one, other = tree.query(pieces.geometry, predicate="intersects")
    differ = (one < other) & (pieces.unit[one] != pieces.unit[other])
    common = shapely.intersection(pieces.geometry[one[differ]], pieces.geometry[other[differ]])
    return np.asarray(common[shapely.area(common) > 0], object)


def met(asked: Asked, areas: Areas) -> Met:
    """Return which alerts meet which units, and with what share."""
    alert, piece = areas.tree.query(asked.geometry, predicate="intersects")
    order = np.lexsort((piece, areas.pieces.unit[piece], alert))
    alert, piece = alert[order], piece[order]
    unit = areas.pieces.unit[piece]
    name, pair = np.unique(alert * areas.units + unit, return_inverse=True)
    part, area = _common(asked, alert, areas.pieces.geometry[piece])
    share = np.bincount(pair, area, len(name)) / np.maximum(asked.area_m2[name // areas.units], _NO_AREA_M2)
    share = np.where(asked.area_m2[name // areas.units] > 0, share, 1.0)
    share[share > 1 - LEAST_SHARE] = 1.0
    return _worth(name // areas.units, name % areas.units, share, part, pair)


def _common(asked: Asked, alert: Whole, piece: Geometries) -> tuple[Geometries, Floats]:
    """Return what alerts and pieces have in common (None where the piece covers the alert), and its m²."""
    shape, area = asked.geometry[alert], asked.area_m2[alert]
    part = np.full(len(alert), None, object)
    rest = (area > 0) & ~shapely.covers(piece, shape)
    part[rest] = shapely.intersection(shape[rest], piece[rest])
    area[rest] = areas_m2(part[rest])
    return part, area


def _worth(alert: Whole, unit: Whole, share: Floats, part: Geometries, pair: Whole) -> Met:
    """Return the pairs that share more than an edge."""
    keep = share > LEAST_SHARE
    place = np.cumsum(keep) - 1
    with_part = keep[pair] & ~shapely.is_missing(part)
    return Met(alert[keep], unit[keep], share[keep], part[with_part], place[pair[with_part]])


def united(asked: Asked, found: Met, counts: NDArray[np.bool_], twice: shapely.STRtree) -> Floats:
    """Return the share of each alert in all units together that count, each place once.

    Parameters
    ----------
    found
        What the alerts meet.
    counts
        Which of its pairs count, shape ``(pairs,)``.
    twice
        Places that two units cover: elsewhere the whole is the sum.
    """
    alert, share = found.alert[counts], found.share[counts]
    whole: Floats = np.bincount(alert, share, len(asked)).astype(np.float64)
    several = np.bincount(alert, minlength=len(asked)) > 1
    full = np.zeros(len(asked), bool)
    full[alert[share == 1]] = True
    whole[full] = 1.0
    open_ = several & ~full
    doubted = np.flatnonzero(open_)
    open_[:] = False
    open_[doubted[twice.query(asked.geometry[doubted], predicate="intersects")[0]]] = True
    keep = counts[found.pair] & open_[found.alert[found.pair]]
    if keep.any():
        whole[open_] = 0.0
        names, joined = _joined(found.alert[found.pair[keep]], found.part[keep])
        whole[names] = areas_m2(joined) / asked.area_m2[names]
    whole[whole > 1 - LEAST_SHARE] = 1.0
    return whole


def _joined(alert: Whole, part: Geometries) -> tuple[Whole, Geometries]:
    """Return alerts in order and, of each, what its parts cover together."""
    flat, inner = shapely.get_parts(part, return_index=True)
    areal = shapely.get_type_id(flat) == _POLYGON
    flat, of = flat[areal], alert[inner[areal]]
    order = np.argsort(of, kind="stable")
    names, number = np.unique(of[order], return_inverse=True)
    return names, _unions(shapely.multipolygons(flat[order], indices=number))


def _unions(groups: Geometries) -> Geometries:
    """Return what each group covers, whichever others it comes with."""
    try:
        return np.asarray(shapely.unary_union(groups), object)
    except shapely.errors.GEOSException:
        if len(groups) > 1:
            return np.concatenate([_unions(groups[i : i + 1]) for i in range(len(groups))])
        return np.asarray(shapely.unary_union(groups, grid_size=_SNAP_DEG), object)
