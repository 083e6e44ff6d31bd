"""Commands of what others report: imports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, DryRun, Language, app, opened_centre
from dosel.errors import InputError, exit_status


@app.command("import")
def import_(
    feed: Annotated[str, typer.Argument(help="Name of a feed, as --list shows it.")] = "",
    file: Annotated[Path | None, typer.Argument(help="File of the feed.")] = None,
    centre: CentreOption = Path(),
    complete: Annotated[
        bool, typer.Option("--complete", help="The file is the whole list: what it does not hold has ended.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show the feeds that can be imported.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Import alerts, hot spots, airstrips or figures of others. Run it again at any time."""
    from dosel import console
    from dosel.alerts.partner.figures import SUBJECTS
    from dosel.pipeline.feeds.figures import import_figures
    from dosel.pipeline.feeds.import_feed import import_feed, list_feeds

    with opened_centre(centre, "look" if list_ or dry_run else "begin") as opened:
        language = opened.settings.centre.language
        if list_:
            console.show_feeds(list_feeds(opened), language)
            return
        if not feed or file is None:
            raise InputError("import: expected a feed and a file; `dosel import --list` shows the feeds")
        if feed in SUBJECTS:
            figures = import_figures(opened, feed, file, dry_run=dry_run)
            console.show_figures(figures, language, dry_run=dry_run)
            _refused(figures.refused_rows)
            return
        with console.progress(language) as progress:
            report = import_feed(
                opened,
                feed,
                file,
                console.teller(language),
                complete=complete,
                dry_run=dry_run,
                progress=progress,
            )
        console.show_import(report, language, dry_run=dry_run)
    _refused(report.refused_rows)


def _refused(rows: int) -> None:
    if rows:
        raise typer.Exit(exit_status(InputError()))


@app.command()
def fires(
    centre: CentreOption = Path(),
    since: Annotated[str, typer.Option(help="Only burning on or after this day, YYYY-MM-DD.")] = "",
    bbox: Annotated[str, typer.Option(help="Only touching west,south,east,north in degrees.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many lines; 0 is all.")] = 50,
    language: Language = "",
) -> None:
    """List fire events: hot spots of successive passes that belong together."""
    from dosel import console
    from dosel.pipeline.feeds.fires import FireFilter, list_fires

    chosen = FireFilter.parse(since=since, bbox=bbox)
    with opened_centre(centre, "refuse") as opened:
        console.show_fires(list_fires(opened, chosen), limit, language or opened.settings.centre.language)


@app.command()
def airstrips(
    centre: CentreOption = Path(),
    state: Annotated[str, typer.Option(help="Only found, destroyed or active ones.")] = "",
    bbox: Annotated[str, typer.Option(help="Only within west,south,east,north in degrees.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many lines; 0 is all.")] = 50,
    language: Language = "",
) -> None:
    """List airstrips and where they stand, and what may be activity at destroyed ones."""
    from dosel import console
    from dosel.pipeline.desk import asked_box
    from dosel.pipeline.feeds.airstrips import list_airstrips

    with opened_centre(centre, "refuse") as opened:
        found = list_airstrips(opened, state=state, bbox=asked_box(bbox))
        console.show_airstrips(found, limit, language or opened.settings.centre.language)


@app.command()
def airstrip(
    strip: Annotated[str, typer.Argument(help="Id of an airstrip, as `dosel airstrips` lists it.")],
    destroyed: Annotated[str, typer.Option(help="It was destroyed on this day, YYYY-MM-DD.")] = "",
    active: Annotated[str, typer.Option(help="It was seen in use on this day, YYYY-MM-DD.")] = "",
    by: Annotated[str, typer.Option(help="Who records it.", envvar="DOSEL_ACTOR")] = "",
    reason: Annotated[str, typer.Option(help="What it rests on.")] = "",
    centre: CentreOption = Path(),
    dry_run: DryRun = False,
) -> None:
    """Record what happened to an airstrip: destroyed, or active again. A person says so, nothing else."""
    from datetime import UTC, datetime

    from dosel import console
    from dosel.model.time import asked_day, day_of
    from dosel.pipeline.feeds.airstrips import record

    if bool(destroyed) == bool(active):
        raise InputError("airstrip: expected one of --destroyed and --active, with its day")
    state, word = ("destroyed", destroyed) if destroyed else ("active", active)
    day, today = asked_day(f"--{state}", word), day_of(datetime.now(UTC))
    with opened_centre(centre, "refuse") as opened:
        life = record(opened, strip, state, day, by=by, reason=reason, today=today, dry_run=dry_run)
        console.show_airstrip(strip, life, by, opened.settings.centre.language, dry_run=dry_run)
