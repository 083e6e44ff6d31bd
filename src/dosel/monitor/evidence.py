"""The look's log-likelihood ratio: one law for cleared land, each stream's own noise for intact forest.

Cleared land has nearly the same law in every processing of a band: a mean drop and an extra spread, both
in the band's unit. Only the noise of intact forest differs between streams. So the alternative is fixed by
the band, and everything else in a :class:`StreamModel` derives from undisturbed looks of the stream itself
(:mod:`dosel.monitor.derive`).

The ratio ``log N(e; -shift, 1 + extra^2) - log t_nu(e)`` of a standardised innovation ``e`` is held flat to
the right of its minimum, floored, and interpolated by four hinges: the kernel needs no exp, log or division.

References
----------
Page 1954 (Biometrika 41); Lorden 1971 (Ann. Math. Stat. 42).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from math import lgamma, log, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.model.provenance import Method, digest

METHOD_NAME = "dosel-cusum"
METHOD_VERSION = "1"

SHIFT_VH_DB: Final = 1.75
"""Mean drop of a cleared look, Sentinel-1 VH, in dB; the same in every processing of the band."""
EXTRA_VH_DB: Final = 1.25
"""Extra standard deviation of cleared looks, between clearings and between looks, Sentinel-1 VH, in dB."""
INTACT_SHARE: Final = 0.5
"""Share of looks after a clearing that still look like forest; its logarithm floors the ratio."""
FADE_SHIFT: Final = 3
"""A valid look first takes 1/8 of the evidence away."""
GAIN_SHIFT: Final = 5
"""The slow level follows 1/32 of an innovation: about one look in a history of thirty."""
CLIP_SD: Final = 1.0
"""An innovation moves the slow level as if it were at most this many standard deviations."""
FREEZE_NATS: Final = 3.0
"""With this much evidence before a look, the look does not move the slow level. Under cross-validation 2, 3
and 4 nats and no rest tie; with a rest a clearing's evidence lasts longer (filtered series, 270 days later: a
median of 5.9 nats instead of 4.1)."""
HINGES: Final = 4
"""Number of hinges; those that are not needed have slope 0."""
INNER_KNOTS: Final = (-1.5, -3.0)
"""Knots between the point where the ratio leaves its floor and the cap, in standard deviations."""
CAP_SD: Final = -5.0
"""Beyond this innovation a look says no more, in standard deviations: the bound of a single look."""


@dataclass(frozen=True, slots=True)
class Hinges:
    """A piecewise linear ratio: ``floor + sum of slope * max(0, knot - e)``, in nats."""

    floor: float
    """Smallest ratio of a look, in nats."""
    knots: tuple[float, ...]
    """HINGES knots in standard deviations, not rising."""
    slopes: tuple[float, ...]
    """HINGES slopes in nats a standard deviation."""

    def __call__(self, e: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the ratio of standardised innovations `e` (any shape), in nats."""
        total = np.full(np.shape(e), self.floor)
        for knot, slope in zip(self.knots, self.slopes, strict=True):
            total += slope * np.maximum(0.0, knot - e)
        return total


@dataclass(frozen=True, slots=True)
class StreamModel:
    """The parameter row of one stream: versioned by its hash, kept by the store, named by every alert."""

    stream: str
    """Full name, for example ``sentinel-1-vh/descending``."""
    unit: str
    """Physical unit of the values."""
    quantum: float
    """Physical size of one stored step of the values."""
    direction: int
    """-1 where clearing lowers the value, +1 where it raises it."""
    level: float
    """Prior mean level of intact forest, in `unit`."""
    k_level: float
    """Weight of the prior level, in looks."""
    k_season: float
    """Ridge of the season's coefficients, in looks."""
    spread: float
    """Pooled standard deviation of an intact pixel about its baseline, in `unit`."""
    k_spread: float
    """Weight of the pooled spread, in looks."""
    drift2: float
    """Factor of the variance of a later year over that of the history."""
    nu: int
    """Degrees of freedom of intact forest's tails."""
    sd: float
    """Typical predictive standard deviation of a look, in `unit`; sets the shape of the ratio."""
    shift: float
    """Mean change of a cleared look, in `unit`, as a positive number; a constant of the band."""
    extra: float
    """Extra standard deviation of cleared looks, in `unit`; a constant of the band."""
    floor: float
    """Smallest log-likelihood ratio of a look, in nats."""
    knots: tuple[float, ...]
    """Hinges of the ratio, in standard deviations, falling."""
    slopes: tuple[float, ...]
    """ratio(e) = floor + sum of slope * max(0, knot - e), in nats."""
    fade_shift: int = FADE_SHIFT
    """Each valid look the evidence first loses its 2**-fade_shift part; by itself this never reaches 0."""
    gain_shift: int = GAIN_SHIFT
    """The slow level follows clipped innovations with gain 2**-gain_shift."""
    freeze_nats: float = FREEZE_NATS
    """With this much evidence before a look the slow level rests: a change is not learnt as forest."""
    clip_sd: float = CLIP_SD
    """An innovation moves the slow level as if it were at most this many standard deviations."""
    harmonics: int = 1
    """Harmonics of the year in the baseline: 0 none, 1 annual, 2 annual and semi-annual."""
    season_step: int = 2
    """Harmonic coefficients are stored in units of 2**season_step quanta."""
    radius_px: int = 0
    """Radius of the neighbours' window in pixels; 0: the pixel alone, as for points."""
    neighbour_weight: float = 1.0
    """Weight of one neighbour's residual of the same pass; the pixel's own is 1."""
    neighbour_correlation: float = 0.0
    """Correlation of the residuals of two intact pixels in one window."""

    def __post_init__(self) -> None:
        for good, rule in _rules(self):
            if not good:
                raise InputError(f"stream {self.stream}: {rule}")

    def method(self) -> Method:
        """Return the method name, version and parameter hash that every alert carries."""
        return Method(METHOD_NAME, METHOD_VERSION, digest(asdict(self))[:16])

    def mean_sd(self, neighbours: int) -> float:
        """Return the standard deviation of a mean over a pixel and its valid neighbours; its own is 1."""
        n, w, rho = neighbours, self.neighbour_weight, self.neighbour_correlation
        variance = 1.0 + w * w * n + rho * (2.0 * w * n + w * w * n * (n - 1))
        return sqrt(variance) / (1.0 + w * n)

    def hinges(self, neighbours: int = 0) -> Hinges:
        """Return the ratio of the innovation of a mean over a pixel and its valid neighbours.

        The innovation is standardised by the spread of that mean; what a clearing does stays as it is, so
        with a smaller spread the same change stands out further.
        """
        if neighbours == 0:
            return Hinges(self.floor, self.knots, self.slopes)
        return shape(self.sd * self.mean_sd(neighbours), self.nu, self.shift, self.extra)

    def scaled(self, factor: float) -> StreamModel:
        """Return the same stream in another unit, of which one old unit has `factor`.

        Values times `factor` then give the same evidence. `factor` is positive.
        """
        physical = ("quantum", "level", "spread", "sd", "shift", "extra")
        return replace(self, **{name: getattr(self, name) * factor for name in physical})


def _rules(model: StreamModel) -> tuple[tuple[bool, str], ...]:
    positive = ("quantum", "spread", "sd", "shift", "drift2")
    weights = ("k_level", "k_season", "k_spread", "extra", "neighbour_weight")
    return (
        (all(getattr(model, name) > 0 for name in positive), f"expected {', '.join(positive)} above 0"),
        (all(getattr(model, name) >= 0 for name in weights), f"expected {', '.join(weights)} not below 0"),
        (model.direction in (-1, 1), f"expected direction -1 or +1, got {model.direction}"),
        (model.nu > 2, f"expected nu above 2, got {model.nu}"),
        (len(model.knots) == len(model.slopes) == HINGES, f"expected {HINGES} knots and slopes"),
        (1 <= model.fade_shift <= 14, f"expected fade_shift 1 to 14, got {model.fade_shift}"),
        (2 <= model.gain_shift <= 14, f"expected gain_shift 2 to 14, got {model.gain_shift}"),
        (0 < model.clip_sd <= 4, f"expected clip_sd in (0, 4], got {model.clip_sd}"),
        (0 <= model.harmonics <= 2, f"expected harmonics 0 to 2, got {model.harmonics}"),
        (0 <= model.season_step <= 9, f"expected season_step 0 to 9, got {model.season_step}"),
        (0 <= model.radius_px <= 3, f"expected radius_px 0 to 3, got {model.radius_px}"),
        (0 <= model.neighbour_correlation < 1, "expected neighbour_correlation in [0, 1)"),
    )


def exact_ratio(
    e: NDArray[np.float64], sd: float, nu: int, shift: float, extra: float, intact_share: float = INTACT_SHARE
) -> NDArray[np.float64]:
    """Return log f1(e) - log f0(e), floored, flat to the right of its first minimum; in nats.

    Parameters
    ----------
    e
        Standardised innovations, any shape; clearing makes them negative.
    sd
        Predictive standard deviation of a look, in the stream's unit.
    nu
        Degrees of freedom of f0, Student's t scaled to unit variance; above 2.
    shift, extra
        Mean change and extra standard deviation of a cleared look, in the stream's unit.
    intact_share
        Share of looks after a clearing that still look like forest.
    """
    moved, wider = shift / sd, 1.0 + (extra / sd) ** 2
    grid = np.arange(-moved, 8.0, 0.005)
    rising = np.diff(_log_ratio(grid, moved, wider, nu)) >= 0
    lowest = grid[np.argmax(rising)] if rising.any() else grid[-1]
    return np.maximum(_log_ratio(np.minimum(e, lowest), moved, wider, nu), log(intact_share))


def _log_ratio(e: NDArray[np.float64], moved: float, wider: float, nu: int) -> NDArray[np.float64]:
    """Return log N(e; -moved, wider) - log t_nu(e; unit variance)."""
    constant = lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * log(pi * (nu - 2))
    cleared = -0.5 * (e + moved) ** 2 / wider - 0.5 * log(2.0 * pi * wider)
    ratio: NDArray[np.float64] = cleared - constant + 0.5 * (nu + 1) * np.log1p(e * e / (nu - 2))
    return ratio


def shape(sd: float, nu: int, shift: float, extra: float, intact_share: float = INTACT_SHARE) -> Hinges:
    """Return the hinges that interpolate :func:`exact_ratio` at its knots and are flat beyond the cap.

    Raises
    ------
    InputError
        If a quantity is out of its range.

    Examples
    --------
    >>> ratio = shape(sd=0.54, nu=16, shift=1.75, extra=1.25)
    >>> [round(knot, 2) for knot in ratio.knots], round(ratio.floor, 3)
    ([-1.06, -1.5, -3.0, -5.0], -0.693)
    """
    if not (sd > 0 and nu > 2 and shift > 0 and extra >= 0 and 0 < intact_share < 1):
        raise InputError(
            "shape of the ratio: expected sd > 0, nu > 2, shift > 0, extra >= 0 and 0 < intact_share < 1, "
            f"got {sd}, {nu}, {shift}, {extra}, {intact_share}"
        )
    grid = np.linspace(-6.0, 4.0, 10001)
    ratio = exact_ratio(grid, sd, nu, shift, extra, intact_share)
    floor = float(ratio[-1])
    start = float(grid[np.argmax(ratio <= floor + 1e-9)])
    cap = min(CAP_SD, start - 1.0)
    knots = [start, *(knot for knot in INNER_KNOTS if cap < knot < start - 0.2), cap]
    values = exact_ratio(np.array(knots), sd, nu, shift, extra, intact_share)
    steep = [-(v1 - v0) / (k1 - k0) for (k0, v0), (k1, v1) in pairwise(zip(knots, values, strict=True))]
    slopes = [steep[0], *(b - a for a, b in pairwise(steep)), -steep[-1]]
    unused = HINGES - len(knots)
    return Hinges(
        floor,
        (*(float(k) for k in knots), *[cap] * unused),
        (*(float(s) for s in slopes), *[0.0] * unused),
    )
