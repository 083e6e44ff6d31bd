"""Tables and bars for the command line; the only place that prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dosel.messages import say
from dosel.model.codes import AlertStatus
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from dosel.monitor.points import PointsReport
    from dosel.pipeline.desk import CentreStatus, ExportReport
    from dosel.pipeline.doctor import Finding
    from dosel.pipeline.recompute import Recomputation
    from dosel.pipeline.watch import WatchPlan, WatchSummary
    from dosel.store.interface import Row
    from dosel.testing.demo import DemoReport

OUT = Console(highlight=False, soft_wrap=True)
_EVENTS = {
    "NEW": "alerts.new",
    "GROWN": "alerts.grown",
    "CONFIRMED": "alerts.confirmed",
    "WITHDRAWN": "alerts.withdrawn",
}


class Bar:
    """A progress bar that hears the stages of the pipeline."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def start(self, stage: str, total: int) -> None:
        """Begin a stage."""
        self._bar.reset(self._task, description=stage, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._bar.advance(self._task, steps)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage of the points is."""
        self._bar.update(self._task, description=stage, completed=done, total=total)


@contextmanager
def progress() -> Iterator[Bar]:
    """Show a bar on the error stream while the block runs."""
    columns = (TextColumn("{task.description:>8}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar)


def show_init(directory: Path, made: Iterable[Path], language: str, dry_run: bool) -> None:
    """Say what was made."""
    if dry_run:
        OUT.print(say("watch.plan", language), *made)
        return
    OUT.print(say("init.done", language, path=directory, file=directory / "dosel.toml"))


def show_plan(plan: WatchPlan, language: str) -> None:
    """Say what would be done."""
    OUT.print(say("watch.plan", language))
    for key, lines in (
        ("stage.learn", plan.learn),
        ("looks.history", plan.history),
        ("looks.used", plan.looks),
    ):
        OUT.print(f"{say(key, language)}: {len(lines)}")
        for line in lines:
            OUT.print(f"  {line}", markup=False)
    for item in plan.refused:
        OUT.print(f"  {say('scenes.refused', language)}: {item.id}: {item.reason}", markup=False)


def show_summary(summary: WatchSummary, language: str) -> None:
    """Show what a run did."""
    refused = sum(summary.refused.values())
    if not summary.used and not refused:
        OUT.print(say("watch.nothing", language))
    table = Table(title=say("watch.summary", language), show_header=False)
    rows = [("looks.used", summary.used), ("looks.history", summary.history), ("looks.refused", refused)]
    rows += [("scenes.refused", len(summary.scenes_refused)), ("pixels.updated", summary.pixels)]
    rows += [(key, summary.events[name]) for name, key in _EVENTS.items()]
    for key, count in rows:
        table.add_row(say(key, language), f"{count:,}")
    for reason, count in summary.refused.items():
        table.add_row(f"  {reason}", str(count))
    for stage, seconds in summary.seconds.items():
        table.add_row(f"{say('stage.' + stage, language)}, {say('seconds', language)}", f"{seconds:.1f}")
    OUT.print(table)
    for item in summary.scenes_refused:
        OUT.print(f"{item.id}: {item.reason}", markup=False)


def show_alerts(rows: list[Row], limit: int, language: str) -> None:
    """List alerts."""
    if not rows:
        OUT.print(say("alerts.none", language))
        return
    table = Table(title=f"{say('alerts.title', language)}: {len(rows)}")
    for key in ("id", "status", "hectares", "between", "and", "confirmed", "evidence", "baseline"):
        table.add_column(say(f"col.{key}", language), justify="right" if key == "hectares" else "left")
    for row in rows[: limit or None]:
        table.add_row(
            row["id"],
            AlertStatus(row["status"]).name.lower(),
            f"{row['area_ha']:.2f}",
            iso_day(row["window_start"]),
            iso_day(row["window_end"]),
            iso_day(row["confirmed"]) if row["confirmed"] else "",
            f"{row['evidence']:.1f}",
            row["baseline"],
        )
    OUT.print(table)


def show_export(report: ExportReport, language: str) -> None:
    """Say what left."""
    values = {"count": report.count, "path": report.path, "release": report.release or "dry run"}
    OUT.print(say("alerts.written", language, **values), markup=False)


def show_recomputation(result: Recomputation, language: str) -> None:
    """Say whether an alert came out the same, or what differs."""
    values = {"alert": result.alert_id, "pixels": result.pixels, "tiles": result.tiles}
    key = "recompute.same" if result.same else "recompute.differs"
    OUT.print(say(key, language, looks=result.looks, **values), markup=False)
    for difference in result.differences:
        OUT.print(f"  {say(difference.key, language, **difference.values)}", markup=False)


def show_status(status: CentreStatus, language: str) -> None:
    """Show when every feed last saw every tile, and what was refused."""
    table = Table(title=say("status.title", language))
    for key in ("stream", "tile", "looks", "last", "health"):
        table.add_column(say(f"col.{key}", language))
    for feed in status.feeds:
        last = say("status.never", language) if feed.last_day is None else iso_day(feed.last_day)
        values = {"days": feed.age_days, "usual": feed.expected_days}
        health = say("status.stale", language, **values) if feed.stale else say("status.fresh", language)
        table.add_row(f"{feed.sensor}/{feed.geometry}", feed.tile, str(feed.looks), last, health)
    OUT.print(table)
    for reason, count in status.refused.items():
        OUT.print(f"{say('looks.refused', language)}: {count}: {reason.legend}")


def show_findings(findings: Iterable[Finding]) -> None:
    """Show what the doctor found."""
    for finding in findings:
        OUT.print(f"{finding.level:>5}  {finding.what}: {finding.sentence}", markup=False)


def show_points(report: PointsReport) -> None:
    """Show what a run over points did."""
    OUT.print(str(report), markup=False)


def show_simulated(language: str) -> None:
    """Say that all that follows is simulated."""
    OUT.print(say("demo.simulated", language))


def show_demo(report: DemoReport, language: str) -> None:
    """Show summary and score of the demonstration."""
    show_summary(report.summary, language)
    OUT.print(str(report.score), markup=False)
    OUT.print(say("results.where", language, path=report.directory))
