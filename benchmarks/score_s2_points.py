"""Score the monitor on Sentinel-2 points without mask or history: python -m benchmarks.score_s2_points DATA.

DATA is the folder with samples_tb_points.csv and samples_tb_series.csv.gz (16-day composites of one year over
the western Brazilian Amazon; proof O); the protocol stands in :mod:`benchmarks.s2_protocol`.

Two figures count. *Shipped*: the first stream of the sensor table's Sentinel-2 row, NBR of B08 and B12, with
the published constants of Fmask. *Chosen in training folds*: for each left-out cell, the way that ranks best
the points of the other cells, each of those left out in turn as well. The choice never sees the left-out
cell; the set of ways was drawn up after pooled scores had been seen (the quick gain entered then). All ways
are printed. ``--plot-dir DIR`` draws the ROC curves.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from benchmarks.s2_protocol import (
    Bools,
    Floats,
    Points,
    Scores,
    Way,
    auc,
    fmask,
    fold_without,
    interval,
    left_out_scores,
    normalised,
    read_points,
)

from dosel.monitor.evidence import GAIN_SHIFT

INDICES = {
    "NBR": ("B08", "B12"),
    "NBR, narrow nir": ("B8A", "B12"),
    "NDMI": ("B08", "B11"),
    "NDVI": ("B08", "B04"),
}
"""Normalised differences; the first is the sensor table's."""
QUICK_SHIFT = 3
"""A gain of 1/8, one look in a history of eight: no point has one, and a year's valid looks are about 19."""
WAYS = tuple(
    Way(name, *bands, clouds, gain)
    for clouds in ("fmask", "clear line")
    for gain in (GAIN_SHIFT, QUICK_SHIFT)
    for name, bands in INDICES.items()
)
"""Ways to choose from; the first is the one shipped."""
BARE = tuple(Way(name, *bands, "none", GAIN_SHIFT) for name, bands in INDICES.items())
"""Ways that leave the clouds in: shown, not chosen from."""
HEAD = (
    "Sentinel-2 points (proof O): {cleared} clearings within the year against {forest} points of stable "
    "forest in {cells} 1-degree cells, each left out in turn; AUC [95 % of resampled cells]. Row and "
    "baseline from stable forest of the other cells, no history. The Fmask tests take {share:.0%} of the "
    "looks for cloud."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Each cell's scores by the way that was chosen without it."""

    scores: Scores
    ways: dict[int, Way]
    """Way by left-out cell."""


@dataclass(frozen=True, slots=True)
class Results:
    """Scores of everything that is reported."""

    ways: dict[Way, Scores]
    chosen: Choice
    chosen_slow: Choice
    """From the ways with the shipped gain alone."""


def evaluate(points: Points) -> Results:
    """Return the scores of all ways and of the nested choices."""
    ways = {way: left_out_scores(points, way) for way in (*WAYS, *BARE)}
    cells = [int(cell) for cell in np.unique(points.cell[points.cleared | points.forest])]
    tables = {way: _pairs(points, way, cells) for way in WAYS}
    slow = {way: table for way, table in tables.items() if way.gain_shift == GAIN_SHIFT}
    return Results(ways, _choose(points, tables, ways), _choose(points, slow, ways))


def _choose(points: Points, tables: dict[Way, dict[int, Floats]], ways: dict[Way, Scores]) -> Choice:
    """Choose for each cell the way with the best AUC at the last date over the other cells."""
    found = {}
    last, largest = np.full(len(points.cell), np.nan), np.full(len(points.cell), np.nan)
    for left_out in next(iter(tables.values())):
        train = (points.cleared | points.forest) & (points.cell != left_out)
        quality = {way: auc(table[left_out][train], points.cleared[train]) for way, table in tables.items()}
        best = found[left_out] = max(tables, key=lambda way: quality[way])
        here = points.cell == left_out
        last[here], largest[here] = ways[best].last[here], ways[best].largest[here]
    return Choice(Scores(last, largest), found)


def _pairs(points: Points, way: Way, cells: list[int]) -> dict[int, Floats]:
    """Return by cell the last scores of all other cells, from rows that saw neither of the two."""
    table = {cell: np.full(len(points.cell), np.nan) for cell in cells}
    for one, other in combinations(cells, 2):
        last = fold_without(points, way, {one, other}).last
        for left_out, scored in ((one, other), (other, one)):
            here = points.cell == scored
            table[left_out][here] = last[here]
    return table


def comparators(values: Floats) -> dict[str, Floats]:
    """Return scores without any monitor, clouds left in."""
    late, early = np.median(values[:, -3:], axis=1), np.median(values[:, :3], axis=1)
    return {
        "level of the last three medians": -late,
        "their difference from the first three": early - late,
        "single last look": -values[:, -1],
    }


def figure(score: Floats, points: Points) -> str:
    """Return the AUC and its interval as text."""
    use: Bools = points.cleared | points.forest
    low, high = interval(score[use], points.cleared[use], points.cell[use])
    return f"{auc(score[use], points.cleared[use]):.3f} [{low:.3f}-{high:.3f}]"


def way_line(word: str, way: Way | None, scores: Scores, points: Points) -> str:
    """Return one line of the monitor's table."""
    cells = [word, way.name, way.clouds, f"1/{2**way.gain_shift}"] if way else [word, "-", "-", "-"]
    return "| " + " | ".join([*cells, figure(scores.last, points), figure(scores.largest, points)]) + " |"


def comparator_lines(points: Points) -> list[str]:
    """Return the table of the comparators."""
    return [
        f"| {rule} | {name} | {figure(score, points)} |"
        for name, (one, other) in INDICES.items()
        for rule, score in comparators(normalised(points.bands[one], points.bands[other])).items()
    ]


def report(points: Points, results: Results) -> str:
    """Return all tables as text."""
    use = points.cleared | points.forest
    head = HEAD.format(
        cleared=points.cleared.sum(),
        forest=points.forest.sum(),
        cells=len(results.chosen.ways),
        share=fmask(points.bands)[use].mean(),
    )
    shipped, *others = results.ways.items()
    return "\n".join(
        [
            *textwrap.wrap(head, 100),
            "",
            "| | index | clouds | gain | evidence at the last date | largest evidence of the year |",
            "|---|---|---|---|---|---|",
            way_line("shipped", *shipped, points),
            way_line("chosen in training folds", None, results.chosen.scores, points),
            way_line("chosen, shipped gain alone", None, results.chosen_slow.scores, points),
            *(way_line("", way, scores, points) for way, scores in others),
            "",
            "Chosen, by left-out cell: "
            + "; ".join(
                f"{c} {w.name}, {w.clouds}, 1/{2**w.gain_shift}" for c, w in results.chosen.ways.items()
            ),
            "",
            "| without a monitor, clouds left in | index | AUC |",
            "|---|---|---|",
            *comparator_lines(points),
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; draw the plot where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "data", type=Path, help="folder with samples_tb_points.csv and samples_tb_series.csv.gz"
    )
    parser.add_argument("--plot-dir", type=Path)
    options = parser.parse_args(arguments)
    points = read_points(options.data)
    results = evaluate(points)
    print(report(points, results))
    if options.plot_dir:
        from benchmarks.real_plots import draw_roc

        draw_roc(points, results, options.plot_dir / "s2-roc.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
