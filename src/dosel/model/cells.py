"""Cells of about one square kilometre, fixed in pixel numbers over the whole projection.

Examples
--------
>>> from dosel.model.grid import Grid
>>> grid = Grid("demo", "EPSG:32719", 10.0, (0.0, 0.0), (50, 0, 250, 100), tile_px=200)
>>> [cell_of(grid, tile, 0, 0) for tile in grid.tiles()]
[(0, 0), (0, 2)]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dosel.model.grid import Grid, Tile

CELL_M = 1000.0


def cell_px(grid: Grid) -> int:
    """Return the side of a cell in pixels: the whole number nearest to a kilometre, at least 1."""
    return max(1, round(CELL_M / grid.resolution_m))


def cell_of(grid: Grid, tile: Tile, row: int, col: int) -> tuple[int, int]:
    """Return the number (row, col) of the cell that holds a pixel of a tile."""
    side = cell_px(grid)
    return (tile.row + row) // side, (tile.col + col) // side


def cell_window(grid: Grid, cell: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return col_start, row_start, col_stop, row_stop of a cell, cut to the grid's area."""
    side, (row, col) = cell_px(grid), cell
    col0, row0, col1, row1 = grid.window
    return (
        max(col * side, col0),
        max(row * side, row0),
        min((col + 1) * side, col1),
        min((row + 1) * side, row1),
    )


def count_by_cell(grid: Grid, tile: Tile, mask: NDArray[Any]) -> NDArray[np.uint32]:
    """Return (cell row, cell col) how many pixels of a tile's mask (y, x) lie in each cell that it touches.

    Examples
    --------
    >>> grid = Grid("demo", "EPSG:32719", 10.0, (0.0, 0.0), (50, 0, 250, 100), tile_px=250)
    >>> count_by_cell(grid, grid.tiles()[0], np.ones((100, 200), bool)).tolist()
    [[5000, 10000, 5000]]
    """
    side = cell_px(grid)
    rows, cols = (_starts(tile.row, tile.shape[0], side), _starts(tile.col, tile.shape[1], side))
    by_row = np.add.reduceat(mask.astype(np.uint32), rows, axis=0)
    return np.asarray(np.add.reduceat(by_row, cols, axis=1), np.uint32)


def _starts(first: int, size: int, side: int) -> NDArray[np.int64]:
    """Return where cells begin in a span of pixels, its own begin included."""
    whole = np.arange((-first) % side, size, side)
    return whole if first % side == 0 else np.append(0, whole)
