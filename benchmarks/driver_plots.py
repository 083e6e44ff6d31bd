"""Plots of causes: calibration, confusion, and what is unknown where signs are missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.driver_protocol import Bools, Floats, named, reliability
from benchmarks.figures import BLUE, GREEN, GREY, ORANGE, RED, plt, save

from dosel.context.driver.causes import Cause

if TYPE_CHECKING:
    from benchmarks.driver_tables import Score
    from benchmarks.driver_trials import Blind


def draw(result: Score, blind: list[Blind], folder: Path) -> None:
    """Write cause-calibration.png, cause-confusion.png and cause-unknown.png."""
    folder.mkdir(parents=True, exist_ok=True)
    _calibration(result, folder / "cause-calibration.png")
    _confusion(result, folder / "cause-confusion.png")
    _unknown(blind, folder / "cause-unknown.png")


def _calibration(result: Score, path: Path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.6), sharey=True)
    whole, cause = result.shares["whole table"], result.deter.cause
    for one, colour in ((Cause.AGRICULTURE, GREEN), (Cause.FIRE, RED), (Cause.LOGGING, ORANGE)):
        _curve(left, whole[:, one], cause == one, colour, one.name)
    home = result.mines.place == "Madre de Dios"
    own = result.mines.cause == Cause.MINING
    _curve(right, result.mined[:, Cause.MINING], own, BLUE, "MINING, Peru")
    _curve(right, result.mined[home, Cause.MINING], own[home], ORANGE, "MINING, Madre de Dios")
    left.set_title("O: DETER, Rondonia 2023, unseen 1-degree cells", fontsize=9)
    right.set_title("R: MapBiomas, Peru; label is another model's word, unseen cells", fontsize=9)
    for axes in (left, right):
        axes.plot([0, 1], [0, 1], color=GREY, lw=0.8)
        axes.set_xlabel("probability that was said")
        axes.legend(fontsize=8)
    left.set_ylabel("share that was so; a mark's size is its count of alerts")
    save(figure, path)


def _curve(axes: plt.Axes, said: Floats, was: Bools, colour: str, name: str) -> None:
    bins = [each for each in reliability(said, was) if each.count >= 10]
    x, y = [each.said for each in bins], [each.seen for each in bins]
    axes.plot(x, y, "-", color=colour, lw=1, label=name)
    axes.scatter(x, y, s=[6 + 12 * np.log10(each.count) for each in bins], color=colour)


def _confusion(result: Score, path: Path) -> None:
    answer, examples = named(result.shares["whole table"]), result.deter
    causes = [cause for cause in Cause if (answer == cause).any()]
    labels = list(dict.fromkeys(examples.label[np.argsort(examples.cause, kind="stable")]))
    counts = np.array(
        [[((examples.label == name) & (answer == cause)).sum() for cause in causes] for name in labels]
    )
    shares = counts / counts.sum(1, keepdims=True)
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (i, j), count in np.ndenumerate(counts):
        axes.text(
            j, i, str(count), ha="center", va="center", color="white" if shares[i, j] > 0.6 else "black"
        )
    axes.set_xticks(range(len(causes)), [f"named\n{cause.name}" for cause in causes], fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_title("O: DETER, Rondonia 2023, unseen 1-degree cells; named from 0.5 on", fontsize=9)
    save(figure, path)


def _unknown(blind: list[Blind], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(7, 3.6))
    place = np.arange(len(blind))
    axes.barh(place + 0.2, [each.unknown for each in blind], 0.38, color=GREY, label="mean P(UNKNOWN)")
    axes.barh(
        place - 0.2,
        [each.named for each in blind],
        0.38,
        color=BLUE,
        label="share of alerts with a named cause",
    )
    axes.set_yticks(
        place, [f"without {each.group}" if each.group != "none" else "every sign" for each in blind]
    )
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_title("O: DETER, Rondonia 2023, unseen 1-degree cells: signs taken away", fontsize=9)
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.4, -0.1), ncol=2, frameon=False)
    save(figure, path)
