"""The list of a day: what is on it, what is not and why; nobody is starved; the same again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosel.cases.fairness import Outcome, rates
from dosel.cases.priority import Candidate, Weights, assess
from dosel.cases.triage import Desk, Reason, Worklist, triage

W = Weights()
PLAIN = Desk(reviews=3, missions=1, fair_share=0.0, audit_share=0.0)


def some(count: int, **values: object) -> list[Candidate]:
    """Candidates a00, a01, ... ever more certain."""
    return [Candidate(f"a{n:02}", "17", "none", certainty=n / count, **values) for n in range(count)]  # type: ignore[arg-type]


def ids(chosen: object) -> list[str]:
    """Ids in their order."""
    return [one.candidate.id for one in chosen]  # type: ignore[attr-defined]


def test_the_most_urgent_and_the_line() -> None:
    """Mutants: worst first; one more or one less than the desk can do; what is left out vanishes."""
    work = triage(some(5), W, PLAIN, 20_000)
    assert ids(work.reviews) == ["a04", "a03", "a02"]
    assert {one: left.reason for one, left in work.left_out.items()} == {"a00": "below", "a01": "below"}
    assert work.missions == ()


def test_equal_scores_go_by_id() -> None:
    """Mutant: the order of the input decides."""
    same = [replace(one, certainty=0.5) for one in some(5)]
    assert ids(triage(reversed(same), W, PLAIN, 20_000).reviews) == ["a00", "a01", "a02"]


def test_an_incident_stands_once() -> None:
    """Mutants: two places for one incident; the weaker stands for it; alerts without one lumped together."""
    seen = some(5)
    seen[4], seen[3] = replace(seen[4], incident="i1"), replace(seen[3], incident="i1")
    work = triage(seen, W, PLAIN, 20_000)
    assert ids(work.reviews) == ["a04", "a02", "a01"]
    assert work.reviews[0].members == ("a03",)
    assert (work.left_out["a03"].reason, work.left_out["a03"].instead) == (Reason.SAME_INCIDENT, "a04")


def test_sealed_is_counted_and_is_nobodys_work() -> None:
    """Mutants: a sealed alert on the list or among what is left out, where its id could be read."""
    seen = some(5)
    seen[4] = replace(seen[4], sealed=True)
    work = triage(seen, W, PLAIN, 20_000)
    assert work.sealed == 1
    assert "a04" not in {*ids(work.reviews), *work.left_out}


def test_a_mission_needs_a_person_first() -> None:
    """Mutants: a mission without a verdict; a verified one reviewed again; a rejected one anywhere."""
    seen = some(6)
    seen[5], seen[4] = replace(seen[5], verified=True), replace(seen[4], rejected=True)
    work = triage(seen, W, PLAIN, 20_000)
    assert ids(work.missions) == ["a05"]
    assert ids(work.reviews) == ["a03", "a02", "a01"]
    assert work.left_out["a04"].reason is Reason.REJECTED


def test_the_audit_is_drawn_from_what_the_score_leaves_out() -> None:
    """Mutants: no audit; always the same; the best of the rest; drawn from what is on the list anyway."""
    desk = Desk(reviews=10, missions=0, fair_share=0.0, audit_share=0.2)
    drawn = []
    for day in range(20_000, 20_060):
        work = triage(some(40), W, desk, day)
        audit = [one.candidate.id for one in work.reviews if one.why is Reason.AUDIT]
        assert len(audit) == 2
        assert len(work.reviews) == 10
        assert not set(audit) & {f"a{n}" for n in range(32, 40)}
        drawn += audit
    assert len(set(drawn)) >= 25


def starving(groups: int) -> list[Candidate]:
    """Many urgent alerts of one tenure and area, and one faint alert in each of many others."""
    loud = [Candidate(f"x{n:02}", "17", "none", certainty=1.0) for n in range(30)]
    faint = [Candidate(f"f{n:02}", f"area{n}", f"tenure{n}", certainty=0.0) for n in range(groups)]
    return loud + faint


@pytest.mark.parametrize("groups", [1, 5, 11])
def test_no_tenure_and_no_area_is_starved(groups: int) -> None:
    """Mutants: fair share by score only; the turn that stands still; a share of the wrong size."""
    desk = Desk(reviews=10, missions=0, fair_share=0.2, audit_share=0.0)
    seen: set[str] = set()
    for day in range(20_000, 20_000 + groups + 2):
        work = triage(starving(groups), W, desk, day)
        shared = [one for one in work.reviews if one.why in {Reason.TENURE, Reason.AREA}]
        assert len(shared) == min(2, groups)
        assert len(work.reviews) == 10
        seen |= {one.candidate.tenure for one in shared}
    assert seen == {f"tenure{n}" for n in range(groups)}


candidates = st.lists(
    st.builds(
        Candidate,
        id=st.from_regex(r"[a-z]{3}", fullmatch=True),
        area=st.sampled_from(["17", "16", "25"]),
        tenure=st.sampled_from(["none", "buffer", "indigenous"]),
        incident=st.sampled_from(["", "", "i1", "i2"]),
        sealed=st.booleans(),
        verified=st.booleans(),
        rejected=st.booleans(),
        certainty=st.none() | st.floats(0, 1),
    ),
    unique_by=lambda one: one.id,
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(candidates, st.integers(0, 12), st.integers(0, 3), st.floats(0, 0.5), st.floats(0, 0.5), st.randoms())
def test_every_candidate_is_accounted_for_once(
    seen: list[Candidate], reviews: int, missions: int, fair: float, audit: float, shuffle: object
) -> None:
    """Property: list, left out and sealed are everything, once; never too much; order is nothing."""
    desk = Desk(reviews, missions, fair, audit)
    work = triage(seen, W, desk, 20_000)
    on = [*ids(work.reviews), *ids(work.missions)]
    assert sorted([*on, *work.left_out]) == sorted(one.id for one in seen if not one.sealed)
    assert len(work.reviews) <= reviews
    assert len(work.missions) <= missions
    mixed = list(seen)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert triage(mixed, W, desk, 20_000) == work
    free = _free(seen, work)
    assert len(work.reviews) == min(reviews, free)


def _free(seen: list[Candidate], work: Worklist) -> int:
    """How many stand for themselves or an incident and want a review."""
    best: dict[str, Candidate] = {}
    open_ones = [one for one in seen if not (one.sealed or one.rejected)]
    for one in sorted(open_ones, key=lambda c: (-assess(c, W).value, c.id)):
        best.setdefault(one.incident or one.id + "!", one)
    return sum(not one.verified for one in best.values())


def test_rates_by_tenure() -> None:
    """Mutants: an error rate of all alerts; 0 where nobody looked. The interval is Wilson's."""
    seen = [Outcome("indigenous", n < 10, n < 1) for n in range(40)] + [Outcome("none", False, False)] * 5
    indigenous, none = rates(seen)
    assert (indigenous.review_rate, indigenous.error_rate) == (0.25, 0.1)
    assert indigenous.error_bounds == pytest.approx((0.0179, 0.4042), abs=1e-4)
    assert (none.review_rate, none.error_rate, none.error_bounds) == (0.0, None, None)
