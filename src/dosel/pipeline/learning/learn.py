"""Learn baselines where there are none: from a stream's own history, else from the forest around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.ledger import Folding, mark_refused, mark_used
from dosel.catalog.scene import Look, RefusedSceneError
from dosel.catalog.sensors import Sensor
from dosel.errors import SourceError
from dosel.model.codes import NODATA, LookStatus, Refusal
from dosel.model.grid import Tile
from dosel.monitor.baseline import Baseline, Learner, baseline_from_surroundings
from dosel.monitor.checkpoint import load_baseline, save_baseline
from dosel.monitor.learn import GROUP
from dosel.monitor.weather import history_offsets, take_off
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.models import (
    Streams,
    correlated,
    derived_streams,
    store_streams,
    surrounding_streams,
)
from dosel.pipeline.learning.past import Past, correlations, without
from dosel.pipeline.progress import Progress
from dosel.pipeline.spine.away import refusal_of
from dosel.pipeline.spine.memory import workers_of
from dosel.pipeline.spine.reading import HALO_PX, gridded, read_look_tiles

SAMPLE_POINTS = 4000
"""At most so many lattice points lend their history to the derivation of a stream's row."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a history gave."""

    streams: Streams
    offsets: Mapping[str, tuple[int, ...]]
    """Offset of each look that was learnt from, a stream each, in quanta; by look id, in their order."""
    refused: Mapping[str, RefusedSceneError]
    """Why a look was not, by look id."""


def learn_streams(
    centre: Centre,
    sensor: Sensor,
    geometry: str,
    history: Sequence[Look],
    progress: Progress,
    beyond: Sequence[Look] = (),
) -> Learnt:
    """Learn the rows and baselines of a sensor in one geometry; store them with the looks of the history.

    `beyond` are looks after the history, which tell a source that is away from a scene that never answers.

    Raises
    ------
    SourceError
        If a source is away; what was read is kept, and the next run learns.
    """
    usable, refused = _read(centre, sensor, history, beyond, progress)
    past: tuple[Past, ...] = ()
    if len(usable) >= centre.settings.monitor.min_history_looks:
        sample = _lattice_sample(centre, sensor, usable)
        past, unfit = _without_offsets(usable, sample)
        refused |= unfit
    if len(past) < centre.settings.monitor.min_history_looks:
        streams, past = surrounding_streams(sensor, geometry), ()
    else:
        kept = {one.id for one in past}
        sample = sample[[look.id in kept for look in usable]]
        for number, one in enumerate(past):
            sample[number] = without(sample[number], one.offsets)
        streams = derived_streams(sensor, geometry, [one.day for one in past], sample)
        streams = correlated(streams, *correlations(centre, streams, past))
    with ThreadPoolExecutor(workers_of(centre)) as pool:
        tiles = list(pool.map(lambda tile: _learn_tile(centre, streams, past, tile), centre.tiles))
    learnt = Learnt(streams, {one.id: one.offsets for one in past}, refused)
    _store(centre, learnt, history, [row for rows in tiles for row in rows])
    return learnt


def _read(
    centre: Centre, sensor: Sensor, history: Sequence[Look], beyond: Sequence[Look], progress: Progress
) -> tuple[list[Look], dict[str, RefusedSceneError]]:
    """Read the looks of the history into the archive; return the usable ones, and why not the others."""
    progress.start("learn", max(len(history), 1))
    usable: list[Look] = []
    refused: dict[str, RefusedSceneError] = {}
    for number, look in enumerate(history, start=1):
        try:
            read_look_tiles(centre, look, sensor)
            usable.append(look)
        except (RefusedSceneError, SourceError) as fault:
            error = refusal_of(centre, look, fault, (*history[number:], *beyond))
            if error is None:
                raise
            refused[look.id] = error
        progress.advance()
    return usable, refused


def _without_offsets(
    looks: Sequence[Look], sample: NDArray[np.int16]
) -> tuple[tuple[Past, ...], dict[str, RefusedSceneError]]:
    """Return the looks with the offset of each stream, and those whose offset cannot be told."""
    days = [look.day for look in looks]
    by_stream = [history_offsets(sample[:, number], days) for number in range(sample.shape[1])]
    past, unfit = [], {}
    for look, offsets in zip(looks, zip(*by_stream, strict=True), strict=True):
        told = tuple(offset for offset in offsets if offset is not None)
        if len(told) == len(offsets):
            past.append(Past(look.id, look.day, look.acquired.isoformat(), told))
        else:
            reason = f"{look.id}: {Refusal.OFFSET.legend}"
            unfit[look.id] = RefusedSceneError(Refusal.OFFSET, reason)
    return tuple(past), unfit


def _store(
    centre: Centre, learnt: Learnt, history: Sequence[Look], baselines: Sequence[dict[str, object]]
) -> None:
    """Write the rows, the baselines and what became of every look of the history, in one commit.

    They stand in place of what was learnt before from fewer looks: nothing rests on that yet.
    """
    names, sensor, geometry = learnt.streams.names, learnt.streams.sensor.name, learnt.streams.geometry
    before = {"sensor": sensor, "geometry": geometry, "status": int(LookStatus.HISTORY)}
    with centre.store.transaction():
        centre.store.delete("baselines", {"stream": list(names)})
        centre.store.delete("looks", before)
        store_streams(centre, learnt.streams)
        centre.store.upsert("baselines", baselines)
        for look in history:
            if look.id in learnt.refused:
                error = learnt.refused[look.id]
                mark_refused(centre.store, look, error.refusal, str(error))
            elif look.id in learnt.offsets:
                offsets = dict(zip(names, map(float, learnt.offsets[look.id]), strict=True))
                mark_used(centre.store, look, Folding(None, {}, names, offsets, status=LookStatus.HISTORY))


def baselines_of(centre: Centre, streams: Streams, tile: Tile) -> tuple[Baseline, ...]:
    """Return the baselines in force on a tile, one a stream."""
    found = []
    for model in streams.models:
        rows = centre.store.select("baselines", {"stream": model.stream, "tile_id": tile.id}, limit=1)
        found.append(load_baseline(centre.root / rows[0]["file"])[0])
    return tuple(found)


def _learn_tile(
    centre: Centre, streams: Streams, past: Sequence[Past], tile: Tile
) -> list[dict[str, object]]:
    shape = (tile.shape[0] + 2 * HALO_PX, tile.shape[1] + 2 * HALO_PX)
    rows: list[dict[str, object]] = []
    for number, model in enumerate(streams.models):
        if streams.kind == "history":
            learner = Learner(model, shape)
            _feed(centre, learner, past, tile, number)
            learner.again()
            _feed(centre, learner, past, tile, number)
            baseline = learner.finish(min_looks=3)
        else:
            baseline = baseline_from_surroundings(model, shape)
        version = baseline.hash()[:16]
        file = Path("baselines") / model.stream.replace("/", "_") / f"{tile.id}.{version}"
        if not (centre.root / file).exists():
            save_baseline(centre.root / file, baseline, {"tile": tile.id})
        rows.append(
            {
                "stream": model.stream,
                "tile_id": tile.id,
                "version": version,
                "file": file.as_posix(),
                "kind": streams.kind,
                "looks": len(past),
                "from_day": min((one.day for one in past), default=None),
                "to_day": max((one.day for one in past), default=None),
            }
        )
    return rows


def _feed(centre: Centre, learner: Learner, past: Sequence[Past], tile: Tile, stream: int) -> None:
    seen = ((one, gridded(centre, one, tile)) for one in past)
    found = ((one, look.values[stream]) for one, look in seen if look is not None)
    own = ((one.day, take_off(values, one.offsets[stream])) for one, values in found)
    while batch := list(islice(own, GROUP)):
        learner.add([day for day, _ in batch], np.stack([values for _, values in batch]))


def _lattice_sample(centre: Centre, sensor: Sensor, looks: Sequence[Look]) -> NDArray[np.int16]:
    """Return (look, stream, point): histories on a lattice that is fixed in pixel numbers."""
    pixels = sum(tile.shape[0] * tile.shape[1] for tile in centre.tiles)
    step = max(1, int(np.ceil(np.sqrt(pixels / SAMPLE_POINTS))))

    rows, cols = (
        np.concatenate([part.ravel() for part in parts])
        for parts in zip(
            *(np.meshgrid(*_lattice(tile, step), indexing="ij") for tile in centre.tiles), strict=True
        )
    )
    order = np.lexsort((cols, rows))  # the order of the points must not depend on the tiling

    def of_look(look: Look) -> NDArray[np.int16]:
        parts = [_points(centre, look, tile, step, len(sensor.streams)) for tile in centre.tiles]
        return np.concatenate(parts, axis=1)[:, order]

    with ThreadPoolExecutor(workers_of(centre)) as pool:
        return np.stack(list(pool.map(of_look, looks)))


def _lattice(tile: Tile, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns of a tile, over the whole projection, on which lattice points lie."""
    first_row, first_col = tile.row + (-tile.row) % step, tile.col + (-tile.col) % step
    rows = np.arange(first_row, tile.row + tile.shape[0], step)
    return rows, np.arange(first_col, tile.col + tile.shape[1], step)


def _points(centre: Centre, look: Look, tile: Tile, step: int, streams: int) -> NDArray[np.int16]:
    rows, cols = _lattice(tile, step)
    seen = gridded(centre, look, tile)
    if seen is None:
        return np.full((streams, rows.size * cols.size), NODATA, np.int16)
    inside = np.ix_(rows - tile.row + HALO_PX, cols - tile.col + HALO_PX)
    return np.stack([band[inside].ravel() for band in seen.values])
