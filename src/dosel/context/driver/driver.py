"""The answer: what probably caused a change, how probable every cause is, and why, in words.

Examples
--------
>>> driver = cause_of(Signs())
>>> driver.cause.name, driver.proof, driver.words("en")[0]
('UNKNOWN', '', 'not evaluated: season')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

from dosel.context.driver.causes import Cause
from dosel.context.driver.reasons import DISTANCES, Reason, describe
from dosel.context.driver.rules import Table, shipped
from dosel.context.driver.signs import Signs
from dosel.model.provenance import Method

MOST_REASONS: Final = 6
"""Reasons that are given; the strongest come first."""
LEAST_NATS: Final = 0.1
"""A sign that says less is no reason."""
FACTS: Final = ("elongation", "area_ha", *DISTANCES)
"""What is said as a plain fact, without weight, in this order."""
MOST_FACTS: Final = 4
"""Plain facts about an alert whose cause is unknown; what is missing comes after them."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What probably caused a change."""

    cause: Cause
    """The most probable one that is claimed; UNKNOWN where none reaches the table's least probability."""
    probability: float
    """Of `cause`."""
    probabilities: Mapping[Cause, float]
    """Over the whole list; they sum to 1."""
    not_evaluated: tuple[Cause, ...]
    """Causes that no label supports: theirs is 0 because nobody knows it, and UNKNOWN holds their mass."""
    reasons: tuple[Reason, ...]
    """Strongest first."""
    method: Method
    proof: str
    """Letter of the labels behind `cause`: R, O or S; empty where it is UNKNOWN."""

    def words(self, language: str) -> tuple[str, ...]:
        """Return the reasons as sentences."""
        return tuple(reason.words(language) for reason in self.reasons)

    def row(self) -> dict[str, Any]:
        """Return it as columns of the table of drivers, plain values only."""
        return {
            "cause": int(self.cause),
            "probability": self.probability,
            "probabilities": {cause.name: share for cause, share in self.probabilities.items()},
            "reasons": [{"key": r.key, "values": dict(r.values), "nats": r.nats} for r in self.reasons],
            "method": f"{self.method.name} {self.method.version} {self.method.parameters}",
            "proof": self.proof,
        }


def cause_of(signs: Signs, table: Table | None = None) -> Driver:
    """Return what probably caused a change that has these signs.

    Parameters
    ----------
    signs
        What is known of it.
    table
        Rules; the shipped ones where None.
    """
    table = table or shipped()
    shares = table.probabilities(signs)
    cause = _claim(shares, table.claim)
    return Driver(
        cause=cause,
        probability=shares[cause],
        probabilities=shares,
        not_evaluated=tuple(each for each in Cause if each and not table.supported(each)),
        reasons=_unknown_reasons(signs, table)
        if cause is Cause.UNKNOWN
        else _reasons(signs, table, cause, shares),
        method=table.method(),
        proof=table.support(cause).proof,
    )


def _claim(shares: Mapping[Cause, float], least: float) -> Cause:
    top = max((cause for cause in shares if cause), key=lambda cause: shares[cause])
    return top if shares[top] >= least else Cause.UNKNOWN


def _reasons(signs: Signs, table: Table, cause: Cause, shares: Mapping[Cause, float]) -> tuple[Reason, ...]:
    """Return what the rules that hold add to `cause`, against the mean of the others."""
    nats: dict[str, float] = {}
    for rule in table.held(signs):
        worth = _worth(rule.weights, cause, shares)
        for band in rule.when:
            nats[band.sign] = nats.get(band.sign, 0.0) + worth / len(rule.when)
    spoke = {sign: value for sign, value in nats.items() if abs(value) >= LEAST_NATS}
    told = _strongest(filter(None, (_reason(sign, signs, value) for sign, value in spoke.items())))
    return (*told, *_facts(signs, set(spoke)))[:MOST_REASONS]


def _worth(weights: Mapping[Cause, float], cause: Cause, shares: Mapping[Cause, float]) -> float:
    rest = 1.0 - shares[cause]
    others = sum(shares[each] * nats for each, nats in weights.items() if each is not cause)
    return weights.get(cause, 0.0) - (others / rest if rest > 0 else 0.0)


def _unknown_reasons(signs: Signs, table: Table) -> tuple[Reason, ...]:
    """Return plain facts, then which signs are missing or outside of what labels cover."""
    doubts = []
    for reading in table.readings:
        nats = reading.unknown(signs)
        state = "unseen" if signs.value(reading.sign) is None else "strange"
        if nats >= LEAST_NATS:
            doubts.append(Reason(f"reason.{state}", {"sign": f"sign.{reading.sign}"}, nats))
    return (*_facts(signs)[:MOST_FACTS], *_strongest(doubts))[:MOST_REASONS]


def _facts(signs: Signs, said: Set[str] = frozenset()) -> tuple[Reason, ...]:
    return tuple(filter(None, (_reason(sign, signs, 0.0) for sign in FACTS if sign not in said)))


def _reason(sign: str, signs: Signs, nats: float) -> Reason | None:
    said = describe(sign, signs)
    return Reason(said[0], dict(said[1]), nats) if said else None


def _strongest(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    once = {(reason.key, *sorted(reason.values.items())): reason for reason in reasons}
    return tuple(sorted(once.values(), key=lambda reason: -abs(reason.nats))[:MOST_REASONS])
