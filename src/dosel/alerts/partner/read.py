"""Reading a file of others: GeoJSON, GeoPackage, GeoParquet, Shapefile and CSV.

The CRS is the one that the file declares; where it declares none, the one that its mapping states; where
neither does, the file is refused. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from dosel.alerts.partner.table import Table
from dosel.config.feed import FeedSettings
from dosel.errors import InputError, InputMistakesError
from dosel.stack.vector import check_vector

VECTORS: Final = (".geojson", ".json", ".gpkg", ".shp", ".zip")
PARQUET: Final = (".parquet", ".geoparquet")
CSV: Final = (".csv",)
RASTERS: Final = (".tif", ".tiff")


class OtherFormError(InputMistakesError):
    """A file that can be read and lacks columns that its mapping names: the feed changed its form."""

    def __init__(self, where: str, mistakes: Iterable[str], columns: Iterable[str]) -> None:
        super().__init__(where, mistakes)
        self.columns = tuple(sorted(columns))
        """Those that came."""


def read_table(path: Path, feed: FeedSettings) -> Table:
    """Return the rows of a file with every column that its mapping names.

    Raises
    ------
    InputError
        If the file is missing, of another format, damaged, or has no CRS;
        :class:`OtherFormError` with every column that is not there.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    if suffix not in (*VECTORS, *PARQUET, *CSV):
        known = ", ".join((*VECTORS, *PARQUET, *CSV, *RASTERS))
        raise InputError(f"{path}: expected a file that ends in {known}, got {suffix!r}")
    check_vector(path)
    try:
        frame = _frame(path, suffix, feed)
    except (OSError, ValueError, RuntimeError, shapely.errors.GEOSException) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: the file cannot be read: {error}") from None
    outlines = isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None
    _check_columns(path, feed, set(frame.columns), outlines=outlines)
    return _table(path, frame, feed) if outlines else _places(path, frame, feed)


def _frame(path: Path, suffix: str, feed: FeedSettings) -> pd.DataFrame:
    if suffix in CSV:
        return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    if suffix in PARQUET:
        return _parquet(path)
    frame: pd.DataFrame = pyogrio.read_dataframe(
        path, layer=_layer(path, feed), on_invalid="ignore", datetime_as_string=True
    )
    return frame


def _parquet(path: Path) -> pd.DataFrame:
    try:
        frame: pd.DataFrame = gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" not in str(error):
            raise
        frame = pd.read_parquet(path)
    return frame


def _layer(path: Path, feed: FeedSettings) -> str:
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if feed.layer in names:
        return feed.layer
    if len(names) != 1 or feed.layer:
        wanted = f"the layer {feed.layer!r}" if feed.layer else "one layer with geometry"
        raise InputError(
            f"{path}: expected {wanted}, got {', '.join(names) or 'none'}; set layer of the feed"
        )
    return names[0]


def _check_columns(path: Path, feed: FeedSettings, present: set[str], *, outlines: bool) -> None:
    named = {
        **{f"id[{number}]": column for number, column in enumerate(feed.id)},
        **{f"box[{number}]": column for number, column in enumerate(feed.box or ())},
        **{key: getattr(feed, key) for key in ("day", "window_start", "published", "area", "confidence")},
        **{key: getattr(feed, key) for key in ("classes", "time", "satellite", "power", "scan", "track")},
        **({} if outlines or feed.box else {"lon": feed.lon, "lat": feed.lat}),
    }
    missing = {key: column for key, column in named.items() if column and column not in present}
    if missing:
        has = ", ".join(sorted(present - {"geometry"}))
        raise OtherFormError(
            str(path),
            [f"{key}: there is no column {column!r}; the file has {has}" for key, column in missing.items()],
            present - {"geometry"},
        )


def _table(path: Path, frame: gpd.GeoDataFrame, feed: FeedSettings) -> Table:
    crs = _declared(path, frame.crs, feed)
    geometry = np.asarray(frame.geometry.array, dtype=object)
    names = [str(name) for name in frame.columns if name != frame.active_geometry_name]
    return Table({name: _values(frame[name]) for name in names}, geometry, crs, len(frame))


def _places(path: Path, frame: pd.DataFrame, feed: FeedSettings) -> Table:
    """Return a table whose geometries are points from columns, or boxes that the mapping names."""
    columns = {str(name): _values(frame[name]) for name in frame.columns}
    if feed.box:
        return Table(columns, None, "EPSG:4326", len(frame))
    lon, lat = (pd.to_numeric(frame[name], errors="coerce").to_numpy(float) for name in (feed.lon, feed.lat))
    known = np.isfinite(lon) & np.isfinite(lat)
    geometry = np.full(len(frame), None, dtype=object)
    geometry[known] = shapely.points(lon[known], lat[known])
    return Table(columns, geometry, _declared(path, None, feed), len(frame))


def _values(column: pd.Series[Any]) -> NDArray[Any]:
    """Return the values of a column as plain Python objects, None where there is none."""
    plain = column.astype(object)
    values: NDArray[Any] = plain.where(column.notna(), None).to_numpy(dtype=object)
    return values


def _declared(path: Path, crs: Any, feed: FeedSettings) -> str:
    """Return the CRS that the file or else its mapping declares."""
    try:
        known = CRS.from_user_input(crs) if crs is not None else None
        if known is not None and (known.is_geographic or known.is_projected):
            return str((known.to_authority() and ":".join(known.to_authority() or ())) or known.to_wkt())
        if feed.crs:
            return str(CRS.from_user_input(feed.crs).to_string())
    except CRSError:
        raise InputError(f"{path}: the CRS is none: {feed.crs or crs}; state crs of the feed") from None
    raise InputError(
        f"{path}: the file declares no CRS, and the feed {feed.name} states none; ask its producer, "
        f'then set crs = "EPSG:..." of the feed'
    )
