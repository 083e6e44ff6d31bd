"""Bases: old states of tiles from which everything since can be computed again (design/001).

Gridded looks are removed only up to a base of their tile. A base is a checkpoint that no late look can need
any more; it keeps the state files of the tiles that may start from them and, since nothing goes back to it,
no alerts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from dosel.errors import StoreError
from dosel.model.time import day_of
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import Centre
from dosel.store.interface import Row, Store

NO_ALERTS: Final = b""
"""What a base has in place of the snapshot of a checkpoint's alerts."""
_STARTS: Final = "looks_from"
"""Key of the fact from which base on the looks of a tile are whole."""


@dataclass(frozen=True, slots=True)
class Base:
    """The state of a tile at a step."""

    tile_id: str
    step: int
    day: int
    """Day of the look of the step."""
    file: str
    content: str
    """Hash of the state."""


def starts(store: Store) -> dict[str, int]:
    """Return by tile the step of the base since which all its looks are kept; no entry is since ever."""
    rows = store.select("meta", {"key": _STARTS})
    steps: dict[str, int] = json.loads(rows[0]["value"]) if rows else {}
    return steps


def start_of(store: Store, tile_id: str) -> Base | None:
    """Return the base that a tile starts from, or None if it starts from the fresh state.

    Raises
    ------
    StoreError
        If the base is not there.
    """
    step = starts(store).get(tile_id, 0)
    if not step:
        return None
    own = [base for base in _bases(store) if (base.tile_id, base.step) == (tile_id, step)]
    if not own:
        raise StoreError(
            f"tile {tile_id}: its base of step {step} is not in the database, and the looks before it are no "
            "longer kept; restore it from a backup of the centre"
        )
    return own[0]


def forget_starts(store: Store) -> None:
    """Say that all looks of every tile are kept: no tile needs a base, and each gets new ones."""
    with store.transaction():
        store.delete("meta", {"key": _STARTS})


def retire(centre: Centre, steps: Iterable[int], before: int) -> None:
    """Take the alerts from checkpoints that nothing goes back to: some stay as bases, the others go.

    Call it within the transaction of a step.

    Parameters
    ----------
    steps
        Of the checkpoints.
    before
        Looks older than this day are to be removed.
    """
    store, apart = centre.store, centre.settings.retain.looks_days / 2
    known = store.select("checkpoints", {"alerts": NO_ALERTS}, columns=["day"])
    last = max((row["day"] for row in known), default=day_of(centre.settings.monitor.start))
    for row in store.select("checkpoints", {"step": sorted(steps)}):
        if row["tiles"] and row["day"] - last >= apart:
            last, tiles = row["day"], [tile for tile in row["tiles"] if _mark(centre, tile)]
            store.upsert("checkpoints", [row | {"alerts": NO_ALERTS, "tiles": tiles}])
        else:
            store.delete("checkpoints", {"step": row["step"]})
    _drop(store, before)


def advance(centre: Centre, before: int, kept: Collection[str], *, dry_run: bool = False) -> dict[str, int]:
    """Let tiles start from their newest base before a day, but those of `kept`; return all starts.

    It is one commit. Only after it the looks up to those bases may be removed.
    """
    store, old = centre.store, starts(centre.store)
    ahead = {base.tile_id: base.step for base in _bases(store) if base.day < before}
    new = old | {t: step for t, step in ahead.items() if t not in kept and step > old.get(t, 0)}
    if new != old and not dry_run:
        with store.transaction():
            store.upsert("meta", [{"key": _STARTS, "value": json.dumps(new, sort_keys=True)}])
            _drop(store, before)
    return new


def _drop(store: Store, before: int) -> None:
    """Drop the bases that no tile starts from, or will."""
    needed = _needed(_bases(store), starts(store), before)
    for row in store.select("checkpoints", {"alerts": NO_ALERTS}):
        tiles = [tile for tile in row["tiles"] if (tile["tile_id"], row["step"]) in needed]
        if not tiles:
            store.delete("checkpoints", {"step": row["step"]})
        elif len(tiles) < len(row["tiles"]):
            store.upsert("checkpoints", [row | {"tiles": tiles}])


def _needed(bases: Iterable[Base], begun: Mapping[str, int], before: int) -> set[tuple[str, int]]:
    """Return tile and step of what it starts from, of its newest base before a day, and of the later ones."""
    found = set(begun.items())
    for tile, group in groupby(sorted(bases, key=lambda b: (b.tile_id, b.step)), key=lambda b: b.tile_id):
        own = list(group)
        found |= {(tile, base.step) for base in own if base.day >= before}
        found |= {(tile, base.step) for base in [base for base in own if base.day < before][-1:]}
    return found


def _mark(centre: Centre, tile: Row) -> bool:
    """Write its hash beside a state; return False if it cannot be read: then it can be no base."""
    try:
        state, _ = load_state(centre.root / tile["file"], verify=True)
    except StoreError:
        return False
    tile["content"] = state.hash()
    return True


def _bases(store: Store) -> list[Base]:
    """Return the bases of all tiles, oldest first."""
    rows = store.select("checkpoints", {"alerts": NO_ALERTS}, order_by=("step",))
    return [
        Base(tile["tile_id"], row["step"], row["day"], tile["file"], tile["content"])
        for row in rows
        for tile in row["tiles"]
    ]
