"""What is printed of blind spots: the sentence of a place, the table of streams, the share that was seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dosel.console.paper import OUT, print_table
from dosel.context.blindspot import TOGETHER
from dosel.context.unseen import SAID_DAYS, SAID_HA
from dosel.messages import say
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from pathlib import Path

    from dosel.context.blindspot import Why
    from dosel.context.unseen import Seen, Sight
    from dosel.pipeline.feeds.sight import CentreSight
    from dosel.pipeline.meaning.blind_report import Report
    from dosel.pipeline.meaning.present import Present

_KINDS = ("radar", "optical")
_NAMED = 3
"""Places without data that are named; the others are counted."""


def show_blind(report: Report, language: str) -> None:
    """Show what was not seen: of the whole area or of the places asked for, then by stream."""
    show_present(report.now, language)
    OUT.print(say("blind.as_of", language, day=iso_day(report.now.day), days=report.days))
    for line in place_words(report, language):
        OUT.print(line)
    if report.whole is not None:
        _show_whole(report.whole, report, language)
    OUT.print(say("blind.restricted", language))


def place_words(report: Report, language: str) -> Iterator[str]:
    """Yield a sentence a place that was asked for; of those without data a few by name."""
    for place in report.places:
        if place.by:
            yield sentence(place, report, language)
    names = list(dict.fromkeys(place.name for place in report.places if not place.by))
    told = names[:_NAMED] if report.by_name else []
    for name in told:
        yield say("blind.no_data", language, name=name)
    if len(names) > len(told):
        yield say("blind.others", language, count=len(names) - len(told))


def show_raster(path: Path, bands: int, language: str) -> None:
    """Say where a raster was written."""
    OUT.print(say("blind.raster", language, path=path, bands=bands))


def show_present(now: Present, language: str) -> None:
    """Say of which day an answer is, where it is not today's, and that a simulated centre is simulated."""
    if now.simulated:
        OUT.print(say("blind.simulated", language, day=iso_day(now.day)))
    elif now.fixed:
        OUT.print(say("blind.frozen", language, day=iso_day(now.day)))


def show_seen(sight: CentreSight, language: str) -> None:
    """Say how much was truly seen: what 'no alerts' is worth."""
    together = sight.whole.together
    if together is None:
        OUT.print(say("seen.nothing", language))
        return
    values = {"seen": percent(1 - together.unseen), "unseen": percent(together.unseen)}
    OUT.print(say("seen.share", language, days=sight.days, day=iso_day(sight.now.day), **values))


def sentence(place: Seen, report: Report, language: str) -> str:
    """Return what was seen of a place, in one or two sentences."""
    together = place.together
    if together is None:
        return say("blind.no_data", language, name=place.name)
    looks = ", ".join(
        _look(place.by[kind], kind, report.now.day, language) for kind in _KINDS if kind in place.by
    )
    values = {"unseen": percent(together.unseen), "found": percent(together.found), "days": report.days}
    told = say(
        "blind.place",
        language,
        name=place.name,
        looks=looks or say("blind.no_stream", language),
        size=SAID_HA,
        age=SAID_DAYS,
        **values,
    )
    if place.unwatched_ha < 0.005 * place.ha:
        return told
    whole = {"ha": f"{place.unwatched_ha:,.0f}", "all": f"{place.ha:,.0f}"}
    return f"{told} {say('blind.unwatched', language, **whole)}"


def percent(share: float) -> str:
    """Return a share in whole percent; what is there is never 0, what is missing never 100.

    Examples
    --------
    >>> percent(0.0), percent(0.001), percent(0.126), percent(0.999), percent(1.0)
    ('0', '<1', '13', '>99', '100')
    """
    if 1e-9 < share < 0.005:
        return "<1"
    if 0.995 < share < 1 - 1e-9:
        return ">99"
    return f"{100 * share:.0f}"


def _look(sight: Sight, kind: str, today: int, language: str) -> str:
    if sight.last is None:
        return say(f"blind.never.{kind}", language)
    ago = today - sight.last
    word = "same" if ago <= 0 else "one" if ago == 1 else "many"
    values = {"ago": say(f"blind.ago.{word}", language, ago=ago), "share": percent(sight.last_share)}
    return say(f"blind.looks.{kind}", language, **values)


def _show_whole(whole: Seen, report: Report, language: str) -> None:
    if whole.together is None:
        OUT.print(say("blind.nothing", language))
        return
    OUT.print(sentence(whole, report, language))
    keys = [key for key in whole.by if key not in (*_KINDS, TOGETHER)]
    names = {key: key for key in keys} | {TOGETHER: say("blind.together", language)}
    cells = [_row(names[key], whole.by[key], language) for key in (*keys, TOGETHER)]
    print_table(say("blind.streams", language), cells, ("why",), language)


def _row(name: str, sight: Sight, language: str) -> dict[str, str]:
    return {
        "stream": name,
        "last": say("status.never", language) if sight.last is None else iso_day(sight.last),
        "unseen": percent(sight.unseen),
        "found": percent(sight.found),
        "why": _reasons(sight, language),
    }


def _reasons(sight: Sight, language: str) -> str:
    """Return why the unseen share was not seen, the greatest part first."""
    order: Sequence[Why] = sorted(sight.why, key=lambda code: (-sight.why[code], code))
    return "; ".join(f"{percent(sight.why[code])} %: {say(f'why.{code.name}', language)}" for code in order)
