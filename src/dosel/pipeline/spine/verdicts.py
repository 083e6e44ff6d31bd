"""Verdicts in the fold: a person's judgement is a step of its own, after the looks of its day.

The table of verdicts only grows and nothing in it says what was applied. A verdict is due where its place
comes and its alert is open; once applied the alert is not open any more, and after a rewind it is due again
at the same place. A verdict whose alert is not there then has no effect, and is listed.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from dosel.alerts.confirm import reject
from dosel.alerts.step import Outcome, Verdict
from dosel.alerts.table import OPEN, store_alerts, store_events
from dosel.model.codes import AlertStatus
from dosel.monitor.checkpoint import sync_disk
from dosel.pipeline.spine.fold import Fold, keep_open
from dosel.pipeline.spine.order import Place, after_day
from dosel.pipeline.spine.states import change_pixels, point_tiles
from dosel.pipeline.spine.tidy import tidy
from dosel.store.interface import Row, Store

REJECT = "reject"
"""The verdict that an alert is wrong: it is withdrawn and its pixels are armed again."""


def fold_verdicts(fold: Fold, before: int | None = None) -> list[Outcome]:
    """Apply what is due before the first look of day `before` (None: all), one commit a day.

    Raises
    ------
    InputError
        If a verdict names nobody.
    """
    due = [v for v in verdicts_on(fold.centre.store, fold.open) if before is None or v.day < before]
    return [_fold_day(fold, day, list(group)) for day, group in groupby(due, key=lambda v: v.day)]


def verdicts_on(store: Store, open_ids: Collection[str]) -> list[Verdict]:
    """Return the verdicts that wait for an open alert, by day and alert; of several on one the first."""
    rows = store.select("verdicts", {"alert_id": sorted(open_ids), "verdict": REJECT}) if open_ids else []
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: int(row["day"])):
        first.setdefault(row["alert_id"], row)
    found = [Verdict(row["alert_id"], row["person"], row["day"], row["reason"]) for row in first.values()]
    return sorted(found, key=lambda verdict: (verdict.day, verdict.alert_id))


def passed_verdicts(store: Store, open_ids: Collection[str], stands: Place) -> list[Place]:
    """Return the places of waiting verdicts that the fold has passed: one was given while a run went on."""
    places = [after_day(verdict.day) for verdict in verdicts_on(store, open_ids)]
    return [place for place in places if place < stands]


def idle_verdicts(store: Store) -> list[Row]:
    """Return the verdicts whose alert neither stands open nor was withdrawn by a person, oldest first.

    Their alert was superseded by a late look, merged into another, or ended before the verdict's place.
    """
    rows = store.select("verdicts", {"verdict": REJECT})
    ids = sorted({row["alert_id"] for row in rows})
    known = {row["id"]: row for row in store.select("alerts", {"id": ids})} if ids else {}
    return [row for row in rows if not _in_force(row, known.get(row["alert_id"]))]


def _in_force(verdict: Row, alert: Row | None) -> bool:
    if alert is None or alert["superseded"]:
        return False
    if AlertStatus(alert["status"]) in OPEN:
        return True
    by_verdict = f"verdict of {verdict['person']}:"
    return bool(alert["status"] == AlertStatus.WITHDRAWN and alert["reason"].startswith(by_verdict))


def _fold_day(fold: Fold, day: int, verdicts: list[Verdict]) -> Outcome:
    """Apply the verdicts of one day, as one step."""
    store, outcome = fold.centre.store, reject(fold.open, verdicts)
    fold.step += 1
    changed = change_pixels(fold.centre, outcome, {}, len(fold.planes), fold.step)
    files = {tile: file for tile, (file, _) in changed.items()}
    sync_disk(fold.centre.root)
    with store.transaction():
        point_tiles(store, files, fold.step, day)
        store_alerts(store, outcome.upserts, fold.centre.grid.crs, fold.step)
        store_events(store, outcome.events, fold.step)
    fold.runs |= {tile: runs for tile, (_, runs) in changed.items()}
    fold.open = keep_open(fold.open, outcome)
    tidy(fold.centre, files)
    return outcome
