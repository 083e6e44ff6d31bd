"""Scenes to looks: granules, slices and reprocessings of one datatake are one look, never two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from dosel.catalog.scene import Look, SceneRef
from dosel.model.time import day_of


def group_looks(scenes: Iterable[SceneRef]) -> list[Look]:
    """Return the looks of `scenes` in the order of the fold.

    Scenes of one sensor, geometry and datatake are one look. Of each granule the newest processing is
    kept (ties by id), so the result does not depend on the order in which scenes were found.

    Examples
    --------
    >>> group_looks([])
    []
    """
    takes: dict[tuple[str, str, str], list[SceneRef]] = defaultdict(list)
    for scene in scenes:
        takes[scene.sensor, scene.geometry, scene.datatake].append(scene)
    return sorted((_look(group) for group in takes.values()), key=lambda look: look.order)


def _look(scenes: list[SceneRef]) -> Look:
    """Return the look of the scenes of one datatake."""
    newest: dict[str, SceneRef] = {}
    for scene in sorted(scenes, key=lambda s: (s.processed, s.id)):
        newest[scene.granule] = scene
    kept = tuple(newest[granule] for granule in sorted(newest))
    acquired = min(scene.acquired for scene in kept)
    one = kept[0]
    name = f"{one.sensor}/{one.geometry}/{day_of(acquired)}/{one.datatake}"
    return Look(name, one.sensor, one.geometry, acquired, day_of(acquired), kept)
