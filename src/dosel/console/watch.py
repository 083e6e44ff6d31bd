"""What the spine prints: a new centre, a run, its alerts, its status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from dosel.catalog.feeds import by_stream
from dosel.console.blind import percent, show_present, show_seen
from dosel.console.feeds import show_alarms
from dosel.console.paper import OUT, SENTENCES, print_table, said
from dosel.messages import say
from dosel.model.codes import STATE_DAY0, AlertStatus
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from dosel.catalog.feeds import FeedHealth
    from dosel.errors import DoselError
    from dosel.model.codes import Refusal
    from dosel.monitor.points import PointsReport
    from dosel.pipeline.desk import CentreStatus, ExportReport, Judgement
    from dosel.pipeline.doctor import Finding
    from dosel.pipeline.learning.calibrate import Calibration
    from dosel.pipeline.proof.recompute import Recomputation
    from dosel.pipeline.spine.planned import WatchPlan
    from dosel.pipeline.spine.summary import WatchSummary
    from dosel.store.interface import Row
    from dosel.testing.demo import DemoReport

_EVENTS = {
    "NEW": "alerts.new",
    "GROWN": "alerts.grown",
    "CONFIRMED": "alerts.confirmed",
    "WITHDRAWN": "alerts.withdrawn",
    "SUPERSEDED": "alerts.superseded",
}


def show_init(directory: Path, made: Iterable[Path], language: str, dry_run: bool) -> None:
    """Say what was made."""
    if dry_run:
        OUT.print(say("watch.plan", language), *made)
        return
    OUT.print(say("init.done", language, path=directory, file=directory / "dosel.toml"))


def show_plan(plan: WatchPlan, language: str) -> None:
    """Say what would be done."""
    OUT.print(say("watch.plan", language))
    if not (plan.looks or plan.learn or plan.refused or plan.failed):
        OUT.print(say("watch.nothing", language))
    for key, lines in (
        ("plan.learn", plan.learn),
        ("plan.history", plan.history),
        ("plan.looks", plan.looks),
        ("plan.refused", [f"{item.id}: {item.reason}" for item in plan.refused]),
    ):
        if lines:
            OUT.print(f"{say(key, language)}: {len(lines)}")
        for line in lines:
            OUT.print(f"  {line}")
    if plan.again:
        key = "plan.rewind" if plan.rewind else "plan.again"
        OUT.print(say(key, language, day=plan.rewind, count=plan.again))
    OUT.print(say("plan.removed", language, count=plan.removed))
    _show_failed(plan.failed, language)


def show_summary(summary: WatchSummary, language: str) -> None:
    """Show what a run did: the alerts first, then what they rest on, then what could not be used."""
    if not (summary.used or summary.history or summary.failed):
        OUT.print(say("watch.nothing" if summary.found else "watch.empty", language))
    table = Table(title=say("watch.summary", language), show_header=False)
    rows = [(key, summary.events[name]) for name, key in _EVENTS.items()]
    rows += [("looks.used", summary.used), ("looks.again", summary.again), ("looks.history", summary.history)]
    rows += [("looks.refused", len(summary.refused)), ("scenes.refused", len(summary.scenes_refused))]
    rows += [("pixels.updated", summary.pixels), ("looks.removed", summary.removed)]
    for key, count in rows:
        table.add_row(say(key, language), f"{count:,}")
    for stage, seconds in summary.seconds.items():
        table.add_row(f"{say('stage.' + stage, language)}, {say('seconds', language)}", f"{seconds:.1f}")
    OUT.print(table)
    if summary.mended:
        mended = {"count": len(summary.mended.tiles), "day": iso_day(summary.mended.day)}
        OUT.print(say("watch.mended", language, again=summary.mended.again, **mended))
    refused = [(one.refusal, one.detail) for one in summary.refused]
    _show_refused([*refused, *((item.refusal, item.reason) for item in summary.scenes_refused)], language)
    _show_failed(summary.failed, language)


def _show_failed(failed: Mapping[str, DoselError], language: str) -> None:
    if failed:
        OUT.print(say("sources.failed", language))
    for name, error in failed.items():
        OUT.print(f"  {name}: {error}")


def _show_refused(refused: list[tuple[Refusal, str]], language: str) -> None:
    """Say what could not be used: each reason in the language of the reader, then the sentences."""
    if refused:
        OUT.print(say("refused.title", language))
    for reason in sorted({reason for reason, _ in refused}):
        told = [sentence for one, sentence in refused if one is reason]
        OUT.print(f"  {len(told)}: {say(f'refusal.{reason.name}', language)}")
        for sentence in told[:SENTENCES]:
            OUT.print(f"    {sentence}")
        if len(told) > SENTENCES:
            OUT.print(f"    {say('refused.more', language, count=len(told) - SENTENCES)}")


def show_alerts(rows: list[Row], limit: int, language: str) -> None:
    """List alerts."""
    if not rows:
        OUT.print(say("alerts.none", language))
        return
    cells = [
        {
            "id": row["id"],
            "status": say(f"alert.{AlertStatus(row['status']).name}", language),
            "source": row["source"] or say("alerts.own", language),
            "hectares": _figure(row["area_ha"], 2),
            "between": _window_start(row, language),
            "and": iso_day(row["window_end"]),
            "evidence": _figure(row["evidence"], 1),
            "baseline": said(f"baseline.{row['baseline']}", row["baseline"] or "", language),
            "confirmed": iso_day(row["confirmed"]) if row["confirmed"] else "",
        }
        for row in rows[: limit or None]
    ]
    title = f"{say('alerts.title', language)}: {len(rows)}"
    print_table(title, cells, ("confirmed", "baseline", "evidence", "source"), language)


def _figure(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _window_start(row: Row, language: str) -> str:
    """Return the last look before the change; that there was none, or that the source does not say."""
    if row["window_start"] is None:
        return say("alerts.not_said", language)
    never = row["window_start"] == STATE_DAY0
    return say("alerts.open", language) if never else iso_day(row["window_start"])


def show_export(report: ExportReport, language: str) -> None:
    """Say what left."""
    if not report.count:
        OUT.print(say("alerts.none", language))
        return
    values = {"count": report.count, "path": report.path, "release": report.release or "dry run"}
    OUT.print(say("alerts.written", language, **values))


def show_verdict(judgement: Judgement, language: str, *, dry_run: bool) -> None:
    """Say what was recorded, or would be."""
    values = {"id": judgement.alert_id, "person": judgement.person, "day": iso_day(judgement.day)}
    key = "verdict.plan" if dry_run else "verdict.done"
    OUT.print(say(key, language, reason=judgement.reason, **values))


def show_recomputation(result: Recomputation, language: str) -> None:
    """Say whether an alert came out the same, or what differs."""
    values = {"alert": result.alert_id, "pixels": result.pixels, "tiles": result.tiles}
    key = "recompute.same" if result.same else "recompute.differs"
    OUT.print(say(key, language, looks=result.looks, **values))
    for base in result.bases:
        OUT.print(f"  {say('recompute.from', language, tile=base.tile_id, day=iso_day(base.day))}")
    for difference in result.differences:
        OUT.print(f"  {say(difference.key, language, **difference.values)}")


def show_status(status: CentreStatus, language: str, *, tiles: bool = False) -> None:
    """Show which feeds are ill, when each last saw the area, what to do about it, and what was refused.

    Parameters
    ----------
    tiles
        A row for every stream and tile too.
    """
    if status.sight:
        show_present(status.sight.now, language)
        show_alarms(status.sight.health, language)
    _show_streams(status, language)
    if tiles and status.feeds:
        _show_tiles(status.feeds, language)
    stale = sum(feed.stale for feed in status.feeds)
    key = "status.meaning" if stale else "status.all_fresh" if status.feeds else "status.no_source"
    OUT.print(say(key, language, stale=stale, all=len(status.feeds)))
    if status.sight:
        show_seen(status.sight, language)
    _show_refused([(one.refusal, one.detail) for one in status.refused], language)
    _show_unfinished(status, language)
    _show_worth(status, language)


def _show_streams(status: CentreStatus, language: str) -> None:
    """Show a row for every stream."""
    by = status.sight.whole.by if status.sight else {}
    cells = [
        {
            "stream": one.key,
            "last": say("status.never", language) if one.last_day is None else iso_day(one.last_day),
            "tiles": f"{one.fresh}/{one.tiles}",
            "unseen": percent(by[one.key].unseen) if one.key in by else "",
            "health": _health(one.best, language),
        }
        for one in by_stream(status.feeds)
    ]
    if cells:
        print_table(say("status.title", language), cells, ("unseen",), language)


def _show_tiles(feeds: Iterable[FeedHealth], language: str) -> None:
    cells = [
        {
            "stream": feed.key,
            "tile": feed.tile,
            "last": say("status.never", language) if feed.last_day is None else iso_day(feed.last_day),
            "looks": str(feed.looks),
            "health": _health(feed, language),
        }
        for feed in feeds
    ]
    print_table(say("status.by_tile", language), cells, ("looks",), language)


def _show_unfinished(status: CentreStatus, language: str) -> None:
    """Say what was begun and waits for the next run, and which verdicts have no alert to apply to."""
    for run in status.not_ended:
        OUT.print(say("status.not_ended", language, id=run["id"], started=run["started"]))
    if status.missing:
        OUT.print(say("status.missing", language, count=len(status.missing), tile=status.missing[0]))
    if status.waiting:
        OUT.print(say("status.waiting", language, count=status.waiting))
    for row in status.idle:
        values = {"id": row["alert_id"], "person": row["person"], "day": iso_day(row["day"])}
        OUT.print(say("status.idle", language, reason=row["reason"], **values))


def _show_worth(status: CentreStatus, language: str) -> None:
    """Say what an alert and what silence are worth: false alarms, and what would have been found by now."""
    if status.calibration and status.by_hand:
        OUT.print(say("status.rate_by_hand", language))
    elif status.calibration:
        _show_rates(status.calibration, language)
    if status.silence:
        one = status.silence
        shares = {"found": f"{100 * one.found_ha / one.watched_ha:.0f}"}
        shares["unseen"] = f"{100 * one.unseen_ha / one.watched_ha:.0f}"
        OUT.print(say("status.silence", language, day=iso_day(one.as_of), **shares))
    if status.at_rest_ha:
        OUT.print(say("status.at_rest", language, ha=f"{status.at_rest_ha:.2f}"))


def _show_rates(known: Calibration, language: str) -> None:
    for word, alarms in (("provisional", known.provisional), ("confirmed", known.confirmed)):
        values: dict[str, object] = {"kind": say(f"alert.{word.upper()}", language), "budget": known.budget}
        if alarms is None or not alarms.measured(known.budget):
            OUT.print(say("status.rate_unknown", language, **values))
        else:
            rates = {"rate": f"{alarms.rate:.0f}", "upper": f"{alarms.upper:.0f}"}
            OUT.print(say("status.rate", language, **values, **rates))
    if known.source == "history":
        OUT.print(say("status.left_out", language, ha=f"{known.left_out_ha:.2f}"))


def _health(feed: FeedHealth, language: str) -> str:
    if feed.age_days is None:
        return say("status.never", language)
    if feed.expected_days is None:
        return say("status.unused", language)
    values = {"days": feed.age_days, "usual": f"{feed.expected_days:g}"}
    return say("status.stale" if feed.stale else "status.fresh", language, **values)


def show_findings(findings: Iterable[Finding], language: str) -> None:
    """Show what the doctor found, the worst last, where it is read first."""
    order = ("good", "warn", "bad")
    for finding in sorted(findings, key=lambda one: order.index(one.level)):
        level = say(f"doctor.{finding.level}", language)
        what = said(f"doctor.what.{finding.what}", finding.what, language)
        OUT.print(f"{level:>8}  {what}: {finding.sentence}")


def show_points(report: PointsReport) -> None:
    """Show what a run over points did."""
    OUT.print(str(report))


def show_simulated(language: str) -> None:
    """Say that all that follows is simulated."""
    OUT.print(say("demo.simulated", language))


def show_demo(report: DemoReport, language: str) -> None:
    """Show summary and score of the demonstration."""
    show_summary(report.summary, language)
    OUT.print(str(report.score))
    OUT.print(say("results.where", language, path=report.directory))
