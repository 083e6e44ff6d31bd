"""What other rooms have to say of an alert in ``dosel explain``: a section each, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dosel.context.driver.causes import Cause
from dosel.context.driver.reasons import Reason
from dosel.context.facts import Fact
from dosel.context.jurisdiction.rules import Rulebook
from dosel.messages import say
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.explain import Section, Teller
from dosel.pipeline.meaning.jurisdiction import who_alert
from dosel.store.interface import Row


def who_may_act(centre: Centre, alert: Row, facts: Sequence[Fact], language: str) -> Section | None:
    """Return who is competent, present and of help; the rules themselves are told by ``dosel who``."""
    if not facts:
        return None
    report = who_alert(centre, alert["id"])
    answer = report.answer
    roles = {"competent": answer.competent(), "present": answer.present(), "support": answer.support()}
    lines = [
        f"{say(f'who.{role}', language)}: {_names(agencies, report.book, language)}"
        for role, agencies in roles.items()
        if agencies
    ]
    if not answer.known:
        lines.append(say("who.not_known", language))
    themes = ", ".join(say(f"law.theme.{gap.theme}", language) for gap in answer.gaps)
    if themes:
        lines.append(say("who.gaps", language, themes=themes))
    lines.append(say("who.more", language, alert=alert["id"]))
    return Section(say("who.title", language, place=alert["id"], day=iso_day(answer.day)), tuple(lines))


def probable_cause(centre: Centre, alert: Row, facts: Sequence[Fact], language: str) -> Section | None:
    """Return the probable cause with its proof letter and reasons; nothing where none was looked for."""
    rows = centre.store.select("drivers", {"alert_id": alert["id"]})
    if not rows:
        return None
    row, cause = rows[0], Cause(rows[0]["cause"])
    values = {"share": f"{100 * (row['probability'] or 0.0):.0f}", "proof": row["proof"] or "-"}
    head = say("report.cause_of", language, cause=say(f"cause.{cause.name}", language), **values)
    reasons = (Reason(one["key"], one["values"], one["nats"]) for one in row["reasons"])
    return Section(say("report.cause", language), (head, *(one.words(language) for one in reasons)))


def _names(agencies: Mapping[str, Sequence[str]], book: Rulebook, language: str) -> str:
    return ", ".join(f"{book.agencies[one].name[language]} ({', '.join(r)})" for one, r in agencies.items())


SECTIONS: Final[tuple[Teller, ...]] = (probable_cause, who_may_act)
"""A room with something to say adds a function."""
