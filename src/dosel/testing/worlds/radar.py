"""Radar looks: VV and VH gamma0 of one pass, with speckle, moisture, season, geometry and events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.model.time import day_of
from dosel.testing.worlds.events import Event
from dosel.testing.worlds.landscape import WATER_DB, Landscape
from dosel.testing.worlds.noise import Floats, rng_of, smooth_field, speckle
from dosel.testing.worlds.spec import WorldSpec
from dosel.testing.worlds.weather import Weather, WorldLook, pass_offset_db, season_angle

_WETTEST = day_of("1970-02-15")
_SEASON_SHARE = (0.7, 1.0)
"""How much of the seasonal amplitude VV and VH show."""


@dataclass(frozen=True, slots=True)
class RadarLook:
    """One radar pass over the world."""

    look: WorldLook
    gamma0_db: Floats
    """(band, y, x): VV and VH in dB; NaN in layover and shadow."""
    offset_db: tuple[float, float]
    """True offset of the whole pass in VV and VH."""


def mean_db(
    spec: WorldSpec, land: Landscape, events: Iterable[Event], weather: Weather, look: WorldLook
) -> Floats:
    """Return the expected gamma0 (band, y, x) of VV and VH in dB, before speckle and layover."""
    season = np.float32(spec.season_db * np.cos(season_angle(look.day, _WETTEST)))
    offset = np.array(pass_offset_db(spec, weather, look), np.float32)
    wet = spec.patch_db * smooth_field(
        rng_of(spec.seed, "wet", look.direction, look.number), spec.shape, 40.0
    )
    share = np.array(_SEASON_SHARE, np.float32)[:, None, None]
    level = land.level_db + land.look_db[look.direction] + season * share * land.season
    level += offset[:, None, None] + wet
    for event in events:
        effect = event.share(look.day)
        if effect.any():
            level[:, event.rows, event.cols] += effect * event.drop_db
    water = land.water(look.day)
    wind = rng_of(spec.seed, "wind", look.direction, look.number).standard_normal(2)
    for band in (0, 1):
        level[band][water] = WATER_DB[band] + 0.8 * wind[band]
    return np.asarray(level, dtype=np.float32)


def observe(
    spec: WorldSpec, land: Landscape, events: Iterable[Event], weather: Weather, look: WorldLook
) -> RadarLook:
    """Return what a radar pass sees."""
    level = mean_db(spec, land, events, weather, look)
    rng = rng_of(spec.seed, "speckle", look.direction, look.number)
    for band in (0, 1):
        level[band] += to_db(speckle(rng, spec.shape, spec.enl, spec.speckle_correlation))
    level[:, land.layover[look.direction]] = np.nan
    return RadarLook(look, level, pass_offset_db(spec, weather, look))


def to_db(power: NDArray[np.floating]) -> Floats:
    """Return linear power in dB; at or below 0 is -50 dB.

    Examples
    --------
    >>> to_db(np.array([1.0, 0.1]))
    array([  0., -10.], dtype=float32)
    """
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-5)), dtype=np.float32)
