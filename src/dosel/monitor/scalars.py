"""The scalars of a look: what the integer kernel needs beside the arrays, all as fixed-point integers.

Units of the kernel: residuals in quanta, standardised residuals and innovations in sigma / 256, the
slow level in sigma / 8192, evidence in nat / 64 (:data:`dosel.model.codes.EVIDENCE_PER_NAT`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.model.codes import DAY_BITS, EVIDENCE_PER_NAT, STATE_DAY0
from dosel.monitor.evidence import HINGES, StreamModel

YEAR_DAYS = 365.25
SIGMA = 256
"""Fixed-point scale of standardised residuals: units per sigma."""
BASIS_ONE = 1024
"""Fixed-point scale of the harmonics of a date."""
SLOPE_ONE = 1024
"""Fixed-point scale of slopes, so that slope * innovation is in nat / 2**18."""
WEIGHT_ONE = 16384
"""Fixed-point scale of the neighbours' weights."""
BAND_ONE = 256
"""Fixed-point scale of the weights of a look's bands."""
SEASON_SHIFT, OFFSET, GAIN_SHIFT, CLIP, SIGN, FREEZE, RADIUS, PLANE = range(8)
"""Columns of :attr:`LookScalars.fields`: right shift of the season, the pass's offset in quanta, right shift
and bound of the slow level's step, -1 times the direction, evidence at which the slow level rests, radius of
the neighbours' window, plane of the state's memory."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Running evidence at which a pixel is a candidate (h1) and changed (h2), in nats."""

    h1: float
    h2: float

    def __post_init__(self) -> None:
        if not 0 < self.h1 <= self.h2 < 32767 / EVIDENCE_PER_NAT:
            raise InputError(f"thresholds: expected 0 < h1 <= h2 < 511 nats, got {self.h1} and {self.h2}")


@dataclass(frozen=True, slots=True)
class LookScalars:
    """Scalars of one look, fixed-point; made by :func:`look_scalars`."""

    day: int
    """Day of the look as state arrays store it."""
    fade: int
    """Share of the evidence that a valid look takes away, in 1/32768."""
    h1: int
    """Candidate at this running evidence, nat / 64."""
    h2: int
    """Changed at this running evidence, nat / 64."""
    fields: NDArray[np.int32]
    """(stream, 8): the columns SEASON_SHIFT to PLANE."""
    basis: NDArray[np.int32]
    """(4,): annual cosine and sine, semi-annual cosine and sine of the date, in 1/1024."""
    hinges: NDArray[np.int32]
    """(stream, valid neighbours, 1 + 2 HINGES): floor, knots, slopes."""
    mixing: NDArray[np.int32]
    """(stream, valid neighbours, 3): own weight and a neighbour's (1/16384), 1 / sd of the mean (1/4096)."""
    bands: NDArray[np.int32]
    """(streams + 1,): weight of the summed evidence by the number of valid streams, in 1/256."""

    @property
    def halo_px(self) -> int:
        """Pixels of halo that the neighbours' window needs."""
        return int(self.fields[:, RADIUS].max())


def look_scalars(
    day: int,
    models: Sequence[StreamModel],
    thresholds: Thresholds,
    offsets: Sequence[int] | None = None,
    planes: Sequence[int] | None = None,
    correlation: float = 0.0,
    weight: float = 1.0,
) -> LookScalars:
    """Return the scalars of a look.

    Parameters
    ----------
    day
        UTC day number of the look.
    models
        Parameter rows of the look's streams, in the order of its values.
    thresholds
        h1 and h2 in force.
    offsets
        The pass's own offset per stream, in quanta; 0 where not given.
    planes
        Plane of each stream in the state's memory; the look's own order where not given.
    correlation
        Of the evidence of two streams of the look: the sum over n valid ones counts
        1 / (1 + (n - 1) * correlation).
    weight
        Of the look as a whole, below 1 where other looks share its weather.

    Raises
    ------
    InputError
        If the day cannot be stored, or lists differ in length.
    """
    count = len(models)
    offsets = [0] * count if offsets is None else offsets
    planes = range(count) if planes is None else planes
    if not count == len(offsets) == len(planes) or not count:
        raise InputError(f"look: expected one offset and one plane for each of {count} streams")
    fading = sum(2.0**-model.fade_shift for model in models) / count
    most = max((2 * model.radius_px + 1) ** 2 for model in models)
    return LookScalars(
        state_day(day),
        round(fading * 32768),
        round(thresholds.h1 * EVIDENCE_PER_NAT),
        round(thresholds.h2 * EVIDENCE_PER_NAT),
        np.array([_fields(*row) for row in zip(models, offsets, planes, strict=True)], np.int32),
        basis(day),
        np.array([_by_count(model, _hinge_row, most) for model in models], np.int32),
        np.array([_by_count(model, _mixing_row, most) for model in models], np.int32),
        np.array([_band(weight, n, correlation) for n in range(count + 1)], np.int32),
    )


def state_day(day: int) -> int:
    """Return a UTC day number as state arrays store it, 1 to 16383.

    Raises
    ------
    InputError
        If the day is outside 2010-01-02 to 2054-11-09.
    """
    stored = day - STATE_DAY0
    if not 0 < stored < 1 << DAY_BITS:
        raise InputError(f"day {day}: a state stores days from 2010-01-02 to 2054-11-09 only")
    return stored


def harmonics(day: int) -> tuple[float, float, float, float]:
    """Return annual cosine and sine, semi-annual cosine and sine of a UTC day number."""
    angle = 2 * pi * day / YEAR_DAYS
    return cos(angle), sin(angle), cos(2 * angle), sin(2 * angle)


def basis(day: int) -> NDArray[np.int32]:
    """Return :func:`harmonics` as fixed-point integers, in 1/1024."""
    return np.array([round(BASIS_ONE * value) for value in harmonics(day)], np.int32)


def season_shift(model: StreamModel) -> int:
    """Return the right shift that turns coefficient times basis into quanta."""
    return 10 - model.season_step


def _fields(model: StreamModel, offset: int, plane: int) -> list[int]:
    full = (2 * model.radius_px + 1) ** 2 - 1
    clip = round(model.clip_sd * model.mean_sd(full) * SIGMA)
    freeze = min(round(model.freeze_nats * EVIDENCE_PER_NAT), 1 << 20)
    return [
        season_shift(model),
        offset,
        model.gain_shift,
        clip,
        -model.direction,
        freeze,
        model.radius_px,
        plane,
    ]


def _by_count(model: StreamModel, row: object, most: int) -> list[list[int]]:
    full = (2 * model.radius_px + 1) ** 2
    rows = [row(model, n) for n in range(full)]  # type: ignore[operator]
    return rows + [rows[-1]] * (most - full)


def _hinge_row(model: StreamModel, neighbours: int) -> list[int]:
    hinges = model.hinges(neighbours)
    knots = [round(knot * SIGMA) for knot in hinges.knots]
    slopes = [round(slope * SLOPE_ONE) for slope in hinges.slopes]
    row = [round(hinges.floor * EVIDENCE_PER_NAT), *knots, *slopes]
    if len(row) != 1 + 2 * HINGES or max(map(abs, row)) > 32767:
        raise InputError(
            f"stream {model.stream}: expected {HINGES} hinges, slopes below 32 nats a standard deviation; "
            "give a larger extra or sd"
        )
    return row


def _mixing_row(model: StreamModel, neighbours: int) -> list[int]:
    total = 1.0 + model.neighbour_weight * neighbours
    own, other = WEIGHT_ONE / total, WEIGHT_ONE * model.neighbour_weight / total
    return [round(own), round(other), round(4096 / model.mean_sd(neighbours))]


def _band(weight: float, valid: int, correlation: float) -> int:
    return round(BAND_ONE * weight / (1.0 + max(valid - 1, 0) * correlation))
