"""Score ``dosel points`` on the Sentinel-1 VH points: python -m benchmarks.score_points DATA.

DATA is the folder with points.csv and series.csv.gz (Brazilian Amazon, proof O); the protocol stands in
:mod:`benchmarks.points_protocol`. ``--plot-dir DIR`` draws evidence over time and the delay curve.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import tempfile
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.points_protocol import (
    FOLDS,
    Accuracy,
    Bools,
    Evidence,
    Floats,
    Ints,
    Reference,
    accuracy,
    best_threshold,
    called,
    crossings_a_year,
    first_crossing,
    folds,
    read_reference,
    silent_threshold,
    window_score,
    write_starts,
)

from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.model.time import day_of
from dosel.monitor.derive import Looks, derive_stream
from dosel.monitor.points import fold, run_points
from dosel.monitor.series import PointSeries, read_series
from dosel.monitor.streams import STREAMS

SERIES = {
    "raw": ("sentinel-1-vh", "vh_orig_db"),
    "stabilised": ("sentinel-1-vh-stabilised", "vh_spatialf_db"),
    "filtered": ("sentinel-1-vh-filtered", "vh_origf_db"),
}
"""Series of the points: stream and value column."""
UNDER = {"filtered": "vh_spatialf_db"}
"""Column whose curve hides that of a series in points without a value: the plots that were digitised show the
one exactly under the other, so they are equal there."""
BY_DAYS = (0, 30, 60, 120)
HEAD = (
    "Sentinel-1 VH points, Brazilian Amazon (proof O): {points} points, thresholds from other 1-degree "
    "cells, {seeds} seeds, [95 % of resampled cells]. Stabilised and filtered look ahead in time: only raw "
    "is what a near-real-time system sees. Clearings over 1 ha against forest deep inside: they rank methods "
    "and give no operational error rate."
)
DELAYS = (
    "Share of clearings found within so many days of the clearing. It lies between ref_before and ref_after, "
    "so the share lies between that counted from ref_before and that from ref_after; looks count from "
    "ref_before on."
)


@dataclass(frozen=True, slots=True)
class Case:
    """One series of the points, ready to be scored."""

    name: str
    looks: PointSeries
    reference: Reference
    trace: Evidence
    seen: Bools
    """Points with a value at all; the filtered series hides some."""
    words: str = ""
    """What was done to the series, for the tables."""


def read_trace(path: Path, reference: Reference) -> Evidence:
    """Read a TRACE of ``dosel points``."""
    index = {name: number for number, name in enumerate(reference.ids)}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))[1:]
    days = {date: day_of(date) for date in {row[1] for row in rows}}
    return Evidence(
        np.array([index[row[0]] for row in rows], np.int64),
        np.array([days[row[1]] for row in rows], np.int64),
        np.array([float(row[2]) for row in rows]),
    )


def load_case(data: Path, name: str, folder: Path) -> Case:
    """Run ``dosel points`` over one series and read its trace back."""
    return _run(data / "series.csv.gz", read_reference(data / "points.csv"), name, folder)


def revealed_case(data: Path, name: str, folder: Path) -> Case:
    """Return the case whose points without a value take those of the curve that hides them."""
    series = folder / f"{name}-revealed.csv.gz"
    _reveal(data / "series.csv.gz", SERIES[name][1], UNDER[name], series)
    return _run(series, read_reference(data / "points.csv"), name, folder, "hidden values revealed")


def _run(series: Path, reference: Reference, name: str, folder: Path, words: str = "") -> Case:
    """Run ``dosel points`` and gather looks and trace in the order of the reference."""
    stream, column = SERIES[name]
    starts, out = folder / "starts.csv", folder / f"{stream}.csv.gz"
    write_starts(reference, starts)
    run_points(series, stream, column, starts, out)
    looks = read_series(series, column)
    index = {point: number for number, point in enumerate(reference.ids)}
    point = np.array([index[each] for each in looks.ids], np.int64)[looks.point]
    order = np.lexsort((looks.day, point))
    looks = PointSeries(reference.ids, point[order], looks.day[order], looks.value[order], 0, 0)
    seen = np.bincount(point, minlength=len(reference.ids)) > 0
    return Case(name, looks, reference, read_trace(out, reference), seen, words)


def _reveal(series: Path, column: str, under: str, out: Path) -> None:
    """Write a series file in which points without any value of `column` take those of `under`."""
    with gzip.open(series, "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    seen = {row["id"] for row in rows if row[column]}
    with gzip.open(out, "wt", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["id", "date", column])
        for row in rows:
            writer.writerow([row["id"], row["date"], row[column if row["id"] in seen else under]])


def some(evidence: Evidence, chosen: Bools) -> Evidence:
    """Return the evidence of some points, counted anew."""
    keep, number = chosen[evidence.point], np.cumsum(chosen) - 1
    return Evidence(number[evidence.point[keep]], evidence.day[keep], evidence.nats[keep])


def nested(case: Case, chosen: Bools, seed: int) -> tuple[Bools, Bools]:
    """Return calls where the stream's row, too, is derived inside the training folds."""
    reference = case.reference.of(chosen)
    stream = STREAMS[SERIES[case.name][0]]
    fold_of = folds(reference.cell, FOLDS // 2, seed)
    best, silent = np.zeros(len(fold_of), bool), np.zeros(len(fold_of), bool)
    everywhere = np.full(len(chosen), -1)
    everywhere[chosen] = fold_of
    for number in range(FOLDS // 2):
        keep = (everywhere != number)[case.looks.point]
        looks = Looks(case.looks.value[keep], case.looks.day[keep], case.looks.point[keep], len(chosen))
        derived = derive_stream(looks, case.reference.start, case.reference.before, stream.model)
        left = fold(case.looks, case.reference.start, replace(stream, model=derived.model))
        score = window_score(Evidence(left.point, left.day, left.evidence / EVIDENCE_PER_NAT), case.reference)
        train, test, score = fold_of != number, fold_of == number, score[chosen]
        best[test] = score[test] > best_threshold(score[train], reference.deforested[train])
        silent[test] = score[test] > silent_threshold(score[train], reference.deforested[train])
    return best, silent


def _standardised(case: Case) -> tuple[PointSeries, Floats]:
    """Return monitored looks and their drop in standard deviations of the point's own history."""
    looks, points = case.looks, len(case.reference.ids)
    past = looks.day < case.reference.start[looks.point]
    count = np.maximum(np.bincount(looks.point[past], minlength=points), 2)
    mean = np.bincount(looks.point[past], looks.value[past], points) / count
    squares = np.bincount(looks.point[past], (looks.value[past] - mean[looks.point[past]]) ** 2, points)
    sd = np.sqrt(np.maximum(squares / (count - 1), 1e-4))
    now = ~past
    monitored = PointSeries(looks.ids, looks.point[now], looks.day[now], looks.value[now], 0, 0)
    return monitored, (mean[monitored.point] - monitored.value) / sd[monitored.point]


def largest_drop(case: Case) -> Evidence:
    """Return the published rule: the drop of single looks below the history's mean, in its deviations."""
    looks, drop = _standardised(case)
    return Evidence(looks.point, looks.day, np.maximum(drop, 0))


def plain_sum(case: Case) -> Evidence:
    """Return the plain cumulative sum: shift of 2 deviations, each look clipped at 3.5 nats."""
    looks, drop = _standardised(case)
    llr = np.clip(2.0 * drop - 2.0, -3.5, 3.5)
    total, out, last = 0.0, np.empty(len(llr)), -1
    for row, point in enumerate(looks.point.tolist()):
        total = max(0.0, (total if point == last else 0.0) + llr[row])
        out[row], last = total, point
    return Evidence(looks.point, looks.day, out)


def figures(name: str, rule: str, result: Accuracy) -> str:
    """Return one line of the table."""
    parts = [
        f"{value:.3f} [{low:.3f}-{high:.3f}]"
        for value, (low, high) in (
            (result.oa, result.oa_interval),
            (result.pa995, result.pa995_interval),
            (result.stable, result.stable_interval),
        )
    ]
    return f"| {name} | {rule} | " + " | ".join(parts) + " |"


def accuracy_lines(case: Case, seeds: int, name: str, chosen: Bools) -> list[str]:
    """Return the accuracy table's lines of one series."""
    reference = case.reference.of(chosen)
    rules: list[tuple[str, Callable[[], Evidence]]] = [
        ("dosel, row as shipped", lambda: case.trace),
        ("largest drop", lambda: largest_drop(case)),
        ("plain sum", lambda: plain_sum(case)),
    ]
    lines = []
    for rule, evidence in rules:
        score = window_score(some(evidence(), chosen), reference)
        calls = [called(score, reference, seed) for seed in range(seeds)]
        lines.append(figures(name, rule, accuracy(calls, reference)))
    calls = [nested(case, chosen, seed) for seed in range(seeds)]
    lines.insert(1, figures(name, "dosel, row derived in training folds", accuracy(calls, reference)))
    return lines


def shipped_lines(case: Case, name: str, chosen: Bools) -> list[str]:
    """Return what the shipped thresholds do: accuracy, and crossings of undisturbed point-years."""
    reference, evidence = case.reference.of(chosen), some(case.trace, chosen)
    score, y, lines = window_score(evidence, reference), reference.deforested, []
    stream = STREAMS[SERIES[case.name][0]]
    for word, nats in (("candidate", stream.h1_nats), ("changed", stream.h2_nats)):
        over = score >= nats
        year = [crossings_a_year(evidence, reference, nats - 1e-6, group) for group in (~y, y)]
        lines.append(
            f"| {name} | {word}, {nats:g} nats | {np.mean(over == y):.3f} | {over[y].mean():.3f} | "
            f"{over[~y].mean():.4f} | {year[0]:.3f} | {year[1]:.3f} |"
        )
    return lines


def delay_lines(case: Case, name: str, chosen: Bools) -> list[str]:
    """Return the share of clearings found within so many days, as bounds."""
    reference, evidence = case.reference.of(chosen), some(case.trace, chosen)
    score, y = window_score(evidence, reference), reference.deforested
    lines = []
    for word, first in delays(case, evidence, reference, score):
        late = [f"{np.mean(first[y] - reference.before[y] <= days):.3f}" for days in BY_DAYS]
        early = [f"{np.mean(first[y] - reference.after[y] <= days):.3f}" for days in BY_DAYS]
        cells = [f"{low} to {high}" for low, high in zip(late, early, strict=True)]
        lines.append(f"| {name} | {word} | " + " | ".join(cells) + " |")
    return lines


def delays(case: Case, evidence: Evidence, reference: Reference, score: Floats) -> list[tuple[str, Ints]]:
    """Return first crossings at the 99.5 % threshold of training folds and at the shipped one."""
    fold_of = folds(reference.cell, FOLDS, 0)
    limit = np.empty(len(score))
    for number in range(FOLDS):
        train = fold_of != number
        limit[~train] = silent_threshold(score[train], reference.deforested[train])
    shipped = np.full(len(score), STREAMS[SERIES[case.name][0]].h2_nats - 1e-6)
    return [
        ("99.5 % silent", first_crossing(evidence, reference, limit)),
        ("changed, as shipped", first_crossing(evidence, reference, shipped)),
    ]


def variants(case: Case) -> list[tuple[str, Bools]]:
    """Return the sets of points to report: all, and without those that have no value."""
    everything = np.ones(len(case.seen), bool)
    if case.words:
        return [(f"{case.name}, {case.words}", everything)]
    if case.seen.all():
        return [(case.name, everything)]
    hidden = int((~case.seen).sum())
    return [(case.name, case.seen), (f"{case.name}, with {hidden} points without a value", everything)]


def report(cases: list[Case], seeds: int) -> str:
    """Return all tables as text."""
    rows = [(case, name, chosen) for case in cases for name, chosen in variants(case)]
    lines = [
        *textwrap.wrap(HEAD.format(points=len(cases[0].reference.ids), seeds=seeds), 100),
        "",
        "| series | rule | OA | PA995 | stable above |",
        "|---|---|---|---|---|",
        *(line for case, name, chosen in rows for line in accuracy_lines(case, seeds, name, chosen)),
        "",
        "At the thresholds shipped; crossings per point and year in the 365 d before ref_before:",
        "",
        "| series | threshold | OA | clearings above | stable above | crossings, stable | later cleared |",
        "|---|---|---|---|---|---|---|",
        *(line for case, name, chosen in rows for line in shipped_lines(case, name, chosen)),
        "",
        *textwrap.wrap(DELAYS, 100),
        "",
        "| series | threshold | 0 d | 30 d | 60 d | 120 d |",
        "|---|---|---|---|---|---|",
        *(line for case, name, chosen in rows for line in delay_lines(case, name, chosen)),
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; draw the plots where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder with points.csv and series.csv.gz")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--plot-dir", type=Path)
    parser.add_argument("--series", choices=sorted(SERIES), action="append")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        names = options.series or list(SERIES)
        cases = [load_case(options.data, name, Path(folder)) for name in names]
        revealed = [revealed_case(options.data, name, Path(folder)) for name in names if name in UNDER]
    print(report(cases + revealed, options.seeds))
    if options.plot_dir:
        from benchmarks.points_plots import draw

        draw(cases, options.plot_dir)
    return 0


if __name__ == "__main__":
    sys.exit(main())
