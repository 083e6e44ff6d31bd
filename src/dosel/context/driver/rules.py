"""The table of rules: what each sign says for or against each cause, in nats, and how it adds up.

A rule holds where every sign it names was evaluated and lies in its range. Its weights then add to the
log-odds of the causes it names; a rule whose sign is missing adds nothing to any of them. UNKNOWN is scored
beside the causes: it gains where a sign is missing, and where one lies outside of what any label covers. So
adding is fusing, as in the evidence of a pixel, and the whole table can be read, edited and replaced.

``rules.toml`` in this folder is the table in use; its weights come from the labels that
``benchmarks/score_driver.py`` names, or are set by hand and say so.

Examples
--------
>>> table = shipped()
>>> everything = table.probabilities(Signs())
>>> max(everything, key=everything.get).name, round(sum(everything.values()), 9)
('UNKNOWN', 1.0)
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from math import exp, inf
from typing import Any, Final

from dosel.context.driver.causes import Cause
from dosel.context.driver.signs import NAMES, Signs
from dosel.errors import InputMistakesError
from dosel.model.provenance import Method, digest

PROOFS: Final = ("R", "O", "S", "")
"""Letters of a label: of the region, from elsewhere, simulated; empty: no label supports it."""
SET: Final = "set"
"""Origin of weights that no label gave."""


@dataclass(frozen=True, slots=True)
class Support:
    """What a cause rests on."""

    cause: Cause
    proof: str
    """R, O or S; empty where no label supports it: it is then never claimed, its mass is UNKNOWN's."""
    labels: int
    """Labelled examples behind its weights."""
    source: str
    """Whose labels, or why there are none."""
    base: float
    """Log of the share it has among alerts of which nothing is known, up to a constant shared by all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sign counts where it is missing or strange."""

    sign: str
    unseen: float
    """Nats that UNKNOWN gains where the sign is missing."""
    least: float
    """Smallest value that labels cover."""
    most: float
    """Largest value that labels cover."""
    strange: float
    """Nats that UNKNOWN gains outside of them."""

    def unknown(self, signs: Signs) -> float:
        """Return the nats that UNKNOWN gains from this sign."""
        value = signs.value(self.sign)
        if value is None:
            return self.unseen
        return 0.0 if self.least <= value <= self.most else self.strange


@dataclass(frozen=True, slots=True)
class Band:
    """A range of one sign, its lower end included."""

    sign: str
    least: float = -inf
    below: float = inf
    """Infinity itself is below infinity here: a layer that knows nothing in reach."""

    def holds(self, signs: Signs) -> bool:
        """Return whether the sign was evaluated and lies in the range."""
        value = signs.value(self.sign)
        return value is not None and self.least <= value and (value < self.below or self.below == inf)


@dataclass(frozen=True, slots=True)
class Rule:
    """Ranges that hold together, and what they say for or against causes."""

    when: tuple[Band, ...]
    weights: Mapping[Cause, float]
    """Nats a cause gains; those not named gain nothing."""
    origin: str
    """Labels that gave the weights, or ``set``."""

    def holds(self, signs: Signs) -> bool:
        """Return whether every range holds; a missing sign makes it False."""
        return all(band.holds(signs) for band in self.when)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table of rules."""

    name: str
    version: str
    claim: float
    """Least probability with which a cause is named; below it the answer is UNKNOWN."""
    supports: tuple[Support, ...]
    readings: tuple[Reading, ...]
    rules: tuple[Rule, ...]
    parameters: str = field(init=False)
    """Hash of everything in the table."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", digest(_plain(self))[:16])

    def method(self) -> Method:
        """Return name, version and the hash of everything in the table."""
        return Method(self.name, self.version, self.parameters)

    def held(self, signs: Signs) -> tuple[Rule, ...]:
        """Return the rules that hold."""
        return tuple(rule for rule in self.rules if rule.holds(signs))

    def scores(self, signs: Signs) -> dict[Cause, float]:
        """Return the nats of every cause, UNKNOWN included."""
        total = {support.cause: support.base for support in self.supports}
        for rule in self.held(signs):
            for cause, nats in rule.weights.items():
                total[cause] += nats
        total[Cause.UNKNOWN] += sum(reading.unknown(signs) for reading in self.readings)
        return total

    def probabilities(self, signs: Signs) -> dict[Cause, float]:
        """Return the probability of every cause; one that no label supports has 0, its mass is UNKNOWN's."""
        scores = self.scores(signs)
        top = max(scores.values())
        shares = {cause: exp(nats - top) for cause, nats in scores.items()}
        whole = sum(shares.values())
        claimed = {cause: shares[cause] / whole if self.supported(cause) else 0.0 for cause in Cause}
        claimed[Cause.UNKNOWN] = 1.0 - sum(claimed[cause] for cause in Cause if cause)
        return claimed

    def supported(self, cause: Cause) -> bool:
        """Return whether a label supports a cause; UNKNOWN needs none and has none."""
        return any(each.cause is cause and each.proof for each in self.supports) and bool(cause)

    def support(self, cause: Cause) -> Support:
        """Return what a cause rests on."""
        return next(each for each in self.supports if each.cause is cause)


@cache
def shipped() -> Table:
    """Return the table that comes with the package."""
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return read_table(text, "rules.toml")


def read_table(text: str, where: str) -> Table:
    """Return the table of a TOML text; `where` names it in an error.

    Raises
    ------
    InputMistakesError
        With every mistake at once: unknown causes or signs, empty ranges, proofs without labels.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputMistakesError(where, [f"expected TOML: {error}"]) from error
    mistakes = list(_mistakes(content))
    if mistakes:
        raise InputMistakesError(where, mistakes)
    return Table(
        name=content["name"],
        version=content["version"],
        claim=content["claim"],
        supports=tuple(_support(row) for row in content["cause"]),
        readings=tuple(Reading(**row) for row in content.get("sign", [])),
        rules=tuple(_rule(row) for row in content.get("rule", [])),
    )


def _support(row: Mapping[str, Any]) -> Support:
    return Support(**{**row, "cause": Cause[row["cause"]]})


def _rule(row: Mapping[str, Any]) -> Rule:
    weights = {Cause[name]: float(nats) for name, nats in row["weights"].items()}
    return Rule(tuple(Band(**band) for band in row["when"]), weights, row["origin"])


def _plain(table: Table) -> dict[str, Any]:
    rules = [
        {
            "when": [asdict(band) for band in rule.when],
            "weights": {cause.name: nats for cause, nats in rule.weights.items()},
            "origin": rule.origin,
        }
        for rule in table.rules
    ]
    readings = [asdict(reading) for reading in table.readings]
    supports = [{**asdict(each), "cause": each.cause.name} for each in table.supports]
    return {"claim": table.claim, "supports": supports, "readings": readings, "rules": rules}


def _mistakes(content: Mapping[str, Any]) -> Iterable[str]:
    for name, kind in (("name", str), ("version", str), ("claim", float), ("cause", list)):
        if not isinstance(content.get(name), kind):
            yield f"{name}: expected {kind.__name__}, got {content.get(name)!r}"
            return
    if not 0.5 <= content["claim"] <= 1:
        yield f"claim: expected 0.5 to 1, got {content['claim']}"
    yield from _cause_mistakes(content["cause"])
    for number, row in enumerate(content.get("sign", []), 1):
        yield from _reading_mistakes(row, f"sign {number}")
    for number, row in enumerate(content.get("rule", []), 1):
        yield from _rule_mistakes(row, f"rule {number}")


def _cause_mistakes(rows: list[Mapping[str, Any]]) -> Iterable[str]:
    names = [row.get("cause") for row in rows]
    if sorted(map(str, names)) != sorted(cause.name for cause in Cause):
        yield f"cause: expected each of {', '.join(cause.name for cause in Cause)} once, got {names}"
    for row in rows:
        place = f"cause {row.get('cause')}"
        if set(row) != {"cause", "proof", "labels", "source", "base"}:
            yield f"{place}: expected cause, proof, labels, source and base, got {sorted(row)}"
        elif row["proof"] not in PROOFS:
            yield f"{place}: expected proof R, O, S or empty, got {row['proof']!r}"
        elif bool(row["proof"]) != (row["labels"] > 0) or (row["proof"] and row["cause"] == "UNKNOWN"):
            yield f"{place}: expected a proof where there are labels, and only there; UNKNOWN has neither"


def _reading_mistakes(row: Mapping[str, Any], place: str) -> Iterable[str]:
    if set(row) != {"sign", "unseen", "least", "most", "strange"}:
        yield f"{place}: expected sign, unseen, least, most and strange, got {sorted(row)}"
    elif row["sign"] not in NAMES:
        yield f"{place}: expected a sign of {', '.join(sorted(NAMES))}, got {row['sign']!r}"
    elif row["unseen"] < 0 or row["strange"] < 0 or row["least"] > row["most"]:
        yield f"{place}: expected unseen and strange not below 0, and least not above most"


def _rule_mistakes(row: Mapping[str, Any], place: str) -> Iterable[str]:
    if set(row) != {"when", "weights", "origin"} or not row["when"]:
        yield f"{place}: expected when (one range or more), weights and origin, got {sorted(row)}"
        return
    for band in row["when"]:
        if band.get("sign") not in NAMES or set(band) - {"sign", "least", "below"}:
            yield f"{place}: expected a range as sign, least, below with a sign that exists, got {band}"
        elif band.get("least", -inf) >= band.get("below", inf):
            yield f"{place}: expected least below below, got {band}"
    for name in row["weights"]:
        if name not in Cause.__members__:
            yield f"{place}: expected causes of the list, got {name!r}"
