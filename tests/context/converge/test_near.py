"""Counting pairs against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from dosel.context.converge.near import Index


@pytest.mark.parametrize("cell_m", [0.7, 5.0, 400.0])
def test_rings_pairs_and_tally_agree_with_brute_force(cell_m: float) -> None:
    """Any cell size. Mutants: a cell of the reach left out; a limit in the outer ring; order not undone."""
    rng = np.random.default_rng(8)
    x, y = rng.integers(-30, 30, (2, 300)).astype(float)
    px, py = rng.integers(-45, 45, (2, 120)).astype(float)
    index = Index.of(x, y, cell_m)
    far = np.hypot(px[:, None] - x, py[:, None] - y)
    expected = np.stack([((far > ring * 5) | (ring == 0)) & (far <= ring * 5 + 5) for ring in range(3)])
    np.testing.assert_array_equal(index.rings(px, py, 5.0, 3), expected.sum(axis=2).T)
    np.testing.assert_array_equal(np.stack(index.pairs(px, py, 5.0)), np.stack(np.nonzero(far <= 5)))
    np.testing.assert_array_equal(index.tally(px, py, 5.0), (far <= 5).sum(axis=0))


def test_nothing_is_near_nothing() -> None:
    """Mutant: the least of an empty array."""
    index = Index.of(np.empty(0), np.empty(0), 10.0)
    assert index.rings(np.zeros(2), np.zeros(2), 5.0, 2).tolist() == [[0, 0], [0, 0]]
    assert index.pairs(np.zeros(2), np.zeros(2), 5.0)[0].size == 0


def test_two_far_points_do_not_ask_for_a_world_of_cells() -> None:
    """Mutant: no bound on the cells."""
    index = Index.of(np.array([0.0, 1e9]), np.array([0.0, 1e9]), 1.0)
    assert index.starts.size < 5_000_000
    assert index.rings(np.array([1e9]), np.array([1e9]), 1.0, 1).tolist() == [[1]]
