"""The main job: search -> read -> learn -> update -> confirm -> polygonize -> track -> store.

Run it as often as you like: what has been folded is not folded again, and a run that was killed is carried
on by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dosel.catalog.ledger import (
    Folding,
    Recorded,
    Refused,
    is_known,
    mark_refused,
    mark_used,
    record_refused,
    record_scenes,
)
from dosel.catalog.looks import group_looks
from dosel.catalog.scene import Look, RefusedSceneError, SceneRef
from dosel.catalog.search import RefusedItem, Window, search
from dosel.catalog.sensors import stream_names
from dosel.errors import DoselError, InputError, SourceError
from dosel.model.codes import AlertEvent, LookStatus, Refusal
from dosel.model.time import day_of, iso_day
from dosel.monitor.checkpoint import sweep
from dosel.pipeline.centre import Centre
from dosel.pipeline.fold import Fold, fold_look, start_fold
from dosel.pipeline.learn import learn_streams
from dosel.pipeline.models import Streams, load_streams, parameters_hash
from dosel.pipeline.progress import Progress, Silent, Stopwatch
from dosel.pipeline.reading import read_look_tiles


@dataclass(slots=True)
class WatchSummary:
    """What one run did."""

    used: int = 0
    history: int = 0
    refused: list[Refused] = field(default_factory=list)
    """Looks that could not be used."""
    scenes_refused: tuple[RefusedItem, ...] = ()
    found: int = 0
    """Scenes that the sources offer over area and period."""
    failed: dict[str, DoselError] = field(default_factory=dict)
    """Sources that did not answer or are set wrongly; the others were used, the next run tries again."""
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
    failed: dict[str, DoselError] = field(default_factory=dict)
    """Sources that did not answer or are set wrongly."""


def plan_watch(centre: Centre, *, until: str = "") -> WatchPlan:
    """Return what :func:`watch` would do; nothing is written but the database file itself."""
    summary = WatchSummary()
    history, monitored = _split(centre, group_looks(_search(centre, until, summary)))
    pairs = sorted({(look.sensor, look.geometry) for look in (*history, *monitored)})
    learn = [pair for pair in pairs if load_streams(centre, centre.sensor(pair[0]), pair[1]) is None]
    return WatchPlan(
        tuple("/".join(pair) for pair in learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in history if (look.sensor, look.geometry) in learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in monitored),
        summary.scenes_refused,
        summary.failed,
    )


def watch(centre: Centre, *, until: str = "", progress: Progress | None = None) -> WatchSummary:
    """Bring the centre up to date.

    Parameters
    ----------
    until
        Last day of acquisition to use (``YYYY-MM-DD``); empty is today.

    Raises
    ------
    InputError, StoreError
        What stops a run. Scenes that cannot be used do not, nor does a source that fails: its looks are left
        to the next run.
    """
    progress, stopwatch, summary = progress or Silent(), Stopwatch(), WatchSummary()
    _tidy(centre)
    with stopwatch.stage("search"):
        progress.start("search", len(centre.settings.source))
        scenes = _search(centre, until, summary, progress)
        recorded = _record(centre, scenes, summary)
    looks = recorded.looks
    history, monitored = _split(centre, looks)
    with stopwatch.stage("learn"):
        streams = _learn(centre, history, monitored, summary, progress)
    fold = start_fold(centre, _planes(centre), _parameters(centre, streams), stopwatch)
    progress.start("update", max(len(monitored), 1))
    for number, look in enumerate(monitored, start=1):
        if (look.sensor, look.geometry) in streams:
            _fold_one(fold, look, streams[look.sensor, look.geometry], summary, monitored[number:])
        progress.advance()
    _tidy(centre)
    summary.seconds = stopwatch.seconds
    return summary


def _search(
    centre: Centre, until: str, summary: WatchSummary, progress: Progress | None = None
) -> list[SceneRef]:
    """Return the scenes of all sources that answer; the summary says what was refused and who failed."""
    now = datetime.now(UTC)
    monitor = centre.settings.monitor
    last = min(day_of(until), day_of(now)) if until else day_of(now)
    window = Window(centre.grid.bbox, day_of(monitor.start) - monitor.history_days, last)
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


def _record(centre: Centre, scenes: list[SceneRef], summary: WatchSummary) -> Recorded:
    """Put what a search found and refused into the ledger."""
    with centre.store.transaction():
        for source in centre.settings.source:
            if source.name in summary.failed:
                continue
            own = [item for item in summary.scenes_refused if item.source == source.name]
            record_refused(centre.store, source.name, own)
        recorded = record_scenes(centre.store, scenes)
    summary.scenes_refused += tuple(
        RefusedItem(one.scene.id, one.scene.source.name, one.refusal, one.detail) for one in recorded.refused
    )
    return recorded


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
        try:
            learnt, used, refused = learn_streams(centre, row, geometry, own, progress)
        except SourceError as error:  # what was read is kept; the next run learns
            _leave(own, error, summary)
            continue
        streams[name, geometry] = learnt
        summary.history += len(used)
        summary.refused += [Refused(name, error.refusal, str(error)) for name, error in refused.items()]
        with centre.store.transaction():
            for look in own:
                if look.id in refused:
                    mark_refused(centre.store, look, refused[look.id].refusal, str(refused[look.id]))
                elif look in used:
                    mark_used(centre.store, look, Folding(None, {}, status=LookStatus.HISTORY))
    return streams


def _fold_one(fold: Fold, look: Look, streams: Streams, summary: WatchSummary, rest: Sequence[Look]) -> None:
    store = fold.centre.store
    if any(scene.source.name in summary.failed for scene in look.scenes):
        return
    try:
        _refuse_late(fold, look)
        report = fold_look(fold, look, streams)
    except (RefusedSceneError, SourceError) as fault:
        error = _verdict(fold, look, fault, rest)
        if error is None:
            _leave([look], fault, summary)
            return
        with store.transaction():
            mark_refused(store, look, error.refusal, str(error))
        summary.refused.append(Refused(look.id, error.refusal, str(error)))
        return
    summary.used += 1
    summary.pixels += report.valid_px
    for event in report.outcome.events:
        summary.events[AlertEvent(event.event).name] += 1


def _verdict(
    fold: Fold, look: Look, fault: RefusedSceneError | SourceError, rest: Sequence[Look]
) -> RefusedSceneError | None:
    """Return the refusal of a look, or None where its source is away and the look must wait.

    A source that gives the look after it is not away: one scene that never answers must not hold up the rest.
    """
    if isinstance(fault, RefusedSceneError):
        return fault
    names = {scene.source.name for scene in look.scenes}
    following = next((one for one in rest if names & {scene.source.name for scene in one.scenes}), None)
    try:
        if following is not None:
            read_look_tiles(fold.centre, following, fold.centre.sensor(following.sensor))
    except SourceError:
        return None
    except RefusedSceneError:
        pass
    return RefusedSceneError(Refusal.UNREADABLE, str(fault)) if following else None


def _leave(looks: Iterable[Look], error: DoselError, summary: WatchSummary) -> None:
    """Leave the sources of `looks` to the next run."""
    for name in sorted({scene.source.name for look in looks for scene in look.scenes}):
        summary.failed.setdefault(name, error)


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
