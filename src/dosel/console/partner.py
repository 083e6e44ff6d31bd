"""What imports print: feeds, counts, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from dosel.console.paper import OUT, SENTENCES, print_table
from dosel.messages import say

if TYPE_CHECKING:
    from dosel.alerts.partner.table import Note
    from dosel.config_feed import FeedSettings
    from dosel.pipeline.import_feed import ImportReport


def teller(language: str) -> Callable[[Note], str]:
    """Return what makes the sentence of a note on a row."""
    return lambda note: say(f"row.{note.reason}", language, **note.values)


def show_feeds(feeds: Sequence[tuple[FeedSettings, bool]], language: str) -> None:
    """List the feeds that can be imported."""
    cells = [
        {
            "feed": feed.name,
            "title": feed.title,
            "kind": say(f"kind.{feed.kind}", language),
            "from": say("import.own" if own else "import.ready", language),
            "licence": feed.licence,
        }
        for feed, own in feeds
    ]
    print_table(say("import.feeds", language), cells, ("licence", "title"), language)


def show_import(report: ImportReport, language: str, *, dry_run: bool) -> None:
    """Say what an import did, and what it refused: the first of each reason."""
    names = {"feed": report.feed, "file": report.file.name}
    OUT.print(say("import.plan" if dry_run else "import.done", language, **names))
    merged, checked = report.merged, report.checked
    counts = {"fresh": len(merged.fresh), "changed": len(merged.changed)}
    counts |= {"same": merged.same + checked.repeated, "refused": report.refused_rows}
    OUT.print(say("import.counts", language, rows=checked.rows, **counts))
    if merged.ended:
        OUT.print(say("import.ended", language, count=len(merged.ended)))
    if not (dry_run or report.written):
        OUT.print(say("import.unchanged", language))
    if not report.may_leave:
        OUT.print(say("import.no_terms", language, feed=report.feed))
    _show_notes(checked.notes, language)
    if report.refused_list:
        OUT.print(say("import.list", language, path=report.refused_list))


def _show_notes(notes: Sequence[Note], language: str) -> None:
    tell = teller(language)
    by_reason = sorted(notes, key=lambda note: (note.reason, note.row))
    for reason, group in groupby(by_reason, key=lambda note: note.reason):
        told = list(group)
        OUT.print(say("import.reason", language, count=len(told), reason=say(f"reason.{reason}", language)))
        for note in told[:SENTENCES]:
            OUT.print(say("import.row", language, row=note.row, said=tell(note)))
        if len(told) > SENTENCES:
            OUT.print(say("import.more", language, count=len(told) - SENTENCES))
