"""Growth, identity and breaks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dosel.context.converge.events import make_events
from dosel.context.converge.growth import Break, amount_of, amounts_at, change
from dosel.context.converge.nodes import Node, carry
from dosel.errors import InputError


def node(name: str, *squares: tuple[int, int]) -> Node:
    return Node(name, frozenset(squares), ("fire", "mining"), ())


def test_identity_goes_to_the_largest_share_once() -> None:
    """Split and merge. Mutants: an identity carried twice; the first in place of the largest."""
    before = [node("big", (0, 0), (0, 1), (0, 2)), node("small", (0, 4))]
    split = carry(before, [node("a", (0, 0)), node("b", (0, 1), (0, 2)), node("c", (9, 9))])
    assert [(one.id, one.parents) for one in split] == [("a", ("big",)), ("big", ()), ("c", ())]
    merged = carry(before, [node("m", *((0, col) for col in range(5)))])
    assert [(one.id, one.parents) for one in merged] == [("big", ("small",))]


def test_a_node_that_moves_to_the_next_cell_stays_itself() -> None:
    """Mutant: only shared cells count."""
    assert carry([node("old", (3, 3))], [node("new", (4, 4))])[0].id == "old"
    assert carry([node("old", (3, 3))], [node("new", (5, 5))])[0].id == "new"


def test_amounts_are_of_the_period_and_the_cells() -> None:
    """Mutants: undated events counted; rows and columns changed round."""
    events = make_events(
        ["fire", "fire", "mining"], [150.0, 50.0, 150.0], [50.0, 150.0, 50.0], [10, 10, 30], [3.0, 9.0, 5.0]
    )
    told = amounts_at(node("n", (0, 1)), events, 100.0, (0, 20))
    assert [(one.activity, one.events, one.area_ha) for one in told] == [("fire", 1, 3.0), ("mining", 0, 0.0)]


def test_intervals_of_counts_cover() -> None:
    """The exact interval holds the mean at least 95 times of 100. Mutant: one-sided ends."""
    rng = np.random.default_rng(4)
    held = 0
    for count in rng.poisson(7.0, 400):
        amount = amount_of(make_events(["a"] * count, np.zeros(count), np.zeros(count), 1), "a", (0, 9))
        held += amount.events_low <= 7.0 <= amount.events_high
    assert held >= 375


@pytest.mark.parametrize(("day", "broken"), [(100, True), (150, True), (199, True), (200, False), (0, False)])
def test_no_comparison_across_a_break(day: int, broken: bool) -> None:
    """A break inside either period or between them. Mutants: the second period only; any activity."""
    parts = [make_events(["mining"] * 5, np.zeros(5), np.zeros(5), 10)] * 2
    before, now = (
        amount_of(part, "mining", days) for part, days in zip(parts, [(0, 99), (100, 199)], strict=True)
    )
    told = change(before, now, [Break("mining", day, "new model"), Break("fire", 50, "other")])
    assert bool(told.broken) is broken
    assert math.isnan(told.ratio) is broken


def test_rates_are_by_day_and_periods_in_order() -> None:
    """Mutant: counts in place of rates."""
    few, many = (make_events(["a"] * n, np.zeros(n), np.zeros(n), 1) for n in (5, 10))
    assert change(amount_of(few, "a", (0, 9)), amount_of(many, "a", (10, 29))).ratio == pytest.approx(1.0)
    with pytest.raises(InputError, match="after the other"):
        change(amount_of(few, "a", (0, 9)), amount_of(many, "a", (9, 29)))
