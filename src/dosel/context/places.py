"""Places that may be asked about: units of layers with areas, and stretches of layers with lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import shapely

from dosel.context.layer import Layer, Shape
from dosel.context.stretches import stretches
from dosel.context.unseen import Place
from dosel.errors import InputError
from dosel.model.names import plain_name

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Stretching:
    """How lines become places."""

    length_km: float = 10.0
    reach_km: float = 10.0


def places_of_layer(
    layers: Iterable[Layer], name: str, near: Box, stretching: Stretching
) -> tuple[Place, ...]:
    """Return the units of a layer that touch a box in degrees; of lines their stretches.

    Raises
    ------
    InputError
        If there is no such layer, or its units are points.
    """
    known = {layer.name: layer for layer in layers}
    usable = sorted(one for one, layer in known.items() if layer.shape is not Shape.POINT)
    if name not in usable:
        raise InputError(f"--layer: expected a layer with areas or lines ({_listed(usable)}), got {name!r}")
    return tuple(_places(known[name], "", near, stretching))


def places_named(layers: Iterable[Layer], name: str, near: Box, stretching: Stretching) -> tuple[Place, ...]:
    """Return the units whose code is `name` or whose name holds it, of all layers with areas or lines.

    Raises
    ------
    InputError
        If there is none.
    """
    found = [
        place
        for layer in layers
        if layer.shape is not Shape.POINT
        for place in _places(layer, name, near if layer.shape is Shape.LINE else None, stretching)
    ]
    if not found:
        raise InputError(f"--unit: expected a unit of a layer (`dosel layers list`), got {name!r}")
    return tuple(found)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "there is none; `dosel layers add` adds one"


def _places(layer: Layer, name: str, near: Box | None, stretching: Stretching) -> Iterator[Place]:
    units, wanted = layer.units, plain_name(name)
    for geometry, code, own in zip(units.geometry, units.code, units.name, strict=True):
        if wanted != plain_name(code) and wanted not in plain_name(own):
            continue
        if layer.shape is Shape.AREA:
            if near is None or shapely.intersects(geometry, shapely.box(*near)):
                yield Place(own or code, code, layer.name, geometry)
            continue
        for part in stretches(geometry, stretching.length_km * 1000.0, stretching.reach_km * 1000.0):
            if near is None or shapely.intersects(part.area, shapely.box(*near)):
                span = f"km {part.from_m / 1000:.0f}-{part.to_m / 1000:.0f}"
                yield Place(f"{own or code or layer.name}, {span}", code, layer.name, part.area)
