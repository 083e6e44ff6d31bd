"""Worlds whose radar noise is resampled from real residual series of stable forest.

A real series carries what a simulator forgets: heavy tails, moisture that lasts, season that shifts.
Each pixel replays a series of the bank, in step with the season, around a level of its own. What a
bank of single points cannot tell is how neighbours move together; `patch_px` brackets it.

Examples
--------
>>> noise = np.random.default_rng(0).normal(0, 1.6, (20, 91))
>>> bank = make_bank(list(noise), [17000] * 20)
>>> bank.values.shape, abs(float(bank.values.mean())) < 1e-6
((20, 91), True)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.testing.worlds.events import Event
from dosel.testing.worlds.landscape import WATER_DB, Landscape
from dosel.testing.worlds.noise import Floats, rng_of
from dosel.testing.worlds.radar import RadarLook
from dosel.testing.worlds.spec import WorldSpec
from dosel.testing.worlds.weather import WorldLook

_YEAR = 365.25
_SLOW_LOOKS = 5


@dataclass(frozen=True, slots=True)
class ResidualBank:
    """Real residual series in dB around each series' own mean, one value per repeat of the orbit."""

    values: Floats
    """(series, look)."""
    slow: Floats
    """(series, look): circular running mean over 5 looks: what lasts from look to look."""
    start_days: NDArray[np.int32]
    """(series,): day number of the first value."""
    repeat_days: int = 12

    @property
    def whole_years(self) -> int:
        """Years that a world can replay in step with the season without meeting the same value twice."""
        return max(1, int((self.values.shape[1] + 1) * self.repeat_days / _YEAR))


def make_bank(
    series: Sequence[NDArray[np.floating]], start_days: Sequence[int], repeat_days: int = 12
) -> ResidualBank:
    """Return a bank of residual series, cut to the common length.

    Parameters
    ----------
    series
        Each (look,) in dB, without missing values, one value per repeat of the orbit.
    start_days
        Day number of each first value.

    Raises
    ------
    InputError
        If there is no series, one has a missing value, or the common length is under a year.
    """
    if not len(series) or len(series) != len(start_days):
        raise InputError(
            f"expected one start day per series, got {len(series)} series, {len(start_days)} days"
        )
    length = min(len(row) for row in series)
    if length * repeat_days < 360:
        raise InputError(f"expected series of at least a year, the shortest has {length} looks")
    values = np.stack([np.asarray(row[:length], np.float32) for row in series])
    if not np.isfinite(values).all():
        raise InputError("expected series without missing values")
    values -= values.mean(axis=1, keepdims=True)
    half = _SLOW_LOOKS // 2
    slow = np.mean([np.roll(values, lag, axis=1) for lag in range(-half, half + 1)], axis=0)
    return ResidualBank(values, slow.astype(np.float32), np.asarray(start_days, np.int32), repeat_days)


@dataclass(frozen=True, slots=True)
class Resampling:
    """How a world draws its VH noise from a bank; VV is not observed in such a world."""

    bank: ResidualBank
    patch_px: int = 1
    """Side of the patches whose pixels share the lasting part of one series; 1: pixels are independent."""

    def observe(
        self, spec: WorldSpec, land: Landscape, events: Iterable[Event], look: WorldLook
    ) -> RadarLook:
        """Return a radar look whose VH noise is real; VV is NaN throughout."""
        gamma0 = np.full((2, *spec.shape), np.nan, np.float32)
        level = land.level_db[1] + land.look_db[look.direction] + self.noise_db(spec, look)
        for event in events:
            if event.kind.is_change:
                level[event.rows, event.cols] += event.share(look.day) * event.drop_db[1]
        level[land.water(look.day)] = WATER_DB[1]
        gamma0[1] = np.where(land.layover[look.direction], np.nan, level)
        return RadarLook(look, gamma0, (0.0, 0.0))

    def noise_db(self, spec: WorldSpec, look: WorldLook) -> Floats:
        """Return the residual (y, x) in dB of every pixel at a look."""
        own = self._draw(spec, look, spec.shape, "residual")
        if self.patch_px <= 1:
            return self.bank.values[own]
        high, wide = (-(-side // self.patch_px) for side in spec.shape)
        shared = self.bank.slow[self._draw(spec, look, (high, wide), "residual-patch")]
        shared = np.kron(shared, np.ones((self.patch_px, self.patch_px), np.float32))
        fast = self.bank.values[own] - self.bank.slow[own]
        return np.asarray(fast + shared[: spec.shape[0], : spec.shape[1]], dtype=np.float32)

    def _draw(
        self, spec: WorldSpec, look: WorldLook, shape: tuple[int, int], name: str
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return series and position for each pixel: the same series at every look, in season.

        Raises
        ------
        InputError
            If the world is longer than the whole years of the bank.
        """
        rng = rng_of(spec.seed, name, look.direction)
        count, length = self.bank.values.shape
        series = rng.integers(count, size=shape)
        repeat = self.bank.repeat_days
        span = self.bank.whole_years * _YEAR
        if spec.history_days + spec.monitor_days > span:
            raise InputError(
                f"a world of {spec.history_days + spec.monitor_days} days would meet its own history again: "
                f"the bank's series hold {self.bank.whole_years} whole years"
            )
        shift = rng.integers(self.bank.whole_years, size=shape) * _YEAR
        within = np.mod(look.day - self.bank.start_days[series] + shift, span)
        return series, np.mod(np.rint(within / repeat).astype(np.int64), length)
