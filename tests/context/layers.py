"""Layers made by hand, from (code, name, geometry in degrees)."""

from collections.abc import Sequence
from typing import Any

import shapely

from dosel.context.layer import Layer, Shape, Theme
from dosel.testing.layers import layer_of


def layer(
    name: str, units: Sequence[tuple[str, str, Any]], theme: Theme = Theme.DISTRICT, **given: Any
) -> Layer:
    """Return a layer of areas, unless `given` says otherwise."""
    codes, names, shapes = zip(*units, strict=True)
    return layer_of(name, shapes, code=codes, name_of=names, theme=theme, **{"shape": Shape.AREA, **given})


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
