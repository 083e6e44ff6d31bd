"""Which pixels are watched, and why the others are not: a :class:`~dosel.model.codes.Watch` code each.

Examples
--------
>>> from dosel.model.grid import Grid
>>> grid = Grid("demo", "EPSG:32719", 10.0, (0, 0), (0, 0, 4, 2), tile_px=16)
>>> area = shapely.box(0, -20, 20, 0)
>>> watch_codes(MaskSettings(kind="all"), grid.tiles()[0], 0, area=area).tolist()
[[1, 1, 0, 0], [1, 1, 0, 0]]
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize

from dosel.catalog.scene import Asset, RefusedSceneError
from dosel.catalog.sensors import StreamSpec
from dosel.config import MaskSettings
from dosel.errors import InputError
from dosel.model.codes import NODATA, Watch
from dosel.model.grid import Tile
from dosel.stack.plan import grid_of_tiles
from dosel.stack.raster import Access, open_raster
from dosel.stack.read import Target, classes_on

_BIN_SHARE: Final = 0.25
"""Width of a histogram bin in prior spreads."""
_PEAK_SHARE: Final = 0.3
"""A mode counts as a peak from this share of the highest one on."""
_REACH: Final = 3.0
"""Robust spreads that forest may lie from its mode."""
_RESTLESS: Final = 2.5
"""Times the usual spread from which a pixel is no closed forest."""
_FEWEST: Final = 50
"""With fewer valid pixels nothing is said about forest."""


@dataclass(frozen=True, slots=True)
class ForestRule:
    """What forest looks like in the baseline of a stream, in quanta."""

    low: float
    high: float
    most_spread: float


def watch_codes(
    settings: MaskSettings,
    tile: Tile,
    halo_px: int,
    *,
    area: Any = None,
    layover: NDArray[np.bool_] | None = None,
    centre: Path | None = None,
) -> NDArray[np.uint8]:
    """Return the Watch code (y + 2 halo, x + 2 halo) of each pixel of a tile.

    With ``kind = "baseline"`` every pixel of the area is watched here; once there are baselines,
    ``pipeline.watched`` takes away what does not look like forest in them (:func:`forest_rule`).

    Parameters
    ----------
    settings
        ``[mask]``.
    tile, halo_px
        The tile and its margin in pixels.
    area
        Geometry in the CRS of the grid (``stack.area.polygons``); outside it nothing is watched. None
        watches the whole grid.
    layover
        (y + 2 halo, x + 2 halo) True where every stream lies in layover or shadow.
    centre
        Folder from which a relative path of the map counts.

    Raises
    ------
    InputError
        If the forest map cannot be used.
    """
    crs, transform = grid_of_tiles([tile])
    shape = (tile.shape[0] + 2 * halo_px, tile.shape[1] + 2 * halo_px)
    target = Target(crs, transform, (tile.row - halo_px, tile.col - halo_px), shape)
    codes = np.full(shape, Watch.WATCHED, np.uint8)
    if settings.kind == "map":
        codes = _map_codes(settings, target, centre or Path())
    if layover is not None:
        codes[layover & (codes == Watch.WATCHED)] = Watch.LAYOVER
    if area is not None:
        codes[~_inside(area, target)] = Watch.OUTSIDE
    return codes


def forest_from_level(
    level: NDArray[np.int16], spread: NDArray[np.floating[Any]], stream: StreamSpec
) -> NDArray[np.bool_]:
    """Return the pixels that look like forest in a baseline: :func:`forest_rule` applied to itself."""
    rule = forest_rule(level, spread, stream)
    return np.zeros(level.shape, bool) if rule is None else looks_like_forest(level, spread, rule)


def forest_rule(
    level: NDArray[np.int16], spread: NDArray[np.floating[Any]], stream: StreamSpec
) -> ForestRule | None:
    """Return what forest looks like, from levels and spreads of any shape; None with too few.

    On a forest frontier most pixels are closed forest, and closed forest is the class with the narrowest
    distribution of levels, at the end that clearing leads away from (bright in VH and in indices). So
    forest is the outermost high peak of the histogram on that side, as wide as the side of the
    peak that clearing does not reach, and no more restless than is usual there.

    It must see the whole area (or a sample on the lattice), not one tile, or tiles would disagree. It
    fails where less than about a third of an area is forest, where plantations or wetlands are as
    bright and as even as forest, and on radar slopes that are not terrain-corrected; there a forest map
    is the better mask. It says nothing of the date before the baseline.

    Parameters
    ----------
    level
        Baseline levels in quanta; NODATA without one.
    spread
        Baseline spreads in quanta, of the same shape.
    stream
        Its direction says where clearing leads, its prior spread how fine the histogram is.

    Examples
    --------
    >>> from dosel.catalog.sensors import sensor
    >>> rng = np.random.default_rng(0)
    >>> level = np.concatenate([rng.normal(-1350, 60, 800), rng.normal(-1900, 200, 400)]).astype(np.int16)
    >>> forest = forest_from_level(level, np.full(1200, 120.0), sensor("sentinel-1-rtc").streams[1])
    >>> bool(forest[:800].mean() > 0.98), bool(forest[800:].mean() < 0.06)
    (True, True)
    """
    there = level != NODATA
    if there.sum() < _FEWEST:
        return None
    # From here on clearing leads down, whatever the direction of the stream.
    values = level[there].astype(float) * -stream.direction
    mode = _outer_mode(values, max(_BIN_SHARE * stream.spread / stream.quantum, 1.0))
    beyond = values[values >= mode] - mode
    sigma = max(float(np.median(beyond)) / 0.6745, 1.0)
    near = np.abs(values - mode) <= _REACH * sigma
    most_spread = _RESTLESS * float(np.median(spread[there][near]))
    ends = sorted((-stream.direction * (mode - _REACH * sigma), -stream.direction * (mode + _REACH * sigma)))
    return ForestRule(ends[0], ends[1], most_spread)


def looks_like_forest(
    level: NDArray[np.int16], spread: NDArray[np.floating[Any]], rule: ForestRule
) -> NDArray[np.bool_]:
    """Return where a baseline looks like forest; False without a baseline."""
    inside = (level >= rule.low) & (level <= rule.high) & (level != NODATA)
    return np.asarray(inside & (spread <= rule.most_spread))


def _outer_mode(values: NDArray[np.float64], width: float) -> float:
    """Return the uppermost peak of a smoothed histogram that is high enough to count."""
    low, high = np.quantile(values, [0.001, 0.999])
    edges = np.arange(low - 2 * width, high + 3 * width, width)
    count = np.histogram(values, edges)[0].astype(float)
    smooth = np.convolve(count, np.array([1, 3, 4, 3, 1]) / 12, mode="same")
    padded = np.concatenate([[0], smooth, [0]])
    peaks = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:])
    peaks &= smooth >= _PEAK_SHARE * smooth.max()
    best = int(np.flatnonzero(peaks)[-1])
    return float(edges[best] + width / 2)


def _map_codes(settings: MaskSettings, target: Target, centre: Path) -> NDArray[np.uint8]:
    """Return the codes of a forest map."""
    if settings.file is None or settings.dated is None:
        raise InputError("mask: kind map needs file and dated (the date of the forest map)")
    try:
        with Access().session():
            raster = open_raster(Asset(str(centre / settings.file)), is_mask=True)
            values, there = classes_on(raster, target)
    except RefusedSceneError as error:
        raise InputError(f"mask.file: {error}") from error
    codes = np.full(target.shape, Watch.NOT_FOREST, np.uint8)
    codes[np.isin(values, settings.forest)] = Watch.WATCHED
    codes[~there] = Watch.OUTSIDE
    return codes


def _inside(area: Any, target: Target) -> NDArray[np.bool_]:
    """Return the pixels whose centre lies in the area."""
    row, col = target.first
    place = target.transform * Affine.translation(col, row)
    west, north = place * (0, 0)
    east, south = place * (target.shape[1], target.shape[0])
    near = shapely.clip_by_rect(area, west - 1, south - 1, east + 1, north + 1)
    if near.is_empty:
        return np.zeros(target.shape, bool)
    return np.asarray(rasterize([near], out_shape=target.shape, transform=place, dtype=np.uint8) == 1)
