"""Layers made by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from dosel.context.layer import ALWAYS, Completeness, Layer, Measure, Shape, Theme, Units
from dosel.model.marking import Marking


def layer(
    name: str, units: Sequence[tuple[str, str, Any]], theme: Theme = Theme.DISTRICT, **more: Any
) -> Layer:
    """Return a layer of (code, name, geometry in degrees)."""
    codes, names, shapes = (np.array(one, dtype=object) for one in zip(*units, strict=True))
    days = [np.full(len(units), day, np.int64) for day in ALWAYS]
    held = Units(np.array(list(shapes), dtype=object), codes, names, np.full(len(units), "", object), *days)
    known = {
        "name": name,
        "version": "1",
        "theme": theme,
        "shape": Shape.AREA,
        "titles": {"en": name},
        "owner": "hand",
        "licence": "CC0-1.0",
        "vintage": "2024",
        "coverage": None,
        "completeness": Completeness.COMPLETE,
        "note": {},
        "measures": (Measure.SHARE,),
        "reach_m": 0.0,
        "margin_m": 0.0,
        "sensitivity": Marking.PUBLIC,
        "dated": False,
        "units": held,
        "definition": {},
    }
    return Layer(**{**known, **more})


def districts() -> Layer:
    """Three districts, the last one far away."""
    boxes = [
        ("170101", "Tambopata", shapely.box(-70, -12, -69.9, -11.9)),
        ("170102", "Inambari", shapely.box(-69.9, -12, -69.8, -11.9)),
        ("150101", "Lima", shapely.box(-77, -12, -76.9, -11.9)),
    ]
    return layer("districts", boxes)


def border() -> Layer:
    """A long border that passes by."""
    line = shapely.LineString([(-71, -11.9), (-68, -11.9)])
    return layer("border", [("", "Peru - Brazil", line)], Theme.BORDER, shape=Shape.LINE)
