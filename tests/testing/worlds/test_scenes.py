"""Written scenes: what any reader of analysis-ready products finds, and the catalogue itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pystac
import pytest
import rasterio

from dosel.catalog.item import scene_of
from dosel.catalog.looks import group_looks
from dosel.catalog.sensors import sensor
from dosel.errors import InputError
from dosel.model.provenance import Source
from dosel.testing.worlds import World, WrittenWorld, write_scenes

_SOURCE = Source("demo", "simulated by Dosel", "")
_NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(world: World, tmp_path_factory: pytest.TempPathFactory) -> WrittenWorld:
    return write_scenes(world, tmp_path_factory.mktemp("linear"), looks=world.looks[-9:])


@pytest.fixture(scope="module")
def written_db(world: World, tmp_path_factory: pytest.TempPathFactory) -> WrittenWorld:
    folder = tmp_path_factory.mktemp("db")
    return write_scenes(world, folder, radar_format="db-int16", looks=world.looks[-4:])


def _items(written: WrittenWorld) -> list[pystac.Item]:
    return list(pystac.Catalog.from_file(str(written.catalogue)).get_items(recursive=True))


def test_catalogue_lists_every_look_with_licence_origin_and_proof(
    world: World, written: WrittenWorld
) -> None:
    catalogue = pystac.Catalog.from_file(str(written.catalogue))
    items = _items(written)
    assert {item.id for item in items} == {look.id for look in world.looks[-9:]}
    assert {child.id for child in catalogue.get_children()} == set(written.collections)
    for child in catalogue.get_children():
        assert isinstance(child, pystac.Collection)
        assert child.license == "CC0-1.0"
        assert child.extra_fields["dosel:origin"] == "simulated by Dosel"
    for item in items:
        assert item.properties["dosel:origin"] == "simulated by Dosel"
        assert item.properties["dosel:proof"] == "S"
        assert pystac.Item.from_dict(item.to_dict()).to_dict() == item.to_dict()
    assert written.scenes == 9


def test_every_href_is_relative_and_leads_to_a_file(written: WrittenWorld) -> None:
    """A moved catalogue must still work."""
    for path in written.catalogue.parent.rglob("*.json"):
        text = json.loads(path.read_text())
        hrefs = [link["href"] for link in text.get("links", ()) if link["rel"] != "self"]
        hrefs += [asset["href"] for asset in text.get("assets", {}).values()]
        for href in hrefs:
            assert not href.startswith("/")
            assert (path.parent / href).exists(), (path, href)


def test_the_sensor_table_reads_the_items(
    world: World, written: WrittenWorld, written_db: WrittenWorld
) -> None:
    """Kills: a wrong asset key, a missing orbit direction, two passes under one datatake."""
    for result in (written, written_db):
        scenes = [
            scene_of(
                item.to_dict(transform_hrefs=False),
                sensor(str(item.collection_id)),
                _SOURCE,
                now=_NOW,
                base=str(item.get_self_href()),
            )
            for item in _items(result)
        ]
        looks = group_looks(scenes)
        expected = [look for look in world.looks if look.id in {scene.id for scene in scenes}]
        assert [look.scenes[0].id for look in looks] == [look.id for look in expected]
        assert [look.geometry for look in looks] == [look.geometry for look in expected]
        assert [look.day for look in looks] == [look.day for look in expected]
        assert {scene.source.licence for scene in scenes} == {"CC0-1.0"}
        assert all("mask" in scene.assets for scene in scenes)


def test_optical_values_survive_storage(world: World, written: WrittenWorld) -> None:
    item = next(item for item in _items(written) if item.collection_id == "sentinel-2-l2a")
    look = next(look for look in world.looks if look.id == item.id)
    scene = scene_of(
        item.to_dict(transform_hrefs=False),
        sensor("sentinel-2-l2a"),
        _SOURCE,
        now=_NOW,
        base=str(item.get_self_href()),
    )
    seen = world.optical(look)
    for name, band in zip(("red", "nir"), seen.reflectance[:2], strict=True):
        asset = scene.assets[name]
        with rasterio.open(asset.href) as raster:
            stored = raster.read(1)
            assert raster.nodata == 0
        np.testing.assert_allclose(stored * asset.scale + asset.offset, band, atol=0.00006)
    with rasterio.open(scene.assets["mask"].href) as raster:
        np.testing.assert_array_equal(raster.read(1), seen.scl)


@pytest.mark.parametrize("stored", ["linear", "db"])
def test_radar_values_geometry_and_nodata(
    world: World, written: WrittenWorld, written_db: WrittenWorld, stored: str
) -> None:
    item = next(i for i in _items(written if stored == "linear" else written_db) if "vh" in i.assets)
    look = next(look for look in world.looks if look.id == item.id)
    asset = item.assets["vh"]
    with rasterio.open(str(asset.get_absolute_href())) as raster:
        values, scales = raster.read(1).astype(float), raster.scales
        assert raster.crs == rasterio.CRS.from_string(world.spec.crs)
        assert raster.transform == world.spec.grid.geobox.transform
        assert raster.shape == world.spec.shape
        assert raster.nodata == -32768
        assert raster.dtypes[0] == ("float32" if stored == "linear" else "int16")
    expected = world.radar(look).gamma0_db[1]
    missing = values == -32768
    np.testing.assert_array_equal(missing, np.isnan(expected))
    scale = asset.extra_fields["raster:bands"][0].get("scale", 1.0)
    assert scales == (scale,)
    found = 10 * np.log10(values[~missing]) if stored == "linear" else values[~missing] * scale
    np.testing.assert_allclose(found, expected[~missing], atol=0.0051 if stored == "db" else 1e-4)
    with rasterio.open(str(item.assets["mask"].get_absolute_href())) as raster:
        np.testing.assert_array_equal(raster.read(1) == 2, world.land.layover[look.direction])


def test_map_and_truth_are_written(world: World, written: WrittenWorld) -> None:
    with rasterio.open(written.forest_map) as raster:
        np.testing.assert_array_equal(raster.read(1) == 1, world.truth.forest)
    with rasterio.open(written.truth / "day.tif") as raster:
        np.testing.assert_array_equal(raster.read(1), world.truth.day)
    listed = json.loads((written.truth / "events.json").read_text())
    assert listed["proof"] == "S"
    assert [row["id"] for row in listed["events"]] == [event.id for event in world.events]


def test_a_second_catalogue_does_not_replace_the_first(world: World, written: WrittenWorld) -> None:
    with pytest.raises(InputError, match="a catalogue already"):
        write_scenes(world, written.catalogue.parent)


def test_equal_worlds_write_equal_bytes(world: World, written: WrittenWorld, tmp_path: Path) -> None:
    again = write_scenes(world, tmp_path / "again", looks=world.looks[-9:])
    assert again.bytes == written.bytes
    first, second = written.catalogue.parent, again.catalogue.parent
    for path in sorted(first.rglob("*.tif")):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
