"""A reference layer in memory: what it is, where it is complete, and its units.

A layer that does not cover a place answers "not evaluated" there, never "no overlap".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.model.marking import Marking

ALWAYS: Final = (-(2**31), 2**31 - 1)
"""First and last day number of a unit that is not dated."""


class Theme(StrEnum):
    """What a layer is about; rules of jurisdiction, cause and priority ask by theme."""

    COUNTRY = "country"
    DEPARTMENT = "department"
    PROVINCE = "province"
    DISTRICT = "district"
    BORDER = "border"
    FRONTIER = "frontier"
    CRITICAL = "critical-frontier"
    PROTECTED = "protected"
    BUFFER = "buffer"
    INDIGENOUS = "indigenous"
    ISOLATION = "isolation"
    """Reserves of peoples in isolation; everything in them is sealed."""
    CONSERVATION = "concession-conservation"
    TIMBER = "concession-timber"
    MINING_RIGHT = "mining-right"
    MINING_CORRIDOR = "mining-corridor"
    MINING_SCAR = "mining-scar"
    RIVER = "river"
    BASIN = "basin"
    ROAD = "road"
    SETTLEMENT = "settlement"
    AIRFIELD = "airfield"
    AIRSTRIP = "airstrip"
    EMERGENCY = "emergency-zone"


class Shape(StrEnum):
    """What the units of a layer are."""

    AREA = "area"
    LINE = "line"
    POINT = "point"


class Measure(StrEnum):
    """What is measured of an alert against a layer."""

    SHARE = "share"
    """Share of the alert inside each unit."""
    DISTANCE = "distance"
    """Distance in metres to the nearest unit, 0 where it touches."""


class Completeness(StrEnum):
    """What silence of a layer means."""

    COMPLETE = "complete"
    """Within `coverage` it holds every unit: none there is "no overlap"."""
    PARTIAL = "partial"
    """It holds some units: one that is met is a fact, none is "not evaluated"."""
    MISSING = "missing"
    """It is known to exist and is not here: always "not evaluated"."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of a layer, by number; all arrays have the shape ``(units,)``."""

    geometry: NDArray[np.object_]
    """Shapely geometries, lon/lat in degrees WGS 84, valid."""
    code: NDArray[np.object_]
    """Text: the official code, for example UBIGEO; empty where there is none."""
    name: NDArray[np.object_]
    category: NDArray[np.object_]
    from_day: NDArray[np.int64]
    """First UTC day number on which it is in force."""
    to_day: NDArray[np.int64]
    """Last UTC day number on which it is in force."""

    def __len__(self) -> int:
        """Return how many units there are."""
        return len(self.geometry)

    def take(self, which: NDArray[Any]) -> Units:
        """Return some of the units, by mask or by number."""
        return Units(
            self.geometry[which],
            self.code[which],
            self.name[which],
            self.category[which],
            self.from_day[which],
            self.to_day[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One version of a reference layer."""

    name: str
    version: str
    """Derives from the content of its units and of its definition."""
    theme: Theme
    shape: Shape
    titles: Mapping[str, str]
    """By language."""
    owner: str
    licence: str
    vintage: str
    """Date or period that it shows, as the owner says."""
    completeness: Completeness
    coverage: BaseGeometry | None
    """Where it was gathered, lon/lat; None is everywhere (or nowhere, where it is missing)."""
    note: Mapping[str, str]
    """What is complete, partial or missing, in words, by language."""
    measures: tuple[Measure, ...]
    reach_m: float
    """Distances beyond it are not recorded."""
    margin_m: float
    """Width of the margin that counts as inside, for sealing; 0 for most."""
    sensitivity: Marking
    dated: bool
    """Whether its units say from when until when they are in force."""
    units: Units
    definition: Mapping[str, Any]
