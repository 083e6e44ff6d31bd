"""Commands of the facts: describe alerts, explain one, ask what lies near."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, DryRun, Language, app, opened_centre
from dosel.errors import InputError


@app.command()
def describe(
    centre: CentreOption = Path(),
    dry_run: DryRun = False,
    again: Annotated[bool, typer.Option("--again", help="Every alert, also where nothing changed.")] = False,
    language: Language = "",
) -> None:
    """Measure where alerts are: shares in units, distances, history. Run it again at any time."""
    from dosel import console
    from dosel.pipeline.meaning.describe import describe as run_describe

    with opened_centre(centre, "look" if dry_run else "begin") as opened:
        spoken = language or opened.settings.centre.language
        with console.progress(spoken) as progress:
            heights = opened.settings.context.elevation
            done = run_describe(
                opened.store,
                again=again,
                dry_run=dry_run,
                elevation=opened.root / heights if heights else None,
                progress=progress,
            )
        console.show_described(done, spoken, dry_run=dry_run)


@app.command()
def explain(
    alert: Annotated[str, typer.Argument(help="Id of the alert.")],
    centre: CentreOption = Path(),
    language: Language = "",
) -> None:
    """Say what is known of an alert, from which layers, and what nobody looked at."""
    from dosel import console
    from dosel.pipeline.meaning.explain import explain as explain_alert
    from dosel.pipeline.meaning.sections import SECTIONS

    with opened_centre(centre, "look") as opened:
        spoken = language or opened.settings.centre.language
        console.show_explanation(explain_alert(opened, alert, spoken, SECTIONS), spoken)


@app.command()
def near(
    layer: Annotated[str, typer.Option(help="Name of a layer, for example land-borders.")],
    code: Annotated[str, typer.Option(help="Code of a unit; of a border that of a country: BR or BRA.")] = "",
    unit: Annotated[str, typer.Option(help="Part of the name of a unit.")] = "",
    within_km: Annotated[float, typer.Option(help="How near, in kilometres.")] = 20.0,
    as_of: Annotated[str, typer.Option(help="What is dated after this day is not seen.")] = "",
    since: Annotated[str, typer.Option(help="What is dated before this day is left out.")] = "",
    days: Annotated[
        int, typer.Option(min=0, help="Instead of --since: so many days, the last one included; 0 is all.")
    ] = 0,
    limit: Annotated[int, typer.Option(min=0, help="At most so many lines; 0 is all.")] = 50,
    centre: CentreOption = Path(),
    language: Language = "",
) -> None:
    """List alerts, fire events and airstrips within a distance of units of a layer."""
    from dosel import console
    from dosel.model.time import asked_day, day_of
    from dosel.pipeline.meaning.near import Question
    from dosel.pipeline.meaning.near import near as find_near

    last, first = (
        asked_day(f"--{name}", day) if day else None for name, day in (("as-of", as_of), ("since", since))
    )
    if days and first is not None:
        raise InputError("--since, --days: expected one of them, got both")
    if days:
        last = day_of(datetime.now(UTC)) if last is None else last
        first = last - days + 1
    question = Question(layer, code, unit, within_km, last, first)
    with opened_centre(centre, "look") as opened:
        spoken = language or opened.settings.centre.language
        console.show_near(find_near(opened, question), limit, spoken)
