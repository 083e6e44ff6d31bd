"""Whether clearings pile up just outside a protected boundary.

Density (clearings a km²) by signed distance to the boundary, outside above 0. The pile-up is the density
within the first kilometre outside over that from one to five. The same ratio at boundaries shifted outwards
says what the gradient of the frontier alone gives. Intervals come from drawing whole blocks again. Many
boundaries are rivers or roads: what follows those piles up there by geography, whoever decided the
boundary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from dosel.context.converge.events import Floats, Ints
from dosel.errors import InputError

BANDS_M: Final = ((-5000, -1000), (-1000, 0), (0, 1000), (1000, 5000), (5000, 10_000))
"""Distances whose densities are told; inside is below 0."""
NEAR_M, FAR_M = 1000.0, 5000.0
"""The first band outside, and where the one that it is held against ends."""
SHIFTS: Final = range(2, 16)
"""Kilometres by which the boundary is shifted outwards; below 2 the bands would share the first kilometre."""
DRAWS: Final = 999


@dataclass(frozen=True, slots=True)
class Band:
    """Density at some distance."""

    distance_m: tuple[float, float]
    clearings: int
    area_km2: float
    density: float
    """Clearings a km²; NaN where there is no such area."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Edge:
    """Density by distance to a boundary, and the pile-up just outside."""

    bands: tuple[Band, ...]
    ratio: float
    """Density 0-1 km outside over 1-5 km."""
    interval: tuple[float, float]
    shifted: tuple[float, float, float]
    """The same at shifted boundaries: smallest, geometric mean, largest."""
    beyond: float
    """The ratio over that mean."""
    beyond_interval: tuple[float, float]
    inside: float
    """Density 0-1 km inside over 0-1 km outside."""
    inside_interval: tuple[float, float]


def signed_distance(x_m: Floats, y_m: Floats, areas: Sequence[BaseGeometry]) -> Floats:
    """Return (place,) metres to the nearest outer limit of the areas together, below 0 inside.

    Limits between two areas that touch are no limits.

    Raises
    ------
    InputError
        If there is no area.

    Examples
    --------
    >>> signed_distance(np.array([5.0, 14.0]), np.array([2.0, 2.0]), [shapely.box(0, 0, 10, 10)]).tolist()
    [-2.0, 4.0]
    """
    if not areas:
        raise InputError("boundary: expected at least one area")
    whole = shapely.union_all(list(areas))
    parts = shapely.get_parts(whole)
    lines = shapely.get_parts(shapely.boundary(parts))
    pieces = np.concatenate([_pieces(line) for line in lines])
    places = shapely.points(x_m, y_m)
    _, distance = shapely.STRtree(pieces).query_nearest(places, return_distance=True, all_matches=False)
    inside = np.zeros(x_m.size, bool)
    inside[shapely.STRtree(parts).query(places, predicate="within")[0]] = True
    return np.where(inside, -distance, distance)


def _pieces(line: BaseGeometry, length: int = 64) -> Floats:
    """Return a line as pieces of so many vertices, which a tree finds faster."""
    xy = shapely.get_coordinates(line)
    cuts = range(0, max(len(xy) - 1, 1), length)
    return np.array([shapely.linestrings(xy[start : start + length + 1]) for start in cuts], object)


def edge(
    distance_m: Floats,
    block: Ints,
    ground: tuple[Floats, Ints],
    cell_km2: float,
    seed: int,
    draws: int = DRAWS,
) -> Edge:
    """Return densities by distance and the pile-up just outside.

    Parameters
    ----------
    distance_m, block
        (clearing,) signed distance, and number of the block that holds it.
    ground
        The same of a lattice of reference points over the area that is studied.
    cell_km2
        Area that a reference point stands for.
    """
    _, number = np.unique(np.concatenate([block, ground[1]]), return_inverse=True)
    limits = 1000.0 * np.arange(-5.0, SHIFTS[-1] + 6.0)
    parts = (distance_m, number[: block.size]), (ground[0], number[block.size :])
    seen, area = (_table(*part, limits, int(number.max()) + 1) for part in parts)
    rng = np.random.default_rng([seed, 4])
    weights = rng.multinomial(len(seen), np.full(len(seen), 1 / len(seen)), size=draws)
    weights = np.vstack([np.ones(len(seen), np.int64), weights])
    counts, km2 = weights @ seen, weights @ area * cell_km2
    ratio = _density(counts, km2, 0, NEAR_M) / _density(counts, km2, NEAR_M, FAR_M)
    shifted = np.stack([_shifted(counts, km2, 1000.0 * shift) for shift in SHIFTS], axis=1)
    logs = np.where(np.isfinite(shifted) & (shifted > 0), np.log(np.where(shifted > 0, shifted, 1)), np.nan)
    mean = np.exp(np.nanmean(logs, axis=1))
    beyond = ratio / mean
    inside = _density(counts, km2, -NEAR_M, 0) / _density(counts, km2, 0, NEAR_M)
    around = float(np.exp(np.nanmin(logs[0]))), float(mean[0]), float(np.exp(np.nanmax(logs[0])))
    bands = tuple(_band(counts, km2, limit) for limit in BANDS_M)
    return Edge(bands, *_told(ratio), around, *_told(beyond), *_told(inside))


def _table(distance_m: Floats, block: Ints, limits: Floats, blocks: int) -> Floats:
    """Return (block, kilometre) counts."""
    bins = np.searchsorted(limits, distance_m, side="right") - 1
    inside = (bins >= 0) & (bins < limits.size - 1)
    table = np.zeros((blocks, limits.size - 1))
    np.add.at(table, (block[inside], bins[inside]), 1.0)
    return table


def _columns(low_m: float, high_m: float) -> slice:
    return slice(round(low_m / 1000) + 5, round(high_m / 1000) + 5)


def _density(counts: Floats, km2: Floats, low_m: float, high_m: float) -> Floats:
    """Return (row,) clearings a km² between two distances; NaN where there is no area."""
    part = _columns(low_m, high_m)
    area = km2[:, part].sum(axis=1)
    return np.where(area > 0, counts[:, part].sum(axis=1) / np.where(area > 0, area, 1.0), np.nan)


def _shifted(counts: Floats, km2: Floats, shift_m: float) -> Floats:
    near = _density(counts, km2, shift_m, shift_m + NEAR_M)
    far = _density(counts, km2, shift_m + NEAR_M, shift_m + FAR_M)
    return np.where(far > 0, near / np.where(far > 0, far, 1.0), np.nan)


def _told(rows: Floats) -> tuple[float, tuple[float, float]]:
    """Return what was observed and the 95 % interval of the rows drawn again."""
    low, high = np.nanpercentile(rows[1:], [2.5, 97.5])
    return float(rows[0]), (float(low), float(high))


def _band(counts: Floats, km2: Floats, limit_m: tuple[int, int]) -> Band:
    density, (low, high) = _told(_density(counts, km2, *limit_m))
    part = _columns(*limit_m)
    return Band(limit_m, int(counts[0, part].sum()), float(km2[0, part].sum()), density, low, high)
