"""The sum of terms: known answers, what is not known, and that more of anything never lowers it."""

from __future__ import annotations

from dataclasses import fields, replace
from math import inf, log1p
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.cases.priority import LEGAL, TERMS, Candidate, Score, Term, Weights, assess, why_certain
from dosel.config.desk import DeskSettings, PrioritySettings
from dosel.messages import LANGUAGES, say

WHOLE = Candidate(
    "a1",
    "170102",
    "buffer",
    certainty=0.8,
    area_ha=9.0,
    grown_ha=3.0,
    grown_days=10.0,
    legal={"buffer": 0.5, "mining-corridor": 1.0},
    settlement_m=2_500.0,
    river_m=inf,
    activities=2,
    age_days=15.0,
)
W = Weights()


def by_name(score: Score) -> dict[str, Term]:
    """Return the terms by name."""
    return {term.name: term for term in score.terms}


def test_a_known_answer() -> None:
    """Mutants: any formula or weight that is not the one of docs/priority.md. Computed here by hand."""
    size = log1p(9) / log1p(100)
    expected = {
        "certainty": 0.8,
        "size": 1 - (1 - size) * (1 - log1p(3) / log1p(100) / 2),
        "legal": 0.35,
        "people": 0.75,
        "convergence": 0.75,
        "newness": 0.5,
        "prevention": log1p(9) / log1p(100),
    }
    score = assess(WHOLE, W)
    assert {term.name: term.value for term in score.terms} == pytest.approx(expected)
    weights = {
        "certainty": 2,
        "size": 1.5,
        "legal": 2,
        "people": 1.5,
        "convergence": 1,
        "newness": 1,
        "prevention": 1,
    }
    total = sum(expected[name] * weight for name, weight in weights.items()) / 10
    assert score.value == pytest.approx(total)
    assert score.low == score.value == score.high


def test_what_is_not_known_is_shown_and_is_neither_0_nor_1() -> None:
    """Mutants: a missing value read as 0, as 1, or left out of the sum without a word."""
    score = assess(Candidate("a1", "", "not-evaluated"), W)
    assert [term.name for term in score.terms] == list(TERMS)
    assert all(term.value is None and term.why for term in score.terms)
    assert (score.low, score.value, score.high) == (0.0, 0.5, 1.0)


@pytest.mark.parametrize(
    ("change", "name", "low", "high"),
    [
        ({"settlement_m": None}, "people", 0.0, 1.0),
        ({"river_m": None}, "people", 0.75, 1.0),
        ({"settlement_sure": False}, "people", 0.75, 1.0),
        ({"legal_unknown": {"protected": 1.0}}, "legal", 0.35, 1.0),
        ({"legal_unknown": {"protected": 0.4}}, "legal", 0.35, 0.4),
        ({"legal_unknown": {"buffer": 0.25}}, "legal", 0.35, 0.525),
        ({"legal_unknown": {"mining-right": 1.0, "isolation": 1.0}}, "legal", 0.35, 0.35),
        ({"grown_ha": None}, "size", log1p(9) / log1p(100), (1 + log1p(9) / log1p(100)) / 2),
    ],
)
def test_a_part_that_is_not_known_widens_the_range(
    change: dict[str, object], name: str, low: float, high: float
) -> None:
    """Mutants: the known part passed off as the whole; a layer that is missing read as no overlap."""
    term = by_name(assess(replace(WHOLE, **change), W))[name]  # type: ignore[arg-type]
    assert (term.low, term.high) == pytest.approx((low, high))
    assert term.value == pytest.approx((low + high) / 2)
    assert any("unknown" in key for key, _ in term.why)


def test_evaluated_and_outside_is_not_the_same_as_not_evaluated() -> None:
    """Mutant: both read alike."""
    outside = by_name(assess(replace(WHOLE, legal={"buffer": 0.0}), W))["legal"]
    unknown = by_name(assess(replace(WHOLE, legal={}, legal_unknown={"buffer": 1.0}), W))["legal"]
    assert (outside.value, unknown.value) == (0.0, None)
    assert outside.why != unknown.why


positive = st.floats(0, 1e6, allow_nan=False)
share = st.floats(0, 1)
numbers = {
    "certainty": (share, 1),
    "area_ha": (positive, 1),
    "grown_ha": (positive, 1),
    "settlement_m": (positive, -1),
    "river_m": (positive, -1),
    "activities": (st.integers(0, 40), 1),
    "age_days": (positive, -1),
}


@given(st.data(), st.sampled_from(sorted(numbers)))
def test_more_of_anything_never_lowers_the_sum(data: st.DataObject, name: str) -> None:
    """Property: monotone in each input, whatever else is known. Mutants: a sign; a ratio that shrinks."""
    known = {
        key: data.draw(st.none() | strategy) for key, (strategy, _) in numbers.items() if key != name
    } | {"grown_days": data.draw(st.none() | st.floats(1, 1000))}
    strategy, sign = numbers[name]
    less, more = sorted((data.draw(strategy), data.draw(strategy)), key=lambda value: sign * value)
    themes = data.draw(st.dictionaries(st.sampled_from(sorted(LEGAL)), share))
    one = Candidate("a", "", "none", legal=themes, **known)  # type: ignore[arg-type]
    low, high = (assess(replace(one, **{name: value}), W) for value in (less, more))  # type: ignore[arg-type]
    assert low.value <= high.value + 1e-12
    assert 0 <= high.low <= high.value + 1e-12 <= high.high + 2e-12 <= 1 + 3e-12


@given(st.sampled_from(sorted(LEGAL)), share, share)
def test_a_larger_share_never_lowers_the_sum(theme: str, one: float, other: float) -> None:
    """Mutant: the first theme instead of the heaviest."""
    less, more = sorted((one, other))
    low, high = (assess(replace(WHOLE, legal={**WHOLE.legal, theme: s}), W) for s in (less, more))
    assert low.value <= high.value + 1e-12


def test_every_weight_is_used() -> None:
    """Mutants: a weight that does nothing; one that moves another term."""
    base = assess(WHOLE, W)
    for name in TERMS:
        only = Weights(**{term: float(term == name) for term in TERMS})
        assert assess(WHOLE, only).value == pytest.approx(by_name(base)[name].value)
    assert {field.name for field in fields(Weights)} >= set(TERMS)
    assert assess(WHOLE, Weights(**dict.fromkeys(TERMS, 0.0))).value == 0.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    """Mutant: a reason that the console cannot say."""
    seen = {}
    for one in (
        WHOLE,
        Candidate("a1", "", "none"),
        replace(
            WHOLE,
            boxed=True,
            grown_ha=None,
            settlement_m=inf,
            river_m=10.0,
            river_sure=False,
            legal_unknown={"protected": 1.0},
        ),
        replace(WHOLE, legal={"buffer": 0.0}),
        replace(WHOLE, certainty_why=why_certain(confirmed=False, ratio=0.5, sources=2)),
        replace(WHOLE, certainty_why=why_certain(confirmed=True, ratio=3.0, sources=0)),
    ):
        for term in assess(one, W).terms:
            seen |= dict(term.why)
    assert len(seen) >= 19
    assert all(say(key, language, **values) for key, values in seen.items())  # type: ignore[arg-type]


def test_the_page_gives_every_setting_its_default() -> None:
    """Mutants: a setting without a line; a default that the page and the code tell differently."""
    page = Path(__file__).parents[2].joinpath("docs/priority.md").read_text(encoding="utf-8")
    for table in (PrioritySettings(), DeskSettings()):
        for name, value in table:
            assert f"`{name}`" in page
            assert name == "themes" or f"{value:g}" in page
    assert all(f"{theme} {weight:g}" in page for theme, weight in LEGAL.items())
    assert Weights() == Weights(**{name: value for name, value in PrioritySettings() if name != "themes"})
