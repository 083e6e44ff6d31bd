"""The main job: search -> read -> learn -> update -> confirm -> polygonize -> track -> store.

Run it as often as you like: what has been folded is not folded again, and a run that was killed is carried
on by the next one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from dosel.alerts.step import Outcome
from dosel.catalog.datatakes import grown, repeated
from dosel.catalog.ledger import (
    Recorded,
    Refused,
    RefusedScene,
    is_known,
    known_looks,
    mark_refused,
    record_refused,
    record_scenes,
    refuse_scene,
)
from dosel.catalog.scene import Look, RefusedSceneError, SceneRef
from dosel.catalog.search import RefusedItem, Window, search
from dosel.errors import DoselError, InputError, SourceError
from dosel.model.codes import AlertEvent, Refusal
from dosel.model.time import asked_day, day_of, iso_day
from dosel.pipeline.away import refusal_of, sources_of
from dosel.pipeline.calibrate import calibration, in_force
from dosel.pipeline.centre import Centre
from dosel.pipeline.clock import check_clock, isolated, set_apart
from dosel.pipeline.fold import Fold, fold_look, start_fold
from dosel.pipeline.history import learn_history, learns, missed, too_late
from dosel.pipeline.memory import reuse_memory
from dosel.pipeline.mend import Mended, started
from dosel.pipeline.models import Streams, all_streams, streams_of
from dosel.pipeline.order import place_of
from dosel.pipeline.pinned import check_settings, pin_settings, planes_of
from dosel.pipeline.progress import Progress, Silent, Stopwatch
from dosel.pipeline.reading import is_archived, read_look_tiles
from dosel.pipeline.resting import resting_ha
from dosel.pipeline.retain import retain
from dosel.pipeline.rewind import folded_since, rewind, rewind_point, settle, sort_arrivals, waiting
from dosel.pipeline.runs import recorded_run
from dosel.pipeline.silence import describe_silence
from dosel.pipeline.tidy import tidy
from dosel.pipeline.verdicts import fold_verdicts
from dosel.pipeline.watched import fix_voters, record_layers


@dataclass(slots=True)
class WatchSummary:
    """What one run did."""

    used: int = 0
    """Looks folded, those folded again included."""
    again: int = 0
    """Looks that late ones or verdicts set back, to be folded again."""
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
    removed: int = 0
    """Gridded looks that are kept no longer."""
    mended: Mended | None = None
    """States that could not be read and were made again."""
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """What a run would do."""

    learn: tuple[str, ...]
    """Sensor/geometry whose baselines would be learnt."""
    history: tuple[str, ...]
    looks: tuple[str, ...]
    refused: tuple[RefusedItem, ...]
    rewind: str = ""
    """Day to which the fold would go back for late looks; empty if it would not."""
    again: int = 0
    """Looks that would be folded again."""
    removed: int = 0
    """Gridded looks that would be removed as things stand: they are kept no longer."""
    failed: dict[str, DoselError] = field(default_factory=dict)
    """Sources that did not answer or are set wrongly."""


def plan_watch(centre: Centre, *, until: str = "") -> WatchPlan:
    """Return what :func:`watch` would do; nothing is changed."""
    check_settings(centre)
    summary = WatchSummary()
    offered = known_looks(centre.store, _search(centre, until, summary))
    history, monitored = _split(centre, offered)
    alone = isolated(centre, offered, monitored)
    monitored = [look for look in monitored if look.id not in alone]
    pairs = sorted({(look.sensor, look.geometry) for look in (*history, *monitored)})
    before = {pair: [one for one in history if (one.sensor, one.geometry) == pair] for pair in pairs}
    learn = [pair for pair in pairs if learns(centre, pair, before[pair])]
    arrivals = sort_arrivals(centre, monitored)
    point = rewind_point(centre, arrivals.late)
    late = tuple(RefusedItem(look.id, "", Refusal.TOO_LATE, why) for look, why in arrivals.too_late)
    late += tuple(RefusedItem(name, "", Refusal.ISOLATED, why) for name, why in alone.items())
    beyond = [one for pair in pairs if pair not in learn for one in missed(centre, before[pair])]
    late += tuple(RefusedItem(one.id, "", Refusal.LATE_HISTORY, too_late(one)) for one in beyond)
    looks = sorted((*arrivals.on_time, *arrivals.late), key=place_of)
    return WatchPlan(
        tuple("/".join(pair) for pair in learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in history if (look.sensor, look.geometry) in learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in looks),
        summary.scenes_refused + late,
        iso_day(point.day) if point else "",
        len(waiting(centre)) + (folded_since(centre.store, point) if point else 0),
        retain(centre, dry_run=True),
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
    InputError, SourceError, StoreError
        What stops a run. Scenes that cannot be used do not; nor does a source that fails, unless baselines
        are being learnt from it: its looks are left to the next run.
    """
    progress, stopwatch, summary = progress or Silent(), Stopwatch(), WatchSummary()
    reuse_memory(centre.settings.resources)
    pin_settings(centre)
    with recorded_run(centre, until=until, window=list(_days(centre, until))) as run:
        check_clock(centre, day_of(datetime.now(UTC)))
        tidy(centre)
        with stopwatch.stage("search"):
            progress.start("search", len(centre.settings.source))
            scenes = _search(centre, until, summary, progress)
            looks = _record(centre, scenes, summary).looks
            _need_every_source(centre, summary)
        history, monitored = _split(centre, looks)
        monitored, alone = set_apart(centre, looks, monitored)
        summary.refused += alone
        with stopwatch.stage("learn"):
            whole = not summary.failed
            learning = learn_history(centre, looks, history, monitored, progress, whole=whole)
            summary.history, summary.refused = learning.looks, summary.refused + learning.refused
            fix_voters(centre)
            record_layers(centre)
        with stopwatch.stage("calibrate"):
            calibrated = calibration(centre, progress)
        pending = _line_up(centre, monitored, summary, stopwatch)
        thresholds = in_force(centre, calibrated)
        start = partial(start_fold, centre, planes_of(centre), thresholds, calibrated.weather, stopwatch)
        fold, pending, summary.mended = started(centre, start, pending)
        summary.again += summary.mended.again if summary.mended else 0
        streams = streams_of(centre, pending)
        progress.start("update", max(len(pending), 1))
        for number, look in enumerate(pending, start=1):
            if (look.sensor, look.geometry) in streams:
                _judge(fold, look.day, summary)
                _fold_one(fold, look, streams[look.sensor, look.geometry], summary, pending[number:])
            progress.advance()
        _judge(fold, None, summary)
        summary.events[AlertEvent.SUPERSEDED.name] += len(settle(centre, fold.step))
        with stopwatch.stage("describe"):
            describe_silence(centre, _days(centre, until)[1], thresholds)
        summary.removed = retain(centre)
        tidy(centre)
        summary.seconds = stopwatch.seconds
        run.summary |= _record_of(summary) | {"at_rest_ha": resting_ha(centre)}
    return summary


def _need_every_source(centre: Centre, summary: WatchSummary) -> None:
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


def _line_up(
    centre: Centre, fresh: list[Look], summary: WatchSummary, stopwatch: Stopwatch
) -> tuple[Look, ...]:
    """Return what is to be folded, in order: the fold has gone back as far as late looks need it to."""
    arrivals = sort_arrivals(centre, fresh)
    for look, why in arrivals.too_late:
        _refuse(centre, look, Refusal.TOO_LATE, why, summary)
    with stopwatch.stage("read"):
        late = [look for look in arrivals.late if _is_read(centre, look, summary)]
    point = rewind_point(centre, late)
    if point:
        summary.again += rewind(centre, point, late)
    pending = {look.id: look for look in (*waiting(centre), *arrivals.on_time, *late)}
    return tuple(sorted(pending.values(), key=place_of))


def _is_read(centre: Centre, look: Look, summary: WatchSummary) -> bool:
    """Read a late look into the archive: one that cannot be used must not cost a rewind."""
    try:
        read_look_tiles(centre, look, centre.sensor(look.sensor))
    except RefusedSceneError as error:
        _refuse(centre, look, error.refusal, str(error), summary)
        return False
    except SourceError as error:
        _leave(look, error, summary)
        return False
    return True


def _search(
    centre: Centre, until: str, summary: WatchSummary, progress: Progress | None = None
) -> list[SceneRef]:
    """Return the scenes of all sources that answer; the summary says what was refused and who failed."""
    now = datetime.now(UTC)
    window = Window(centre.grid.bbox, *_days(centre, until))
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


def _days(centre: Centre, until: str) -> tuple[int, int]:
    """Return the first and the last day of the search."""
    monitor, today = centre.settings.monitor, day_of(datetime.now(UTC))
    last = min(asked_day("--until", until), today) if until else today
    return day_of(monitor.start) - monitor.history_days, last


def _record(centre: Centre, scenes: list[SceneRef], summary: WatchSummary) -> Recorded:
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


def _split(centre: Centre, looks: Iterable[Look]) -> tuple[list[Look], list[Look]]:
    """Return the looks before and from the start of the watch that are not yet dealt with, or have grown."""
    start, looks = day_of(centre.settings.monitor.start), list(looks)
    fresh = [look for look in looks if not is_known(centre.store, look)]
    more = [one for one in (grown(centre.store, look) for look in looks) if one]
    return [look for look in fresh if look.day < start], [look for look in fresh if look.day >= start] + more


def _fold_one(fold: Fold, look: Look, streams: Streams, summary: WatchSummary, rest: Sequence[Look]) -> None:
    if sources_of(look) & summary.failed.keys() and not is_archived(fold.centre, look):
        return
    try:
        report = fold_look(fold, look, streams)
    except (RefusedSceneError, SourceError) as fault:
        error = refusal_of(fold.centre, look, fault, rest)
        if error is None:
            _leave(look, fault, summary)
        else:
            _refuse(fold.centre, look, error.refusal, str(error), summary)
        return
    summary.used += 1
    summary.pixels += report.valid_px
    _count(report.outcome, summary)


def _judge(fold: Fold, before: int | None, summary: WatchSummary) -> None:
    """Apply the verdicts that stand before a look of day `before`."""
    for outcome in fold_verdicts(fold, before):
        _count(outcome, summary)


def _count(outcome: Outcome, summary: WatchSummary) -> None:
    for event in outcome.events:
        summary.events[AlertEvent(event.event).name] += 1


def _leave(look: Look, error: DoselError, summary: WatchSummary) -> None:
    """Leave the sources of a look to the next run."""
    for name in sources_of(look):
        summary.failed.setdefault(name, error)


def _refuse(centre: Centre, look: Look, refusal: Refusal, why: str, summary: WatchSummary) -> None:
    with centre.store.transaction():
        mark_refused(centre.store, look, refusal, why)
    summary.refused.append(Refused(look.id, refusal, why))


def _record_of(summary: WatchSummary) -> dict[str, Any]:
    """Return what a run did, for its row."""
    return {
        "used": summary.used,
        "again": summary.again,
        "history": summary.history,
        "refused": len(summary.refused) + len(summary.scenes_refused),
        "pixels": summary.pixels,
        "events": {name: count for name, count in sorted(summary.events.items()) if count},
        "removed": summary.removed,
        "mended": list(summary.mended.tiles) if summary.mended else [],
        "seconds": {stage: round(seconds, 3) for stage, seconds in summary.seconds.items()},
    }
