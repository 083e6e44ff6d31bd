"""Known answers of the small statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dosel.context.converge.chance import (
    binomial_upper,
    false_discovery,
    holm,
    interval,
    monte_carlo,
    ratio_of,
)


def test_p_counts_ties_and_itself() -> None:
    """Mutants: > for >=; no one added."""
    assert monte_carlo(5, [5, 6, 1, 1]).p == pytest.approx(3 / 5)
    assert monte_carlo(9, range(9)).p == pytest.approx(1 / 10)


def test_the_bound_of_no_extreme_draw_is_exact() -> None:
    """Clopper and Pearson at 0 of n: 1 - 0.05 ** (1 / n)."""
    assert binomial_upper(0, 999) == pytest.approx(1 - 0.05 ** (1 / 999), rel=1e-9)


def test_holm_is_monotone_and_bounded() -> None:
    """Mutant: Bonferroni; no running maximum."""
    assert holm([0.02, 0.001, 0.02, 0.9]) == [0.06, 0.004, 0.06, 0.9]
    assert holm([]) == []


def test_false_discovery_steps_up() -> None:
    """A value above its line counts when a later one is under its own. Mutant: stop at the first."""
    assert false_discovery([0.01, 0.04, 0.041, 0.05], 0.05) == [True, True, True, True]
    assert false_discovery([0.5, 0.6], 0.05) == [False, False]


def test_ratio_over_blocks() -> None:
    """The interval is that of the wider of blocks and draws. Mutant: the narrower."""
    observed = np.array([4.0, 5, 3, 6, 4, 8])
    draws = np.random.default_rng(1).poisson(2.0, (500, 6)).astype(float)
    told = ratio_of(observed, draws)
    assert told.ratio == pytest.approx(observed.sum() / draws.sum(axis=1).mean())
    width = math.log(told.high / told.low) / 2 / 1.959964
    assert width == pytest.approx(draws.sum(axis=1).std() / draws.sum(axis=1).mean(), rel=1e-6)
    lumpy = ratio_of(np.array([30.0, 0, 0, 0, 0, 0]), draws)
    assert lumpy.low < 0.5 < lumpy.ratio


def test_few_blocks_say_so() -> None:
    """Mutant: an interval from one block."""
    told = ratio_of(np.array([4.0]), np.full((50, 1), 2.0))
    assert (told.ratio, told.low, told.high) == (2.0, 0.0, math.inf)
    assert interval(0.0, 0.1) == (0.0, math.inf)
