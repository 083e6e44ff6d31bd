"""Commands of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dosel.cli.shared import CentreOption, DryRun, app

store = typer.Typer(help="The database of a centre.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(store, name="store")


@store.command("copy")
def copy(
    centre: CentreOption = Path(),
    back: Annotated[bool, typer.Option("--back", help="From the server to the file.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Copy the tables from centre.gpkg to the server that [store] names, or back."""
    from dosel.console.store import show_moved
    from dosel.pipeline.move import copy_database

    show_moved(copy_database(centre, back=back, dry_run=dry_run), dry_run)
