"""Areas of geometries in lon/lat, from the equal-area projection EPSG:6933.

Examples
--------
>>> import shapely
>>> round(float(areas_ha([shapely.box(-70, -12.01, -69.99, -12)])[0]), 2)
120.47
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

EQUAL_AREA: Final = "EPSG:6933"


def areas_ha(geometries: Sequence[Any] | NDArray[np.object_]) -> NDArray[np.float64]:
    """Return hectares of geometries in degrees WGS 84; 0 for lines, points and what is empty or None."""
    shapes = np.asarray(geometries, object)
    if not shapes.size:
        return np.zeros(0)
    return np.nan_to_num(shapely.area(to_equal_area(shapes)) / 10_000)


def to_equal_area(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return geometries in degrees WGS 84 as ones in metres whose areas are true."""
    change = _change()
    flat = shapely.transform(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
    return np.asarray(flat, object)


@lru_cache(maxsize=1)
def _change() -> Transformer:
    return Transformer.from_crs("EPSG:4326", EQUAL_AREA, always_xy=True)
