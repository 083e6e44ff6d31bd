"""Take everything from one store into another that is empty: from the file to a server, or back."""

from __future__ import annotations

from dosel.errors import StoreError
from dosel.store.interface import Not, Store
from dosel.store.tables import TABLES

_VERSION = "schema_version"
"""Key of the only row of a new store; both were brought to the newest version when they were opened."""


def sizes(store: Store) -> dict[str, int]:
    """Return how many rows each table has, without the version of the schema."""
    found = {name: store.tally(name, [])[0]["count"] for name in TABLES}
    return found | {"meta": store.tally("meta", [], {"key": Not(_VERSION)})[0]["count"]}


def copy_store(source: Store, target: Store) -> dict[str, int]:
    """Copy every row, in the order of growth where there is one; return how many by table.

    Writers of both wait meanwhile. Either everything is there afterwards or nothing.

    Raises
    ------
    StoreError
        If the target holds rows, or does not hold what was copied.
    """
    with source.transaction(), target.transaction():
        taken = {name: count for name, count in sizes(target).items() if count}
        if taken:
            raise StoreError(
                f"{target.place}: expected an empty store, got rows in {', '.join(sorted(taken))}"
            )
        for name in TABLES:
            rows = source.select(name, {"key": Not(_VERSION)} if name == "meta" else None)
            target.insert(name, rows)
        copied = sizes(target)
        if copied != sizes(source):
            raise StoreError(f"{target.place}: the copy differs from {source.place}; nothing was kept")
    return copied
