"""Loose files: what is missing is asked for, file by file; contradictions are refused; the rest goes on."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from dosel.catalog.looks import group_looks
from dosel.catalog.register import register_items
from dosel.catalog.scene import SceneRef
from dosel.catalog.search import Found, RefusedItem, search
from dosel.catalog.sensors import Sensor, sensor
from dosel.config import SourceSettings
from dosel.errors import InputError, InputMistakesError
from dosel.model.codes import Refusal
from dosel.model.time import day_of, iso_day
from dosel.testing.loose import EVERYWHERE, NOW, declared, folder_source, write_raster


def found(source: SourceSettings, row: Sensor | None = None, now: datetime = NOW) -> Found:
    return search(source, row or declared(), EVERYWHERE, {}, centre=Path("/"), now=now)


def only_refused(result: Found) -> RefusedItem:
    (item,) = result.refused
    return item


def test_a_plain_folder(tmp_path: Path) -> None:
    write_raster(tmp_path / "2024-01-05.tif")
    write_raster(tmp_path / "2024-01-17.tif")
    (tmp_path / "notes.txt").write_text("not a raster")
    (tmp_path / "other-2024-01-29.tif").write_text("fits no pattern")
    scenes = found(folder_source(tmp_path)).scenes
    assert [iso_day(day_of(s.acquired)) for s in scenes] == ["2024-01-05", "2024-01-17"]
    asset = scenes[0].assets["value"]
    assert (asset.href, asset.nodata, asset.crs) == (str(tmp_path / "2024-01-05.tif"), -9999.0, "EPSG:32719")
    assert scenes[0].bbox == pytest.approx((-69.1842, -12.6647, -69.1834, -12.6641), abs=1e-4)


MISSING = {
    "date": ({}, "data.tif", None, "date missing"),
    "crs": ({"crs": None}, "2024-01-05.tif", "{date}.tif", "CRS missing"),
    "nodata": ({"nodata": None}, "2024-01-05.tif", "{date}.tif", "nodata missing"),
}


@pytest.mark.parametrize(("profile", "name", "pattern", "words"), MISSING.values(), ids=MISSING)
def test_what_is_missing_everywhere_is_asked_for_with_all_files(
    tmp_path: Path, profile: dict[str, Any], name: str, pattern: str | None, words: str
) -> None:
    names = [name, name.replace("05", "17") if pattern else "more.tif"]
    for one in names:
        write_raster(tmp_path / one, **profile)
    with pytest.raises(InputMistakesError, match=words) as caught:
        found(folder_source(tmp_path, pattern))
    assert len(caught.value.mistakes) == 2
    assert all(name in str(caught.value) for name in names)


def test_everything_missing_in_a_file_is_named_at_once(tmp_path: Path) -> None:
    write_raster(tmp_path / "a.tif", crs=None, nodata=None)
    with pytest.raises(InputMistakesError, match=r"date missing.*CRS missing.*nodata missing"):
        found(folder_source(tmp_path, None))


def test_one_incomplete_file_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    write_raster(tmp_path / "2024-01-05.tif")
    write_raster(tmp_path / "2024-01-17.tif", nodata=None)
    (tmp_path / "2024-01-29.tif").write_bytes(b"II*\0broken")
    result = found(folder_source(tmp_path))
    assert [s.id for s in result.scenes] == ["loose-2024-01-05"]
    assert [(r.id, r.refusal) for r in result.refused] == [
        ("2024-01-17.tif", Refusal.UNDECLARED),
        ("2024-01-29.tif", Refusal.UNREADABLE),
    ]


@pytest.mark.parametrize("place", ["folder", "single", "own", "sensor"])
def test_declarations_are_taken_from_sidecars_and_sensor(tmp_path: Path, place: str) -> None:
    write_raster(tmp_path / "a.tif", crs=None, nodata=None)
    facts = {"date": "2024-01-05", "crs": "EPSG:32719", "nodata": -1}
    row = declared()
    if place == "folder":
        (tmp_path / "scenes.json").write_text(json.dumps(facts))
    elif place == "single":
        (tmp_path / "scenes.json").write_text(json.dumps({"nodata": 5, "scenes": {"a.tif": facts}}))
    elif place == "own":
        (tmp_path / "a.json").write_text(json.dumps(facts))
        (tmp_path / "scenes.json").write_text(json.dumps({"nodata": 5}))
    else:
        (tmp_path / "a.json").write_text(json.dumps({"date": "2024-01-05"}))
        row = declared(crs="EPSG:32719", nodata=-1)
    (scene,) = found(folder_source(tmp_path, None), row).scenes
    assert (scene.assets["value"].nodata, scene.assets["value"].crs) == (-1.0, "EPSG:32719")


def test_a_declared_nodata_of_nan_survives(tmp_path: Path) -> None:
    write_raster(tmp_path / "2024-01-05.tif", nodata=None)
    (scene,) = found(folder_source(tmp_path), declared(nodata=float("nan"))).scenes
    assert np.isnan(scene.assets["value"].nodata)


CONTRADICTIONS = {
    "crs": ({}, {"crs": "EPSG:32720"}, Refusal.WRONG_GRID, "declared as EPSG:32720"),
    "unknown crs": ({}, {"crs": "EPSG:1"}, Refusal.UNDECLARED, "no known CRS"),
    "date": ({}, {"date": "2024-01-06"}, Refusal.UNDECLARED, "by its name and 2024-01-06 by its sidecar"),
    "unit": ({}, {"unit": "power"}, Refusal.UNDECLARED, "the unit is power"),
    "band": ({}, {"band": "hh"}, Refusal.MISSING_BAND, "band 'hh' is not of sensor"),
}


@pytest.mark.parametrize(
    ("profile", "facts", "refusal", "words"), CONTRADICTIONS.values(), ids=CONTRADICTIONS
)
def test_contradictions_are_refused(
    tmp_path: Path, profile: dict[str, Any], facts: dict[str, Any], refusal: Refusal, words: str
) -> None:
    write_raster(tmp_path / "2024-01-05.tif", **profile)
    write_raster(tmp_path / "2024-01-17.tif")
    (tmp_path / "2024-01-05.json").write_text(json.dumps(facts))
    result = found(folder_source(tmp_path), declared(kind="radar"))
    assert [s.id for s in result.scenes] == ["loose-2024-01-17"]
    item = only_refused(result)
    assert item.refusal is refusal
    assert words in item.reason


def test_scale_of_the_file_is_taken_and_must_agree_with_the_declared_one(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "2024-01-05.tif")
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.01,), (2.0,)
    (scene,) = found(folder_source(tmp_path)).scenes
    assert (scene.assets["value"].scale, scene.assets["value"].offset) == (0.01, 2.0)
    with pytest.raises(InputMistakesError, match="the file itself says"):
        found(folder_source(tmp_path), declared(scale=0.5))


def test_bands_and_tiles_of_one_date_make_one_scene_each(tmp_path: Path) -> None:
    for tile in ("west", "east"):
        for band in ("VV", "vh"):
            write_raster(tmp_path / tile / f"20240105_{band}_ascending.tif")
    write_raster(tmp_path / "east" / "20240117_vv_ascending.tif")
    write_raster(tmp_path / "east" / "20240105_vv_descending.tif")
    write_raster(tmp_path / "east" / "20240105_vh_descending.tif")
    source = folder_source(tmp_path, "*/{date:%Y%m%d}_{band}_{geometry}.tif")
    result = found(source, sensor("sentinel-1-rtc-db"))
    assert [(s.geometry, s.granule, sorted(s.assets)) for s in result.scenes] == [
        ("ascending", "east", ["vh", "vv"]),
        ("ascending", "west", ["vh", "vv"]),
        ("descending", "east", ["vh", "vv"]),
    ]
    assert only_refused(result).refusal is Refusal.MISSING_BAND
    assert [len(look.scenes) for look in group_looks(result.scenes)] == [2, 1]


def test_bands_of_one_file_go_by_their_descriptions(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "2024-01-05.tif", bands=2)
    row = sensor("sentinel-1-rtc-db")
    (tmp_path / "scenes.json").write_text(json.dumps({"geometry": "ascending"}))
    with pytest.raises(InputMistakesError, match="band missing; say which of vv, vh"):
        found(folder_source(tmp_path), row)
    with rasterio.open(path, "r+") as raster:
        raster.descriptions = ("VH", "VV")
    (scene,) = found(folder_source(tmp_path), row).scenes
    assert {band: asset.band for band, asset in scene.assets.items()} == {"vh": 1, "vv": 2}


def test_radar_without_direction_is_asked_for_it(tmp_path: Path) -> None:
    write_raster(tmp_path / "2024-01-05_vv.tif")
    with pytest.raises(InputMistakesError, match="geometry missing; say ascending or descending"):
        found(folder_source(tmp_path, "{date}_{band}.tif"), sensor("sentinel-1-rtc-db"))


def test_two_files_for_one_band_of_one_scene_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_raster(tmp_path / f"{name}.tif")
        (tmp_path / f"{name}.json").write_text('{"date": "2024-01-05"}')
    item = only_refused(found(folder_source(tmp_path, None)))
    assert item.refusal is Refusal.DUPLICATE
    assert "a.tif, b.tif" in item.reason


def test_the_future_is_refused(tmp_path: Path) -> None:
    write_raster(tmp_path / "2024-01-05.tif")
    write_raster(tmp_path / "2025-01-05.tif")
    result = found(folder_source(tmp_path))
    assert len(result.scenes) == 1
    assert only_refused(result).refusal is Refusal.FUTURE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "JSON"),
        ("[]", "expected a JSON object"),
        ('{"colour": 1}', "colour: no such key"),
        ('{"scenes": {"gone.tif": {}}}', "gone.tif: no such file"),
        ('{"scenes": []}', "expected an object"),
    ],
)
def test_wrong_folder_sidecars(tmp_path: Path, text: str, words: str) -> None:
    write_raster(tmp_path / "2024-01-05.tif")
    (tmp_path / "scenes.json").write_text(text)
    with pytest.raises(InputError, match=words):
        found(folder_source(tmp_path))


@pytest.mark.parametrize(("make", "words"), [(False, "no such folder"), (True, "no file fits the pattern")])
def test_no_folder_and_nothing_in_it(tmp_path: Path, make: bool, words: str) -> None:
    if make:
        (tmp_path / "sub").mkdir()
    with pytest.raises(InputError, match=words):
        found(folder_source(tmp_path / "sub"))


def write_cube(path: Path, *, ascending: bool = True, **changes: Any) -> None:
    """Write a cube of 3 dates, 4 rows and 5 columns of 250 m."""
    with netCDF4.Dataset(str(path), "w") as cube:
        for name, size in (("time", 3), ("y", 4), ("x", 5)):
            cube.createDimension(name, size)
        time = cube.createVariable("time", "f8", ("time",))
        time.units, time.calendar = "days since 2024-01-01", changes.get("calendar", "standard")
        time[:] = [0, 30, 60.5]
        y = 8_600_000.0 + 250.0 * np.arange(4)
        cube.createVariable("y", "f8", ("y",))[:] = y if ascending else y[::-1]
        x = cube.createVariable("x", "f8", ("x",))
        x[:] = changes.get("x", 480_000.0 + 250.0 * np.arange(5))
        crs = cube.createVariable("crs", "i4", ())
        crs.spatial_ref = changes.get("crs", "EPSG:32719")
        ndvi = cube.createVariable("ndvi", "i2", ("time", "y", "x"), fill_value=-32768)
        ndvi.grid_mapping, ndvi.scale_factor = "crs", 0.0001
        ndvi.set_auto_maskandscale(False)
        ndvi[:] = 8000


@pytest.mark.parametrize("ascending", [True, False])
def test_each_step_of_a_cube_is_a_scene(tmp_path: Path, ascending: bool) -> None:
    write_cube(tmp_path / "cube.nc", ascending=ascending)
    row = declared(name="ndvi", stream="ndvi", unit="1")
    scenes = found(folder_source(tmp_path, None), row).scenes
    assert [s.acquired.isoformat()[:13] for s in scenes] == [
        "2024-01-01T00",
        "2024-01-31T00",
        "2024-03-01T12",
    ]
    assets = [s.assets["value"] for s in scenes]
    assert [a.step for a in assets] == [0, 1, 2]
    assert {(a.href, a.nodata, a.scale, a.crs) for a in assets} == {
        (f"{tmp_path / 'cube.nc'}#ndvi", -32768.0, 0.0001, "EPSG:32719")
    }
    corner = write_raster(tmp_path / "oracle.tif", transform=from_origin(479_875, 8_600_875, 250, 250))
    with rasterio.open(corner) as raster:
        left, top = rasterio.warp.transform(raster.crs, "EPSG:4326", [479_875], [8_600_875])
    assert scenes[0].bbox[0] == pytest.approx(left[0], abs=1e-4)
    assert scenes[0].bbox[3] == pytest.approx(top[0], abs=1e-4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"calendar": "360_day"}, "calendar"),
        ({"crs": "?"}, "CRS missing"),
        ({"x": np.array([0, 1, 5, 6, 7.0])}, "not evenly spaced"),
    ],
)
def test_cubes_that_do_not_say_what_they_are(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    write_cube(tmp_path / "cube.nc", **changes)
    row = declared(name="ndvi", stream="ndvi", unit="1")
    try:
        result: Any = found(folder_source(tmp_path, None), row).refused
    except InputError as error:
        result = error
    assert words in str(result)


def test_written_catalogue_reads_as_the_folder_does(catalogue: Path) -> None:
    def plain(scene: SceneRef) -> tuple[Any, ...]:
        return scene.id, scene.acquired, scene.bbox, scene.datatake, scene.granule, dict(scene.assets)

    source = folder_source(Path("rasters"), licence="CC-BY-4.0")
    loose = search(source, declared(), EVERYWHERE, {}, centre=catalogue, now=NOW)
    static = SourceSettings(name="s", kind="stac", sensor="product", path=Path("stac/collection.json"))
    published = search(static, declared(), EVERYWHERE, {}, centre=catalogue, now=NOW)
    assert len(loose.scenes) == 7
    assert [plain(s) for s in published.scenes] == [plain(s) for s in loose.scenes]


def test_registering_is_repeatable(catalogue: Path) -> None:
    source = folder_source(Path("rasters"))
    first, again = (register_items(source, declared(), centre=catalogue).items for _ in range(2))
    assert first == again


def test_chips_in_netcdf_that_lie_nowhere_are_refused_in_a_sentence(tmp_path: Path) -> None:
    """Kills: names of bands read as coordinates, which fails in the middle of a folder."""
    with netCDF4.Dataset(str(tmp_path / "chips.nc"), "w") as chips:
        for name, size in (("index", 2), ("geo_coord", 2), ("row", 3), ("col", 3)):
            chips.createDimension(name, size)
        chips.createVariable("index", "i8", ("index",))[:] = [0, 1]
        chips.createVariable("geo_coord", str, ("geo_coord",))[:] = np.array(["lat", "lon"], object)
        chips.createVariable("center", "f8", ("index", "geo_coord"))[:] = -4.39
        chips.createVariable("images", "f4", ("index", "row", "col"))[:] = 0.5
    result = found(folder_source(tmp_path, None), declared(name="ndvi", stream="ndvi", unit="1"))
    assert only_refused(result).refusal is Refusal.MISSING_BAND
    assert "no variable on a grid" in only_refused(result).reason


def test_chips_of_para_are_refused(shared_data: Path) -> None:
    path = shared_data / "timeseries" / "para-multisensor-samples"
    result = found(folder_source(path, "sent*_sample.nc"))
    assert result.scenes == ()
    assert len(result.refused) == 2


@pytest.mark.parametrize(("folder", "count"), [("s1vv_tseries", 22), ("lndvi_tseries", 14)])
def test_bolivia(shared_data: Path, folder: str, count: int) -> None:
    path = shared_data / "timeseries" / "bolivia-s1-landsat-stack" / folder
    result = found(folder_source(path, "{date}-*.tif"))
    assert (len(result.scenes), result.refused) == (count, ())
    assert len(group_looks(result.scenes)) == count
    assert {s.assets["value"].crs for s in result.scenes} == {"EPSG:32720"}


def test_landsat_cube(shared_data: Path) -> None:
    path = shared_data / "timeseries" / "landsat8-ndvi-cube"
    scenes = found(folder_source(path, None), declared(name="ndvi", stream="ndvi", unit="1")).scenes
    assert [iso_day(day_of(s.acquired)) for s in (scenes[0], scenes[1], scenes[-1])] == [
        "2014-06-01", "2014-07-01", "2019-12-01",
    ]  # fmt: skip
    assert len(scenes) == 67
    assert scenes[0].bbox == pytest.approx((-66.21, -9.81, -64.99, -8.89), abs=0.01)
