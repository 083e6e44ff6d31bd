"""One step of the fold: a look into the states and the alerts, in one commit (design/001)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.alert import Alert
from dosel.alerts.confirm import AlertRules
from dosel.alerts.dating import ActiveDays, active_days
from dosel.alerts.polygonize import pieces
from dosel.alerts.runs import PixelRuns, active_runs, closed_pixels, stitch
from dosel.alerts.step import Outcome, Step
from dosel.alerts.table import OPEN, load_open, store_alerts, store_events, store_looks
from dosel.alerts.track import track
from dosel.catalog.ledger import Folding, mark_used
from dosel.catalog.scene import Look
from dosel.model.codes import LookStatus, Watch
from dosel.model.grid import Tile
from dosel.monitor.accumulate import update
from dosel.monitor.baseline import Baseline
from dosel.monitor.checkpoint import load_state, sync_disk
from dosel.monitor.offset import LatticePool, lattice_residuals, pass_level, pass_offset
from dosel.monitor.scalars import LookScalars, Thresholds
from dosel.monitor.weather import SHARED_DAYS, weight_after
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.learn import baselines_of
from dosel.pipeline.learning.models import Streams
from dosel.pipeline.learning.silence import sight, store_sight
from dosel.pipeline.meaning.places_sealed import seal_alerts
from dosel.pipeline.progress import Stopwatch
from dosel.pipeline.proof.foldings import mask_hash, store_foldings
from dosel.pipeline.proof.lent import Folded, Lent, lend
from dosel.pipeline.proof.parameters import Parameters, deciding
from dosel.pipeline.spine.births import date_births
from dosel.pipeline.spine.checkpoints import keep_checkpoint
from dosel.pipeline.spine.memory import workers_of
from dosel.pipeline.spine.reading import gridded, read_look_tiles
from dosel.pipeline.spine.states import change_pixels, point_tiles, tile_state, write_tile
from dosel.pipeline.spine.tidy import tidy
from dosel.pipeline.spine.watched import watched_codes
from dosel.stack.gridded import GriddedLook
from dosel.store.interface import Between

LATTICE_SIDE = 8
LARGE_AREA_PX = 1_000_000


@dataclass(slots=True)
class Fold:
    """What the steps of a run share."""

    centre: Centre
    planes: dict[str, int]
    """Plane of each stream in the state's memory."""
    thresholds: Thresholds
    """h1 and h2 in force."""
    weather: Mapping[str, float]
    """By group of streams: how far near looks of different streams go together."""
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


@dataclass(frozen=True, slots=True)
class FoldedTile:
    """What a look left on one tile."""

    valid_px: int
    runs: PixelRuns
    """Active runs."""
    days: ActiveDays
    """Days of the active pixels."""
    file: str
    """State file, named by no commit yet."""
    sight: bytes
    """What was seen of each cell, as stored."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did."""

    valid_px: int
    outcome: Outcome


def start_fold(
    centre: Centre,
    planes: dict[str, int],
    thresholds: Thresholds,
    weather: Mapping[str, float],
    watch: Stopwatch,
) -> Fold:
    """Return the fold where the last commit left it.

    Raises
    ------
    DamagedError
        If the state of a tile is not as it was written.
    """
    fold = Fold(centre, planes, thresholds, weather, watch)
    fold.open = {alert.id: alert for alert in load_open(centre.store)}
    rows = centre.store.select("tiles")
    by_id = {tile.id: tile for tile in centre.tiles}
    for row in rows:
        tile = by_id[row["tile_id"]]
        state, _ = load_state(centre.root / row["file"], verify=True)
        fold.runs[tile.id] = active_runs(state, tile.row, tile.col)
    fold.step = max((row["step"] for row in rows), default=0)
    fold.step = max(fold.step, *(_last_step(centre, name) for name in ("looks", "alerts")))
    return fold


def _last_step(centre: Centre, table: str) -> int:
    where = {"status": int(LookStatus.USED)} if table == "looks" else {"superseded": 0, "source": ""}
    rows = centre.store.select(table, where, order_by=("-step",), limit=1, columns=["step"])
    return rows[0]["step"] if rows else 0


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
        parameters = _parameters(fold, look, streams)
        scalars = parameters.scalars(look.day, offsets, fold.planes)
        with ThreadPoolExecutor(workers_of(centre)) as pool:
            folded = pool.map(lambda tile: _fold_tile(fold, look, streams, scalars, tile), tiles)
            done = dict(zip((tile.id for tile in tiles), folded, strict=True))
    touched = {name: one.runs for name, one in done.items()}
    files = {name: one.file for name, one in done.items()}
    with fold.watch.stage("polygonize"):
        kept = [runs for name, runs in fold.runs.items() if name not in touched]
        found = pieces(stitch(list(touched.values()), kept))
    with fold.watch.stage("track"):
        step = Step(look.id, look.day, streams.names, parameters.method(), streams.kind)
        outcome = track(fold.open.values(), found, step, fold.rules, centre.grid)
        outcome = date_births(outcome, centre.tiles, lambda tile: _days(fold, tile, done.get(tile.id)))
    with fold.watch.stage("explain"):
        lent = _lend(fold, look, streams, offsets, tiles, outcome)
        outcome = lent.outcome
    with fold.watch.stage("store"):
        fold.step += 1
        changed = change_pixels(centre, outcome, files, len(fold.planes), fold.step)
        files |= {tile: file for tile, (file, _) in changed.items()}
        touched |= {tile: runs for tile, (_, runs) in changed.items()}
        sync_disk(centre.root)
        offset = dict(zip(streams.names, map(float, offsets), strict=True))
        valid_px = {name: one.valid_px for name, one in done.items()}
        folding = Folding(fold.step, valid_px, streams.names, offset, time.perf_counter() - begin)
        sights = {name: one.sight for name, one in done.items()}
        _commit(fold, look, folding, lent, files, parameters, sights)
        tidy(centre, files)
    fold.runs |= touched
    fold.open = keep_open(fold.open, outcome)
    return StepReport(sum(one.valid_px for one in done.values()), outcome)


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
    watched: NDArray[np.uint8] = (watched_codes(fold.centre, tile) == Watch.WATCHED).astype(np.uint8)
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


def _fold_tile(fold: Fold, look: Look, streams: Streams, scalars: LookScalars, tile: Tile) -> FoldedTile:
    """Update the state of one tile under a new name."""
    state, seen = tile_state(fold.centre, tile, len(fold.planes)), gridded(fold.centre, look, tile)
    if seen is None:  # read_look_tiles has just written it
        raise FileNotFoundError(look.id)
    baselines = _baselines(fold, streams, tile)
    watched, halo = _watched(fold, tile), seen.halo_px
    counts = update(state, seen, baselines, watched, scalars)
    runs = active_runs(state, tile.row, tile.col, _core(seen))
    inner = watched[halo : watched.shape[0] - halo, halo : watched.shape[1] - halo] == 1
    inner &= ~closed_pixels(state)
    saw = sight(fold.centre, tile, _core(seen), inner)
    file = write_tile(fold.centre, tile, state, fold.step + 1)
    return FoldedTile(counts.valid_px, runs, active_days(state), file, saw)


def _days(fold: Fold, tile: Tile, done: FoldedTile | None) -> ActiveDays:
    """Return the days of the active pixels of a tile, also of one that the look does not reach."""
    return done.days if done else active_days(tile_state(fold.centre, tile, len(fold.planes)))


def _parameters(fold: Fold, look: Look, streams: Streams) -> Parameters:
    """Return what is in force at a look of these streams."""
    own, weight = deciding(fold.centre.settings), _weight(fold, look, streams)
    return Parameters(streams.models, streams.kind, fold.thresholds, streams.correlation, weight, own)


def _weight(fold: Fold, look: Look, streams: Streams) -> float:
    """Return the weight of a look: less than 1 where near looks of other streams saw the same weather."""
    correlation = fold.weather.get(streams.weather, 0.0)
    if not correlation:
        return 1.0
    where = {"status": int(LookStatus.USED), "day": Between(look.day - SHARED_DAYS, look.day)}
    rows = fold.centre.store.select("looks", where, columns=["id", "day", "acquired", "sensor", "geometry"])
    place = (look.acquired.isoformat(), look.id)
    before = [
        (f"{row['sensor']}/{row['geometry']}", fold.centre.sensor(row["sensor"]).weather, row["day"])
        for row in rows
        if (row["acquired"], row["id"]) < place
    ]
    return weight_after(before, (streams.key, streams.weather, look.day), fold.weather)


def _lend(
    fold: Fold, look: Look, streams: Streams, offsets: list[int], tiles: Sequence[Tile], outcome: Outcome
) -> Lent:
    def ground(streams: Streams, tile: Tile) -> tuple[tuple[Baseline, ...], NDArray[np.uint8]]:
        return _baselines(fold, streams, tile), _watched(fold, tile)

    now = Folded(look.id, look.day, streams, tuple(offsets))
    return lend(fold.centre, ground, now, look, tiles, fold.open, outcome)


def _mask_hash(fold: Fold, tile: Tile) -> str:
    mark: str = _kept(fold, ("mask-hash", tile.id), lambda: (mask_hash(_watched(fold, tile)), 100))
    return mark


def _core(seen: GriddedLook) -> NDArray[np.int16]:
    halo = seen.halo_px
    return seen.values[:, halo : seen.values.shape[1] - halo, halo : seen.values.shape[2] - halo]


def _commit(
    fold: Fold,
    look: Look,
    folding: Folding,
    lent: Lent,
    files: dict[str, str],
    parameters: Parameters,
    sights: Mapping[str, bytes],
) -> None:
    centre = fold.centre
    masks = {tile.id: _mask_hash(fold, tile) for tile in centre.tiles if tile.id in lent.contents}
    with centre.store.transaction():
        mark_used(centre.store, look, folding)
        point_tiles(centre.store, files, fold.step, look.day)
        store_sight(centre, look.id, look.day, fold.step, sights)
        store_foldings(centre, look, fold.step, parameters, masks, lent.contents)
        store_alerts(centre.store, lent.outcome.upserts, centre.grid.crs, fold.step)
        seal_alerts(centre.store, [alert.id for alert in lent.outcome.upserts])
        store_events(centre.store, lent.outcome.events, fold.step)
        store_looks(centre.store, lent.rows, fold.step)
        left = keep_open(fold.open, lent.outcome).values()
        keep_checkpoint(centre, look, fold.step, left)


def keep_open(alerts: Mapping[str, Alert], outcome: Outcome) -> dict[str, Alert]:
    """Return the alerts that are open after a step."""
    ended = {alert.id for alert in outcome.upserts if alert.status not in OPEN}
    known = dict(alerts) | {alert.id: alert for alert in outcome.upserts}
    return {name: alert for name, alert in known.items() if name not in ended}
