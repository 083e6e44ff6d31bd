"""Score the causes of ``context/driver``: python -m benchmarks.score_driver DATA.

DATA is the folder ``context`` of the real data. Labels and their causes stand in
:mod:`benchmarks.driver_labels`, how rules are made from them in :mod:`benchmarks.driver_fit`. ``--write``
writes the table that the package ships, from all labels; ``--plot-dir DIR`` draws calibration, confusion and
what is unknown.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.driver_fit import as_toml
from benchmarks.driver_labels import DETER_CELL_DEG, PERU_CELL_DEG, Examples, deter, peru
from benchmarks.driver_models import (
    best_ridge,
    fit_counted,
    fit_curves,
    fit_table,
    fit_together,
    fit_whole,
    prior,
)
from benchmarks.driver_protocol import Floats, Interval, across, answered, area_under
from benchmarks.driver_tables import (
    Score,
    blind_lines,
    causes_lines,
    confusion_lines,
    curve_lines,
    doubt_lines,
    gain,
    labels_lines,
    left_out_lines,
    pixel_lines,
    place_lines,
    sign_lines,
    strip_lines,
    watch_lines,
    ways_lines,
)
from benchmarks.driver_trials import Blind, patches, taken_away

from dosel.context.driver.causes import Cause

SHIPPED: Final = Path(__file__).parents[1] / "src" / "dosel" / "context" / "driver" / "rules.toml"
LEAST_LABELS, LEAST_CELLS = 30, 5
"""A cause rests on labels only where it has so many, in so many cells, and beats its base rate there."""
HEAD: Final = """The rules of causes that come with the package. Read, edit, replace: what each field means
stands in context/driver/rules.py. Written by python -m benchmarks.score_driver DATA --write.
origin = deter: fitted on INPE DETER, Rondonia 2023 (proof O). origin = peru: fitted on MapBiomas alerts of
Peru that Amazon Mining Watch calls mined later (proof R; the label is another model's word).
origin = set: set by hand, measured by nothing."""


WAYS: Final = (
    "base rates",
    "counted rules",
    "fitted rules, labels alone",
    "fitted rules",
    "model without ranges",
    "whole table",
)


def score(folder: Path) -> tuple[Score, Examples]:
    """Make tables without the places they are judged on, and judge them."""
    everything, mines = deter(folder), peru(folder)
    examples = everything.used()
    ridge = best_ridge(examples)
    alone = partial(fit_together, outsiders=0.0)
    ways = (prior, fit_counted, alone, fit_together, fit_curves, partial(fit_whole, mines=mines))
    shares = {name: across(examples, way) for name, way in zip(WAYS, ways, strict=True)}
    mined = across(mines, lambda some: answered(fit_table(examples, some, ridge=ridge)))
    proofs = supported(examples, shares, mines, mined)
    table = fit_table(examples, mines, proofs, ridge=ridge)
    return Score(examples, mines, ridge, shares, mined, proofs, table), everything


def supported(
    examples: Examples, shares: dict[str, Floats], mines: Examples, mined: Floats
) -> dict[Cause, str]:
    """Return the letter of every cause that labels support; the rule stands above, before any result."""
    letters = {}
    for cause in Cause:
        if cause and _enough(
            examples, cause, gain(shares["whole table"], shares["base rates"], examples, cause)
        ):
            letters[cause] = "O"
    if _enough(mines, Cause.MINING, gain(mined, across(mines, prior), mines, Cause.MINING)):
        letters[Cause.MINING] = "R"
    return letters


def _enough(examples: Examples, cause: Cause, saved: Interval) -> bool:
    own = examples.cause == cause
    enough = int(own.sum()) >= LEAST_LABELS and len(np.unique(examples.cell[own])) >= LEAST_CELLS
    return enough and saved.low > 0


Part = tuple[str, Iterable[str]]


def report(result: Score, blind: list[Blind], everything: Examples, folder: Path) -> str:
    """Return every table, as it stands in the docs."""
    parts = (
        ("Labels, and the cause each stands for", labels_lines(everything, result.mines)),
        *_on_unseen_places(result, everything),
        *_calibration(result),
        *_doubt(result, blind, everything, folder),
    )
    lines = [f"\n{title}\n\n" + "\n".join(rows) for title, rows in parts]
    home = result.mines.place == "Madre de Dios"
    rank = area_under(result.mined[home, Cause.MINING], result.mines.cause[home] == Cause.MINING)
    return "\n".join(
        [*lines, "", f"Ridge {result.ridge:g}; AUC of MINING in Madre de Dios alone: {rank:.3f}."]
    )


def _on_unseen_places(result: Score, everything: Examples) -> Iterable[Part]:
    whole, three = result.shares["whole table"], everything.of(everything.label == "MINERACAO")
    where = f"{DETER_CELL_DEG:g}-degree cells"
    yield f"Ways, DETER on unseen places ({where}) [95 % of resampled cells] (O)", ways_lines(result)
    where = f"MINING in Peru R, {PERU_CELL_DEG:g}-degree cells"
    yield f"Causes, whole table, unseen places (DETER O; {where})", causes_lines(result)
    yield "Confusion, DETER, unseen places; named from 0.5 on (O)", confusion_lines(whole, result.deter)
    rows = confusion_lines(answered(result.table)(three), three)
    yield "The three DETER mining alerts, never learnt from (O)", rows


def _calibration(result: Score) -> Iterable[Part]:
    whole, own = result.shares["whole table"], result.mines.cause == Cause.MINING
    for cause in (Cause.AGRICULTURE, Cause.FIRE, Cause.LOGGING):
        rows = curve_lines(whole[:, cause], result.deter.cause == cause)
        yield f"Calibration of {cause.name}, DETER, unseen places (O)", rows
    mined, home = result.mined[:, Cause.MINING], result.mines.place == "Madre de Dios"
    yield "Calibration of MINING, Peru, unseen places (R, by another model's word)", curve_lines(mined, own)
    yield "The same, Madre de Dios alone", curve_lines(mined[home], own[home])


def _doubt(result: Score, blind: list[Blind], everything: Examples, folder: Path) -> Iterable[Part]:
    used = everything.cause >= 0
    yield "Signs taken away, DETER, unseen places (O)", blind_lines(blind)
    yield "Causes left out of training, DETER, unseen places (O)", left_out_lines(result)
    yield (
        "More doubt: weight of made-up alerts of unknown cause, DETER, unseen places (O, S)",
        doubt_lines(result),
    )
    yield "Signs that were tried and are not used, DETER (O)", sign_lines(result, folder, used)
    yield "Outlines drawn as pixels, shipped table, DETER (O)", pixel_lines(result, folder, used)
    yield "Registered runways of Peru and around, drawn as outlines (S)", strip_lines(result, folder)
    yield "Places: MapBiomas alerts of Peru, no cause labelled, unseen places (R)", place_lines(result)
    yield "Labels of Amazon Mining Watch: points without shape, not learnt from (O)", watch_lines(folder)
    count, angular, square = patches(folder)
    words = (
        f"{count} outlines: {100 * angular:.0f} % run along the axes, {100 * square:.0f} % are one square: "
        "the search grid, not the shape of a mine."
    )
    yield "Outlines of Amazon Mining Watch, not learnt from (R)", [words]


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; write the shipped table and draw the plots where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder 'context' of the real data")
    parser.add_argument("--write", action="store_true", help="write the table that the package ships")
    parser.add_argument("--plot-dir", type=Path)
    options = parser.parse_args(arguments)
    result, everything = score(options.data)
    if options.write:
        SHIPPED.write_text(as_toml(result.table, HEAD), encoding="utf-8")
    blind = taken_away(result.deter, result.mines, result.ridge)
    print(report(result, blind, everything, options.data))
    if options.plot_dir:
        from benchmarks.driver_plots import draw

        draw(result, blind, options.plot_dir)
    return 0


if __name__ == "__main__":
    sys.exit(main())
