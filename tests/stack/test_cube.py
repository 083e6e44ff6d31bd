"""Time cubes: the right step, the right way up, placed by their own coordinates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dosel.catalog.scene import Asset, RefusedSceneError
from dosel.model.codes import NODATA, Refusal
from dosel.stack.plan import plan_look
from dosel.stack.raster import Access, open_raster
from dosel.stack.read import read_tile

netcdf = pytest.importorskip("netCDF4")


def _cube(path: Path, values: np.ndarray, made: Any, *, northward: bool, described: bool) -> Asset:
    """Write (time, y, x) on the pixels of the grid; described cubes carry CF attributes."""
    steps, rows, cols = values.shape
    with netcdf.Dataset(path, "w") as out:
        for name, size in (("time", steps), ("y", rows), ("x", cols)):
            out.createDimension(name, size)
        y, x = out.createVariable("y", "f8", ("y",)), out.createVariable("x", "f8", ("x",))
        down = made.TOP - 5 - 10 * np.arange(rows)
        y[:], x[:] = down[::-1] if northward else down, made.LEFT + 5 + 10 * np.arange(cols)
        cube = out.createVariable("ndvi", "i2", ("time", "y", "x"), fill_value=-32768)
        cube.set_auto_maskandscale(False)
        cube.scale_factor = 0.0001
        cube[:] = values[:, ::-1] if northward else values
        if described:
            y.standard_name, x.standard_name = "projection_y_coordinate", "projection_x_coordinate"
            y.units = x.units = "m"
            cube.grid_mapping = "crs"
            crs = out.createVariable("crs", "i4", ())
            crs.grid_mapping_name, crs.spatial_ref = "transverse_mercator", "EPSG:32719"
    return Asset(f"{path}#ndvi", scale=0.0001)


@pytest.mark.parametrize("northward", [False, True])
@pytest.mark.parametrize("described", [False, True])
def test_a_step_arrives_the_right_way_up(tmp_path: Path, made: Any, northward: bool, described: bool) -> None:
    """Kills: trusting the driver's order of rows, the step before, half a pixel."""
    values = np.random.default_rng(1).integers(-5000, 9000, (3, 40, 24)).astype(np.int16)
    values[2, 4, 5] = -32768
    cube = _cube(tmp_path / "c.nc", values, made, northward=northward, described=described)
    cube = replace(cube, step=2, crs="EPSG:32719")
    row = made.index_sensor()
    grid = made.grid_over(40, 24, tile_px=16)
    look = made.look_of(row, [{"value": cube}], boxes=[(-71, -14, -68, -11)])
    plan = plan_look(look, row, grid.tiles(), 0)
    for tile in grid.tiles():
        top, left = tile.row - grid.window[1], tile.col - grid.window[0]
        want = values[2, top : top + tile.shape[0], left : left + tile.shape[1]]
        np.testing.assert_array_equal(read_tile(plan, tile).look.values[0], want)


def test_what_a_cube_does_not_say_is_asked_for(tmp_path: Path, made: Any) -> None:
    values = np.zeros((2, 8, 8), np.int16)
    cube = _cube(tmp_path / "c.nc", values, made, northward=False, described=False)
    with Access().session():
        with pytest.raises(RefusedSceneError, match="coordinate system") as caught:
            open_raster(cube)
        assert caught.value.refusal is Refusal.UNDECLARED
        with pytest.raises(RefusedSceneError, match="band 9") as caught:
            open_raster(replace(cube, step=8, crs="EPSG:32719"))
        assert caught.value.refusal is Refusal.MISSING_BAND
        with pytest.raises(RefusedSceneError) as caught:
            open_raster(replace(cube, href=cube.href.replace("ndvi", "evi")))
        assert caught.value.refusal is Refusal.UNREADABLE


def test_the_landsat_cube_reads_as_it_is_stored(series: Path, made: Any) -> None:
    """Oracle: the same numbers through the netCDF library."""
    path = series / "landsat8-ndvi-cube" / "landsat8_ndvi_monthly_250m.nc"
    with netcdf.Dataset(path) as source:
        source.set_auto_maskandscale(False)
        stored = source["ndvi"][40]
    row = made.index_sensor()
    left, top = -7370057 - 125.0, -994002 + 125.0
    grid = made.Grid.over(
        "cube", "EPSG:3857", 250.0, (left, top - 412 * 250, left + 540 * 250, top), (left, top), 256
    )
    asset = Asset(f"{path}#ndvi", scale=0.0001, step=40)
    look = made.look_of(row, [{"value": asset}], boxes=[(-66.3, -9.9, -64.9, -8.8)])
    plan = plan_look(look, row, grid.tiles(), 2)
    for tile in grid.tiles():
        values = read_tile(plan, tile).look.values[0, 2:-2, 2:-2]
        row0, col0 = tile.row, tile.col
        want = stored[row0 : row0 + tile.shape[0], col0 : col0 + tile.shape[1]]
        want = np.where((want < -10_000) | (want > 10_000), NODATA, want)
        np.testing.assert_array_equal(values, want)
