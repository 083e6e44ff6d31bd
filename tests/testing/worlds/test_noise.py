"""Statistics that the simulation promises: speckle, fields, shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosel.errors import InputError
from dosel.testing.worlds.noise import blob, line_distance, rng_of, smooth_field, speckle


@pytest.mark.parametrize("correlation", [0.0, 0.1, 0.25])
@pytest.mark.parametrize("enl", [1, 5])
def test_speckle_has_its_looks_mean_and_correlation(enl: int, correlation: float) -> None:
    field = speckle(rng_of(1, "test", enl), (600, 600), enl, correlation).astype(float)
    assert field.mean() == pytest.approx(1.0, abs=0.02)
    assert field.mean() ** 2 / field.var() == pytest.approx(enl, rel=0.04)
    across = np.corrcoef(field[:, 1:].ravel(), field[:, :-1].ravel())[0, 1]
    down = np.corrcoef(field[1:].ravel(), field[:-1].ravel())[0, 1]
    beyond = np.corrcoef(field[2:].ravel(), field[:-2].ravel())[0, 1]
    assert across == pytest.approx(correlation, abs=0.02)
    assert down == pytest.approx(correlation, abs=0.02)
    assert beyond == pytest.approx(0.0, abs=0.02)


def test_correlated_speckle_is_gamma_and_not_merely_of_its_variance() -> None:
    """A normal field with the right variance would have no skewness; gamma has 2 / sqrt(enl)."""
    field = speckle(rng_of(2, "test"), (600, 600), 4, 0.2).astype(float)
    skewness = ((field - 1.0) ** 3).mean() / field.var() ** 1.5
    assert skewness == pytest.approx(1.0, abs=0.08)


def test_smooth_field_has_unit_variance_and_its_length() -> None:
    fields = np.stack([smooth_field(rng_of(k, "field"), (256, 200), 8.0) for k in range(12)])
    assert fields.var() == pytest.approx(1.0, abs=0.1)
    correlation = (fields[:, 8:] * fields[:, :-8]).mean() / fields.var()
    assert correlation == pytest.approx(np.exp(-1.0), abs=0.08)


def test_draws_are_named() -> None:
    same = [rng_of(1, "a", 2).random() for _ in range(2)]
    others = {rng_of(1, "a", 3).random(), rng_of(2, "a", 2).random(), rng_of(1, "b", 2).random()}
    assert same[0] == same[1]
    assert same[0] not in others
    assert len(others) == 3


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 39), st.integers(0, 29), st.integers(1, 500), st.integers(0, 99))
def test_blob_has_exactly_its_pixels_inside_the_world(row: int, col: int, count: int, seed: int) -> None:
    try:
        rows, cols = blob(rng_of(seed, "blob"), (row, col), count, (40, 30))
    except InputError:
        assert count > 150  # only a large patch in a corner may be refused
        return
    assert len({*zip(rows.tolist(), cols.tolist(), strict=True)}) == count
    assert rows.min() >= 0
    assert cols.min() >= 0
    assert rows.max() < 40
    assert cols.max() < 30


def test_blob_too_large_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit"):
        blob(rng_of(1, "blob"), (2, 2), 500, (20, 20))


def test_line_distance() -> None:
    distance = line_distance((10, 10), [(0.0, 0.0), (0.0, 4.0), (5.0, 4.0)])
    assert distance[0, 2] == 0
    assert distance[3, 4] == 0
    assert distance[2, 1] == pytest.approx(2.0)
    assert distance[8, 8] == pytest.approx(5.0)
