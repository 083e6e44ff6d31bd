"""A simulated frontier with a known truth.

Examples
--------
>>> from dosel.testing.worlds.spec import small
>>> world = make_world(small(seed=3))
>>> [event.kind.name for event in world.changes][:2]
['CLEARING', 'CLEARING']
>>> look = next(look for look in world.looks if look.radar)
>>> world.radar(look).gamma0_db.shape
(2, 96, 96)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.testing.worlds import optical, radar
from dosel.testing.worlds.events import Event, make_events
from dosel.testing.worlds.landscape import Landscape, make_landscape
from dosel.testing.worlds.optical import OpticalLook
from dosel.testing.worlds.radar import RadarLook
from dosel.testing.worlds.residuals import Resampling
from dosel.testing.worlds.spec import WorldSpec
from dosel.testing.worlds.weather import Weather, WorldLook, make_weather, plan_looks


@dataclass(frozen=True, slots=True)
class Truth:
    """What truly happened, as arrays (y, x)."""

    event: NDArray[np.int32]
    """Id of the change; 0 where nothing changed."""
    kind: NDArray[np.uint8]
    """EventKind of the change; 0 where nothing changed."""
    day: NDArray[np.int32]
    """Day number of the pixel's onset; -1 where nothing changed."""
    disturbance: NDArray[np.int32]
    """Id of the disturbance that is no change (the last one placed where several lie); 0 where none."""
    forest: NDArray[np.bool_]
    """Forest at the start of monitoring: what is watched."""

    def changed(self, day: int) -> NDArray[np.bool_]:
        """Return where a change had begun by the end of a day."""
        return np.asarray((self.day >= 0) & (self.day <= day))


@dataclass(frozen=True, slots=True)
class World:
    """A frozen world: its settings, its land, its weather, its events and every look at it."""

    spec: WorldSpec
    land: Landscape
    weather: Weather
    events: tuple[Event, ...]
    looks: tuple[WorldLook, ...]
    """In order of acquisition."""
    truth: Truth
    resampling: Resampling | None = None
    """Real residuals in place of simulated temporal noise."""

    @property
    def changes(self) -> tuple[Event, ...]:
        """The events that deserve an alert."""
        return tuple(event for event in self.events if event.kind.is_change)

    @property
    def disturbances(self) -> tuple[Event, ...]:
        """The events that must not raise one."""
        return tuple(event for event in self.events if not event.kind.is_change)

    def radar(self, look: WorldLook) -> RadarLook:
        """Return a radar look as arrays.

        Raises
        ------
        InputError
            If the look is an optical one.
        """
        if not look.radar:
            raise InputError(f"{look.id}: expected a radar look, got an optical one")
        if self.resampling is not None:
            return self.resampling.observe(self.spec, self.land, self.events, look)
        return radar.observe(self.spec, self.land, self.events, self.weather, look)

    def optical(self, look: WorldLook) -> OpticalLook:
        """Return an optical look as arrays.

        Raises
        ------
        InputError
            If the look is a radar one.
        """
        if look.radar:
            raise InputError(f"{look.id}: expected an optical look, got a radar one")
        return optical.observe(self.spec, self.land, self.events, self.weather, look)


def make_world(
    spec: WorldSpec, events: Sequence[Event] | None = None, resampling: Resampling | None = None
) -> World:
    """Return the world of a spec.

    Parameters
    ----------
    events
        Events made by hand in place of those the spec asks for; their ids must be 1, 2, 3 ...
    resampling
        Real residual series in place of simulated radar noise.

    Raises
    ------
    InputError
        If the world has no room for its events, or the ids of events made by hand do not count from 1.
    """
    land = make_landscape(spec)
    weather = make_weather(spec)
    placed = make_events(spec, land) if events is None else tuple(events)
    if [event.id for event in placed] != list(range(1, len(placed) + 1)):
        raise InputError("events: expected the ids 1, 2, 3 ... in order")
    return World(
        spec, land, weather, placed, plan_looks(spec, weather), _truth(spec, land, placed), resampling
    )


def _truth(spec: WorldSpec, land: Landscape, events: Sequence[Event]) -> Truth:
    event_id, disturbance = np.zeros(spec.shape, np.int32), np.zeros(spec.shape, np.int32)
    kind, day = np.zeros(spec.shape, np.uint8), np.full(spec.shape, -1, np.int32)
    for event in events:
        if event.kind.is_change:
            event_id[event.rows, event.cols] = event.id
            kind[event.rows, event.cols] = event.kind
            day[event.rows, event.cols] = event.onset
        else:
            disturbance[event.rows, event.cols] = event.id
    return Truth(event_id, kind, day, disturbance, land.forest(spec.monitor_start))
