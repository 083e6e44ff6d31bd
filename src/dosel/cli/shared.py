"""What every command shares: the application, its options, opening a centre."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from dosel.pipeline.centre import Centre, Unwatched

app = typer.Typer(
    name="dosel",
    help="Watch and protect a forest frontier: scenes in, dated and tracked alerts out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CentreOption = Annotated[
    Path, typer.Option("--centre", "-c", help="Directory of the centre.", envvar="DOSEL_CENTRE")
]
Language = Annotated[
    Literal["es", "pt", "en", ""], typer.Option(help="es, pt or en; by default that of the centre.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done and change nothing.")]


def opened_centre(directory: Path, unwatched: Unwatched = "refuse") -> Centre:
    """Return the open centre of a directory."""
    from dosel.pipeline.centre import open_centre

    return open_centre(directory, unwatched=unwatched)
