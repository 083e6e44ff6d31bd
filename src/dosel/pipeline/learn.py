"""Learn baselines where there are none: from a stream's own history, else from the forest around."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.scene import Look
from dosel.catalog.sensors import Sensor
from dosel.errors import SceneError
from dosel.model.codes import NODATA
from dosel.model.grid import Tile
from dosel.monitor.baseline import Baseline, Learner, baseline_from_surroundings
from dosel.monitor.checkpoint import load_baseline, save_baseline
from dosel.monitor.learn import GROUP
from dosel.pipeline.centre import Centre
from dosel.pipeline.models import Streams, derived_streams, store_streams, surrounding_streams
from dosel.pipeline.progress import Progress
from dosel.pipeline.reading import HALO_PX, gridded, read_look_tiles

SAMPLE_POINTS = 4000
"""At most so many lattice points lend their history to the derivation of a stream's row."""


def learn_streams(
    centre: Centre, sensor: Sensor, geometry: str, history: Sequence[Look], progress: Progress
) -> tuple[Streams, tuple[Look, ...], dict[str, str]]:
    """Learn the rows and baselines of a sensor in one geometry and store them.

    Returns
    -------
    tuple
        The rows, the looks that were learnt from, and the reason for each look that was refused.
    """
    progress.start("learn", max(len(history), 1))
    usable: list[Look] = []
    refused: dict[str, str] = {}
    for look in history:
        try:
            read_look_tiles(centre, look, sensor)
            usable.append(look)
        except SceneError as error:
            refused[look.id] = str(error)
        progress.advance()
    if len(usable) < centre.settings.monitor.min_history_looks:
        streams = surrounding_streams(sensor, geometry)
        usable = []
    else:
        sample = _lattice_sample(centre, sensor, usable)
        streams = derived_streams(sensor, geometry, usable, sample, max(look.day for look in usable) + 1)
    rows = []
    for tile in centre.tiles:
        rows += _learn_tile(centre, streams, usable, tile)
    with centre.store.transaction():
        store_streams(centre, streams)
        centre.store.upsert("baselines", rows)
    return streams, tuple(usable), refused


def baselines_of(centre: Centre, streams: Streams, tile: Tile) -> tuple[Baseline, ...]:
    """Return the baselines in force on a tile, one a stream."""
    found = []
    for model in streams.models:
        rows = centre.store.select("baselines", {"stream": model.stream, "tile_id": tile.id}, limit=1)
        found.append(load_baseline(centre.root / rows[0]["file"])[0])
    return tuple(found)


def _learn_tile(
    centre: Centre, streams: Streams, looks: Sequence[Look], tile: Tile
) -> list[dict[str, object]]:
    shape = (tile.shape[0] + 2 * HALO_PX, tile.shape[1] + 2 * HALO_PX)
    rows: list[dict[str, object]] = []
    for number, model in enumerate(streams.models):
        if streams.kind == "history":
            learner = Learner(model, shape)
            _feed(centre, learner, looks, tile, number)
            learner.again()
            _feed(centre, learner, looks, tile, number)
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
                "looks": len(looks),
                "from_day": min((look.day for look in looks), default=None),
                "to_day": max((look.day for look in looks), default=None),
            }
        )
    return rows


def _feed(centre: Centre, learner: Learner, looks: Sequence[Look], tile: Tile, stream: int) -> None:
    seen = (gridded(centre, look, tile) for look in looks)
    own = ((one.day, one.values[stream]) for one in seen if one is not None)
    while batch := list(islice(own, GROUP)):
        learner.add([day for day, _ in batch], np.stack([values for _, values in batch]))


def _lattice_sample(centre: Centre, sensor: Sensor, looks: Sequence[Look]) -> NDArray[np.int16]:
    """Return (look, stream, point): histories on a lattice that is fixed in pixel numbers."""
    pixels = sum(tile.shape[0] * tile.shape[1] for tile in centre.tiles)
    step = max(1, int(np.ceil(np.sqrt(pixels / SAMPLE_POINTS))))

    def of_look(look: Look) -> NDArray[np.int16]:
        parts = [_points(centre, look, tile, step, len(sensor.streams)) for tile in centre.tiles]
        return np.concatenate(parts, axis=1)

    with ThreadPoolExecutor(centre.settings.resources.workers) as pool:
        return np.stack(list(pool.map(of_look, looks)))


def _points(centre: Centre, look: Look, tile: Tile, step: int, streams: int) -> NDArray[np.int16]:
    rows = np.arange((-tile.row) % step, tile.shape[0], step) + HALO_PX
    cols = np.arange((-tile.col) % step, tile.shape[1], step) + HALO_PX
    seen = gridded(centre, look, tile)
    if seen is None:
        return np.full((streams, rows.size * cols.size), NODATA, np.int16)
    return seen.values[:, rows[:, None], cols].reshape(streams, -1)
