"""The area opening against a flood fill at every level."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dosel.alerts.opening import area_opening, group_counts

LEVELS = arrays(np.int16, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 6))


def groups(mask):
    """Corner-connected groups of a mask, by flood fill."""
    left = {tuple(place) for place in np.argwhere(mask)}
    found = []
    while left:
        todo, group = [left.pop()], []
        while todo:
            row, col = todo.pop()
            group.append((row, col))
            near = {(row + dr, col + dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1)} & left
            left -= near
            todo += near
        found.append(group)
    return found


@settings(deadline=None)
@given(LEVELS, st.integers(1, 6))
def test_opening_is_the_highest_level_of_a_large_enough_group(level, least):
    expected = np.zeros_like(level)
    for height in range(1, 7):
        for group in groups(level >= height):
            if len(group) >= least:
                expected[tuple(np.transpose(group))] = height
    assert area_opening(level, least).tolist() == expected.tolist()


@settings(deadline=None)
@given(LEVELS)
def test_counts_are_those_of_a_flood_fill(level):
    marks = np.array([3, 1, 6, 7])
    assert group_counts(level, marks).tolist() == [len(groups(level >= mark)) for mark in marks]


@pytest.mark.parametrize("least", [1, 5])
def test_nothing_gives_nothing(least):
    assert not area_opening(np.zeros((3, 3), np.int16), least).any()
