"""Masks of optical products against their published bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dosel.catalog.sensors import MaskRule
from dosel.stack.optical import FILL, clear, shrink


def test_scene_classification_keeps_ground_and_water_only() -> None:
    classes = np.arange(12, dtype=np.uint8)[None]
    assert np.flatnonzero(clear(MaskRule.SCL, classes)[0]).tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize(("rule", "bad", "good"), [
    # QA_PIXEL: 21824 is the product guide's number for clear land, 21952 for clear water, 22280 for cloud.
    (MaskRule.QA_PIXEL, [22280, *(21824 | 1 << bit for bit in range(6))], [21824, 21952]),
    (MaskRule.FMASK, [1, 2, 4, 8, 16, 255, 192 + 2], [0, 32, 64, 128, 192, 224]),
    (MaskRule.LAYOVER, [1, 2, 3, 255], [0]),
])  # fmt: skip
def test_bits_mean_what_the_product_says(rule: MaskRule, bad: list[int], good: list[int]) -> None:
    numbers = np.array([bad + good], np.uint16)
    assert clear(rule, numbers)[0].tolist() == [False] * len(bad) + [True] * len(good)


@pytest.mark.parametrize("rule", list(FILL))
def test_fill_is_never_clear(rule: MaskRule) -> None:
    assert not clear(rule, np.array([[FILL[rule]]], np.uint16)).any()


def test_no_rule_has_no_mask() -> None:
    with pytest.raises(ValueError, match="no mask"):
        clear(MaskRule.NONE, np.zeros((1, 1), np.uint8))


@given(
    usable=hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, max_side=8)),
    margin=st.integers(0, 4),
)
def test_shrinking_equals_looking_around_every_pixel(usable: Any, margin: int) -> None:
    """Oracle: the definition. Kills: a diamond for a square, a wrap around the edge, one step too few."""
    want = np.ones_like(usable)
    for i, j in np.ndindex(usable.shape):
        rows, cols = slice(max(i - margin, 0), i + margin + 1), slice(max(j - margin, 0), j + margin + 1)
        want[i, j] = usable[rows, cols].all()
    np.testing.assert_array_equal(shrink(usable, margin), want)
