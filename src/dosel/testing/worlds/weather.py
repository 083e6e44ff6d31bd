"""Which looks there are, and the weather they see: moisture that moves whole passes, clouds and shadows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time

import numpy as np
from numpy.typing import NDArray

from dosel.model.time import date_of, day_of
from dosel.testing.worlds.noise import Floats, rng_of, smooth_field
from dosel.testing.worlds.spec import WorldSpec

ASCENDING = "ascending"
DESCENDING = "descending"
ANY = "any"
_INSTANT = {ASCENDING: time(23, 5, 10), DESCENDING: time(10, 2, 40), ANY: time(14, 47, 31)}
_CLOUD_WEIGHTS = (0.85, 0.45, 0.27)
"""Shares of this and the two earlier draws in a cloud field: neighbouring dates look alike."""


@dataclass(frozen=True, slots=True)
class WorldLook:
    """One acquisition over the world."""

    id: str
    number: int
    """Counts the acquisitions of its sensor and geometry from 0, kept or not."""
    radar: bool
    geometry: str
    """``ascending``, ``descending``, or ``any`` for optical looks."""
    acquired: datetime
    day: int
    history: bool
    """Before the start of monitoring."""

    @property
    def direction(self) -> int:
        """0 ascending, 1 descending."""
        return int(self.geometry == DESCENDING)


@dataclass(frozen=True, slots=True)
class Weather:
    """Daily series over the world's span."""

    first_day: int
    moisture_db: NDArray[np.float64]
    """(day,): offset in dB that all radar passes of a day share."""
    cloud_share: NDArray[np.float64]
    """(day,): share of the sky that is cloud, 0 to 1."""

    def moisture(self, day: int) -> float:
        """Return the shared radar offset of a day in dB."""
        return float(self.moisture_db[day - self.first_day])

    def clouds(self, day: int) -> float:
        """Return the cloud share of a day."""
        return float(self.cloud_share[day - self.first_day])


def make_weather(spec: WorldSpec) -> Weather:
    """Return the weather of a world: mean-reverting moisture and cloud cover with a wet season."""
    days = np.arange(spec.start, spec.stop)
    moisture = _reverting(rng_of(spec.seed, "moisture"), days.size, spec.moisture_days)
    clouds = _reverting(rng_of(spec.seed, "cloudiness"), days.size, 4.0)
    mean = spec.cloud_share + spec.cloud_season * np.cos(season_angle(days, day_of("1970-01-15")))
    share = np.clip(mean + 0.25 * clouds, 0.0, 1.0)
    return Weather(spec.start, spec.moisture_db * moisture, share)


def season_angle(days: NDArray[np.int_] | int, peak_day: int) -> NDArray[np.float64]:
    """Return the angle in radians of days in the year after the peak."""
    return np.asarray(2.0 * math.pi * (np.asarray(days) - peak_day) / 365.25)


def _reverting(rng: np.random.Generator, count: int, memory_days: float) -> NDArray[np.float64]:
    keep = math.exp(-1.0 / memory_days)
    shocks = rng.standard_normal(count) * math.sqrt(1.0 - keep * keep)
    series = np.empty(count)
    series[0] = rng.standard_normal()
    for k in range(1, count):
        series[k] = keep * series[k - 1] + shocks[k]
    return series


def plan_looks(spec: WorldSpec, weather: Weather) -> tuple[WorldLook, ...]:
    """Return the looks of the archive in order of acquisition."""
    looks = [
        *_passes(spec, ASCENDING, 0, spec.radar_repeat_days),
        *_passes(spec, DESCENDING, 5, spec.radar_repeat_days),
        *(look for look in _passes(spec, ANY, 2, spec.optical_repeat_days) if _kept(spec, weather, look)),
    ]
    return tuple(sorted(looks, key=lambda look: (look.acquired, look.id)))


def _kept(spec: WorldSpec, weather: Weather, look: WorldLook) -> bool:
    return weather.clouds(look.day) <= spec.max_cloud


def _passes(spec: WorldSpec, geometry: str, phase: int, repeat: int) -> list[WorldLook]:
    looks = []
    for number, day in enumerate(range(spec.start + phase, spec.stop, repeat)):
        history = day < spec.monitor_start
        if history and number % spec.history_stride:
            continue
        acquired = datetime.combine(date_of(day), _INSTANT[geometry], tzinfo=UTC)
        stamp = acquired.strftime("%Y%m%dT%H%M%S")
        kind = "S2A_MSIL2A_SIM" if geometry == ANY else f"S1A_IW_RTC_SIM_{geometry[0].upper()}"
        looks.append(WorldLook(f"{kind}_{stamp}", number, geometry != ANY, geometry, acquired, day, history))
    return looks


def pass_offset_db(spec: WorldSpec, weather: Weather, look: WorldLook) -> tuple[float, float]:
    """Return what rain and moisture add to a whole pass: offset of VV and of VH in dB."""
    own = rng_of(spec.seed, "pass", look.direction, look.number).standard_normal(2) * spec.pass_db
    shared = weather.moisture(look.day)
    return 1.1 * shared + float(own[0]), shared + 0.6 * float(own[0]) + 0.8 * float(own[1])


def cloud_fields(spec: WorldSpec, weather: Weather, look: WorldLook) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the optical thickness of cloud (0 to 1, 0 is clear) and where shadow falls, both (y, x)."""
    share = weather.clouds(look.day)
    if share <= 0:
        return np.zeros(spec.shape, np.float32), np.zeros(spec.shape, bool)
    length = 0.12 * max(spec.shape)
    norm = math.sqrt(sum(weight**2 for weight in _CLOUD_WEIGHTS))
    field = np.zeros(spec.shape, np.float32)
    for lag, weight in enumerate(_CLOUD_WEIGHTS):
        rng = rng_of(spec.seed, "cloud-field", look.number - lag + 8)
        coarse, fine = smooth_field(rng, spec.shape, length), smooth_field(rng, spec.shape, length / 5)
        field += np.float32(weight / norm) * (0.85 * coarse + 0.5 * fine)
    edge = float(np.quantile(field, 1.0 - share))
    thickness = np.clip((field - edge) * 1.5 + 0.08, 0.0, 1.0) * (field >= edge)
    height = 4 + int(rng_of(spec.seed, "cloud-height", look.number).integers(12))
    shadow = np.roll(thickness > 0.25, (height, -height // 2), (0, 1)) & (thickness <= 0)
    return thickness.astype(np.float32), shadow
