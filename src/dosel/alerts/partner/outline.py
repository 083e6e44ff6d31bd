"""Geometries of others in degrees WGS 84, each with what is wrong with it.

A coordinate that its declared CRS cannot hold is refused: metres under degrees, degrees under metres, and
what falls off the earth. An invalid outline is repaired and the repair is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from dosel.alerts.partner.table import Note, Reason
from dosel.config.feed import Box

DECIMALS: Final = 7
"""Digits of a degree that are kept: about a centimetre."""

POINT_HALF: Final = 5e-6
"""Half the side, in degrees, of the square that stands for a point: about a metre across."""

EQUAL_AREA: Final = "EPSG:6933"


@dataclass(frozen=True, slots=True)
class Placed:
    """Geometries in degrees, and the notes on those that are not good."""

    shapes: NDArray[np.object_]
    """(row): None where the row is refused."""
    notes: tuple[Note, ...]


def place(shapes: NDArray[np.object_], crs: str, within: Box | None, *, points: bool) -> Placed:
    """Return geometries in degrees WGS 84, rounded to :data:`DECIMALS` where that keeps them valid.

    Parameters
    ----------
    shapes
        (row) geometries in `crs`; None where there is none.
    within
        Where they must lie.
    points
        Whether a point is wanted; else an outline.

    Examples
    --------
    >>> shapes = np.array([shapely.Point(-70, -12), shapely.Point(500000, 8600000), None], object)
    >>> [str(note.reason) for note in place(shapes, "EPSG:4326", None, points=True).notes]
    ['no-geometry', 'not-its-crs']
    """
    notes: list[Note] = []
    shapes = shapely.force_2d(shapes)
    left = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    _tell(notes, ~left, Reason.NO_GEOMETRY, shapes)
    left = _keep(notes, left, _right_kind(shapes, points), Reason.WRONG_KIND, shapes)
    left = _keep(notes, left, _plausible(shapes, left, crs), Reason.NOT_ITS_CRS, shapes)
    moved = _moved(shapes, left, crs)
    left = _keep(notes, left, _on_earth(moved), Reason.OUT_OF_RANGE, shapes)
    if within:
        left = _keep(notes, left, _inside(moved, within), Reason.ELSEWHERE, moved)
    if not points:
        moved, left = _repaired(moved, left, notes)
    return Placed(_only(moved, left), tuple(notes))


def _right_kind(shapes: NDArray[np.object_], points: bool) -> NDArray[np.bool_]:
    kinds = shapely.get_type_id(shapes)
    if points:
        return np.asarray((kinds == 0) | ((kinds == 4) & (shapely.get_num_geometries(shapes) == 1)))
    return np.isin(kinds, [3, 6])


def _plausible(shapes: NDArray[np.object_], left: NDArray[np.bool_], crs: str) -> NDArray[np.bool_]:
    """Return whether coordinates can be of their CRS: degrees stay in range, metres leave it."""
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        degrees = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    finite = np.isfinite(west + south + east + north)
    geographic = CRS.from_user_input(crs).is_geographic
    return np.asarray(finite & (degrees if geographic else ~degrees) & left)


def _moved(shapes: NDArray[np.object_], left: NDArray[np.bool_], crs: str) -> NDArray[np.object_]:
    moved = _only(shapes, left)
    transformer = to_wgs84(crs)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    exact = shapely.transform(moved, project)
    rounded = shapely.transform(exact, lambda xy: np.round(xy, DECIMALS))
    broken = shapely.is_valid(exact) & ~shapely.is_valid(rounded)
    good: NDArray[np.object_] = np.where(broken, exact, rounded)
    return good


def _on_earth(moved: NDArray[np.object_]) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(moved).T
    with np.errstate(invalid="ignore"):
        return np.asarray((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90))


def _inside(moved: NDArray[np.object_], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(moved).T
    with np.errstate(invalid="ignore"):
        return np.asarray((west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3]))


def _repaired(
    moved: NDArray[np.object_], left: NDArray[np.bool_], notes: list[Note]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return outlines as valid MultiPolygons; one of which nothing is left has no geometry."""
    why = shapely.is_valid_reason(moved)
    invalid = left & ~shapely.is_valid(moved)
    moved = moved.copy()
    moved[invalid] = shapely.make_valid(moved[invalid], method="structure")
    kept = np.array([_polygons(shape) for shape in moved], dtype=object)
    good = left & ~shapely.is_empty(kept) & ~shapely.is_missing(kept)
    _tell(notes, left & ~good, Reason.NO_GEOMETRY, moved)
    mended = np.flatnonzero(invalid & good).tolist()
    notes.extend(Note(row + 1, Reason.REPAIRED, {"why": str(why[row])}) for row in mended)
    return kept, good


def _polygons(shape: BaseGeometry | None) -> BaseGeometry | None:
    if shape is None or shape.geom_type == "MultiPolygon":
        return shape
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def _only(shapes: NDArray[np.object_], left: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Return the geometries that are left, None in place of the others."""
    kept = shapes.copy()
    kept[~left] = None
    return kept


def _keep(
    notes: list[Note], left: NDArray[np.bool_], good: NDArray[np.bool_], reason: Reason, shapes: Any
) -> NDArray[np.bool_]:
    _tell(notes, left & ~good, reason, shapes)
    return left & good


def _tell(notes: list[Note], rows: NDArray[np.bool_], reason: Reason, shapes: Any) -> None:
    notes.extend(Note(row + 1, reason, {"got": _shown(shapes[row])}) for row in np.flatnonzero(rows).tolist())


def _shown(shape: BaseGeometry | None) -> str:
    """Return where a geometry begins, in few words."""
    if shape is None or shape.is_empty:
        return "-"
    x, y = shapely.get_coordinates(shape)[0]
    return f"{shape.geom_type} {x:.6g} {y:.6g}"


def squares(points: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the small square that stands for each point, as MultiPolygon.

    Examples
    --------
    >>> squares(np.array([shapely.Point(-70, -12)], object))[0].bounds
    (-70.000005, -12.000005, -69.999995, -11.999995)
    """
    middle = shapely.get_coordinates(shapely.centroid(points))
    return boxes(*(middle - POINT_HALF).T, *(middle + POINT_HALF).T)


def boxes(
    west: NDArray[np.float64],
    south: NDArray[np.float64],
    east: NDArray[np.float64],
    north: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Return boxes in degrees as MultiPolygons."""
    sides = np.round(np.stack([west, south, east, north]), DECIMALS)
    single: NDArray[np.object_] = np.asarray(shapely.box(sides[0], sides[1], sides[2], sides[3]))
    made = np.full(len(single), None, dtype=object)
    for row, box in enumerate(single.tolist()):
        made[row] = shapely.MultiPolygon([box])
    return made


def areas_ha(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return hectares of outlines in degrees, from an equal-area projection; NaN where there is none.

    Examples
    --------
    >>> float(areas_ha(np.array([shapely.box(-70, -12, -69.99, -11.99)], object))[0].round(1))
    120.5
    """
    transformer = _equal_area()

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    areas: NDArray[np.float64] = shapely.area(shapely.transform(shapes, project)) / 10_000
    return areas


@lru_cache(maxsize=8)
def to_wgs84(crs: str) -> Transformer:
    """Return the way from a CRS to degrees WGS 84, lon/lat."""
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


@lru_cache(maxsize=1)
def _equal_area() -> Transformer:
    return Transformer.from_crs("EPSG:4326", EQUAL_AREA, always_xy=True)
