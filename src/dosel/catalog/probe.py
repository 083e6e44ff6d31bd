"""What a loose raster says about itself: instant, CRS, bounds, nodata, scale, unit. No pixel is read."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.warp import transform_bounds

from dosel.catalog.scene import RefusedSceneError
from dosel.model.codes import Refusal
from dosel.model.time import iso_instant

NETCDF_SUFFIXES: Final = frozenset({".nc", ".nc4", ".cdf"})
RASTER_SUFFIXES: Final = frozenset({".tif", ".tiff"}) | NETCDF_SUFFIXES
"""Files that are taken for rasters when a folder is registered."""

_FILL_KEYS: Final = ("_FillValue", "missing_value")
_REAL_CALENDARS: Final = frozenset({"standard", "gregorian", "proleptic_gregorian"})
_CRS_KEYS: Final = ("crs_wkt", "spatial_ref", "epsg_code")


@dataclass(frozen=True, slots=True)
class Probe:
    """One band of one instant in a raster file, as the file itself declares it; None is undeclared."""

    name: str
    """Description of the band or name of the NetCDF variable; may be empty."""
    band: int
    """Band number in the file, from 1."""
    bounds: tuple[float, float, float, float] | None
    """Left, bottom, right, top in units of the CRS; None where the file is not georeferenced."""
    crs: str | None = None
    """As ``EPSG:n`` where it has a code, else WKT."""
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str | None = None
    variable: str = ""
    """NetCDF variable; empty for other rasters."""
    step: int | None = None
    """Index along the time axis of a NetCDF cube."""
    acquired: str | None = None
    """Instant (UTC) of that step as ISO text."""


def probe(path: Path) -> list[Probe]:
    """Return what a raster file says of each of its bands and time steps.

    Raises
    ------
    RefusedSceneError
        If the file cannot be opened, or is a NetCDF whose axes or time cannot be read.
    """
    if path.suffix.lower() in NETCDF_SUFFIXES:
        return _probe_netcdf(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as raster:
                return [_raster_band(raster, number) for number in raster.indexes]
    except (RasterioIOError, RasterioError) as error:
        raise RefusedSceneError(
            Refusal.UNREADABLE, f"{path}: cannot be read as a raster ({error})"
        ) from error


def same_crs(one: str, other: str) -> bool:
    """Return whether two CRS texts mean the same CRS, whatever their axis order.

    Examples
    --------
    >>> same_crs("EPSG:32720", "epsg:32720"), same_crs("EPSG:32720", "EPSG:32719")
    (True, False)
    """
    return bool(CRS.from_user_input(one).equals(CRS.from_user_input(other), ignore_axis_order=True))


def lonlat_bounds(bounds: tuple[float, float, float, float], crs: str) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees of bounds in a CRS."""
    west, south, east, north = transform_bounds(crs, "EPSG:4326", *bounds, densify_pts=21)
    return round(west, 7), round(south, 7), round(east, 7), round(north, 7)


def crs_text(crs: Any) -> str | None:
    """Return a CRS as ``EPSG:n`` where it has a code, else as WKT; None where it is none or unknown."""
    if not crs:
        return None
    try:
        known = CRS.from_user_input(crs)
    except CRSError:
        return None
    epsg = known.to_epsg()
    return f"EPSG:{epsg}" if epsg else str(known.to_wkt())


def _raster_band(raster: Any, number: int) -> Probe:
    """Return what an open raster says of one band."""
    placed = not raster.transform.is_identity
    nodata = raster.nodatavals[number - 1]
    return Probe(
        name=raster.descriptions[number - 1] or "",
        band=number,
        bounds=tuple(raster.bounds) if placed else None,
        crs=crs_text(raster.crs.to_wkt()) if raster.crs else None,
        nodata=None if nodata is None else float(nodata),
        scale=float(raster.scales[number - 1]),
        offset=float(raster.offsets[number - 1]),
        unit=raster.units[number - 1] or None,
    )


def _probe_netcdf(path: Path) -> list[Probe]:
    """Return what a NetCDF file says of each variable on a grid and each of its time steps."""
    from netCDF4 import Dataset  # heavy, and only NetCDF needs it

    try:
        with Dataset(str(path)) as cube:
            cube.set_auto_maskandscale(False)
            probes: list[Probe] = []
            for name, variable in cube.variables.items():
                axes = [cube.variables.get(dim) for dim in variable.dimensions]
                if variable.ndim in (2, 3) and all(_is_axis(axis) for axis in axes):
                    probes += _variable_steps(path, cube, name, variable)
    except OSError as error:
        raise RefusedSceneError(Refusal.UNREADABLE, f"{path}: cannot be read as NetCDF ({error})") from error
    return probes


def _is_axis(variable: Any) -> bool:
    """Return whether a variable holds coordinates; names of bands are none."""
    return variable is not None and variable.ndim == 1 and np.dtype(variable.dtype).kind in "iuf"


def _variable_steps(path: Path, cube: Any, name: str, variable: Any) -> list[Probe]:
    """Return a probe for each time step of one variable with axes (time, y, x) or (y, x)."""
    *outer, y_name, x_name = variable.dimensions
    left, right = _extent(path, x_name, cube.variables[x_name][:])
    bottom, top = _extent(path, y_name, cube.variables[y_name][:])
    instants = _instants(path, cube.variables[outer[0]]) if outer else [None]
    fill = next((float(variable.getncattr(k)) for k in _FILL_KEYS if k in variable.ncattrs()), None)
    return [
        Probe(
            name=name,
            band=1,
            bounds=(left, bottom, right, top),
            crs=_grid_mapping(cube, variable),
            nodata=fill,
            scale=float(getattr(variable, "scale_factor", 1.0)),
            offset=float(getattr(variable, "add_offset", 0.0)),
            unit=getattr(variable, "units", None),
            variable=name,
            step=step if outer else None,
            acquired=instant,
        )
        for step, instant in enumerate(instants)
    ]


def _extent(path: Path, axis: str, centres: Any) -> tuple[float, float]:
    """Return the edges of an axis of pixel centres, which must be evenly spaced; either direction."""
    values = np.asarray(centres, dtype=np.float64)
    steps = np.diff(values)
    even = steps.size > 0 and np.isfinite(steps).all() and np.allclose(steps, steps[0], rtol=1e-3, atol=0.0)
    if not even or steps[0] == 0.0:
        raise RefusedSceneError(Refusal.WRONG_GRID, f"{path}: the axis {axis} is not evenly spaced")
    half = abs(float(steps[0])) / 2.0
    return float(values.min()) - half, float(values.max()) + half


def _instants(path: Path, axis: Any) -> list[str]:
    """Return the instants (UTC, ISO) of a CF time axis."""
    from netCDF4 import num2date

    try:
        calendar = str(getattr(axis, "calendar", "standard"))
        if calendar not in _REAL_CALENDARS:
            raise ValueError(f"calendar {calendar}")
        dates = num2date(axis[:], axis.units, calendar, only_use_cftime_datetimes=False)
        listed: list[Any] = list(np.ravel(np.asarray(dates, dtype=object)))
        utc = [datetime.fromisoformat(d.isoformat()).replace(tzinfo=UTC) for d in listed]
    except (AttributeError, TypeError, ValueError) as error:
        raise RefusedSceneError(
            Refusal.UNDECLARED,
            f"{path}: the axis {axis.name} is no CF time axis of a real calendar ({error})",
        ) from error
    return [iso_instant(when) for when in utc]


def _grid_mapping(cube: Any, variable: Any) -> str | None:
    """Return the CRS of a variable from its CF grid mapping, or None."""
    name = getattr(variable, "grid_mapping", "")
    if name not in cube.variables:
        return None
    mapping = cube.variables[name]
    attributes = {key: mapping.getncattr(key) for key in mapping.ncattrs()}
    for key in _CRS_KEYS:
        if text := crs_text(str(attributes.get(key, ""))):
            return text
    try:
        return crs_text(CRS.from_cf(attributes))
    except (CRSError, KeyError):
        return None
