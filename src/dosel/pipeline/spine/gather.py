"""What the sources of a centre offer, and its way into the ledger."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from dosel.catalog.datatakes import grown, repeated
from dosel.catalog.ledger import (
    Recorded,
    Refused,
    RefusedScene,
    is_known,
    record_refused,
    record_scenes,
    refuse_scene,
)
from dosel.catalog.scene import Look, SceneRef
from dosel.catalog.search import RefusedItem, Window, search
from dosel.errors import InputError, SourceError
from dosel.model.codes import Refusal
from dosel.model.time import asked_day, day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.models import all_streams
from dosel.pipeline.progress import Progress
from dosel.pipeline.spine.summary import WatchSummary


def days_of(centre: Centre, until: str) -> tuple[int, int]:
    """Return the first and the last day of the search."""
    monitor, today = centre.settings.monitor, day_of(datetime.now(UTC))
    last = min(asked_day("--until", until), today) if until else today
    return day_of(monitor.start) - monitor.history_days, last


def search_all(
    centre: Centre, until: str, summary: WatchSummary, progress: Progress | None = None
) -> list[SceneRef]:
    """Return the scenes of all sources that answer; the summary says what was refused and who failed."""
    now = datetime.now(UTC)
    window = Window(centre.grid.bbox, *days_of(centre, until))
    scenes: list[SceneRef] = []
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        try:
            found = search(source, row, window, os.environ, centre=centre.root, now=now)
        except (SourceError, InputError) as error:
            summary.failed[source.name] = error
            continue
        scenes += found.scenes
        summary.scenes_refused += found.refused
        if progress:
            progress.advance()
    summary.found = len(scenes)
    return scenes


def record(centre: Centre, scenes: list[SceneRef], summary: WatchSummary) -> Recorded:
    """Put what a search found and refused into the ledger."""
    with centre.store.transaction():
        for source in centre.settings.source:
            if source.name in summary.failed:
                continue
            own = [item for item in summary.scenes_refused if item.source == source.name]
            record_refused(centre.store, source.name, own)
        recorded = record_scenes(centre.store, scenes)
        for look in recorded.looks:
            _list_repeated(centre, look, summary)
    summary.scenes_refused += tuple(
        RefusedItem(one.scene.id, one.scene.source.name, one.refusal, one.detail) for one in recorded.refused
    )
    return recorded


def _list_repeated(centre: Centre, look: Look, summary: WatchSummary) -> None:
    """Refuse other processings of what has been folded: it is the same look."""
    for scene in repeated(centre.store, look):
        detail = f"{scene.id}: another processing or part of {look.id}, which has been folded already"
        refuse_scene(centre.store, RefusedScene(scene, Refusal.REPEATED, detail))
        summary.refused.append(Refused(scene.id, Refusal.REPEATED, detail))


def split(centre: Centre, looks: Iterable[Look]) -> tuple[list[Look], list[Look]]:
    """Return the looks before and from the start of the watch that are not yet dealt with, or have grown."""
    start, looks = day_of(centre.settings.monitor.start), list(looks)
    fresh = [look for look in looks if not is_known(centre.store, look)]
    more = [one for one in (grown(centre.store, look) for look in looks) if one]
    return [look for look in fresh if look.day < start], [look for look in fresh if look.day >= start] + more


def need_every_source(centre: Centre, summary: WatchSummary) -> None:
    """Stop a first run to which a source is missing: it fixes what forest looks like, and the thresholds.

    Raises
    ------
    InputError, SourceError
        The failure of the source, with what to do.
    """
    for error in summary.failed.values():
        if not all_streams(centre):
            raise type(error)(
                f"{error}; the first run needs every source once: mend it or take it out, then run again"
            )
