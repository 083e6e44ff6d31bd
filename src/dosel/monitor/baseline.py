"""What undisturbed forest looks like, per pixel and stream: level, season, spread.

Learnt by streaming over the history without holding it. Products of harmonics are harmonics, so the
normal equations of five coefficients need nine masked sums (the count and four pairs of harmonics),
five of the values and one of their squares: 60 bytes a pixel, however many looks. The ridge of the
solution is the stream's prior, in looks: a pixel seen rarely is drawn to the stream's level, to no
season and to the stream's spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, pi, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.model.provenance import array_hash
from dosel.monitor.evidence import StreamModel
from dosel.monitor.kernel import INV_ONE
from dosel.monitor.learn import GRAM, MOMENTS, add_looks, add_residuals, resolve, solve
from dosel.monitor.scalars import YEAR_DAYS

Kind = Literal["history", "surroundings"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Baseline of one stream over a tile and its halo: 5 bytes a pixel and 1 a season coefficient."""

    stream: str
    level: NDArray[np.int16]
    """(y, x) in quanta."""
    season: NDArray[np.int8]
    """(2 * harmonics, y, x): annual cos, sin, semi-annual cos, sin, in 2**season_step quanta."""
    inv_spread: NDArray[np.uint16]
    """(y, x): 2**19 / standard deviation in quanta, at most 32767; 0 where there is no baseline."""
    looks: NDArray[np.uint8]
    """(y, x): looks it was learnt from, 255 for more."""
    kind: Kind
    """``history``: the pixel's own looks; ``surroundings``: the undisturbed forest around."""

    def hash(self) -> str:
        """Return the canonical hash of the arrays."""
        names = ("level", "season", "inv_spread", "looks")
        return array_hash({name: getattr(self, name) for name in names})


class Learner:
    """Streaming learner of one stream's baseline over a tile (and halo).

    Parameters
    ----------
    model
        Parameter row of the stream; its prior draws pixels with few looks.
    shape
        Rows and columns, halo included.

    Notes
    -----
    Sums are added look by look in the order given, so batches and tiles change no bit.
    """

    def __init__(self, model: StreamModel, shape: tuple[int, int]) -> None:
        self.model = model
        self.shape = shape
        self._anchor = round(model.level / model.quantum)
        pixels = shape[0] * shape[1]
        self._sums = np.zeros((GRAM + MOMENTS, pixels), np.float32)
        self._fit: NDArray[np.float32] | None = None
        self._clipped: NDArray[np.float32] | None = None
        self._clip = 0.0

    @property
    def extra_bytes(self) -> int:
        """Bytes held beside the result, independent of the number of looks."""
        held = (self._sums, self._fit, self._clipped)
        return sum(array.nbytes for array in held if array is not None)

    def add(self, days: Sequence[int], values: NDArray[np.int16]) -> None:
        """Add looks of the history.

        Parameters
        ----------
        days
            UTC day number of each look.
        values
            (look, y, x) in quanta, NODATA where masked.
        """
        if values.shape != (len(days), *self.shape):
            raise InputError(f"expected values of shape {(len(days), *self.shape)}, got {values.shape}")
        flat = np.ascontiguousarray(values).reshape(len(days), -1)
        waves = _waves(days)
        if self._fit is None or self._clipped is None:
            add_looks(flat, waves, self._anchor, self._sums)
        else:
            add_residuals(flat, waves[:, :MOMENTS], self._anchor, self._fit, self._clipped)

    def again(self, clip_sigma: float = 3.0) -> None:
        """Start the robust second pass: the same looks are added again, residuals clipped at `clip_sigma`."""
        ridge, prior, count = self._prior()
        self._clip = clip_sigma
        self._fit = np.zeros((MOMENTS, self._sums.shape[1]), np.float32)
        solve(self._sums, ridge, prior, count, self._fit)
        # Gross errors swell a pixel's own spread: the limit does not follow them beyond twice the stream's.
        most = 2.0 * self.model.spread / self.model.quantum
        self._fit[-1] = clip_sigma * np.minimum(np.sqrt(self._fit[-1]), np.float32(most))
        self._clipped = np.zeros((MOMENTS, self._sums.shape[1]), np.float32)

    def finish(self, min_looks: int = 1) -> Baseline:
        """Return the baseline; pixels with fewer than `min_looks` looks have none (inv_spread 0)."""
        ridge, prior, count = self._prior()
        out = np.zeros((MOMENTS, self._sums.shape[1]), np.float32)
        if self._fit is None or self._clipped is None:
            solve(self._sums, ridge, prior, count, out)
        else:
            prior = (prior[0], prior[1], prior[2], 1.0 / _clipped_variance(self._clip))
            resolve(self._sums, self._fit, self._clipped, ridge, prior, count, out)
        return self._quantise(out, min_looks)

    def _prior(self) -> tuple[NDArray[np.float64], tuple[float, float, float, float], int]:
        model = self.model
        ridge = np.array([model.k_level, *[model.k_season] * 4], np.float64)
        variance = (model.spread / model.quantum) ** 2
        return ridge, (variance, model.k_spread, model.drift2, 1.0), 1 + 2 * model.harmonics

    def _quantise(self, fit: NDArray[np.float32], min_looks: int) -> Baseline:
        model = self.model
        shape = self.shape
        level = np.clip(np.rint(fit[0]) + self._anchor, -32767, 32767).astype(np.int16)
        steps = fit[1 : 1 + 2 * model.harmonics] / np.float32(2**model.season_step)
        season = np.clip(np.rint(steps), -127, 127).astype(np.int8)
        inv = np.clip(np.rint(INV_ONE / np.sqrt(fit[-1])), 1, 32767).astype(np.uint16)
        looks = self._sums[0]
        inv[looks < min_looks] = 0
        return Baseline(
            model.stream,
            level.reshape(shape),
            season.reshape(-1, *shape),
            inv.reshape(shape),
            np.minimum(looks, 255).astype(np.uint8).reshape(shape),
            "history",
        )


def baseline_from_surroundings(
    model: StreamModel, shape: tuple[int, int], level: float | None = None, spread: float | None = None
) -> Baseline:
    """Return a flat baseline for a tile without history: the undisturbed forest around.

    Parameters
    ----------
    model
        Parameter row of the stream.
    shape
        Rows and columns, halo included.
    level
        Level of undisturbed forest, physical unit; the stream's where not given. What a single scene
        says about it enters as the look's offset.
    spread
        Standard deviation between pixels and looks of undisturbed forest, physical unit.
    """
    level = model.level if level is None else level
    spread = model.spread * sqrt(model.drift2) if spread is None else spread
    inv = min(max(round(INV_ONE * model.quantum / spread), 1), 32767)
    return Baseline(
        model.stream,
        np.full(shape, round(level / model.quantum), np.int16),
        np.zeros((2 * model.harmonics, *shape), np.int8),
        np.full(shape, inv, np.uint16),
        np.zeros(shape, np.uint8),
        "surroundings",
    )


def _waves(days: Sequence[int]) -> NDArray[np.float32]:
    """Return (look, 9): 1, then cosine and sine of the year's first to fourth harmonic."""
    angle = 2 * pi * np.asarray(days, np.float64) / YEAR_DAYS
    pairs = [wave(k * angle) for k in range(1, 5) for wave in (np.cos, np.sin)]
    return np.stack([np.ones_like(angle), *pairs], axis=1).astype(np.float32)


def _clipped_variance(clip: float) -> float:
    """Return the variance of a standard normal clipped at `clip`."""
    inside = erf(clip / sqrt(2.0))
    density = exp(-clip * clip / 2.0) / sqrt(2.0 * pi)
    return inside - 2.0 * clip * density + clip * clip * (1.0 - inside)
