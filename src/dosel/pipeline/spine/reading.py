"""Read a look onto the tiles once, and keep it: a later question need not ask the provider again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from dosel.catalog.access import access_to
from dosel.catalog.ledger import is_folded, look_content
from dosel.catalog.scene import Look, RefusedSceneError
from dosel.catalog.sensors import Sensor
from dosel.errors import SourceError
from dosel.model.codes import Refusal
from dosel.model.grid import Tile
from dosel.model.provenance import digest
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.memory import workers_of
from dosel.stack.archive import Staged, discard, look_path, made_of, publish, read_look, stage_look
from dosel.stack.gridded import GriddedLook
from dosel.stack.plan import LookPlan, plan_look
from dosel.stack.quantise import Tally
from dosel.stack.raster import Access, forget_remote, is_remote
from dosel.stack.read import judge, read_tile

HALO_PX = 1
"""Margin of gridded looks, baselines and masks: the neighbours' window of every stream fits into it."""


def read_look_tiles(centre: Centre, look: Look, sensor: Sensor) -> tuple[Tile, ...]:
    """Read a look onto its tiles into the archive; return the tiles that it reaches.

    What the archive holds already is not read again, unless it was made of other scenes or read otherwise.

    Raises
    ------
    SceneError
        If the look cannot be used; nothing of it is kept.
    """
    plan = plan_look(look, sensor, centre.tiles, HALO_PX, centre.settings.resources.memory_mb)
    tiles = tuple(part.tile for part in plan.tiles)
    missing = [tile for tile in tiles if not _holds(centre, look, tile)]
    if missing:
        try:
            _read(centre, plan, missing, complete=len(missing) == len(tiles))
        except (RefusedSceneError, SourceError) as error:
            if not _broke_off(plan, error):
                raise
            _read(centre, plan, missing, complete=len(missing) == len(tiles))
        reached = {tile.id for tile in tiles}
        for tile in centre.tiles:
            if tile.id not in reached:
                _path(centre, look, tile).unlink(missing_ok=True)
    return tiles


def _broke_off(plan: LookPlan, error: RefusedSceneError | SourceError) -> bool:
    """Return whether a look is worth another attempt: an answer may have broken off, which GDAL forgets here.

    No thread may be reading meanwhile: GDAL lets it wait for what it has forgotten.
    """
    if isinstance(error, RefusedSceneError) and error.refusal is not Refusal.TRUNCATED:
        return False
    assets = [asset for scene in plan.look.scenes for asset in scene.assets.values()]
    remote = sorted({asset.href for asset in assets if is_remote(asset.href)})
    for href in remote:
        forget_remote(href)
    return bool(remote)


class Named(Protocol):
    """Anything that has the id of a look."""

    @property
    def id(self) -> str:
        """Id of the look."""
        ...


def gridded(centre: Centre, look: Named, tile: Tile) -> GriddedLook | None:
    """Return the archived look on a tile, or None where it does not reach."""
    return retained(centre, look.id, tile)


def retained(centre: Centre, look_id: str, tile: Tile) -> GriddedLook | None:
    """Return what the archive keeps of a look on a tile, or None."""
    path = look_path(centre.root / "looks", tile.id, look_id)
    return read_look(path) if path.exists() else None


def is_archived(centre: Centre, look: Look) -> bool:
    """Return whether the archive holds a look: no source is asked for it then, unless a write was cut."""
    return any(_holds(centre, look, tile) for tile in centre.tiles)


def _holds(centre: Centre, look: Look, tile: Tile) -> bool:
    """Return whether the archive holds a look on a tile, made of these very scenes, read in this way.

    A file that does not say what it was made of stands for a look that was folded, and for no other.
    """
    path = _path(centre, look, tile)
    if not path.exists():
        return False
    told = made_of(path)
    return told == _made_of(look, centre.sensor(look.sensor)) if told else is_folded(centre.store, look.id)


def _made_of(look: Look, sensor: Sensor) -> str:
    """Return the digest of what a gridded look is made of: scenes, their reading, the sensor's values."""
    values = [[one.name, one.bands, one.quantum, one.valid] for one in sensor.streams]
    return digest([look_content(look), values, sensor.linear_power])


def _path(centre: Centre, look: Named, tile: Tile) -> Path:
    return look_path(centre.root / "looks", tile.id, look.id)


def _read(centre: Centre, plan: LookPlan, tiles: Sequence[Tile], *, complete: bool) -> None:
    names = {scene.source.name for scene in plan.look.scenes}
    sources = [source for source in centre.settings.source if source.name in names and source.url]
    keys = tuple(access_to(source, os.environ) for source in sources)
    retries = max((source.retries for source in sources), default=0)
    access = Access(keys, retries=retries, cache_mb=centre.settings.resources.memory_mb // 8)

    staged: list[Staged] = []
    content = _made_of(plan.look, plan.sensor)

    def one(tile: Tile) -> tuple[Tally, ...]:
        found = read_tile(plan, tile, access)
        staged.append(stage_look(_path(centre, plan.look, tile), found.look, content))
        return found.tallies

    try:
        with ThreadPoolExecutor(workers_of(centre)) as pool:
            tallies = list(pool.map(one, tiles))
        if complete:
            judge(plan.look.id, tallies)
    except BaseException:
        discard(staged)
        raise
    publish(staged)
