"""The printed report in words: a document of what was gathered, in the language of the centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dosel.console.blind import sentence as seen_words
from dosel.console.facts import proof_words, sentences
from dosel.console.law import law_words
from dosel.console.paper import OUT
from dosel.console.queue import left_words, term_words
from dosel.context.driver.causes import Cause
from dosel.context.driver.reasons import Reason
from dosel.context.facts import Relation
from dosel.context.layer import Theme
from dosel.context.subject import Extent
from dosel.messages import say
from dosel.model.codes import STATE_DAY0
from dosel.model.time import iso_day
from dosel.pipeline.work.report import around
from dosel.share.printed.document import (
    Beside,
    Block,
    Document,
    Drawn,
    Heading,
    Listing,
    MapView,
    Pairs,
    Paragraph,
)

if TYPE_CHECKING:
    from pathlib import Path

    from dosel.context.facts import Fact
    from dosel.pipeline.meaning.explain import Explanation, LayerSays
    from dosel.pipeline.meaning.jurisdiction import WhoReport
    from dosel.pipeline.meaning.near import Found, Nearby
    from dosel.pipeline.work.report import DeskReport, Place
    from dosel.store.interface import Row

_STYLES: Final = {
    Theme.DEPARTMENT: "unit",
    Theme.BUFFER: "buffer",
    Theme.PROTECTED: "protected",
    Theme.INDIGENOUS: "indigenous",
    Theme.CONSERVATION: "concession",
    Theme.MINING_CORRIDOR: "mining-corridor",
    Theme.RIVER: "river",
    Theme.ROAD: "road",
    Theme.SETTLEMENT: "settlement",
    Theme.BORDER: "border",
}
"""How each theme is drawn, from below to above."""
_NAMED: Final = (Theme.PROTECTED, Theme.RIVER)
"""Themes whose names stand on the large map."""
_ADMIN: Final = (Theme.DISTRICT, Theme.PROVINCE, Theme.DEPARTMENT)
_NEAR: Final = (Theme.SETTLEMENT, Theme.RIVER, Theme.ROAD, Theme.AIRFIELD, Theme.AIRSTRIP, Theme.BORDER)
_NOT_LAW: Final = (*_ADMIN, *_NEAR, Theme.COUNTRY, Theme.FRONTIER, Theme.BASIN)
_UNITS: Final = 3
"""Units of a layer that are named for a place."""
_LISTED: Final = 25
"""Places near the border that are listed."""
_SMALL_CM: Final = 6.5


def show_report(path: Path, language: str) -> None:
    """Say where the report is."""
    OUT.print(say("report.written", language, path=path))


def document_of(report: DeskReport, language: str) -> Document:
    """Return the report as a document."""
    unit = report.question.unit or say("triage.everywhere", language)
    blocks = [
        *_head(report, language),
        *_places(report, language),
        *_left(report, language),
        *_border(report, language),
        *_blind(report, language),
        *_layers(report, language),
    ]
    values = {"centre": report.centre, "day": iso_day(report.day), "days": report.question.days}
    return Document(
        say("report.title", language, unit=unit),
        say("report.subtitle", language, **values),
        language,
        iso_day(report.day),
        say("report.footer", language),
        tuple(blocks),
    )


def _head(report: DeskReport, language: str) -> Iterable[Block]:
    if report.blind.now.simulated:
        yield Paragraph(say("report.simulated", language), "warning")
    if not report.isolation_known:
        yield Paragraph(say("report.isolation", language), "warning")
    yield Paragraph(say("report.person", language))
    yield Paragraph(proof_words(report.queue.proof, language), "note")


def _places(report: DeskReport, language: str) -> Iterable[Block]:
    if not report.places:
        yield Paragraph(say("report.none", language), "warning")
        return
    yield Heading(say("report.list", language, count=len(report.places)))
    rows = [place.explanation.alert for place in report.places]
    labels = tuple(str(number) for number in range(1, len(rows) + 1))
    points = tuple(row["geometry"].centroid for row in rows)
    alerts = Drawn("alert-point", points, labels, say("report.legend.alert", language))
    yield MapView(report.bounds, (*_drawn(report, language, named=True), alerts), say("report.map", language))
    for rank, place in enumerate(report.places, 1):
        yield from _place(rank, place, report, language)


def _place(rank: int, place: Place, report: DeskReport, language: str) -> Iterable[Block]:
    alert = place.explanation.alert
    where = ", ".join(filter(None, place.told.where)) or say("report.not_known", language)
    yield Heading(say("report.place", language, rank=rank, id=alert["id"], where=where), 2)
    pairs = [
        ("report.when", _when(alert, language)),
        ("report.what", _what(alert, language)),
        ("report.law", _inside(place.explanation, language)),
        ("report.near", _near(place.explanation, language)),
        ("report.cause", _cause(place.told.driver, language)),
        ("report.urgency", _urgency(place, language)),
        *_who(place.told.who, language),
        ("report.gaps", _gaps(place, language)),
    ]
    said = tuple((say(key, language), text) for key, text in pairs if text)
    around_it = (*_drawn(report, language, named=False), Drawn("alert", (alert["geometry"],)))
    yield Beside(Pairs(said), MapView(around(alert), around_it, "", _SMALL_CM))


def _of(told: Explanation, *themes: Theme) -> list[LayerSays]:
    return [says for theme in themes for says in told.layers if says.layer["theme"] == theme]


def _when(alert: Row, language: str) -> str:
    end = iso_day(alert["window_end"])
    meaning = f" ({alert['date_meaning']})" if alert["date_meaning"] else ""
    if alert["window_start"] in (None, STATE_DAY0):
        return say("report.by", language, end=end) + meaning
    return say("report.between", language, start=iso_day(alert["window_start"]), end=end) + meaning


def _what(alert: Row, language: str) -> str:
    source = alert["source"] or say("report.own", language)
    ha = "?" if alert["area_ha"] is None else f"{alert['area_ha']:.2f}"
    said = say("report.size", language, ha=ha, source=source)
    if alert["confidence"]:
        said = f"{said}; {alert['confidence']}"
    return f"{said}; {say('report.box', language)}" if alert["extent"] == Extent.BOX else said


def _inside(told: Explanation, language: str) -> str:
    """Return the units it lies in, the largest shares of each layer; administration stands in the title."""
    met = []
    for says in told.layers:
        if says.layer["theme"] in _NOT_LAW:
            continue
        inside = [fact for fact in says.facts if fact.relation is Relation.INSIDE and _counts(fact, says)]
        largest = sorted(inside, key=lambda fact: -(fact.share or 0.0))
        if largest:
            lines = sentences(replace(says, facts=tuple(largest[:_UNITS])), language)
            more = [say("report.more", language, count=len(largest) - _UNITS)] * (len(largest) > _UNITS)
            met.append(f"{says.layer['titles'][language]}: {'; '.join([*lines, *more])}")
    return "\n".join(met) or say("report.nothing_met", language)


def _counts(fact: Fact, says: LayerSays) -> bool:
    """Return whether a unit counts on the day: a scar that was mapped later does not."""
    return not (says.layer["theme"] == Theme.MINING_SCAR and fact.in_force is False)


def _near(told: Explanation, language: str) -> str:
    lines = []
    for says in _of(told, *_NEAR):
        nearest = [fact for fact in says.facts if fact.relation is Relation.NEAREST]
        if nearest:
            lines.append(f"{says.layer['titles'][language]}: {'; '.join(sentences(says, language))}")
    return "\n".join(lines)


def _cause(driver: Row | None, language: str) -> str:
    if driver is None:
        return say("report.cause_unknown", language)
    cause = Cause(driver["cause"])
    name = say(f"cause.{cause.name}", language)
    share = 100 * (driver["probability"] or 0.0)
    said = say("report.cause_of", language, cause=name, share=f"{share:.0f}", proof=driver["proof"] or "-")
    reasons = [Reason(one["key"], one["values"], one["nats"]).words(language) for one in driver["reasons"]]
    return "; ".join([said, *reasons])


def _urgency(place: Place, language: str) -> str:
    score = place.ranked.score
    why = say(
        f"triage.why.{place.ranked.why}",
        language,
        tenure=say(f"law.theme.{place.ranked.candidate.tenure}", language),
        area=place.ranked.candidate.area,
    )
    values = {"value": score.value, "low": score.low, "high": score.high}
    head = say("report.score", language, why=why, **values)
    return "\n".join([head, *(term_words(term, language) for term in score.terms)])


def _who(report: WhoReport | None, language: str) -> Iterable[tuple[str, str]]:
    if report is None or not report.answer.known:
        yield "report.competent", say("who.not_known", language)
        return
    names = {key: agency.name[language] for key, agency in report.book.agencies.items()}
    yield "report.competent", ", ".join(names[one] for one in report.answer.competent())
    present = ", ".join(names[one] for one in report.answer.present())
    also = ", ".join(
        names[one]
        for one in report.answer.competent(conditional=True)
        if one not in report.answer.competent()
    )
    if also:
        yield "report.by_cause", also
    yield "report.present", present or say("who.present_none", language)
    yield "who.support", ", ".join(names[one] for one in report.answer.support())
    rules = [one.rule for one in report.answer.applied if not one.if_cause and one.rule.law]
    yield "report.basis", "\n".join(law_words(rule, language) for rule in rules)


def _gaps(place: Place, language: str) -> str:
    """Return the layers that say nothing here, by title."""
    silent = [
        says.layer["titles"][language]
        for says in place.explanation.layers
        if all(fact.relation is Relation.NOT_EVALUATED for fact in says.facts)
    ]
    return "; ".join(silent)


def _left(report: DeskReport, language: str) -> Iterable[Block]:
    yield Heading(say("report.left", language))
    for line in left_words(report.queue.work, language):
        yield Paragraph(line)
    yield Paragraph(say("report.sealed_out", language), "note")
    if report.queue.undescribed:
        yield Paragraph(say("report.undescribed", language, count=report.queue.undescribed), "warning")


def _border(report: DeskReport, language: str) -> Iterable[Block]:
    if report.nearby is None:
        return
    near, asked = report.nearby, report.question
    unit = f"{near.layer.titles[language]} ({asked.border})"
    values = {"km": f"{asked.within_km:g}", "unit": unit, "days": asked.near_days}
    yield Heading(say("report.border", language, **values))
    newest = sorted(near.found, key=lambda one: (-(one.day or 0), one.least_m, one.id))[:_LISTED]
    yield Paragraph(say("report.border_count", language, count=len(near.found), shown=len(newest)))
    if report.near_rows:
        yield _border_map(report, near, language)
    keys = ("id", "day", "km", "sure", "ha", "source")
    headers = tuple(say(f"report.col.{key}", language) for key in keys)
    yield Listing(headers, tuple(_border_row(one, near, language) for one in newest), (5,))
    command = f"dosel near --layer {near.layer.name} --code {asked.border} --within-km {asked.within_km:g}"
    command = f"{command} --as-of {iso_day(report.day)} --days {asked.near_days} --limit 0"
    yield Paragraph(say("report.border_all", language, command=command), "note")
    yield Paragraph(near.layer.note[language], "note")


def _border_row(one: Found, near: Nearby, language: str) -> tuple[str, ...]:
    least, most = one.least_m / 1000, one.most_m / 1000
    km = f"{least:.1f}" if most - least < 0.05 else f"{least:.1f} - {most:.1f}"
    return (
        one.id,
        "?" if one.day is None else iso_day(one.day),
        km,
        say("report.sure" if near.sure(one) else "report.perhaps", language),
        "?" if one.area_ha is None else f"{one.area_ha:.1f}",
        one.source or say("report.own", language),
    )


def _border_map(report: DeskReport, near: Nearby, language: str) -> MapView:
    shapes = tuple(row["geometry"] for row in report.near_rows.values())
    points = tuple(shape.centroid for shape in shapes)
    west = min(point.x for point in points) - 0.3
    east = max(point.x for point in points) + 0.3
    south = min(point.y for point in points) - 0.3
    north = max(point.y for point in points) + 0.3
    border = Drawn("border", tuple(near.layer.units.geometry), (), near.layer.titles[language])
    alerts = Drawn("alert-point", points, (), say("report.legend.alert", language))
    return MapView((west, south, east, north), (border, alerts), say("report.map_border", language), 14.0)


def _blind(report: DeskReport, language: str) -> Iterable[Block]:
    yield Heading(say("report.blind", language))
    seen = [place for place in report.blind.places if place.by]
    for place in seen:
        yield Paragraph(seen_words(place, report.blind, language))
    if not seen and report.question.unit:
        yield Paragraph(say("blind.no_data", language, name=report.question.unit), "warning")
    if report.blind.whole is not None:
        yield Paragraph(seen_words(report.blind.whole, report.blind, language))
    yield Paragraph(say("report.blind_partner", language), "note")


def _layers(report: DeskReport, language: str) -> Iterable[Block]:
    yield Heading(say("report.layers", language))
    keys = ("layer", "version", "vintage", "coverage")
    headers = tuple(say(f"report.col.{key}", language) for key in keys)
    rows = tuple(
        (
            row["titles"][language],
            row["version"],
            row["vintage"],
            say(f"fact.{row['completeness']}", language),
        )
        for row in sorted(report.layers, key=lambda row: str(row["name"]))
    )
    yield Listing(headers, rows, (0, 2))


def _drawn(report: DeskReport, language: str, *, named: bool) -> Sequence[Drawn]:
    """Return the layers of a map, from below to above; legends and names on the large one only."""
    drawn = []
    for theme, style in _STYLES.items():
        if named and theme is Theme.SETTLEMENT:
            continue
        for layer in report.drawn:
            if layer.theme is theme and len(layer.units):
                labels = tuple(map(str, layer.units.name)) if named and theme in _NAMED else ()
                legend = f"{layer.titles[language]} ({layer.vintage})" if named else ""
                drawn.append(Drawn(style, tuple(layer.units.geometry), labels, legend))
    return drawn
