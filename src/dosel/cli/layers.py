"""Commands of the reference layers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dosel.cli.shared import CentreOption, DryRun, Language, app, opened_centre
from dosel.errors import InputError

if TYPE_CHECKING:
    from dosel.context.definition import Definition

layers = typer.Typer(
    name="layers", help="Versioned reference layers: add, list, check, refresh.", no_args_is_help=True
)
app.add_typer(layers)


@layers.command()
def add(
    file: Annotated[Path | None, typer.Argument(help="Vector file of one layer.")] = None,
    definition: Annotated[Path | None, typer.Option(help="TOML file with [[layer]] tables.")] = None,
    ready: Annotated[str, typer.Option(help="Ready definitions of a country, for example peru.")] = "",
    from_: Annotated[Path | None, typer.Option("--from", help="Folder that holds the files.")] = None,
    only: Annotated[str, typer.Option(help="Only these layers, separated by commas.")] = "",
    centre: CentreOption = Path(),
    dry_run: DryRun = False,
    language: Language = "",
) -> None:
    """Read layers into the centre; what is there stays as an old version."""
    from dosel import console
    from dosel.pipeline.reference.layer_add import add_layers

    chosen, folder = _asked(file, definition, ready, from_, only)
    with opened_centre(centre, "look" if dry_run else "begin") as opened:
        added = add_layers(opened.store, chosen, folder, dry_run=dry_run)
        console.show_added(added, language or opened.settings.centre.language, dry_run)


def _asked(
    file: Path | None, definition: Path | None, ready: str, folder: Path | None, only: str
) -> tuple[tuple[Definition, ...], Path]:
    """Return the definitions that are meant and the folder that holds their files."""
    from dosel.pipeline.reference.layer_add import read_definitions, ready_definitions

    names = [name.strip() for name in only.split(",") if name.strip()]
    if ready and definition is None:
        if folder is None or file is not None:
            raise InputError("--ready: expected --from with the folder that holds the files, and no FILE")
        return ready_definitions(ready, names), folder
    if definition is None or ready:
        raise InputError("expected either --ready COUNTRY --from DIR, or --definition FILE.toml")
    chosen = read_definitions(definition, names)
    if file is None:
        return chosen, folder or definition.parent
    if len(chosen) != 1:
        raise InputError(
            f"{definition}: FILE goes with one definition, got {len(chosen)}; --only chooses one"
        )
    if chosen[0].file is None:
        raise InputError(f"{definition}: {chosen[0].name} is missing or derived, so FILE cannot be its units")
    return (chosen[0].model_copy(update={"file": file.name}),), file.parent


@layers.command("list")
def list_(centre: CentreOption = Path(), language: Language = "") -> None:
    """List the layers: what they are, where they are complete, and how old."""
    from dosel import console
    from dosel.pipeline.reference.layer_check import list_layers

    with opened_centre(centre, "look") as opened:
        console.show_layers(list_layers(opened.store), language or opened.settings.centre.language)


@layers.command()
def check(centre: CentreOption = Path(), language: Language = "") -> None:
    """Say what changed, what is stale, what is damaged, and what the silence of layers means here."""
    from dosel import console
    from dosel.pipeline.reference.layer_check import check_layers

    with opened_centre(centre, "look") as opened:
        console.show_layer_findings(check_layers(opened), language or opened.settings.centre.language)


@layers.command()
def refresh(
    name: Annotated[str, typer.Argument(help="Only this layer, whatever its rule says.")] = "",
    centre: CentreOption = Path(),
    dry_run: DryRun = False,
    language: Language = "",
) -> None:
    """Read files again that changed or that their rule calls stale; earlier versions stay."""
    from dosel import console
    from dosel.pipeline.reference.layer_refresh import refresh_layers

    with opened_centre(centre) as opened:
        done = refresh_layers(opened.store, name, dry_run=dry_run)
        console.show_refreshed(done, language or opened.settings.centre.language, dry_run)
