"""Reference layers in memory, for tests, benchmarks and trials.

Examples
--------
>>> from shapely import Point
>>> layer = point_layer("towns", {"A": Point(-70, -12)}, reach_m=5000)
>>> layer.shape.value, len(layer.units), layer.completeness.value
('point', 1, 'complete')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from dosel.context.layer import ALWAYS, Completeness, Layer, Measure, Shape, Theme, Units
from dosel.model.marking import Marking

_NEITHER: Final = {"es": "", "pt": "", "en": ""}


def area_layer(name: str, units: Mapping[str, BaseGeometry], **given: Any) -> Layer:
    """Return a layer of areas by name; `given` overrides what :func:`layer_of` takes."""
    return _by_name(name, units, {"theme": Theme.DISTRICT, "shape": Shape.AREA} | given)


def line_layer(name: str, units: Mapping[str, BaseGeometry], **given: Any) -> Layer:
    """Return a layer of lines by name."""
    return _by_name(name, units, {"theme": Theme.RIVER, "shape": Shape.LINE, "reach_m": 50_000.0} | given)


def point_layer(name: str, units: Mapping[str, BaseGeometry], **given: Any) -> Layer:
    """Return a layer of points by name."""
    return _by_name(
        name, units, {"theme": Theme.SETTLEMENT, "shape": Shape.POINT, "reach_m": 50_000.0} | given
    )


def _by_name(name: str, units: Mapping[str, BaseGeometry], given: Mapping[str, Any]) -> Layer:
    return layer_of(name, list(units.values()), name_of=list(units), **given)


def layer_of(
    name: str,
    geometry: Sequence[BaseGeometry],
    *,
    theme: Theme,
    shape: Shape,
    code: Sequence[str] | None = None,
    name_of: Sequence[str] | None = None,
    category: Sequence[str] | None = None,
    days: Sequence[tuple[int, int]] | None = None,
    **given: Any,
) -> Layer:
    """Return a layer of units in lon/lat; what is not given is complete everywhere, not dated, restricted."""
    blank = [""] * len(geometry)
    first, last = np.array(days or [ALWAYS] * len(geometry), np.int64).reshape(-1, 2).T
    codes, names, categories = (np.array(list(one or blank), object) for one in (code, name_of, category))
    shapes = np.empty(len(geometry), object)
    shapes[:] = list(geometry)
    plain = {
        "version": "1",
        "titles": dict.fromkeys(_NEITHER, name),
        "owner": "",
        "licence": "",
        "vintage": "",
        "completeness": Completeness.COMPLETE,
        "coverage": None,
        "note": _NEITHER,
        "measures": (Measure.SHARE,) if shape is Shape.AREA else (Measure.DISTANCE,),
        "reach_m": 0.0,
        "margin_m": 0.0,
        "sensitivity": Marking.RESTRICTED,
        "dated": days is not None,
        "definition": {},
    }
    units = Units(shapes, codes, names, categories, first, last)
    return Layer(name=name, theme=theme, shape=shape, units=units, **(plain | given))
