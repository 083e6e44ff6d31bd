"""``dosel points``: the monitor on point series, through the very kernel of the rasters.

The points are one row of pixels. A day is a look in which the points seen that day are valid and the others
are masked, so each point's evidence follows from its own series and the stream's row alone, and no look sees
a later one. Quanta are small (1/256 dB), so that fixed-point numbers lose nothing that matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.model.codes import DAY_BITS, NODATA, STATE_DAY0, PixelFlag
from dosel.model.provenance import Method
from dosel.model.time import day_of, iso_day
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline, Learner
from dosel.monitor.scalars import Thresholds, look_scalars
from dosel.monitor.series import PointSeries, Progress, read_series, read_starts, silent
from dosel.monitor.streams import PointStream, point_stream
from dosel.monitor.trace import Trace, write_summary, write_trace
from dosel.stack.gridded import GriddedLook

BATCH_DAYS: Final = 64
"""Days of history that are given to the learner at once."""


@dataclass(frozen=True, slots=True)
class PointsReport:
    """What a run over point series did."""

    stream: str
    method: Method
    points: int
    looks_history: int
    looks_monitored: int
    points_unseen: int
    """Points without a monitored look."""
    points_without_history: int
    """Points that were compared with the stream's prior alone."""
    candidates: int
    """Points that were a candidate or changed at some look."""
    changed: int
    """Points that were changed at some look."""
    missing: int
    """Rows with an empty value: no looks."""
    repeated: int
    """Rows that repeat another row exactly: counted once."""
    trace: Path
    summary: Path | None


def run_points(
    series: Path,
    stream: str,
    value: str,
    start: str | Path,
    out: Path,
    summary: Path | None = None,
    progress: Progress = silent,
) -> PointsReport:
    """Monitor the points of a series file; write their traces and, where asked for, a row for each point.

    Parameters
    ----------
    series
        CSV(.gz) with ``id``, ``date`` and value columns, in any order of rows. An empty value is no look.
    stream
        Name of a stream of :data:`dosel.monitor.streams.STREAMS`.
    value
        Name of the value column.
    start
        CSV(.gz) with ``id,start``, or one ISO date for all: looks before it are history.
    out
        Trace ``id,date,evidence,status`` of every monitored look; evidence in nats. Gzip by suffix.
    summary
        One row a point: ``id,onset,window_start,window_end,first_candidate,changed,largest_evidence,
        looks_history,looks_monitored``. Onset and window are those of the first change, else of the first
        candidate; ``first_candidate`` and ``changed`` are the first days of these states.
    progress
        Called with stage, done and total.

    Raises
    ------
    InputError
        If an input is wrong or an output cannot be written; :class:`~dosel.errors.InputMistakesError` with
        all mistakes of a file at once.
    """
    row = point_stream(stream)
    _distinct(series, start, out, summary)
    looks = read_series(series, value, progress)
    ids, starts = _starts(start, looks.ids)
    _plausible(series, value, looks, row)
    monitored = looks.day >= starts[looks.point]
    trace = fold(looks, starts, row, progress)
    history = np.bincount(looks.point[~monitored], minlength=len(ids))
    write_trace(out, ids, trace)
    if summary is not None:
        write_summary(summary, ids, trace, history)
    watched = np.bincount(trace.point, minlength=len(ids))
    return PointsReport(
        stream,
        row.model.method(),
        len(ids),
        int(history.sum()),
        int(watched.sum()),
        int((watched == 0).sum()),
        int((history == 0).sum()),
        len(np.unique(trace.point[trace.status >= PixelFlag.CANDIDATE])),
        len(np.unique(trace.point[trace.status >= PixelFlag.CHANGED])),
        looks.missing,
        looks.repeated,
        out,
        summary,
    )


def fold(
    looks: PointSeries, starts: NDArray[np.int64], row: PointStream, progress: Progress = silent
) -> Trace:
    """Return what each monitored look left behind.

    Parameters
    ----------
    looks
        Looks of all points.
    starts
        (point,) first monitored day; points beyond those of the series have no looks.
    row
        Stream of the values.
    progress
        Called with ``learn`` and ``monitor``, in days.
    """
    monitored = looks.day >= starts[looks.point]
    quanta = _quanta(looks, row)
    order = np.argsort(looks.day, kind="stable")
    past, present = order[~monitored[order]], order[monitored[order]]
    baseline = _learn(looks, quanta, past, len(starts), row, progress)
    newest = np.zeros(len(starts), np.int64)
    np.maximum.at(newest, looks.point[past], looks.day[past])
    left = _monitor(looks, quanta, present, baseline, newest, row, progress)
    by_point = np.lexsort((looks.day[present], looks.point[present]))
    chosen = present[by_point]
    return Trace(looks.point[chosen], looks.day[chosen], *(column[by_point] for column in left))


def _distinct(series: Path, start: str | Path, out: Path, summary: Path | None) -> None:
    """Refuse to write over an input or to write both outputs into one file."""
    outputs = [path.resolve() for path in (out, summary) if path is not None]
    inputs = {Path(path).resolve() for path in (series, start)}
    if len(set(outputs)) < len(outputs) or inputs & set(outputs):
        raise InputError(
            "expected different files for series, starts, trace and summary, got one of them twice"
        )


def _starts(start: str | Path, ids: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return names and first monitored days from a date for all or a file."""
    if isinstance(start, str):
        try:
            return ids, np.full(len(ids), day_of(start), np.int64)
        except InputError:
            if not Path(start).is_file():
                raise InputError(
                    f"start: expected an ISO date (2024-05-31) or a CSV file id,start, got {start!r}"
                ) from None
    return read_starts(Path(start), ids)


def _plausible(path: Path, column: str, looks: PointSeries, row: PointStream) -> None:
    """Refuse values in another unit, which would make evidence of nothing without a word."""
    low, high = row.usual
    if len(looks.value) and not low <= (median := float(np.median(looks.value))) <= high:
        raise InputError(
            f"{path}: {row.model.stream} expects {column} in {row.model.unit} with a median between {low:g} "
            f"and {high:g}, got {median:g}; convert the values to {row.model.unit} or name another column"
        )


def _quanta(looks: PointSeries, row: PointStream) -> NDArray[np.int16]:
    """Return values in quanta."""
    steps = np.rint(looks.value / row.model.quantum)
    far = np.flatnonzero(np.abs(steps) > -NODATA - 1)
    if far.size:
        name, day, value = (looks.ids[looks.point[far[0]]], int(looks.day[far[0]]), looks.value[far[0]])
        most = (-NODATA - 1) * row.model.quantum
        raise InputError(
            f"id {name!r}, {iso_day(day)}: expected a value within {most:g} {row.model.unit} of 0, "
            f"got {value:g}"
        )
    return steps.astype(np.int16)


def _days(looks: PointSeries, chosen: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Split looks that are sorted by day into those of each day."""
    cuts = np.flatnonzero(np.diff(looks.day[chosen])) + 1
    return np.split(chosen, cuts) if len(chosen) else []


def _learn(
    looks: PointSeries,
    quanta: NDArray[np.int16],
    past: NDArray[np.int64],
    points: int,
    row: PointStream,
    progress: Progress,
) -> Baseline:
    """Return the baselines of all points; without history a point's is the stream's prior."""
    learner = Learner(row.model, (1, points))
    days = _days(looks, past)
    for first in range(0, len(days), BATCH_DAYS):
        batch = days[first : first + BATCH_DAYS]
        values = np.full((len(batch), 1, points), NODATA, np.int16)
        for image, chosen in zip(values, batch, strict=True):
            image[0, looks.point[chosen]] = quanta[chosen]
        learner.add([int(looks.day[chosen[0]]) for chosen in batch], values)
        progress("learn", first + len(batch), len(days))
    return learner.finish(min_looks=0)


def _monitor(
    looks: PointSeries,
    quanta: NDArray[np.int16],
    present: NDArray[np.int64],
    baseline: Baseline,
    newest: NDArray[np.int64],
    row: PointStream,
    progress: Progress,
) -> tuple[NDArray[np.int64], ...]:
    """Return evidence, status, onset, before and crossed after each look, in the order of `present`."""
    points = len(newest)
    state = fresh_state((1, points), 1)
    state.before[0] = np.clip(newest - STATE_DAY0, 0, None)
    watched = np.ones((1, points), np.uint8)
    thresholds = Thresholds(row.h1_nats, row.h2_nats)
    left = np.zeros((4, len(present)), np.int64)
    days, done = _days(looks, present), 0
    for number, chosen in enumerate(days, 1):
        who, day = looks.point[chosen], int(looks.day[chosen[0]])
        values = np.full((1, 1, points), NODATA, np.int16)
        values[0, 0, who] = quanta[chosen]
        look = GriddedLook(iso_day(day), "points", day, (row.model.stream,), values, 0)
        update(state, look, baseline, watched, look_scalars(day, [row.model], thresholds))
        planes = (state.evidence, state.crossed, state.onset, state.before)
        left[:, done : done + len(chosen)] = [plane[0, who] for plane in planes]
        done += len(chosen)
        if number % BATCH_DAYS == 0 or number == len(days):
            progress("monitor", number, len(days))
    evidence, crossed, onset, before = left
    first = crossed & ((1 << DAY_BITS) - 1)
    return evidence, crossed >> DAY_BITS, *(_utc(column) for column in (onset, before, first))


def _utc(stored: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return UTC day numbers of days as states store them; 0 stays 0."""
    return np.where(stored > 0, stored + STATE_DAY0, 0)
