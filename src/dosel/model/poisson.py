"""The exact upper bound of a Poisson mean.

Examples
--------
>>> round(poisson_upper(0), 3), round(poisson_upper(3), 3)
(2.996, 7.754)
"""

from __future__ import annotations

import math

from dosel.errors import InputError


def poisson_upper(count: int, confidence: float = 0.95) -> float:
    """Return the exact one-sided upper bound of a Poisson mean after `count` events (Garwood 1936).

    It is the mean under which so few events have the probability 1 - `confidence`, found by bisection.

    Raises
    ------
    InputError
        If `count` is negative or `confidence` not between 0 and 1.
    """
    if count < 0 or not 0.0 < confidence < 1.0:
        raise InputError(f"expected a count from 0 and 0 < confidence < 1, got {count}, {confidence}")
    low, high = float(count), count + 20.0 + 10.0 * math.sqrt(count + 1.0)
    while _poisson_cdf(count, high) > 1.0 - confidence:
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if _poisson_cdf(count, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def _poisson_cdf(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
