"""The main job: search -> read -> learn -> update -> confirm -> polygonize -> track -> store.

Run it as often as you like: what has been folded is not folded again, and a run that was killed is carried
on by the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from dosel.alerts.step import Outcome
from dosel.catalog.ledger import Refused, mark_refused
from dosel.catalog.scene import Look, RefusedSceneError
from dosel.errors import DoselError, SourceError
from dosel.model.codes import AlertEvent, Refusal
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.feeds.feed_health import record_alarms
from dosel.pipeline.learning.calibrate import calibration, in_force
from dosel.pipeline.learning.history import learn_history
from dosel.pipeline.learning.models import Streams, streams_of
from dosel.pipeline.learning.silence import describe_silence
from dosel.pipeline.progress import Progress, Silent, Stopwatch
from dosel.pipeline.runs import recorded_run
from dosel.pipeline.spine.away import refusal_of, sources_of
from dosel.pipeline.spine.clock import check_clock, set_apart
from dosel.pipeline.spine.fold import Fold, fold_look, start_fold
from dosel.pipeline.spine.gather import days_of, need_every_source, record, search_all, split
from dosel.pipeline.spine.memory import reuse_memory
from dosel.pipeline.spine.mend import started
from dosel.pipeline.spine.order import place_of
from dosel.pipeline.spine.pinned import pin_settings, planes_of
from dosel.pipeline.spine.reading import is_archived, read_look_tiles
from dosel.pipeline.spine.resting import resting_ha
from dosel.pipeline.spine.retain import retain
from dosel.pipeline.spine.rewind import rewind, rewind_point, settle, sort_arrivals, waiting
from dosel.pipeline.spine.summary import WatchSummary, record_of
from dosel.pipeline.spine.tidy import tidy
from dosel.pipeline.spine.verdicts import fold_verdicts
from dosel.pipeline.spine.watched import fix_voters, record_layers


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
    job = _Job(centre, until, progress or Silent(), Stopwatch(), WatchSummary())
    reuse_memory(centre.settings.resources)
    pin_settings(centre)
    with recorded_run(centre, until=until, window=list(days_of(centre, until))) as run:
        check_clock(centre, day_of(datetime.now(UTC)))
        tidy(centre)
        looks = _gather(job)
        monitored = _learn(job, looks)
        fold, pending = _start(job, monitored)
        _fold_all(job, fold, pending)
        _describe(job, fold)
        tidy(centre)
        job.summary.seconds = job.stopwatch.seconds
        run.summary |= record_of(job.summary) | {"at_rest_ha": resting_ha(centre)}
    return job.summary


@dataclass(frozen=True, slots=True)
class _Job:
    """What the stages of a run share."""

    centre: Centre
    until: str
    progress: Progress
    stopwatch: Stopwatch
    summary: WatchSummary


def _gather(job: _Job) -> tuple[Look, ...]:
    """Search every source and put what it offers into the ledger; return its looks."""
    with job.stopwatch.stage("search"):
        job.progress.start("search", len(job.centre.settings.source))
        scenes = search_all(job.centre, job.until, job.summary, job.progress)
        looks = record(job.centre, scenes, job.summary).looks
        need_every_source(job.centre, job.summary)
    return looks


def _learn(job: _Job, looks: Sequence[Look]) -> list[Look]:
    """Learn what has no baseline yet, and fix mask and rights; return the looks that are to be watched."""
    centre, summary = job.centre, job.summary
    history, monitored = split(centre, looks)
    monitored, alone = set_apart(centre, looks, monitored)
    summary.refused += alone
    with job.stopwatch.stage("learn"):
        whole = not summary.failed
        learning = learn_history(centre, looks, history, monitored, job.progress, whole=whole)
        summary.history, summary.refused = learning.looks, summary.refused + learning.refused
        fix_voters(centre)
        record_layers(centre)
    return monitored


def _start(job: _Job, monitored: list[Look]) -> tuple[Fold, tuple[Look, ...]]:
    """Return the fold where it stands, calibrated and mended, and the looks that wait for it in order."""
    centre = job.centre
    with job.stopwatch.stage("calibrate"):
        known = calibration(centre, job.progress)
    pending = _line_up(centre, monitored, job.summary, job.stopwatch)
    parts = (planes_of(centre), in_force(centre, known), known.weather, job.stopwatch)
    fold, pending, mended = started(centre, partial(start_fold, centre, *parts), pending)
    job.summary.mended = mended
    job.summary.again += mended.again if mended else 0
    return fold, pending


def _fold_all(job: _Job, fold: Fold, pending: Sequence[Look]) -> None:
    """Fold look after look, each with the verdicts that stand before it."""
    streams = streams_of(job.centre, pending)
    job.progress.start("update", max(len(pending), 1))
    for number, look in enumerate(pending, start=1):
        if (look.sensor, look.geometry) in streams:
            _judge(fold, look.day, job.summary)
            _fold_one(fold, look, streams[look.sensor, look.geometry], job.summary, pending[number:])
        job.progress.advance()
    _judge(fold, None, job.summary)
    job.summary.events[AlertEvent.SUPERSEDED.name] += len(settle(job.centre, fold.step))


def _describe(job: _Job, fold: Fold) -> None:
    """Say what silence is worth and which feeds are ill, and remove what is kept no longer."""
    with job.stopwatch.stage("describe"):
        describe_silence(job.centre, days_of(job.centre, job.until)[1], fold.thresholds)
    job.summary.removed = retain(job.centre)
    record_alarms(job.centre)


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
