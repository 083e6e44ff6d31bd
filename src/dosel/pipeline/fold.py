"""One step of the fold: a look into the states and the alerts, in one commit (design/001)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.alert import Alert
from dosel.alerts.confirm import AlertRules
from dosel.alerts.polygonize import pieces
from dosel.alerts.runs import PixelRuns, active_runs, close_pixels, rearm_pixels, stitch
from dosel.alerts.step import Outcome, Step
from dosel.alerts.table import OPEN, AlertLook, load_open, store_alerts, store_events, store_looks
from dosel.alerts.track import track
from dosel.catalog.ledger import Folding, mark_used
from dosel.catalog.scene import Look
from dosel.model.codes import Watch
from dosel.model.grid import Tile
from dosel.model.provenance import Method
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline
from dosel.monitor.checkpoint import load_state, sync_disk, write_state
from dosel.monitor.evidence import METHOD_NAME, METHOD_VERSION
from dosel.monitor.offset import LatticePool, lattice_residuals, pass_level, pass_offset
from dosel.monitor.scalars import Thresholds, look_scalars
from dosel.monitor.state import PixelState
from dosel.pipeline.centre import Centre
from dosel.pipeline.learn import baselines_of
from dosel.pipeline.memory import workers_of
from dosel.pipeline.models import Streams
from dosel.pipeline.progress import Stopwatch
from dosel.pipeline.reading import HALO_PX, gridded, read_look_tiles
from dosel.stack.gridded import GriddedLook
from dosel.stack.mask import watch_codes

SHIPPED_THRESHOLDS = Thresholds(3.75, 6.0)
"""h1 and h2 in nats where the settings give none; their false-alarm rate here is not measured."""
LATTICE_SIDE = 8
LARGE_AREA_PX = 1_000_000


@dataclass(slots=True)
class Fold:
    """What the steps of a run share."""

    centre: Centre
    planes: dict[str, int]
    """Plane of each stream in the state's memory."""
    parameters: str
    watch: Stopwatch
    runs: dict[str, PixelRuns] = field(default_factory=dict)
    """Active runs by tile."""
    open: dict[str, Alert] = field(default_factory=dict)
    step: int = 0
    fixed: dict[tuple[str, ...], tuple[Any, int]] = field(default_factory=dict)
    """Baselines and masks of recent tiles with their size in bytes, within a quarter of the memory bound."""

    @property
    def rules(self) -> AlertRules:
        """The rules of the settings."""
        alerts = self.centre.settings.alerts
        return AlertRules(alerts.min_area_ha, None, alerts.close_days)

    @property
    def thresholds(self) -> Thresholds:
        """h1 and h2 in force."""
        alerts = self.centre.settings.alerts
        h1, h2 = alerts.h1_nats or SHIPPED_THRESHOLDS.h1, alerts.h2_nats or SHIPPED_THRESHOLDS.h2
        return Thresholds(h1, max(h1, h2))


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did."""

    valid_px: int
    outcome: Outcome


def start_fold(centre: Centre, planes: dict[str, int], parameters: str, watch: Stopwatch) -> Fold:
    """Return the fold where the last commit left it."""
    fold = Fold(centre, planes, parameters, watch)
    fold.open = {alert.id: alert for alert in load_open(centre.store)}
    rows = centre.store.select("tiles")
    by_id = {tile.id: tile for tile in centre.tiles}
    for row in rows:
        tile = by_id[row["tile_id"]]
        state, _ = load_state(centre.root / row["file"])
        fold.runs[tile.id] = active_runs(state, tile.row, tile.col)
    fold.step = max((row["step"] for row in rows), default=0)
    return fold


def fold_look(fold: Fold, look: Look, streams: Streams) -> StepReport:
    """Fold one look into states and alerts and commit.

    Raises
    ------
    SceneError
        If the look cannot be used; nothing was changed.
    """
    centre, begin = fold.centre, time.perf_counter()
    with fold.watch.stage("read"):
        tiles = read_look_tiles(centre, look, streams.sensor)
    with fold.watch.stage("update"):
        offsets = _offsets(fold, look, streams, tiles)
        with ThreadPoolExecutor(workers_of(centre.settings.resources, centre.grid.tile_px)) as pool:
            done = list(pool.map(lambda tile: _fold_tile(fold, look, streams, offsets, tile), tiles))
    valid_px = {tile.id: valid for tile, (valid, _, _) in zip(tiles, done, strict=True)}
    files = {tile.id: file for tile, (_, _, file) in zip(tiles, done, strict=True)}
    touched = {tile.id: runs for tile, (_, runs, _) in zip(tiles, done, strict=True)}
    with fold.watch.stage("polygonize"):
        kept = [runs for name, runs in fold.runs.items() if name not in touched]
        found = pieces(stitch(list(touched.values()), kept))
    with fold.watch.stage("track"):
        outcome = track(fold.open.values(), found, _step(fold, look, streams), fold.rules, centre.grid)
    with fold.watch.stage("store"):
        fold.step += 1
        changed = _apply(fold, outcome, files, touched)
        sync_disk(centre.root)
        names = tuple(model.stream for model in streams.models)
        offset = dict(zip(names, map(float, offsets), strict=True))
        folding = Folding(fold.step, valid_px, names, offset, time.perf_counter() - begin)
        _commit(fold, look, folding, outcome, files | changed)
    fold.runs |= touched
    _keep_open(fold, outcome)
    return StepReport(sum(valid_px.values()), outcome)


def _watched(fold: Fold, tile: Tile) -> NDArray[np.uint8]:
    def read() -> tuple[NDArray[np.uint8], int]:
        watched = _read_watched(fold, tile)
        return watched, watched.nbytes

    mask: NDArray[np.uint8] = _kept(fold, ("mask", tile.id), read)
    return mask


def _baselines(fold: Fold, streams: Streams, tile: Tile) -> tuple[Baseline, ...]:
    def read() -> tuple[tuple[Baseline, ...], int]:
        found = baselines_of(fold.centre, streams, tile)
        arrays = [a for b in found for a in (b.level, b.season, b.inv_spread, b.looks)]
        return found, sum(array.nbytes for array in arrays)

    baselines: tuple[Baseline, ...] = _kept(fold, (streams.sensor.name, streams.geometry, tile.id), read)
    return baselines


def _kept(fold: Fold, key: tuple[str, ...], read: Callable[[], tuple[Any, int]]) -> Any:
    """Return what `read` gives, read once while it fits into a quarter of the memory bound."""
    if key in fold.fixed:
        return fold.fixed[key][0]
    value, size = read()
    held = sum(bytes_ for _, bytes_ in list(fold.fixed.values()))
    if held + size <= fold.centre.settings.resources.memory_mb * 250_000:
        fold.fixed[key] = value, size
    return value


def _read_watched(fold: Fold, tile: Tile) -> NDArray[np.uint8]:
    centre = fold.centre
    codes = watch_codes(centre.settings.mask, tile, HALO_PX, area=centre.area, centre=centre.root)
    watched: NDArray[np.uint8] = (codes == Watch.WATCHED).astype(np.uint8)
    return watched


def _offsets(fold: Fold, look: Look, streams: Streams, tiles: Sequence[Tile]) -> list[int]:
    """Return the pass's own offset of every stream, in quanta, from the lattice over all its tiles."""
    grid = fold.centre.grid.window
    large = (grid[2] - grid[0]) * (grid[3] - grid[1]) > LARGE_AREA_PX
    lattice = LATTICE_SIDE if large else 1
    samples = [LatticePool() for _ in streams.models]
    for tile in tiles:
        seen = gridded(fold.centre, look, tile)
        if seen is None:
            continue
        watched, baselines = _watched(fold, tile), _baselines(fold, streams, tile)
        for own, model, baseline in zip(samples, streams.models, baselines, strict=True):
            own.add(lattice_residuals(seen, model, baseline, watched, (tile.row, tile.col), lattice))
    return [
        _offset(own, model.direction, streams.kind, f"{look.id} {model.stream}")
        for own, model in zip(samples, streams.models, strict=True)
    ]


def _offset(samples: LatticePool, direction: int, kind: str, where: str) -> int:
    if kind == "history":
        return pass_offset(samples, where=where)
    turned = samples if direction < 0 else samples.turned()
    return -direction * pass_level(turned, where=where)


def _fold_tile(
    fold: Fold, look: Look, streams: Streams, offsets: list[int], tile: Tile
) -> tuple[int, PixelRuns, str]:
    """Update the state of one tile under a new name; return valid pixels, active runs and the file."""
    state, seen = _state(fold, tile), gridded(fold.centre, look, tile)
    if seen is None:  # read_look_tiles has just written it
        raise FileNotFoundError(look.id)
    planes = [fold.planes[model.stream] for model in streams.models]
    scalars = look_scalars(look.day, streams.models, fold.thresholds, offsets, planes, _correlation(streams))
    baselines = _baselines(fold, streams, tile)
    counts = update(state, seen, baselines, _watched(fold, tile), scalars)
    runs = active_runs(state, tile.row, tile.col, _core(seen))
    return counts.valid_px, runs, _save(fold, tile, state, fold.step + 1, "")


def _correlation(streams: Streams) -> float:
    """Return the correlation of the evidence of a look's bands: they see the same ground and weather."""
    return 0.5 if len(streams.models) > 1 else 0.0


def _core(seen: GriddedLook) -> NDArray[np.int16]:
    halo = seen.halo_px
    return seen.values[:, halo : seen.values.shape[1] - halo, halo : seen.values.shape[2] - halo]


def _state(fold: Fold, tile: Tile) -> PixelState:
    rows = fold.centre.store.select("tiles", {"tile_id": tile.id})
    if not rows:
        return fresh_state(tile.shape, len(fold.planes))
    return load_state(fold.centre.root / rows[0]["file"])[0]


def _save(fold: Fold, tile: Tile, state: PixelState, step: int, suffix: str) -> str:
    file = Path("state") / tile.id / f"{step:08d}{suffix}"
    path = fold.centre.root / file
    if path.exists():  # left by a run that was killed before its commit
        shutil.rmtree(path)
    write_state(path, state, {"tile": tile.id, "step": step})
    return file.as_posix()


def _step(fold: Fold, look: Look, streams: Streams) -> Step:
    names = tuple(model.stream for model in streams.models)
    method = Method(METHOD_NAME, METHOD_VERSION, fold.parameters)
    return Step(look.id, look.day, names, method, streams.kind)


def _apply(
    fold: Fold, outcome: Outcome, files: dict[str, str], touched: dict[str, PixelRuns]
) -> dict[str, str]:
    """Close and re-arm pixels in the states of this step; return the files that were written for it."""
    changed: dict[str, str] = {}
    if not (len(outcome.close.table) or len(outcome.rearm.table)):
        return changed
    for tile in fold.centre.tiles:
        name = files.get(tile.id)
        state = load_state(fold.centre.root / name)[0] if name else _state(fold, tile)
        pixels = close_pixels(state, tile.row, tile.col, outcome.close)
        pixels += rearm_pixels(state, tile.row, tile.col, outcome.rearm)
        if pixels:
            changed[tile.id] = _save(fold, tile, state, fold.step, ".closed")
            touched[tile.id] = active_runs(state, tile.row, tile.col)
    return changed


def _commit(fold: Fold, look: Look, folding: Folding, outcome: Outcome, files: dict[str, str]) -> None:
    centre = fold.centre
    events = [
        SimpleNamespace(alert_id=e.alert, event=e.event, day=e.day, look_id=e.look, detail=e.detail)
        for e in outcome.events
    ]
    lent = [
        AlertLook(alert.id, look.id, stream, look.day, alert.pixels, None)
        for alert in outcome.upserts
        for stream in folding.streams
    ]
    with centre.store.transaction():
        mark_used(centre.store, look, folding)
        rows = [
            {"tile_id": tile, "file": file, "step": fold.step, "day": look.day}
            for tile, file in sorted(files.items())
        ]
        centre.store.upsert("tiles", rows)
        store_alerts(centre.store, outcome.upserts, centre.grid.crs, fold.step)
        store_events(centre.store, events, fold.step)
        store_looks(centre.store, lent, fold.step)


def _keep_open(fold: Fold, outcome: Outcome) -> None:
    for alert in outcome.upserts:
        if alert.status in OPEN:
            fold.open[alert.id] = alert
        else:
            fold.open.pop(alert.id, None)
