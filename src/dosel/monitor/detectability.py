"""How large a clearing would have been found by now, given what has truly been seen since.

Clearings of each size and age are drawn and watched through the very looks that a place had: cloud hides
a clearing whole, edges share their window with standing forest, the running sum fades and restarts as in the
kernel. A clearing counts as found once enough of its pixels stand above h1 together.

The draws are the same for every place. Not drawn: the slow level of a pixel's own past, correlation of noise
between pixels beyond the window, spread that differs from the stream's typical one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.monitor.evidence import StreamModel
from dosel.monitor.scalars import Thresholds

SIZES_HA: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Sizes of clearings that are tried."""
AGES_DAYS: Final = (12, 24, 48, 96)
"""Days since the clearing."""
PROBABILITY: Final = 0.8
DRAWS: Final = 64
"""Clearings of each size."""
PIXELS: Final = 8
"""Pixels of each part of a clearing that are drawn."""
SHARES: Final = (1.0, 6.0 / 9.0, 4.0 / 9.0)
"""Cleared share of the 3 x 3 window in the middle, at an edge and at a corner of a square clearing."""
_SEED: Final = 20_260_103

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Watching:
    """What a look of one kind lends."""

    models: tuple[StreamModel, ...]
    correlation: float
    """Of the evidence of the bands."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A look and what the places saw of it."""

    day: int
    """UTC day number."""
    watching: Watching
    seen: Floats
    """(place,) share of the watched pixels with a valid value, 0 to 1."""
    weight: float = 1.0
    """Of the look, below 1 where near looks of other streams saw the same weather."""


def detectable_ha(
    passes: Sequence[Pass], as_of: int, thresholds: Thresholds, pixel_ha: float, least_px: int
) -> NDArray[np.float64]:
    """Return (place, age) the smallest size found with PROBABILITY; infinity where none of SIZES_HA is.

    Parameters
    ----------
    passes
        All looks of the last ``max(AGES_DAYS)`` days, in their order.
    as_of
        UTC day number of today.
    thresholds
        In force.
    pixel_ha, least_px
        Nominal size of a pixel, and pixels that make an alert.

    Without any look there is no place either; the caller says that nothing would have been found.
    """
    found = [_smallest(probability(passes, as_of - age, thresholds, pixel_ha, least_px)) for age in AGES_DAYS]
    return np.stack(found, axis=1)


def _smallest(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (place,) the first size from which on every larger one is found often enough."""
    enough = np.logical_and.accumulate(chance[:, ::-1] >= PROBABILITY, axis=1)[:, ::-1]
    sizes = np.append(np.array(SIZES_HA), np.inf)
    return sizes[np.where(enough.any(axis=1), enough.argmax(axis=1), len(SIZES_HA))]


def probability(
    passes: Sequence[Pass], cleared: int, thresholds: Thresholds, pixel_ha: float, least_px: int
) -> NDArray[np.float64]:
    """Return (place, size) the probability that looks after the day `cleared` have found a clearing.

    Examples
    --------
    >>> from dosel.monitor.streams import point_stream
    >>> radar = Watching((point_stream("sentinel-1-vh-stabilised").model,), 0.0)
    >>> looks = [Pass(day, radar, np.array([0.0, 1.0], np.float32)) for day in range(0, 60, 6)]
    >>> probability(looks, 0, Thresholds(4.0, 6.0), 0.01, 25)[:, -1].tolist()
    [0.0, 1.0]
    """
    later = [one for one in passes if one.day > cleared]
    places = len(passes[0].seen) if passes else 0
    rng = np.random.default_rng(_SEED)
    strength = rng.standard_normal(DRAWS)
    level = np.zeros((places, len(SHARES), DRAWS, PIXELS), np.float32)
    active = np.zeros(level.shape, np.bool_)
    most = np.zeros((places, len(SIZES_HA), DRAWS), np.float32)
    weights = _weights(pixel_ha)
    for one in later:
        llr, fade = _evidence(one.watching, strength, rng)
        llr *= np.float32(one.weight)
        visible = rng.random(DRAWS) < one.seen[:, None]
        new = np.maximum(level * np.float32(1.0 - fade) + llr, np.float32(0.0))
        level = np.where(visible[:, None, :, None], new, level)
        active = (level >= thresholds.h1) | (active & (level > 0))
        share = np.einsum("sc,pcd->psd", weights, active.mean(axis=3, dtype=np.float32))
        np.maximum(most, share, out=most)
    pixels = np.maximum(np.rint(np.array(SIZES_HA) / pixel_ha), 1.0)
    return np.asarray((most * pixels[:, None] >= least_px - 1e-3).mean(axis=2), np.float64)


def _weights(pixel_ha: float) -> Floats:
    """Return (size, part) the share of a square clearing's pixels in its middle, at its edges and corners."""
    side = np.sqrt(np.maximum(np.array(SIZES_HA) / pixel_ha, 1.0))
    middle = np.maximum(side - 2.0, 0.0) ** 2
    corners = np.minimum(4.0, side**2)
    edges = np.maximum(side**2 - middle - corners, 0.0)
    return np.asarray(np.stack([middle, edges, corners], axis=1) / side[:, None] ** 2, np.float32)


def _evidence(
    watching: Watching, strength: NDArray[np.float64], rng: np.random.Generator
) -> tuple[Floats, float]:
    """Return (part, draw, pixel) the evidence of a look over cleared land, and how much it fades first."""
    models = watching.models
    shape = (len(SHARES), DRAWS, PIXELS)
    shared = rng.standard_normal(shape)
    look = rng.standard_normal(DRAWS)
    total = np.zeros(shape)
    for model in models:
        own = rng.standard_normal(shape)
        noise = np.sqrt(watching.correlation) * shared + np.sqrt(1.0 - watching.correlation) * own
        total += _llr(model, noise, strength, look)
    weight = 1.0 / (1.0 + (len(models) - 1) * watching.correlation)
    fade = sum(2.0**-model.fade_shift for model in models) / len(models)
    return np.asarray(total * weight, np.float32), fade


def _llr(
    model: StreamModel,
    noise: NDArray[np.float64],
    strength: NDArray[np.float64],
    look: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the ratio of one band; half of the extra variance lies between clearings, half between looks."""
    neighbours = (2 * model.radius_px + 1) ** 2 - 1
    deviation = model.mean_sd(neighbours)
    extra = model.extra / np.sqrt(2.0) * (strength + look)
    drop = np.maximum(model.shift + extra, 0.0) / model.sd
    share = np.array(SHARES if neighbours else (1.0,) * len(SHARES))
    e = (noise * deviation - share[:, None, None] * drop[:, None]) / deviation
    return model.hinges(neighbours)(e)
