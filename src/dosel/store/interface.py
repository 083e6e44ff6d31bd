"""What every store can do; the contract suite is :class:`dosel.testing.contracts.StoreContract`.

Rows are mappings from column names to plain values: int, float, str, bytes, None, JSON-like values in
JSON columns, shapely geometries (degrees WGS 84, lon/lat) in geometry columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

Row: TypeAlias = dict[str, Any]
"""One row of a table, without the number (``fid``) that the database gives it."""

Bbox: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees WGS 84."""


@dataclass(frozen=True, slots=True)
class Between:
    """Condition: from `low` to `high`, both included; None is open."""

    low: Any = None
    high: Any = None


@dataclass(frozen=True, slots=True)
class Not:
    """Condition: anything but `value`; ``Not(None)`` is anything at all."""

    value: Any


Where: TypeAlias = Mapping[str, Any]
"""Column -> a value (None too), a collection of values (one of them), :class:`Between` or :class:`Not`."""


@runtime_checkable
class Store(Protocol):
    """One database. Every write happens within :meth:`transaction`; all of it is kept or nothing."""

    @property
    def place(self) -> str:
        """Where the data are: a path or a URL without secrets."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Write everything within the block, or nothing.

        Other writers wait. What the block reads is the newest. On leaving it the data are on the disk.

        Raises
        ------
        StoreError
            If one is already open here, or if a statement within it failed.
        """
        ...

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows, which name the same columns; return how many. A key that is there is an error."""
        ...

    def upsert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows or replace the named columns of those with the same key; return how many."""
        ...

    def select(
        self,
        table: str,
        where: Where | None = None,
        *,
        bbox: Bbox | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> list[Row]:
        """Return rows in a defined order: `order_by` (``-`` first is descending), then by key.

        `bbox` keeps the rows whose own box touches it. Tables that only grow are ordered as they grew.
        """
        ...

    def tally(
        self, table: str, by: Sequence[str], where: Where | None = None, *, latest: str | None = None
    ) -> list[Row]:
        """Return one row for each set of values in `by`: these, their ``count``, greatest of `latest`."""
        ...

    def delete(self, table: str, where: Where) -> int:
        """Remove the rows that fulfil `where`, which must not be empty; return how many."""
        ...

    def close(self) -> None:
        """Give the database back; an open transaction is undone."""
        ...
