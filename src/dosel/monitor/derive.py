"""A stream's parameter row from undisturbed looks of the stream alone: one procedure, no labels.

Every number answers a question that the looks themselves can answer:

level, k_level      how much do pixels differ, against the noise of a look?
k_season            which ridge predicts best the undisturbed year that was not learnt from?
spread, k_spread    how large is the noise, and how much of a pixel's own noise comes back the next year?
drift2              how much wider is that year than the history foretold?
nu                  how heavy is the tail on the side of clearing?

Looks are held here (a sample of pixels over some years); the monitor itself never holds them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.monitor.evidence import CLIP_SD, GAIN_SHIFT, StreamModel, shape
from dosel.monitor.scalars import YEAR_DAYS

HELD_OUT_DAYS: Final = 365
"""The last year before monitoring is held out where no undisturbed year follows the history."""
RIDGES: Final = (3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0, 80.0, 120.0, 1e6)
"""Ridges of the season that are tried, in looks; the last is no season."""
TAILS: Final = range(3, 41)
"""Degrees of freedom that are tried."""
TAIL_SHARE: Final = 0.001
"""The tail is matched at this quantile of the innovations."""
TYPICAL_LOOKS: Final = 30
"""Looks of a typical history, for the typical predictive spread."""
MIN_LOOKS: Final = 10
"""A point tells about its level and spread from so many looks of its history on."""
MIN_PAIR_LOOKS: Final = 20
"""A point tells whether spread comes back from so many looks in the history and in the year after."""
MIN_POINTS: Final = 30
"""With fewer such points a number is taken from the prior row."""
MIN_YEAR_LOOKS: Final = 3000
"""With fewer looks in the undisturbed year, season, drift and tails are taken from the prior row."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Looks:
    """Valid looks of many points, sorted by point and day; missing values are left out."""

    value: Floats
    """(look,) in the stream's unit; finite."""
    day: Ints
    """(look,) UTC day numbers."""
    point: Ints
    """(look,) number of the point, 0 to `points` - 1, not falling."""
    points: int

    def __post_init__(self) -> None:
        if not len(self.value) == len(self.day) == len(self.point):
            raise InputError("looks: expected values, days and points of one length")
        if not np.isfinite(self.value).all():
            raise InputError("looks: expected finite values; leave missing looks out")
        if len(self.point) and not (np.diff(self.point) >= 0).all():
            raise InputError("looks: expected them sorted by point")

    def of(self, chosen: NDArray[np.bool_]) -> Looks:
        """Return the looks that are chosen, (look,) bool."""
        return Looks(self.value[chosen], self.day[chosen], self.point[chosen], self.points)


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived row and what it rests on."""

    model: StreamModel
    points: int
    """Points with enough history."""
    looks: int
    """Looks of their history."""
    year_looks: int
    """Looks of the undisturbed year after it."""
    kept: tuple[str, ...]
    """Names of the fields that the looks could not tell and that are the prior row's."""


@dataclass(frozen=True, slots=True)
class _Fits:
    """Ridge fits of all points: level, cosine, sine (P, 3), residual squares (P,), looks (P,)."""

    theta: Floats
    squares: Floats
    looks: Floats


def split_history(points: int, start: int) -> tuple[Ints, Ints]:
    """Return history end and year end of all points where monitoring starts on one day.

    The last year before `start` is held out of the history to stand for the undisturbed year.
    """
    return np.full(points, start - HELD_OUT_DAYS), np.full(points, start)


def derive_stream(looks: Looks, history_end: Ints, year_end: Ints, prior: StreamModel) -> Derivation:
    """Return the stream's parameter row.

    Parameters
    ----------
    looks
        Looks of undisturbed points; later ones than `year_end` are not touched.
    history_end
        (point,) first day after the history that baselines are learnt from.
    year_end
        (point,) first day after the undisturbed year that follows; not before `history_end`. With
        :func:`split_history` the last year of the history.
    prior
        Name, unit, quantum, direction, shift and extra are taken from it, and so is every number that the
        looks cannot tell: those are named in :attr:`Derivation.kept`. See :func:`prior_row`.

    Returns
    -------
    Derivation

    Raises
    ------
    InputError
        If ends have not one day for each point.
    """
    if not len(history_end) == len(year_end) == looks.points or (year_end < history_end).any():
        raise InputError("derive: expected for each point a history end and a year end not before it")
    before = looks.day < history_end[looks.point]
    history, year = looks.of(before), looks.of(~before & (looks.day < year_end[looks.point]))
    if _told(history).sum() < MIN_POINTS:  # too short to hold a year out of it
        history, year = looks.of(looks.day < year_end[looks.point]), looks.of(before & ~before)
    told = _told(history)
    if told.sum() < MIN_POINTS:
        return Derivation(prior, int(told.sum()), 0, 0, _ALL)
    year = year.of(told[year.point])
    row, season_kept = _season(_levels(prior, history, told), history, year)
    fits = _fit(history, row)
    row = replace(row, spread=_pooled(fits, told))
    row, spread_kept = _returning_spread(row, fits, year)
    row, tail_kept = _tails(row, fits, year)
    row = replace(row, sd=row.spread * ((1 + 1 / TYPICAL_LOOKS) * row.drift2) ** 0.5)
    hinges = shape(row.sd, row.nu, row.shift, row.extra)
    row = replace(row, floor=hinges.floor, knots=hinges.knots, slopes=hinges.slopes)
    used = int(told[history.point].sum())
    return Derivation(row, int(told.sum()), used, len(year.day), season_kept + spread_kept + tail_kept)


def budget_threshold(nats: Floats, point: Ints, budget: float, step: float = 0.25) -> float:
    """Return the lowest threshold that undisturbed points cross no more often than the budget allows.

    Parameters
    ----------
    nats
        (look,) running evidence of one undisturbed year of each point, by point and day.
    point
        (look,) number of the point.
    budget
        Upward crossings that are borne per point and year; a point that starts above counts once.
    step
        Thresholds are multiples of it, in nats.

    Examples
    --------
    >>> budget_threshold(np.array([0.0, 2.0, 0.0, 0.0, 4.0]), np.array([0, 0, 0, 1, 1]), budget=0.5)
    2.25
    """
    years = len(np.unique(point))
    new = np.append(True, point[1:] != point[:-1])
    earlier = np.where(new, 0.0, np.append(0.0, nats[:-1]))
    threshold = step
    while ((nats >= threshold) & (earlier < threshold)).sum() > budget * years:
        threshold += step
    return threshold


def prior_row(
    stream: str,
    unit: str,
    quantum: float,
    direction: int,
    level: float,
    spread: float,
    shift: float,
    extra: float,
) -> StreamModel:
    """Return a row for a stream about which nothing but its band is known yet.

    The weights are those on which the radar streams of the points agree within a factor of five; nothing
    but `level` and `spread` matters much once a pixel has twenty looks.

    Examples
    --------
    >>> prior_row("ndvi/any", "1", 0.0001, -1, 0.85, 0.05, 0.3, 0.1).nu
    12
    """
    hinges = shape(spread, 12, shift, extra)
    return StreamModel(
        stream,
        unit,
        quantum,
        direction,
        level=level,
        k_level=2.0,
        k_season=50.0,
        spread=spread,
        k_spread=60.0,
        drift2=1.1,
        nu=12,
        sd=spread,
        shift=shift,
        extra=extra,
        floor=hinges.floor,
        knots=hinges.knots,
        slopes=hinges.slopes,
    )


_ALL = ("level", "k_level", "k_season", "spread", "k_spread", "drift2", "nu")


def _count(looks: Looks) -> Floats:
    return np.asarray(np.bincount(looks.point, minlength=looks.points), np.float64)


def _told(looks: Looks) -> NDArray[np.bool_]:
    """Return which points have looks enough to tell about level and spread."""
    return _count(looks) >= MIN_LOOKS


def _waves(day: Ints) -> Floats:
    """Return (look, 3): 1, cosine and sine of the year."""
    angle = 2 * np.pi * day / YEAR_DAYS
    return np.stack([np.ones(len(day)), np.cos(angle), np.sin(angle)], axis=1)


def _fit(looks: Looks, row: StreamModel) -> _Fits:
    """Return ridge fits towards (level, 0, 0) with the weights of the row."""
    waves, v = _waves(looks.day), looks.value - row.level
    gram, right = np.empty((looks.points, 3, 3)), np.empty((looks.points, 3))

    def total(weight: Floats) -> Floats:
        return np.asarray(np.bincount(looks.point, weight, looks.points), np.float64)

    for i in range(3):
        right[:, i] = total(waves[:, i] * v)
        for j in range(3):
            gram[:, i, j] = total(waves[:, i] * waves[:, j])
    ridge = np.diag([max(row.k_level, 1e-9), row.k_season, row.k_season])
    theta: Floats = np.asarray(np.linalg.solve(gram + ridge, right[..., None])[..., 0], np.float64)
    squares: Floats = total(v * v) - 2 * np.einsum("pi,pi->p", theta, right)
    squares += np.einsum("pi,pij,pj->p", theta, gram, theta)
    theta[:, 0] += row.level
    return _Fits(theta, np.maximum(squares, 0.0), gram[:, 0, 0])


def _pooled(fits: _Fits, told: NDArray[np.bool_]) -> float:
    """Return the pooled standard deviation of the points that tell."""
    return float((fits.squares[told].sum() / (fits.looks[told] - 1).sum()) ** 0.5)


def _residuals(looks: Looks, fits: _Fits) -> Floats:
    fitted = np.einsum("li,li->l", _waves(looks.day), fits.theta[looks.point])
    return np.asarray(looks.value - fitted, np.float64)


def _levels(prior: StreamModel, history: Looks, told: NDArray[np.bool_]) -> StreamModel:
    """Return the row with level, k_level and a first spread, from plain means of the points."""
    flat = _fit(history, replace(prior, level=0.0, k_level=0.0, k_season=1e9))
    variance = _pooled(flat, told) ** 2
    levels = flat.theta[told, 0]
    between = max(levels.var() - variance / flat.looks[told].mean(), 1e-3 * variance)
    return replace(
        prior, level=float(levels.mean()), k_level=float(variance / between), spread=float(variance**0.5)
    )


def _season(row: StreamModel, history: Looks, year: Looks) -> tuple[StreamModel, tuple[str, ...]]:
    """Return the row with the ridge that best predicts the year; residuals are clipped at 3 spreads."""
    if len(year.day) < MIN_YEAR_LOOKS:
        return row, ("k_season",)
    losses = []
    for ridge in RIDGES:
        r = _residuals(year, _fit(history, replace(row, k_season=ridge)))
        losses.append(float(np.mean(np.clip(r, -3 * row.spread, 3 * row.spread) ** 2)))
    return replace(row, k_season=RIDGES[int(np.argmin(losses))]), ()


def _returning_spread(row: StreamModel, fits: _Fits, year: Looks) -> tuple[StreamModel, tuple[str, ...]]:
    """Return the row with k_spread: the regression of a point's later log variance on its earlier one."""
    r = _residuals(year, fits)
    n = _count(year)
    pair = (n >= MIN_PAIR_LOOKS) & (fits.looks >= MIN_PAIR_LOOKS)
    if pair.sum() < MIN_POINTS:
        return row, ("k_spread",)
    sums = np.bincount(year.point, r, year.points)[pair]
    squares = np.bincount(year.point, r * r, year.points)[pair]
    later = np.log((squares - sums**2 / n[pair]) / (n[pair] - 1))
    earlier = np.log(fits.squares[pair] / (fits.looks[pair] - 1))
    back = float(np.clip(np.cov(earlier, later)[0, 1] / earlier.var(), 0.02, 0.98))
    return replace(row, k_spread=float(fits.looks[pair].mean() * (1 - back) / back)), ()


def _tails(row: StreamModel, fits: _Fits, year: Looks) -> tuple[StreamModel, tuple[str, ...]]:
    """Return the row with drift2 and nu, from the year's innovations."""
    if len(year.day) < MIN_YEAR_LOOKS:
        return row, ("drift2", "nu")
    own = (fits.squares + row.k_spread * row.spread**2) / (np.maximum(fits.looks - 1, 0) + row.k_spread)
    spread = np.sqrt(own * (1 + 1 / (fits.looks + row.k_level)))
    e = _innovations(year, -row.direction * _residuals(year, fits) / spread[year.point])
    drift2 = float(np.mean(np.clip(e, -4, 4) ** 2))
    low = -float(np.quantile(e, TAIL_SHARE)) / drift2**0.5
    nu = min(TAILS, key=lambda nu: abs(tail_point(nu, TAIL_SHARE) - low))
    return replace(row, drift2=drift2, nu=nu), ()


def _innovations(looks: Looks, z: Floats) -> Floats:
    """Return standardised residuals minus the slow level of their own past, as the kernel does."""
    e = np.empty_like(z)
    slow = np.zeros(looks.points)
    first = np.searchsorted(looks.point, np.arange(looks.points))
    rank = np.arange(len(z)) - first[looks.point]
    order = np.argsort(rank, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(rank))[:-1]):
        who = looks.point[rows]
        e[rows] = z[rows] - slow[who]
        slow[who] += np.clip(e[rows], -CLIP_SD, CLIP_SD) / 2**GAIN_SHIFT
    return e


def tail_point(nu: int, share: float) -> float:
    """Return how far out, in standard deviations, `share` of Student's t lies beyond.

    With t = sqrt(nu) tan(a) the density becomes cos(a)^(nu - 1), which is summed numerically.

    Examples
    --------
    >>> round(tail_point(10, 0.001) / (8 / 10) ** 0.5, 3)
    4.144
    """
    angle = np.linspace(0.0, np.pi / 2, 200_001)
    density = np.cos(angle) ** (nu - 1)
    inside = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    a = float(np.interp(1.0 - 2.0 * share, inside / inside[-1], angle))
    return float((nu - 2) ** 0.5 * np.tan(a))
