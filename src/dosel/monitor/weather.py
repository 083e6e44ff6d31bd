"""What the looks of a history have in common: the offset of each pass, and how residuals hang together.

All of it is measured on undisturbed looks and enters the evidence of later ones: a pass's offset is taken off
before learning as it is before an update, neighbours and bands are combined with the correlation they have.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import NODATA
from dosel.monitor.offset import MIN_POINTS
from dosel.monitor.scalars import YEAR_DAYS

SEASON_LOOKS = 12
"""Fewer looks do not tell the season that all points share."""
SEASON_SPAN_DAYS = 300
"""A shorter history does not tell it either."""
LIMIT_SD = 3.0
"""Residuals are clipped here before they are correlated, so that no clearing and no cloud decides."""
_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1), (0, 2), (2, 0), (2, 2), (2, -2))
"""Distances between two pixels of a 3 x 3 window, up to sign."""

SHARED_DAYS = 3
"""Looks of one group of streams within so many days see the same moisture, or the same haze."""

Fields = NDArray[np.float32]


def history_offsets(sample: NDArray[np.int16], days: Sequence[int]) -> tuple[int | None, ...]:
    """Return the offset of each pass of a history, in quanta; None where too few points are valid.

    The offset is the median residual of the points about their own medians. The season that all points share
    is no offset: it stays in the values, to be learnt by the baseline.

    Parameters
    ----------
    sample
        (look, point) values in quanta, NODATA where masked.
    days
        UTC day number of each look.

    Examples
    --------
    >>> sample = np.full((3, 200), 1000, np.int16)
    >>> sample[1] += 40
    >>> history_offsets(sample, [0, 12, 24])
    (0, 40, 0)
    """
    values = np.where(sample == NODATA, np.nan, sample.astype(np.float64))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # points that were never seen have no median
        values -= np.nanmedian(values, axis=0)
        levels = np.nanmedian(values, axis=1)
    enough = np.isfinite(values).sum(axis=1) >= min(MIN_POINTS, sample.shape[1])
    enough &= np.isfinite(levels)
    levels -= _shared_season(levels, np.asarray(days, np.float64), enough)
    return tuple(round(float(v)) if good else None for v, good in zip(levels, enough, strict=True))


def _shared_season(
    levels: NDArray[np.float64], days: NDArray[np.float64], good: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the annual harmonic of the passes' levels on their days; 0 where the history tells none."""
    if good.sum() < SEASON_LOOKS or np.ptp(days[good]) < SEASON_SPAN_DAYS:
        return np.zeros_like(levels)
    angle = 2 * np.pi * days / YEAR_DAYS
    waves = np.stack([np.ones_like(angle), np.cos(angle), np.sin(angle)], axis=1)
    fit = np.linalg.lstsq(waves[good], levels[good], rcond=None)[0]
    season: NDArray[np.float64] = waves[:, 1:] @ fit[1:]
    return season


def take_off(values: NDArray[np.int16], offset: int) -> NDArray[np.int16]:
    """Return values less an offset, NODATA kept; what leaves int16 is cut at its ends.

    Examples
    --------
    >>> take_off(np.array([NODATA, 5, -32767], np.int16), 2).tolist()
    [-32768, 3, -32767]
    """
    moved = np.clip(values.astype(np.int32) - offset, NODATA + 1, -(NODATA + 1)).astype(np.int16)
    return np.where(values == NODATA, np.int16(NODATA), moved)


def shared_weight(near: int, correlation: float) -> float:
    """Return the weight of a look that `near` others of its weather went before within SHARED_DAYS.

    n correlated looks count n / (1 + (n - 1) correlation); the weight is what the last one adds.

    Examples
    --------
    >>> shared_weight(0, 0.5), round(shared_weight(1, 0.5), 3), shared_weight(1, 0.0)
    (1.0, 0.333, 1.0)
    """

    def count(n: int) -> float:
        return n / (1.0 + (n - 1) * correlation) if n else 0.0

    return count(near + 1) - count(near)


def weight_after(
    before: Iterable[tuple[str, str, int]], own: tuple[str, str, int], weather: Mapping[str, float]
) -> float:
    """Return the weight of a look after the looks `before` it.

    Parameters
    ----------
    before, own
        (key of the sensor in its geometry, group of its weather, UTC day number) of each look.
    weather
        By group: how far near looks of different streams go together.

    Examples
    --------
    >>> weight_after([("s1/descending", "c-band", 10)], ("s1/ascending", "c-band", 12), {"c-band": 0.0})
    1.0
    """
    key, group, day = own
    near = {other for other, its, on in before if its == group and 0 <= day - on <= SHARED_DAYS}
    return shared_weight(len(near - {key}), weather.get(group, 0.0))


class Correlations:
    """Running sums of how the residuals of undisturbed looks hang together: in a window, and between bands.

    Sums of products are taken in float64 over clipped residuals, block after block in the order given.
    """

    def __init__(self, streams: int) -> None:
        self._near = np.zeros((streams, 2))
        self._bands = np.zeros((streams, streams, 2))

    def add(self, residuals: Fields) -> None:
        """Add one look: (stream, y, x) residuals in standard deviations, NaN where masked."""
        clipped = np.clip(residuals, -LIMIT_SD, LIMIT_SD).astype(np.float64)
        for number, field in enumerate(clipped):
            self._near[number] += _near(field)
        for one in range(len(clipped)):
            for other in range(one):
                self._bands[one, other] += _together(clipped[one], clipped[other])

    def neighbours(self, stream: int) -> float | None:
        """Return the mean correlation of two pixels of a 3 x 3 window, None before any was seen."""
        product, power = self._near[stream]
        return float(np.clip(product / power, 0.0, 0.95)) if power > 0 else None

    def bands(self) -> float | None:
        """Return the mean correlation of two bands of a look, None where there are no two."""
        product, power = self._bands.sum(axis=(0, 1))
        return float(np.clip(product / power, 0.0, 1.0)) if power > 0 else None


def _near(field: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.zeros(2)
    height, width = field.shape
    for down, right in _STEPS:
        left = slice(max(0, -right), width - max(0, right))
        moved = slice(max(0, right), width + min(0, right))
        total += _together(field[: height - down, left], field[down:, moved])
    return total


def _together(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of products and the mean sum of squares over pixels that are valid in both."""
    both = np.isfinite(a) & np.isfinite(b)
    x, y = a[both], b[both]
    return np.array([float(x @ y), float(x @ x + y @ y) / 2.0])
