"""Fixed tiles over one projected grid per area of interest.

Pixels are numbered over the whole projection, so a pixel, and every id derived from it, is the same
whatever the area or the tile size: ``col`` grows east from the grid's anchor, ``row`` grows south.

Examples
--------
>>> grid = Grid("demo", "EPSG:32719", 10.0, (0.0, 0.0), (0, -40, 30, 0), tile_px=16)
>>> [tile.id for tile in grid.tiles()]
['r-003c0000', 'r-003c0001', 'r-002c0000', 'r-002c0001', 'r-001c0000', 'r-001c0001']
>>> grid.tiles()[0].shape
(8, 16)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import CRS, Transformer

from dosel.errors import InputError


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of pixels of a grid: the unit of work, of state and of resumption."""

    id: str
    """``r<row>c<col>`` of the fixed tile."""
    row: int
    """First pixel row (over the whole projection, growing south)."""
    col: int
    """First pixel column (over the whole projection, growing east)."""
    shape: tuple[int, int]
    """Rows and columns of pixels, without a halo."""
    geobox: GeoBox
    """The rectangle on the ground, without a halo."""

    def padded(self, halo_px: int) -> GeoBox:
        """Return the rectangle with a margin of `halo_px` pixels on every side."""
        return self.geobox.pad(halo_px) if halo_px else self.geobox


@dataclass(frozen=True, slots=True)
class Grid:
    """A projected pixel grid and the part of it that an area of interest covers."""

    name: str
    crs: str
    """Projected CRS as text, for example ``EPSG:32719``; units must be metres."""
    resolution_m: float
    """Pixel size in metres."""
    anchor: tuple[float, float]
    """Projected x, y in metres where pixel (0, 0) has its upper left corner."""
    window: tuple[int, int, int, int]
    """col_start, row_start, col_stop, row_stop of the area in pixels over the whole projection."""
    tile_px: int = 1024
    """Side of a tile in pixels."""

    def __post_init__(self) -> None:
        crs = CRS.from_user_input(self.crs)
        if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
            raise InputError(f"area.crs: expected a projected CRS in metres, got {self.crs}")
        if not self.resolution_m > 0:
            raise InputError(f"area.resolution_m: expected a number above 0, got {self.resolution_m}")
        if self.window[0] >= self.window[2] or self.window[1] >= self.window[3]:
            raise InputError(f"area: the window {self.window} holds no pixel")

    @classmethod
    def over(
        cls,
        name: str,
        crs: str,
        resolution_m: float,
        bounds: tuple[float, float, float, float],
        anchor: tuple[float, float] = (0.0, 0.0),
        tile_px: int = 1024,
    ) -> Grid:
        """Return the grid whose pixels cover projected `bounds` (left, bottom, right, top in metres)."""
        left, bottom, right, top = bounds
        eps = 1e-6
        window = (
            math.floor((left - anchor[0]) / resolution_m + eps),
            math.floor((anchor[1] - top) / resolution_m + eps),
            math.ceil((right - anchor[0]) / resolution_m - eps),
            math.ceil((anchor[1] - bottom) / resolution_m - eps),
        )
        return cls(name, crs, resolution_m, anchor, window, tile_px)

    @property
    def transform(self) -> Affine:
        """Affine transform from (col, row) over the whole projection to projected x, y."""
        size = self.resolution_m
        return Affine(size, 0.0, self.anchor[0], 0.0, -size, self.anchor[1])

    @property
    def pixel_ha(self) -> float:
        """Nominal area of a pixel in hectares (the area of an alert comes from its equal-area polygon)."""
        return self.resolution_m**2 / 10_000.0

    def box(self, window: tuple[int, int, int, int]) -> GeoBox:
        """Return the GeoBox of a pixel window (col_start, row_start, col_stop, row_stop)."""
        col0, row0, col1, row1 = window
        return GeoBox((row1 - row0, col1 - col0), self.transform * Affine.translation(col0, row0), self.crs)

    @property
    def geobox(self) -> GeoBox:
        """The whole area as one GeoBox."""
        return self.box(self.window)

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the whole area in degrees WGS 84."""
        box = self.geobox.extent.boundingbox
        to_degrees = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = to_degrees.transform_bounds(*box.bbox, densify_pts=21)
        return west, south, east, north

    def tiles(self) -> tuple[Tile, ...]:
        """Return the fixed tiles that the area touches, cut to its window, north to south."""
        col0, row0, col1, row1 = self.window
        size = self.tile_px
        return tuple(
            self._tile(tile_row, tile_col)
            for tile_row in range(row0 // size, -(-row1 // size))
            for tile_col in range(col0 // size, -(-col1 // size))
        )

    def _tile(self, tile_row: int, tile_col: int) -> Tile:
        size = self.tile_px
        col0, row0 = max(tile_col * size, self.window[0]), max(tile_row * size, self.window[1])
        col1, row1 = min((tile_col + 1) * size, self.window[2]), min((tile_row + 1) * size, self.window[3])
        box = self.box((col0, row0, col1, row1))
        name = f"r{tile_row:04d}c{tile_col:04d}"
        return Tile(name, row0, col0, (row1 - row0, col1 - col0), box)
