"""A file of others as columns and geometries in degrees, and what a row was refused for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Reason(StrEnum):
    """Why a row was refused or mended; the sentence of each stands in the messages."""

    BAD_DAY = "bad-day"
    FUTURE_DAY = "future-day"
    BAD_TIME = "bad-time"
    NO_ID = "no-id"
    NO_GEOMETRY = "no-geometry"
    WRONG_KIND = "wrong-kind"
    OUT_OF_RANGE = "out-of-range"
    NOT_ITS_CRS = "not-its-crs"
    ELSEWHERE = "elsewhere"
    BAD_NUMBER = "bad-number"
    NEGATIVE_AREA = "negative-area"
    AREA_CONTRADICTS = "area-contradicts"
    BAD_BOX = "bad-box"
    TWICE = "twice"
    NO_PLOT = "no-plot"
    REPAIRED = "repaired"
    """Not refused: an invalid outline was mended."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of one row."""

    row: int
    """Number in the file, from 1."""
    reason: Reason
    values: Mapping[str, str] = field(default_factory=dict)
    """What the sentence names."""

    def plain(self) -> list[Any]:
        """Return the note as JSON-like values."""
        return [self.row, str(self.reason), dict(self.values)]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file."""

    columns: Mapping[str, NDArray[Any]]
    """(row) by name, without the geometry."""
    geometry: NDArray[np.object_] | None
    """(row) shapely geometries as the file holds them, None where a row has none; None for no geometry."""
    crs: str
    """CRS of the geometry, as declared by the file or by its mapping."""
    count: int
    """Rows."""
