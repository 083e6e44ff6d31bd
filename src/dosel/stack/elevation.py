"""Slope of the ground under alerts, from an elevation model.

The slope of a pixel is that of the plane through its eight neighbours (Horn 1981); an alert has the mean of
the pixels it touches. A model without a CRS, in feet, or turned against its axes is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from rasterio.errors import RasterioIOError
from rasterio.features import rasterize
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from dosel.errors import InputError
from dosel.model.provenance import digest

_METRES: Final = frozenset({None, "", "m", "metre", "metres", "meter", "meters"})
_GEOD: Final = Geod(ellps="WGS84")
_MOST_PIXELS: Final = 64_000_000
"""A window that is larger is no alert."""


def elevation_version(path: Path) -> str:
    """Return what tells one elevation model from another: name, size and time of change.

    Raises
    ------
    InputError
        If there is no such file.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"context.elevation: expected a raster of heights, {path} is not there") from error
    return digest([path.name, found.st_size, found.st_mtime_ns])[:12]


def mean_slopes(path: Path, geometries: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """Return the mean slope under each geometry in degrees of arc; NaN where the model says nothing.

    Parameters
    ----------
    path
        Raster of heights in metres, one band.
    geometries
        Lon/lat in degrees WGS 84.

    Raises
    ------
    InputError
        If the raster cannot be opened, or is not in metres, has no CRS, or is turned.
    """
    with _opened(path) as model:
        change = Transformer.from_crs("EPSG:4326", model.crs, always_xy=True)
        return np.array([_mean_slope(model, _moved(one, change)) for one in geometries], np.float64)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        model = rasterio.open(path)
    except RasterioIOError as error:
        raise InputError(f"context.elevation: expected a raster of heights, got {path}: {error}") from error
    with model:
        wrong = [
            said
            for said, bad in (
                ("one band", model.count != 1),
                ("a declared CRS", model.crs is None),
                ("heights in metres", model.units[0] not in _METRES),
                ("rows along its axes", model.transform.b != 0 or model.transform.d != 0),
            )
            if bad
        ]
        if wrong:
            raise InputError(f"context.elevation: {path}: expected {', '.join(wrong)}")
        yield model


def _moved(geometry: BaseGeometry, change: Transformer) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(
        geometry, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1]))
    )
    return moved


def _mean_slope(model: Any, geometry: BaseGeometry) -> float:
    window = _window(model, geometry)
    if window is None:
        return math.nan
    heights = model.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    slopes = _horn(heights, *_pixel_m(model, window))
    inner = Window(window.col_off + 1, window.row_off + 1, window.width - 2, window.height - 2)
    touched = rasterize(
        [geometry], slopes.shape, transform=model.window_transform(inner), all_touched=True, dtype=np.uint8
    )
    found = slopes[(touched == 1) & np.isfinite(slopes)]
    return float(found.mean()) if found.size else math.nan


def _window(model: Any, geometry: BaseGeometry) -> Window | None:
    """Return the pixels under a geometry and one more all round; None outside the model."""
    west, south, east, north = geometry.bounds
    columns, rows = ~model.transform * (west, north), ~model.transform * (east, south)
    left, right = sorted((columns[0], rows[0]))
    top, bottom = sorted((columns[1], rows[1]))
    if not np.isfinite([left, right, top, bottom]).all():
        return None
    first_col, last_col = max(0, math.floor(left) - 1), min(model.width, math.floor(right) + 2)
    first_row, last_row = max(0, math.floor(top) - 1), min(model.height, math.floor(bottom) + 2)
    width, height = last_col - first_col, last_row - first_row
    if width < 3 or height < 3 or width * height > _MOST_PIXELS:
        return None
    return Window(first_col, first_row, width, height)


def _pixel_m(model: Any, window: Window) -> tuple[float, float]:
    """Return width and height of a pixel in metres, in the middle of the window."""
    x, y = model.transform * (window.col_off + window.width / 2, window.row_off + window.height / 2)
    wide, tall = abs(model.transform.a), abs(model.transform.e)
    crs = CRS.from_user_input(model.crs)
    if not crs.is_geographic:
        factor = crs.axis_info[0].unit_conversion_factor
        return wide * factor, tall * factor
    return _GEOD.inv(x, y, x + wide, y)[2], _GEOD.inv(x, y, x, y + tall)[2]


def _horn(z: NDArray[np.float64], wide_m: float, tall_m: float) -> NDArray[np.float64]:
    """Return degrees of arc for all pixels but the outermost."""
    left, right = (z[:-2, c] + 2 * z[1:-1, c] + z[2:, c] for c in (slice(None, -2), slice(2, None)))
    upper, lower = (z[r, :-2] + 2 * z[r, 1:-1] + z[r, 2:] for r in (slice(None, -2), slice(2, None)))
    gradient = np.hypot((right - left) / (8 * wide_m), (upper - lower) / (8 * tall_m))
    return np.asarray(np.degrees(np.arctan(gradient)))
