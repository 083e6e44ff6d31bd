"""The list to work on, by urgency, fair share and audit, within what the desk can do; and what is left out.

Most places of a queue go by score. A share is kept for tenures and areas that the score left out, in turn, so
that none is starved. A few are drawn at random for the audit, so that the error rate is measured on what the
score would not have shown. The same candidates and day give the same list.

Examples
--------
>>> seen = [Candidate(f"a{n}", "17", "none", certainty=n / 4) for n in range(4)]
>>> work = triage(seen, Weights(), Desk(reviews=2, missions=0), day=20000)
>>> [(one.candidate.id, one.why) for one in work.reviews]
[('a3', <Reason.SCORE: 'score'>), ('a2', <Reason.SCORE: 'score'>)]
>>> work.left_out["a1"].reason
<Reason.BELOW: 'below'>
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dosel.cases.priority import Candidate, Score, Weights, assess
from dosel.model.provenance import digest


class Reason(StrEnum):
    """Why a candidate is on the list, or is not."""

    SCORE = "score"
    """Its score is above the line."""
    TENURE = "tenure"
    """Fair share: the score left its tenure out."""
    AREA = "area"
    """Fair share: the score left its area out."""
    AUDIT = "audit"
    """Drawn at random, to measure what the score does not show."""
    BELOW = "below"
    """Below the line: the desk can do no more."""
    SAME_INCIDENT = "same-incident"
    """Another of its incident stands for it."""
    REJECTED = "rejected"
    """A person has rejected it."""
    STOCK = "stock"
    """It is dated only to a period longer than is asked for: a stock, not news."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk can do, for the time that is asked."""

    reviews: int
    missions: int
    fair_share: float = 0.2
    """Share of the places that goes to tenures and areas in turn."""
    audit_share: float = 0.1
    """Share of the places that is drawn at random."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score."""

    candidate: Candidate
    score: Score
    why: Reason
    members: tuple[str, ...] = ()
    """Others of the same incident, for which it stands."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that is not on the list."""

    candidate: Candidate
    score: Score
    reason: Reason
    instead: str = ""
    """Id of the candidate that stands for it."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """What to look at, where to go, and what was left out."""

    reviews: tuple[Ranked, ...]
    missions: tuple[Ranked, ...]
    left_out: Mapping[str, LeftOut]
    """By id; sealed ones are not among them."""
    sealed: int
    """How many are sealed: they are counted, and are not the desk's."""


def triage(candidates: Iterable[Candidate], weights: Weights, desk: Desk, day: int) -> Worklist:
    """Return the work of a day (UTC day number) for a desk.

    Parameters
    ----------
    candidates
        In any order; ids are unique.
    day
        Turns the fair share on, and draws the audit.
    """
    every = sorted(candidates, key=lambda one: one.id)
    scored = [(one, assess(one, weights)) for one in every if not one.sealed]
    left = {
        one.id: LeftOut(one, score, Reason.REJECTED if one.rejected else Reason.STOCK)
        for one, score in scored
        if one.rejected or one.stock
    }
    ranked = _one_an_incident([(one, score) for one, score in scored if one.id not in left], left)
    reviews = _fill([one for one in ranked if not one.candidate.verified], desk.reviews, desk, day)
    missions = _fill([one for one in ranked if one.candidate.verified], desk.missions, desk, day)
    chosen = {one.candidate.id for one in (*reviews, *missions)}
    for one in ranked:
        if one.candidate.id not in chosen:
            left[one.candidate.id] = LeftOut(one.candidate, one.score, Reason.BELOW)
    return Worklist(reviews, missions, left, sum(one.sealed for one in every))


def _one_an_incident(scored: Sequence[tuple[Candidate, Score]], left: dict[str, LeftOut]) -> list[Ranked]:
    """Return the most urgent of each incident, best first; the others go to `left`."""
    groups: dict[str, list[tuple[Candidate, Score]]] = {}
    for one, score in sorted(scored, key=lambda pair: (-pair[1].value, pair[0].id)):
        groups.setdefault(one.incident or f"alone:{one.id}", []).append((one, score))
    ranked = []
    for (first, score), *others in groups.values():
        ranked.append(Ranked(first, score, Reason.SCORE, tuple(one.id for one, _ in others)))
        for one, its in others:
            left[one.id] = LeftOut(one, its, Reason.SAME_INCIDENT, first.id)
    return ranked


def _fill(ranked: Sequence[Ranked], places: int, desk: Desk, day: int) -> tuple[Ranked, ...]:
    """Return at most `places` of `ranked`, which is best first."""
    audits = int(places * desk.audit_share)
    fair = int(places * desk.fair_share)
    top = list(ranked[: max(0, places - audits - fair)])
    shared = _fair(ranked, top, fair, day)
    drawn = _audit(ranked, (*top, *shared), audits, day)
    taken = {one.candidate.id for one in (*top, *shared, *drawn)}
    rest = [one for one in ranked if one.candidate.id not in taken]
    top += rest[: places - len(taken)]
    return tuple(sorted((*top, *shared, *drawn), key=lambda one: (-one.score.value, one.candidate.id)))


def _fair(ranked: Sequence[Ranked], top: Sequence[Ranked], places: int, day: int) -> list[Ranked]:
    """Return the best of tenures and areas that are not in `top`, in turn by day."""
    best: dict[tuple[Reason, str], Ranked] = {}
    for one in ranked:
        best.setdefault((Reason.TENURE, one.candidate.tenure), one)
        best.setdefault((Reason.AREA, one.candidate.area), one)
    there = {(Reason.TENURE, one.candidate.tenure) for one in top}
    there |= {(Reason.AREA, one.candidate.area) for one in top}
    waiting = sorted(group for group in best if group not in there)
    start = day * places % len(waiting) if waiting else 0
    chosen: dict[str, Ranked] = {}
    for group in (*waiting[start:], *waiting[:start]):
        one = best[group]
        if len(chosen) < places and one.candidate.id not in chosen:
            chosen[one.candidate.id] = Ranked(one.candidate, one.score, group[0], one.members)
    return list(chosen.values())


def _audit(ranked: Sequence[Ranked], taken: Sequence[Ranked], places: int, day: int) -> list[Ranked]:
    """Return a random sample of what was not taken: each is as likely as another, whatever its score."""
    ids = {one.candidate.id for one in taken}
    lots = sorted(
        (one for one in ranked if one.candidate.id not in ids),
        key=lambda one: digest(["audit", day, one.candidate.id]),
    )
    return [Ranked(one.candidate, one.score, Reason.AUDIT, one.members) for one in lots[:places]]
