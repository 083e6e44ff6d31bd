"""The command for blind spots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, Language, app, opened_centre


@app.command()
def blind(
    centre: CentreOption = Path(),
    unit: Annotated[str, typer.Option(help="Unit of a layer, by its code or a part of its name.")] = "",
    layer: Annotated[str, typer.Option(help="All units of this layer; of lines their stretches.")] = "",
    days: Annotated[int, typer.Option(min=1, help="Unseen is what was not seen for longer.")] = 30,
    as_of: Annotated[str, typer.Option(help="As of this day, YYYY-MM-DD.")] = "",
    raster: Annotated[
        Path | None, typer.Option(help="Write a restricted .tif inside the centre too.")
    ] = None,
    stretch_km: Annotated[float, typer.Option(min=0.1, help="Length of a stretch of a border.")] = 10.0,
    within_km: Annotated[float, typer.Option(min=0.1, help="Reach of a stretch to its sides.")] = 10.0,
    language: Language = "",
) -> None:
    """Say what could not be seen: by stream, by unit of a layer, as a raster inside the centre."""
    from dosel import console
    from dosel.context.places import Stretching
    from dosel.pipeline.meaning.blind_report import Question, report

    question = Question(unit, layer, days, as_of, raster, Stretching(stretch_km, within_km))
    with opened_centre(centre, "look") as opened:
        spoken = language or opened.settings.centre.language
        answer = report(opened, question)
        console.show_blind(answer, spoken)
        if answer.raster is not None:
            console.show_raster(*answer.raster, spoken)
