"""Every pair of activities of an area and period, asked both questions.

Examples
--------
>>> import numpy as np
>>> from dosel.context.converge.events import UNDATED, make_events
>>> rng = np.random.default_rng(1)
>>> x, y = rng.uniform(0, 60_000, (2, 300))
>>> beside = rng.integers(0, 200, 100)
>>> x[200:], y[200:] = x[beside] + 300, y[beside]
>>> events = make_events(["road"] * 200 + ["clearing"] * 100, x, y, UNDATED)
>>> pair = pairs_of(events, Asked(draws=99))[0]
>>> pair.fixed, pair.moved, pair.question.value, pair.silence.value, pair.tail.p
('road', 'clearing', 'place', '', 0.01)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

import numpy as np

from dosel.context.converge.chance import Ratio, Tail, holm, monte_carlo, ratio_of
from dosel.context.converge.events import Events, Floats, Ints
from dosel.context.converge.moment import Spell, Timed, moment_pairs
from dosel.context.converge.place import Placed, Reach, Strata, place_pairs, ratio_of_place, squares
from dosel.errors import InputError

LEAST_EVENTS: Final = 10
"""Of an activity, for it to be asked about."""
LEAST_EXPECTED: Final = 5.0
"""Pairs that chance gives at contact, and pairs in each outer ring, below which a ratio is not told."""
CELLS_PER_BLOCK: Final = 4


class Question(StrEnum):
    """What is asked of two activities."""

    PLACE = "place"
    """Do they share places more than their surroundings explain?"""
    MOMENT = "moment"
    """Do they come in the same weeks, in the places they share?"""


class Silence(StrEnum):
    """Why a question has no answer."""

    NONE = ""
    FEW_EVENTS = "few-events"
    FEW_PAIRS = "few-pairs"
    UNDATED = "undated"
    STILL = "still"
    """No day can be turned: all lie on one day."""
    COARSE = "coarse"
    """Dates are blurred by more than the days of a pair."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How the questions are asked."""

    reach: Reach = field(default_factory=Reach)
    spell: Spell = field(default_factory=Spell)
    draws: int = 999
    seed: int | None = None
    """None derives it from the events."""

    def __post_init__(self) -> None:
        if self.draws < 19:
            raise InputError(f"draws: expected at least 19, got {self.draws}")

    @property
    def cell_m(self) -> float:
        """Side of the cells in which nodes are looked for."""
        return self.reach.block_m / CELLS_PER_BLOCK


@dataclass(frozen=True, slots=True)
class Cells:
    """Pairs by cell."""

    at: Ints
    """(cell, 2) row and column of :func:`squares`."""
    seen: Floats
    """(cell,) pairs."""
    expected: Floats
    """(cell,) mean of the draws, with what the surroundings explain."""
    p: Floats
    """(cell,) share of the draws of all cells that stand at least as far above their own mean."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two activities, one question, and the answer."""

    fixed: str
    moved: str
    """The rarer of the two."""
    question: Question
    events: tuple[int, int]
    """Of the fixed and the moved one that could be asked about."""
    silence: Silence
    """Why there is no answer."""
    ratio: Ratio | None = None
    tail: Tail | None = None
    p_together: float | None = None
    """The p-value that holds for all questions asked (Holm)."""
    cells: Cells | None = None


def pairs_of(events: Events, asked: Asked, strata: Strata | None = None) -> list[Pair]:
    """Return both questions of every pair of activities, sorted by name, with p-values for all together."""
    seed = events.seed() if asked.seed is None else asked.seed
    pairs = []
    known = {name: events.of(name) for name in events.names}
    held = [name for name, part in known.items() if len(part)]
    for one, other in combinations(held, 2):
        names = (one, other) if len(known[one]) >= len(known[other]) else (other, one)
        parts = known[names[0]], known[names[1]]
        pairs.append(_place(names, parts, asked, seed, strata))
        pairs.append(_moment(names, parts, asked, seed))
    told = [pair for pair in pairs if pair.tail is not None]
    together = iter(holm([pair.tail.p for pair in told if pair.tail is not None]))
    return [replace(pair, p_together=next(together)) if pair.tail is not None else pair for pair in pairs]


def _place(
    names: tuple[str, str], parts: tuple[Events, Events], asked: Asked, seed: int, strata: Strata | None
) -> Pair:
    fixed, moved = parts
    empty = Pair(*names, Question.PLACE, (len(fixed), len(moved)), Silence.FEW_EVENTS)
    if len(moved) < LEAST_EVENTS:
        return empty
    at, cell = _lattice(fixed, asked.cell_m)
    placed = place_pairs(fixed, moved, asked.reach, cell, asked.draws, seed, strata)
    if (
        placed.draws[:, 0].mean() < LEAST_EXPECTED
        or (placed.observed[:, 1:].sum(axis=0) < LEAST_EXPECTED).any()
    ):
        return replace(empty, silence=Silence.FEW_PAIRS)
    _, block = _lattice(moved, asked.reach.block_m)
    log_ratio, chance = placed.log_ratios()
    tail = monte_carlo(log_ratio, chance)
    cells = _by_cell(at, placed, placed.lift())
    return replace(empty, silence=Silence.NONE, ratio=ratio_of_place(placed, block), tail=tail, cells=cells)


def _moment(names: tuple[str, str], parts: tuple[Events, Events], asked: Asked, seed: int) -> Pair:
    dated = [part.dated() for part in parts]
    sharp = [part.take(part.blur_days <= asked.spell.within_days) for part in dated]
    fixed, moved = sharp
    empty = Pair(*names, Question.MOMENT, (len(fixed), len(moved)), Silence.FEW_EVENTS)
    if min(map(len, dated)) == 0 < min(map(len, parts)):
        return replace(empty, silence=Silence.UNDATED)
    if min(map(len, sharp)) == 0 < min(map(len, dated)):
        return replace(empty, silence=Silence.COARSE)
    if min(map(len, sharp)) < LEAST_EVENTS:
        return empty
    at, cell = _lattice(fixed, asked.cell_m)
    timed = moment_pairs(fixed, moved, asked.reach, asked.spell, cell, asked.draws, seed)
    sums = timed.drawn.sum(axis=1)
    if sums.mean() < LEAST_EXPECTED:
        return replace(empty, silence=Silence.FEW_PAIRS)
    if sums.min() == sums.max():
        return replace(empty, silence=Silence.STILL)
    tail = monte_carlo(timed.seen.sum(), sums)
    ratio = ratio_of(*_by_block(at, timed))
    return replace(empty, silence=Silence.NONE, ratio=ratio, tail=tail, cells=_by_cell(at, timed, 1.0))


def _lattice(events: Events, side_m: float) -> tuple[Ints, Ints]:
    """Return the squares that hold events, and (event,) the number of its square."""
    at, number = np.unique(squares(events.x_m, events.y_m, side_m), axis=0, return_inverse=True)
    return at, number.astype(np.int64)


def _by_block(at: Ints, timed: Timed) -> tuple[Floats, Floats]:
    """Return (block,) pairs seen and (draw, block) drawn."""
    blocks, number = np.unique(at // CELLS_PER_BLOCK, axis=0, return_inverse=True)
    into = np.zeros((len(at), len(blocks)))
    into[np.arange(len(at)), number] = 1.0
    return timed.seen @ into, timed.drawn @ into


def _by_cell(at: Ints, pairs: Placed | Timed, lift: float) -> Cells:
    """Return pairs and p-values by cell; `lift` is what the surroundings explain beyond the draws."""
    mean, spread = pairs.drawn.mean(axis=0), np.sqrt(pairs.drawn.var(axis=0) + 1.0)
    chance = np.sort(((pairs.drawn - mean) / spread).ravel())
    found = (pairs.seen / lift - mean) / spread
    extreme = chance.size - np.searchsorted(chance, found - 1e-6)
    return Cells(at, pairs.seen, mean * lift, (1.0 + extreme) / (1.0 + chance.size))
