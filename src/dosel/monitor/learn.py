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
def _gram(sums: Array, x: int, gram: Array) -> None:
    """Write the 5 x 5 normal matrix of pixel `x`: products of harmonics are harmonics."""
    n, c1, s1, c2, s2 = sums[0, x], sums[1, x], sums[2, x], sums[3, x], sums[4, x]
    c3, s3, c4, s4 = sums[5, x], sums[6, x], sums[7, x], sums[8, x]
    gram[0, 0], gram[1, 0], gram[2, 0], gram[3, 0], gram[4, 0] = n, c1, s1, c2, s2
    gram[1, 1], gram[2, 1], gram[2, 2] = (n + c2) / 2, s2 / 2, (n - c2) / 2
    gram[3, 1], gram[3, 2], gram[3, 3] = (c1 + c3) / 2, (s3 - s1) / 2, (n + c4) / 2
    gram[4, 1], gram[4, 2], gram[4, 3], gram[4, 4] = (s1 + s3) / 2, (c1 - c3) / 2, s4 / 2, (n - c4) / 2
    for i in range(5):
        for j in range(i):
            gram[j, i] = gram[i, j]


@nb.njit(nogil=True, cache=True)
def _ridge(gram: Array, right: Array, ridge: Array, size: int, low: Array, out: Array) -> None:
    """Solve (gram + ridge) out = right for the first `size` unknowns by Cholesky; others are 0."""
    out[:] = 0.0
    for i in range(size):
        for j in range(i + 1):
            a = gram[i, j] + (ridge[i] if i == j else 0.0)
            for k in range(j):
                a -= low[i, k] * low[j, k]
            low[i, j] = np.sqrt(max(a, 1e-9)) if i == j else a / low[j, j]
    for i in range(size):
        a = right[i]
        for k in range(i):
            a -= low[i, k] * out[k]
        out[i] = a / low[i, i]
    for i in range(size - 1, -1, -1):
        a = out[i]
        for k in range(i + 1, size):
            a -= low[k, i] * out[k]
        out[i] = a / low[i, i]


@nb.njit(nogil=True, cache=True)
def _variance(squares: float, looks: float, ridge: float, prior: Any) -> float:
    """Return the predictive variance of a look: shrunk to the stream's, plus the level's uncertainty."""
    variance, weight, drift2, _ = prior
    free = max(looks - 1.0, 0.0) + weight
    own = (max(squares, 0.0) + weight * variance) / free if free > 0.0 else variance
    uncertain = 1.0 / (looks + ridge) if looks + ridge > 0.0 else 1.0
    predictive: float = max(own * (1.0 + uncertain) * drift2, 1e-6)
    return predictive


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
        factor of the residual squares (second pass).
    size
        Number of coefficients that are fitted.
    out
        (6, pixel) float32.
    """
    gram, low = np.zeros((5, 5)), np.zeros((5, 5))
    right, theta = np.zeros(5), np.zeros(5)
    for x in range(sums.shape[1]):
        _gram(sums, x, gram)
        for k in range(5):
            right[k] = sums[GRAM + k, x]
        _ridge(gram, right, ridge, size, low, theta)
        squares = np.float64(sums[GRAM + MOMENTS - 1, x])
        for i in range(size):
            squares -= 2.0 * theta[i] * right[i]
            for j in range(size):
                squares += theta[i] * theta[j] * gram[i, j]
        for k in range(5):
            out[k, x] = theta[k]
        out[5, x] = _variance(squares, gram[0, 0], ridge[0], prior)


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
    gram, low = np.zeros((5, 5)), np.zeros((5, 5))
    right, theta = np.zeros(5), np.zeros(5)
    for x in range(sums.shape[1]):
        _gram(sums, x, gram)
        for i in range(5):
            right[i] = clipped[i, x]
            for j in range(size):
                right[i] += gram[i, j] * fit[j, x]
        _ridge(gram, right, ridge, size, low, theta)
        squares = np.float64(clipped[5, x])
        for i in range(size):
            d = theta[i] - fit[i, x]
            squares -= 2.0 * d * clipped[i, x]
            for j in range(size):
                squares += d * (theta[j] - fit[j, x]) * gram[i, j]
        for k in range(5):
            out[k, x] = theta[k]
        out[5, x] = _variance(squares * prior[3], gram[0, 0], ridge[0], prior)
