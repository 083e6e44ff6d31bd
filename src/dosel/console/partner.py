"""What imports print: feeds, counts, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from dosel.alerts.partner.figures import SUBJECTS
from dosel.console.paper import OUT, SENTENCES, print_table
from dosel.messages import say
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from dosel.alerts.airstrip import Life
    from dosel.alerts.partner.table import Note
    from dosel.config.feed import FeedSettings
    from dosel.pipeline.feeds.airstrips import StripList
    from dosel.pipeline.feeds.figures import FiguresReport
    from dosel.pipeline.feeds.import_feed import ImportReport
    from dosel.store.interface import Row


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
    cells += [
        {"feed": name, "title": say("figures.title", language), "kind": say("kind.figures", language)}
        | {"from": say("import.ready", language), "licence": ""}
        for name in SUBJECTS
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


def show_fires(rows: Sequence[Row], limit: int, language: str) -> None:
    """List fire events."""
    if not rows:
        OUT.print(say("fires.none", language))
        return
    cells = [
        {
            "id": row["id"],
            "status": say(f"fire.{row['status']}", language),
            "first": row["first_instant"],
            "until": row["last_instant"],
            "spots": str(row["hot_spots"]),
            "passes": str(row["passes"]),
            "power": "" if row["power_mw"] is None else f"{row['power_mw']:.1f}",
            "place": _place(row),
            "source": ", ".join(row["sources"]),
        }
        for row in rows[: limit or None]
    ]
    title = f"{say('fires.title', language)}: {len(rows)}"
    print_table(title, cells, ("source", "power", "passes"), language)


def _place(row: Row) -> str:
    middle = row["geometry"].centroid
    return f"{middle.y:.4f} {middle.x:.4f}"


def show_figures(report: FiguresReport, language: str, *, dry_run: bool) -> None:
    """Say what an import of figures did."""
    names = {"feed": report.subject, "file": report.file.name}
    OUT.print(say("import.plan" if dry_run else "import.done", language, **names))
    figures = report.figures
    counts = {"rows": figures.rows, "fresh": report.fresh, "changed": report.changed}
    counts |= {"empty": figures.empty, "refused": report.refused_rows}
    OUT.print(say("figures.counts", language, **counts))
    _show_notes(figures.notes, language)


def show_airstrips(found: StripList, limit: int, language: str) -> None:
    """List airstrips, and what may be activity at destroyed ones."""
    if not found.rows:
        OUT.print(say("airstrips.none", language))
        return
    cells = [
        {
            "id": row["id"],
            "state": say(f"strip.{row['state']}", language),
            "since": _since(row),
            "place": _place(row),
            "source": row["source"],
        }
        for row in found.rows[: limit or None]
    ]
    print_table(f"{say('airstrips.title', language)}: {len(found.rows)}", cells, ("source",), language)
    for one in found.proposals:
        values = {"strip": one.strip_id, "alert": one.alert_id, "day": iso_day(one.day)}
        OUT.print(say("airstrips.proposed", language, metres=f"{one.metres:.0f}", **values))


def _since(row: Row) -> str:
    """Return the day of a state; the year where no day is known."""
    if row["state_day"] is not None:
        return iso_day(row["state_day"])
    return str(row["details"].get("year", ""))


def show_airstrip(strip: str, life: Life, person: str, language: str, *, dry_run: bool) -> None:
    """Say where a strip stands after what was recorded."""
    values = {"strip": strip, "state": say(f"strip.{life.state}", language), "person": person}
    day = "" if life.day is None else iso_day(life.day)
    OUT.print(say("airstrip.plan" if dry_run else "airstrip.done", language, day=day, **values))
