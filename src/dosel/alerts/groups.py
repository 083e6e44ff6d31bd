"""Groups of things that are linked: the oldest of a group gives it its identity.

Examples
--------
>>> groups = Groups(4)
>>> groups.join(1, 3)
>>> groups.join(3, 2)
>>> [groups.first(number) for number in range(4)]
[0, 1, 1, 1]
>>> groups.members()
{0: [0], 1: [1, 2, 3]}
"""

from __future__ import annotations


class Groups:
    """Groups of the numbers 0 to n - 1; the least number of a group stands for it, whatever the order."""

    def __init__(self, count: int) -> None:
        self._first = list(range(count))

    def first(self, number: int) -> int:
        """Return the least number of the group."""
        root = number
        while self._first[root] != root:
            root = self._first[root]
        while self._first[number] != root:
            self._first[number], number = root, self._first[number]
        return root

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        a, b = self.first(one), self.first(other)
        self._first[max(a, b)] = min(a, b)

    def members(self) -> dict[int, list[int]]:
        """Return every group by its least number."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._first)):
            found.setdefault(self.first(number), []).append(number)
        return found
