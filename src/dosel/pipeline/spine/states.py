"""The state files of tiles: written once a step under a new name, and named by the commit of the step."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from dosel.alerts.runs import PixelRuns, active_runs, close_pixels, reaches, rearm_pixels
from dosel.alerts.step import Outcome
from dosel.model.grid import Tile
from dosel.monitor.accumulate import fresh_state
from dosel.monitor.checkpoint import load_state, write_state
from dosel.monitor.state import PixelState
from dosel.pipeline.centre import Centre
from dosel.store.interface import Store


def tile_state(centre: Centre, tile: Tile, planes: int) -> PixelState:
    """Return the state in force of a tile, fresh before its first look, with `planes` planes of memory."""
    rows = centre.store.select("tiles", {"tile_id": tile.id})
    if not rows:
        return fresh_state(tile.shape, planes)
    return with_planes(load_state(centre.root / rows[0]["file"])[0], planes)


def with_planes(state: PixelState, planes: int) -> PixelState:
    """Return a state with fresh planes of memory for streams that came later."""
    known = len(state.memory)
    if known == planes:
        return state
    fresh = fresh_state(state.evidence.shape, planes)
    return replace(state, memory=np.concatenate([state.memory, fresh.memory[known:]]))


def write_tile(centre: Centre, tile: Tile, state: PixelState, step: int, suffix: str = "") -> str:
    """Write a state under the name of a step; return the file. It is on the disk only after a sync."""
    file = Path("state") / tile.id / f"{step:08d}{suffix}"
    path = centre.root / file
    if path.exists():  # left by a run that was killed before its commit, or by a rewind
        shutil.rmtree(path)
    write_state(path, state, {"tile": tile.id, "step": step})
    return file.as_posix()


def change_pixels(
    centre: Centre, outcome: Outcome, files: Mapping[str, str], planes: int, step: int
) -> dict[str, tuple[str, PixelRuns]]:
    """Close and re-arm pixels; return the new file and the active runs of each tile that holds some.

    Parameters
    ----------
    files
        State files that the step has written so far, by tile; of the others the file in force is changed.
    """
    changed: dict[str, tuple[str, PixelRuns]] = {}
    for tile in centre.tiles:
        place = (tile.row, tile.col)
        if not any(reaches(runs, *place, tile.shape) for runs in (outcome.close, outcome.rearm)):
            continue
        name = files.get(tile.id)
        state = load_state(centre.root / name)[0] if name else tile_state(centre, tile, planes)
        close_pixels(state, *place, outcome.close)
        rearm_pixels(state, *place, outcome.rearm)
        file = write_tile(centre, tile, state, step, ".closed")
        changed[tile.id] = file, active_runs(state, *place)
    return changed


def point_tiles(store: Store, files: Mapping[str, str], step: int, day: int) -> None:
    """Point tiles at the state files of a step, within the transaction of the caller."""
    rows = [{"tile_id": tile, "file": file, "step": step, "day": day} for tile, file in sorted(files.items())]
    store.upsert("tiles", rows)
