"""Datatakes that are folded already: which scenes that come later join their look, and which repeat it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dosel.catalog.item import scene_hash
from dosel.catalog.ledger import FOLDED, MENDABLE, look_row
from dosel.catalog.scene import Look, SceneRef
from dosel.catalog.values import scene_of
from dosel.model.codes import LookStatus
from dosel.model.time import day_of
from dosel.store.interface import Row, Store


def grown(store: Store, look: Look) -> Look | None:
    """Return a folded look with the granules that have come since, or None if nothing joins it.

    A granule that was folded stays as it was, also where another processing of it is on offer. A granule
    that was refused for good does not join, and none joins a look of the history.
    """
    row = _folded(store, look)
    if row is None or row["status"] == LookStatus.HISTORY:
        return None
    used = _used(store, row, look)
    seen = {scene.granule for scene in used} | _refused_granules(store, look)
    new = [scene for scene in look.scenes if scene.granule not in seen]
    if not new:
        return None
    scenes = tuple(sorted((*used, *new), key=lambda scene: scene.granule))
    acquired = min(scene.acquired for scene in scenes)
    return replace(look, acquired=acquired, day=day_of(acquired), scenes=scenes)


def repeated(store: Store, look: Look) -> tuple[SceneRef, ...]:
    """Return the scenes that repeat what a look was folded from, unless they are listed already."""
    row = _folded(store, look)
    if row is None:
        return ()
    used = _used(store, row, look)
    known = {(scene.collection, scene.id) for scene in used}
    listed = store.select("refused_scenes", {"id": [s.id for s in look.scenes]}, columns=["collection", "id"])
    known |= {(row["collection"], row["id"]) for row in listed}
    fresh = tuple(scene for scene in look.scenes if (scene.collection, scene.id) not in known)
    if row["status"] == LookStatus.HISTORY:
        return fresh
    granules = {scene.granule for scene in used}
    return tuple(scene for scene in fresh if scene.granule in granules)


def take_in(store: Store, looks: Iterable[Look]) -> None:
    """Say of looks that were set back of which scenes they will be folded again; others are left alone.

    Call it within the transaction that takes back their states, with what :func:`grown` returned.
    """
    for look in looks:
        rows = store.select("looks", {"id": look.id, "status": int(LookStatus.SET_BACK)})
        if rows:
            store.upsert("looks", [look_row(look, LookStatus.SET_BACK)])
            lifted = [int(refusal) for refusal in MENDABLE]
            for scene in look.scenes:
                where = {"collection": scene.collection, "id": scene.id, "refusal": lifted}
                store.delete("refused_scenes", where)


def _folded(store: Store, look: Look) -> Row | None:
    """Return the row of a folded look of which other scenes are on offer than it was folded from."""
    rows = store.select("looks", {"id": look.id, "status": [int(status) for status in FOLDED]})
    if not rows:
        return None
    used = {(collection, name) for collection, name, *_ in rows[0]["scenes"]}
    offered = {(scene.collection, scene.id) for scene in look.scenes}
    return rows[0] if offered - used else None


def _used(store: Store, row: Row, look: Look) -> list[SceneRef]:
    """Return the scenes that a look was folded from, with the addresses they are offered under today."""
    offered = {(scene.collection, scene.id): scene for scene in look.scenes}
    kept = store.select("scenes", {"look_id": look.id})
    stored = {(one["collection"], one["id"]): scene_of(one["scene"]) for one in kept}
    keys = [(collection, name) for collection, name, *_ in row["scenes"]]
    return [offered.get(key) or stored[key] for key in keys]


def _refused_granules(store: Store, look: Look) -> set[str]:
    """Return the granules on offer that were refused for good."""
    rows = store.select("refused_scenes", {"id": [scene.id for scene in look.scenes]})
    final = {(row["collection"], row["id"], row["content"]) for row in rows if row["refusal"] not in MENDABLE}
    mine = {(s.collection, s.id, scene_hash(s)): s.granule for s in look.scenes}
    return {granule for key, granule in mine.items() if key in final}
