"""Looks that a rewind sets back: the ledger alone knows how to fold them again, whatever the sources list."""

from __future__ import annotations

from dosel.catalog.scene import Look, SceneRef
from dosel.catalog.values import scene_of
from dosel.model.codes import LookStatus
from dosel.model.time import parse_instant
from dosel.store.interface import Between, Row, Store


def set_back(store: Store, step: int) -> int:
    """Say of the looks folded after `step` that they will be folded again; return how many.

    Call it within the transaction that takes back their states.
    """
    rows = store.select("looks", {"status": int(LookStatus.USED), "step": Between(step + 1)})
    store.upsert("looks", [row | {"status": int(LookStatus.SET_BACK), "step": None} for row in rows])
    for table in ("look_tiles", "cell_looks", "foldings"):
        store.delete(table, {"step": Between(step + 1)})
    return len(rows)


def looks_set_back(store: Store) -> list[Look]:
    """Return the looks that wait to be folded again, made of the very scenes they were folded from."""
    rows = store.select("looks", {"status": int(LookStatus.SET_BACK)})
    kept = store.select("scenes", {"look_id": [row["id"] for row in rows]}) if rows else []
    scenes = {(row["collection"], row["id"]): scene_of(row["scene"]) for row in kept}
    return [_look(row, scenes) for row in rows]


def _look(row: Row, scenes: dict[tuple[str, str], SceneRef]) -> Look:
    own = tuple(scenes[collection, name] for collection, name, *_ in row["scenes"])
    return Look(row["id"], row["sensor"], row["geometry"], parse_instant(row["acquired"]), row["day"], own)
