"""Signs of a cause: plain measured values, each None where it was not evaluated.

Shape is measured in an equal-area projection centred on the outline. A point or a review box has no shape,
and its signs say so. A missing sign is not evidence: no rule reads anything into it.

Examples
--------
>>> from shapely import box
>>> signs = signs_of(box(-70.0, -12.0, -69.993, -11.9995))
>>> round(signs.elongation, 1), signs.parts
(13.8, 1)
>>> signs_of(box(-70.0, -12.0, -69.98, -11.98), extent=Extent.BOX, area_ha=3.2).elongation is None
True
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import atan2, degrees, hypot, pi
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Proj
from shapely.geometry.base import BaseGeometry

from dosel.context.driver.causes import Cause
from dosel.context.subject import Extent
from dosel.errors import InputError
from dosel.model.time import date_of

M2_A_HA: Final = 1e4
LEAST_WIDTH_M: Final = 1e-3
"""An outline thinner than this has no shape."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of an alert; None where it was not evaluated, which never counts for or against."""

    extent: Extent = Extent.POINT
    """Only an outline has a shape."""
    area_ha: float | None = None
    """Hectares."""
    length_m: float | None = None
    """Longer side of the smallest rotated rectangle."""
    width_m: float | None = None
    """Shorter side of the smallest rotated rectangle."""
    elongation: float | None = None
    """Length over width; 1 for a square."""
    fill: float | None = None
    """Share of the smallest rotated rectangle that is changed."""
    solidity: float | None = None
    """Share of the convex hull that is changed; hardly depends on how finely an outline is drawn."""
    compactness: float | None = None
    """4 pi area / perimeter squared (Polsby & Popper 1991); 1 for a disc. Lower for outlines of pixels."""
    orientation_deg: float | None = None
    """Direction of the length, clockwise from north, in [0, 180)."""
    perimeter_m: float | None = None
    """Length of all rings."""
    parts: int | None = None
    """Separate pieces."""
    river_m: float | None = None
    """Metres to the nearest river, infinite where a complete layer knows none; so the others below."""
    road_m: float | None = None
    settlement_m: float | None = None
    airfield_m: float | None = None
    """Airfields and known strips alike."""
    clearing_m: float | None = None
    """Clearing known before this alert."""
    mining_right_m: float | None = None
    mining_scar_m: float | None = None
    """Mining known before this alert."""
    border_m: float | None = None
    protected: bool | None = None
    """Inside a protected area; so the others below."""
    indigenous: bool | None = None
    concession: bool | None = None
    mining_corridor: bool | None = None
    day_of_year: int | None = None
    """1 to 366, UTC; None north of the equator, whose seasons no label shows."""
    growth_ha: float | None = None
    """Hectares added in `growth_days` before the last look."""
    growth_days: int | None = None
    slope_deg: float | None = None
    """Median slope of the ground."""
    radar_nats: float | None = None
    """Evidence of change from radar."""
    optical_nats: float | None = None
    """Evidence of change from optical images."""
    hot_spots: int | None = None
    """Hot spots near in time and place."""
    partner: Cause | None = None
    """The cause a partner names; a sign of its own, never the answer."""
    spectra: None = None
    """Kept for images; nothing reads it yet."""

    def value(self, name: str) -> float | None:
        """Return one sign, or a measure derived from signs, as a number; None where it was not evaluated."""
        derived = DERIVED.get(name)
        raw = derived(self) if derived else getattr(self, name)
        return None if raw is None else float(raw)


def _growth(signs: Signs) -> float | None:
    if signs.growth_ha is None or not signs.growth_days:
        return None
    return signs.growth_ha / signs.growth_days


DERIVED: Final[dict[str, Any]] = {"growth_ha_a_day": _growth}
"""Measures that follow from signs, by name."""

NAMES: Final = frozenset(field.name for field in fields(Signs)) - {"extent", "spectra"} | set(DERIVED)
"""What a rule may read."""


def signs_of(outline: BaseGeometry, extent: Extent = Extent.OUTLINE, **known: Any) -> Signs:
    """Return the signs of a geometry in lon/lat: shape where it is an outline, and whatever else is known.

    Parameters
    ----------
    outline
        Geometry in degrees, WGS 84.
    extent
        What the geometry is; one without area is a point whatever is said.
    known
        Other fields of :class:`Signs`. An `area_ha` given here is for a box or point; an outline has its own.

    Raises
    ------
    InputError
        If the geometry is empty or not in degrees.
    """
    _check(outline)
    others = Signs(extent=extent, **known)
    if extent is not Extent.OUTLINE:
        return others
    flat = local(outline)
    rectangle = _sides(flat)
    if flat.area <= 0 or rectangle is None:
        return replace(others, extent=Extent.POINT)
    return replace(others, **_shape(flat, *rectangle))


def season(day: int, lat: float) -> int | None:
    """Return the day of the year of a UTC day number, None north of the equator.

    Examples
    --------
    >>> season(19631, -12.0), season(19631, 2.0)
    (274, None)
    """
    return None if lat > 0 else date_of(day).timetuple().tm_yday


def _check(outline: BaseGeometry) -> None:
    if outline.is_empty:
        raise InputError("signs: expected a geometry with coordinates, got an empty one")
    west, south, east, north = outline.bounds
    if not (-360 <= west <= east <= 360 and -90 <= south <= north <= 90):
        raise InputError(f"signs: expected lon/lat in degrees, got x {west} to {east}, y {south} to {north}")


def _shape(flat: BaseGeometry, length: float, width: float, direction: float) -> dict[str, Any]:
    return {
        "area_ha": flat.area / M2_A_HA,
        "length_m": length,
        "width_m": width,
        "elongation": length / width,
        "fill": min(1.0, flat.area / (length * width)),
        "solidity": min(1.0, flat.area / flat.convex_hull.area),
        "compactness": 4 * pi * flat.area / flat.length**2,
        "orientation_deg": direction,
        "perimeter_m": flat.length,
        "parts": int(shapely.get_num_geometries(flat)),
    }


def _sides(flat: BaseGeometry) -> tuple[float, float, float] | None:
    """Return length, width and direction of the smallest rotated rectangle; None where it has no width."""
    rectangle = shapely.oriented_envelope(flat)
    if rectangle.geom_type != "Polygon":
        return None
    corners = shapely.get_coordinates(rectangle)
    one, two = corners[1] - corners[0], corners[2] - corners[1]
    long, short = sorted((one, two), key=lambda side: hypot(*side), reverse=True)
    if hypot(*short) < LEAST_WIDTH_M:
        return None
    return hypot(*long), hypot(*short), degrees(atan2(*long)) % 180.0


def local(outline: BaseGeometry) -> BaseGeometry:
    """Return a geometry in metres, in the Lambert azimuthal equal-area projection centred on it."""
    lon, lat = _centre(shapely.get_coordinates(outline))
    plane = Proj(proj="laea", lat_0=lat, lon_0=lon, ellps="WGS84")
    return shapely.transform(outline, lambda xy: np.column_stack(plane(xy[:, 0], xy[:, 1])))


def _centre(degrees_xy: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean direction of the vertices: it knows no antimeridian and no pole."""
    lon, lat = np.radians(degrees_xy).T
    x, y, z = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    east = atan2(float(y.mean()), float(x.mean()))
    north = atan2(float(z.mean()), hypot(float(x.mean()), float(y.mean())))
    return degrees(east), degrees(north)
