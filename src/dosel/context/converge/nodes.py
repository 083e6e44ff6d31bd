"""Where activities meet, how such nodes are ranked, and who they are from one period to the next.

A cell is a discovery where an activity meets another more often than the draws of their question, with the
share of false discoveries bounded over all cells of all pairs in which the activity that stands still has
an event. Discoveries that touch are one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dosel.context.converge.chance import false_discovery
from dosel.context.converge.table import Pair, Question
from dosel.model.provenance import content_id

FALSE_SHARE: Final = 0.1
"""Of the discoveries, on average."""

Square = tuple[int, int]
"""Row and column of a cell."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two activities in one cell."""

    square: Square
    activities: tuple[str, str]
    question: Question
    seen: float
    """Pairs."""
    expected: float
    p: float
    found: bool = True
    """A discovery; otherwise no more than the cells of any area may show."""


@dataclass(frozen=True, slots=True)
class Node:
    """A place where activities meet, with an identity that persists."""

    id: str
    squares: frozenset[Square]
    activities: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    parents: tuple[str, ...] = ()
    """Nodes of the period before that it touches, besides the one whose identity it carries."""

    @property
    def excess(self) -> float:
        """Pairs beyond those expected: what nodes are ranked by, after the number of activities."""
        return sum(meeting.seen - meeting.expected for meeting in self.meetings)


def meetings_of(pairs: Iterable[Pair], false_share: float = FALSE_SHARE) -> list[Meeting]:
    """Return the cells with more pairs than expected, sorted by cell and names, and which are discoveries."""
    told = [(pair, pair.cells) for pair in pairs if pair.cells is not None]
    if not told:
        return []
    found = false_discovery(np.concatenate([cells.p for _, cells in told]).tolist(), false_share)
    flags, out = iter(found), []
    for pair, cells in told:
        names = (min(pair.fixed, pair.moved), max(pair.fixed, pair.moved))
        for at, seen, expected, p in zip(cells.at, cells.seen, cells.expected, cells.p, strict=True):
            flag, square = next(flags), (int(at[0]), int(at[1]))
            if flag or seen > expected:
                numbers = float(seen), float(expected), float(p)
                out.append(Meeting(square, names, pair.question, *numbers, found=flag))
    return sorted(out, key=lambda meeting: (meeting.square, meeting.activities, meeting.question))


def nodes_of(meetings: Sequence[Meeting], plane: str) -> list[Node]:
    """Return the nodes: most activities first, then most pairs beyond those expected.

    Only discoveries make a node. Its id derives from its first cell and the name of the `plane`.

    Examples
    --------
    >>> made = [Meeting((0, n), ("fire", "road"), Question.PLACE, 9, 2, 0.001) for n in (0, 1, 5)]
    >>> [(sorted(node.squares), node.excess) for node in nodes_of(made, "laea")]
    [([(0, 0), (0, 1)], 14), ([(0, 5)], 7)]
    """
    nodes, found = [], [meeting for meeting in meetings if meeting.found]
    for squares in _touching({meeting.square for meeting in found}):
        inside = tuple(meeting for meeting in found if meeting.square in squares)
        names = sorted({name for meeting in inside for name in meeting.activities})
        nodes.append(Node(content_id("node", plane, min(squares)), squares, tuple(names), inside))
    return sorted(nodes, key=lambda node: (-len(node.activities), -node.excess, min(node.squares)))


def carry(before: Sequence[Node], now: Sequence[Node]) -> list[Node]:
    """Return the nodes of now with the identities of those before that they touch.

    The pair that shares most cells is joined first; an identity is carried once.

    Examples
    --------
    >>> old = Node("node-1", frozenset({(0, 0), (0, 1)}), (), ())
    >>> new = [Node("a", frozenset({(0, 0)}), (), ()), Node("b", frozenset({(0, 1), (0, 2), (1, 1)}), (), ())]
    >>> [(node.id, node.parents) for node in carry([old], new)]
    [('node-1', ()), ('b', ('node-1',))]
    """
    shared = [
        (-len(one.squares & other.squares), one.id, other.id)
        for one in before
        for other in now
        if one.squares & _grown(other.squares)
    ]
    heirs: dict[str, str] = {}
    for _, old, new in sorted(shared):
        if old not in heirs.values() and new not in heirs:
            heirs[new] = old
    out = []
    for node in now:
        touched = sorted(old for _, old, new in shared if new == node.id)
        name = heirs.get(node.id, node.id)
        out.append(replace(node, id=name, parents=tuple(old for old in touched if old != name)))
    return out


def _grown(squares: frozenset[Square]) -> frozenset[Square]:
    """Return cells and their eight neighbours."""
    steps = (-1, 0, 1)
    return frozenset((row + up, col + right) for row, col in squares for up in steps for right in steps)


def _touching(squares: set[Square]) -> list[frozenset[Square]]:
    """Return groups of cells that touch at a side or a corner."""
    left, groups = set(squares), []
    while left:
        edge = frozenset({min(left)})
        group: set[Square] = set()
        while edge:
            group |= edge
            left -= edge
            edge = _grown(edge) & left
        groups.append(frozenset(group))
    return groups
