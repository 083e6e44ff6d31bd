"""Plots of the point series: evidence over time of single points, and the delay curve (proof O)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.figures import BLUE, GREEN, ORANGE, PINK, RED, plt, save
from benchmarks.points_protocol import first_crossing, window_score
from matplotlib.dates import MonthLocator

from dosel.model.time import date_of
from dosel.monitor.streams import STREAMS

if TYPE_CHECKING:
    from benchmarks.score_points import Case

FOREST, CLEARED, LOOK = GREEN, RED, "#4d4d4d"
LINES = (BLUE, ORANGE, PINK)
NOTE = "O: Sentinel-1 VH points, Brazilian Amazon (Doblas et al. 2020, CC BY 4.0, digitised)"


def draw(cases: list[Case], folder: Path) -> None:
    """Write points-evidence.png and points-delay.png."""
    folder.mkdir(parents=True, exist_ok=True)
    _evidence(cases[0], folder / "points-evidence.png")
    _delay(cases, folder / "points-delay.png")


def examples(case: Case) -> list[tuple[str, int]]:
    """Return points that were found early, found late, missed and falsely found, by a fixed rule."""
    reference, stream = case.reference, STREAMS[_stream(case)]
    limit = np.full(len(reference.ids), stream.h2_nats - 1e-6)
    first = first_crossing(case.trace, reference, limit)
    score, y = window_score(case.trace, reference), reference.deforested
    year = np.zeros(len(y), np.int64)
    before = case.trace.day < reference.before[case.trace.point]
    over = before & (case.trace.nats >= stream.h2_nats)
    np.add.at(year, case.trace.point[over], 1)
    quiet = year == 0
    delay = first - reference.after
    groups = (
        ("found by the image that shows it", y & quiet & (delay <= 0)),
        ("found late", y & quiet & (delay > 60) & (delay <= 120)),
        ("missed", y & quiet & (score < stream.h1_nats)),
        ("stable forest, called changed", ~y & (score >= stream.h2_nats)),
    )
    return [(word, _middle(score, group)) for word, group in groups if group.any()]


def _middle(score: np.ndarray, group: np.ndarray) -> int:
    """Return the member with the median score."""
    members = np.flatnonzero(group)
    return int(members[np.argsort(score[members], kind="stable")[len(members) // 2]])


def _stream(case: Case) -> str:
    from benchmarks.score_points import SERIES

    return SERIES[case.name][0]


def _dates(days: np.ndarray) -> list[date]:
    return [date_of(int(day)) for day in days]


def _evidence(case: Case, path: Path) -> None:
    chosen, stream = examples(case), STREAMS[_stream(case)]
    figure, rows = plt.subplots(len(chosen), 2, figsize=(10, 1.9 * len(chosen)), sharex="row", squeeze=False)
    for (word, point), (left, right) in zip(chosen, rows, strict=True):
        looks, trace = case.looks.point == point, case.trace.point == point
        left.plot(_dates(case.looks.day[looks]), case.looks.value[looks], ".-", color=LOOK, lw=0.5, ms=3)
        left.set_ylabel("VH, dB")
        left.set_title(f"point {case.reference.ids[point]}: {word}", fontsize=9, loc="left")
        right.plot(_dates(case.trace.day[trace]), case.trace.nats[trace], ".-", color="black", lw=0.8, ms=3)
        for nats, style in ((stream.h1_nats, ":"), (stream.h2_nats, "--")):
            right.axhline(nats, color=CLEARED, ls=style, lw=0.8)
        right.set_ylabel("evidence, nats")
        for axes in (left, right):
            _mark(axes, case, point)
    figure.suptitle(f"Evidence of single points, unfiltered; dotted h1, dashed h2. {NOTE}", fontsize=9)
    save(figure, path)


def _mark(axes: plt.Axes, case: Case, point: int) -> None:
    """Shade the interval in which the clearing lies and draw the start of monitoring."""
    reference = case.reference
    axes.axvline(date_of(int(reference.start[point])), color=FOREST, lw=0.8)
    first, last = date_of(int(reference.before[point])), date_of(int(reference.after[point]))
    colour = CLEARED if reference.deforested[point] else FOREST
    axes.axvspan(first, max(last, first + timedelta(days=2)), color=colour, alpha=0.25, lw=0)
    axes.xaxis.set_major_locator(MonthLocator((1, 7)))
    axes.tick_params(labelsize=7)


def _delay(cases: list[Case], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(7, 4.5))
    days = np.arange(0, 181)
    for number, case in enumerate(cases):
        reference = case.reference.of(case.seen)
        y = reference.deforested
        index = np.cumsum(case.seen) - 1
        trace = type(case.trace)(index[case.trace.point], case.trace.day, case.trace.nats)
        limit = np.full(len(y), STREAMS[_stream(case)].h2_nats - 1e-6)
        first = first_crossing(trace, reference, limit)
        early = [np.mean(first[y] - reference.after[y] <= day) for day in days]
        late = [np.mean(first[y] - reference.before[y] <= day) for day in days]
        axes.fill_between(days, late, early, color=LINES[number], alpha=0.3, lw=0)
        axes.plot(days, early, color=LINES[number], lw=1, label=case.name)
        axes.plot(days, late, color=LINES[number], lw=1)
    axes.set(xlabel="days since the clearing (bounds: counted from ref_before, from ref_after)", ylim=(0, 1))
    axes.set_ylabel("share of clearings changed, thresholds as shipped")
    axes.set_title(f"{NOTE}\nonly raw is what a near-real-time system sees", fontsize=8)
    axes.legend()
    save(figure, path)
