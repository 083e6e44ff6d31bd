"""The command for what goes together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, Language, app, opened_centre


@app.command()
def converge(
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    centre: CentreOption = Path(),
    unit: Annotated[str, typer.Option(help="An area of a layer, by its name or code.")] = "",
    bbox: Annotated[str, typer.Option(help="Or a box: west,south,east,north in degrees.")] = "",
    within_km: Annotated[float, typer.Option(min=0.1, help="Distance of a pair.")] = 2.0,
    language: Language = "",
) -> None:
    """Say which activities go together more than chance would have it, where, and what piles up."""
    from dosel.console.converge import show_convergence
    from dosel.pipeline.meaning.converge import converge as asked

    with opened_centre(centre, "look") as opened:
        found = asked(opened, first, last, unit=unit, bbox=bbox, within_m=1000 * within_km)
        show_convergence(found, language or opened.settings.centre.language)
