"""Random numbers by name, smooth random fields, speckle and irregular shapes.

Every draw has its own generator made from the seed and a name, so one look never depends on
another having been drawn before it.

Examples
--------
>>> float(rng_of(1, "clouds", 3).random()) == float(rng_of(1, "clouds", 3).random())
True
"""

from __future__ import annotations

import math
import zlib
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError

Floats = NDArray[np.float32]
Pixels = tuple[NDArray[np.intp], NDArray[np.intp]]


def rng_of(seed: int, name: str, *numbers: int) -> np.random.Generator:
    """Return the generator of a named draw."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), *(n & 0xFFFFFFFF for n in numbers)])


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], length_px: float) -> Floats:
    """Return a Gaussian random field (y, x) with mean 0, variance 1 and a Gaussian correlation length.

    Parameters
    ----------
    length_px
        Distance in pixels at which the correlation is 1/e; 0 gives white noise.
    """
    white = rng.standard_normal(shape, dtype=np.float32)
    if length_px <= 0:
        return white
    field = np.fft.irfft2(np.fft.rfft2(white) * _smoothing(shape, length_px), s=shape)
    return field.astype(np.float32)


@lru_cache(maxsize=16)
def _smoothing(shape: tuple[int, int], length_px: float) -> Floats:
    """Return the transfer function (y, half x) that makes white noise a field of unit variance."""
    sigma = length_px / 2.0  # smoothing by sigma gives the correlation exp(-d^2 / (4 sigma^2))
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.fftfreq(shape[1])[None, :]
    whole = np.exp(-2.0 * (math.pi * sigma) ** 2 * (fy**2 + fx**2))
    unit = whole / math.sqrt(float((whole**2).mean()))
    return np.ascontiguousarray(unit[:, : shape[1] // 2 + 1], dtype=np.float32)


def speckle(rng: np.random.Generator, shape: tuple[int, int], enl: int, correlation: float = 0.0) -> Floats:
    """Return multiplicative speckle (y, x) of mean 1: gamma distributed with shape `enl`.

    Correlated speckle is the mean intensity of `enl` complex Gaussian fields, each smoothed over two
    adjacent pixels along both axes, so its distribution is exactly gamma (Goodman 1976).

    Parameters
    ----------
    correlation
        Correlation of the intensities of adjacent pixels, 0 to 0.25.
    """
    if correlation <= 0:
        return (rng.standard_gamma(enl, shape, dtype=np.float32) / np.float32(enl)).astype(np.float32)
    amplitude = math.sqrt(correlation)
    tap = (1.0 - math.sqrt(max(0.0, 1.0 - 4.0 * amplitude**2))) / (2.0 * amplitude)
    unit = np.float32(1.0 / (1.0 + tap * tap))
    total = np.zeros(shape, np.float32)
    for _ in range(2 * enl):
        part = rng.standard_normal((shape[0] + 1, shape[1] + 1), dtype=np.float32)
        part = part[1:] + np.float32(tap) * part[:-1]
        part = (part[:, 1:] + np.float32(tap) * part[:, :-1]) * unit
        total += part * part
    return total / np.float32(2 * enl)


def blob(rng: np.random.Generator, centre: tuple[int, int], count: int, shape: tuple[int, int]) -> Pixels:
    """Return rows and columns of an irregular patch of exactly `count` pixels around `centre`.

    Raises
    ------
    InputError
        If the world is smaller than the patch.
    """
    reach = math.ceil(2.2 * math.sqrt(count / math.pi)) + 2
    row0, row1 = max(0, centre[0] - reach), min(shape[0], centre[0] + reach + 1)
    col0, col1 = max(0, centre[1] - reach), min(shape[1], centre[1] + reach + 1)
    if (row1 - row0) * (col1 - col0) < count:
        raise InputError(f"a patch of {count} pixels does not fit a world of {shape[0]} by {shape[1]}")
    rows, cols = np.mgrid[row0:row1, col0:col1]
    angle = np.arctan2(rows - centre[0], cols - centre[1])
    edge = np.ones(angle.shape)
    for k in (1, 2, 3, 5):
        edge += rng.uniform(0.0, 0.22 / math.sqrt(k)) * np.cos(k * angle + rng.uniform(0, 2 * math.pi))
    ratio = np.hypot(rows - centre[0], cols - centre[1]) / np.maximum(edge, 0.3)
    order = np.argsort(ratio, axis=None, kind="stable")[:count]
    return rows.ravel()[order], cols.ravel()[order]


def line_distance(shape: tuple[int, int], points: list[tuple[float, float]]) -> Floats:
    """Return the distance in pixels (y, x) to a polyline of (row, column) points."""
    rows, cols = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    best = np.full(shape, np.inf, np.float32)
    for (r0, c0), (r1, c1) in pairwise(points):
        dr, dc = r1 - r0, c1 - c0
        along = ((rows - r0) * dr + (cols - c0) * dc) / max(dr * dr + dc * dc, 1e-9)
        along = np.clip(along, 0.0, 1.0)
        np.minimum(best, np.hypot(rows - r0 - along * dr, cols - c0 - along * dc), out=best)
    return best
