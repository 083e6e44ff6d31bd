"""The printed tables of the causes, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.driver_fit import OUTSIDERS, SHAPE_SIGNS
from benchmarks.driver_labels import DETER, Examples, deter_places
from benchmarks.driver_models import Model, fit_together, prior
from benchmarks.driver_protocol import (
    Bools,
    Floats,
    Interval,
    across,
    against_rest,
    answered,
    area_under,
    calibration_error,
    interval,
    losses,
    mean,
    named,
    reliability,
)
from benchmarks.driver_trials import LEARNT, Blind, as_pixels, left_out, strips, tried_signs, watch_labels

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import Table


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Everything that is printed and drawn."""

    deter: Examples
    mines: Examples
    ridge: float
    shares: dict[str, Floats]
    """Of DETER on unseen places, by way."""
    mined: Floats
    """Of Peru on unseen places, by the whole table."""
    proofs: dict[Cause, str]
    table: Table


def gain(shares: Floats, base: Floats, examples: Examples, cause: Cause) -> Interval:
    """Return the log loss that "is it this cause" saves against the base rate; positive is better."""
    each = against_rest(base, examples.cause, cause) - against_rest(shares, examples.cause, cause)
    return mean(each, examples.cell)


def row(*cells: object) -> str:
    """Return a row of a table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(*names: str) -> list[str]:
    """Return the head of a table."""
    return [row(*names), "|" + "---|" * len(names)]


def labels_lines(everything: Examples, mines: Examples) -> Iterable[str]:
    yield from head("label", "examples", "used", "cells", "cause", "why")
    for label, (cause, why) in DETER.items():
        own = everything.label == label
        used = own & (everything.cause >= 0)
        place = len(np.unique(everything.cell[own]))
        yield row(label, own.sum(), used.sum(), place, cause.name if cause is not None else "not used", why)
    for label in ("mined later", "not mined"):
        own = mines.label == label
        cause = "MINING" if label == "mined later" else "not MINING"
        yield row(
            label, own.sum(), own.sum(), len(np.unique(mines.cell[own])), cause, "Peru: another model's word"
        )


def ways_lines(result: Score) -> Iterable[str]:
    yield from head(
        "way", "log loss", "saved against rules of labels alone", "most probable is right", "calibration"
    )
    examples, fitted = result.deter, losses(result.shares["fitted rules, labels alone"], result.deter.cause)
    for name, shares in result.shares.items():
        each = losses(shares, examples.cause)
        right = (shares.argmax(1) == examples.cause).astype(float)
        top = shares[:, 1:].max(1)
        was = examples.cause == shares[:, 1:].argmax(1) + 1
        error = calibration_error(reliability(top, was))
        yield row(
            name,
            mean(each, examples.cell),
            mean(fitted - each, examples.cell),
            mean(right, examples.cell),
            f"{error:.3f}",
        )


def causes_lines(result: Score) -> Iterable[str]:
    yield from head("cause", "labels", "cells", "log loss saved against its base rate", "AUC", "claimed")
    examples, whole, base = result.deter, result.shares["whole table"], result.shares["base rates"]
    for cause in Cause:
        own = examples.cause == cause
        if cause is Cause.MINING or not own.any():
            continue
        yield _cause_row(result, cause, examples, gain(whole, base, examples, cause), whole)
    saved = gain(result.mined, across(result.mines, prior), result.mines, Cause.MINING)
    yield _cause_row(result, Cause.MINING, result.mines, saved, result.mined)


def _cause_row(result: Score, cause: Cause, examples: Examples, saved: Interval, shares: Floats) -> str:
    own = examples.cause == cause
    said = result.proofs.get(cause)
    rank = interval(lambda chosen: area_under(shares[chosen, cause], own[chosen]), examples.cell)
    words = f"yes, {said}" if said else ("never" if not cause else "no: does not beat its base rate for sure")
    return row(cause.name, own.sum(), len(np.unique(examples.cell[own])), saved, rank, words)


def confusion_lines(shares: Floats, examples: Examples) -> Iterable[str]:
    answers = [cause for cause in Cause if (named(shares) == cause).any()]
    yield from head("label", "cause", *(f"named {cause.name}" for cause in answers), "mean P(UNKNOWN)")
    for label in dict.fromkeys(examples.label[np.argsort(examples.cause, kind="stable")]):
        own = examples.label == label
        counts = [int((named(shares[own]) == cause).sum()) for cause in answers]
        cause = Cause(int(examples.cause[own][0])).name if (examples.cause[own] >= 0).all() else "not used"
        yield row(label, cause, *counts, f"{shares[own, 0].mean():.2f}")


def curve_lines(said: Floats, was: Bools) -> Iterable[str]:
    yield from head("said", "was so", "alerts")
    for each in reliability(said, was):
        yield row(f"{each.said:.2f}", f"{each.seen:.2f}", each.count)


def blind_lines(blind: list[Blind]) -> Iterable[str]:
    yield from head(
        "missing", "mean P(UNKNOWN)", "it rose for", "a cause is named for", "of these right", "log loss"
    )
    for each in blind:
        right = "-" if np.isnan(each.right) else f"{each.right:.3f}"
        yield row(
            each.group,
            f"{each.unknown:.3f}",
            f"{100 * each.rose:.0f} %",
            f"{100 * each.named:.0f} %",
            right,
            f"{each.loss:.3f}",
        )


def left_out_lines(result: Score) -> Iterable[str]:
    yield from head(
        "cause",
        "P(UNKNOWN) known",
        "left out",
        "the others then",
        "AUC of UNKNOWN",
        "another cause is named for",
    )
    for each in left_out(result.deter, result.mines, result.ridge):
        yield row(
            each.cause.name,
            f"{each.kept:.3f}",
            f"{each.unknown:.3f}",
            f"{each.others:.3f}",
            f"{each.rank:.3f}",
            f"{100 * each.named:.0f} %",
        )


def doubt_lines(result: Score) -> Iterable[str]:
    """Yield what more made-up alerts of unknown cause would cost and give (fitted rules alone)."""
    yield from head("made-up", "log loss", "named for", *(f"{cause.name} left out" for cause in LEARNT))
    examples = result.deter
    for weight in (OUTSIDERS, 0.2, 0.5):
        fit = partial(fit_together, outsiders=weight, ridge=result.ridge)
        shares = across(examples, fit)
        grown = []
        for cause in LEARNT:
            own = examples.cause == cause
            blind = across(examples, partial(_unlearnt, cause=cause, fit=fit))
            grown.append(f"{shares[own, 0].mean():.2f} to {blind[own, 0].mean():.2f}")
        spoke = 100 * (named(shares) > 0).mean()
        yield row(weight, f"{losses(shares, examples.cause).mean():.3f}", f"{spoke:.0f} %", *grown)


def _unlearnt(examples: Examples, cause: Cause, fit: Callable[[Examples], Model]) -> Model:
    return fit(examples.of(examples.cause != cause))


def sign_lines(result: Score, folder: Path, used: Bools) -> Iterable[str]:
    yield from head("sign", "log loss saved beside the others")
    found = {name: value[used] for name, value in deter_places(folder).items()}
    for name, saved in tried_signs(result.deter, found, SHAPE_SIGNS, result.ridge).items():
        yield row(name, saved)


def pixel_lines(result: Score, folder: Path, used: Bools) -> Iterable[str]:
    yield from head("pixels", "alerts left", "log loss", "of the same alerts as drawn", "same cause named")
    whole = answered(result.table)(result.deter)
    for size in (10.0, 30.0):
        drawn, there = as_pixels(folder, result.deter, used, size)
        shares = answered(result.table)(drawn)
        same = (named(shares) == named(whole[there])).mean()
        one, two = losses(shares, drawn.cause).mean(), losses(whole[there], drawn.cause).mean()
        yield row(f"{size:.0f} m", len(drawn), f"{one:.3f}", f"{two:.3f}", f"{100 * same:.1f} %")


def strip_lines(result: Score, folder: Path) -> Iterable[str]:
    yield from head("outlines", "count", "mean P(UNKNOWN)", "a cause is named for")
    for words, width in (("registered runways, own width", None), ("the same, 60 m wide", 60.0)):
        signs = strips(folder, width)
        shares = np.array([[result.table.probabilities(each)[cause] for cause in Cause] for each in signs])
        yield row(
            words, len(signs), f"{shares[:, 0].mean():.3f}", f"{100 * (named(shares) > 0).mean():.0f} %"
        )
    shares = result.shares["whole table"]
    yield row(
        "DETER, all labels",
        len(shares),
        f"{shares[:, 0].mean():.3f}",
        f"{100 * (named(shares) > 0).mean():.0f} %",
    )


def place_lines(result: Score) -> Iterable[str]:
    yield from head(
        "department",
        "corridor",
        "alerts",
        "mined later",
        "mean P(MINING)",
        "named MINING",
        "named AGRICULTURE",
        "UNKNOWN",
    )
    corridor = np.array([bool(each.mining_corridor) for each in result.mines.signs])
    answer = named(result.mined)
    for place in sorted(set(result.mines.place)):
        for inside in (False, True):
            own = (result.mines.place == place) & (corridor == inside)
            if own.any():
                counts = [
                    int((answer[own] == cause).sum())
                    for cause in (Cause.MINING, Cause.AGRICULTURE, Cause.UNKNOWN)
                ]
                mined = int((result.mines.cause[own] == Cause.MINING).sum())
                share = f"{result.mined[own, Cause.MINING].mean():.3f}"
                yield row(place, "inside" if inside else "outside", own.sum(), mined, share, *counts)


def watch_lines(folder: Path) -> Iterable[str]:
    """Yield the labels of Amazon Mining Watch."""
    yield from head("label", "points", "in Peru", "cells", "median km to a river of the layer")
    for label, points, home, places, far in watch_labels(folder):
        yield row(label, points, home, places, f"{far:.1f}")
