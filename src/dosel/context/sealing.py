"""What lies in a reserve of peoples in isolation, or in its margin, is sealed; and where nobody can say.

Distances err on the side of sealing, by at most one part in a hundred.

Examples
--------
>>> seal = sealed_by((), np.array([shapely.Point(-70, -12)]))
>>> bool(seal.sealed[0]), bool(seal.evaluated[0])
(False, False)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.context.layer import Completeness, Layer, Theme

_LEAST_METRES: Final = 110_500.0
"""A degree of latitude is nowhere shorter."""


@dataclass(frozen=True, slots=True, eq=False)
class Sealing:
    """What is known of each geometry; both have the shape ``(geometries,)``."""

    sealed: NDArray[np.bool_]
    """It touches a reserve or its margin, or has no place."""
    evaluated: NDArray[np.bool_]
    """A complete layer covers it. Where this is False, nothing may leave on the ground that it is clean."""


def sealed_by(layers: Iterable[Layer], geometries: NDArray[np.object_]) -> Sealing:
    """Return what the layers of the theme isolation say of geometries in lon/lat.

    Layers of other themes are passed over, so all layers of a centre may be given.
    """
    nowhere = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    sealed, evaluated = nowhere.copy(), np.zeros(len(geometries), bool)
    for layer in layers:
        if layer.theme is Theme.ISOLATION:
            sealed |= _within(layer, geometries)
            evaluated |= _covered(layer, geometries)
    return Sealing(sealed, evaluated & ~nowhere)


def _covered(layer: Layer, geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    if layer.completeness is not Completeness.COMPLETE:
        return np.zeros(len(geometries), bool)
    if layer.coverage is None:
        return np.ones(len(geometries), bool)
    shapely.prepare(layer.coverage)
    return np.asarray(shapely.covers(layer.coverage, geometries))


def _within(layer: Layer, geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which geometries lie within the margin of a unit."""
    sealed = np.zeros(len(geometries), bool)
    if not len(layer.units):
        return sealed
    tree = shapely.STRtree(layer.units.geometry)
    near = layer.margin_m / (_LEAST_METRES * _narrowest(layer.units.geometry, geometries))
    for one, unit in tree.query(geometries, predicate="dwithin", distance=near).T:
        if not sealed[one]:
            sealed[one] = _metres(geometries[one], layer.units.geometry[unit]) <= layer.margin_m
    return sealed


def _narrowest(*several: NDArray[np.object_]) -> float:
    """Return the least cosine of latitude among geometries; never below that of 80 degrees."""
    _, south, _, north = np.array([shapely.total_bounds(ones) for ones in several]).T
    most = np.nanmax(np.abs([south, north]))
    return float(np.cos(np.radians(min(most, 80.0))))


def _metres(one: Any, unit: Any) -> float:
    """Return a distance that is never too long, from degrees stretched by the cosine of latitude."""
    if shapely.intersects(one, unit):
        return 0.0
    line = shapely.shortest_line(one, unit)
    least = _narrowest(np.array([line, one], object))
    flat = shapely.transform([one, unit], lambda xy: xy * (least, 1.0))
    return float(shapely.distance(*flat)) * _LEAST_METRES
