"""Reading vector files for layers: rows in lon/lat WGS 84, or a refusal; never a guess.

GeoParquet, GeoPackage, Shapefile and GeoJSON say their own CRS; of a CSV the definition says it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import AreaOfInterest, TransformerGroup

from dosel.context.definition import Definition
from dosel.context.units import Problem, Rows, outside
from dosel.errors import InputError
from dosel.stack.vector import check_vector

_EDGE_M: Final = 20_000.0
"""Longer edges are split before they leave a projection, since they bend."""
_EXACT_M: Final = 1.0
"""A change of datum that is less exact is said."""
_MOST_DEGREES: Final = 360.0
"""No projected coordinates of a country all lie so near to the origin."""
_MOST_LAT: Final = 88.0
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What a file held, and what has to be said of how it was read."""

    rows: Rows
    problems: tuple[Problem, ...] = ()


def read_rows(path: Path, definition: Definition) -> Read:
    """Return the rows of a file in lon/lat.

    Raises
    ------
    InputError
        If it cannot be read, declares no CRS, its coordinates contradict the CRS or lie outside the
        country, or it crosses the date line or a pole.
    """
    table = _table(path, definition)
    crs = _crs(table, path, definition)
    geometry = np.array(table.geometry, object)
    _check_degrees(geometry, crs, path)
    geometry, problems = _in_degrees(geometry, crs, path)
    _check_place(geometry, path, definition)
    columns = {str(name): _texts(table[name]) for name in table.columns if name != table.geometry.name}
    return Read(Rows(geometry, columns), problems)


def read_names(path: Path, key: str, name: str, delimiter: str) -> dict[str, str]:
    """Return names by code from a CSV.

    Raises
    ------
    InputError
        If it cannot be read or has no such columns.
    """
    table = _csv(path, delimiter)
    missing = [column for column in (key, name) if column not in table.columns]
    if missing:
        raise InputError(
            f"{path}: no column {', '.join(missing)}; it has {', '.join(map(str, table.columns))}"
        )
    return dict(zip(table[key], table[name], strict=True))


def read_polygons(path: Path) -> Any:
    """Return the polygons of a coverage file as one geometry in lon/lat.

    Raises
    ------
    InputError
        If it cannot be read, declares no CRS, or holds no polygon.
    """
    table = _opened(path, None)
    if table.crs is None:
        raise InputError(f"{path}: declares no CRS; write one into it")
    geometry, crs = np.array(table.geometry, object), CRS.from_user_input(table.crs)
    _check_degrees(geometry, crs, path)
    geometry = shapely.make_valid(_in_degrees(geometry, crs, path)[0])
    areas = geometry[shapely.get_dimensions(geometry) == 2]
    if not len(areas):
        raise InputError(f"{path}: holds no polygon")
    return shapely.union_all(areas)


def _table(path: Path, definition: Definition) -> gpd.GeoDataFrame:
    if path.suffix.lower() == ".csv":
        return _points(path, definition)
    return _opened(path, definition.table)


def _opened(path: Path, table: str | None) -> gpd.GeoDataFrame:
    if not path.exists():
        raise InputError(f"{path} does not exist")
    check_vector(path)
    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            return gpd.read_parquet(path)
        return gpd.read_file(path, layer=table)
    except (DataSourceError, DataLayerError, OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as a vector file: {error}") from error


def _csv(path: Path, delimiter: str) -> pd.DataFrame:
    try:
        return pd.read_csv(path, sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a CSV in UTF-8: {error}") from error


def _points(path: Path, definition: Definition) -> gpd.GeoDataFrame:
    """Return the points of a CSV; its CRS is the one that the definition says."""
    table = _csv(path, definition.delimiter)
    missing = [column for column in (definition.lon, definition.lat) if column not in table.columns]
    if missing:
        raise InputError(f"{path} has no column {', '.join(map(str, missing))}")
    x, y = (pd.to_numeric(table[column], errors="coerce") for column in (definition.lon, definition.lat))
    points = np.array(shapely.points(x, y), object)
    points[np.isnan(x) | np.isnan(y)] = None
    return gpd.GeoDataFrame(table, geometry=points, crs=definition.crs)


def _crs(table: gpd.GeoDataFrame, path: Path, definition: Definition) -> CRS:
    """Return the CRS that the file declares, or the definition where that one is absent or absurd."""
    if table.crs is None and definition.crs is None:
        raise InputError(
            f"{path} declares no CRS; write one into it (a .prj beside a shapefile), "
            "or say crs in the definition"
        )
    declared = None if table.crs is None else CRS.from_user_input(table.crs)
    if declared is not None and definition.crs is None:
        return declared
    said = _said(definition)
    if declared is None or declared.equals(said, ignore_axis_order=True):
        return said
    if declared.is_geographic and _beyond_degrees(table.geometry.to_numpy()):
        return said
    raise InputError(
        f"{path} declares {_short(declared)}, the definition says {definition.crs}; "
        "take crs out of the definition, or mend the file"
    )


def _said(definition: Definition) -> CRS:
    try:
        return CRS.from_user_input(definition.crs)
    except CRSError as error:
        raise InputError(f"crs: {definition.crs!r} is no coordinate system") from error


def _short(crs: CRS) -> str:
    known = crs.to_authority(min_confidence=70)
    return ":".join(known) if known else crs.name


def _beyond_degrees(geometry: NDArray[np.object_]) -> bool:
    west, south, east, north = shapely.total_bounds(geometry)
    return bool(max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90)


def _check_degrees(geometry: NDArray[np.object_], crs: CRS, path: Path) -> None:
    """Refuse coordinates that contradict their CRS: metres that are declared as degrees, or the reverse."""
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise InputError(f"{path}: some coordinates are no numbers; mend the file")
    west, south, east, north = shapely.total_bounds(geometry)
    said = f"x goes from {west:.0f} to {east:.0f} and y from {south:.0f} to {north:.0f}"
    if crs.is_geographic and _beyond_degrees(geometry):
        raise InputError(
            f"{path}: declares {_short(crs)} (degrees), but {said}: these are metres; say the true crs in "
            "the definition, for example EPSG:32718 (UTM 18S)"
        )
    if crs.is_projected and np.abs([west, south, east, north]).max() <= _MOST_DEGREES:
        raise InputError(
            f"{path}: declares {_short(crs)} (metres), but {said}: these are degrees; "
            "declare their CRS in the file"
        )


def _in_degrees(
    geometry: NDArray[np.object_], crs: CRS, path: Path
) -> tuple[NDArray[np.object_], tuple[Problem, ...]]:
    """Return geometries in lon/lat WGS 84, and how exact the way there was; long edges are split first."""
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True) or _short(crs) == "OGC:CRS84":
        return geometry, ()
    ways = _ways(geometry, crs, path)
    if crs.is_projected:
        geometry = shapely.segmentize(geometry, _EDGE_M / crs.axis_info[0].unit_conversion_factor)
    change = ways.transformers[0]
    moved = shapely.transform(geometry, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise _nowhere(crs, path)
    return moved, _exactness(ways, path)


def _ways(geometry: NDArray[np.object_], crs: CRS, path: Path) -> TransformerGroup:
    """Return the ways to WGS 84 where the geometries lie, the best first."""
    rough = Transformer.from_crs(crs, 4326, always_xy=True)
    left, bottom, right, top = map(float, shapely.total_bounds(geometry))
    west, south, east, north = bounds = rough.transform_bounds(left, bottom, right, top, errcheck=False)
    if not np.isfinite(bounds).all():
        raise _nowhere(crs, path)
    where = AreaOfInterest(west, max(south, -90.0), max(west, east), min(north, 90.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what it says of grids is said by _exactness
        ways = TransformerGroup(crs, 4326, always_xy=True, area_of_interest=where)
    if not ways.transformers:
        raise _nowhere(crs, path)
    return ways


def _nowhere(crs: CRS, path: Path) -> InputError:
    return InputError(f"{path}: some coordinates have no place on earth in {_short(crs)}; is the CRS right?")


def _exactness(ways: TransformerGroup, path: Path) -> tuple[Problem, ...]:
    """Say that a datum grid is missing here, and how exact a change of datum is where that matters."""
    exact = ways.transformers[0].accuracy
    better = [] if ways.best_available else ways.unavailable_operations
    grids = sorted({grid.short_name for way in better for grid in way.grids if not grid.available})
    if grids:
        return (Problem("datum-grid", path.name, {"grids": grids, "accuracy_m": exact}),)
    if exact > _EXACT_M:
        return (Problem("datum", path.name, {"accuracy_m": exact}),)
    return ()


def _check_place(geometry: NDArray[np.object_], path: Path, definition: Definition) -> None:
    """Refuse what crosses the date line or a pole, and units that lie outside the country."""
    west, south, east, north = shapely.bounds(geometry).T
    with np.errstate(invalid="ignore"):
        wide = (east - west > 180) | (south < -_MOST_LAT) | (north > _MOST_LAT)
    if wide.any():
        raise InputError(
            f"{path}: {_where(wide)} cross the date line or a pole, which is not handled; cut them there"
        )
    if definition.extent is None:
        return
    away = outside(geometry, definition.extent)
    if away.any():
        x, y = shapely.get_coordinates(geometry[int(np.flatnonzero(away)[0])])[0]
        raise InputError(
            f"{path}: {_where(away)} lie outside {definition.country or 'extent'} {list(definition.extent)}, "
            f"the first at lon {x:.4f}, lat {y:.4f}; is the CRS right, are lon and lat swapped?"
        )


def _where(which: NDArray[np.bool_]) -> str:
    numbers = [str(n + 1) for n in np.flatnonzero(which)]
    more = ", ..." if len(numbers) > _SHOWN else ""
    return f"{len(numbers)} of {len(which)} rows ({', '.join(numbers[:_SHOWN])}{more})"


def _texts(column: Any) -> NDArray[np.object_]:
    """Return a column as text: whole numbers without a point, days as ISO text, nothing as the empty text."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_float_dtype(column):
        return np.array([_number(value) for value in column], object)
    gone = column.isna().to_numpy()
    texts = np.array([str(value).strip() for value in column], object)
    texts[gone] = ""
    return texts


def _number(value: float) -> str:
    if not np.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))
