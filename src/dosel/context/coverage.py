"""Where a layer is complete, and units that are derived from those of other layers. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.context.definition import Coverage
from dosel.context.layer import Units
from dosel.errors import InputError

_METRES_A_DEGREE: Final = 111_195.0


def coverage_of(
    coverage: Coverage | None,
    own: Units,
    other: Callable[[str], Units],
    polygons: BaseGeometry | None = None,
) -> BaseGeometry | None:
    """Return where a layer was gathered, lon/lat; None where its definition does not say.

    Parameters
    ----------
    own
        Units of the layer itself.
    other
        Returns the units of another layer by name.
    polygons
        What the coverage file holds, where the definition names one.

    Raises
    ------
    InputError
        If nothing is left.
    """
    if coverage is None:
        return None
    whole = polygons
    if coverage.units:
        whole = _union(own)
    elif coverage.layer is not None:
        whole = _union(_some(other(coverage.layer), coverage.codes))
    if coverage.box is not None:
        box = shapely.box(*coverage.box)
        whole = box if whole is None else shapely.intersection(whole, box)
    if whole is None or whole.is_empty:
        raise InputError("coverage: nothing is left of it; say units, layer, file or box")
    return whole


def along(units: Units, lines: Units, within_m: float) -> NDArray[np.bool_]:
    """Return which areas have an edge on the outline of all of them, near a line.

    Edges that two areas share do not count, so an area behind one that touches the line is left out. Degrees
    are taken as equal in both directions, which is exact enough within the tropics.
    """
    outline = shapely.get_exterior_ring(shapely.get_parts(shapely.union_all(units.geometry)))
    near = shapely.buffer(shapely.union_all(lines.geometry), within_m / _METRES_A_DEGREE)
    edge = shapely.intersection(shapely.union_all(outline), near)
    shared = shapely.intersection(shapely.boundary(units.geometry), edge)
    return np.asarray(shapely.length(shared) > 0)


def _union(units: Units) -> Any:
    areas = units.geometry[shapely.get_dimensions(units.geometry) == 2]
    if not len(areas):
        raise InputError("coverage: the layer that it names has no areas")
    return shapely.union_all(areas)


def _some(units: Units, codes: tuple[str, ...]) -> Units:
    return units if not codes else units.take(np.isin(units.code.astype(str), codes))
