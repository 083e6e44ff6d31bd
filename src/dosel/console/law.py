"""Who may act, on paper: who, with whom, by which rules, and what the answer does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from dosel.console.paper import OUT
from dosel.context.jurisdiction.rules import Confidence, Rulebook, said
from dosel.messages import say
from dosel.model.time import iso_day

_SUREST: Final = tuple(Confidence)
"""From the surest to the least sure."""

if TYPE_CHECKING:
    from dosel.context.facts import Fact
    from dosel.context.jurisdiction.rules import Rule
    from dosel.context.jurisdiction.who import Answer, Applied
    from dosel.pipeline.meaning.jurisdiction import WhoReport


def show_who(report: WhoReport, language: str) -> None:
    """Print who may act and what it rests on."""
    answer = report.answer
    OUT.print(say("who.title", language, place=report.place, day=iso_day(answer.day)))
    if answer.cause is None:
        OUT.print(say("who.cause_unknown", language))
    else:
        OUT.print(say("who.cause", language, cause=say(f"activity.{answer.cause}", language)))
    if answer.in_country is False:
        OUT.print(say("who.abroad", language, country=report.book.country))
    elif answer.in_country is None:
        OUT.print(say("who.country_unknown", language))
    if report.boxed:
        OUT.print(say("who.boxed", language))
    if not answer.known:
        OUT.print(say("who.not_known", language))
    _show_roles(answer, report.book, language)
    _show_basis(answer.applied, report.book, language)
    _show_unknown(answer, report.book, language)
    review = said(report.book.review, language)
    OUT.print(say("who.review", language, file=report.file, version=report.book.version, review=review))


def show_rulebook(book: Rulebook, file: str, language: str) -> None:
    """Say that a rulebook has no mistakes, and what it holds."""
    counts = {"agencies": len(book.agencies), "rules": len(book.rules), "zones": len(book.zones)}
    OUT.print(say("who.good", language, file=file, review=said(book.review, language), **counts))


def _show_roles(answer: Answer, book: Rulebook, language: str) -> None:
    roles = (
        ("who.competent", answer.competent()),
        ("who.present", answer.present()),
        ("who.support", answer.support()),
    )
    for key, agencies in roles:
        if agencies:
            OUT.print(f"{say(key, language)}:")
            _show_agencies(agencies, book, language)
    if answer.known and not answer.present():
        OUT.print(say("who.present_none", language))


def _show_agencies(agencies: Mapping[str, Iterable[str]], book: Rulebook, language: str) -> None:
    """Print agencies with their rules, and how sure the surest of them is."""
    sure = {rule.id: _SUREST.index(rule.confidence) for rule in book.rules}
    for one, rules in agencies.items():
        agency = book.agencies[one]
        kind = say(f"who.kind.{agency.kind}", language)
        best = _SUREST[min(sure[rule] for rule in rules)]
        confidence = say(f"who.confidence.{best}", language)
        OUT.print(f"  {agency.name[language]} [{kind}; {confidence}]: {', '.join(rules)}")


def _show_basis(applied: Iterable[Applied], book: Rulebook, language: str) -> None:
    certain = [one for one in applied if not one.if_cause]
    if certain:
        OUT.print(f"{say('who.basis', language)}:")
    for one in certain:
        _show_rule(one, language)
    for one in applied:
        if one.if_cause:
            causes = ", ".join(say(f"activity.{cause}", language) for cause in one.rule.causes)
            OUT.print(f"{say('who.if', language, causes=causes)}: {_roles(one.rule, book, language)}")
            _show_rule(one, language)


def _roles(rule: Rule, book: Rulebook, language: str) -> str:
    """Return the roles of one rule in a line."""
    parts = []
    for role in ("competent", "present", "support"):
        names = [book.agencies[agency].name[language] for agency in getattr(rule, role)]
        if names:
            parts.append(f"{say(f'who.{role}', language)}: {', '.join(names)}")
    return "; ".join(parts)


def _show_rule(one: Applied, language: str) -> None:
    rule = one.rule
    OUT.print(f"  {rule.id}: {said(rule.summary, language)}")
    OUT.print(f"    {law_words(rule, language)}")
    if one.met:
        units = "; ".join(_unit(fact) for fact in one.met)
        OUT.print(f"    {say('who.met', language, units=units)}")
    if one.assumed:
        OUT.print(f"    {say('who.assumed', language)}")


def law_words(rule: Rule, language: str) -> str:
    """Return law, article, day and confidence of a rule."""
    article = (
        say("who.article", language, article=rule.article)
        if rule.article
        else say("who.no_article", language)
    )
    parts = [rule.law, article] if rule.law else [say("who.no_law", language)]
    if rule.dated:
        parts.append(say("who.dated", language, day=rule.dated.isoformat()))
    return f"{', '.join(parts)} ({say(f'who.confidence.{rule.confidence}', language)})"


def _unit(fact: Fact) -> str:
    name = " ".join(part for part in (fact.code, fact.name, fact.category) if part)
    measure = f" {100 * fact.share:.0f} %" if fact.share is not None else ""
    if fact.distance_m:
        measure += f" {fact.distance_m / 1000:.1f} km"
    return f"{name}{measure} ({fact.layer} {fact.version})"


def _show_unknown(answer: Answer, book: Rulebook, language: str) -> None:
    for zone in answer.doubtful:
        days = {"begins": zone.begins or "…", "ends": zone.ends or "…"}
        law = zone.law or say("who.no_law", language)
        OUT.print(say("who.doubtful", language, zone=zone.id, law=law, notes=zone.notes, **days))
    for gap in answer.gaps:
        theme = say(f"law.theme.{gap.theme}", language)
        if gap.theme == "emergency-zone" and not book.zones_complete:
            theme = f"{theme} ({say('who.zones_incomplete', language)})"
        OUT.print(say("who.gap", language, theme=theme, rules=", ".join(gap.hidden)))
