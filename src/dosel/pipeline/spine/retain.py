"""What is kept of past observations: gridded looks, by the rule of the settings (design/001)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from dosel.alerts.runs import decode
from dosel.model.codes import AlertStatus
from dosel.model.grid import Tile
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.bases import advance
from dosel.pipeline.spine.checkpoints import removed_before
from dosel.pipeline.spine.order import NOWHERE, newest_known
from dosel.stack.archive import look_path
from dosel.store.interface import Between

STANDING = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED, AlertStatus.CLOSED)
"""Alerts whose observations are kept for good."""


def retain(centre: Centre, *, dry_run: bool = False) -> int:
    """Remove the gridded looks that are kept no longer; return how many (one a look and tile).

    A gridded look goes when it is older than ``retain.looks_days`` before the oldest checkpoint, no alert
    stands on its tile, and the tile has a base at it or after it that is as old. So everything since a base
    is there, and a rewind finds what it needs.
    """
    if newest_known(centre.store) == NOWHERE:
        return 0
    gone = list(_gone(centre, dry_run=dry_run))
    for path in () if dry_run else gone:
        path.unlink()
    return len(gone)


def standing_tiles(centre: Centre) -> set[str]:
    """Return the tiles that hold a pixel of an alert that is open, confirmed or closed."""
    where = {"status": [int(status) for status in STANDING], "superseded": 0, "source": ""}
    rows = centre.store.select("alerts", where, columns=["runs"])
    if not rows:
        return set()
    runs = np.concatenate([decode(row["runs"]) for row in rows])
    size = centre.grid.tile_px
    first, last = runs[:, 1] // size, (runs[:, 2] - 1) // size
    crossed = np.unique(np.stack([runs[:, 0] // size, first, last], axis=1), axis=0)
    held = {(row, col) for row, start, stop in crossed.tolist() for col in range(start, stop + 1)}
    return {tile.id for tile in centre.tiles if (tile.row // size, tile.col // size) in held}


def _gone(centre: Centre, *, dry_run: bool) -> Iterator[Path]:
    """Yield the files that go; the bases that take their place are committed before the first."""
    before, kept = removed_before(centre), standing_tiles(centre)
    old = _old(centre, before)
    begins = advance(centre, before, kept, dry_run=dry_run) if old else {}
    for tile in centre.tiles:
        folder, start = _folder(centre, tile), begins.get(tile.id, 0)
        if tile.id not in kept and folder.is_dir():
            yield from (path for path in folder.iterdir() if old.get(path.name, start + 1) <= start)


def _old(centre: Centre, before: int) -> dict[str, int]:
    """Return file name and step of the looks of the days before `before`; 0 is a look that is not folded."""
    where = {"day": Between(None, before - 1)}
    names = {row["look_id"] for row in centre.store.select("scenes", where, columns=["look_id"])}
    rows = centre.store.select("looks", where, columns=["id", "step"])
    steps = {row["id"]: row["step"] or 0 for row in rows}
    return {look_path(Path(), "", name).name: steps.get(name, 0) for name in names}


def _folder(centre: Centre, tile: Tile) -> Path:
    return look_path(centre.root / "looks", tile.id, "").parent
