r"""What will be read for a look, before a pixel is read: pure and printable.

Scenes are matched with tiles by their bounding boxes, reprojected with densified edges; the raster itself
decides in the end (``stack.read``), so a box that is too large costs an open file and nothing else.

Examples
--------
>>> from datetime import datetime, UTC
>>> from dosel.catalog.scene import Asset
>>> from dosel.catalog.sensors import sensor
>>> from dosel.model.grid import Grid
>>> from dosel.model.provenance import Source
>>> row, when = sensor("sentinel-1-rtc"), datetime(2024, 5, 1, 10, tzinfo=UTC)
>>> scene = SceneRef("S1A_1", "c", row.name, "ascending", "0A1B", when, (-69.1, -12.1, -68.9, -11.9),
...                  {"vv": Asset("vv.tif"), "vh": Asset("vh.tif")}, Source("s", "", ""))
>>> look = Look("sentinel-1-rtc/ascending/19844/0A1B", row.name, "ascending", when, 19844, (scene,))
>>> grid = Grid("demo", "EPSG:32719", 20.0, (0, 0), (24900, -433700, 24964, -433636), tile_px=64)
>>> plan = plan_look(look, row, grid.tiles(), halo_px=4)
>>> print("\n".join(plan.lines()))
sentinel-1-rtc/ascending/19844/0A1B: 1 scene on 4 of 4 tiles, up to 0.1 MB before compression
  streams: sentinel-1-vv/ascending, sentinel-1-vh/ascending
  vv: average from about 10 m to 20 m
  vh: average from about 10 m to 20 m
  S1A_1: r-6777c0389 r-6777c0390 r-6776c0389 r-6776c0390
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from dosel.catalog.scene import Look, RefusedSceneError, SceneRef
from dosel.catalog.sensors import MaskRule, Sensor, refuse_raw, stream_names
from dosel.errors import InputError
from dosel.model.codes import Refusal
from dosel.model.grid import Tile
from dosel.stack.resample import Resampling, choose

_BYTES_WORKED: Final = 8
"""Bytes a source pixel takes while it is read: as stored, and as float."""
_BYTES_LEARNT: Final = 180
"""Bytes a pixel that a tile takes while its baseline is learnt, one stream at a time."""


@dataclass(frozen=True, slots=True)
class TilePlan:
    """The scenes that are laid on one tile."""

    tile: Tile
    scenes: tuple[SceneRef, ...]
    """In the order in which they are laid: the first valid value wins."""


@dataclass(frozen=True, slots=True)
class LookPlan:
    """Everything that will be read for one look."""

    look: Look
    sensor: Sensor
    streams: tuple[str, ...]
    """Full stream names, in the order of the first axis of the values."""
    bands: tuple[str, ...]
    """Names of the bands that are read, the mask last."""
    crs: str
    """CRS of the grid."""
    transform: Affine
    """(col, row) over the whole projection to projected x, y."""
    halo_px: int
    dilate_px: int
    """Pixels within so many of a masked one are masked too."""
    tiles: tuple[TilePlan, ...]
    """Tiles that some scene touches, in the order given."""
    given: int
    """Number of tiles that were asked for."""

    @property
    def resolution_m(self) -> float:
        """Pixel size of the grid in metres."""
        return float(self.transform.a)

    @property
    def bytes_expected(self) -> int:
        """Bytes that are read before compression, by the sensor's usual resolution and two bytes a pixel."""
        ratio = self.resolution_m / self.sensor.resolution_m
        pixels = sum(_padded_px(part.tile, self.halo_px) * len(part.scenes) for part in self.tiles)
        return int(pixels * ratio**2 * 2 * len(self.bands))

    def of(self, tile: Tile) -> TilePlan:
        """Return the plan of a tile; one that no scene touches has no scenes."""
        return next((part for part in self.tiles if part.tile.id == tile.id), TilePlan(tile, ()))

    def lines(self) -> Iterator[str]:
        """Yield the plan as text, as ``dosel watch --dry-run`` prints it."""
        scenes: dict[str, list[str]] = {}
        for part in self.tiles:
            for scene in part.scenes:
                scenes.setdefault(scene.id, []).append(part.tile.id)
        count = "1 scene" if len(scenes) == 1 else f"{len(scenes)} scenes"
        size = f"up to {self.bytes_expected / 1e6:,.1f} MB before compression"
        yield f"{self.look.id}: {count} on {len(self.tiles)} of {self.given} tiles, {size}"
        yield f"  streams: {', '.join(self.streams)}"
        for band in self.bands:
            yield f"  {band}: {self._way(band)}"
        for scene_id, tiles in scenes.items():
            shown = " ".join(tiles[:8]) + (f" and {len(tiles) - 8} more" if len(tiles) > 8 else "")
            yield f"  {scene_id}: {shown}"

    def _way(self, band: str) -> str:
        """Return how a band is expected to come onto the grid."""
        source, grid = self.sensor.resolution_m, self.resolution_m
        way = choose(grid / source, is_mask=band == "mask")
        if math.isclose(source, grid) and way is not Resampling.AVERAGE:
            other = "nearest" if band == "mask" else "bilinear"
            return f"{Resampling.ALIGNED.value} where the raster lies on the grid ({grid:g} m), else {other}"
        return f"{way.value} from about {source:g} m to {grid:g} m"


def plan_look(
    look: Look,
    sensor: Sensor,
    tiles: Sequence[Tile],
    halo_px: int,
    memory_mb: float | None = None,
    *,
    dilate_px: int = 0,
) -> LookPlan:
    """Return what is read for a look on `tiles`.

    Parameters
    ----------
    look, sensor
        The look and the row of the sensor table that reads it.
    tiles
        Tiles of one grid.
    halo_px
        Margin in pixels that is read around each tile.
    memory_mb
        What one tile may take while it is read; None sets no bound.
    dilate_px
        Pixels within so many of a masked one are masked too.

    Raises
    ------
    RefusedSceneError
        If the sensor row is refused, or a scene lacks a band that the row needs.
    InputError
        If a tile does not fit into the memory.
    """
    for scene in look.scenes:
        _check_scene(scene, sensor)
    crs, transform = grid_of_tiles(tiles)
    _check_memory(tiles, sensor, float(transform.a), halo_px, memory_mb)
    touched = _match(look.scenes, tiles, halo_px, crs, transform)
    return LookPlan(
        look,
        sensor,
        stream_names(sensor, look.geometry),
        _bands(look, sensor),
        crs,
        transform,
        halo_px,
        dilate_px,
        tuple(TilePlan(tile, scenes) for tile, scenes in zip(tiles, touched, strict=True) if scenes),
        len(tiles),
    )


def _check_scene(scene: SceneRef, sensor: Sensor) -> None:
    """Refuse a scene that cannot be read as the row says."""
    refuse_raw(sensor, scene.id)
    needed = {band for stream in sensor.streams for band in stream.bands}
    needed |= {band.name for band in sensor.bands if band.required}
    missing = sorted(needed - set(scene.assets))
    if missing:
        there = ", ".join(sorted(scene.assets)) or "none"
        raise RefusedSceneError(
            Refusal.MISSING_BAND,
            f"{scene.id}: the sensor row {sensor.name} needs {', '.join(missing)}; the scene has {there}",
        )


def _bands(look: Look, sensor: Sensor) -> tuple[str, ...]:
    """Return the bands that are read: those of the streams in order, then the mask where there is one."""
    names = list(dict.fromkeys(band for stream in sensor.streams for band in stream.bands))
    if sensor.mask_rule is not MaskRule.NONE and any("mask" in scene.assets for scene in look.scenes):
        names.append("mask")
    return tuple(names)


def grid_of_tiles(tiles: Sequence[Tile]) -> tuple[str, Affine]:
    """Return CRS and transform of the grid that the tiles belong to, the same for whichever tiles."""
    if not tiles:
        raise InputError("plan: expected at least one tile")
    tile = tiles[0]
    box = tile.geobox
    size = float(box.affine.a)
    x, y = box.affine * (-tile.col, -tile.row)
    return str(box.crs), Affine(size, 0.0, round(x, 6), 0.0, -size, round(y, 6))


def _match(
    scenes: Sequence[SceneRef], tiles: Sequence[Tile], halo_px: int, crs: str, transform: Affine
) -> list[tuple[SceneRef, ...]]:
    """Return for each tile the scenes whose box touches it with its halo."""
    corners = np.array([(t.row, t.col, t.row + t.shape[0], t.col + t.shape[1]) for t in tiles], float)
    corners += np.array([-halo_px, -halo_px, halo_px, halo_px])
    to_grid = Transformer.from_crs(CRS.from_epsg(4326), CRS.from_user_input(crs), always_xy=True)
    hits = [_touches(scene.bbox, corners, to_grid, transform) for scene in scenes]
    return [
        tuple(scene for scene, hit in zip(scenes, hits, strict=True) if hit[k]) for k in range(len(tiles))
    ]


def _touches(
    bbox: tuple[float, float, float, float],
    corners: NDArray[np.float64],
    to_grid: Transformer,
    transform: Affine,
) -> NDArray[np.bool_]:
    """Return for each tile (row0, col0, row1, col1) whether a box in degrees touches it."""
    west, south, east, north = bbox
    parts = [bbox] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]
    hit = np.zeros(len(corners), bool)
    for part in parts:
        left, bottom, right, top = to_grid.transform_bounds(*part, densify_pts=21, errcheck=False)
        if not all(map(math.isfinite, (left, bottom, right, top))):
            return np.ones(len(corners), bool)
        (col0, row0), (col1, row1) = ~transform * (left, top), ~transform * (right, bottom)
        hit |= (
            (corners[:, 0] < row1 + 1)
            & (corners[:, 2] > row0 - 1)
            & (corners[:, 1] < col1 + 1)
            & (corners[:, 3] > col0 - 1)
        )
    return hit


def _padded_px(tile: Tile, halo_px: int) -> int:
    return (tile.shape[0] + 2 * halo_px) * (tile.shape[1] + 2 * halo_px)


def _check_memory(
    tiles: Sequence[Tile], sensor: Sensor, resolution_m: float, halo_px: int, memory_mb: float | None
) -> None:
    """Refuse tiles that do not fit into the memory while they are read."""
    if memory_mb is None:
        return
    pixels = max(_padded_px(tile, halo_px) for tile in tiles)
    source = pixels * max(resolution_m / sensor.resolution_m, 1.0) ** 2
    read = source * _BYTES_WORKED * len(sensor.bands) + pixels * 2 * len(sensor.streams)
    need_mb = max(read, pixels * _BYTES_LEARNT) / 1e6
    if need_mb > memory_mb:
        raise InputError(
            f"area.tile_px: a tile of {sensor.name} takes about {need_mb:,.0f} MB to read or learn and "
            f"{memory_mb:,.0f} MB are free for it; make tile_px smaller or resources.memory_mb larger"
        )
