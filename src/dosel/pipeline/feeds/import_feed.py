"""``dosel import``: a file of others, checked row by row, into the store in one transaction.

One transaction an import: a run that is killed leaves nothing, and the same command does it all again. What
says nothing new writes nothing, not even in the ledger of imports. The watch is left as it is: rows of
others bear their source, and the watch asks for its own.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from dosel.alerts.partner.check import Checked, check
from dosel.alerts.partner.coded import read_coded
from dosel.alerts.partner.crops import names_crop
from dosel.alerts.partner.mapping import feed_named, ready
from dosel.alerts.partner.merge import TABLES, Merged, events_of, merge, rows_of
from dosel.alerts.partner.read import RASTERS, OtherFormError, read_table
from dosel.alerts.partner.table import Note, Table
from dosel.config.feed import FeedSettings
from dosel.errors import InputError
from dosel.model.provenance import content_id, digest
from dosel.model.time import day_of, iso_instant
from dosel.pipeline.centre import Centre
from dosel.pipeline.feeds.airstrips import found_events
from dosel.pipeline.feeds.feed_profiles import form_profile, import_profile
from dosel.pipeline.feeds.fires import refresh_fires
from dosel.pipeline.feeds.incidents import refresh_incidents
from dosel.pipeline.meaning.places_sealed import seal_places
from dosel.pipeline.progress import Progress, Silent
from dosel.store.interface import Row, Store

FOLDER: Final = "imports"
"""Where the lists of refused rows lie, beside the database."""

_BATCH: Final = 2_000
"""Rows between two movements of the bar."""

Told: TypeAlias = Callable[[Note], str]
"""The sentence of a note, in the language of the centre."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    feed: str
    file: Path
    checked: Checked
    merged: Merged
    refused_list: Path | None
    """CSV of every note; None where there is none, and for a dry run."""
    may_leave: bool
    """Whether origin and licence of the feed are stated."""
    written: bool
    """Whether anything was written: a dry run and a file that says nothing new write nothing."""

    @property
    def refused_rows(self) -> int:
        """Rows that are not used."""
        return len({note.row for note in self.checked.refused})


def list_feeds(centre: Centre | None) -> list[tuple[FeedSettings, bool]]:
    """Return every feed, and whether it is the centre's own."""
    own = {feed.name: feed for feed in centre.settings.feed} if centre else {}
    every = {**ready(), **own}
    return [(every[name], name in own) for name in sorted(every)]


def import_feed(
    centre: Centre,
    name: str,
    path: Path,
    told: Told,
    *,
    complete: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Import a file of a feed; what is good is kept, what is not is listed.

    Parameters
    ----------
    told
        Makes the sentence of a note, for the list of refused rows.
    complete
        Whether the file is the whole list of the feed: alerts that it does not hold have ended.

    Raises
    ------
    InputError
        If the feed is not known, or the file cannot be read as what its mapping says; nothing is written but
        that a known feed changed its form, of which ``dosel status`` raises an alarm.
    """
    bar, now = progress or Silent(), now or datetime.now(UTC)
    feed, today = feed_named(name, centre.settings.feed), day_of(now)
    if complete and feed.kind != "alerts":
        raise InputError(f"--complete: expected a feed of alerts, {name} is one of {feed.kind}")
    _no_plots(feed, path)
    bar.start("import.read", 1)
    try:
        table, feed = _read(path, feed)
    except OtherFormError as error:
        if not dry_run:
            _remember_form(centre.store, name, error.columns, now)
        raise
    bar.start("import.check", table.count)
    checked = check(table, feed, today)
    if complete and checked.refused:
        raise InputError(
            f"{path}: {len(checked.refused)} mistakes in rows, so it is not the whole list; import it without"
            " --complete"
        )
    terms = bool(feed.origin.strip() and feed.licence.strip())
    said = rows_of(checked.good, feed)
    merged = merge(_known(centre.store, feed), said, complete=complete, today=today)
    if dry_run:
        return ImportReport(name, path, checked, merged, None, terms, written=False)
    entry = _entry(centre.store, feed, path, checked, merged, now)
    notes = _list_notes(centre, entry["id"], checked.notes, told)
    profile = import_profile(name, now.isoformat(), table, checked)
    written = _write(centre.store, feed, merged, entry, profile, today, bar)
    return ImportReport(name, path, checked, merged, notes, terms, written=written)


def _read(path: Path, feed: FeedSettings) -> tuple[Table, FeedSettings]:
    if path.suffix.lower() in RASTERS and path.is_file():
        return read_coded(path, feed)
    return read_table(path, feed), feed


def _remember_form(store: Store, feed: str, columns: Sequence[str], now: datetime) -> None:
    """Keep the columns of a refused file beside those of the deliveries before it, where there are any."""
    if store.select("feed_profiles", {"feed": feed}, limit=1):
        with store.transaction():
            store.upsert("feed_profiles", [form_profile(feed, now.isoformat(), columns)])


def _no_plots(feed: FeedSettings, path: Path) -> None:
    """Refuse a feed of places of coca or poppy, whatever its rows say."""
    if names_crop([feed.name, feed.title, feed.date_meaning, feed.classes, path.stem]):
        raise InputError(
            f"{path}: coca and poppy are kept as figures of whole areas only, never by place; "
            "`dosel import coca` reads a table of yearly totals"
        )


def _known(store: Store, feed: FeedSettings) -> dict[str, Row]:
    return {row["id"]: row for row in store.select(TABLES[feed.kind], {"source": feed.name})}


def _entry(
    store: Store, feed: FeedSettings, path: Path, checked: Checked, merged: Merged, now: datetime
) -> Row:
    """Return the line of the ledger: its id derives from what the file says and from the import before it."""
    notes = [note.plain() for note in checked.notes]
    content = digest([feed.model_dump(mode="json"), sorted(one.content for one in checked.good), notes])
    before = store.select("imports", {"feed": feed.name}, order_by=("-number",), limit=1)
    last: Row = before[0] if before else {"id": "", "content": "", "number": 0}
    new = last["content"] != content or merged.fresh or merged.changed or merged.ended
    return {
        "id": content_id("import", feed.name, content, last["id"]) if new else last["id"],
        "instant": iso_instant(now),
        "feed": feed.name,
        "number": last["number"] + 1,
        "file": path.name,
        "content": content,
        "rows": checked.rows,
        "fresh": len(merged.fresh),
        "changed": len(merged.changed),
        "same": merged.same + checked.repeated,
        "ended": len(merged.ended),
        "refused": notes,
    }


def _write(
    store: Store,
    feed: FeedSettings,
    merged: Merged,
    entry: Row,
    profile: Row,
    today: int,
    bar: Progress,
) -> bool:
    """Write what changes, with the ledger, in one transaction; return whether anything was written."""
    if store.select("imports", {"id": entry["id"]}, columns=["id"]):
        return False
    table = TABLES[feed.kind]
    bar.start("import.store", len(merged.fresh) + len(merged.changed))
    with store.transaction():
        terms = {"name": feed.name, "origin": feed.origin, "licence": feed.licence}
        store.upsert("sources", [{"id": feed.source_id, **terms}])
        _in_batches(store.insert, table, merged.fresh, bar)
        later = [merged.before[row["id"]] | row for row in (*merged.changed, *merged.ended)]
        _in_batches(store.upsert, table, later, bar)
        if feed.kind == "alerts":
            store.insert("alert_events", events_of(merged, today, entry["id"]))
        if feed.kind == "hot-spots":
            refresh_fires(store, {row["event_id"] for row in merged.before.values()})
        if feed.kind == "airstrips":
            store.insert("airstrip_events", found_events(merged.fresh, feed.name, entry["id"]))
        seal_places(store)
        refresh_incidents(store)
        seal_places(store)
        store.insert("imports", [entry])
        store.upsert("feed_profiles", [profile])
    return True


def _in_batches(
    write: Callable[[str, Sequence[Row]], object], table: str, rows: Sequence[Row], bar: Progress
) -> None:
    for first in range(0, len(rows), _BATCH):
        batch = rows[first : first + _BATCH]
        write(table, batch)
        bar.advance(len(batch))


def _list_notes(centre: Centre, import_id: str, notes: Sequence[Note], told: Told) -> Path | None:
    """Write every note to a file of its own, whole or not at all; return its path."""
    if not notes:
        return None
    path = centre.root / FOLDER / f"{import_id}.csv"
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f".{path.name}.part{os.getpid()}")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "reason", "sentence"])
        writer.writerows([note.row, str(note.reason), told(note)] for note in notes)
    part.replace(path)
    return path
