"""What is kept of past observations: gridded looks, by the rule of the settings (design/001)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dosel.alerts.runs import decode
from dosel.model.codes import AlertStatus, LookStatus
from dosel.model.grid import Tile
from dosel.pipeline.centre import Centre
from dosel.pipeline.checkpoints import checkpoints
from dosel.pipeline.order import newest_known
from dosel.stack.archive import look_path
from dosel.store.interface import Between, Store

STANDING = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED, AlertStatus.CLOSED)
"""Alerts whose observations are kept for good."""


def retain(centre: Centre, *, dry_run: bool = False) -> int:
    """Remove the gridded looks that are kept no longer; return how many (one a look and tile).

    A gridded look goes when it is older than ``retain.looks_days`` before the newest folded one, no alert
    stands on its tile, and no rewind may need it.
    """
    newest = newest_known(centre.store)[0]
    names = _old_names(centre, newest - centre.settings.retain.looks_days) if newest >= 0 else set()
    if not names:
        return 0
    kept = standing_tiles(centre)
    folders = [_folder(centre, tile) for tile in centre.tiles if tile.id not in kept]
    gone = [path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.name in names]
    for path in () if dry_run else gone:
        path.unlink()
    return len(gone)


def standing_tiles(centre: Centre) -> set[str]:
    """Return the tiles that hold a pixel of an alert that is open, confirmed or closed."""
    where = {"status": [int(status) for status in STANDING], "superseded": 0}
    rows = centre.store.select("alerts", where, columns=["runs"])
    if not rows:
        return set()
    runs = np.concatenate([decode(row["runs"]) for row in rows])
    size = centre.grid.tile_px
    first, last = runs[:, 1] // size, (runs[:, 2] - 1) // size
    crossed = np.unique(np.stack([runs[:, 0] // size, first, last], axis=1), axis=0)
    held = {(row, col) for row, start, stop in crossed.tolist() for col in range(start, stop + 1)}
    return {tile.id for tile in centre.tiles if (tile.row // size, tile.col // size) in held}


def _old_names(centre: Centre, before: int) -> set[str]:
    """Return the file names of looks of the days before `before` that no rewind may need."""
    rows = centre.store.select("scenes", {"day": Between(None, before - 1)}, columns=["look_id"])
    return {_name(row["look_id"]) for row in rows} - {_name(look) for look in _needed(centre)}


def _needed(centre: Centre) -> set[str]:
    """Return the looks that a rewind to the oldest checkpoint would fold again, or that are set back."""
    store: Store = centre.store
    oldest = checkpoints(store, centre.settings.monitor)[0]
    later = store.select("looks", {"step": Between(oldest.step + 1)}, columns=["id"])
    waiting = store.select("looks", {"status": int(LookStatus.SET_BACK)}, columns=["id"])
    return {row["id"] for row in (*later, *waiting)}


def _folder(centre: Centre, tile: Tile) -> Path:
    return look_path(centre.root / "looks", tile.id, "").parent


def _name(look_id: str) -> str:
    return look_path(Path(), "", look_id).name
