"""What was seen: scenes, looks and what became of them, per tile; idempotent.

Every writing function belongs inside ``store.transaction()``, so that a look enters the ledger in the very
commit that carries its states and alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from dosel.catalog.item import scene_hash
from dosel.catalog.looks import group_looks
from dosel.catalog.scene import Look, SceneRef
from dosel.catalog.search import RefusedItem
from dosel.catalog.values import reading, scene_values
from dosel.model.codes import LookStatus, Refusal
from dosel.model.marking import strictest
from dosel.model.provenance import Source, content_id, digest
from dosel.model.time import day_of
from dosel.store.interface import Not, Row, Store

FOLDED: Final = (LookStatus.USED, LookStatus.HISTORY, LookStatus.SET_BACK)
"""Looks that the centre's state or baselines rest on, or will again once they are folded anew."""

MENDABLE: Final = frozenset(
    {
        Refusal.UNREADABLE,
        Refusal.TRUNCATED,
        Refusal.WRONG_GRID,
        Refusal.MISSING_BAND,
        Refusal.FUTURE,
        Refusal.NO_LICENCE,
        Refusal.UNDECLARED,
        Refusal.NO_BASELINE,
        Refusal.ISOLATED,
    }
)
"""Refusals that a later run may lift: the file, the setting or the present may have changed."""


@dataclass(frozen=True, slots=True)
class RefusedScene:
    """A scene that cannot become part of a look."""

    scene: SceneRef
    refusal: Refusal
    detail: str
    """One sentence a person can act on."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal that stands."""

    id: str
    """Of the look, the scene, or the place where one should be."""
    refusal: Refusal
    detail: str
    """What was expected, what came, how to mend it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of scenes that were found."""

    looks: tuple[Look, ...]
    """In the order of the fold, of scenes that were not refused; some may be folded already."""
    refused: tuple[RefusedScene, ...]


@dataclass(frozen=True, slots=True)
class Folding:
    """What folding a look gave."""

    step: int | None
    """Number of the step; None for a look of the history."""
    valid_px: Mapping[str, int]
    """Valid pixels by tile id."""
    streams: tuple[str, ...] = ()
    offsets: Mapping[str, float] = field(default_factory=dict)
    """The pass's own offset by stream, in quanta."""
    seconds: float | None = None
    """Time it took; no part of any hash."""
    status: LookStatus = LookStatus.USED


def record_scenes(store: Store, scenes: Iterable[SceneRef]) -> Recorded:
    """Record scenes and group them to looks; refuse those whose id another content already has.

    A scene that no look has used yet may be replaced, since its file or settings may have been mended. Of
    several contents with one id at once, the known one stays, else the first by content hash.
    """
    variants: dict[tuple[str, str], dict[str, SceneRef]] = {}
    for scene in scenes:
        variants.setdefault((scene.collection, scene.id), {})[scene_hash(scene)] = scene
    known = _known_contents(store, [name for _, name in variants])
    kept: dict[tuple[str, str], str] = {}
    refused: list[tuple[str, RefusedScene]] = []
    for key, contents in sorted(variants.items()):
        kept[key] = _choose(contents, known.get(key))
        refused.extend((c, _duplicate(contents[c])) for c in sorted(contents) if c != kept[key])
    found = [variants[key][content] for key, content in kept.items() if content in variants[key]]
    looks = known_looks(store, found)
    fresh = [
        _scene_row(scene, look.id, kept[scene.collection, scene.id])
        for look in looks
        for scene in look.scenes
        if not known.get((scene.collection, scene.id), ("", False))[1]
    ]
    _store_sources(store, [scene.source for contents in variants.values() for scene in contents.values()])
    store.upsert("scenes", fresh)
    told_apart = {"id": [name for _, name in variants], "refusal": int(Refusal.DUPLICATE), "content": Not("")}
    store.delete("refused_scenes", told_apart)
    store.upsert("refused_scenes", [_refused_row(item, content) for content, item in refused])
    return Recorded(looks, tuple(item for _, item in refused))


def known_looks(store: Store, scenes: Iterable[SceneRef]) -> tuple[Look, ...]:
    """Return the looks of `scenes` in the order of the fold, under the ids that the ledger has for them.

    An id carries the day of the earliest scene; a slice from before midnight that comes later makes no
    second look of its datatake.
    """
    looks = group_looks(scenes)
    takes = sorted({look.scenes[0].datatake for look in looks})
    columns = ["sensor", "geometry", "datatake", "look_id"]
    rows = store.tally("scenes", columns, {"datatake": takes})
    listed = {
        row["id"] for row in store.select("looks", {"id": [r["look_id"] for r in rows]}, columns=["id"])
    }
    names = {tuple(r[key] for key in columns[:3]): r["look_id"] for r in rows if r["look_id"] in listed}
    named = [
        replace(look, id=names.get((look.sensor, look.geometry, look.scenes[0].datatake), look.id))
        for look in looks
    ]
    return tuple(sorted(named, key=lambda look: look.order))


def refuse_scene(store: Store, item: RefusedScene) -> None:
    """Record a scene that was refused before it became part of a look."""
    store.upsert("refused_scenes", [_refused_row(item, scene_hash(item.scene))])


def record_refused(store: Store, source: str, items: Iterable[RefusedItem]) -> None:
    """Record what a search of `source` refused, in place of what the search before it did.

    Nothing is known of such an item but its id, so its row stands under the source's name and without a
    content; an item that was mended has no row any more.
    """
    store.delete("refused_scenes", {"collection": source, "content": ""})
    rows = [
        {
            "collection": source,
            "id": item.id,
            "content": "",
            "refusal": int(item.refusal),
            "detail": item.reason,
        }
        for item in items
    ]
    store.upsert("refused_scenes", rows)


def is_folded(store: Store, look_id: str) -> bool:
    """Return whether the state or the baselines already rest on this look."""
    where = {"id": look_id, "status": [int(s) for s in FOLDED]}
    return bool(store.select("looks", where, columns=["id"], limit=1))


def is_known(store: Store, look: Look) -> bool:
    """Return whether nothing is left to do for `look`: folded, or refused for good with these scenes."""
    rows = store.select("looks", {"id": look.id}, limit=1)
    if not rows:
        return False
    if rows[0]["status"] in FOLDED:
        return True
    return rows[0]["scenes"] == _scene_keys(look) and rows[0]["refusal"] not in MENDABLE


def mark_used(store: Store, look: Look, folding: Folding) -> None:
    """Record that a look was folded, and which tiles it truly saw."""
    row = look_row(look, folding.status)
    row |= {
        "step": folding.step,
        "streams": list(folding.streams),
        "offsets": dict(folding.offsets),
        "seconds": folding.seconds,
    }
    store.upsert("looks", [row])
    marking = row["marking"]
    common = {"look_id": look.id, "sensor": look.sensor, "geometry": look.geometry, "day": look.day}
    seen = sorted(folding.valid_px.items())
    store.upsert(
        "look_tiles",
        [
            {**common, "tile_id": tile, "valid_px": int(px), "step": folding.step, "marking": marking}
            for tile, px in seen
        ],
    )


def mark_refused(store: Store, look: Look, refusal: Refusal, detail: str) -> None:
    """Record that a look was refused; one that is folded stays so, and its new scenes are listed.

    A look that was set back is not folded: when it cannot be folded again it is refused like any other.
    """
    resting = [int(s) for s in FOLDED if s is not LookStatus.SET_BACK]
    folded = store.select("looks", {"id": look.id, "status": resting}, columns=["scenes"])
    if folded:
        known = [key[:3] for key in folded[0]["scenes"]]
        fresh = [s for s in look.scenes if [s.collection, s.id, scene_hash(s)] not in known]
        for scene in fresh:
            refuse_scene(store, RefusedScene(scene, refusal, detail))
        return
    row = look_row(look, LookStatus.REFUSED) | {"refusal": int(refusal), "detail": detail}
    store.upsert("looks", [row])


def refused_list(store: Store) -> tuple[Refused, ...]:
    """Return every refusal that stands, by reason and id."""
    columns = ["id", "refusal", "detail"]
    looks = store.select("looks", {"status": int(LookStatus.REFUSED)}, columns=columns)
    rows = (*looks, *store.select("refused_scenes", columns=columns))
    found = {Refused(row["id"], Refusal(row["refusal"]), row["detail"]) for row in rows}
    return tuple(sorted(found, key=lambda one: (one.refusal, one.id, one.detail)))


def source_id(source: Source) -> str:
    """Return the id under which the table of sources keeps `source` and its terms."""
    return content_id("source", source.name, source.origin, source.licence)


def _known_contents(store: Store, ids: Sequence[str]) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return the content of known scenes and whether a folded look was made of them, by (collection, id)."""
    columns = ["collection", "id", "content", "look_id"]
    rows = store.select("scenes", {"id": list(ids)}, columns=columns)
    looks = sorted({row["look_id"] for row in rows})
    where = {"id": looks, "status": [int(s) for s in FOLDED]}
    used = [one for row in store.select("looks", where, columns=["scenes"]) for one in row["scenes"]]
    folded = {(collection, name) for collection, name, *_ in used}
    keys = [(row["collection"], row["id"]) for row in rows]
    return {key: (row["content"], key in folded) for key, row in zip(keys, rows, strict=True)}


def _choose(contents: Mapping[str, object], known: tuple[str, bool] | None) -> str:
    if known is not None and (known[1] or known[0] in contents):
        return known[0]
    return min(contents)


def _duplicate(scene: SceneRef) -> RefusedScene:
    detail = (
        f"{scene.collection}/{scene.id}: another scene has this id and different content;"
        " give one of them an id of its own"
    )
    return RefusedScene(scene, Refusal.DUPLICATE, detail)


def _store_sources(store: Store, sources: Iterable[Source]) -> None:
    rows = {source_id(source): asdict(source) for source in sources}
    store.upsert("sources", [{"id": key, **rows[key]} for key in sorted(rows)])


def _scene_row(scene: SceneRef, look: str, content: str) -> Row:
    return {
        "collection": scene.collection,
        "id": scene.id,
        "content": content,
        "look_id": look,
        "sensor": scene.sensor,
        "geometry": scene.geometry,
        "datatake": scene.datatake,
        "acquired": scene.acquired.isoformat(),
        "day": day_of(scene.acquired),
        "source": source_id(scene.source),
        "scene": scene_values(scene),
        "marking": int(scene.marking),
    }


def _refused_row(item: RefusedScene, content: str) -> Row:
    return {
        "collection": item.scene.collection,
        "id": item.scene.id,
        "content": content,
        "refusal": int(item.refusal),
        "detail": item.detail,
        "marking": int(item.scene.marking),
    }


def look_content(look: Look) -> str:
    """Return the digest of what a look is made of: its scenes, and how the settings have them read."""
    return digest(_scene_keys(look))


def _scene_keys(look: Look) -> list[list[str]]:
    """Return what a verdict on a look rests on: its scenes, and how the settings have them read."""
    return [[scene.collection, scene.id, scene_hash(scene), reading(scene)] for scene in look.scenes]


def look_row(look: Look, status: LookStatus) -> Row:
    """Return the row of a look before anything was made of it."""
    return {
        "id": look.id,
        "sensor": look.sensor,
        "geometry": look.geometry,
        "day": look.day,
        "acquired": look.acquired.isoformat(),
        "status": int(status),
        "refusal": None,
        "detail": "",
        "scenes": _scene_keys(look),
        "step": None,
        "streams": [],
        "offsets": {},
        "seconds": None,
        "marking": int(strictest(scene.marking for scene in look.scenes)),
    }
