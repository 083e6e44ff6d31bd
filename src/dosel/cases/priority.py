"""How urgent a candidate is: a sum of named terms, each 0 to 1, each with its weight and its reason in words.

Every formula stands in `docs/priority.md`. What is not known makes a term, or a part of it, "not evaluated":
that is shown, it counts half way (`Weights.unknown`), and the sum goes with the range that it could have.

Examples
--------
>>> seen = Candidate("a1", "170102", "buffer", certainty=1.0, area_ha=100.0, age_days=0)
>>> score = assess(seen, Weights())
>>> [(term.name, term.value) for term in score.terms if term.value is not None]
[('certainty', 1.0), ('size', 1.0), ('newness', 1.0)]
>>> round(score.low, 3) < round(score.value, 3) < round(score.high, 3)
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, log1p
from types import MappingProxyType
from typing import Final, TypeAlias

Why: TypeAlias = tuple[str, Mapping[str, str | float | tuple[str, ...]]]
"""Key of a sentence of the messages, and its values."""
_Span: TypeAlias = tuple[float, float]
"""Least and most that a term can be."""
_Measured: TypeAlias = tuple[_Span | None, tuple[Why, ...]]
_UNKNOWN: Final[_Measured] = (None, (("priority.not_evaluated", {}),))

LEGAL: Final[Mapping[str, float]] = MappingProxyType(
    {
        "protected": 1.0,
        "indigenous": 1.0,
        "buffer": 0.7,
        "concession-conservation": 0.7,
        "concession-timber": 0.4,
        "mining-corridor": 0.2,
        "mining-right": 0.2,
    }
)
"""Weight of an alert that lies wholly in a unit of a theme. A judgement of the operator, not a measure."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the desk may work on, as plain values; None is not known."""

    id: str
    area: str
    """Where it lies, for a fair share: a unit's code, or the empty string where that is not known."""
    tenure: str
    """Whose land or title it is, by theme; ``none`` is no unit met, ``not-evaluated`` is not known."""
    incident: str = ""
    """Incident it belongs to; empty is none: it stands for itself."""
    sealed: bool = False
    verified: bool = False
    """A named person has confirmed it: it may become a mission."""
    rejected: bool = False
    """A named person has rejected it."""
    stock: bool = False
    """It is dated only to a period longer than is asked for: when in it, nobody says."""
    certainty: float | None = None
    """0 to 1: see :func:`certainty_of`."""
    certainty_why: tuple[Why, ...] = ()
    """What it rests on: see :func:`why_certain`."""
    area_ha: float | None = None
    grown_ha: float | None = None
    """Hectares added in `grown_days`; 0 is looked at again and not grown."""
    grown_days: float | None = None
    legal: Mapping[str, float] = field(default_factory=dict)
    """Share (0 to 1) inside the units in force, by theme that was evaluated, at least in part."""
    boxed: bool = False
    """The shares are of a box around it."""
    legal_unknown: Mapping[str, float] = field(default_factory=dict)
    """Share (above 0, up to 1) that nobody looked at, by theme."""
    settlement_m: float | None = None
    """Metres to the nearest settlement that is known; infinity is none within reach."""
    settlement_sure: bool = True
    """Whether there is none nearer; False where no layer is complete so far."""
    river_m: float | None = None
    river_sure: bool = True
    activities: int | None = None
    """How many other kinds of activity are in the same place and time."""
    age_days: float | None = None
    """Days since the change had happened by."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight of each term and the scales of their formulas; defaults are those of ``dosel.toml``."""

    certainty: float = 2.0
    size: float = 1.5
    legal: float = 2.0
    people: float = 1.5
    convergence: float = 1.0
    newness: float = 1.0
    prevention: float = 1.0
    unknown: float = 0.5
    """What a term that is not evaluated counts, 0 to 1."""
    size_full_ha: float = 100.0
    """Hectares at which the size is 1."""
    settlement_reach_m: float = 10_000.0
    river_reach_m: float = 2_000.0
    newness_days: float = 30.0
    horizon_days: float = 30.0
    """What would be prevented is what would grow in so many days."""
    themes: Mapping[str, float] = field(default_factory=lambda: LEGAL)


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the sum."""

    name: str
    value: float | None
    """0 to 1; None is not evaluated. Between `low` and `high` where a part of it was not evaluated."""
    low: float
    """Were all that is not evaluated 0."""
    high: float
    """Were all that is not evaluated 1."""
    weight: float
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The sum, 0 to 1, and what it is made of."""

    value: float
    low: float
    high: float
    terms: tuple[Term, ...]


def assess(candidate: Candidate, weights: Weights) -> Score:
    """Return how urgent a candidate is, term by term."""
    terms = tuple(
        _term(name, getattr(weights, name), weights.unknown, *formula(candidate, weights))
        for name, formula in _FORMULAS.items()
    )
    value = _mean(terms, [weights.unknown if term.value is None else term.value for term in terms])
    low, high = _mean(terms, [term.low for term in terms]), _mean(terms, [term.high for term in terms])
    return Score(value, low, high, terms)


def _term(name: str, weight: float, unknown: float, span: _Span | None, why: tuple[Why, ...]) -> Term:
    if span is None:
        return Term(name, None, 0.0, 1.0, weight, why)
    low, high = _clip(span[0]), _clip(span[1])
    return Term(name, low + unknown * (high - low), low, high, weight, why)


def _mean(terms: tuple[Term, ...], values: Sequence[float]) -> float:
    total = sum(term.weight for term in terms)
    return sum(t.weight * v for t, v in zip(terms, values, strict=True)) / total if total else 0.0


def certainty_of(*, confirmed: bool, ratio: float | None, sources: int) -> float | None:
    """Return how certain a change is: our own evidence, and how many others report the same.

    Parameters
    ----------
    confirmed
        Our own watch has confirmed it.
    ratio
        Our own evidence over that of a confirmation; None where it is not ours.
    sources
        Feeds of others that report the same incident. Each halves the doubt: a convention, not a measure.

    Examples
    --------
    >>> certainty_of(confirmed=False, ratio=None, sources=1)
    0.5
    >>> certainty_of(confirmed=False, ratio=0.5, sources=2)
    0.8125
    >>> certainty_of(confirmed=False, ratio=None, sources=0) is None
    True
    """
    if confirmed:
        return 1.0
    if ratio is None and sources == 0:
        return None
    own = 0.5 * min(1.0, max(0.0, ratio or 0.0))
    return 1.0 - (1.0 - own) * 0.5**sources


def why_certain(*, confirmed: bool, ratio: float | None, sources: int) -> tuple[Why, ...]:
    """Return what a certainty rests on; the parameters are those of :func:`certainty_of`."""
    own: list[Why] = []
    if confirmed:
        own.append(("priority.own_confirmed", {}))
    elif ratio is not None:
        own.append(("priority.own_evidence", {"share": 100 * ratio}))
    return (*own, ("priority.sources", {"count": sources})) if sources else tuple(own)


def _certainty(one: Candidate, _: Weights) -> _Measured:
    if one.certainty is None:
        return _UNKNOWN
    why = one.certainty_why or (("priority.certainty", {"value": one.certainty}),)
    return (one.certainty, one.certainty), why


def _size(one: Candidate, weights: Weights) -> _Measured:
    """Return the larger part for the size, the rest for growth: half of the way to 1 at most."""
    if one.area_ha is None:
        return _UNKNOWN
    size = _log_share(one.area_ha, weights.size_full_ha)
    why: tuple[Why, ...] = (("priority.size", {"ha": one.area_ha}),)
    if one.grown_ha is None:
        return (size, _either(size, 0.5)), (*why, ("priority.growth_unknown", {}))
    value = _either(size, _log_share(one.grown_ha, weights.size_full_ha) / 2)
    return (value, value), (*why, ("priority.growth", {"ha": one.grown_ha}))


def _legal(one: Candidate, weights: Weights) -> _Measured:
    """Return the heaviest theme by its share; what nobody looked at could lie in a unit in full."""
    themes = {theme: weight for theme, weight in weights.themes.items() if theme in one.legal}
    missing = tuple(theme for theme in one.legal_unknown if theme in weights.themes)
    unknown: tuple[Why, ...] = (("priority.legal_unknown", {"theme": missing}),) if missing else ()
    if not themes:
        return None, unknown or _UNKNOWN[1]
    worth = {theme: weight * one.legal[theme] for theme, weight in themes.items()}
    theme = max(worth, key=lambda name: (worth[name], name))
    could = [weights.themes[n] * min(1.0, one.legal.get(n, 0.0) + one.legal_unknown[n]) for n in missing]
    key = "priority.legal_box" if one.boxed else "priority.legal"
    met: Why = (key, {"theme": theme, "share": 100 * one.legal[theme]})
    why: tuple[Why, ...] = (met if worth[theme] > 0 else ("priority.legal_none", {}), *unknown)
    return (worth[theme], max(worth[theme], *could, 0.0)), why


def _people(one: Candidate, weights: Weights) -> _Measured:
    near = _closeness(one.settlement_m, one.settlement_sure, weights.settlement_reach_m)
    wet = _closeness(one.river_m, one.river_sure, weights.river_reach_m)
    why = (
        *_distance("settlement", one.settlement_m, one.settlement_sure),
        *_distance("river", one.river_m, one.river_sure),
    )
    if one.settlement_m is None and one.river_m is None:
        return None, why
    return (_either(near[0], wet[0]), _either(near[1], wet[1])), why


def _convergence(one: Candidate, _: Weights) -> _Measured:
    if one.activities is None:
        return _UNKNOWN
    value = 1.0 - 0.5**one.activities
    return (value, value), (("priority.convergence", {"count": one.activities}),)


def _newness(one: Candidate, weights: Weights) -> _Measured:
    if one.age_days is None:
        return _UNKNOWN
    value = 1.0 - one.age_days / weights.newness_days
    return (value, value), (("priority.newness", {"days": one.age_days}),)


def _prevention(one: Candidate, weights: Weights) -> _Measured:
    if one.grown_ha is None or not one.grown_days:
        return _UNKNOWN
    ahead = one.grown_ha / one.grown_days * weights.horizon_days
    value = _log_share(ahead, weights.size_full_ha)
    return (value, value), (("priority.prevention", {"ha": ahead, "days": weights.horizon_days}),)


_FORMULAS: Final[Mapping[str, Callable[[Candidate, Weights], _Measured]]] = MappingProxyType(
    {
        "certainty": _certainty,
        "size": _size,
        "legal": _legal,
        "people": _people,
        "convergence": _convergence,
        "newness": _newness,
        "prevention": _prevention,
    }
)
TERMS: Final = tuple(_FORMULAS)
"""Names of the terms, in the order in which they are shown."""


def _distance(what: str, metres: float | None, sure: bool) -> tuple[Why, ...]:
    if metres is None:
        return ((f"priority.{what}_unknown", {}),)
    if not isfinite(metres):
        return ((f"priority.{what}_none", {}),)
    nearer: tuple[Why, ...] = () if sure else (("priority.nearer_unknown", {}),)
    return ((f"priority.{what}", {"km": metres / 1000}), *nearer)


def _closeness(metres: float | None, sure: bool, reach_m: float) -> _Span:
    """Return 1 at the place, 0 from the reach on; where a nearer one may be, up to 1."""
    low = 0.0 if metres is None else _clip(1.0 - metres / reach_m)
    return low, low if sure and metres is not None else 1.0


def _log_share(hectares: float, full_ha: float) -> float:
    return _clip(log1p(max(0.0, hectares)) / log1p(full_ha))


def _either(one: float, other: float) -> float:
    """Return one or the other, or both: 1 - (1 - one)(1 - other)."""
    return 1.0 - (1.0 - one) * (1.0 - other)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
