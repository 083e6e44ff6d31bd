"""The land before anything happens: forest, a river that migrates, roads, old clearings, open patches."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import LegendEnum
from dosel.testing.worlds.noise import Floats, blob, line_distance, rng_of, smooth_field
from dosel.testing.worlds.spec import WorldSpec

NEVER = 2**31 - 1
"""Day number of what never happens."""


class Cover(LegendEnum):
    """Land cover at the start of the world; the river is apart, since it moves."""

    FOREST = 1, "undisturbed forest"
    ROAD = 2, "road of bare soil"
    OLD_CLEARING = 3, "pasture cleared before the first look"
    OPEN = 4, "natural open land"


RADAR_DB: dict[Cover, tuple[float, float]] = {
    Cover.FOREST: (-6.8, -12.6),
    Cover.ROAD: (-9.0, -15.5),
    Cover.OLD_CLEARING: (-9.5, -16.0),
    Cover.OPEN: (-10.5, -17.5),
}
"""Mean gamma0 of VV and VH in dB."""

WATER_DB = (-15.5, -22.5)
"""Mean gamma0 of VV and VH over open water in dB."""

REFLECTANCE: dict[Cover, tuple[float, float, float, float]] = {
    Cover.FOREST: (0.025, 0.320, 0.140, 0.060),
    Cover.ROAD: (0.130, 0.220, 0.290, 0.230),
    Cover.OLD_CLEARING: (0.060, 0.290, 0.240, 0.130),
    Cover.OPEN: (0.075, 0.250, 0.260, 0.150),
}
"""Surface reflectance of red (B04), near infrared (B08), B11 and B12."""

WATER_REFLECTANCE = (0.060, 0.035, 0.015, 0.010)


@dataclass(frozen=True, slots=True)
class Landscape:
    """Static arrays of a world, all (y, x) unless said otherwise."""

    cover: NDArray[np.uint8]
    """A Cover."""
    level_db: Floats
    """(band, y, x): mean gamma0 of VV and VH in dB."""
    look_db: Floats
    """(direction, y, x): what ascending and descending geometry add."""
    season: Floats
    """Relative strength of the season, around 1 over forest."""
    reflectance: Floats
    """(band, y, x): B04, B08, B11, B12."""
    layover: NDArray[np.bool_]
    """(direction, y, x)."""
    water_from: NDArray[np.int32]
    """Day number from which the pixel is river; NEVER where it never is."""
    water_until: NDArray[np.int32]
    """Day number from which it is river no longer."""
    road_px: Floats
    """Distance to the nearest road in pixels; infinite without roads."""
    river_px: Floats
    """Distance across to the middle of the river on the first day, in pixels; infinite without a river."""

    def water(self, day: int) -> NDArray[np.bool_]:
        """Return where the river is on a day."""
        return np.asarray((self.water_from <= day) & (day < self.water_until))

    def forest(self, day: int) -> NDArray[np.bool_]:
        """Return where undisturbed forest stands, events apart, on a day."""
        return np.asarray((self.cover == Cover.FOREST) & (self.water_from > day))


def make_landscape(spec: WorldSpec) -> Landscape:
    """Return the land of a world."""
    river_px, water_from, water_until = _river(spec)
    road_px = _roads(spec)
    cover = _cover(spec, road_px, river_px)
    cover[(water_from <= spec.start)] = Cover.OPEN  # the river leaves bare banks behind
    shape = spec.shape
    fields = [smooth_field(rng_of(spec.seed, "level", k), shape, n) for k, n in enumerate((25.0, 25.0, 2.0))]
    level = np.stack([_by_cover(cover, RADAR_DB, band) for band in (0, 1)])
    level += np.stack(
        [0.30 * fields[0] + 0.25 * fields[2], 0.35 * fields[0] + 0.15 * fields[1] + 0.25 * fields[2]]
    )
    season = np.where(cover == Cover.FOREST, 1.0, 2.0) + 0.25 * fields[1]
    return Landscape(
        cover=cover,
        level_db=level.astype(np.float32),
        look_db=_look_db(spec),
        season=season.astype(np.float32),
        reflectance=_reflectance(spec, cover, fields[0]),
        layover=_layover(spec),
        water_from=water_from,
        water_until=water_until,
        road_px=road_px,
        river_px=river_px,
    )


def _by_cover(cover: NDArray[np.uint8], table: Mapping[Cover, tuple[float, ...]], band: int) -> Floats:
    values = np.zeros(max(Cover) + 1, np.float32)
    for kind, row in table.items():
        values[kind] = row[band]
    return values[cover]


def _reflectance(spec: WorldSpec, cover: NDArray[np.uint8], field: Floats) -> Floats:
    fine = smooth_field(rng_of(spec.seed, "canopy"), spec.shape, 3.0)
    bands = np.stack([_by_cover(cover, REFLECTANCE, band) for band in range(4)])
    gain = np.array([0.10, -0.05, 0.06, 0.08], np.float32)[:, None, None]
    return np.asarray(bands * np.exp(gain * (0.6 * field + 0.5 * fine)), dtype=np.float32)


def _look_db(spec: WorldSpec) -> Floats:
    """Incidence across the swath and the texture that each direction sees."""
    ramp = np.linspace(-0.3, 0.3, spec.shape[1], dtype=np.float32)[None, :]
    texture = [smooth_field(rng_of(spec.seed, "texture", k), spec.shape, 2.0) for k in (0, 1)]
    return np.stack([ramp + 0.2 * texture[0], -ramp + 0.2 * texture[1]]).astype(np.float32)


def _layover(spec: WorldSpec) -> NDArray[np.bool_]:
    """Return the steepest slopes towards and away from each direction."""
    relief = smooth_field(rng_of(spec.seed, "relief"), spec.shape, 14.0)
    slope = np.gradient(relief, axis=1)
    if spec.layover_share <= 0:
        return np.zeros((2, *spec.shape), bool)
    low, high = np.quantile(slope, [spec.layover_share, 1.0 - spec.layover_share])
    return np.stack([slope < low, slope > high])


def _river(spec: WorldSpec) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32]]:
    """Return the distance to the middle and the days from and until which each pixel is river."""
    rows, cols = spec.shape
    never = np.full(spec.shape, NEVER, np.int32)
    if spec.river_width_px <= 0:
        return np.full(spec.shape, np.inf, np.float32), never, never.copy()
    rng = rng_of(spec.seed, "river")
    x = np.arange(cols)
    wave, phase = rng.uniform(0.45, 0.7) * max(rows, cols), rng.uniform(0, 2 * math.pi)
    bend = np.sin(2 * math.pi * x / wave + phase)
    middle = rows * rng.uniform(0.3, 0.7) + 0.12 * rows * bend + 0.03 * rows * np.sin(5.1 * x / wave)
    speed = spec.river_migration_px_year / 365.25 * bend  # bends grow outwards
    offset = np.arange(rows)[:, None] - middle[None, :]
    half = spec.river_width_px / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        enter = np.where(speed > 0, (offset - half) / speed, (offset + half) / speed)
        leave = np.where(speed > 0, (offset + half) / speed, (offset - half) / speed)
    still = np.broadcast_to(np.abs(speed) < 1e-9, spec.shape)
    inside = np.abs(offset) < half
    enter = np.where(still, np.where(inside, -1.0, np.inf), enter)
    leave = np.where(still, np.inf, leave)
    enter = np.where(leave <= 0, np.inf, enter)  # left before the world began
    leave = np.where(leave <= 0, np.inf, leave)
    return np.abs(offset).astype(np.float32), _days(enter, spec.start), _days(leave, spec.start)


def _days(since: NDArray[np.float64], start: int) -> NDArray[np.int32]:
    days = np.ceil(np.clip(since, -(10.0**5), 10.0**6))
    return np.where(since >= 10.0**6, NEVER, days + start).astype(np.int32)


def _roads(spec: WorldSpec) -> Floats:
    rows, cols = spec.shape
    distance = np.full(spec.shape, np.inf, np.float32)
    if spec.roads <= 0:
        return distance
    rng = rng_of(spec.seed, "roads")
    steps = np.linspace(0, cols - 1, 6)
    main = rows * rng.uniform(0.1, 0.25) + np.cumsum(rng.normal(0, rows * 0.03, 6))
    points = [(float(r), float(c)) for r, c in zip(main, steps, strict=True)]
    distance = line_distance(spec.shape, points)
    for _ in range(spec.roads - 1):
        foot = points[int(rng.integers(1, 5))]
        end = (foot[0] + rows * rng.uniform(0.4, 0.7), foot[1] + cols * rng.uniform(-0.1, 0.1))
        distance = np.minimum(distance, line_distance(spec.shape, [foot, end]))
    return distance


def _cover(spec: WorldSpec, road_px: Floats, river_px: Floats) -> NDArray[np.uint8]:
    cover = np.full(spec.shape, Cover.FOREST, np.uint8)
    rng = rng_of(spec.seed, "cover")
    for area in spec.open_patches_ha:
        cover[blob(rng, _anywhere(rng, spec.shape), spec.pixels(area), spec.shape)] = Cover.OPEN
    near = np.argwhere((road_px < 12) & (river_px > spec.river_width_px + 3))
    for area in spec.old_clearings_ha:
        centre = near[rng.integers(len(near))] if len(near) else np.array(_anywhere(rng, spec.shape))
        cover[blob(rng, (int(centre[0]), int(centre[1])), spec.pixels(area), spec.shape)] = Cover.OLD_CLEARING
    cover[road_px < 1.0] = Cover.ROAD
    return cover


def _anywhere(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[int, int]:
    return int(rng.integers(shape[0])), int(rng.integers(shape[1]))
