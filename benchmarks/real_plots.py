"""Plots of the real data: Sentinel-2 ROC curves, the Bolivia map, the NDVI cube."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.figures import BLUE, GREY, ORANGE, PALE, RED, SKY, plt, save
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from dosel.model.codes import Watch
from dosel.model.time import day_of, iso_day

if TYPE_CHECKING:
    from benchmarks.s2_protocol import Bools, Floats, Points
    from benchmarks.score_bolivia import Maps
    from benchmarks.score_ndvi_cube import Found
    from benchmarks.score_s2_points import Results


def draw_roc(points: Points, results: Results, path: Path) -> None:
    """Write the ROC curves of the two figures that count and of the comparators."""
    from benchmarks.s2_protocol import normalised
    from benchmarks.score_s2_points import INDICES, comparators

    figure, axes = plt.subplots(figsize=(5.2, 4.6))
    use = points.cleared | points.forest
    shipped = next(iter(results.ways.values()))
    bands = [points.bands[name] for name in INDICES["NBR, narrow nir"]]
    plain = comparators(normalised(*bands))
    curves = [
        ("chosen in training folds, last date", results.chosen.scores.last, BLUE, "-"),
        ("chosen in training folds, largest of the year", results.chosen.scores.largest, SKY, "-"),
        ("shipped NBR row, last date", shipped.last, RED, "-"),
        ("level of the last three NBR medians", plain["level of the last three medians"], GREY, "--"),
        ("single last NBR", plain["single last look"], "black", ":"),
    ]
    for word, score, colour, style in curves:
        axes.plot(*_roc(score[use], points.cleared[use]), style, color=colour, lw=1.4, label=word)
    axes.set(
        xlabel="stable forest above the threshold", ylabel="clearings above it", xlim=(0, 1), ylim=(0, 1)
    )
    axes.legend(fontsize=7, loc="lower right")
    axes.set_title("O: Sentinel-2 points, western Brazilian Amazon (A. Sanchez, MIT)", fontsize=8)
    save(figure, path)


def _roc(score: Floats, cleared: Bools) -> tuple[Floats, Floats]:
    """Return false and true positive rates; ties are one step."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    hit, false = np.cumsum(cleared[order])[last], np.cumsum(~cleared[order])[last]
    return np.append(0, false / false[-1]), np.append(0, hit / hit[-1])


def draw_bolivia(maps: Maps, label: Bools, use: Bools, path: Path) -> None:
    """Write the map of found, missed and false pixels, and the dates of the found ones."""
    kinds = np.zeros(label.shape, int)
    kinds[use] = 1
    kinds[use & label & maps.alerts] = 2
    kinds[use & label & ~maps.alerts] = 3
    kinds[use & ~label & maps.alerts] = 4
    colours = [PALE, "#DDEEDD", BLUE, ORANGE, "black"]
    words = ["not scored", "forest", "found", "missed", "false"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.3))
    left.imshow(kinds, cmap=ListedColormap(colours), vmin=0, vmax=4, interpolation="nearest")
    handles = [
        Patch(color=c, label=f"{w} ({(kinds == n).sum()})")
        for n, (c, w) in enumerate(zip(colours, words, strict=True))
    ]
    left.legend(
        handles=handles, fontsize=7, loc="upper left", bbox_to_anchor=(0, -0.02), ncols=3, frameon=False
    )
    left.set_title("Standing alerts against Hansen 2016 loss", fontsize=9)
    first = np.where(maps.alerts & (maps.crossed > 0), maps.crossed, np.nan)
    _dates(figure, right, first, "First look above h1")
    figure.suptitle(
        "O: Sentinel-1 VV and Landsat NDVI, 30 m, Santa Cruz, Bolivia (J. Reiche, CC BY 4.0; Hansen/UMD)",
        fontsize=8,
    )
    save(figure, path)


def _dates(figure: plt.Figure, axes: plt.Axes, days: Floats, title: str) -> None:
    """Draw an image of days with a bar of dates."""
    axes.set_facecolor(PALE)
    image = axes.imshow(days, cmap="viridis", interpolation="nearest")
    bar = figure.colorbar(image, ax=axes, fraction=0.046)
    ticks = np.linspace(*image.get_clim(), 5)
    bar.set_ticks(ticks, labels=[iso_day(round(tick)) for tick in ticks])
    bar.ax.tick_params(labelsize=7)
    axes.set_title(title, fontsize=9)
    for each in figure.axes[:2]:
        each.tick_params(labelsize=6)


def draw_ndvi(found: Found, path: Path) -> None:
    """Write the map of what is watched and of the onsets of the alerts that stand."""
    figure, axes = plt.subplots(figsize=(8.2, 5.2))
    watched = found.codes == Watch.WATCHED
    axes.imshow(watched, cmap=ListedColormap(["#BDBDBD", "#F3F3F3"]), interpolation="nearest")
    began = np.where(found.began > 0, found.began, np.nan).astype(float)
    image = axes.imshow(began, cmap="viridis", interpolation="nearest")
    bar = figure.colorbar(image, ax=axes, fraction=0.035)
    ticks = [day_of(f"{year}-{month:02d}-01") for year in (2017, 2018, 2019) for month in (1, 7)]
    ticks = [tick for tick in ticks if image.get_clim()[0] <= tick <= image.get_clim()[1]]
    bar.set_ticks(ticks, labels=[iso_day(tick)[:7] for tick in ticks])
    axes.set_title(
        "O: Landsat 8 monthly NDVI, 250 m, south-western Brazilian Amazon (tnier01, MIT; USGS)\n"
        "onset of confirmed and closed alerts; grey: not watched",
        fontsize=8,
    )
    axes.tick_params(labelsize=6)
    save(figure, path)
