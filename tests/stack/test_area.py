"""The grid from the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from dosel.config import AreaSettings
from dosel.errors import InputError
from dosel.stack.area import grid_of, polygons


def _area(**given: Any) -> AreaSettings:
    return AreaSettings.model_validate({"name": "a", "crs": "EPSG:32719", "resolution_m": 10} | given)


def test_a_box_in_degrees_is_covered_along_its_bent_edges() -> None:
    """Kills: only the corners transformed (the southern edge of a wide box bulges)."""
    bbox = (-71.5, -12.0, -66.5, -11.0)
    grid = grid_of(_area(bbox=bbox), Path())
    left, bottom, right, top = grid.geobox.boundingbox
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:32719", always_xy=True)
    edge = np.linspace(-71.5, -66.5, 501)
    for lat in (-12.0, -11.0):
        x, y = to_grid.transform(edge, np.full(edge.size, lat))
        assert left <= x.min() + 1
        assert x.max() - 1 <= right
        assert bottom <= y.min() + 1
        assert y.max() - 1 <= top


def test_a_raster_gives_its_grid_exactly(tmp_path: Path, made: Any) -> None:
    asset = made.write(tmp_path / "r.tif", np.zeros((33, 17), np.float32))
    grid = grid_of(_area(like=Path("r.tif")), tmp_path)
    assert grid.anchor == (made.LEFT, made.TOP)
    assert grid.window == (0, 0, 17, 33)
    assert asset.href
    with pytest.raises(InputError, match="resolution_m says 30"):
        grid_of(_area(like=Path("r.tif"), resolution_m=30), tmp_path)
    with pytest.raises(InputError, match=r"area\.crs says EPSG:32718"):
        grid_of(_area(like=Path("r.tif"), crs="EPSG:32718"), tmp_path)
    with pytest.raises(InputError, match=r"gone\.tif"):
        grid_of(_area(like=Path("gone.tif")), tmp_path)


def test_the_bolivia_stack_is_taken_over(series: Path) -> None:
    like = series / "bolivia-s1-landsat-stack" / "s1vv_tseries" / "2016-03-06-s1vv.tif"
    grid = grid_of(_area(like=like, crs="EPSG:32720", resolution_m=30), Path())
    assert (grid.anchor, grid.window) == ((594555.0, 8003065.0), (0, 0, 100, 100))


def test_polygons_are_kept_and_a_file_without_crs_is_refused(tmp_path: Path) -> None:
    shapes = [shapely.box(-69.02, -12.02, -69.0, -12.0), shapely.box(-68.98, -12.02, -68.97, -12.01)]
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_file(tmp_path / "a.gpkg")
    area = _area(file=Path("a.gpkg"))
    whole = polygons(area, tmp_path)
    assert whole.area / 1e6 == pytest.approx(2.18 * 2.21 + 1.09 * 1.106, rel=0.01)
    left, bottom, right, top = grid_of(area, tmp_path).geobox.boundingbox
    assert shapely.box(left, bottom, right, top).contains(whole)
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_file(tmp_path / "b.shp")
    (tmp_path / "b.prj").unlink()
    with pytest.raises(InputError, match="declares no CRS"):
        polygons(_area(file=Path("b.shp")), tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        polygons(_area(file=Path("c.gpkg")), tmp_path)


def test_nonsense_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="no coordinate system"):
        grid_of(_area(crs="EPSG:99999999", bbox=(-1, -1, 1, 1)), Path())
    with pytest.raises(InputError, match="west < east"):
        grid_of(_area(bbox=(10, -1, -10, 1)), Path())
    with pytest.raises(InputError, match="left < right"):
        grid_of(_area(bounds_m=(10, 0, 5, 10)), Path())
