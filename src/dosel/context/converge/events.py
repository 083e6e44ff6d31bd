"""What happened where and when, by activity.

Examples
--------
>>> events = make_events(["fire", "road"], [0.0, 50.0], [0.0, 0.0], [19000, UNDATED])
>>> events.names, events.code.tolist(), len(events)
(('fire', 'road'), [0, 1], 2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dosel.errors import InputError
from dosel.model.provenance import array_hash

UNDATED: Final = -(2**31)
"""The day of an event that nobody dated."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Events:
    """Events in an order that derives from their content alone."""

    names: tuple[str, ...]
    """Activities, sorted; `code` counts along them."""
    code: Ints
    """(event,) number of the activity."""
    x_m: Floats
    """(event,) metres in an equal-area projection."""
    y_m: Floats
    """(event,) the same."""
    day: Ints
    """(event,) UTC day number, or UNDATED."""
    blur_days: Ints
    """(event,) days by which the true day may lie on either side."""
    area_ha: Floats
    """(event,) hectares; 0 where an event has none."""

    def __len__(self) -> int:
        return int(self.code.size)

    def take(self, chosen: NDArray[Any]) -> Events:
        """Return the events of a mask or of positions; names stay."""
        parts = (self.code, self.x_m, self.y_m, self.day, self.blur_days, self.area_ha)
        return Events(self.names, *(part[chosen] for part in parts))

    def of(self, name: str) -> Events:
        """Return the events of one activity.

        Raises
        ------
        InputError
            If there is no such activity.
        """
        if name not in self.names:
            raise InputError(f"activity: expected one of {', '.join(self.names)}, got {name!r}")
        return self.take(self.code == self.names.index(name))

    def dated(self) -> Events:
        """Return the events with a day."""
        return self.take(self.day != UNDATED)

    def within(self, first_day: int, last_day: int) -> Events:
        """Return the events of a period, both days included, and the undated ones."""
        inside = (self.day >= first_day) & (self.day <= last_day)
        return self.take(inside | (self.day == UNDATED))

    def seed(self) -> int:
        """Return a number that derives from what the events are."""
        names = "|".join(self.names).encode()
        parts = {"x": self.x_m, "y": self.y_m, "day": self.day, "code": self.code, "ha": self.area_ha}
        parts["names"] = np.frombuffer(names, np.uint8)
        return int(array_hash(parts)[:12], 16)


def make_events(
    activity: Sequence[str],
    x_m: ArrayLike,
    y_m: ArrayLike,
    day: ArrayLike,
    area_ha: ArrayLike = 0.0,
    blur_days: ArrayLike = 0,
) -> Events:
    """Return events, sorted by activity, place, day and hectares: the order they came in changes nothing.

    Parameters
    ----------
    activity
        (event,) names.
    x_m, y_m
        (event,) metres in an equal-area projection.
    day
        (event,) UTC day numbers; UNDATED where unknown.
    area_ha, blur_days
        (event,) or one value for all.

    Raises
    ------
    InputError
        If lengths differ, a place is not finite, or hectares or blur are negative.
    """
    number = len(activity)
    names = tuple(sorted(set(activity)))
    numbers = {name: code for code, name in enumerate(names)}
    code = np.fromiter((numbers[name] for name in activity), np.int64, number)
    x, y, area = (_column(part, number, np.float64) for part in (x_m, y_m, area_ha))
    days, blur = (_column(part, number, np.int64) for part in (day, blur_days))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError("events: expected finite metres, got a place that is not a number")
    if (area < 0).any() or not np.isfinite(area).all() or (blur < 0).any():
        raise InputError("events: expected hectares and blur from 0, got a negative or no number")
    order = np.lexsort((blur, area, days, y, x, code))
    return Events(names, code, x, y, days, blur, area).take(order)


def _column(values: ArrayLike, number: int, kind: Any) -> NDArray[Any]:
    given = np.asarray(values, kind)
    if given.ndim == 0:
        return np.full(number, given)
    if given.shape != (number,):
        raise InputError(f"events: expected {number} values in every column, got shape {given.shape}")
    return given
