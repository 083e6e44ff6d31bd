"""What the context is asked about: an alert as a plain value, our own or a partner's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry


class Extent(StrEnum):
    """What the geometry of an alert is."""

    OUTLINE = "outline"
    """The change itself."""
    BOX = "box"
    """A box that holds the change; a share inside is a share of the box."""
    POINT = "point"
    """A place without a shape, as a very small square."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert, seen by the context."""

    id: str
    geometry: BaseGeometry
    """Lon/lat in degrees WGS 84; what it is stands in `extent`."""
    extent: Extent
    source: str
    """Feed that reports it; empty is our own watch."""
    first_day: int | None
    """UTC day number on which the change had not happened yet; None is not known."""
    day: int
    """UTC day number by which it had happened: the day on which law and layers are asked."""
    area_ha: float | None
    """Hectares as the source says; None is not known."""
