"""The work list, on paper: each place with its terms, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dosel.console.facts import proof_words
from dosel.console.paper import OUT
from dosel.context.driver.causes import Cause
from dosel.messages import say
from dosel.model.time import iso_day
from dosel.pipeline.work.told import versions

if TYPE_CHECKING:
    from dosel.cases.fairness import TenureRate
    from dosel.cases.priority import Term
    from dosel.cases.triage import LeftOut, Ranked, Worklist
    from dosel.pipeline.work.queue import QueueReport
    from dosel.pipeline.work.told import Told


def show_work(report: QueueReport, language: str) -> None:
    """Print what to work on, why, and what is left out."""
    unit = report.unit or say("triage.everywhere", language)
    OUT.print(say("triage.title", language, day=iso_day(report.day), days=report.days, unit=unit))
    for key, ranked in (("triage.reviews", report.work.reviews), ("triage.missions", report.work.missions)):
        OUT.print(f"{say(key, language)}: {len(ranked) or say('triage.none', language)}")
        for rank, one in enumerate(ranked, 1):
            _show_ranked(rank, one, report.told[one.candidate.id], language)
    _show_left(report.work, language)
    if report.undescribed:
        OUT.print(say("triage.undescribed", language, count=report.undescribed))
    _show_rates(report.rates, language)
    for line in foot_words(report, language):
        OUT.print(line)


def foot_words(report: QueueReport, language: str) -> Iterator[str]:
    """Yield what the list rests on, and what can be done next."""
    layers = ", ".join(versions(report.told.values()))
    if layers:
        yield say("triage.layers", language, layers=layers)
    yield proof_words(report.proof, language)
    first = next(iter(report.told), None)
    if first is not None:
        yield say("triage.next", language, id=first)


def place_words(told: Told, language: str) -> Iterator[str]:
    """Yield what was reported, where, of which cause, and who is competent."""
    row = told.alert
    middle = row["geometry"].centroid
    ha = "?" if row["area_ha"] is None else f"{row['area_ha']:.1f}"
    source = row["source"] or say("report.own", language)
    values = {"day": iso_day(row["window_end"]), "ha": ha, "source": source}
    values |= {"lat": f"{middle.y:.4f}", "lon": f"{middle.x:.4f}"}
    where = ", ".join(filter(None, told.where)) or say("priority.not_evaluated", language)
    yield say("triage.place", language, where=where, **values)
    if told.driver is not None:
        cause, share = Cause(told.driver["cause"]), 100 * (told.driver["probability"] or 0.0)
        name, proof = say(f"cause.{cause.name}", language), told.driver["proof"] or "-"
        said = say("report.cause_of", language, cause=name, share=f"{share:.0f}", proof=proof)
        yield f"{say('report.cause', language)}: {said}"
    yield from _who(told, language)


def _who(told: Told, language: str) -> Iterator[str]:
    if told.who is None or not told.who.answer.known:
        yield f"{say('who.competent', language)}: {say('who.not_known', language)}"
        return
    answer, book = told.who.answer, told.who.book
    for key, agencies in (("who.competent", answer.competent()), ("who.present", answer.present())):
        if agencies:
            names = "; ".join(book.agencies[one].name[language] for one in agencies)
            yield f"{say(key, language)}: {names}"
    also = "; ".join(
        book.agencies[one].name[language]
        for one in answer.competent(conditional=True)
        if one not in answer.competent()
    )
    if also:
        yield say("triage.by_cause", language, names=also)
    themes = ", ".join(say(f"law.theme.{gap.theme}", language) for gap in answer.gaps)
    if themes:
        yield say("who.gaps", language, themes=themes)


def _show_ranked(rank: int, one: Ranked, told: Told, language: str) -> None:
    tenure, area = theme_name(one.candidate.tenure, language), one.candidate.area
    why = say(f"triage.why.{one.why}", language, tenure=tenure, area=area)
    score = {"value": one.score.value, "low": one.score.low, "high": one.score.high}
    OUT.print(say("triage.line", language, rank=rank, id=one.candidate.id, why=why, **score))
    for line in place_words(told, language):
        OUT.print(f"   {line}")
    for term in one.score.terms:
        OUT.print(f"   {term_words(term, language)}")
    if one.members:
        OUT.print(f"   {say('triage.members', language, count=len(one.members))}")


def term_words(term: Term, language: str) -> str:
    """Return a term as a person reads it: name, value, weight, reasons."""
    reasons = []
    for key, values in term.why:
        named = {k: _themes(v, language) if k == "theme" else v for k, v in values.items()}
        reasons.append(say(key, language, **named))
    value = "?" if term.value is None else f"{term.value:.2f}"
    name = say(f"priority.term.{term.name}", language)
    return say("triage.term", language, name=name, value=value, weight=term.weight, why="; ".join(reasons))


def _themes(value: object, language: str) -> str:
    themes = value if isinstance(value, tuple) else (value,)
    return ", ".join(theme_name(str(theme), language) for theme in themes)


def theme_name(theme: str, language: str) -> str:
    """Return the name of a theme, or of a tenure, in a language."""
    return say(f"law.theme.{theme}", language)


def _show_left(work: Worklist, language: str) -> None:
    head, *lines = left_words(work, language)
    OUT.print(head)
    for line in lines:
        OUT.print(f"  {line}")


def left_words(work: Worklist, language: str) -> list[str]:
    """Return how many are left out, then a sentence a reason."""
    groups: dict[str, list[LeftOut]] = {}
    for one in work.left_out.values():
        groups.setdefault(one.reason, []).append(one)
    lines = [say("triage.left", language, count=len(work.left_out))]
    for reason, group in sorted(groups.items()):
        first = min(group, key=lambda one: (-one.score.value, one.candidate.id))
        values = {"count": len(group), "id": first.candidate.id, "value": first.score.value}
        lines.append(say(f"triage.left.{reason}", language, **values))
    return lines


def _show_rates(rows: Iterable[TenureRate], language: str) -> None:
    OUT.print(say("triage.rates", language))
    for row in rows:
        counts = {"alerts": row.alerts, "reviewed": row.reviewed, "share": 100 * row.review_rate}
        tenure = theme_name(row.tenure, language)
        error = _error(row, language)
        OUT.print(f"  {say('triage.rate', language, tenure=tenure, error=error, **counts)}")


def _error(row: TenureRate, language: str) -> str:
    if row.error_rate is None or row.error_bounds is None:
        return say("triage.not_measured", language)
    low, high = row.error_bounds
    return say("triage.error", language, rate=100 * row.error_rate, low=100 * low, high=100 * high)
