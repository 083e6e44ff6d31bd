"""Which pixels a centre watches: the analysis mask, and for ``kind = "baseline"`` what looks like forest.

Every stream with a history votes with its own baseline. What forest looks like in it
(:func:`dosel.stack.mask.forest_rule`) is taken once from a lattice over the whole area, fixed in pixel
numbers, so tiles agree; it is then stored, and later streams do not vote: the mask is part of the state's
definition. A pixel is watched where more than half of the streams that know it see forest. One stream alone
is not believed against the others: VV takes some pastures for forest, an index some plantations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.sensors import StreamSpec, stream_names
from dosel.model.codes import NODATA, Watch
from dosel.model.grid import Tile
from dosel.monitor.checkpoint import load_baseline
from dosel.monitor.kernel import INV_ONE
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.reading import HALO_PX
from dosel.stack.mask import ForestRule, forest_rule, looks_like_forest, watch_codes

SAMPLE_POINTS: Final = 100_000
"""About so many lattice points, at most, say what forest looks like."""
_META: Final = "forest"
_LAYERS: Final = "layers"


@dataclass(frozen=True, slots=True)
class Voter:
    """A stream that says where forest is."""

    stream: str
    """Full name with the geometry."""
    rule: ForestRule


def fix_voters(centre: Centre, sample_points: int = SAMPLE_POINTS) -> tuple[Voter, ...]:
    """Return the voters of a centre; the first call after learning decides and stores them.

    There is none with another kind of mask, or where no stream has a history: then the whole area is watched.
    """
    if centre.settings.mask.kind != "baseline":
        return ()
    known = _stored(centre)
    if known is not None:
        return known
    if not centre.store.select("baselines", limit=1):
        return ()  # nothing was learnt yet, so nothing is folded yet
    told = {row["stream"] for row in centre.store.tally("baselines", ["stream"], {"kind": "history"})}
    specs = {name: spec for name, spec in _specs(centre) if name in told}
    rules = {name: _rule(centre, name, spec, sample_points) for name, spec in sorted(specs.items())}
    voters = tuple(Voter(name, rule) for name, rule in rules.items() if rule is not None)
    with centre.store.transaction():
        value = json.dumps([asdict(voter) for voter in voters], sort_keys=True)
        centre.store.upsert("meta", [{"key": _META, "value": value}])
    return voters


def record_layers(centre: Centre) -> None:
    """Keep the origin and licence of the forest map in the store, where every release looks for them."""
    mask = centre.settings.mask
    layers = [[mask.origin, mask.licence]] if mask.kind == "map" else []
    row = {"key": _LAYERS, "value": json.dumps(layers, ensure_ascii=False)}
    if centre.store.select("meta", {"key": _LAYERS}) != [row]:
        with centre.store.transaction():
            centre.store.upsert("meta", [row])


def watched_codes(centre: Centre, tile: Tile) -> NDArray[np.uint8]:
    """Return the Watch code (y + 2 halo, x + 2 halo) of each pixel of a tile, as the voters were fixed."""
    codes = _area_codes(centre, tile)
    voters = (_stored(centre) or ()) if centre.settings.mask.kind == "baseline" else ()
    if not voters:
        return codes
    known, forest = np.zeros(codes.shape, np.int16), np.zeros(codes.shape, np.int16)
    for voter in voters:
        level, spread = _levels(centre, voter.stream, tile)
        known += level != NODATA
        forest += looks_like_forest(level, spread, voter.rule)
    inside = codes == Watch.WATCHED
    codes[inside & (known > 0) & (2 * forest <= known)] = Watch.NOT_FOREST
    codes[inside & (known == 0)] = Watch.NO_BASELINE
    return codes


def _area_codes(centre: Centre, tile: Tile) -> NDArray[np.uint8]:
    return watch_codes(centre.settings.mask, tile, HALO_PX, area=centre.area, centre=centre.root)


def _stored(centre: Centre) -> tuple[Voter, ...] | None:
    rows = centre.store.select("meta", {"key": _META})
    if not rows:
        return None
    return tuple(Voter(each["stream"], ForestRule(**each["rule"])) for each in json.loads(rows[0]["value"]))


def _specs(centre: Centre) -> Iterator[tuple[str, StreamSpec]]:
    """Yield the full name and the row of every stream that the settings can yield."""
    for name in sorted({source.sensor for source in centre.settings.source}):
        row = centre.sensor(name)
        for geometry in row.geometries:
            yield from zip(stream_names(row, geometry), row.streams, strict=True)


def _rule(centre: Centre, stream: str, spec: StreamSpec, most: int) -> ForestRule | None:
    """Return what forest looks like in a stream, from the lattice over all tiles; None with too few."""
    col0, row0, col1, row1 = centre.grid.window
    step = max(1, int(np.ceil(np.sqrt((row1 - row0) * (col1 - col0) / most))))
    levels, spreads = [], []
    for tile in centre.tiles:
        rows = np.arange((-tile.row) % step, tile.shape[0], step)[:, None] + HALO_PX
        cols = np.arange((-tile.col) % step, tile.shape[1], step) + HALO_PX
        level, spread = _levels(centre, stream, tile)
        inside = _area_codes(centre, tile)[rows, cols] == Watch.WATCHED
        levels.append(level[rows, cols][inside])
        spreads.append(spread[rows, cols][inside])
    return forest_rule(np.concatenate(levels), np.concatenate(spreads), spec)


def _levels(centre: Centre, stream: str, tile: Tile) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """Return levels (NODATA without a baseline) and spreads of the baseline in force, in quanta."""
    rows = centre.store.select("baselines", {"stream": stream, "tile_id": tile.id}, limit=1)
    baseline, _ = load_baseline(centre.root / rows[0]["file"])
    there = baseline.inv_spread > 0
    spread = INV_ONE / np.where(there, baseline.inv_spread, 1).astype(np.float64)
    return np.where(there, baseline.level, NODATA).astype(np.int16), np.where(there, spread, np.inf)
