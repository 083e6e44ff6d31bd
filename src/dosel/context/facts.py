"""A fact: a measured relation of an alert to a unit of a layer, and the answer where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NO_UNIT: Final = -1
"""Number of the unit in a fact about the whole layer."""


class Relation(StrEnum):
    """What was measured, or why not."""

    INSIDE = "inside"
    """`share` of the alert (or of its box) lies in the unit."""
    NEAREST = "nearest"
    """`distance_m` to the nearest unit of the layer."""
    NONE = "none"
    """The layer is complete here and no unit is met (or within reach)."""
    NOT_EVALUATED = "not-evaluated"
    """The layer does not cover the place, or is missing."""
    VALUE = "value"
    """`value` in a unit that the layer's definition names, for example slope in degrees."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One relation, with the version of the layer."""

    alert_id: str
    layer: str
    version: str
    relation: Relation
    number: int = NO_UNIT
    code: str = ""
    name: str = ""
    category: str = ""
    share: float | None = None
    """Share of the alert's area, 0 to 1."""
    distance_m: float | None = None
    """Metres on the ellipsoid; 0 touches."""
    in_force: bool | None = None
    """Whether the unit was in force on the day of the alert; None where the layer is not dated."""
    value: float | None = None
