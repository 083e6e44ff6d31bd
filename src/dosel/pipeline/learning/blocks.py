"""Sample blocks: squares fixed in pixel numbers over the whole projection, put together from whatever tiles.

What is measured on them (correlations, thresholds) therefore does not depend on how an area is tiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import NODATA, Watch
from dosel.model.grid import Grid, Tile
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.reading import HALO_PX, Named, gridded
from dosel.pipeline.spine.watched import watched_codes

BLOCK_PX = 256
MOST_BLOCKS = 16
"""At 10 m a hundred square kilometres, however large the area."""
FEWEST_BLOCKS = 4
"""With fewer, blocks are halved: what is chosen on some is measured on others."""
LEAST_PX = 32


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of pixels, without its halo."""

    row: int
    col: int
    shape: tuple[int, int]

    @property
    def padded(self) -> tuple[int, int]:
        """Rows and columns with the halo."""
        return self.shape[0] + 2 * HALO_PX, self.shape[1] + 2 * HALO_PX


def sample_blocks(grid: Grid, most: int = MOST_BLOCKS) -> tuple[Block, ...]:
    """Return blocks of the grid's area, spread evenly over it; smaller ones where the area is small.

    Examples
    --------
    >>> grid = Grid("demo", "EPSG:32719", 10.0, (0.0, 0.0), (0, 0, 300, 256))
    >>> [(block.row, block.col, block.shape) for block in sample_blocks(grid)][:3]
    [(0, 0, (128, 128)), (0, 128, (128, 128)), (0, 256, (128, 44))]
    """
    side = BLOCK_PX
    blocks = _blocks(grid.window, side)
    while len(blocks) < FEWEST_BLOCKS and side > LEAST_PX:
        side //= 2
        blocks = _blocks(grid.window, side)
    if len(blocks) <= most:
        return blocks
    chosen = (np.arange(most) + 0.5) * len(blocks) / most
    return tuple(blocks[int(number)] for number in chosen)


def _blocks(window: tuple[int, int, int, int], side: int) -> tuple[Block, ...]:
    """Return all blocks of the lattice that a window touches, cut to it."""
    col0, row0, col1, row1 = window
    return tuple(
        Block(top, left, (min(row + side, row1) - top, min(col + side, col1) - left))
        for row in range(row0 // side * side, row1, side)
        for col in range(col0 // side * side, col1, side)
        for top, left in [(max(row, row0), max(col, col0))]
    )


def block_values(centre: Centre, look: Named, block: Block, streams: int) -> NDArray[np.int16]:
    """Return (stream, y + 2 halo, x + 2 halo) of a look over a block, NODATA where it does not reach."""

    def of_tile(tile: Tile) -> NDArray[np.int16] | None:
        seen = gridded(centre, look, tile)
        return None if seen is None else seen.values

    out = np.full((streams, *block.padded), NODATA, np.int16)
    _paste(block, centre.tiles, of_tile, out)
    return out


def block_watched(centre: Centre, block: Block) -> NDArray[np.uint8]:
    """Return (y + 2 halo, x + 2 halo), 1 where the analysis mask watches."""

    def of_tile(tile: Tile) -> NDArray[np.uint8]:
        return np.asarray(watched_codes(centre, tile) == Watch.WATCHED, np.uint8)

    out = np.zeros(block.padded, np.uint8)
    _paste(block, centre.tiles, of_tile, out)
    return out


def _paste(
    block: Block, tiles: Iterable[Tile], of_tile: Callable[[Tile], NDArray[Any] | None], out: NDArray[Any]
) -> None:
    """Write the part of every tile that lies over the block; where halos overlap they agree."""
    for tile in tiles:
        rows = _overlap(block.row, block.shape[0], tile.row, tile.shape[0])
        cols = _overlap(block.col, block.shape[1], tile.col, tile.shape[1])
        if rows is None or cols is None:
            continue
        values = of_tile(tile)
        if values is not None:
            out[..., rows[0], cols[0]] = values[..., rows[1], cols[1]]


def _overlap(first: int, size: int, tile_first: int, tile_size: int) -> tuple[slice, slice] | None:
    """Return where two padded spans meet, as slices of each; None where they do not."""
    start, stop = max(first, tile_first) - HALO_PX, min(first + size, tile_first + tile_size) + HALO_PX
    if stop - start <= 2 * HALO_PX:
        return None
    ours, theirs = first - HALO_PX, tile_first - HALO_PX
    return slice(start - ours, stop - ours), slice(start - theirs, stop - theirs)
