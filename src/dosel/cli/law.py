"""Commands of the law and of the desk: who may act, what comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, Language, app, opened_centre
from dosel.errors import InputError


@app.command()
def who(
    alert: Annotated[str, typer.Argument(help="Id of an alert; or give a point with --at.")] = "",
    centre: CentreOption = Path(),
    at: Annotated[str, typer.Option(help="A point instead: lon,lat in degrees.")] = "",
    on: Annotated[str, typer.Option(help="Day of the law, YYYY-MM-DD; the alert's, or today.")] = "",
    cause: Annotated[str, typer.Option(help="Cause, such as mining; by default the alert's own.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Only check the table of rules.")] = False,
    language: Language = "",
) -> None:
    """Say who is competent at a place on a day, who must be present, who helps, and by which law."""
    from dosel.console.law import show_rulebook, show_who
    from dosel.pipeline.meaning.jurisdiction import rulebook, who_alert, who_at

    if not check and bool(alert) == bool(at):
        raise InputError("expected either the id of an alert or --at lon,lat")
    with opened_centre(centre, "look") as opened:
        spoken = language or opened.settings.centre.language
        if check:
            show_rulebook(*rulebook(opened), spoken)
        elif alert:
            show_who(who_alert(opened, alert, on=on, cause=cause), spoken)
        else:
            show_who(who_at(opened, at, on=on, cause=cause), spoken)


@app.command()
def triage(
    centre: CentreOption = Path(),
    unit: Annotated[str, typer.Option(help="Only in the unit of this name or code, of any layer.")] = "",
    days: Annotated[int, typer.Option(min=1, help="Alerts of so many days, the last one included.")] = 7,
    as_of: Annotated[str, typer.Option(help="Last day that is seen, YYYY-MM-DD; today by default.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 is all the desk can do.")] = 10,
    language: Language = "",
) -> None:
    """List what to work on, term by term, and what is left out and why."""
    from dosel.console.queue import show_work
    from dosel.pipeline.work.queue import work_list

    with opened_centre(centre, "look") as opened:
        report = work_list(opened, unit=unit, days=days, as_of=as_of, limit=limit)
        show_work(report, language or opened.settings.centre.language)
