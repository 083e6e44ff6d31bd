"""Whether clearings pile up just below a size limit.

Two measures on the density of log hectares. The jump at the limit is the difference of two local straight
lines, one from each side (McCrary 2008, doi:10.1016/j.jeconom.2007.05.005); it is positive where there is
more just below. The excess is the number in a narrow band below the limit over what a smooth curve through
the sizes around it expects (Kleven 2016, doi:10.1146/annurev-economics-080315-015234). Intervals come from
drawing whole places again. The same jump at sizes that are no limit of anything says how often a smooth
feed would show as much.

A detection limit makes fewer clearings below it by itself. It can hide a pile-up below a limit of law, and
a feed that leaves out what is smaller than a limit shows nothing of what happens below it: both read as
"not below", never as none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.context.converge.events import Floats, Ints
from dosel.errors import InputError

BIN: Final = 0.02
"""Width of the bins of log hectares: 2 %."""
SPAN: Final = 1.0
"""Sizes around the limit that the smooth curve sees: from a factor e below to a factor e above."""
LINE: Final = 0.4
"""Sizes that the local lines see on each side."""
BAND: Final = 0.1
"""Width of the band below the limit, and of the one above that the curve does not see either."""
LEAST: Final = 200
"""Clearings within SPAN of the limit, below which nothing is said."""
DRAWS: Final = 999


class Reading(StrEnum):
    """What the density at a limit shows."""

    FEW = "few"
    """Too few clearings of such sizes."""
    SMOOTH = "smooth"
    MORE_BELOW = "more-below"
    """More just below than the sizes around it explain: a pile-up, by people or by how areas are rounded."""
    FEWER_BELOW = "fewer-below"
    """As where detection ends; a pile-up could be hidden."""


@dataclass(frozen=True, slots=True)
class Pileup:
    """The density of sizes at a limit."""

    limit_ha: float
    clearings: int
    """Within SPAN of the limit."""
    reading: Reading
    jump: float = np.nan
    """Log density just below minus just above."""
    jump_interval: tuple[float, float] = (np.nan, np.nan)
    excess: float = np.nan
    """Clearings in the band below, observed over expected."""
    excess_interval: tuple[float, float] = (np.nan, np.nan)
    elsewhere: float = np.nan
    """Share of other sizes with a jump at least as large."""


def pileup(area_ha: Floats, limit_ha: float, place: Ints, seed: int, draws: int = DRAWS) -> Pileup:
    """Return what the density of sizes shows at a limit.

    Parameters
    ----------
    area_ha
        (clearing,) hectares above 0.
    place
        (clearing,) number of the block that holds it: blocks are drawn whole.

    Raises
    ------
    InputError
        If hectares or the limit are not above 0.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> area = np.exp(rng.normal(0.5, 1.0, 6000))
    >>> dodge = (area > 1.0) & (area < 1.3) & (rng.random(6000) < 0.5)
    >>> area[dodge] = rng.uniform(0.92, 1.0, dodge.sum())
    >>> [pileup(area, limit, np.arange(6000) // 20, 1, 199).reading.value for limit in (1.0, 3.0)]
    ['more-below', 'smooth']
    """
    if not (limit_ha > 0 and (area_ha > 0).all()):
        raise InputError("pile-up: expected hectares above 0 and a limit above 0")
    logs = np.log(area_ha)
    at = float(np.log(limit_ha))
    near = np.abs(logs - at) < SPAN
    if int(near.sum()) < LEAST:
        return Pileup(limit_ha, int(near.sum()), Reading.FEW)
    table = _histograms(logs, at, place)
    counts = np.vstack([table.sum(axis=0)[None], _drawn_again(table, draws, seed)])
    jumps, excesses = jump(counts), excess(counts)
    if np.isnan(jumps[0]) or np.isnan(jumps).mean() > 0.1:
        return Pileup(limit_ha, int(near.sum()), Reading.FEW)
    low, high = np.nanpercentile(jumps[1:], [2.5, 97.5])
    few, many = np.nanpercentile(excesses[1:], [2.5, 97.5])
    reading = (
        Reading.MORE_BELOW if low > 0 and few > 1 else Reading.FEWER_BELOW if high < 0 else Reading.SMOOTH
    )
    ends = (float(low), float(high)), (float(few), float(many))
    elsewhere = _elsewhere(logs, at, float(jumps[0]))
    return Pileup(
        limit_ha, int(near.sum()), reading, float(jumps[0]), ends[0], float(excesses[0]), ends[1], elsewhere
    )


def _edges() -> Floats:
    """Return the limits of bins of log size relative to the limit."""
    number = round(SPAN / BIN)
    return np.arange(-number, number + 1.0) * BIN


def _middles() -> Floats:
    edges = _edges()
    return 0.5 * (edges[1:] + edges[:-1])


def _histograms(logs: Floats, at: float, place: Ints) -> Floats:
    """Return (place, bin) counts; a clearing of exactly the limit stands above it."""
    _, number = np.unique(place, return_inverse=True)
    bins = np.floor((logs - at) / BIN + 1e-9).astype(np.int64) + round(SPAN / BIN)
    inside = (bins >= 0) & (bins < 2 * round(SPAN / BIN))
    table = np.zeros((int(number.max()) + 1, 2 * round(SPAN / BIN)))
    np.add.at(table, (number[inside], bins[inside]), 1.0)
    return table


def _drawn_again(table: Floats, draws: int, seed: int) -> Floats:
    """Return (draw, bin) counts of places drawn with replacement."""
    rng = np.random.default_rng([seed, 3])
    weights = rng.multinomial(len(table), np.full(len(table), 1 / len(table)), size=draws)
    return np.asarray(weights @ table)


def jump(counts: Floats) -> Floats:
    """Return (row,) log density just below minus just above, of (row, bin) counts around a limit."""
    x = _middles()
    below, above = (_height(counts[:, side], x[side]) for side in (x < 0, x > 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.log(below) - np.log(above))


def _height(counts: Floats, x: Floats) -> Floats:
    """Return the height at 0 of a straight line through counts, near bins weighing most; NaN below 0."""
    weight = np.maximum(1 - np.abs(x) / LINE, 0.0)
    design = np.stack([np.ones_like(x), x], axis=1)
    solved = np.linalg.solve((design * weight[:, None]).T @ design, (design * weight[:, None]).T)
    height = counts @ solved[0]
    return np.where(height > 0, height, np.nan)


def excess(counts: Floats) -> Floats:
    """Return (row,) clearings in the band below the limit over those that a smooth curve expects.

    The curve is quadratic in log size, fitted to the square roots of the counts outside the bands.
    """
    x = _middles()
    seen = np.abs(x) > BAND
    design = np.stack([np.ones_like(x), x, x**2], axis=1)
    fitted = np.sqrt(counts[:, seen] + 0.375) @ np.linalg.pinv(design[seen]).T
    band = (x < 0) & ~seen
    expected = ((fitted @ design[band].T) ** 2 - 0.125).sum(axis=1)
    return np.asarray(counts[:, band].sum(axis=1) / np.maximum(expected, 1.0))


def _elsewhere(logs: Floats, at: float, found: float) -> float:
    """Return the share of sizes away from the limit, at steps of 5 %, with a jump at least as large."""
    low, high = np.quantile(logs, [0.05, 0.95])
    others = np.arange(low, high, 0.05)
    others = others[np.abs(others - at) > LINE]
    if others.size == 0:
        return np.nan
    one = np.zeros(logs.size, np.int64)
    jumps: NDArray[np.float64] = np.concatenate([jump(_histograms(logs, other, one)) for other in others])
    return float(np.mean(jumps[~np.isnan(jumps)] >= found)) if (~np.isnan(jumps)).any() else np.nan
