"""The ways to a cause that are compared: base rates, counted rules, fitted rules, a model without ranges."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from benchmarks.driver_fit import (
    OUTSIDERS,
    RIDGES,
    SHAPE_SIGNS,
    Fitted,
    Known,
    bands,
    counted,
    logistic,
    mining,
    readings,
    table,
    together,
    values,
)
from benchmarks.driver_labels import Examples
from benchmarks.driver_protocol import INNER, Floats, answered, folds, losses
from numpy.typing import NDArray

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import Table

DETER_CAUSES: Final = (Cause.UNKNOWN, Cause.AGRICULTURE, Cause.LOGGING, Cause.FIRE)
TEMPERS: Final = (0.3, 0.5, 0.7, 1.0)
MINING_RIDGE: Final = 3.0
Model = Callable[[Examples], Floats]


def known_of(
    examples: Examples, mines: Examples | None, proofs: dict[Cause, str] | None = None
) -> dict[Cause, Known]:
    """Return what labels support among these examples; `proofs` leaves out causes that failed."""
    letters = {cause: "O" for cause in DETER_CAUSES if cause}
    sources = dict.fromkeys(letters, "INPE DETER, Rondonia 2023")
    counts = {cause: int((examples.cause == cause).sum()) for cause in letters}
    if mines is not None:
        letters[Cause.MINING] = "R"
        sources[Cause.MINING] = (
            "MapBiomas alerts of Peru that Amazon Mining Watch calls mined later (another model's word)"
        )
        counts[Cause.MINING] = int((mines.cause == Cause.MINING).sum())
    chosen = (
        letters
        if proofs is None
        else {cause: letter for cause, letter in letters.items() if proofs.get(cause)}
    )
    return {
        cause: Known(letter, counts[cause], sources[cause])
        for cause, letter in chosen.items()
        if counts[cause]
    }


def prior(examples: Examples) -> Model:
    """Return the base rates of the training folds."""
    share = np.bincount(examples.cause, minlength=len(Cause)) / len(examples)
    return lambda others: np.tile(share, (len(others), 1))


def shares_of(fitted: Fitted, examples: Examples) -> Floats:
    """Return the shares of weights alone, without causes that are set by hand."""
    score = np.tile(fitted.base, (len(examples), 1))
    for sign in fitted.signs:
        band = bands(examples, sign)
        score[band >= 0] += fitted.weights[sign][band[band >= 0]]
    return spread(score, fitted.causes)


def spread(score: Floats, causes: tuple[Cause, ...]) -> Floats:
    """Return probabilities over the whole list from scores of some causes."""
    share = np.exp(score - score.max(1, keepdims=True))
    whole = np.zeros((len(score), len(Cause)))
    whole[:, [int(cause) for cause in causes]] = share / share.sum(1, keepdims=True)
    return whole


def chosen_by_place(
    examples: Examples, settings: tuple[float, ...], fit: Callable[[Examples, float], Model]
) -> float:
    """Return the setting with the least loss in folds by place inside these examples."""
    fold_of = folds(examples.cell, INNER, seed=1)

    def loss(setting: float) -> float:
        total = 0.0
        for number in range(INNER):
            model, test = fit(examples.of(fold_of != number), setting), examples.of(fold_of == number)
            total += float(losses(model(test), test.cause).sum())
        return total

    return min(settings, key=loss)


def fit_counted(examples: Examples, signs: tuple[str, ...] = SHAPE_SIGNS) -> Model:
    """Return counted weights of evidence; how far they are tempered is chosen inside."""
    causes = _causes(examples)

    def fit(some: Examples, temper: float) -> Model:
        return partial(shares_of, counted(some, signs, causes, temper))

    return fit(examples, chosen_by_place(examples, TEMPERS, fit))


def fit_together(
    examples: Examples,
    signs: tuple[str, ...] = SHAPE_SIGNS,
    outsiders: float = OUTSIDERS,
    ridge: float | None = None,
) -> Model:
    """Return weights fitted together, alone; the ridge is chosen inside where it is not given."""
    causes = _causes(examples)
    ridge = ridge if ridge is not None else best_ridge(examples, signs)
    return partial(shares_of, together(examples, signs, causes, ridge, outsiders))


def fit_curves(examples: Examples) -> Model:
    """Return a multinomial logistic model on the values themselves, with squares and two harmonics."""
    causes = _causes(examples)

    def fit(some: Examples, ridge: float) -> Model:
        raw = curves(some)
        middle, scale = raw.mean(0), raw.std(0)
        order = {int(cause): number for number, cause in enumerate(causes)}
        index = np.array([order[int(cause)] for cause in some.cause])
        base, weights = logistic((raw - middle) / scale, index, np.ones(len(some)), len(causes), ridge)
        return lambda others: spread(base + (curves(others) - middle) / scale @ weights, causes)

    return fit(examples, chosen_by_place(examples, RIDGES, fit))


def curves(examples: Examples) -> NDArray[np.float64]:
    """Return the columns of the model without ranges."""
    area, long = (np.log(values(examples, sign)) for sign in ("area_ha", "elongation"))
    fill, solid = values(examples, "fill"), values(examples, "solidity")
    angle = 2 * np.pi * values(examples, "day_of_year") / 365.25
    plain = [area, long, fill, solid]
    year = [np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)]
    return np.column_stack([*plain, *(each**2 for each in plain), *year, area * year[0], area * year[1]])


def fit_table(
    examples: Examples,
    mines: Examples | None = None,
    proofs: dict[Cause, str] | None = None,
    signs: tuple[str, ...] = SHAPE_SIGNS,
    ridge: float | None = None,
) -> Table:
    """Return the whole table as it would be shipped from these examples; the ridge is chosen inside them."""
    causes = _causes(examples)
    ridge = ridge if ridge is not None else best_ridge(examples, signs)
    fitted = together(examples, signs, causes, ridge)
    places = None if mines is None else mining(mines, MINING_RIDGE)
    known = known_of(examples, mines, proofs)
    return table(fitted, readings(examples, fitted, mines), known, "deter", places)


def best_ridge(examples: Examples, signs: tuple[str, ...] = SHAPE_SIGNS) -> float:
    """Return the ridge with the least loss in folds by place inside these examples; asked once for a fold."""
    key = (signs, examples.cell.tobytes(), examples.cause.tobytes())
    if key not in _RIDGES:
        _RIDGES[key] = _search_ridge(examples, signs)
    return _RIDGES[key]


_RIDGES: dict[object, float] = {}


def _search_ridge(examples: Examples, signs: tuple[str, ...]) -> float:
    causes = _causes(examples)

    def fit(some: Examples, each: float) -> Model:
        return partial(shares_of, together(some, signs, causes, each))

    return chosen_by_place(examples, RIDGES, fit)


def fit_whole(examples: Examples, mines: Examples | None = None, ridge: float | None = None) -> Model:
    """Return the answers of the whole table, from the package's own code."""
    return answered(fit_table(examples, mines, ridge=ridge))


def _causes(examples: Examples) -> tuple[Cause, ...]:
    return tuple(cause for cause in DETER_CAUSES if (examples.cause == cause).any())
