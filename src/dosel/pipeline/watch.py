"""The main job: search -> read -> learn -> update -> confirm -> polygonize -> track -> store.

Run it as often as you like: what has been folded is not folded again, and a run that was killed is carried
on by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dosel.catalog.ledger import Folding, is_known, mark_refused, mark_used, record_scenes
from dosel.catalog.looks import group_looks
from dosel.catalog.scene import Look, RefusedSceneError, SceneRef
from dosel.catalog.search import RefusedItem, Window, search
from dosel.catalog.sensors import stream_names
from dosel.model.codes import AlertEvent, LookStatus, Refusal
from dosel.model.time import day_of, iso_day
from dosel.monitor.checkpoint import sweep
from dosel.pipeline.centre import Centre
from dosel.pipeline.fold import Fold, fold_look, start_fold
from dosel.pipeline.learn import learn_streams
from dosel.pipeline.memory import reuse_memory
from dosel.pipeline.models import Streams, load_streams, parameters_hash
from dosel.pipeline.progress import Progress, Silent, Stopwatch


@dataclass(slots=True)
class WatchSummary:
    """What one run did."""

    used: int = 0
    history: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Looks refused, by reason."""
    scenes_refused: tuple[RefusedItem, ...] = ()
    pixels: int = 0
    events: Counter[str] = field(default_factory=Counter)
    """Alert events by name."""
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """What a run would do."""

    learn: tuple[str, ...]
    """Sensor/geometry whose baselines would be learnt."""
    history: tuple[str, ...]
    looks: tuple[str, ...]
    refused: tuple[RefusedItem, ...]


def plan_watch(centre: Centre, *, until: str = "") -> WatchPlan:
    """Return what :func:`watch` would do; nothing is written but the database file itself."""
    scenes, refused = _search(centre, until)
    history, monitored = _split(centre, group_looks(scenes))
    pairs = sorted({(look.sensor, look.geometry) for look in (*history, *monitored)})
    learn = [
        f"{name}/{geometry}"
        for name, geometry in pairs
        if load_streams(centre, centre.sensor(name), geometry) is None
    ]
    return WatchPlan(
        tuple(learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in history),
        tuple(f"{iso_day(look.day)} {look.id}" for look in monitored),
        refused,
    )


def watch(centre: Centre, *, until: str = "", progress: Progress | None = None) -> WatchSummary:
    """Bring the centre up to date.

    Parameters
    ----------
    until
        Last day of acquisition to use (``YYYY-MM-DD``); empty is today.

    Raises
    ------
    InputError, SourceError, StoreError
        What stops a run; scenes that cannot be used do not.
    """
    progress, stopwatch, summary = progress or Silent(), Stopwatch(), WatchSummary()
    reuse_memory(centre.settings.resources)
    _tidy(centre)
    with stopwatch.stage("search"):
        progress.start("search", len(centre.settings.source))
        scenes, summary.scenes_refused = _search(centre, until, progress)
        with centre.store.transaction():
            looks = record_scenes(centre.store, scenes).looks
    history, monitored = _split(centre, looks)
    with stopwatch.stage("learn"):
        streams = _learn(centre, history, monitored, summary, progress)
    fold = start_fold(centre, _planes(centre), _parameters(centre, streams), stopwatch)
    progress.start("update", max(len(monitored), 1))
    for look in monitored:
        _fold_one(fold, look, streams[look.sensor, look.geometry], summary)
        progress.advance()
    _tidy(centre)
    summary.seconds = stopwatch.seconds
    return summary


def _search(
    centre: Centre, until: str, progress: Progress | None = None
) -> tuple[list[SceneRef], tuple[RefusedItem, ...]]:
    now = datetime.now(UTC)
    monitor = centre.settings.monitor
    last = min(day_of(until), day_of(now)) if until else day_of(now)
    window = Window(centre.grid.bbox, day_of(monitor.start) - monitor.history_days, last)
    scenes: list[SceneRef] = []
    refused: list[RefusedItem] = []
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        found = search(source, row, window, os.environ, centre=centre.root, now=now)
        scenes += found.scenes
        refused += found.refused
        if progress:
            progress.advance()
    return scenes, tuple(refused)


def _split(centre: Centre, looks: Iterable[Look]) -> tuple[list[Look], list[Look]]:
    """Return the looks before and from the start of the watch that are not yet dealt with."""
    start = day_of(centre.settings.monitor.start)
    fresh = [look for look in looks if not is_known(centre.store, look)]
    return [look for look in fresh if look.day < start], [look for look in fresh if look.day >= start]


def _learn(
    centre: Centre, history: list[Look], monitored: list[Look], summary: WatchSummary, progress: Progress
) -> dict[tuple[str, str], Streams]:
    streams: dict[tuple[str, str], Streams] = {}
    for name, geometry in sorted({(look.sensor, look.geometry) for look in (*history, *monitored)}):
        row = centre.sensor(name)
        known = load_streams(centre, row, geometry)
        if known is not None:
            streams[name, geometry] = known
            continue
        own = [look for look in history if (look.sensor, look.geometry) == (name, geometry)]
        learnt, used, refused = learn_streams(centre, row, geometry, own, progress)
        streams[name, geometry] = learnt
        summary.history += len(used)
        with centre.store.transaction():
            for look in own:
                if look.id in refused:
                    mark_refused(centre.store, look, Refusal.UNREADABLE, refused[look.id])
                elif look in used:
                    mark_used(centre.store, look, Folding(None, {}, status=LookStatus.HISTORY))
    return streams


def _fold_one(fold: Fold, look: Look, streams: Streams, summary: WatchSummary) -> None:
    store = fold.centre.store
    try:
        _refuse_late(fold, look)
        report = fold_look(fold, look, streams)
    except RefusedSceneError as error:
        with store.transaction():
            mark_refused(store, look, error.refusal, str(error))
        summary.refused[error.refusal.legend] += 1
        return
    summary.used += 1
    summary.pixels += report.valid_px
    for event in report.outcome.events:
        summary.events[AlertEvent(event.event).name] += 1


def _refuse_late(fold: Fold, look: Look) -> None:
    """Refuse a look that is older than the newest one that has been folded.

    Raises
    ------
    RefusedSceneError
        With the refusal TOO_LATE.
    """
    newest = fold.centre.store.select(
        "looks", {"status": int(LookStatus.USED)}, order_by=("-acquired",), limit=1
    )
    if newest and (look.acquired.isoformat(), look.id) < (newest[0]["acquired"], newest[0]["id"]):
        raise RefusedSceneError(
            Refusal.TOO_LATE, f"{look.id}: acquired before {newest[0]['id']}, which has been folded already"
        )


def _planes(centre: Centre) -> dict[str, int]:
    """Return the plane of every stream that the settings can yield; the order is that of the settings."""
    names: dict[str, int] = {}
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        for geometry in row.geometries:
            for stream in stream_names(row, geometry):
                names.setdefault(stream, len(names))
    return names


def _parameters(centre: Centre, streams: dict[tuple[str, str], Streams]) -> str:
    settings = centre.settings
    own = [settings.alerts.model_dump(mode="json"), settings.mask.model_dump(mode="json")]
    return parameters_hash([streams[key] for key in sorted(streams)], own)


def _tidy(centre: Centre) -> None:
    """Remove state files that no row names: what a killed run, or the step before, left behind."""
    named = {row["file"] for row in centre.store.select("tiles", columns=["file"])}
    for tile in centre.tiles:
        folder = centre.root / "state" / tile.id
        sweep(folder)
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.relative_to(centre.root).as_posix() not in named:
                shutil.rmtree(path)
