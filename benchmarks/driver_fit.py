"""Tables of rules from labels: counted weights of evidence, and weights fitted together.

Both give the same kind of table: ranges of signs and nats for causes. The ranges are round numbers, never
fitted; they were chosen with the spread of the signs in sight. Everything that a label decides (weights,
bases, what signs cover, what a missing sign costs) comes from the examples that are handed in: a training
fold never sees the places it is judged on.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, log
from typing import Final

import numpy as np
from benchmarks.driver_labels import Examples
from numpy.typing import NDArray
from scipy.optimize import minimize

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import SET, Band, Reading, Rule, Support, Table

Floats = NDArray[np.float64]

SHAPE_SIGNS: Final = ("area_ha", "elongation", "fill", "solidity", "day_of_year")
PLACE_SIGNS: Final = ("mining_scar_m", "mining_corridor")
EDGES: Final[dict[str, tuple[float, ...]]] = {
    "area_ha": (5, 10, 20, 50, 100, 300),
    "elongation": (1.5, 2, 3, 5, 8),
    "fill": (0.4, 0.55, 0.7, 0.85),
    "solidity": (0.5, 0.65, 0.8, 0.9),
    "compactness": (0.2, 0.3, 0.45, 0.6),
    "parts": (2,),
    "day_of_year": (91, 152, 182, 213, 244, 274, 305, 335),
    "mining_scar_m": (100, 500, 2000, 5000, 20000),
    "mining_corridor": (1,),
    "river_m": (500, 2000, 5000, 20000, 50000),
    "airfield_m": (2000, 5000, 20000, 50000),
    "clearing_m": (100, 1000, 5000),
    "protected": (1,),
}
"""Inner edges of the ranges of each sign; those of the year are first days of months."""
PSEUDO: Final = 10.0
"""Examples of the common mix that a cause is credited with before its own are counted."""
NOTHING_SEEN: Final = 0.9
"""Probability of UNKNOWN where no sign was evaluated: set, not fitted."""
OUTSIDERS: Final = 0.05
"""Weight of made-up alerts of unknown cause, whose signs fall evenly on all ranges, against the labels'."""
COVER: Final = (0.005, 0.995)
"""Quantiles of a sign between which labels cover it."""
STRANGE: Final = 1.0
"""Nats that UNKNOWN gains from a sign outside of them: set, not fitted."""
RIDGES: Final = (1.0, 3.0, 10.0)
"""Penalties that are tried inside the training folds."""
CLAIM: Final = 0.5

BASES: Final[dict[Cause, float]] = {
    Cause.SMALL_CLEARING: 0.01,
    Cause.ROAD: 0.005,
    Cause.AIRSTRIP: 0.002,
    Cause.DREDGING: 0.002,
    Cause.MEANDER: 0.003,
    Cause.WINDTHROW: 0.002,
    Cause.INFRASTRUCTURE: 0.003,
}
"""Shares of causes that no label supports: set by hand. They take mass to UNKNOWN and are never claimed."""


UNSEEN: Final = 0.002
"""Share of any other cause of which the labels at hand show nothing."""


def _hand(weights: dict[Cause, float], **ranges: tuple[float, float]) -> Rule:
    return Rule(tuple(Band(sign, *ends) for sign, ends in ranges.items()), weights, SET)


BY_HAND: Final = (
    _hand({Cause.AIRSTRIP: 4.0}, elongation=(8, inf), length_m=(400, 2500)),
    _hand({Cause.AIRSTRIP: 2.0}, airfield_m=(-inf, 300)),
    _hand({Cause.ROAD: 3.5}, elongation=(10, inf), length_m=(1000, inf)),
    _hand({Cause.SMALL_CLEARING: 4.0, Cause.AGRICULTURE: -1.4}, area_ha=(-inf, 3)),
    _hand({Cause.DREDGING: 2.0, Cause.MEANDER: 2.0}, river_m=(-inf, 100)),
    _hand({Cause.MEANDER: 1.5}, river_m=(-inf, 200), elongation=(3, inf)),
    _hand({Cause.FIRE: 1.0}, hot_spots=(1, inf)),
    *(_hand({cause: 1.0}, partner=(cause, cause + 1)) for cause in Cause if cause),
)
"""Rules that no label here can give: set by hand and said to be so. DETER draws nothing below 3 ha: there
three quarters of what would be agriculture are small clearings, which no label tells apart: unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Weights of ranges, before they become a table."""

    signs: tuple[str, ...]
    causes: tuple[Cause, ...]
    base: Floats
    """Shape ``(causes,)``: log of shares where no sign was evaluated."""
    weights: dict[str, Floats]
    """By sign, shape ``(ranges, causes)``; 0 says what the common mix says."""


def values(examples: Examples, sign: str) -> Floats:
    """Return one sign of all examples; NaN where it was not evaluated."""
    raw = [signs.value(sign) for signs in examples.signs]
    return np.array([np.nan if each is None else each for each in raw])


def bands(examples: Examples, sign: str) -> NDArray[np.int64]:
    """Return the number of the range in which each example lies; -1 where it was not evaluated."""
    value = values(examples, sign)
    found = np.searchsorted(np.array(EDGES[sign]), value, side="right")
    return np.where(np.isnan(value), -1, found)


def counted(examples: Examples, signs: tuple[str, ...], causes: tuple[Cause, ...], temper: float) -> Fitted:
    """Return weights of evidence: log of how much more frequent a range is with a cause, times `temper`."""
    index = _index(examples, causes)
    share = np.bincount(index, minlength=len(causes)) / len(index)
    weights = {}
    for sign in signs:
        band, count = bands(examples, sign), len(EDGES[sign]) + 1
        table = np.zeros((count, len(causes)))
        np.add.at(table, (band[band >= 0], index[band >= 0]), 1.0)
        mix = (table.sum(1) + 0.5) / (table.sum() + 0.5 * count)
        frequent = (table + PSEUDO * mix[:, None]) / (table.sum(0) + PSEUDO)
        weights[sign] = temper * np.log(frequent / mix[:, None])
    return Fitted(signs, causes, np.log(share), weights)


def together(
    examples: Examples,
    signs: tuple[str, ...],
    causes: tuple[Cause, ...],
    ridge: float,
    outsiders: float = OUTSIDERS,
) -> Fitted:
    """Return weights of all ranges fitted at once (multinomial logistic regression with a ridge).

    Made-up alerts of unknown cause stand beside the labels, so that UNKNOWN gains where nothing usual lies.
    What is common to all ranges of the signs is dealt to them by what each tells, so that without any sign
    the shares are left.
    """
    blocks = [_one_hot(bands(examples, sign), len(EDGES[sign]) + 1) for sign in signs]
    design = np.hstack(blocks)
    index, mass = _index(examples, causes), np.ones(len(examples))
    if outsiders:
        unknown = causes.index(Cause.UNKNOWN)
        design, index, mass = _with_outsiders(design, blocks, index, mass, unknown, outsiders)
    base, flat = logistic(design, index, mass, len(causes), ridge)
    share = np.bincount(index, mass, len(causes)) / mass.sum()
    raw = dict(zip(signs, np.split(flat, np.cumsum([block.shape[1] for block in blocks])[:-1]), strict=True))
    told = {sign: information(examples, sign, causes) for sign in signs}
    rest = (base - np.log(share)) / sum(told.values())
    weights = {sign: raw[sign] + told[sign] * rest for sign in signs}
    level = {sign: np.log(np.exp(nats) @ share)[:, None] for sign, nats in weights.items()}
    return Fitted(signs, causes, np.log(share), {sign: weights[sign] - level[sign] for sign in signs})


def _with_outsiders(
    design: Floats,
    blocks: list[Floats],
    index: NDArray[np.int64],
    mass: Floats,
    unknown: int,
    outsiders: float,
) -> tuple[Floats, NDArray[np.int64], Floats]:
    draw = np.random.default_rng(0)
    count = 2000
    even = [np.eye(block.shape[1])[draw.integers(0, block.shape[1], count)] for block in blocks]
    weight = np.full(count, outsiders * len(index) / count)
    return (
        np.vstack([design, np.hstack(even)]),
        np.concatenate([index, np.full(count, unknown)]),
        np.concatenate([mass, weight]),
    )


def logistic(
    design: Floats, index: NDArray[np.int64], mass: Floats, causes: int, ridge: float
) -> tuple[Floats, Floats]:
    """Return intercepts and weights that minimise log loss plus ``ridge / 2 * sum of squared weights``."""
    columns = design.shape[1]
    truth = np.eye(causes)[index]

    def loss(flat: Floats) -> tuple[float, Floats]:
        base, weights = flat[:causes], flat[causes:].reshape(columns, causes)
        score = base + design @ weights
        score -= score.max(1, keepdims=True)
        share = np.exp(score)
        share /= share.sum(1, keepdims=True)
        wrong = mass[:, None] * (share - truth)
        value = -float(mass @ np.log(share[np.arange(len(index)), index] + 1e-300))
        slope = np.concatenate([wrong.sum(0), (design.T @ wrong + ridge * weights).ravel()])
        return value + 0.5 * ridge * float((weights**2).sum()), slope

    best = minimize(
        loss, np.zeros(causes * (columns + 1)), jac=True, method="L-BFGS-B", options={"maxiter": 400}
    )
    return best.x[:causes], best.x[causes:].reshape(columns, causes)


def _one_hot(band: NDArray[np.int64], count: int) -> Floats:
    return (band[:, None] == np.arange(count)).astype(float)


def _index(examples: Examples, causes: tuple[Cause, ...]) -> NDArray[np.int64]:
    order = {int(cause): number for number, cause in enumerate(causes)}
    return np.array([order[int(cause)] for cause in examples.cause], np.int64)


def information(examples: Examples, sign: str, causes: tuple[Cause, ...]) -> float:
    """Return the nats that a sign's range tells of the cause, on average."""
    band, index = bands(examples, sign), _index(examples, causes)
    table = np.zeros((len(EDGES[sign]) + 1, len(causes)))
    np.add.at(table, (band[band >= 0], index[band >= 0]), 1.0)
    joint = table / table.sum()
    apart = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / apart[seen])).sum())


def readings(examples: Examples, fitted: Fitted, places: Examples | None = None) -> tuple[Reading, ...]:
    """Return what UNKNOWN gains where a sign is missing, by its share of the information, or strange."""
    told = np.array([information(examples, sign, fitted.causes) for sign in fitted.signs])
    unknown = float(np.exp(fitted.base[fitted.causes.index(Cause.UNKNOWN)]))
    whole = log(NOTHING_SEEN / (1 - NOTHING_SEEN)) - log(unknown / (1 - unknown))
    unseen = np.maximum(whole, 0.0) * told / told.sum()
    rows = []
    for sign, nats in zip(fitted.signs, unseen, strict=True):
        least, most = covered(examples, sign)
        if places is not None and sign == "area_ha":
            least = min(least, covered(places, sign)[0])
        if sign == "day_of_year":
            least, most = 1, 366
        rows.append(Reading(sign, _round(nats), float(f"{least:.4g}"), float(f"{most:.4g}"), STRANGE))
    return tuple(rows)


def covered(examples: Examples, sign: str) -> tuple[float, float]:
    """Return the values of a sign between which labels cover it."""
    least, most = np.nanquantile(values(examples, sign), COVER)
    return float(least), float(most)


def rules(fitted: Fitted, origin: str, only: tuple[Cause, ...] | None = None) -> tuple[Rule, ...]:
    """Return the ranges as rules; `only` keeps the weights of these causes."""
    made = []
    for sign in fitted.signs:
        ends = (-inf, *map(float, EDGES[sign]), inf)
        for number, nats in enumerate(fitted.weights[sign]):
            weights = {
                cause: _round(value)
                for cause, value in zip(fitted.causes, nats, strict=True)
                if only is None or cause in only
            }
            made.append(Rule((Band(sign, ends[number], ends[number + 1]),), weights, origin))
    return tuple(made)


def mining(examples: Examples, ridge: float) -> Fitted:
    """Return weights for MINING against all the rest, from places."""
    fitted = together(examples, PLACE_SIGNS, (Cause.UNKNOWN, Cause.MINING), ridge, outsiders=0.0)
    against = {
        sign: np.column_stack([np.zeros(len(nats)), nats[:, 1] - nats[:, 0]])
        for sign, nats in fitted.weights.items()
    }
    return Fitted(fitted.signs, fitted.causes, fitted.base, against)


@dataclass(frozen=True, slots=True)
class Known:
    """What labels support: proof letter, count and source of each cause that has any."""

    proof: str
    labels: int
    source: str


def table(
    fitted: Fitted,
    reading: tuple[Reading, ...],
    known: dict[Cause, Known],
    origin: str,
    mines: Fitted | None = None,
) -> Table:
    """Return a whole table of rules: what labels gave, what is set by hand, and causes without labels."""
    share = dict(zip(fitted.causes, np.exp(fitted.base), strict=True))
    if mines is not None:
        share[Cause.MINING] = float(np.exp(mines.base[1]))
    share = dict.fromkeys(Cause, UNSEEN) | BASES | share
    none = Known("", 0, "no label")
    supports = tuple(
        Support(cause, each.proof, each.labels, each.source, _round(log(share[cause])))
        for cause, each in ((cause, known.get(cause, none)) for cause in Cause)
    )
    places = () if mines is None else rules(mines, "peru", (Cause.MINING,))
    return Table("cause-rules", "1", CLAIM, supports, reading, (*rules(fitted, origin), *places, *BY_HAND))


def as_toml(whole: Table, head: str) -> str:
    """Return the text of a table, as :func:`dosel.context.driver.rules.read_table` reads it."""
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    lines += ["", f'name = "{whole.name}"', f'version = "{whole.version}"', f"claim = {whole.claim}", ""]
    for each in whole.supports:
        lines += ["[[cause]]", f'cause = "{each.cause.name}"', f'proof = "{each.proof}"']
        lines += [f"labels = {each.labels}", f'source = "{each.source}"', f"base = {each.base}", ""]
    for row in whole.readings:
        lines += ["[[sign]]", f'sign = "{row.sign}"', f"unseen = {row.unseen}", f"least = {row.least}"]
        lines += [f"most = {row.most}", f"strange = {row.strange}", ""]
    for rule in whole.rules:
        when = ", ".join(_band(band) for band in rule.when)
        weights = ", ".join(f"{cause.name} = {nats}" for cause, nats in rule.weights.items())
        lines += [
            "[[rule]]",
            f"when = [{when}]",
            f"weights = {{ {weights} }}",
            f'origin = "{rule.origin}"',
            "",
        ]
    return "\n".join(lines)


def _band(band: Band) -> str:
    ends = (("least", band.least), ("below", band.below))
    text = "".join(f", {name} = {float(end):g}" for name, end in ends if isfinite(end))
    return f'{{ sign = "{band.sign}"{text} }}'


def _round(nats: float) -> float:
    return round(float(nats), 2) + 0.0
