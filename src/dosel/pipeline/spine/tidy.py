"""State files that nothing names any more."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from dosel.monitor.checkpoint import sweep
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.checkpoints import files_kept


def tidy(centre: Centre, tiles: Iterable[str] | None = None) -> None:
    """Remove the state files of tiles (of all, if none are named) that no tile, checkpoint or base names.

    They are what a killed run left behind, or the step before.
    """
    named = {row["file"] for row in centre.store.select("tiles", columns=["file"])} | files_kept(centre.store)
    for tile in (tile.id for tile in centre.tiles) if tiles is None else tiles:
        folder = centre.root / "state" / tile
        sweep(folder)
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.relative_to(centre.root).as_posix() not in named:
                shutil.rmtree(path)
