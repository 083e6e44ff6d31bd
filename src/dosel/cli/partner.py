"""Commands of what others report: imports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, DryRun, app, opened_centre
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
    from dosel.pipeline.import_feed import import_feed, list_feeds

    with opened_centre(centre, "look" if list_ or dry_run else "begin") as opened:
        language = opened.settings.centre.language
        if list_:
            console.show_feeds(list_feeds(opened), language)
            return
        if not feed or file is None:
            raise InputError("import: expected a feed and a file; `dosel import --list` shows the feeds")
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
    if report.refused_rows:
        raise typer.Exit(exit_status(InputError()))
