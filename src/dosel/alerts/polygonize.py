"""Pieces of changed pixels: which pixels hang together, since when, how large, and their outlines.

A piece is a group of active pixels that touch at an edge or a corner. Its date window is that of its first
pixels, those that crossed h1 on the earliest day: it ends on that day and begins at the earliest
`before` among them, so it holds the window of each. Pixels that crossed later say nothing about when the
piece began. Areas come from the cylindrical equal-area projection EPSG:6933.

Examples
--------
>>> import numpy as np
>>> found = pieces(stitch([runs_of(np.array([[0, 0, 2], [1, 2, 3], [5, 5, 6]], np.int32))]))
>>> found.pixels.tolist(), found.row.tolist(), found.col.tolist()
([3, 1], [0, 5], [0, 5])
>>> from dosel.model.grid import Grid
>>> grid = Grid("demo", "EPSG:6933", 10.0, (0.0, 0.0), (0, 0, 10, 10))
>>> [shape.wkt for shape in polygons(found, grid)][1]
'MULTIPOLYGON (((50 -60, 60 -60, 60 -50, 50 -50, 50 -60)))'
>>> areas_ha(found, grid).round(6).tolist()
[0.03, 0.01]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from pyproj import Transformer

from dosel.alerts.rings import trace
from dosel.alerts.runs import (
    BEFORE,
    CHANGED,
    COLUMNS,
    CROSSED,
    EVIDENCE,
    ONSET,
    ROW,
    SEEN,
    START,
    STOP,
    PixelRuns,
    absorb_run,
    active_runs,
    runs_of,
    stitch,
)
from dosel.errors import InputError
from dosel.model.codes import DAY_BITS, EVIDENCE_PER_NAT, STATE_DAY0
from dosel.model.grid import Grid

__all__ = ["EQUAL_AREA", "Pieces", "active_runs", "areas_ha", "pieces", "polygons", "runs_of", "stitch"]

EQUAL_AREA: Final = "EPSG:6933"
"""WGS 84 / NSIDC EASE-Grid 2.0 Global: cylindrical equal area on the ellipsoid."""

_LATTICE_PX: Final = 128
_PIXELS: Final = COLUMNS
_ROW_STOP: Final = COLUMNS + 1
_COL_START: Final = COLUMNS + 2
_COL_STOP: Final = COLUMNS + 3


@dataclass(frozen=True, slots=True)
class Pieces:
    """Corner-connected groups of active pixels, numbered by their first pixel (least row, then column)."""

    runs: PixelRuns
    """Canonical runs of all pieces, sorted by (row, start)."""
    label: NDArray[np.int32]
    """(run): its piece."""
    order: NDArray[np.int64]
    """(run): the runs part after part, piece after piece; a part is edge-connected."""
    part_runs: NDArray[np.int64]
    """(part + 1): where each part starts in `order`."""
    piece_parts: NDArray[np.int64]
    """(piece + 1): where each piece starts among the parts."""
    table: NDArray[np.int32]
    """(piece, 14): the columns below."""

    def __len__(self) -> int:
        return len(self.table)

    @property
    def row(self) -> NDArray[np.int32]:
        """Row of the first pixel, over the whole projection."""
        return self.table[:, ROW]

    @property
    def col(self) -> NDArray[np.int32]:
        """Column of the first pixel."""
        return self.table[:, START]

    @property
    def pixels(self) -> NDArray[np.int32]:
        """Candidate and changed pixels."""
        return self.table[:, _PIXELS]

    @property
    def changed(self) -> NDArray[np.int32]:
        """Pixels whose evidence crossed h2."""
        return self.table[:, CHANGED]

    @property
    def seen(self) -> NDArray[np.int32]:
        """Pixels with a valid value in the look of this step."""
        return self.table[:, SEEN]

    @property
    def window_start(self) -> NDArray[np.int32]:
        """Day number of the earliest last valid look without evidence of the first pixels.

        ``STATE_DAY0`` where one of them was never seen without evidence: the window is open.
        """
        return self.table[:, BEFORE] + np.int32(STATE_DAY0)

    @property
    def window_end(self) -> NDArray[np.int32]:
        """Day number of the first look with evidence above h1."""
        return self.table[:, CROSSED] + np.int32(STATE_DAY0)

    @property
    def onset(self) -> NDArray[np.int32]:
        """Day number of the onset of the first pixel with most evidence."""
        return self.table[:, ONSET] + np.int32(STATE_DAY0)

    @property
    def evidence(self) -> NDArray[np.float64]:
        """Largest running evidence, in nats."""
        return self.table[:, EVIDENCE] / float(EVIDENCE_PER_NAT)

    @property
    def bbox(self) -> NDArray[np.int32]:
        """(piece, 4): col_start, row_start, col_stop, row_stop."""
        return self.table[:, [_COL_START, ROW, _COL_STOP, _ROW_STOP]]

    def runs_of(self, which: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the positions in :attr:`runs` of some pieces, one after another, and how many of each."""
        first, last = self.part_runs[self.piece_parts[which]], self.part_runs[self.piece_parts[which + 1]]
        return self.order[_ragged(first, last - first)], last - first


def pieces(runs: PixelRuns) -> Pieces:
    """Return the corner-connected groups of canonical runs (from :func:`stitch`)."""
    label = _components(runs.table, 1)
    part = _components(runs.table, 0)
    count = int(label.max(initial=-1)) + 1
    parts = int(part.max(initial=-1)) + 1
    part_piece = np.empty(parts, np.int32)
    part_piece[part] = label
    rank = np.empty(parts, np.int64)
    rank[np.argsort(part_piece, kind="stable")] = np.arange(parts)
    part = rank[part].astype(np.int32)
    return Pieces(
        runs=runs,
        label=label,
        order=np.argsort(part, kind="stable"),
        part_runs=_offsets(np.bincount(part, minlength=parts)),
        piece_parts=_offsets(np.bincount(part_piece, minlength=count)),
        table=_gather(runs.table, label, count),
    )


def polygons(found: Pieces, grid: Grid, which: NDArray[np.integer[Any]] | None = None) -> NDArray[np.object_]:
    """Return the outlines of pieces along pixel edges, with holes, in the grid's CRS.

    Parameters
    ----------
    found : Pieces
    grid : Grid
    which : array of int, optional
        Pieces to outline; all by default.

    Returns
    -------
    array of shapely.MultiPolygon
        Valid; parts of a piece that touch at a corner only are polygons of their own.
    """
    wanted = np.arange(len(found)) if which is None else np.asarray(which, np.int64)
    part_counts = np.diff(found.piece_parts)[wanted]
    parts = _ragged(found.piece_parts[wanted], part_counts)
    run_counts = np.diff(found.part_runs)[parts]
    runs = found.order[_ragged(found.part_runs[parts], run_counts)]
    return _outline(found.runs.triples[runs], _offsets(run_counts), _offsets(part_counts), grid)


def areas_ha(found: Pieces, grid: Grid, which: NDArray[np.integer[Any]] | None = None) -> NDArray[np.float64]:
    """Return the area of pieces (all by default) in hectares of :data:`EQUAL_AREA`.

    The hectares of a pixel follow from a lattice of exact values fixed in pixel numbers over the whole
    projection, 128 pixels apart, linear in between (relative error below 1e-7 for 30 m pixels in a UTM zone).

    Raises
    ------
    InputError
        If pixels lie where the grid's CRS cannot be projected.
    """
    wanted = np.arange(len(found)) if which is None else np.asarray(which, np.int64)
    at, runs = found.runs_of(wanted)
    table = found.runs.triples[at].astype(np.float64)
    row, start, stop = table[:, ROW], table[:, START], table[:, STOP]
    weights = _pixel_ha(grid, row + 0.5, (start + stop) / 2.0) * (stop - start)
    piece = np.repeat(np.arange(len(wanted)), runs)
    total_ha = np.bincount(piece, weights=weights, minlength=len(wanted))
    return np.asarray(total_ha, np.float64)


def _pixel_ha(grid: Grid, row: NDArray[np.float64], col: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the equal-area hectares of a pixel centred at fractional pixel numbers."""
    i, j = (np.floor(axis / _LATTICE_PX).astype(np.int64) for axis in (row, col))
    v, u = row / _LATTICE_PX - i, col / _LATTICE_PX - j
    nodes = np.concatenate([(i + di) * 2**32 + (j + dj) for di in (0, 1) for dj in (0, 1)])
    keys, which = np.unique(nodes, return_inverse=True)
    node_i = (keys + 2**31) // 2**32
    upper_left, upper_right, lower_left, lower_right = _node_ha(grid, node_i, keys - node_i * 2**32)[
        which.reshape(4, -1)
    ]
    upper, lower = upper_left * (1.0 - u) + upper_right * u, lower_left * (1.0 - u) + lower_right * u
    return np.asarray(upper * (1.0 - v) + lower * v, np.float64)


def _node_ha(grid: Grid, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the hectares of a pixel at nodes of the lattice, from the Jacobian of the projection."""
    to_equal_area = Transformer.from_crs(grid.crs, EQUAL_AREA, always_xy=True)
    size, step = grid.resolution_m, max(grid.resolution_m, 100.0)
    x = grid.anchor[0] + size * _LATTICE_PX * j
    y = grid.anchor[1] - size * _LATTICE_PX * i
    around = [
        np.stack(to_equal_area.transform(x + dx, y + dy))
        for dx, dy in ((step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step))
    ]
    if not np.isfinite(around).all():
        raise InputError(f"area.crs: expected pixels inside the range of {grid.crs}, got some outside it")
    (ex, ey), (nx, ny) = around[0] - around[1], around[2] - around[3]
    scale = np.abs(ex * ny - ey * nx) / (2.0 * step) ** 2
    return np.asarray(scale * size**2 / 10_000.0, np.float64)


def _outline(
    triples: NDArray[np.int32], part_runs: NDArray[np.int64], piece_parts: NDArray[np.int64], grid: Grid
) -> NDArray[np.object_]:
    """Return one MultiPolygon per piece from runs grouped by part and piece."""
    rings = trace(triples, part_runs)
    corners = np.empty(rings.corners.shape)
    corners[:, 0] = grid.anchor[0] + grid.resolution_m * rings.corners[:, 0]
    corners[:, 1] = grid.anchor[1] - grid.resolution_m * rings.corners[:, 1]
    offsets = (rings.ring_corners, rings.part_rings, piece_parts)
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, corners, offsets)
    return np.asarray(shapes, object)


def _offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of `counts` starts, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _ragged(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions of several stretches, one after another."""
    offsets = _offsets(counts)
    return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], counts)


@njit(cache=True, nogil=True)
def _components(table: NDArray[np.int32], reach: int) -> NDArray[np.int32]:
    """Label connected runs in order of their first run; reach 1: corners connect, 0: edges only."""
    runs = len(table)
    parent = np.arange(runs).astype(np.int32)
    above = end_above = first = 0
    while first < runs:
        end = first
        while end < runs and table[end, ROW] == table[first, ROW]:
            end += 1
        if end_above > above and table[above, ROW] == table[first, ROW] - 1:
            _connect(table, above, end_above, first, end, reach, parent)
        above, end_above, first = first, end, end
    count = 0
    label = np.empty(runs, np.int32)
    for run in range(runs):
        if parent[run] == run:
            label[run] = count
            count += 1
        else:
            label[run] = label[_root(parent, run)]
    return label


@njit(cache=True, nogil=True)
def _connect(
    table: NDArray[np.int32],
    above: int,
    end_above: int,
    first: int,
    end: int,
    reach: int,
    parent: NDArray[np.int32],
) -> None:
    """Unite the runs of two neighbouring rows that touch."""
    for run in range(first, end):
        while above < end_above and table[above, STOP] + reach <= table[run, START]:
            above += 1
        other = above
        while other < end_above and table[other, START] < table[run, STOP] + reach:
            one, two = _root(parent, run), _root(parent, other)
            parent[max(one, two)] = min(one, two)
            other += 1


@njit(cache=True, nogil=True)
def _root(parent: NDArray[np.int32], run: int) -> int:
    """Return the first run of the group, halving the way to it."""
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run


@njit(cache=True, nogil=True)
def _gather(table: NDArray[np.int32], label: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """Fold the runs of each piece into one record."""
    out = np.zeros((count, COLUMNS + 4), np.int32)
    out[:, CROSSED] = 1 << DAY_BITS
    for run in range(len(table)):
        into = out[label[run]]
        start, stop = table[run, START], table[run, STOP]
        if into[_PIXELS] == 0:
            into[ROW] = table[run, ROW]
            into[START] = start
            into[STOP] = stop
            into[_COL_START] = start
            into[_COL_STOP] = stop
        into[_PIXELS] += stop - start
        into[_ROW_STOP] = table[run, ROW] + 1
        into[_COL_START] = min(into[_COL_START], start)
        into[_COL_STOP] = max(into[_COL_STOP], stop)
        absorb_run(into, table[run])
    return out
