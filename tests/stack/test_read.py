"""Reading a look on a tile: right places, right numbers, and a coded reason for everything refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Transformer

from dosel.catalog.scene import Asset, RefusedSceneError
from dosel.catalog.sensors import MaskRule, sensor
from dosel.errors import InputError
from dosel.model.codes import NODATA, Refusal
from dosel.stack.plan import plan_look
from dosel.stack.quantise import Tally
from dosel.stack.raster import open_raster
from dosel.stack.read import judge, read_tile

HALO = 3


def read_all(
    made: Any, scenes: list[dict[str, Asset]], row: Any, grid: Any, halo: int = HALO
) -> dict[str, Any]:
    """Every tile of a look by its id."""
    plan = plan_look(made.look_of(row, scenes, row.geometries[0]), row, grid.tiles(), halo)
    return {tile.id: read_tile(plan, tile) for tile in grid.tiles()}


def stitched(grid: Any, reads: dict[str, Any], halo: int = HALO) -> np.ndarray:
    """The tiles without their halos as one array (stream, y, x)."""
    col0, row0, col1, row1 = grid.window
    streams = next(iter(reads.values())).look.values.shape[0]
    out = np.full((streams, row1 - row0, col1 - col0), 12345, np.int16)
    for tile in grid.tiles():
        values = reads[tile.id].look.values
        inner = values[:, halo : values.shape[1] - halo, halo : values.shape[2] - halo]
        top, left = tile.row - row0, tile.col - col0
        out[:, top : top + tile.shape[0], left : left + tile.shape[1]] = inner
    return out


def test_an_aligned_raster_arrives_bit_by_bit_with_its_halo(tmp_path: Path, made: Any) -> None:
    """Kills: halo off by one, rows and columns swapped, tile cut at the raster's edge."""
    grid = made.grid_over(96, 80)
    stored = np.random.default_rng(1).integers(-9000, 9000, (96, 80)).astype(np.int16)
    asset = replace(made.write(tmp_path / "a.tif", stored, nodata=-32768), scale=0.0001)
    reads = read_all(made, [{"value": asset}], made.index_sensor(), grid)
    np.testing.assert_array_equal(stitched(grid, reads)[0], stored)
    around = np.pad(stored, HALO, constant_values=NODATA)
    col0, row0 = grid.window[:2]
    for tile in grid.tiles():
        top, left = tile.row - row0, tile.col - col0
        want = around[top : top + tile.shape[0] + 2 * HALO, left : left + tile.shape[1] + 2 * HALO]
        np.testing.assert_array_equal(reads[tile.id].look.values[0], want)


SOURCES = {
    "same CRS, half a pixel off": ("EPSG:32719", Affine(10, 0, 399_905, 0, -10, 8_600_095), 1.0),
    "same CRS, finer": ("EPSG:32719", Affine(4, 0, 399_950, 0, -4, 8_600_050), 2.5),
    "same CRS, coarser": ("EPSG:32719", Affine(30, 0, 399_930, 0, -30, 8_600_060), 1 / 3),
    "next zone": ("EPSG:32718", None, 1.0),
    "degrees": ("EPSG:4326", None, 1.0),
    "rows run north": ("EPSG:32719", Affine(10, 0, 399_905, 0, 10, 8_598_945), 1.0),
}


def _placed(crs: str, transform: Affine | None, shape: tuple[int, int]) -> Affine:
    """A transform of about 10 m around the grid's first pixel in another CRS."""
    if transform is not None:
        return transform
    x, y = Transformer.from_crs("EPSG:32719", crs, always_xy=True).transform(400_000, 8_600_000)
    size = 10.0 if crs != "EPSG:4326" else 9.0e-5
    return Affine(size, 0, x - 20 * size, 0, -size, y + 20 * size)


@pytest.mark.parametrize("name", SOURCES)
def test_tiling_changes_nothing(tmp_path: Path, made: Any, name: str) -> None:
    """Kills: a warp whose places depend on the window (tolerance per chunk), a ratio taken per tile."""
    crs, transform, _ = SOURCES[name]
    stored = np.random.default_rng(2).random((320, 320)).astype(np.float32)
    stored[40:60, 30:50] = np.nan
    asset = made.write(tmp_path / "a.tif", stored, crs=crs, transform=_placed(crs, transform, stored.shape))
    pictures = []
    for tile_px in (16, 37, 96):
        grid = made.grid_over(96, 80, tile_px=tile_px)
        pictures.append(stitched(grid, read_all(made, [{"value": asset}], made.index_sensor(), grid)))
    assert (pictures[0] != NODATA).mean() > 0.5
    np.testing.assert_array_equal(pictures[0], pictures[1])
    np.testing.assert_array_equal(pictures[0], pictures[2])


@pytest.mark.parametrize("name", SOURCES)
def test_a_plane_stays_where_it_is(tmp_path: Path, made: Any, name: str) -> None:
    """Oracle: a field linear in source coordinates must have its value at every pixel centre.

    Kills: half-pixel shifts, flipped rows, axes of degrees swapped.
    """
    crs, transform, _ = SOURCES[name]
    place = _placed(crs, transform, (320, 320))
    cols, rows = np.meshgrid(np.arange(320) + 0.5, np.arange(320) + 0.5)
    stored = ((cols + 2 * rows) / 1000).astype(np.float32)
    asset = made.write(tmp_path / "a.tif", stored, crs=crs, transform=place)
    grid = made.grid_over(64, 64)
    picture = stitched(grid, read_all(made, [{"value": asset}], made.index_sensor(), grid))[0]
    centre_x, centre_y = np.meshgrid(400_005 + 10 * np.arange(64.0), 8_599_995 - 10 * np.arange(64.0))
    x, y = Transformer.from_crs("EPSG:32719", crs, always_xy=True).transform(centre_x, centre_y)
    col, row = ~place * (x, y)
    want = (col + 2 * row) / 1000
    inside = (np.minimum(row, col) > 2) & (np.maximum(row, col) < 318) & (picture != NODATA)
    assert inside.mean() > 0.5
    np.testing.assert_allclose(picture[inside] * 0.0001, want[inside], atol=2.1e-4)


def test_finer_power_is_averaged_as_power_then_becomes_decibel(tmp_path: Path, made: Any) -> None:
    """Kills: the mean of decibels, a box off by a pixel, half-empty boxes kept."""
    power = np.random.default_rng(3).gamma(4, 0.02, (96, 96)).astype(np.float32)
    power[:3, :3] = np.nan
    power[3:6, :1] = np.nan
    bands = {band: made.write(tmp_path / f"{band}.tif", power) for band in ("vv", "vh")}
    grid = made.grid_over(32, 32, resolution_m=30.0)
    picture = stitched(grid, read_all(made, [bands], sensor("sentinel-1-rtc"), grid))[0]
    with np.errstate(invalid="ignore"):
        blocks = power.reshape(32, 3, 32, 3).swapaxes(1, 2).reshape(32, 32, 9)
    assert picture[0, 0] == NODATA
    want = 10 * np.log10(np.nanmean(blocks.reshape(-1, 9)[1:], axis=1)) * 100
    assert np.abs(picture.ravel()[1:] - want).max() <= 0.51


def test_granules_of_one_look_are_laid_in_order(tmp_path: Path, made: Any) -> None:
    """Kills: the last one wins, a mean of both, gaps not filled from the second."""
    one, two = np.full((64, 64), 100, np.int16), np.full((64, 64), 200, np.int16)
    one[:, 40:] = -32768
    scenes = [
        {"value": replace(made.write(tmp_path / f"{k}.tif", part, nodata=-32768), scale=0.0001)}
        for k, part in enumerate((one, two))
    ]
    grid = made.grid_over(64, 64)
    picture = stitched(grid, read_all(made, scenes, made.index_sensor(), grid))[0]
    assert (picture[:, :40] == 100).all()
    assert (picture[:, 40:] == 200).all()


@pytest.mark.parametrize("nodata", [float("nan"), -9999.0, -3.4e38, None])
def test_every_kind_of_nothing_is_nothing(tmp_path: Path, made: Any, nodata: float | None) -> None:
    """Kills: a declared nodata compared in double with a float raster; infinity taken for a value."""
    stored = np.random.default_rng(4).uniform(-0.5, 0.9, (64, 64)).astype(np.float32)
    stored[5, 5], stored[6, 6], stored[7, 7] = np.nan, np.inf, -np.inf
    if nodata is not None:
        stored[8, 8] = nodata
    for declared in (True, False):
        asset = made.write(tmp_path / f"{declared}.tif", stored, nodata=nodata if declared else None)
        asset = asset if declared else replace(asset, nodata=nodata)
        grid = made.grid_over(64, 64, tile_px=64)
        reads = read_all(made, [{"value": asset}], made.index_sensor(), grid, halo=0)
        empty = stitched(grid, reads, halo=0)[0] == NODATA
        assert empty.sum() == (3 if nodata is None else 4)
        assert sum(read.tallies[0].absurd for read in reads.values()) == 0


def test_declared_and_own_nodata_both_count(tmp_path: Path, made: Any) -> None:
    stored = np.full((64, 64), 50, np.int16)
    stored[0, 0], stored[1, 1] = -9999, -1
    asset = replace(made.write(tmp_path / "a.tif", stored, nodata=-9999), nodata=-1.0, scale=0.01)
    grid = made.grid_over(64, 64, tile_px=64)
    picture = stitched(grid, read_all(made, [{"value": asset}], made.index_sensor(), grid, 0), 0)[0]
    assert np.argwhere(picture == NODATA).tolist() == [[0, 0], [1, 1]]


def test_optical_masks_clouds_and_takes_the_offset_of_the_asset(tmp_path: Path, made: Any) -> None:
    """Kills: offset ignored, mask inverted, mask at 20 m shifted, dilation that stops at the tile's edge."""
    rng = np.random.default_rng(5)
    red, nir, swir = (rng.integers(1200, 5000, (64, 64)).astype(np.uint16) for _ in range(3))
    scl = np.full((32, 32), 4, np.uint8)
    scl[10, 15] = 9
    coarse = Affine(20, 0, made.LEFT, 0, -20, made.TOP)
    bands = {
        name: replace(made.write(tmp_path / f"{name}.tif", values, nodata=0), scale=1e-4, offset=-0.1)
        for name, values in (("red", red), ("nir", nir), ("swir22", swir))
    }
    bands["mask"] = made.write(tmp_path / "scl.tif", scl, transform=coarse)
    row = sensor("sentinel-2-l2a")
    for tile_px in (16, 64):
        grid = made.grid_over(64, 64, tile_px=tile_px)
        plan = plan_look(made.look_of(row, [bands]), row, grid.tiles(), HALO, dilate_px=2)
        reads = {tile.id: read_tile(plan, tile) for tile in grid.tiles()}
        nbr, ndvi = stitched(grid, reads)
        cloud = np.ones((64, 64), bool)
        cloud[2:-2, 2:-2] = False  # nothing is known of what lies beyond the mask
        cloud[18:24, 28:34] = True
        np.testing.assert_array_equal(ndvi == NODATA, cloud)
        np.testing.assert_array_equal(nbr == NODATA, cloud)
        a, b = nir * 1e-4 - 0.1, red * 1e-4 - 0.1
        assert np.abs(ndvi - (a - b) / (a + b) * 1e4)[~cloud].max() <= 0.51


def _refused(made: Any, asset: Asset, row: Any = None) -> RefusedSceneError:
    grid, row = made.grid_over(32, 32), row or made.index_sensor()
    look = made.look_of(row, [{"value": asset}])
    plan = plan_look(look, row, grid.tiles(), 0)
    with pytest.raises(RefusedSceneError) as caught:
        judge(look.id, [read_tile(plan, tile).tallies for tile in grid.tiles()])
    return caught.value


def test_what_is_undeclared_or_contradicts_is_refused(tmp_path: Path, made: Any) -> None:
    whole = np.full((64, 64), 0.5, np.float32)
    no_crs = made.write(tmp_path / "c.tif", whole, crs=None)
    with pytest.raises(RefusedSceneError, match="coordinate system") as caught:
        open_raster(no_crs)
    assert caught.value.refusal is Refusal.UNDECLARED
    assert open_raster(replace(no_crs, crs=made.CRS)).crs.to_epsg() == 32719
    good = made.write(tmp_path / "g.tif", whole)
    assert open_raster(replace(good, crs="EPSG:32719")).size == (64, 64)
    assert _refused(made, replace(good, crs="EPSG:32718")).refusal is Refusal.WRONG_GRID
    assert _refused(made, replace(good, band=2)).refusal is Refusal.MISSING_BAND
    turned = made.write(tmp_path / "r.tif", whole, transform=Affine(10, 1, made.LEFT, 1, -10, made.TOP))
    assert _refused(made, turned).refusal is Refusal.WRONG_GRID
    counted = made.write(tmp_path / "i.tif", whole.astype(np.int16))
    assert _refused(made, counted).refusal is Refusal.UNDECLARED


def test_a_raster_elsewhere_than_its_item_says_is_refused(tmp_path: Path, made: Any) -> None:
    asset = made.write(tmp_path / "a.tif", np.zeros((32, 32), np.float32), crs="EPSG:32718")
    with pytest.raises(RefusedSceneError, match="its item says") as caught:
        open_raster(asset, bbox=(-69.95, -12.7, -69.9, -12.6))
    assert caught.value.refusal is Refusal.WRONG_GRID


def test_nothing_valid_and_absurd_values_are_refused(tmp_path: Path, made: Any) -> None:
    empty = made.write(tmp_path / "e.tif", np.full((64, 64), np.nan, np.float32))
    assert _refused(made, empty).refusal is Refusal.ALL_NODATA
    absurd = made.write(tmp_path / "a.tif", np.full((64, 64), 5000.0, np.float32))
    error = _refused(made, absurd)
    assert error.refusal is Refusal.ABSURD
    assert "100%" in str(error)
    judge("x", [(Tally(10, 5, 5, 0),)])


@pytest.mark.parametrize(
    ("profile", "keep"),
    [
        ({}, 0),
        ({}, 7),
        ({}, 0.5),
        ({"compress": "deflate", "tiled": True, "blockxsize": 64, "blockysize": 64}, 0.5),
    ],
)
def test_a_cut_file_is_called_cut(tmp_path: Path, made: Any, profile: dict[str, Any], keep: float) -> None:
    values = np.random.default_rng(6).random((256, 256)).astype(np.float32)
    asset = made.write(tmp_path / "a.tif", values, **profile)
    look_of = made.look_of(made.index_sensor(), [{"value": asset}])
    data = Path(asset.href).read_bytes()
    Path(asset.href).write_bytes(data[: int(len(data) * keep) if keep < 1 else int(keep)])
    grid = made.grid_over(256, 256, tile_px=256)
    plan = plan_look(look_of, made.index_sensor(), grid.tiles(), 0)
    with pytest.raises(RefusedSceneError, match=r"a\.tif") as caught:
        read_tile(plan, grid.tiles()[0])
    assert caught.value.refusal is Refusal.TRUNCATED


def test_a_damaged_or_missing_file_is_unreadable(tmp_path: Path, made: Any) -> None:
    values = np.random.default_rng(6).random((128, 128)).astype(np.float32)
    asset = made.write(
        tmp_path / "a.tif", values, compress="deflate", tiled=True, blockxsize=64, blockysize=64
    )
    look = made.look_of(made.index_sensor(), [{"value": asset}])
    data = bytearray(Path(asset.href).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    Path(asset.href).write_bytes(data)
    grid = made.grid_over(128, 128, tile_px=128)
    plan = plan_look(look, made.index_sensor(), grid.tiles(), 0)
    for spoil in (
        lambda: None,
        lambda: Path(asset.href).write_text("no raster at all, only words"),
        Path(asset.href).unlink,
    ):
        spoil()
        with pytest.raises(RefusedSceneError, match=r"a\.tif") as caught:
            read_tile(plan, grid.tiles()[0])
        assert caught.value.refusal is Refusal.UNREADABLE


def test_a_file_put_in_place_of_another_is_read_anew(tmp_path: Path, made: Any) -> None:
    grid = made.grid_over(32, 32)
    for number in (0.25, 0.5):
        asset = made.write(tmp_path / "a.tif", np.full((32, 32), number, np.float32))
        reads = read_all(made, [{"value": asset}], made.index_sensor(), grid)
        assert (stitched(grid, reads) == number * 1e4).all()


def test_a_missing_band_and_raw_radar_are_refused_in_the_plan(tmp_path: Path, made: Any) -> None:
    asset = made.write(tmp_path / "a.tif", np.zeros((32, 32), np.float32))
    row = sensor("sentinel-1-rtc")
    with pytest.raises(RefusedSceneError, match="needs vh") as caught:
        plan_look(made.look_of(row, [{"vv": asset}], "ascending"), row, made.grid_over(32, 32).tiles(), 0)
    assert caught.value.refusal is Refusal.MISSING_BAND


def test_a_tile_that_does_not_fit_is_refused_before_reading(tmp_path: Path, made: Any) -> None:
    asset = made.write(tmp_path / "a.tif", np.zeros((32, 32), np.float32))
    look = made.look_of(made.index_sensor(), [{"value": asset}])
    with pytest.raises(InputError, match="tile_px"):
        plan_look(look, made.index_sensor(), made.grid_over(32, 32).tiles(), 0, memory_mb=0.001)


def test_a_plan_names_the_tiles_that_a_scene_touches(tmp_path: Path, made: Any) -> None:
    """Kills: a plan of every tile; a plan that forgets a tile at the scene's edge."""
    corner = made.write(tmp_path / "a.tif", np.zeros((40, 10), np.float32))
    grid = made.grid_over(96, 80)
    plan = plan_look(
        made.look_of(made.index_sensor(), [{"value": corner}]), made.index_sensor(), grid.tiles(), 0
    )
    tiles = {part.tile.id for part in plan.tiles}
    col0, row0 = grid.window[:2]
    needed = {t.id for t in grid.tiles() if t.row - row0 < 40 and t.col - col0 < 10}
    assert needed <= tiles < {t.id for t in grid.tiles()}
    assert plan.bytes_expected > 0


def test_layover_is_masked(tmp_path: Path, made: Any) -> None:
    power = np.full((32, 32), 0.1, np.float32)
    mask = np.zeros((32, 32), np.uint8)
    mask[3, 4], mask[5, 6], mask[7, 8] = 1, 2, 255
    bands = {band: made.write(tmp_path / f"{band}.tif", power) for band in ("vv", "vh")}
    bands["mask"] = made.write(tmp_path / "mask.tif", mask, nodata=255)
    grid = made.grid_over(32, 32)
    row = sensor("sentinel-1-rtc")
    assert row.mask_rule is MaskRule.LAYOVER
    picture = stitched(grid, read_all(made, [bands], row, grid))
    assert np.argwhere(picture[1] == NODATA).tolist() == [[3, 4], [5, 6], [7, 8]]
    assert (picture[picture != NODATA] == -1000).all()


def _cog(path: Path, values: np.ndarray, transform: Affine) -> None:
    with rasterio.open(
        path, "w", driver="COG", height=values.shape[0], width=values.shape[1], count=1, nodata=-32768,
        dtype=values.dtype, crs="EPSG:32719", transform=transform, compress="zstd",
    ) as out:  # fmt: skip
        out.write(values, 1)


def test_a_cog_is_a_raster_like_any_other(tmp_path: Path, made: Any) -> None:
    stored = np.random.default_rng(8).integers(-5000, 5000, (600, 600)).astype(np.int16)
    _cog(tmp_path / "a.tif", stored, Affine(10, 0, made.LEFT, 0, -10, made.TOP))
    grid = made.grid_over(600, 600, tile_px=256)
    asset = Asset(str(tmp_path / "a.tif"), scale=0.0001)
    np.testing.assert_array_equal(
        stitched(grid, read_all(made, [{"value": asset}], made.index_sensor(), grid))[0], stored
    )
