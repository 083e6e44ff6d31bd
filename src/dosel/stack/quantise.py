"""Stored numbers of a raster to int16 quanta of a stream, in one pass over the pixels.

Every kernel fills only pixels that are still NODATA, so that granules laid over each other in sorted
order make one look (the first valid one wins). A value is *missing* if it is nodata, NaN, infinite or
masked, and *absurd* if it lies outside the physical range of the stream; both stay NODATA, the absurd
ones are counted.

A physical value is ``stored * scale + offset`` (in dB: ``10 log10`` of that for linear power), a stored
quantum is ``floor(physical / quantum + 0.5)``.

Examples
--------
>>> rule = Quantum(0.01, (-40.0, 20.0))
>>> out = np.full((1, 5), NODATA, np.int16)
>>> stored = np.array([[-12.344, np.nan, np.inf, -9999.0, 7.0]], np.float32)
>>> quantise(stored, rule, out, nodata=7.0)
Tally(pixels=5, valid=1, absurd=1, saturated=0)
>>> out.tolist()
[[-1234, -32768, -32768, -32768, -32768]]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dosel.model.codes import NODATA

_LARGEST: Final = 32767
_DB_PER_OCTAVE: Final = 10.0 * math.log10(2.0)
_DB_PER_ATANH: Final = 20.0 / math.log(10.0)
_SQRT_HALF: Final = np.int32(0x3F3504F3)
_MANTISSA: Final = np.int32(0x7FFFFF)
_ONE, _THIRD, _FIFTH, _SEVENTH, _NINTH = (np.float32(1.0 / odd) for odd in (1, 3, 5, 7, 9))
_BOOL_NONE: Final = np.ones((1, 0), np.bool_)


@dataclass(frozen=True, slots=True)
class Quantum:
    """How physical values of a stream are stored."""

    size: float
    """Physical size of one stored step."""
    valid: tuple[float, float]
    """Physical range, ends included."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the pixels of one stream."""

    pixels: int = 0
    """Pixels that were still NODATA before."""
    valid: int = 0
    """Pixels that were filled."""
    absurd: int = 0
    """Pixels outside the physical range."""
    saturated: int = 0
    """Valid pixels beyond what int16 can hold, stored as the nearest end."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.pixels + other.pixels,
            self.valid + other.valid,
            self.absurd + other.absurd,
            self.saturated + other.saturated,
        )


def quantise(
    stored: NDArray[Any],
    rule: Quantum,
    out: NDArray[np.int16],
    *,
    nodata: float | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
    linear_power: bool = False,
    clear: NDArray[np.bool_] | None = None,
) -> Tally:
    """Fill `out` (y, x) from one band.

    Parameters
    ----------
    stored
        (y, x) numbers as the raster holds them.
    rule
        Quantum and physical range of the stream.
    out
        (y, x) quanta; only pixels that are NODATA are filled.
    nodata
        Stored number without a value; NaN and infinite ones never have any.
    scale, offset
        physical = stored * scale + offset.
    linear_power
        The physical number is linear power and becomes dB; zero and less is missing.
    clear
        (y, x) True where the pixel may be used; None uses all.
    """
    mask = _BOOL_NONE if clear is None else clear
    none = _nodata_in(stored.dtype, nodata)
    if _is_stored_alike(stored.dtype, rule, scale, offset) and not linear_power:
        smallest, largest = _integer_range(rule)
        missing = NODATA if none is None else int(none)
        return Tally(*_pass_through(stored, missing, smallest, largest, mask, out))
    lost = math.nan if none is None else float(none)
    kernel = _power if linear_power else _affine
    low, high = float(rule.valid[0]), float(rule.valid[1])
    return _tally(kernel(stored, lost, scale, offset, 1.0 / rule.size, low, high, mask, out))


def quantise_difference(
    first: NDArray[Any],
    second: NDArray[Any],
    rule: Quantum,
    out: NDArray[np.int16],
    *,
    nodata: tuple[float | None, float | None] = (None, None),
    scale: tuple[float, float] = (1.0, 1.0),
    offset: tuple[float, float] = (0.0, 0.0),
    clear: NDArray[np.bool_] | None = None,
) -> Tally:
    """Fill `out` (y, x) with the normalised difference (first - second) / (first + second).

    Reflectances of zero and less carry no ratio and are missing; see :func:`quantise` for the rest.

    Examples
    --------
    >>> out = np.full((1, 3), NODATA, np.int16)
    >>> nir, red = np.array([[6000, 0, 3000]], np.uint16), np.array([[2000, 500, 3000]], np.uint16)
    >>> tally = quantise_difference(nir, red, Quantum(0.0001, (-1, 1)), out, scale=(0.0001, 0.0001))
    >>> out.tolist()
    [[5000, -32768, 0]]
    """
    mask = _BOOL_NONE if clear is None else clear
    lost = [_nodata_in(band.dtype, none) for band, none in zip((first, second), nodata, strict=True)]
    none_1, none_2 = (math.nan if none is None else float(none) for none in lost)
    low, high = float(rule.valid[0]), float(rule.valid[1])
    per = 1.0 / rule.size
    counts = _difference(first, second, none_1, none_2, scale, offset, per, low, high, mask, out)
    return _tally(counts)


def _tally(counts: NDArray[np.int64]) -> Tally:
    return Tally(*(int(count) for count in counts))


def _nodata_in(dtype: np.dtype[Any], nodata: float | None) -> Any:
    """Return `nodata` as the raster's own type holds it, None where it cannot occur in it."""
    if nodata is None or math.isnan(nodata):
        return None
    if dtype.kind == "f":
        return np.array(nodata).astype(dtype)[()]
    info = np.iinfo(dtype)
    return dtype.type(nodata) if nodata == int(nodata) and info.min <= nodata <= info.max else None


def _is_stored_alike(dtype: np.dtype[Any], rule: Quantum, scale: float, offset: float) -> bool:
    """Whether stored numbers are quanta already."""
    return dtype == np.int16 and offset == 0.0 and math.isclose(scale, rule.size, rel_tol=1e-12)


def _integer_range(rule: Quantum) -> tuple[int, int]:
    """Return the smallest and largest quantum inside the physical range."""
    low = math.ceil(rule.valid[0] / rule.size - 1e-9)
    high = math.floor(rule.valid[1] / rule.size + 1e-9)
    return max(low, -_LARGEST), min(high, _LARGEST)


@njit(cache=True, nogil=True)
def _pass_through(
    stored: NDArray[np.int16],
    nodata: int,
    low: int,
    high: int,
    clear: NDArray[np.bool_],
    out: NDArray[np.int16],
) -> tuple[int, int, int, int]:
    """Copy quanta that are in range."""
    pixels, valid, absurd = 0, 0, 0
    masked = clear.size > 0
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            empty = out[i, j] == NODATA
            value = stored[i, j]
            there = empty & (value != nodata) & (value != NODATA)
            if masked:
                there &= clear[i, j]
            good = there & (value >= low) & (value <= high)
            pixels += empty
            valid += good
            absurd += there & (not good)
            out[i, j] = value if good else out[i, j]
    return pixels, valid, absurd, 0


@njit(cache=True, nogil=True, error_model="numpy")
def _store_row(
    value: NDArray[np.float64],
    low: float,
    high: float,
    per: float,
    clear: NDArray[np.bool_],
    out: NDArray[np.int16],
    tally: NDArray[np.int64],
) -> None:
    """Store a row of physical values (NaN: missing) where `out` is NODATA; add to `tally`."""
    pixels, valid, absurd, saturated = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    masked = clear.size > 0
    for j in range(out.size):
        empty = out[j] == NODATA
        there = empty & (abs(value[j]) < np.inf)
        if masked:
            there &= clear[j]
        good = there & (value[j] >= low) & (value[j] <= high)
        quanta = np.floor((value[j] if good else 0.0) * per + 0.5)
        stored = min(max(quanta, -32767.0), 32767.0)
        out[j] = np.int16(np.int32(stored)) if good else out[j]
        pixels += np.int32(empty)
        valid += np.int32(good)
        absurd += np.int32(there & (not good))
        saturated += np.int32(good & (stored != quanta))
    tally[0] += pixels
    tally[1] += valid
    tally[2] += absurd
    tally[3] += saturated


@njit(cache=True, nogil=True, error_model="numpy")
def _affine(
    stored: NDArray[Any],
    nodata: float,
    scale: float,
    offset: float,
    per: float,
    low: float,
    high: float,
    clear: NDArray[np.bool_],
    out: NDArray[np.int16],
) -> NDArray[np.int64]:
    """Scale and store one band."""
    tally = np.zeros(4, np.int64)
    value = np.empty(out.shape[1])
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            number = np.float64(stored[i, j])
            value[j] = np.nan if number == nodata else number * scale + offset
        _store_row(value, low, high, per, clear[i % clear.shape[0]], out[i], tally)
    return tally


@njit(cache=True, nogil=True, error_model="numpy")
def _decibel_row(
    value: NDArray[np.float64], mantissa: NDArray[np.float32], exponent: NDArray[np.int32]
) -> None:
    """Turn a row of power (NaN: missing) into dB, within 1e-5 dB of ``10 log10``.

    The logarithm is the exponent of the float plus the series of atanh for a mantissa in
    [sqrt(1/2), sqrt(2)): sums and products only, so the loop vectorises and every machine agrees.
    """
    bits = mantissa.view(np.int32)
    for j in range(value.size):
        mantissa[j] = np.float32(value[j]) if abs(value[j]) < np.inf else np.float32(1.0)
    for j in range(value.size):
        shifted = np.int32(bits[j] - _SQRT_HALF)
        exponent[j] = np.int32(shifted >> np.int32(23))
        bits[j] = np.int32(np.int32(shifted & _MANTISSA) + _SQRT_HALF)
    for j in range(value.size):
        s = (mantissa[j] - _ONE) / (mantissa[j] + _ONE)
        q = s * s
        mantissa[j] = s * (_ONE + q * (_THIRD + q * (_FIFTH + q * (_SEVENTH + q * _NINTH))))
    for j in range(value.size):
        missing = value[j] - value[j]
        value[j] = exponent[j] * _DB_PER_OCTAVE + np.float64(mantissa[j]) * _DB_PER_ATANH + missing


@njit(cache=True, nogil=True, error_model="numpy")
def _power(
    stored: NDArray[Any],
    nodata: float,
    scale: float,
    offset: float,
    per: float,
    low: float,
    high: float,
    clear: NDArray[np.bool_],
    out: NDArray[np.int16],
) -> NDArray[np.int64]:
    """Turn linear power into dB and store it."""
    tally = np.zeros(4, np.int64)
    value = np.empty(out.shape[1])
    mantissa = np.empty(out.shape[1], np.float32)
    exponent = np.empty(out.shape[1], np.int32)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            number = np.float64(stored[i, j])
            power = number * scale + offset
            value[j] = power if (number != nodata) & (power > 0.0) else np.nan
        _decibel_row(value, mantissa, exponent)
        _store_row(value, low, high, per, clear[i % clear.shape[0]], out[i], tally)
    return tally


@njit(cache=True, nogil=True, error_model="numpy")
def _difference(
    first: NDArray[Any],
    second: NDArray[Any],
    nodata_1: float,
    nodata_2: float,
    scale: tuple[float, float],
    offset: tuple[float, float],
    per: float,
    low: float,
    high: float,
    clear: NDArray[np.bool_],
    out: NDArray[np.int16],
) -> NDArray[np.int64]:
    """Store the normalised difference of two bands."""
    tally = np.zeros(4, np.int64)
    value = np.empty(out.shape[1])
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            one, two = np.float64(first[i, j]), np.float64(second[i, j])
            there = (one != nodata_1) & (two != nodata_2)
            one, two = one * scale[0] + offset[0], two * scale[1] + offset[1]
            there &= (one > 0.0) & (two > 0.0)
            total = one + two if there else 1.0
            value[j] = (one - two) / total if there else np.nan
        _store_row(value, low, high, per, clear[i % clear.shape[0]], out[i], tally)
    return tally
