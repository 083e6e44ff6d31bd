"""Loops of the baseline learner: masked sums over looks in cache-sized blocks, and 5 x 5 ridge solutions."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

GRAM = 9
"""Masked sums of 1 and of cosine and sine of the year's first four harmonics."""
MOMENTS = 6
"""Masked sums of the values times the five regressors, and of their squares."""
BLOCK = 512
"""Pixels per block: sums, masks and values of a block stay in the first- and second-level cache."""
GROUP = 4
"""Looks that are added to a sum while it is in a register."""
SOLVED = 64
"""Pixels whose normal equations are solved side by side, in the first-level cache."""
MISSING = np.int16(-32768)

Array = NDArray[Any]


@nb.njit(nogil=True, cache=True)
def _plus_one(a: Array, w0: float, total: Array) -> None:
    for x in range(total.size):
        total[x] += w0 * a[x]


@nb.njit(nogil=True, cache=True)
def _plus_four(a: Array, b: Array, c: Array, d: Array, w: Array, total: Array) -> None:
    """Add four looks one after another, exactly as four calls of `_plus_one` would."""
    w0, w1, w2, w3 = w[0], w[1], w[2], w[3]
    for x in range(total.size):
        total[x] = (((total[x] + w0 * a[x]) + w1 * b[x]) + w2 * c[x]) + w3 * d[x]


@nb.njit(nogil=True, cache=True)
def _plus(terms: Array, weights: Array, total: Array) -> None:
    """Add weights[t] * terms[t] for all looks t, in order; rows of `terms` may be longer than `total`."""
    t, n = 0, total.size
    while t + GROUP <= weights.size:
        _plus_four(
            terms[t, :n], terms[t + 1, :n], terms[t + 2, :n], terms[t + 3, :n], weights[t : t + GROUP], total
        )
        t += GROUP
    while t < weights.size:
        _plus_one(terms[t, :n], weights[t], total)
        t += 1


@nb.njit(nogil=True, cache=True)
def _load(values: Array, anchor: int, mask: Array, value: Array) -> None:
    """Write a look's mask (1 or 0) and masked value minus the anchor."""
    shift = np.float32(anchor)
    for x in range(value.size):
        valid = values[x] != MISSING
        mask[x] = np.float32(1.0) if valid else np.float32(0.0)
    for x in range(value.size):
        v = np.float32(values[x]) - shift
        value[x] = v * mask[x]


@nb.njit(nogil=True, cache=True)
def _squares(value: Array, total: Array) -> None:
    for x in range(total.size):
        total[x] += value[x] * value[x]


@nb.njit(nogil=True, cache=True)
def add_looks(values: Array, waves: Array, anchor: int, sums: Array) -> None:
    """Add looks to the sums of the first pass.

    Parameters
    ----------
    values
        (look, pixel) in quanta (int16).
    waves
        (look, 9) harmonics of the dates (float32).
    anchor
        Subtracted from every value, in quanta.
    sums
        (15, pixel) float32, updated in place.
    """
    looks, pixels = values.shape
    masks = np.empty((looks, BLOCK), np.float32)
    terms = np.empty((looks, BLOCK), np.float32)
    columns = np.ascontiguousarray(waves.T)
    for first in range(0, pixels, BLOCK):
        last = min(first + BLOCK, pixels)
        n = last - first
        for t in range(looks):
            _load(values[t, first:last], anchor, masks[t, :n], terms[t, :n])
        for k in range(GRAM):
            _plus(masks, columns[k], sums[k, first:last])
        for k in range(MOMENTS - 1):
            _plus(terms, columns[k], sums[GRAM + k, first:last])
        for t in range(looks):
            _squares(terms[t, :n], sums[GRAM + MOMENTS - 1, first:last])


@nb.njit(nogil=True, cache=True)
def _clip_to(value: Array, mask: Array, fitted: Array, limit: Array) -> None:
    """Replace values by residuals from the fit, clipped, 0 where masked."""
    for x in range(value.size):
        r = value[x] - fitted[x]
        value[x] = min(max(r, -limit[x]), limit[x]) * mask[x]


@nb.njit(nogil=True, cache=True)
def add_residuals(values: Array, waves: Array, anchor: int, fit: Array, sums: Array) -> None:
    """Add looks to the sums of the second pass: residuals from `fit`, clipped at its last row.

    Parameters
    ----------
    values, anchor
        As in :func:`add_looks`.
    waves
        (look, >= 5) harmonics of the dates (float32).
    fit
        (6, pixel): five coefficients and the limit, in quanta (float32).
    sums
        (6, pixel) float32, updated in place.
    """
    looks, pixels = values.shape
    mask, fitted = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    terms = np.empty((looks, BLOCK), np.float32)
    columns = np.ascontiguousarray(waves.T)
    last_row = MOMENTS - 1
    for first in range(0, pixels, BLOCK):
        last = min(first + BLOCK, pixels)
        n = last - first
        for t in range(looks):
            _load(values[t, first:last], anchor, mask[:n], terms[t, :n])
            fitted[:] = np.float32(0.0)
            for k in range(last_row):
                _plus_one(fit[k, first:last], waves[t, k], fitted[:n])
            _clip_to(terms[t, :n], mask[:n], fitted[:n], fit[last_row, first:last])
        for k in range(last_row):
            _plus(terms, columns[k], sums[k, first:last])
        for t in range(looks):
            _squares(terms[t, :n], sums[last_row, first:last])


@nb.njit(nogil=True, cache=True)
def _copy(a: Array, out: Array) -> None:
    for x in range(a.size):
        out[x] = a[x]


@nb.njit(nogil=True, cache=True)
def _half(a: Array, b: Array, sign: Any, out: Array) -> None:
    for x in range(a.size):
        out[x] = np.float64(a[x] + sign * b[x]) * 0.5


@nb.njit(nogil=True, cache=True)
def _gram(sums: Array, first: int, last: int, gram: Array) -> None:
    """Write the lower half of the 5 x 5 normal matrices: products of harmonics are harmonics."""
    n, c1, s1 = sums[0, first:last], sums[1, first:last], sums[2, first:last]
    c2, s2, c3 = sums[3, first:last], sums[4, first:last], sums[5, first:last]
    s3, c4, s4 = sums[6, first:last], sums[7, first:last], sums[8, first:last]
    plus, minus, none = np.float32(1.0), np.float32(-1.0), np.float32(0.0)
    for row, term in ((0, n), (1, c1), (3, s1), (6, c2), (10, s2)):
        _copy(term, gram[row])
    _half(s2, s2, none, gram[4])
    _half(s4, s4, none, gram[13])
    _half(n, c2, plus, gram[2])
    _half(n, c2, minus, gram[5])
    _half(c1, c3, plus, gram[7])
    _half(s3, s1, minus, gram[8])
    _half(n, c4, plus, gram[9])
    _half(s1, s3, plus, gram[11])
    _half(c1, c3, minus, gram[12])
    _half(n, c4, minus, gram[14])


@nb.njit(nogil=True, cache=True)
def _at(i: int, j: int) -> int:
    """Return the row of element (i, j) of symmetric matrices that are kept as their lower half."""
    return i * (i + 1) // 2 + j if i >= j else j * (j + 1) // 2 + i


@nb.njit(nogil=True, cache=True)
def _raised(a: Array, by: float, out: Array) -> None:
    for x in range(out.size):
        out[x] = a[x] + by


@nb.njit(nogil=True, cache=True)
def _minus(a: Array, b: Array, total: Array) -> None:
    for x in range(total.size):
        total[x] -= a[x] * b[x]


@nb.njit(nogil=True, cache=True, error_model="numpy")
def _divide(total: Array, by: Array) -> None:
    for x in range(total.size):
        total[x] /= by[x]


@nb.njit(nogil=True, cache=True)
def _root(total: Array) -> None:
    for x in range(total.size):
        total[x] = np.sqrt(max(total[x], 1e-9))


@nb.njit(nogil=True, cache=True)
def _ridge(gram: Array, right: Array, ridge: Array, size: int, low: Array, out: Array) -> None:
    """Solve (gram + ridge) out = right for the first `size` unknowns by Cholesky; others are 0.

    Every argument but `ridge` has one column a pixel: each step works on a block of pixels.
    """
    for i in range(size):
        _copy(right[i], out[i])
        for j in range(i + 1):
            a = low[_at(i, j)]
            _raised(gram[_at(i, j)], ridge[i] if i == j else 0.0, a)
            for k in range(j):
                _minus(low[_at(i, k)], low[_at(j, k)], a)
            if i == j:
                _root(a)
            else:
                _divide(a, low[_at(j, j)])
    for i in range(size):
        for k in range(i):
            _minus(low[_at(i, k)], out[k], out[i])
        _divide(out[i], low[_at(i, i)])
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            _minus(low[_at(k, i)], out[k], out[i])
        _divide(out[i], low[_at(i, i)])


@nb.njit(nogil=True, cache=True)
def _move_squares(step: Array, right: Array, gram: Array, size: int, squares: Array) -> None:
    """Move sums of squared residuals by a step of the coefficients: - 2 step right + step gram step."""
    for i in range(size):
        d, r = step[i], right[i]
        for x in range(squares.size):
            squares[x] -= 2.0 * d[x] * r[x]
        for j in range(size):
            e, g = step[j], gram[_at(i, j)]
            for x in range(squares.size):
                squares[x] += d[x] * e[x] * g[x]


@nb.njit(nogil=True, cache=True, error_model="numpy")
def _variance(squares: Array, looks: Array, ridge: float, prior: Any, out: Array) -> None:
    """Write predictive variances of a look: shrunk to the stream's, plus the level's uncertainty."""
    variance, weight, drift2, factor = prior
    for x in range(out.size):
        n = np.float64(looks[x])
        free, sure = max(n - 1.0, 0.0) + weight, n + ridge
        own = (max(squares[x] * factor, 0.0) + weight * variance) / free
        own = own if free > 0.0 else variance
        unsure = 1.0 / sure
        out[x] = max(own * (1.0 + (unsure if sure > 0.0 else 1.0)) * drift2, 1e-6)


@nb.njit(nogil=True, cache=True)
def solve(sums: Array, ridge: Array, prior: Any, size: int, out: Array) -> None:
    """Write five coefficients and the predictive variance of each pixel from the sums of the first pass.

    Parameters
    ----------
    sums
        (15, pixel) float32.
    ridge
        (5,) weights of the prior (no deviation from the anchor), in looks.
    prior
        Variance of the stream in quanta**2, its weight in looks, factor of the predictive variance,
        factor of the residual squares (1 here).
    size
        Number of coefficients that are fitted.
    out
        (6, pixel) float32.
    """
    gram, low = np.zeros((15, SOLVED)), np.zeros((15, SOLVED))
    right, theta, squares = np.zeros((5, SOLVED)), np.zeros((5, SOLVED)), np.zeros(SOLVED)
    for first in range(0, sums.shape[1], SOLVED):
        last = min(first + SOLVED, sums.shape[1])
        _gram(sums, first, last, gram)
        for k in range(5):
            _copy(sums[GRAM + k, first:last], right[k])
        _ridge(gram, right, ridge, size, low, theta)
        _copy(sums[GRAM + MOMENTS - 1, first:last], squares)
        _move_squares(theta, right, gram, size, squares)
        for k in range(5):
            _copy(theta[k, : last - first], out[k, first:last])
        _variance(squares, sums[0, first:last], ridge[0], prior, out[5, first:last])


@nb.njit(nogil=True, cache=True)
def resolve(sums: Array, fit: Array, clipped: Array, ridge: Array, prior: Any, size: int, out: Array) -> None:
    """Write coefficients and variance of the second pass: those of the fit plus the clipped residuals.

    Parameters
    ----------
    sums, ridge, prior, size, out
        As in :func:`solve`.
    fit, clipped
        (6, pixel) float32: the first pass' solution and the sums of :func:`add_residuals`.
    """
    gram, low = np.zeros((15, SOLVED)), np.zeros((15, SOLVED))
    right, theta, squares = np.zeros((5, SOLVED)), np.zeros((5, SOLVED)), np.zeros(SOLVED)
    for first in range(0, sums.shape[1], SOLVED):
        last = min(first + SOLVED, sums.shape[1])
        _gram(sums, first, last, gram)
        for i in range(5):
            _copy(clipped[i, first:last], right[i])
            for j in range(size):
                _plus_product(gram[_at(i, j)], fit[j, first:last], right[i])
        _ridge(gram, right, ridge, size, low, theta)
        for k in range(5):
            _copy(theta[k, : last - first], out[k, first:last])
            _copy(clipped[k, first:last], right[k])
            _take(fit[k, first:last], theta[k])
        _copy(clipped[5, first:last], squares)
        _move_squares(theta, right, gram, size, squares)
        _variance(squares, sums[0, first:last], ridge[0], prior, out[5, first:last])


@nb.njit(nogil=True, cache=True)
def _plus_product(a: Array, b: Array, total: Array) -> None:
    for x in range(b.size):
        total[x] += a[x] * b[x]


@nb.njit(nogil=True, cache=True)
def _take(a: Array, total: Array) -> None:
    for x in range(a.size):
        total[x] -= a[x]
