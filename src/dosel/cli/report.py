"""The command for the printed report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, Language, app, opened_centre
from dosel.errors import InputError


@app.command()
def report(
    centre: CentreOption = Path(),
    unit: Annotated[str, typer.Option(help="Only in the unit of this name or code, of any layer.")] = "",
    days: Annotated[int, typer.Option(min=1, help="Alerts of so many days, the last one included.")] = 7,
    as_of: Annotated[str, typer.Option(help="Last day that is seen, YYYY-MM-DD; today by default.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many places.")] = 10,
    border: Annotated[
        str, typer.Option(help="Neighbour whose border is asked about; empty is none.")
    ] = "BRA",
    within_km: Annotated[float, typer.Option(min=0.0, help="How near the border.")] = 20.0,
    near_days: Annotated[int, typer.Option(min=1, help="Days of what is listed near the border.")] = 365,
    by: Annotated[str, typer.Option(help="Who prints it; needed, and recorded.", envvar="DOSEL_ACTOR")] = "",
    language: Language = "",
) -> None:
    """Print what to look at, why, and who may act, with maps: a PDF/A that stays in the centre."""
    from dosel import console
    from dosel.console.report import document_of, show_report
    from dosel.pipeline.work.report import Question, gather_report, print_report

    if not by.strip():
        raise InputError("report: expected --by (or DOSEL_ACTOR): who prints it is recorded")
    asked = Question(unit, days, as_of, limit, border, within_km, near_days)
    with opened_centre(centre, "look") as opened:
        spoken = language or opened.settings.centre.language
        with console.progress(spoken) as bar:
            gathered = gather_report(opened, asked, bar)
            document = document_of(gathered, spoken)
            bar.start("report.maps", len(document.maps()))
            path = print_report(opened, gathered, document, by, bar.advance)
        show_report(path, spoken)
