"""A layer made ready to be asked: cut into pieces, each in a tree. Made once for a version of a layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.context.layer import Completeness, Layer, Measure, Shape, Theme
from dosel.context.overlay.nearest import Places, ranked
from dosel.context.overlay.pieces import area_pieces, edges, line_pieces, point_pieces
from dosel.context.overlay.plane import Geometries, check_lonlat
from dosel.context.overlay.shares import Areas

_CUT = {Shape.AREA: area_pieces, Shape.LINE: line_pieces, Shape.POINT: point_pieces}
_EACH = frozenset({Theme.BORDER})
"""Themes of which the nearest unit of every code within reach is a fact: which countries are near."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Where a layer was gathered."""

    areas: Areas
    edge: Places


@dataclass(frozen=True, slots=True, eq=False)
class LayerIndex:
    """A layer, ready to be asked."""

    layer: Layer
    areas: Areas | None
    """Where shares are measured."""
    places: Places | None
    """Where distances are measured."""
    coverage: Coverage | None
    """None is everywhere, or nowhere for a missing layer."""
    reach_m: float

    @property
    def each(self) -> bool:
        """Whether every unit within reach is a fact, not only the nearest."""
        return self.layer.theme in _EACH


def prepare_all(layers: Iterable[Layer]) -> tuple[LayerIndex, ...]:
    """Return layers ready to be asked; those that were gathered in the same place share it."""
    known: dict[bytes, Coverage] = {}
    return tuple(prepare(layer, known) for layer in layers)


def prepare(layer: Layer, known: dict[bytes, Coverage] | None = None) -> LayerIndex:
    """Return a layer ready to be asked.

    Parameters
    ----------
    known
        Coverages that are ready, by their WKB; that of the layer is added.

    Raises
    ------
    InputError
        If a unit lies beyond the degrees of the earth or across the antimeridian.
    """
    if layer.completeness is Completeness.MISSING:
        return LayerIndex(layer, None, None, None, 0.0)
    check_lonlat(layer.units.geometry, f"layer {layer.name}: unit")
    reach = max(layer.reach_m, layer.margin_m)
    pieces = _CUT[layer.shape](layer.units.geometry)
    measured = layer.shape is not Shape.AREA or Measure.DISTANCE in layer.measures or layer.margin_m > 0
    rank = ranked(layer.units.code, layer.units.name)
    return LayerIndex(
        layer,
        Areas.of(pieces, len(layer.units)) if layer.shape is Shape.AREA else None,
        Places.of(pieces, rank) if measured else None,
        _coverage(layer, {} if known is None else known),
        reach,
    )


def places_of(
    shape: Shape, geometry: Geometries, code: NDArray[np.object_], name: NDArray[np.object_]
) -> Places:
    """Return units of which only the nearest is asked; the code and the name settle ties."""
    return Places.of(_CUT[shape](geometry), ranked(code, name))


def _coverage(layer: Layer, known: dict[bytes, Coverage]) -> Coverage | None:
    if layer.coverage is None:
        return None
    key = shapely.to_wkb(layer.coverage)
    if key not in known:
        known[key] = _cut(layer.coverage)
    return known[key]


def _cut(coverage: BaseGeometry) -> Coverage:
    whole: Geometries = np.array([coverage], object)
    edge = line_pieces(edges(whole))
    return Coverage(Areas.of(area_pieces(whole), 1), Places.of(edge, np.zeros(1, np.int64)))
