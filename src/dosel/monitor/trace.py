"""What the monitor leaves behind of point series: a trace of every look, a summary of every point."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import EVIDENCE_PER_NAT, PixelFlag
from dosel.model.time import iso_day
from dosel.monitor.series import cell, written

TRACE_COLUMNS: Final = ("id", "date", "evidence", "status")
SUMMARY_COLUMNS: Final = (
    "id",
    "onset",
    "window_start",
    "window_end",
    "first_candidate",
    "changed",
    "largest_evidence",
    "looks_history",
    "looks_monitored",
)


@dataclass(frozen=True, slots=True)
class Trace:
    """What each monitored look left behind, sorted by point and day; days are UTC day numbers."""

    point: NDArray[np.int64]
    day: NDArray[np.int64]
    evidence: NDArray[np.int64]
    """Running evidence in 1/64 nat, before any alarm logic, never resting."""
    status: NDArray[np.int64]
    """:class:`~dosel.model.codes.PixelFlag`."""
    onset: NDArray[np.int64]
    """Day at which the evidence last left 0; 0 where it is 0."""
    before: NDArray[np.int64]
    """Day of the last valid look before the onset, the history included; 0 where there was none."""
    crossed: NDArray[np.int64]
    """Day of the first look above h1 since the onset; 0 where there is none."""


def write_trace(path: Path, ids: tuple[str, ...], trace: Trace) -> None:
    """Write ``id,date,evidence,status`` of every look; evidence in nats.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    names = [cell(name) for name in ids]
    dates = {day: iso_day(day) for day in np.unique(trace.day).tolist()}
    nats = {units: repr(units / EVIDENCE_PER_NAT) for units in np.unique(trace.evidence).tolist()}
    words = {int(flag): flag.name.lower() for flag in PixelFlag}
    columns = (trace.point.tolist(), trace.day.tolist(), trace.evidence.tolist(), trace.status.tolist())
    with written(path) as text:
        text.write(",".join(TRACE_COLUMNS) + "\n")
        text.writelines(
            f"{names[point]},{dates[day]},{nats[evidence]},{words[status]}\n"
            for point, day, evidence, status in zip(*columns, strict=True)
        )


def write_summary(path: Path, ids: tuple[str, ...], trace: Trace, history: NDArray[np.int64]) -> None:
    """Write one row a point, those without a monitored look included.

    Parameters
    ----------
    path
        CSV, gzip by suffix.
    ids
        Names of the points.
    trace
        Their monitored looks.
    history
        (point,) looks of the history.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    count = len(ids)
    candidate = _first(trace, PixelFlag.CANDIDATE, count)
    changed = _first(trace, PixelFlag.CHANGED, count)
    told = np.where(changed >= 0, changed, candidate)
    largest = np.zeros(count, np.int64)
    np.maximum.at(largest, trace.point, trace.evidence)
    looks = np.bincount(trace.point, minlength=count)
    days = [_at(trace.onset, told), _at(trace.before, told), _at(trace.crossed, told)]
    days += [_at(trace.day, candidate), _at(trace.day, changed)]
    with written(path) as text:
        text.write(",".join(SUMMARY_COLUMNS) + "\n")
        for point, name in enumerate(ids):
            dates = [iso_day(int(column[point])) if column[point] else "" for column in days]
            numbers = [repr(int(largest[point]) / EVIDENCE_PER_NAT), str(history[point]), str(looks[point])]
            text.write(",".join([cell(name), *dates, *numbers]) + "\n")


def _first(trace: Trace, status: PixelFlag, points: int) -> NDArray[np.int64]:
    """Return (point,) row of the trace with the first look at that status or above, else -1."""
    rows = np.flatnonzero(trace.status >= status)
    first = np.full(points, -1, np.int64)
    first[trace.point[rows[::-1]]] = rows[::-1]
    return first


def _at(column: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the column at rows of the trace, 0 where the row is -1."""
    return np.where(rows >= 0, column[rows], 0) if len(column) else np.zeros(len(rows), np.int64)
