"""What happens in a world: clearings, ponds, gaps and fires, and the disturbances that are none of these.

Examples
--------
>>> EventKind.CLEARING.is_change, EventKind.FLOOD.is_change
(True, False)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.model.codes import LegendEnum
from dosel.testing.worlds.landscape import Landscape
from dosel.testing.worlds.noise import Floats, Pixels, blob, rng_of
from dosel.testing.worlds.spec import WorldSpec

Choice = NDArray[np.bool_]


class EventKind(LegendEnum):
    """Kinds of events; numbers from 11 on disturb the signal and must not raise alerts."""

    CLEARING = 1, "forest felled for pasture or crops"
    MINING_POND = 2, "alluvial mining pit filled with water"
    LOGGING_GAP = 3, "canopy gap of a few pixels where trees were taken"
    FIRE = 4, "fire under and in the canopy"
    RIVER_MIGRATION = 11, "forest that the river took"
    FLOOD = 12, "forest flooded for some weeks"
    MOISTURE_DIP = 13, "dry patch of some weeks"
    LEAF_OFF = 14, "trees that lose their leaves every dry season"

    @property
    def is_change(self) -> bool:
        """Whether an alert is wanted."""
        return self < 10


@dataclass(frozen=True, slots=True)
class _Signature:
    """What a kind does where it has its full effect."""

    vv_db: float
    vh_db: float
    spread_db: float
    """Between pixels."""
    reflectance: tuple[float, float, float, float]
    """B04, B08, B11, B12 that the surface moves to."""
    strength: float
    """Share of the way there."""
    spread_days: int
    """Days over which the event works its way through its pixels."""
    ramp_days: int
    """Days from a pixel's onset to its full effect."""
    recovery_days: float
    """Days after which regrowth has undone all but 1/e of it."""


_BARE = (0.110, 0.220, 0.280, 0.210)
_SLASH = (0.080, 0.200, 0.250, 0.180)
_BURNT = (0.055, 0.110, 0.180, 0.190)
_TURBID = (0.100, 0.075, 0.030, 0.020)
_DRY = (0.045, 0.290, 0.190, 0.095)

_SIGNATURES: dict[EventKind, _Signature] = {
    EventKind.CLEARING: _Signature(-1.0, -1.8, 0.5, _BARE, 0.90, 14, 4, 700.0),
    EventKind.MINING_POND: _Signature(-5.0, -6.0, 1.0, _TURBID, 0.95, 20, 3, 5000.0),
    EventKind.LOGGING_GAP: _Signature(-0.8, -1.2, 0.4, _SLASH, 0.50, 3, 1, 300.0),
    EventKind.FIRE: _Signature(-0.2, -0.4, 0.3, _BURNT, 0.80, 4, 1, 250.0),
    EventKind.RIVER_MIGRATION: _Signature(0.0, 0.0, 0.0, _TURBID, 0.0, 0, 1, 1e9),
    EventKind.FLOOD: _Signature(2.0, -0.5, 0.3, _TURBID, 0.12, 0, 1, 1e9),
    EventKind.MOISTURE_DIP: _Signature(-0.7, -0.8, 0.2, _DRY, 0.15, 0, 1, 1e9),
    EventKind.LEAF_OFF: _Signature(-0.5, -0.8, 0.2, _DRY, 0.80, 0, 1, 1e9),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to some pixels, with its dates and its effect on each sensor."""

    id: int
    """From 1; changes first, then disturbances."""
    kind: EventKind
    day: int
    """Day number of the first pixel's onset."""
    end_day: int
    """Day number by which all its pixels have their full effect; for floods and dips the last day."""
    area_ha: float
    rows: NDArray[np.intp]
    cols: NDArray[np.intp]
    onset: NDArray[np.int32]
    """Day number of each pixel's onset."""
    drop_db: Floats
    """(band, pixel): full effect on VV and VH in dB."""
    reflectance: tuple[float, float, float, float]
    strength: float
    ramp_days: int
    recovery_days: float

    def share(self, day: int) -> Floats:
        """Return how much of the full effect each pixel shows on a day, 0 to 1."""
        if self.kind is EventKind.LEAF_OFF:
            return np.full(self.rows.size, _leaf_off(day - self.day), np.float32)
        since = day - self.onset + 1
        if not self.kind.is_change:
            return np.where((since > 0) & (day <= self.end_day), 1.0, 0.0).astype(np.float32)
        grown = np.clip(since / self.ramp_days, 0.0, 1.0)
        regrown = np.exp(-np.maximum(since - self.ramp_days, 0) / self.recovery_days)
        return (grown * regrown).astype(np.float32)


def _leaf_off(days_since_peak: int) -> float:
    return max(0.0, math.cos(2.0 * math.pi * days_since_peak / 365.25)) ** 2


def clearing(
    spec: WorldSpec,
    number: int,
    centre: tuple[int, int],
    area_ha: float,
    day: int,
    kind: EventKind = EventKind.CLEARING,
) -> Event:
    """Return an event of a stated place, area and day, for worlds made by hand.

    Parameters
    ----------
    number
        Id of the event, from 1; also names its random draws.
    centre
        Row and column in the world.

    Raises
    ------
    InputError
        If the world is smaller than the event.
    """
    rng = rng_of(spec.seed, "event", number)
    return _event(spec, rng, number, kind, day, blob(rng, centre, spec.pixels(area_ha), spec.shape))


def _event(
    spec: WorldSpec, rng: np.random.Generator, number: int, kind: EventKind, day: int, pixels: Pixels
) -> Event:
    sign = _SIGNATURES[kind]
    rows, cols = pixels
    count = rows.size
    days = min(sign.spread_days, 1 + round(sign.spread_days * math.sqrt(count / 100.0)))
    # an event works through its patch from one side, the way felling and fire do
    angle = rng.uniform(0, 2 * math.pi)
    along = rows * math.sin(angle) + cols * math.cos(angle)
    along = (along - along.min()) / max(float(np.ptp(along)), 1.0)
    onset = day + np.floor(along * days).astype(np.int32)
    return Event(
        id=number,
        kind=kind,
        day=day,
        end_day=int(onset.max()) + sign.ramp_days - 1,
        area_ha=count * spec.pixel_ha,
        rows=rows,
        cols=cols,
        onset=onset.astype(np.int32),
        drop_db=_drops(spec, rng, kind, count),
        reflectance=sign.reflectance,
        strength=min(1.0, sign.strength * float(rng.uniform(0.85, 1.05))),
        ramp_days=sign.ramp_days,
        recovery_days=sign.recovery_days,
    )


def _drops(spec: WorldSpec, rng: np.random.Generator, kind: EventKind, count: int) -> Floats:
    sign = _SIGNATURES[kind]
    mean = np.array([sign.vv_db, sign.vh_db])
    spread = sign.spread_db
    if kind is EventKind.CLEARING:
        spread = spec.clearing_spread_db
        vh = spec.clearing_vh_db + float(np.clip(rng.standard_normal(), -2, 2)) * spread
        mean = np.array([0.55 * vh, vh])
    return (mean[:, None] + spread * rng.standard_normal((2, count))).astype(np.float32)


def make_events(spec: WorldSpec, land: Landscape) -> tuple[Event, ...]:
    """Return the events of a world: changes first, then disturbances.

    Raises
    ------
    InputError
        If the world has no room for them.
    """
    free = land.forest(spec.stop)
    maker = _Maker(spec, free, [])
    road = np.minimum(land.road_px, land.river_px)
    for area in sorted(spec.clearings_ha, reverse=True):
        maker.change(EventKind.CLEARING, area, road < 40)
    for area in sorted(spec.fires_ha, reverse=True):
        maker.change(EventKind.FIRE, area, free)
    for area in sorted(spec.mining_ponds_ha, reverse=True):
        maker.change(EventKind.MINING_POND, area, land.river_px < 30)
    for area in sorted(spec.logging_gaps_ha, reverse=True):
        maker.change(EventKind.LOGGING_GAP, area, free)
    for area in spec.moisture_dips_ha:
        maker.disturb(EventKind.MOISTURE_DIP, area, 20)
    for area in spec.leaf_off_ha:
        maker.disturb(EventKind.LEAF_OFF, area, 0)
    if spec.flood and spec.river_width_px > 0:
        maker.flood(land)
    maker.migration(land)
    return tuple(maker.events)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Places events one after the other."""

    spec: WorldSpec
    free: Choice
    """Forest that no change has taken, with a margin around each."""
    events: list[Event]

    def change(self, kind: EventKind, area_ha: float, near: Choice) -> None:
        """Place a change wholly on free forest, near what attracts it where there is room."""
        number = len(self.events) + 1
        rng = rng_of(self.spec.seed, "event", number)
        day = self.spec.monitor_start + int(rng.integers(5, max(6, self.spec.events_until_days)))
        count = self.spec.pixels(area_ha)
        for attempt in range(400):
            choice = np.argwhere(self.free & near) if attempt < 200 else np.argwhere(self.free)
            if not len(choice):
                continue
            row, col = choice[int(rng.integers(len(choice)))]
            rows, cols = blob(rng, (int(row), int(col)), count, self.spec.shape)
            if self.free[rows, cols].all():
                self.events.append(_event(self.spec, rng, number, kind, day, (rows, cols)))
                self._take(rows, cols)
                return
        raise InputError(f"no room for a {kind.name.lower()} of {area_ha} ha; make the world larger")

    def _take(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> None:
        high, wide = self.spec.shape
        for dr in range(-4, 5):
            for dc in range(-4, 5):
                self.free[np.clip(rows + dr, 0, high - 1), np.clip(cols + dc, 0, wide - 1)] = False

    def disturb(self, kind: EventKind, area_ha: float, days: int) -> None:
        """Place a disturbance of so many days anywhere on forest; it may lie over a change."""
        number = len(self.events) + 1
        rng = rng_of(self.spec.seed, "event", number)
        choice = np.argwhere(self.free)
        row, col = choice[int(rng.integers(len(choice)))]
        pixels = blob(rng, (int(row), int(col)), self.spec.pixels(area_ha), self.spec.shape)
        day = self.spec.monitor_start + int(rng.integers(5, max(6, self.spec.events_until_days)))
        self._lasting(kind, day, days, pixels, rng)

    def _lasting(
        self, kind: EventKind, day: int, days: int, pixels: Pixels, rng: np.random.Generator
    ) -> None:
        event = _event(self.spec, rng, len(self.events) + 1, kind, day, pixels)
        onset = np.full(event.rows.size, day, np.int32)
        self.events.append(replace(event, end_day=day + days, onset=onset))

    def flood(self, land: Landscape) -> None:
        """Flood the forest along the river for three weeks."""
        spec = self.spec
        near = land.forest(spec.stop) & (land.river_px < spec.river_width_px / 2 + 8)
        rows, cols = np.nonzero(near)
        if rows.size:
            rng = rng_of(spec.seed, "flood")
            day = spec.monitor_start + int(rng.integers(5, max(6, spec.events_until_days)))
            self._lasting(EventKind.FLOOD, day, 21, (rows, cols), rng)

    def migration(self, land: Landscape) -> None:
        """Record the forest that the river takes while it is watched; the landscape carries the effect."""
        spec = self.spec
        rows, cols = np.nonzero(land.forest(spec.monitor_start) & ~land.forest(spec.stop))
        if not rows.size:
            return
        rng = rng_of(spec.seed, "migration")
        event = _event(spec, rng, len(self.events) + 1, EventKind.RIVER_MIGRATION, spec.stop, (rows, cols))
        onset = land.water_from[rows, cols]
        first, last = int(onset.min()), int(onset.max())
        self.events.append(replace(event, onset=onset, day=first, end_day=last))
