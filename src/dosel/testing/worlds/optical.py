"""Optical looks: reflectance under correlated clouds and shadows, and a mask that misses some of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import LegendEnum
from dosel.model.time import day_of
from dosel.testing.worlds.events import Event, EventKind
from dosel.testing.worlds.landscape import WATER_REFLECTANCE, Cover, Landscape
from dosel.testing.worlds.noise import Floats, rng_of, smooth_field
from dosel.testing.worlds.spec import WorldSpec
from dosel.testing.worlds.weather import Weather, WorldLook, cloud_fields, season_angle

_GREENEST = day_of("1970-04-01")
_SEASON_GAIN = np.array([-0.06, 0.05, -0.04, -0.06], np.float32)
"""Relative change of B04, B08, B11, B12 at the greenest time of year."""


class SceneClass(LegendEnum):
    """Classes of the Sentinel-2 scene classification that the simulation uses."""

    NO_DATA = 0, "no data"
    SHADOW = 3, "cloud shadow"
    VEGETATION = 4, "vegetation"
    BARE = 5, "not vegetated"
    WATER = 6, "water"
    CLOUD_MEDIUM = 8, "cloud, medium probability"
    CLOUD_HIGH = 9, "cloud, high probability"
    CIRRUS = 10, "thin cirrus"


CLEAR = (SceneClass.VEGETATION, SceneClass.BARE, SceneClass.WATER)
"""Classes in which the surface is taken to be seen."""


@dataclass(frozen=True, slots=True)
class OpticalLook:
    """One optical acquisition over the world."""

    look: WorldLook
    reflectance: Floats
    """(band, y, x): B04, B08, B11, B12 as surface reflectance 0 to 1, clouds included."""
    scl: NDArray[np.uint8]
    """(y, x): the scene classification as delivered, a SceneClass."""
    hidden: NDArray[np.bool_]
    """(y, x): where cloud or shadow truly lies."""

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Where the scene classification says the surface was seen."""
        return np.isin(self.scl, CLEAR)

    @property
    def hidden_share(self) -> float:
        """Share of pixels truly under cloud or shadow."""
        return float(self.hidden.mean())

    def index(self, name: str) -> Floats:
        """Return NDVI or NBR (y, x) with NaN where the scene classification is not clear.

        Parameters
        ----------
        name
            ``ndvi`` (B08, B04) or ``nbr`` (B08, B12).
        """
        near, other = self.reflectance[1], self.reflectance[{"ndvi": 0, "nbr": 3}[name]]
        with np.errstate(invalid="ignore", divide="ignore"):
            value = (near - other) / (near + other)
        return np.where(self.clear, value, np.nan).astype(np.float32)


def surface(spec: WorldSpec, land: Landscape, events: Iterable[Event], look: WorldLook) -> Floats:
    """Return the surface reflectance (band, y, x) of a day, without atmosphere."""
    season = np.float32(np.cos(season_angle(look.day, _GREENEST)))
    bands = land.reflectance * (1.0 + _SEASON_GAIN[:, None, None] * season * land.season)
    for event in events:
        effect = event.share(look.day) * event.strength
        if event.kind is not EventKind.RIVER_MIGRATION and effect.any():
            here = bands[:, event.rows, event.cols]
            target = np.array(event.reflectance, np.float32)[:, None]
            bands[:, event.rows, event.cols] = here + effect * (target - here)
    bands[:, land.water(look.day)] = np.array(WATER_REFLECTANCE, np.float32)[:, None]
    return bands.astype(np.float32)


def observe(
    spec: WorldSpec, land: Landscape, events: Iterable[Event], weather: Weather, look: WorldLook
) -> OpticalLook:
    """Return what an optical acquisition sees."""
    ground = surface(spec, land, events, look)
    thickness, shadow = cloud_fields(spec, weather, look)
    rng = rng_of(spec.seed, "optical-noise", look.number)
    haze = 0.012 * smooth_field(rng, spec.shape, 60.0) + 0.01 * rng.standard_normal()
    seen = ground * (1.0 + 0.02 * rng.standard_normal((4, 1, 1))) * np.exp(haze)
    seen = seen * (1.0 - 0.55 * shadow)
    seen = seen + thickness * (np.array([0.55, 0.60, 0.45, 0.35])[:, None, None] - seen)
    seen += rng.standard_normal(seen.shape, dtype=np.float32) * (0.002 + 0.015 * seen)
    return OpticalLook(
        look=look,
        reflectance=np.clip(seen, 0.0005, 1.5).astype(np.float32),
        scl=_classify(spec, land, look, thickness, shadow),
        hidden=np.asarray((thickness > 0) | shadow),
    )


def _classify(
    spec: WorldSpec, land: Landscape, look: WorldLook, thickness: Floats, shadow: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return the scene classification: the thinnest cloud and some shadow are missed, in patches."""
    scl = np.where(land.cover == Cover.FOREST, SceneClass.VEGETATION, SceneClass.BARE).astype(np.uint8)
    scl[land.cover == Cover.OLD_CLEARING] = SceneClass.VEGETATION
    scl[land.water(look.day)] = SceneClass.WATER
    surface_class = scl.copy()
    scl[shadow] = SceneClass.SHADOW
    scl[thickness > 0] = SceneClass.CIRRUS
    scl[thickness > 0.2] = SceneClass.CLOUD_MEDIUM
    scl[thickness > 0.45] = SceneClass.CLOUD_HIGH
    hidden = (thickness > 0) | shadow
    count = round(spec.mask_miss_share * int(hidden.sum()))
    if count:
        patchy = smooth_field(rng_of(spec.seed, "missed", look.number), spec.shape, 4.0)
        rank = np.where(shadow, 0.3, thickness) + 0.25 * patchy
        missed = np.flatnonzero(hidden)[np.argsort(rank[hidden], kind="stable")[:count]]
        scl.ravel()[missed] = surface_class.ravel()[missed]
    return scl
