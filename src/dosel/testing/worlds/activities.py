"""Activities on a simulated frontier, with a known answer: they ignore each other, or one seeks the other.

Both thin out with the distance from the frontier's edge and stand along the same roads; each has hot spots
of its own, comes in bursts, in the dry season, follows the frontier inwards from year to year, and is seen
only when the clouds of its quarter lift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dosel.context.converge.events import Events, Floats, Ints, make_events
from dosel.model.time import day_of

CELL_M: Final = 500.0
FIRST_DAY: Final = day_of("2021-01-01")
YEARS: Final = 4
LOOK_DAYS: Final = 12
"""Days from one look of the satellite to the next."""
_CLEAR: Final = 0.4
"""Share of looks on which a quarter is clear."""


@dataclass(frozen=True, slots=True)
class ActivitySpec:
    """What is simulated."""

    seed: int = 0
    side_m: float = 120_000.0
    events: tuple[int, int] = (2000, 600)
    """About so many of the activities ``one`` and ``other``."""
    own_spread: float = 1.0
    """Standard deviation of the log density of an activity's own hot spots."""
    roads: int = 6
    road_m: float = 2000.0
    """Distance at which the pull of a road has fallen to 1 / e."""
    road_pull: float = 2.5
    """Log density at a road over that far away, for both activities."""
    edge_m: float = 25_000.0
    """Distance at which the frontier has thinned to 1 / e."""
    burst: tuple[float, float, float] = (5.0, 700.0, 10.0)
    """Events, metres and days of a burst."""
    season: bool = True
    advance: bool = True
    clouds: bool = True
    seeking: float = 0.0
    """Share of ``other`` that stands beside an event of ``one``, at about its time."""
    beside_m: float = 500.0
    """Standard deviation of how far, by axis."""


def make_activities(spec: ActivitySpec) -> Events:
    """Return the events of two activities, ``one`` and ``other``."""
    rng = np.random.default_rng([spec.seed, 71])
    lines = rng.random((spec.roads, 3)) * [spec.side_m, spec.side_m, np.pi]
    one, other = (_activity(spec, lines, number, rng) for number in spec.events)
    follows = np.flatnonzero(rng.random(other.shape[1]) < spec.seeking)
    leader = rng.integers(0, one.shape[1], follows.size)
    other[:2, follows] = one[:2, leader] + rng.normal(0, spec.beside_m, (2, follows.size))
    other[2, follows] = one[2, leader] + rng.integers(-15, 16, follows.size)
    both = np.hstack([one, other])
    day = np.floor(both[2]).astype(np.int64)
    seen = _seen(spec, both, day, rng) if spec.clouds else day
    names = ["one"] * one.shape[1] + ["other"] * other.shape[1]
    return make_events(names, both[0], both[1], FIRST_DAY + seen, rng.lognormal(0.5, 0.8, day.size))


def road_distance(spec: ActivitySpec, x_m: Floats, y_m: Floats) -> Floats:
    """Return (place,) metres to the nearest road of the world."""
    rng = np.random.default_rng([spec.seed, 71])
    return _distance(rng.random((spec.roads, 3)) * [spec.side_m, spec.side_m, np.pi], x_m, y_m)


def _distance(lines: Floats, x_m: Floats, y_m: Floats) -> Floats:
    """Return the distance to the nearest of lines (x, y, bearing)."""
    nearest = np.full(np.shape(x_m), np.inf)
    for x, y, bearing in lines:
        nearest = np.minimum(nearest, np.abs((x_m - x) * np.sin(bearing) - (y_m - y) * np.cos(bearing)))
    return nearest


def _activity(spec: ActivitySpec, lines: Floats, number: int, rng: np.random.Generator) -> Floats:
    """Return (x | y | day since the first, event) of an activity of its own."""
    size, _, _ = spec.burst
    bursts = max(1, round(number / size))
    parents = np.empty((3, 0))
    density = _density(spec, lines, rng)
    while parents.shape[1] < bursts:
        parents = np.hstack([parents, _kept(spec, _parents(density, bursts, rng), rng)])
    parents = parents[:, :bursts]
    count = rng.poisson(size, bursts)
    events = np.repeat(parents, count, axis=1)
    events[:2] += rng.normal(0, spec.burst[1], (2, events.shape[1]))
    events[2] += np.abs(rng.normal(0, spec.burst[2], events.shape[1]))
    return events


def _density(spec: ActivitySpec, lines: Floats, rng: np.random.Generator) -> Floats:
    """Return (row, column) the share of bursts of every cell."""
    cells = round(spec.side_m / CELL_M)
    y, x = np.meshgrid(*(2 * [(np.arange(cells) + 0.5) * CELL_M]), indexing="ij")
    wave = np.fft.fftfreq(cells, CELL_M)
    smooth = np.exp(-2 * (np.pi * 6000.0) ** 2 * (wave[:, None] ** 2 + wave[None] ** 2))
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((cells, cells))) * smooth).real
    road = spec.road_pull * np.exp(-_distance(lines, x, y) / spec.road_m)
    density = np.exp(road - x / spec.edge_m + spec.own_spread * field / field.std())
    return np.asarray(density / density.sum())


def _parents(density: Floats, number: int, rng: np.random.Generator) -> Floats:
    """Return (x | y | day, burst)."""
    at = rng.choice(density.size, number, p=density.ravel())
    place = np.stack([at % density.shape[1], at // density.shape[1]]) + rng.random((2, number))
    return np.vstack([place * CELL_M, rng.uniform(0, YEARS * 365, number)])


def _kept(spec: ActivitySpec, parents: Floats, rng: np.random.Generator) -> Floats:
    """Return the bursts that season and advance let happen."""
    x, _, day = parents
    chance = np.ones(day.size)
    if spec.season:
        chance *= 0.5 * (1 + 0.9 * np.cos(2 * np.pi * (day - 240) / 365.25))
    if spec.advance:
        chance *= np.exp(-((x / spec.side_m - day / (YEARS * 365)) ** 2) / 0.15)
    return parents[:, rng.random(day.size) < chance]


def _seen(spec: ActivitySpec, events: Floats, day: Ints, rng: np.random.Generator) -> Ints:
    """Return the day of the first clear look at or after each day; clouds lift over whole quarters."""
    looks = (YEARS + 2) * 365 // LOOK_DAYS
    clear = rng.random((4, looks)) < _CLEAR
    clear[:, -1] = True
    number = np.where(clear, np.arange(looks), looks)
    first = np.minimum.accumulate(number[:, ::-1], axis=1)[:, ::-1]
    half = np.clip(events[:2] // (spec.side_m / 2), 0, 1).astype(np.int64)
    asked = np.clip(-(-day // LOOK_DAYS), 0, looks - 1)
    return np.asarray(first[2 * half[1] + half[0], asked] * LOOK_DAYS, np.int64)
