"""A STAC item becomes a scene or one coded refusal; offsets are right to the digit."""

from copy import deepcopy
from typing import Any

import pytest

from dosel.catalog.item import resolve, scene_hash, scene_of
from dosel.catalog.scene import RefusedSceneError, SceneRef
from dosel.catalog.sensors import sensor
from dosel.model.codes import Refusal
from dosel.model.provenance import Source
from dosel.model.time import parse_instant

NOW = parse_instant("2024-12-31T00:00:00Z")
SOURCE = Source("demo", "ESA", "")


def s2_item(**properties: Any) -> dict[str, Any]:
    """Return a Sentinel-2 item; ``__`` in a property is ``:``."""
    given = {key.replace("__", ":"): value for key, value in properties.items()}
    return {
        "id": "S2A_MSIL2A_20240308T143751_N0510_R096_T19LCC_20240308T210000",
        "collection": "sentinel-2-l2a",
        "bbox": [-71, -13, -70, -12],
        "properties": {"datetime": "2024-03-08T14:37:51Z", **given},
        "assets": {key: {"href": f"./{key}.tif"} for key in ("B04", "B08", "B12", "SCL")},
    }


def s1_item(**properties: Any) -> dict[str, Any]:
    """Return a Sentinel-1 RTC item."""
    given = {key.replace("__", ":"): value for key, value in properties.items()}
    plain = {"datetime": "2024-05-01T10:10:32Z", "sat:orbit_state": "descending"}
    return {
        "id": "S1A_IW_GRDH_1SDV_20240501T101020_20240501T101045_053672_0684AE_rtc",
        "collection": "sentinel-1-rtc",
        "bbox": [-71, -13, -70, -12],
        "properties": {**plain, **given},
        "assets": {"vv": {"href": "vv.tif"}, "vh": {"href": "vh.tif"}},
    }


def read(item: dict[str, Any], name: str = "sentinel-1-rtc", base: str = "/c/item.json") -> SceneRef:
    return scene_of(item, sensor(name), SOURCE, now=NOW, base=base)


def refused(item: dict[str, Any], name: str = "sentinel-1-rtc") -> tuple[Refusal, str]:
    with pytest.raises(RefusedSceneError) as caught:
        read(item, name)
    return caught.value.refusal, str(caught.value)


@pytest.mark.parametrize(
    ("properties", "declared", "offset"),
    [
        ({"s2__processing_baseline": "03.01"}, None, 0.0),
        ({"s2__processing_baseline": "04.00"}, None, -0.1),
        ({"s2__processing_baseline": "05.10"}, None, -0.1),
        ({"processing__baseline": "N0510"}, None, -0.1),
        ({"s2__processing_baseline": "05.10", "earthsearch__boa_offset_applied": True}, None, 0.0),
        ({"s2__processing_baseline": "05.10", "earthsearch__boa_offset_applied": True}, -0.1, 0.0),
        ({"s2__processing_baseline": "05.10", "earthsearch__boa_offset_applied": False}, None, -0.1),
        ({"s2__processing_baseline": "02.14"}, -0.1, -0.1),
        ({}, -0.1, -0.1),
        ({}, 0, 0.0),
    ],
)
def test_sentinel_2_offset(properties: dict[str, Any], declared: float | None, offset: float) -> None:
    """Mutants: baseline compared with > 04.00; the flag ignored; the offset put on the mask."""
    item = s2_item(**properties)
    if declared is not None:
        for asset in item["assets"].values():
            asset["raster:bands"] = [{"scale": 0.0001, "offset": declared}]
        item["assets"]["SCL"].pop("raster:bands")
    scene = read(item, "sentinel-2-l2a")
    for band in ("red", "nir", "swir22"):
        assert scene.assets[band].scale == 0.0001
        assert scene.assets[band].offset == pytest.approx(offset)
        assert scene.assets[band].nodata == 0.0
    assert (scene.assets["mask"].scale, scene.assets["mask"].offset) == (1.0, 0.0)


def test_sentinel_2_of_unknown_baseline_is_refused() -> None:
    refusal, sentence = refused(s2_item(), "sentinel-2-l2a")
    assert refusal is Refusal.UNDECLARED
    assert "processing baseline is missing" in sentence


def test_landsat_scaling_is_the_products_own() -> None:
    item = s2_item(landsat__wrs_path="003", landsat__wrs_row="069")
    item["assets"] = {key: {"href": f"{key}.tif"} for key in ("red", "nir08", "swir22", "qa_pixel")}
    scene = read(item, "landsat-c2-l2")
    assert (scene.assets["red"].scale, scene.assets["red"].offset) == (0.0000275, -0.2)
    assert (scene.assets["mask"].scale, scene.assets["mask"].offset) == (1.0, 0.0)
    assert scene.geometry == "any"


def test_declarations_of_stac_1_1_and_of_the_asset_are_read() -> None:
    item = s1_item(proj__code="EPSG:32719")
    item["assets"]["vv"] |= {"bands": [{"name": "x", "nodata": "nan", "raster:scale": 2}], "proj:epsg": 32718}
    item["assets"]["vh"] |= {"nodata": -9999, "raster:offset": 0.5}
    scene = read(item)
    vv, vh = scene.assets["vv"], scene.assets["vh"]
    assert vv.nodata != vv.nodata
    assert (vv.scale, vv.offset, vv.crs) == (2.0, 0.0, "EPSG:32718")
    assert (vh.nodata, vh.offset, vh.crs) == (-9999.0, 0.5, "EPSG:32719")


def test_band_of_a_raster_of_many_is_found_by_its_name() -> None:
    item = s1_item()
    item["assets"] = {"both": {"href": "both.tif", "bands": [{"name": "vh"}, {"name": "vv"}],
                               "raster:bands": [{"nodata": 1}, {"nodata": 2}]}}  # fmt: skip
    scene = read(item)
    assert (scene.assets["vv"].band, scene.assets["vv"].nodata) == (2, 2.0)
    assert (scene.assets["vh"].band, scene.assets["vh"].nodata) == (1, 1.0)


def test_band_is_found_by_file_name_unless_it_could_be_two() -> None:
    item = s1_item()
    item["assets"] = {"0": {"href": "a_VV.tif"}, "1": {"href": "a_VH.tif?sig=x"}, "2": {"href": "a_mask.tif"}}
    assert set(read(item, "opera-rtc-s1").assets) == {"vv", "vh", "mask"}
    item["assets"]["3"] = {"href": "b_VV.tif"}
    refusal, sentence = refused(item, "opera-rtc-s1")
    assert refusal is Refusal.MISSING_BAND
    assert "could be any of a_VV.tif, b_VV.tif" in sentence


def without(item: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return a copy without the value at `path`."""
    copy = deepcopy(item)
    node = copy
    for key in path[:-1]:
        node = node[key]
    node.pop(path[-1])
    return copy


REFUSED = {
    "no id": (without(s1_item(), "id"), Refusal.UNDECLARED, "no id"),
    "no date": (without(s1_item(), "properties", "datetime"), Refusal.UNDECLARED, "no datetime"),
    "no zone": (s1_item(datetime="2024-05-01T10:10:32"), Refusal.UNDECLARED, "time zone"),
    "no real date": (s1_item(datetime="2024-02-31T00:00:00Z"), Refusal.UNDECLARED, "ISO date"),
    "future": (s1_item(datetime="2025-01-01T00:00:00Z"), Refusal.FUTURE, "after the present"),
    "no direction": (without(s1_item(), "properties", "sat:orbit_state"), Refusal.UNDECLARED, "got nothing"),
    "odd direction": (s1_item(sat__orbit_state="geostationary"), Refusal.UNDECLARED, "geostationary"),
    "no band": (without(s1_item(), "assets", "vh"), Refusal.MISSING_BAND, "needs vh"),
    "no href": (without(s1_item(), "assets", "vh", "href"), Refusal.MISSING_BAND, "needs vh"),
    "no place": (without(s1_item(), "bbox"), Refusal.UNDECLARED, "neither bbox nor geometry"),
    "raw collection": (s1_item() | {"collection": "sentinel-1-grd"}, Refusal.RAW_RADAR, "opera-rtc-s1"),
    "raw name": (
        s1_item() | {"id": "S1A_IW_GRDH_1SDV_20240501", "collection": "x"}, Refusal.RAW_RADAR, "gamma0",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("item", "refusal", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refusals(item: dict[str, Any], refusal: Refusal, words: str) -> None:
    came, sentence = refused(item)
    assert came is refusal
    assert words in sentence
    assert "\n" not in sentence


def test_acquired_now_is_not_the_future() -> None:
    assert read(s1_item(datetime="2024-12-31T00:00:00Z")).acquired == NOW


def test_place_comes_from_the_footprint_where_there_is_no_bbox() -> None:
    item = without(s1_item(), "bbox")
    ring = [[-71.0, -13.0], [-70.0, -13.5], [-70.5, -12.0], [-71.0, -13.0]]
    item["geometry"] = {"type": "MultiPolygon", "coordinates": [[ring]]}
    assert read(item).bbox == (-71.0, -13.5, -70.0, -12.0)
    item["bbox"] = [-1, -2, 0, 3, 4, 100]
    assert read(item).bbox == (-1.0, -2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("settings", "item_licence", "licence"),
    [("", "CC-BY-4.0", "CC-BY-4.0"), ("mine", "CC-BY-4.0", "mine"), ("", "proprietary", ""), ("", "", "")],
)
def test_an_unknown_licence_stays_unknown(settings: str, item_licence: str, licence: str) -> None:
    item = s1_item(license=item_licence)
    scene = scene_of(item, sensor("sentinel-1-rtc"), Source("d", "o", settings), now=NOW)
    assert scene.source == Source("d", "o", licence)


def test_content_hash_sees_content_and_neither_token_nor_place() -> None:
    item = s1_item()
    signed = deepcopy(item)
    signed["assets"]["vv"]["href"] += "?sig=secret"
    other = deepcopy(item)
    other["assets"]["vv"]["href"] = "other.tif"
    grown = deepcopy(item)
    grown["assets"]["vv"]["file:size"] = 5
    plain = scene_hash(read(item))
    assert scene_hash(read(item, base="/moved/item.json")) == plain
    assert scene_hash(read(signed)) == plain
    assert len({plain, scene_hash(read(other)), scene_hash(read(grown))}) == 3


@pytest.mark.parametrize(
    ("base", "href", "place"),
    [
        ("/c/items/a/a.json", "../../r/vv.tif", "/c/r/vv.tif"),
        ("/c/a.json", "./vv.tif", "/c/vv.tif"),
        ("/c/a.json", "/abs/vv.tif", "/abs/vv.tif"),
        ("/c/a.json", "s3://bucket/vv.tif", "s3://bucket/vv.tif"),
        ("https://h/c/a.json", "../vv.tif", "https://h/vv.tif"),
        ("rel/a.json", "../../x.tif", "../x.tif"),
    ],
)
def test_resolve(base: str, href: str, place: str) -> None:
    assert resolve(base, href) == place
