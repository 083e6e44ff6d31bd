"""The grid and the watched part of an area of interest, from the settings.

The only guesses a centre could make here are a CRS and an anchor; it makes neither: a vector file
without a CRS and a raster that disagrees with ``[area]`` are refused.

Examples
--------
>>> bounds = (400005, 8600000, 400100, 8600095)
>>> grid = grid_of(AreaSettings(name="demo", crs="EPSG:32719", resolution_m=10, bounds_m=bounds), Path())
>>> grid.window, grid.geobox.shape.yx
((40000, -860010, 40010, -860000), (10, 10))
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from pyogrio.errors import DataSourceError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from dosel.catalog.scene import Asset, RefusedSceneError
from dosel.config import AreaSettings
from dosel.errors import InputError
from dosel.model.grid import Grid
from dosel.stack.raster import Access, Raster, open_raster, same_crs

_EDGE_SHARE: Final = 200
"""Edges of an area are split into at least so many pieces of its extent before they are reprojected."""


def grid_of(area: AreaSettings, centre: Path) -> Grid:
    """Return the grid of the settings; relative paths count from `centre`.

    Raises
    ------
    InputError
        If the CRS, the file or the raster cannot be used, or contradict each other.
    """
    _crs(area)
    if area.like is not None:
        return _grid_like(area, centre / area.like)
    if area.bounds_m is not None:
        bounds = area.bounds_m
    elif area.bbox is not None:
        bounds = _bounds_of_degrees(area, area.bbox)
    else:
        bounds = polygons(area, centre).bounds
    left, bottom, right, top = bounds
    if not all(map(math.isfinite, bounds)) or left >= right or bottom >= top:
        raise InputError(f"area: expected left < right and bottom < top, got {bounds} in {area.crs}")
    return Grid.over(area.name, area.crs, area.resolution_m, bounds, area.anchor, area.tile_px)


def polygons(area: AreaSettings, centre: Path) -> Any:
    """Return the polygons of ``area.file`` as one geometry in the CRS of the grid.

    Raises
    ------
    InputError
        If there is no file, it cannot be read, declares no CRS, or holds no polygon.
    """
    if area.file is None:
        raise InputError("area.file: expected a vector file with the polygons of the area")
    path = centre / area.file
    try:
        table = gpd.read_file(path)
    except (DataSourceError, OSError) as error:
        raise InputError(f"area.file: {path} cannot be read as a vector file: {error}") from error
    if table.crs is None:
        raise InputError(f"area.file: {path} declares no CRS; write one into it (a .prj beside a shapefile)")
    shapes = [shape for shape in table.geometry if shape is not None and shape.area > 0]
    if not shapes:
        raise InputError(f"area.file: {path} holds no polygon")
    whole = shapely.union_all(shapely.make_valid(shapes))
    return _reprojected(whole, table.crs, area.crs)


def _reprojected(shape: Any, source: Any, target: str) -> Any:
    """Return a geometry in another CRS; long edges are split first, since they bend."""
    if CRS.from_user_input(source).equals(CRS.from_user_input(target), ignore_axis_order=True):
        return shape
    west, south, east, north = shape.bounds
    dense = shapely.segmentize(shape, max(east - west, north - south) / _EDGE_SHARE)
    change = Transformer.from_crs(source, target, always_xy=True)
    return shapely.transform(dense, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))


def _crs(area: AreaSettings) -> CRS:
    try:
        return CRS.from_user_input(area.crs)
    except CRSError as error:
        raise InputError(
            f"area.crs: {area.crs!r} is no coordinate system; write for example EPSG:32719"
        ) from error


def _bounds_of_degrees(
    area: AreaSettings, bbox: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Return projected bounds of a box in degrees WGS 84."""
    west, south, east, north = bbox
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(
            f"area.bbox: expected west < east and south < north in degrees, got {list(bbox)}; "
            "an area over the date line needs bounds_m"
        )
    change = Transformer.from_crs(CRS.from_epsg(4326), _crs(area), always_xy=True)
    left, bottom, right, top = change.transform_bounds(*bbox, densify_pts=100, errcheck=False)
    return left, bottom, right, top


def own_grid(path: Path) -> tuple[str, float]:
    """Return the CRS of a raster, as settings write it, and the width of its pixels in units of it.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    raster = _like(path)
    known = raster.crs.to_authority(min_confidence=70)
    return ":".join(known) if known else raster.crs.to_wkt(), float(raster.transform.a)


def _like(path: Path) -> Raster:
    try:
        with Access().session():
            return open_raster(Asset(str(path)), is_mask=True)
    except RefusedSceneError as error:
        raise InputError(f"area.like: {error}") from error


def _grid_like(area: AreaSettings, path: Path) -> Grid:
    """Return the grid of a raster: its CRS, pixel size, origin and extent."""
    raster = _like(path)
    _check_like(area, raster, path)
    rows, cols = raster.size
    anchor = (float(raster.transform.c), float(raster.transform.f))
    return Grid(area.name, area.crs, area.resolution_m, anchor, (0, 0, cols, rows), area.tile_px)


def _check_like(area: AreaSettings, raster: Raster, path: Path) -> None:
    """Refuse a raster that contradicts the rest of ``[area]``."""
    own = raster.transform
    if not same_crs(raster.crs, _crs(area)):
        raise InputError(f"area.like: {path} is in {raster.crs.name}, area.crs says {area.crs}")
    if not (math.isclose(own.a, area.resolution_m) and math.isclose(own.e, -area.resolution_m)):
        raise InputError(
            f"area.like: {path} has pixels of {own.a:g} x {-own.e:g} m, "
            f"area.resolution_m says {area.resolution_m:g}"
        )
