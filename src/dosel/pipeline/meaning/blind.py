"""Blind spots of a centre: its ledger, masks and baselines as :mod:`dosel.context.blindspot` asks for them.

What is sealed is left out like what is not watched: it cannot be told from ordinary "no data". Mask and
thresholds are those of today, also for a day in the past; looks count by the day they were acquired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from dosel.alerts.confirm import AlertRules
from dosel.alerts.table import to_degrees
from dosel.context.blindspot import (
    Blindness,
    Cells,
    Detector,
    Eye,
    Fate,
    Ground,
    Sighting,
    last_seen,
    look_back,
    passes_over,
)
from dosel.context.layer import Layer, Theme
from dosel.context.stretches import around
from dosel.model.cells import cell_px, cell_window
from dosel.model.codes import LookStatus, Refusal
from dosel.model.geodesy import areas_ha
from dosel.model.marking import Marking
from dosel.monitor.detectability import AGES_DAYS, Watching
from dosel.monitor.weather import weight_after
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.calibrate import in_force, stored_calibration
from dosel.pipeline.learning.models import all_streams
from dosel.pipeline.learning.silence import Cell, outline_of, watched_cells
from dosel.store.interface import Between, Row

DAYS: Final = 30
"""Unseen is, unless asked otherwise, what was not seen for longer."""
SHOWED_NOTHING: Final = (int(Refusal.ALL_NODATA), int(Refusal.OFFSET))
"""Refusals of a look that came, covered the place and showed too little of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """The watched square kilometres of a centre, by number."""

    cells: Cells
    place: tuple[Cell, ...]
    """Row and column over the whole projection."""
    pixels: NDArray[np.float64]
    """Watched pixels of each."""


def blindness(
    centre: Centre, as_of: int, *, days: int = DAYS, layers: Iterable[Layer] = (), brief: bool = False
) -> tuple[Board, Blindness]:
    """Return what a centre had and had not seen as of a day, by square kilometre and stream.

    Parameters
    ----------
    as_of
        UTC day number.
    days
        Unseen is what was not seen for longer.
    layers
        Those among them that seal a place seal it here.
    brief
        Draw no clearings, read no mask and no looks before those of the days that count: quick on any area.
        So it is for a centre that watches nothing yet, whatever is asked.
    """
    brief = brief or _watches_nothing(centre)
    watched = _watched_before(centre) if brief else watched_cells(centre, as_of)
    board, eyes = _board(centre, watched, layers), _eyes(centre)
    since = as_of - max(days, *AGES_DAYS)
    recent = list(_sightings(centre, board, since, as_of))
    ground = Ground() if brief else _ground(centre, board, eyes, since)
    detector = None if brief else _detector(centre)
    return board, look_back(
        board.cells, eyes, recent, as_of=as_of, days=days, detector=detector, ground=ground
    )


def _watches_nothing(centre: Centre) -> bool:
    """Return whether forest is what the baselines see, and there is none."""
    return centre.settings.mask.kind == "baseline" and not centre.store.select("baselines", limit=1)


def whole_ha(centre: Centre) -> float:
    """Return the hectares of the area of a centre, from an equal-area projection."""
    box = centre.grid.geobox.boundingbox
    shape = shapely.box(box.left, box.bottom, box.right, box.top) if centre.area is None else centre.area
    return float(areas_ha(to_degrees([shape], centre.grid.crs))[0])


def _watched_before(centre: Centre) -> dict[Cell, int]:
    """Return the watched pixels of every cell as the last run left them."""
    rows = centre.store.select("cells", columns=["id", "watched_ha"])
    names = ((row, row["id"][1:].partition("c")) for row in rows)
    found = {
        (int(up), int(right)): round(row["watched_ha"] / centre.grid.pixel_ha)
        for row, (up, _, right) in names
    }
    return dict(sorted(found.items()))


def _board(centre: Centre, watched: Mapping[Cell, int], layers: Iterable[Layer]) -> Board:
    outlines = np.array(
        to_degrees([outline_of(centre, cell) for cell in watched], centre.grid.crs), dtype=object
    )
    kept = np.flatnonzero(~sealed(outlines, layers))
    place = [list(watched)[number] for number in kept]
    pixels = np.array([watched[cell] for cell in place], np.float64)
    shares = pixels / np.array([_size(centre, cell) for cell in place], np.float64)
    return Board(Cells(outlines[kept], areas_ha(outlines[kept]), shares), tuple(place), pixels)


def _size(centre: Centre, cell: Cell) -> int:
    col0, row0, col1, row1 = cell_window(centre.grid, cell)
    return (col1 - col0) * (row1 - row0)


def sealed(outlines: NDArray[np.object_], layers: Iterable[Layer]) -> NDArray[np.bool_]:
    """Return which outlines (degrees) touch a sealed place, its margin included."""
    hit = np.zeros(len(outlines), bool)
    for layer in layers:
        if layer.theme is not Theme.ISOLATION and layer.sensitivity < Marking.SEALED:
            continue
        for unit in layer.units.geometry:
            area = around(unit, layer.margin_m) if layer.margin_m > 0 else unit
            hit |= shapely.intersects(area, outlines)
    return hit


def _eyes(centre: Centre) -> tuple[Eye, ...]:
    """Return every stream that was learnt or that the settings ask for."""
    known = {row.key: Watching(row.models, row.correlation) for row in all_streams(centre)}
    asked = {
        f"{row.name}/{geometry}"
        for row in (centre.sensor(source.sensor) for source in centre.settings.source)
        for geometry in row.geometries
    }
    never = asked - known.keys()
    told = {one.partition("/")[0] for one in known}
    keys = sorted(known.keys() | {key for key in never if key.partition("/")[0] not in told})
    return tuple(Eye(key, centre.sensor(key.partition("/")[0]).kind, known.get(key)) for key in keys)


def _detector(centre: Centre) -> Detector | None:
    known = stored_calibration(centre)
    if known is None:
        return None
    rules = AlertRules(centre.settings.alerts.min_area_ha)
    return Detector(in_force(centre, known), centre.grid.pixel_ha, rules.min_pixels(centre.grid))


def _sightings(centre: Centre, board: Board, first: int, last: int) -> Iterator[Sighting]:
    """Yield what the watched cells saw of the looks of some days, in the order of acquisition."""
    day = Between(first, last)
    stored: dict[str, list[Row]] = {}
    for row in centre.store.select("cell_looks", {"day": day}):
        stored.setdefault(row["look_id"], []).append(row)
    status = [int(LookStatus.USED), int(LookStatus.REFUSED)]
    looks = centre.store.select("looks", {"status": status, "day": day}, order_by=("acquired", "id"))
    boxes = _boxes(centre, [look["id"] for look in looks])
    weigh = _Weights(centre)
    for look in looks:
        key = f"{look['sensor']}/{look['geometry']}"
        fate = _fate(look)
        weight = weigh(key, look["day"]) if fate == "used" else 1.0
        seen = _seen(centre, board, stored.get(look["id"], ()))
        covered = _covered(board, boxes.get(look["id"], ()))
        yield Sighting(look["day"], key, seen, weight, covered, fate)


def _fate(look: Row) -> Fate:
    if look["status"] == LookStatus.USED:
        return "used"
    return "blank" if look["refusal"] in SHOWED_NOTHING else "refused"


class _Weights:
    """The weight of each used look after those before it."""

    def __init__(self, centre: Centre) -> None:
        known = stored_calibration(centre)
        self._weather = known.weather if known else {}
        self._groups = {row.key: row.weather for row in all_streams(centre)}
        self._stamps: list[tuple[str, str, int]] = []

    def __call__(self, key: str, day: int) -> float:
        own = key, self._groups.get(key, key), day
        weight = weight_after(self._stamps, own, self._weather)
        self._stamps.append(own)
        return weight


def _seen(centre: Centre, board: Board, rows: Iterable[Row]) -> NDArray[np.float64]:
    """Return (cell,) the share of the watched pixels that a look saw; NaN where it left no count."""
    tiles, side = {tile.id: tile for tile in centre.tiles}, cell_px(centre.grid)
    totals: dict[Cell, int] = {}
    for row in rows:
        tile = tiles[row["tile_id"]]
        top, left = tile.row // side, tile.col // side
        height = (tile.row + tile.shape[0] - 1) // side - top + 1
        for (i, j), count in np.ndenumerate(np.frombuffer(row["counts"], "<u4").reshape(height, -1)):
            cell = (top + i, left + j)
            totals[cell] = totals.get(cell, 0) + int(count)
    counts = np.array([totals.get(cell, np.nan) for cell in board.place], np.float64)
    return np.asarray(np.minimum(counts / board.pixels, 1.0))


def _boxes(centre: Centre, looks: Sequence[str]) -> Mapping[str, list[tuple[float, ...]]]:
    """Return the boxes of the scenes of each look, in degrees."""
    boxes: dict[str, list[tuple[float, ...]]] = {}
    for row in centre.store.select("scenes", {"look_id": list(looks)}, columns=["look_id", "scene"]):
        boxes.setdefault(row["look_id"], []).append(tuple(row["scene"]["bbox"]))
    return boxes


def _covered(board: Board, boxes: Sequence[tuple[float, ...]]) -> NDArray[np.bool_] | None:
    """Return which cells have their middle in the box of a scene; None where no scene is known."""
    if not boxes:
        return None
    bounds = shapely.bounds(board.cells.outline).reshape(-1, 4)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    inside = [(west <= x) & (x <= east) & (south <= y) & (y <= north) for west, south, east, north in boxes]
    return np.asarray(np.any(inside, axis=0))


def _ground(centre: Centre, board: Board, eyes: Sequence[Eye], before: int) -> Ground:
    """Return what the looks before a day say, and which cells no baseline covers."""
    cells = board.cells
    last = {eye.key: last_seen(cells, ()) for eye in eyes}
    passes = {eye.key: np.zeros(len(cells), np.int64) for eye in eyes}
    for one in _older(centre, board, before):
        if one.key in last:
            last[one.key] = last_seen(cells, [one], last[one.key])
            passes[one.key] += passes_over(cells, [one])
    return Ground(last, _without_baseline(centre, board), passes)


def _older(centre: Centre, board: Board, before: int) -> Iterator[Sighting]:
    """Yield the sightings of the looks before a day, stretch after stretch, the newest first."""
    oldest = centre.store.select("cell_looks", order_by=("day",), limit=1, columns=["day"])
    stop = before
    while oldest and stop > oldest[0]["day"]:
        yield from _sightings(centre, board, stop - max(AGES_DAYS), stop - 1)
        stop -= max(AGES_DAYS)


def _without_baseline(centre: Centre, board: Board) -> dict[str, NDArray[np.bool_]]:
    """Return by stream which cells lie, with their middle, on a tile for which nothing was learnt."""
    rows = centre.store.tally("baselines", ["stream", "tile_id"])
    known = {(row["stream"], row["tile_id"]) for row in rows}
    side, tile_px = cell_px(centre.grid), centre.grid.tile_px
    middles = [((2 * row + 1) * side // 2, (2 * col + 1) * side // 2) for row, col in board.place]
    col0, row0, col1, row1 = centre.grid.window
    tiles = [
        f"r{min(max(row, row0), row1 - 1) // tile_px:04d}c{min(max(col, col0), col1 - 1) // tile_px:04d}"
        for row, col in middles
    ]
    return {
        streams.key: np.array(
            [all((name, tile) not in known for name in streams.names) for tile in tiles], bool
        )
        for streams in all_streams(centre)
    }
