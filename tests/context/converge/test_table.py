"""Two questions, two nulls: they hold their level, find what was planted, and keep what they must keep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dosel.context.converge.chance import monte_carlo
from dosel.context.converge.events import UNDATED, Events, make_events
from dosel.context.converge.moment import Spell, turn
from dosel.context.converge.near import Index
from dosel.context.converge.nodes import meetings_of, nodes_of
from dosel.context.converge.place import Reach, scatter, squares
from dosel.context.converge.table import Asked, Pair, Question, Silence, pairs_of
from dosel.errors import InputError
from dosel.testing.worlds.activities import ActivitySpec, make_activities, road_distance

SMALL = ActivitySpec(side_m=80_000.0, events=(900, 300), edge_m=20_000.0)
QUICK = Asked(draws=99, seed=5)


def answers(events: Events, asked: Asked = QUICK) -> dict[Question, Pair]:
    return {pair.question: pair for pair in pairs_of(events, asked)}


def naive_p(events: Events, seed: int) -> float:
    """Return the p-value of a torus shift, which forgets that both activities thin out alike."""
    one, other = events.of("one"), events.of("other")
    index, rng = Index.of(one.x_m, one.y_m, 2000.0), np.random.default_rng(seed)

    def pairs(x: np.ndarray, y: np.ndarray) -> int:
        return int(index.rings(x, y, 2000.0, 1).sum())

    side = SMALL.side_m
    steps = rng.random((99, 2)) * side
    draws = [pairs((other.x_m + dx) % side, (other.y_m + dy) % side) for dx, dy in steps]
    return monte_carlo(pairs(other.x_m, other.y_m), draws).p


def test_level_under_shared_roads_frontier_season_and_clouds() -> None:
    """Activities that ignore each other are found at about the nominal rate; the naive test finds many.

    At most 6 of 40 has probability 0.997 under 5 %, 8 of 20 one of 2e-6. Mutants: the outer rings left
    out of the log ratio; days turned event by event in place of block by block; the clock of the whole area.
    """
    worlds = [make_activities(replace(SMALL, seed=seed)) for seed in range(40)]
    told = [answers(world) for world in worlds]
    for question in Question:
        p = [one[question].tail.p for one in told if one[question].tail is not None]
        assert len(p) == 40
        assert sum(value <= 0.05 for value in p) <= 6, question
    assert sum(naive_p(world, 1) <= 0.05 for world in worlds[:20]) >= 8


def test_planted_attraction_is_found() -> None:
    """Half of one activity stands beside the other: both answer yes. Mutant: days of the fixed one turned."""
    spec = replace(SMALL, events=(1500, 600), road_pull=0.0, seeking=0.5, beside_m=300.0, seed=3)
    told = answers(make_activities(spec))
    for pair in told.values():
        assert pair.tail is not None
        assert pair.ratio is not None
        assert pair.tail.p == 0.01
        assert 1 < pair.ratio.low < pair.ratio.ratio < pair.ratio.high
        assert pair.ratio.chance_high < pair.ratio.ratio
        assert pair.p_together == pytest.approx(0.02)


def test_a_turn_keeps_what_it_must() -> None:
    """Windows, and the days of a block that is its own region. Mutant: days drawn anew."""
    moved = make_activities(SMALL).of("other")
    spell = Spell(region_m=40_000.0)
    days = next(turn(moved, 40_000.0, spell, 1, 9))
    window = np.floor(moved.day / spell.window_days)
    assert (np.floor(days / spell.window_days) == window).all()
    assert (days != moved.day).mean() > 0.3
    at = squares(moved.x_m, moved.y_m, 40_000.0)
    for key in np.unique(np.column_stack([at, window]), axis=0):
        here = (at == key[:2]).all(axis=1) & (window == key[2])
        assert sorted(days[here]) == sorted(moved.day[here])


def test_a_block_turns_whole() -> None:
    """In event time all events of a block and window move by one amount. Mutant: a draw for each event."""
    moved = make_activities(SMALL).of("other")
    moved = moved.take((moved.x_m >= 0) & (moved.y_m >= 0))
    spell = Spell(region_m=200_000.0)
    window = np.floor(moved.day / spell.window_days)
    turned = 0
    for days in turn(moved, 200_000.0, spell, 5, 2):
        for one in np.unique(window):
            here = np.flatnonzero(window == one)
            here = here[np.argsort(moved.day[here], kind="stable")]
            rolls = [np.roll(moved.day[here], -by) for by in range(here.size)]
            assert any((days[here] == roll).all() for roll in rolls)
            turned += not (days[here] == rolls[0]).all()
    assert turned >= 15


def test_scatter_moves_parcels_whole_and_keeps_strata() -> None:
    """Parcels keep their shape; a group ends in its stratum. Mutants: a step a point; no strata."""
    moved = make_activities(SMALL).of("other")

    def near_road(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.searchsorted([1000.0, 3000.0], road_distance(SMALL, x, y))

    reach = Reach(2000.0, 8000.0, 4000.0, 24_000.0)
    _, parcel = np.unique(squares(moved.x_m, moved.y_m, 4000.0), axis=0, return_inverse=True)
    count = np.bincount(parcel)
    for x, y in scatter(moved, reach, 3, 1, near_road):
        for before, after in ((moved.x_m, x), (moved.y_m, y)):
            step = after - before
            mean = np.bincount(parcel, step) / count
            np.testing.assert_allclose(step, mean[parcel], atol=1e-6)
        middles = [np.bincount(parcel, part) / count for part in (moved.x_m, moved.y_m)]
        ends = [np.bincount(parcel, part) / count for part in (x, y)]
        assert (near_road(*middles) == near_road(*ends)).all()


def test_order_of_rows_and_of_parts_changes_nothing() -> None:
    """Rows shuffled, as if read tile by tile. Mutant: no sort in make_events."""
    events = make_activities(replace(SMALL, seed=2, seeking=0.3))
    names = np.array(events.names)[events.code]
    order = np.random.default_rng(0).permutation(len(events))
    shuffled = make_events(
        list(names[order]), events.x_m[order], events.y_m[order], events.day[order], events.area_ha[order]
    )
    asked = Asked(draws=49)
    first, second = pairs_of(events, asked), pairs_of(shuffled, asked)
    assert [(p.ratio, p.tail, p.p_together) for p in first] == [
        (p.ratio, p.tail, p.p_together) for p in second
    ]
    assert meetings_of(first) == meetings_of(second)


def test_units_scale() -> None:
    """Twice the map at twice the reach is the same answer. Mutant: a length that is not of the reach."""
    events = make_activities(replace(SMALL, seed=4))
    names = [events.names[code] for code in events.code]
    twice = make_events(names, events.x_m * 2, events.y_m * 2, events.day, events.area_ha)
    one, two = (
        pairs_of(part, Asked(Reach.near(within), Spell(region_m=24 * within), 49, seed=1))
        for part, within in ((events, 2000.0), (twice, 4000.0))
    )
    assert [(p.tail, p.ratio) for p in one] == [(p.tail, p.ratio) for p in two]


def test_silences_say_why() -> None:
    """Undated, coarse and rare activities get no p-value. Mutant: undated days counted as a day."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 50_000, (2, 305))
    names = ["mining"] * 100 + ["airstrip"] * 100 + ["clearing"] * 100 + ["rare"] * 5
    day = np.full(305, 19_000)
    day[100:200] = UNDATED
    blur = np.zeros(305, int)
    blur[:100] = 183
    told = {
        (*sorted((p.fixed, p.moved)), p.question): p.silence
        for p in pairs_of(make_events(names, x, y, day, 0.0, blur), QUICK)
    }
    assert told["airstrip", "clearing", Question.MOMENT] is Silence.UNDATED
    assert told["clearing", "mining", Question.MOMENT] is Silence.COARSE
    assert told["mining", "rare", Question.PLACE] is Silence.FEW_EVENTS
    assert told["clearing", "mining", Question.PLACE] is Silence.NONE


def test_a_valley_where_both_come_again_and_again_is_a_node() -> None:
    """Sixteen times the same weeks in one valley. Mutants: cells of the moved activity; rows for columns."""
    base = make_activities(replace(SMALL, seed=6, clouds=False))
    rng = np.random.default_rng(2)
    times = np.repeat(base.day.min() + 40 + 89 * np.arange(16), 8)
    names = [base.names[code] for code in base.code] + ["one", "other"] * (times.size // 2)
    spot = rng.normal(0, 300, (2, times.size)) + np.array([[33_000.0], [45_000.0]])
    x, y = np.concatenate([base.x_m, spot[0]]), np.concatenate([base.y_m, spot[1]])
    events = make_events(names, x, y, np.concatenate([base.day, times + rng.integers(0, 10, times.size)]))
    asked = Asked(draws=199, seed=1)
    nodes = nodes_of(meetings_of(pairs_of(events, asked)), "test")
    assert nodes
    assert (int(45_000 // asked.cell_m), int(33_000 // asked.cell_m)) in nodes[0].squares


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (lambda: make_events(["a"], [np.nan], [0.0], [1]), "finite"),
        (lambda: make_events(["a"], [0.0], [0.0], [1], -1.0), "from 0"),
        (lambda: make_events(["a"], [0.0, 1.0], [0.0], [1]), "1 values"),
        (lambda: Reach(2000.0, 1000.0), "twice"),
        (lambda: Reach(2000.0, 8000.0, 1000.0), "parcel"),
        (lambda: Spell(200), "quarter"),
        (lambda: Asked(draws=3), "at least 19"),
        (lambda: make_events(["a"], [0.0], [0.0], [1]).of("b"), "expected one of a"),
    ],
)
def test_bad_input_is_one_sentence(broken: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        broken()  # type: ignore[operator]
