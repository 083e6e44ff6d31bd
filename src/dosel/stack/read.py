"""A look on a tile: scenes laid over each other in order, quantised, with what became of the pixels.

A raster that lies on the grid is read as it is; any other comes onto it by ``stack.resample``. A pixel
does not depend on the tile it is read with.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np
from affine import Affine
from numba import njit
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from dosel.catalog.scene import RefusedSceneError, SceneRef
from dosel.catalog.sensors import MaskRule, StreamSpec
from dosel.model.codes import NODATA, Refusal
from dosel.model.grid import Tile
from dosel.stack import optical
from dosel.stack.gridded import GriddedLook
from dosel.stack.plan import LookPlan
from dosel.stack.quantise import Quantum, Tally, quantise, quantise_difference
from dosel.stack.raster import Access, Raster, open_raster
from dosel.stack.resample import (
    Resampling,
    Transform,
    average,
    bilinear,
    choose,
    locate,
    nearest,
    pixel_ratio,
)

_ON_GRID: Final = 1e-3
"""Share of a pixel by which a raster may lie beside the grid and still be on it."""


@dataclass(frozen=True, slots=True)
class TileRead:
    """A gridded look and what became of its pixels."""

    look: GriddedLook
    tallies: tuple[Tally, ...]
    """One a stream, over the tile and its halo."""


@dataclass(frozen=True, slots=True)
class Target:
    """A rectangle of grid pixels that rasters are brought onto."""

    crs: str
    transform: Affine
    """(col, row) over the whole projection to projected x, y."""
    first: tuple[int, int]
    """Row and column of its first pixel over the whole projection."""
    shape: tuple[int, int]

    def grown(self, margin_px: int) -> Target:
        """Return the rectangle with a margin on every side."""
        first = (self.first[0] - margin_px, self.first[1] - margin_px)
        shape = (self.shape[0] + 2 * margin_px, self.shape[1] + 2 * margin_px)
        return Target(self.crs, self.transform, first, shape)


@dataclass(frozen=True, slots=True)
class Layer:
    """One band of a scene on a target."""

    values: NDArray[Any]
    """(y, x) stored numbers, or float32 with NaN where they were resampled."""
    nodata: float | None
    scale: float
    offset: float


@dataclass(slots=True)
class _SceneOnTarget:
    """The bands of one scene on a target, each read when it is first needed."""

    scene: SceneRef
    target: Target
    plan: LookPlan
    layers: dict[str, Layer | None] = field(default_factory=dict)

    def layer(self, band: str) -> Layer | None:
        """Return a band; None where the raster does not reach the target."""
        if band not in self.layers:
            raster = open_raster(self.scene.assets[band], bbox=self.scene.bbox)
            self.layers[band] = layer_on(raster, self.target)
        return self.layers[band]

    def clear(self) -> NDArray[np.bool_] | None:
        """Return where the scene may be used; None for everywhere."""
        rule, margin = self.plan.sensor.mask_rule, self.plan.dilate_px
        asset = self.scene.assets.get("mask")
        if "mask" not in self.plan.bands or asset is None:
            return None
        raster = open_raster(asset, bbox=self.scene.bbox, is_mask=True)
        usable = mask_on(raster, self.target.grown(margin), rule)
        usable = optical.shrink(usable, margin) if margin else usable
        return np.ascontiguousarray(
            usable[margin : usable.shape[0] - margin, margin : usable.shape[1] - margin]
        )


def read_tile(plan: LookPlan, tile: Tile, access: Access | None = None) -> TileRead:
    """Return a look on a tile with its halo, and what became of the pixels.

    Raises
    ------
    RefusedSceneError
        If a raster cannot be read or contradicts what was declared.
    SourceError
        If a remote source does not answer.
    """
    halo = plan.halo_px
    shape = (tile.shape[0] + 2 * halo, tile.shape[1] + 2 * halo)
    target = Target(plan.crs, plan.transform, (tile.row - halo, tile.col - halo), shape)
    values = np.full((len(plan.streams), *shape), NODATA, np.int16)
    tallies = [Tally() for _ in plan.streams]
    with (access or Access()).session():
        for scene in plan.of(tile).scenes:
            for k, tally in enumerate(_lay(_SceneOnTarget(scene, target, plan), values)):
                tallies[k] += tally
    look = GriddedLook(plan.look.id, tile.id, plan.look.day, plan.streams, values, halo)
    return TileRead(look, tuple(tallies))


def judge(look_id: str, reads: Iterable[tuple[Tally, ...]]) -> None:
    """Refuse a look by what became of the pixels of all its tiles.

    Raises
    ------
    RefusedSceneError
        ``ABSURD`` if most values are outside the physical range, ``ALL_NODATA`` if none is valid.

    Examples
    --------
    >>> judge("s1/any/19000/x", [(Tally(100, 60, 40, 0),), (Tally(100, 0, 0, 0),)])
    >>> judge("s1/any/19000/x", [(Tally(100, 0, 0, 0),)])
    Traceback (most recent call last):
    dosel.catalog.scene.RefusedSceneError: s1/any/19000/x: no valid pixel over the watched tiles
    """
    total = sum((tally for tallies in reads for tally in tallies), Tally())
    if total.absurd > total.valid:
        share = total.absurd / (total.absurd + total.valid)
        raise RefusedSceneError(
            Refusal.ABSURD,
            f"{look_id}: {share:.0%} of its values lie outside the physical range of the sensor row; "
            "check unit, scale, offset and nodata",
        )
    if total.valid == 0:
        raise RefusedSceneError(Refusal.ALL_NODATA, f"{look_id}: no valid pixel over the watched tiles")


def layer_on(raster: Raster, target: Target) -> Layer | None:
    """Return a band of measured values on a target; None where the raster does not reach it.

    Values are averaged where the raster is finer than the grid, else they lie between the four around.
    """
    offset = grid_offset(raster, target)
    if offset is not None:
        fill = math.nan if raster.nodata is None else raster.nodata
        window = _plain(
            raster, (target.first[0] - offset[0], target.first[1] - offset[1]), target.shape, fill
        )
        return None if window is None else Layer(window, raster.nodata, raster.scale, raster.offset)
    to_source, ratio = _relation(raster, target)
    here = locate(target.first, target.shape, target.transform, raster.transform, to_source, ratio)
    reach = here.reach(raster.size)
    if reach is None:
        return None
    stored = raster.read(reach)
    number = _as_float(stored, raster.nodata)
    way = average if choose(max(ratio), is_mask=False) is Resampling.AVERAGE else bilinear
    return Layer(way(number, reach[:2], here), None, raster.scale, raster.offset)


def classes_on(raster: Raster, target: Target) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the class of the nearest pixel on a target, and where there is one (nodata is none)."""
    to_source, ratio = _relation(raster, target)
    here = locate(target.first, target.shape, target.transform, raster.transform, to_source, ratio)
    reach = here.reach(raster.size)
    if reach is None:
        return np.zeros(target.shape, np.uint8), np.zeros(target.shape, bool)
    stored = raster.read(reach)
    there = np.ones(stored.shape, bool)
    if raster.nodata is not None and not math.isnan(raster.nodata):
        there = stored != raster.nodata
    elif stored.dtype.kind == "f":
        there = ~np.isnan(stored)
    return nearest(stored, reach[:2], here, 0), nearest(there, reach[:2], here, False)


def mask_on(raster: Raster, target: Target, rule: MaskRule) -> NDArray[np.bool_]:
    """Return (y, x) True where a mask raster lets a pixel be used.

    Where the mask is finer than the grid every mask pixel beneath must be clear, otherwise the nearest.
    """
    fill = optical.FILL[rule]
    offset = grid_offset(raster, target)
    if offset is not None:
        first = (target.first[0] - offset[0], target.first[1] - offset[1])
        window = _plain(raster, first, target.shape, fill)
        return np.zeros(target.shape, bool) if window is None else optical.clear(rule, window)
    to_source, ratio = _relation(raster, target)
    here = locate(target.first, target.shape, target.transform, raster.transform, to_source, ratio)
    reach = here.reach(raster.size)
    if reach is None:
        return np.zeros(target.shape, bool)
    usable = optical.clear(rule, raster.read(reach))
    if choose(max(ratio), is_mask=True) is Resampling.AVERAGE:
        return np.asarray(average(usable.astype(np.float32), reach[:2], here) > 1.0 - 1e-6)
    return np.asarray(nearest(usable, reach[:2], here, False))


def grid_offset(raster: Raster, target: Target) -> tuple[int, int] | None:
    """Return the row and column of the grid where the raster's first pixel lies; None if it is not on it."""
    own, grid = raster.transform, target.transform
    rows, cols = raster.size
    drift = _ON_GRID * grid.a / max(rows, cols)
    if abs(own.a - grid.a) > drift or abs(own.e - grid.e) > drift:
        return None
    if not _same_crs(raster.crs, target.crs):
        return None
    col, row = ~grid * (own.c, own.f)
    if abs(col - round(col)) > _ON_GRID or abs(row - round(row)) > _ON_GRID:
        return None
    return round(row), round(col)


def _lay(scene: _SceneOnTarget, values: NDArray[np.int16]) -> list[Tally]:
    """Fill what is still NODATA from one scene; return a tally for each stream."""
    specs = scene.plan.sensor.streams
    nothing = [Tally() for _ in specs]
    clear = scene.clear()
    if clear is not None and not clear.any():
        return nothing
    return [_fill(scene, spec, out, clear) for spec, out in zip(specs, values, strict=True)]


def _fill(
    scene: _SceneOnTarget, spec: StreamSpec, out: NDArray[np.int16], clear: NDArray[np.bool_] | None
) -> Tally:
    """Fill one stream from one scene."""
    layers = [scene.layer(band) for band in spec.bands]
    rule = Quantum(spec.quantum, spec.valid)
    if len(layers) == 1 and layers[0] is not None:
        layer = layers[0]
        return quantise(
            layer.values,
            rule,
            out,
            nodata=layer.nodata,
            scale=layer.scale,
            offset=layer.offset,
            linear_power=scene.plan.sensor.linear_power,
            clear=clear,
        )
    first, second = layers[0], layers[-1]
    if first is None or second is None:
        return Tally()
    return quantise_difference(
        first.values,
        second.values,
        rule,
        out,
        nodata=(first.nodata, second.nodata),
        scale=(first.scale, second.scale),
        offset=(first.offset, second.offset),
        clear=clear,
    )


def _plain(
    raster: Raster, first: tuple[int, int], shape: tuple[int, int], fill: float
) -> NDArray[Any] | None:
    """Return a window of the raster that may reach over its edges; None where it lies outside.

    `first` counts rows and columns of the raster.
    """
    row0, col0 = max(first[0], 0), max(first[1], 0)
    row1, col1 = min(first[0] + shape[0], raster.size[0]), min(first[1] + shape[1], raster.size[1])
    if row1 <= row0 or col1 <= col0:
        return None
    part = raster.read((row0, col0, row1 - row0, col1 - col0))
    if part.shape == shape:
        return part
    whole = np.full(shape, fill, part.dtype)
    top, left = row0 - first[0], col0 - first[1]
    whole[top : top + part.shape[0], left : left + part.shape[1]] = part
    return whole


def _relation(raster: Raster, target: Target) -> tuple[Transform | None, tuple[float, float]]:
    """Return the way from the grid's CRS to the raster's, and the pixel ratio."""
    if _same_crs(raster.crs, target.crs):
        return None, pixel_ratio(raster.transform, raster.size, target.transform.a)
    to_source, to_grid = _transforms(raster.name, target.crs, raster.crs.to_wkt())
    return to_source, pixel_ratio(raster.transform, raster.size, target.transform.a, to_grid)


@lru_cache(maxsize=64)
def _same_wkt(one: str, two: str) -> bool:
    return CRS.from_user_input(one).equals(CRS.from_user_input(two), ignore_axis_order=True)


def _same_crs(own: CRS, grid: str) -> bool:
    """Whether a raster lies in the CRS of the grid."""
    return _same_wkt(str(own.srs), grid)


@lru_cache(maxsize=64)
def _transforms(name: str, grid: str, source: str) -> tuple[Transform, Transform]:
    """Return the ways between two CRS, or refuse where only a rough one is installed.

    Raises
    ------
    RefusedSceneError
        If PROJ knows a better way that needs a grid file which is not installed.
    """
    one, two = CRS.from_user_input(grid), CRS.from_user_input(source)
    if not TransformerGroup(one, two, always_xy=True).best_available:
        raise RefusedSceneError(
            Refusal.WRONG_GRID,
            f"{name}: PROJ lacks the grid file for the way from {two.name} to {one.name}; "
            "warp the raster to the grid's CRS first",
        )
    forth = Transformer.from_crs(one, two, always_xy=True)
    back = Transformer.from_crs(two, one, always_xy=True)
    return forth.transform, back.transform


def _as_float(stored: NDArray[Any], nodata: float | None) -> NDArray[np.float32]:
    """Return stored numbers as float32 with NaN where there is none."""
    out = np.empty(stored.shape, np.float32)
    none = math.nan if nodata is None else float(np.array(nodata).astype(stored.dtype))
    _to_float(stored, none, out)
    return out


@njit(cache=True, nogil=True)
def _to_float(stored: NDArray[Any], nodata: float, out: NDArray[np.float32]) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            number = np.float64(stored[i, j])
            there = (number != nodata) & (abs(number) < np.inf)
            out[i, j] = np.float32(number) if there else np.float32(np.nan)
