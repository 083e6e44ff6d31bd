"""What silence is worth: when a square kilometre was last truly seen, and what would have been found.

Every step leaves how many watched pixels of each cell its look truly saw; at the end of a run each cell gets
the size of clearing that would have been found by now, for clearings of several ages. What a miner would like
to know is restricted: the rows carry that marking, and no export takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.alerts.confirm import AlertRules
from dosel.alerts.table import to_degrees
from dosel.context.blindspot import TRULY
from dosel.context.unseen import SAID_DAYS, SAID_HA
from dosel.model.cells import cell_px, cell_window, count_by_cell
from dosel.model.codes import NODATA, LookStatus, Watch
from dosel.model.grid import Tile
from dosel.monitor.detectability import AGES_DAYS, Pass, Watching, detectable_ha
from dosel.monitor.scalars import Thresholds
from dosel.monitor.weather import weight_after
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.calibrate import stored_calibration
from dosel.pipeline.learning.models import all_streams
from dosel.pipeline.spine.order import newest_look
from dosel.pipeline.spine.reading import HALO_PX
from dosel.pipeline.spine.resting import at_rest, resting
from dosel.pipeline.spine.watched import watched_codes
from dosel.store.interface import Between, Row

Cell = tuple[int, int]
"""Row and column of a cell over the whole projection."""
_CHUNK: Final = 500
"""Cells that are worked on at once."""


@dataclass(frozen=True, slots=True)
class CellSight:
    """What each cell saw of one look."""

    day: int
    key: str
    """Sensor/geometry."""
    seen: NDArray[np.float32]
    """(cell,) share of the watched pixels with a valid value."""


def sight(centre: Centre, tile: Tile, values: NDArray[np.int16], watched: NDArray[np.bool_]) -> bytes:
    """Return how many watched pixels of each cell of a tile a look saw, (row, col), as stored.

    Parameters
    ----------
    values
        (stream, y, x) of the look, without a halo.
    watched
        (y, x), without a halo.
    """
    seen = (values != NODATA).any(axis=0) & watched
    return count_by_cell(centre.grid, tile, seen).astype("<u4").tobytes()


def store_sight(centre: Centre, look_id: str, day: int, step: int, by_tile: Mapping[str, bytes]) -> None:
    """Write what a look saw, within the transaction of the caller."""
    rows = [
        {"look_id": look_id, "tile_id": tile, "day": day, "counts": counts, "step": step}
        for tile, counts in sorted(by_tile.items())
    ]
    centre.store.upsert("cell_looks", rows)


@dataclass(frozen=True, slots=True)
class Silence:
    """What the silence of a whole centre is worth."""

    as_of: int
    """UTC day number."""
    watched_ha: float
    found_ha: float
    """Watched hectares where a clearing of SAID_HA made SAID_DAYS ago would by now have been found."""
    unseen_ha: float
    """Watched hectares that were not truly seen for more than SAID_DAYS."""


def silence_of(centre: Centre) -> Silence | None:
    """Return what the rows of the cells say together; None before the first run."""
    rows = centre.store.select(
        "cells", columns=["as_of", "watched_ha", "seen_day", f"found_{SAID_DAYS}_days_ha"]
    )
    if not rows:
        return None
    as_of = max(row["as_of"] for row in rows)
    found = [row for row in rows if (row[f"found_{SAID_DAYS}_days_ha"] or np.inf) <= SAID_HA]
    unseen = [row for row in rows if row["seen_day"] is None or as_of - row["seen_day"] > SAID_DAYS]
    watched, known, dark = (sum(row["watched_ha"] for row in part) for part in (rows, found, unseen))
    return Silence(as_of, watched, known, dark)


def describe_silence(centre: Centre, as_of: int, thresholds: Thresholds) -> int:
    """Write the row of every watched cell, and drop those of other cells; return how many are watched.

    Pixels at rest (:mod:`dosel.pipeline.spine.resting`) are neither watched nor seen.

    Parameters
    ----------
    as_of
        UTC day number up to which looks would have been used; what was folded of later days counts too.
    thresholds
        In force.
    """
    watched, as_of = watched_cells(centre), max(as_of, newest_look(centre.store, LookStatus.USED)[0])
    cells, sights = list(watched), _sights(centre, as_of, watched)
    alerts, pixel_ha = centre.settings.alerts, centre.grid.pixel_ha
    least_px = AlertRules(alerts.min_area_ha).min_pixels(centre.grid)
    kinds = {row.key: Watching(row.models, row.correlation) for row in all_streams(centre)}
    weights = _weights(centre, sights)
    found = np.full((len(cells), len(AGES_DAYS)), np.inf)
    for first in range(0, len(cells) if sights else 0, _CHUNK):
        passes = _passes(sights, kinds, weights, slice(first, first + _CHUNK))
        found[first : first + _CHUNK] = detectable_ha(passes, as_of, thresholds, pixel_ha, least_px)
    known = {row["id"]: row for row in centre.store.select("cells", columns=["id", "seen_day", "seen_by"])}
    outlines = to_degrees([outline_of(centre, cell) for cell in cells], centre.grid.crs)
    rows = [
        _row(cell, outline, as_of, pixels * pixel_ha, sizes) | _last(number, sights, known.get(_name(cell)))
        for number, (cell, outline, pixels, sizes) in enumerate(
            zip(cells, outlines, watched.values(), found, strict=True)
        )
    ]
    with centre.store.transaction():
        centre.store.delete("cells", {"id": sorted(known.keys() - set(map(_name, cells)))})
        centre.store.upsert("cells", rows)
    return len(rows)


def _weights(centre: Centre, sights: Sequence[CellSight]) -> list[float]:
    """Return the weight of each look after those before it (:func:`dosel.monitor.weather.weight_after`)."""
    known = stored_calibration(centre)
    weather = known.weather if known else {}
    groups = {row.key: row.weather for row in all_streams(centre)}
    stamps = [(one.key, groups[one.key], one.day) for one in sights]
    return [weight_after(stamps[:number], own, weather) for number, own in enumerate(stamps)]


def _passes(
    sights: Sequence[CellSight], kinds: Mapping[str, Watching], weights: Sequence[float], part: slice
) -> list[Pass]:
    return [
        Pass(one.day, kinds[one.key], one.seen[part], weight)
        for one, weight in zip(sights, weights, strict=True)
    ]


def watched_cells(centre: Centre, as_of: int | None = None) -> dict[Cell, int]:
    """Return the watched pixels of every cell that has some; what came to rest after `as_of` is watched."""
    totals: dict[Cell, int] = {}
    closed = resting(centre, as_of)
    for tile in centre.tiles:
        codes = watched_codes(centre, tile)[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX]
        watched = (codes == Watch.WATCHED) & ~at_rest(closed, tile)
        _add(totals, centre, tile, count_by_cell(centre.grid, tile, watched))
    return {cell: totals[cell] for cell in sorted(totals) if totals[cell]}


def _add(totals: dict[Cell, int], centre: Centre, tile: Tile, counts: NDArray[np.uint32]) -> None:
    side = cell_px(centre.grid)
    for (row, col), count in np.ndenumerate(counts):
        cell = (tile.row // side + row, tile.col // side + col)
        totals[cell] = totals.get(cell, 0) + int(count)


def _sights(centre: Centre, as_of: int, watched: Mapping[Cell, int]) -> list[CellSight]:
    """Return what the watched cells saw of the looks that still count, in their order."""
    day = Between(as_of - max(AGES_DAYS), as_of)
    used = {"status": int(LookStatus.USED), "day": day}
    stored: dict[str, list[Row]] = {}
    for row in centre.store.select("cell_looks", {"day": day}):
        stored.setdefault(row["look_id"], []).append(row)
    pixels = np.array(list(watched.values()), np.float64)
    sights = []
    for look in centre.store.select("looks", used, order_by=("acquired", "id")):
        saw = _seen(centre, stored.get(look["id"], ()))
        share = np.minimum(np.array([saw.get(cell, 0) for cell in watched]) / pixels, 1)  # closed since
        key = f"{look['sensor']}/{look['geometry']}"
        sights.append(CellSight(look["day"], key, np.asarray(share, np.float32)))
    return sights


def _seen(centre: Centre, rows: Iterable[Row]) -> dict[Cell, int]:
    """Return the pixels of each cell that a look saw, from its stored rows."""
    tiles, totals = {tile.id: tile for tile in centre.tiles}, dict[Cell, int]()
    for row in rows:
        tile, side = tiles[row["tile_id"]], cell_px(centre.grid)
        height = (tile.row + tile.shape[0] - 1) // side - tile.row // side + 1
        _add(totals, centre, tile, np.frombuffer(row["counts"], "<u4").reshape(height, -1))
    return totals


def outline_of(centre: Centre, cell: Cell) -> BaseGeometry:
    """Return the outline of a cell in the grid's CRS."""
    col0, row0, col1, row1 = cell_window(centre.grid, cell)
    (left, top), (right, bottom) = (centre.grid.transform * at for at in ((col0, row0), (col1, row1)))
    return shapely.MultiPolygon([shapely.box(left, bottom, right, top)])


def _name(cell: Cell) -> str:
    return f"r{cell[0]}c{cell[1]}"


def _row(cell: Cell, outline: BaseGeometry, as_of: int, hectares: float, sizes: NDArray[np.float64]) -> Row:
    found = {
        f"found_{age}_days_ha": float(size) if np.isfinite(size) else None
        for age, size in zip(AGES_DAYS, sizes, strict=True)
    }
    return {"id": _name(cell), "geometry": outline, "as_of": as_of, "watched_ha": float(hectares)} | found


def _last(number: int, sights: Sequence[CellSight], known: Row | None) -> Row:
    """Return when a cell was last truly seen and by what, as far back as the rows before say it."""
    for one in reversed(sights):
        if one.seen[number] >= TRULY:
            return {"seen_day": one.day, "seen_by": one.key}
    return {"seen_day": known and known["seen_day"], "seen_by": known["seen_by"] if known else ""}
