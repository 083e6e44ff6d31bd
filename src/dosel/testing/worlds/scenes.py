"""Write a world as analysis-ready scenes with a static STAC catalogue, the way any source delivers them.

Every item and collection carries the licence, the origin ``simulated by Dosel`` and the proof S.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pystac
import rasterio
from numpy.typing import NDArray
from rasterio.warp import transform_geom
from shapely.geometry import box, mapping, shape

from dosel.errors import InputError
from dosel.model.time import date_of, iso_day, iso_instant
from dosel.testing.worlds.spec import WorldSpec
from dosel.testing.worlds.weather import WorldLook
from dosel.testing.worlds.world import World

ORIGIN: Final = "simulated by Dosel"
LICENCE: Final = "CC0-1.0"
RadarFormat = Literal["linear-float32", "db-int16"]

_RADAR_NODATA = -32768
_EXTENSIONS = {
    "proj": "https://stac-extensions.github.io/projection/v1.1.0/schema.json",
    "raster": "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
    "sar": "https://stac-extensions.github.io/sar/v1.0.0/schema.json",
    "sat": "https://stac-extensions.github.io/sat/v1.0.0/schema.json",
    "eo": "https://stac-extensions.github.io/eo/v1.1.0/schema.json",
}
_OPTICAL_ASSETS = ("B04", "B08", "B11", "B12")
_MEDIA = "image/tiff; application=geotiff"


@dataclass(frozen=True, slots=True)
class WrittenWorld:
    """Where the files of a written world are."""

    catalogue: Path
    """``catalog.json`` of the static STAC catalogue."""
    forest_map: Path
    """Raster of the forest at the start of monitoring: 1 forest, 2 not forest."""
    forest_day: int
    """Day number of the forest map."""
    truth: Path
    """Folder with what truly happened; the watch must not read it."""
    collections: tuple[str, ...]
    """Also the names of the rows of the sensor table that read them."""
    scenes: int
    bytes: int
    """Size of all rasters."""


def radar_collection(radar_format: RadarFormat) -> str:
    """Return the name of the radar collection in a format: the row of the sensor table that reads it."""
    return "sentinel-1-rtc" if radar_format == "linear-float32" else "sentinel-1-rtc-db"


def write_scenes(
    world: World,
    folder: Path,
    *,
    radar_format: RadarFormat = "linear-float32",
    looks: Iterable[WorldLook] | None = None,
    progress: Callable[[WorldLook], None] | None = None,
) -> WrittenWorld:
    """Write the looks of a world as GeoTIFF scenes with a static STAC catalogue, map and truth.

    Parameters
    ----------
    folder
        Is made; must not hold a catalogue yet.
    radar_format
        ``linear-float32``: linear power; ``db-int16``: hundredths of a dB. Nodata is -32768 in both.
    looks
        The looks to write; all of the world when not given.
    progress
        Is called after each look.

    Raises
    ------
    InputError
        If the folder already holds a catalogue.
    """
    if (folder / "catalog.json").exists():
        raise InputError(f"{folder}: there is a catalogue already; name an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(world, folder, radar_format)
    items: dict[str, list[pystac.Item]] = {radar_collection(radar_format): [], "sentinel-2-l2a": []}
    layover = tuple(writer.layover(direction) for direction in (0, 1))
    for look in world.looks if looks is None else tuple(looks):
        if look.radar:
            items[radar_collection(radar_format)].append(writer.radar(look, layover[look.direction]))
        else:
            items["sentinel-2-l2a"].append(writer.optical(look))
        if progress is not None:
            progress(look)
    _save_catalogue(world.spec, folder, items)
    forest = folder / f"forest-{iso_day(world.spec.monitor_start)}.tif"
    writer.raster(forest, np.where(world.truth.forest, 1, 2).astype(np.uint8), 255)
    truth = write_truth(world, folder / "truth")
    size = sum(path.stat().st_size for path in folder.rglob("*.tif"))
    count = sum(len(group) for group in items.values())
    names = tuple(name for name, group in items.items() if group)
    return WrittenWorld(folder / "catalog.json", forest, world.spec.monitor_start, truth, names, count, size)


def write_truth(world: World, folder: Path) -> Path:
    """Write the truth rasters (event id, kind, day, disturbance) and ``events.json``; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(world, folder, "linear-float32")
    truth = world.truth
    writer.raster(folder / "event.tif", truth.event, 0)
    writer.raster(folder / "kind.tif", truth.kind, 0)
    writer.raster(folder / "day.tif", truth.day, -1)
    writer.raster(folder / "disturbance.tif", truth.disturbance, 0)
    rows = [
        {
            "id": event.id,
            "kind": event.kind.name.lower(),
            "change": event.kind.is_change,
            "first": iso_day(event.day),
            "last": iso_day(event.end_day),
            "area_ha": round(event.area_ha, 4),
        }
        for event in world.events
    ]
    text = json.dumps({"origin": ORIGIN, "proof": "S", "events": rows}, indent=1)
    (folder / "events.json").write_text(text + "\n", encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class _Writer:
    world: World
    folder: Path
    radar_format: RadarFormat

    def raster(self, path: Path, values: NDArray[Any], nodata: float, scale: float = 1.0) -> None:
        """Write one band as a tiled, compressed GeoTIFF with declared CRS and nodata."""
        spec = self.world.spec
        path.parent.mkdir(parents=True, exist_ok=True)
        profile: dict[str, Any] = {
            "driver": "GTiff",
            "height": spec.shape[0],
            "width": spec.shape[1],
            "count": 1,
            "dtype": values.dtype.name,
            "crs": spec.crs,
            "transform": spec.grid.geobox.transform,
            "nodata": nodata,
            "compress": "deflate",
            "zlevel": 1,
            "tiled": True,
            "blockxsize": 256,
            "blockysize": 256,
        }
        with rasterio.open(path, "w", **profile) as out:
            out.write(values, 1)
            out.update_tags(origin=ORIGIN, licence=LICENCE, proof="S")
            if scale != 1.0:
                out.scales = (scale,)

    def layover(self, direction: int) -> Path:
        """Write the layover mask of an orbit direction: 0 valid, 2 layover."""
        name = ("ascending", "descending")[direction]
        path = self.folder / radar_collection(self.radar_format) / f"layover-{name}.tif"
        self.raster(path, np.where(self.world.land.layover[direction], 2, 0).astype(np.uint8), 255)
        return path

    def radar(self, look: WorldLook, layover: Path) -> pystac.Item:
        """Write the bands of a radar look and return its item."""
        place = self.folder / radar_collection(self.radar_format) / look.id
        gamma0 = self.world.radar(look).gamma0_db
        linear = self.radar_format == "linear-float32"
        item = _item(self.world.spec, look, ("proj", "raster", "sar", "sat"), _radar_properties(look))
        for name, band in zip(("vv", "vh"), gamma0, strict=True):
            values = _stored_power(band) if linear else _stored_db(band)
            self.raster(place / f"{name}.tif", values, _RADAR_NODATA, 1.0 if linear else 0.01)
            about = {"data_type": values.dtype.name, "nodata": _RADAR_NODATA, "unit": "1" if linear else "dB"}
            extra = about if linear else about | {"scale": 0.01, "offset": 0.0}
            item.add_asset(name, _asset(f"./{name}.tif", {"raster:bands": [extra]}))
        item.add_asset(
            "mask", _asset(f"../{layover.name}", {"raster:bands": [{"data_type": "uint8", "nodata": 255}]})
        )
        return item

    def optical(self, look: WorldLook) -> pystac.Item:
        """Write the bands of an optical look and return its item."""
        spec = self.world.spec
        place = self.folder / "sentinel-2-l2a" / look.id
        seen = self.world.optical(look)
        cloud = round(100.0 * seen.hidden_share, 2)
        item = _item(spec, look, ("proj", "raster", "eo"), _optical_properties(spec, look, cloud))
        shift = 1000 if spec.processing_baseline >= "04.00" else 0
        for name, band in zip(_OPTICAL_ASSETS, seen.reflectance, strict=True):
            stored = np.clip(np.rint(band * 10_000.0) + shift, 1, 65_535).astype(np.uint16)
            self.raster(place / f"{name}.tif", stored, 0)
            about = {"data_type": "uint16", "nodata": 0, "spatial_resolution": spec.resolution_m}
            item.add_asset(name, _asset(f"./{name}.tif", {"raster:bands": [about]}))
        self.raster(place / "SCL.tif", seen.scl, 0)
        item.add_asset("SCL", _asset("./SCL.tif", {"raster:bands": [{"data_type": "uint8", "nodata": 0}]}))
        return item


def _stored_power(band_db: NDArray[np.float32]) -> NDArray[np.float32]:
    power = np.power(10.0, band_db / 10.0, dtype=np.float32)
    return np.where(np.isfinite(power), power, np.float32(_RADAR_NODATA))


def _stored_db(band_db: NDArray[np.float32]) -> NDArray[np.int16]:
    stored = np.clip(np.rint(100.0 * band_db), -32_000, 32_000)
    return np.where(np.isfinite(stored), stored, _RADAR_NODATA).astype(np.int16)


def _asset(href: str, extra: dict[str, Any]) -> pystac.Asset:
    return pystac.Asset(href, media_type=_MEDIA, roles=["data"], extra_fields=extra)


def _footprint(spec: WorldSpec) -> tuple[dict[str, Any], list[float]]:
    bounds = spec.grid.geobox.boundingbox
    ring = box(bounds.left, bounds.bottom, bounds.right, bounds.top)
    geometry: dict[str, Any] = transform_geom(spec.crs, "EPSG:4326", mapping(ring), precision=7)
    return geometry, [round(edge, 7) for edge in shape(geometry).bounds]


def _item(
    spec: WorldSpec, look: WorldLook, extensions: Iterable[str], properties: Mapping[str, Any]
) -> pystac.Item:
    geometry, bbox = _footprint(spec)
    epsg = spec.crs.rpartition(":")[2]
    common = {
        "license": LICENCE,
        "dosel:origin": ORIGIN,
        "dosel:proof": "S",
        "proj:epsg": int(epsg) if epsg.isdigit() else None,
        "proj:shape": list(spec.shape),
        "proj:transform": list(spec.grid.geobox.transform)[:6],
    }
    return pystac.Item(
        id=look.id,
        geometry=geometry,
        bbox=bbox,
        datetime=look.acquired,
        properties={**common, **properties},
        stac_extensions=[_EXTENSIONS[name] for name in extensions],
    )


def _radar_properties(look: WorldLook) -> dict[str, Any]:
    orbit = 40_000 + look.number * 175 + 87 * look.direction
    return {
        "platform": "sentinel-1a",
        "constellation": "sentinel-1",
        "sar:instrument_mode": "IW",
        "sar:frequency_band": "C",
        "sar:center_frequency": 5.405,
        "sar:polarizations": ["VV", "VH"],
        "sar:product_type": "RTC",
        "sat:orbit_state": look.geometry,
        "sat:absolute_orbit": orbit,
        "sat:relative_orbit": 54 + 73 * look.direction,
        "s1:datatake_id": str(300_000 + orbit),
        "s1:slice_number": "1",
    }


def _optical_properties(spec: WorldSpec, look: WorldLook, cloud: float) -> dict[str, Any]:
    return {
        "platform": "sentinel-2a",
        "constellation": "sentinel-2",
        "eo:cloud_cover": cloud,
        "s2:processing_baseline": spec.processing_baseline,
        "s2:generation_time": iso_instant(look.acquired + timedelta(hours=9)),
        "s2:datatake_id": f"GS2A_{look.acquired:%Y%m%dT%H%M%S}_SIM",
        "s2:mgrs_tile": "19LDG",
    }


def _save_catalogue(spec: WorldSpec, folder: Path, items: Mapping[str, list[pystac.Item]]) -> None:
    catalogue = pystac.Catalog(spec.name, f"Simulated forest frontier, {ORIGIN} (proof S): no real place")
    _, bbox = _footprint(spec)
    first, last = (datetime.combine(date_of(day), time(), tzinfo=UTC) for day in (spec.start, spec.stop))
    for name, group in items.items():
        if not group:
            continue
        collection = pystac.Collection(
            id=name,
            description=f"Scenes in the form of {name}, {ORIGIN} (proof S)",
            extent=pystac.Extent(pystac.SpatialExtent([bbox]), pystac.TemporalExtent([[first, last]])),
            license=LICENCE,
            providers=[pystac.Provider(ORIGIN, roles=[pystac.ProviderRole.PRODUCER])],
            extra_fields={"dosel:origin": ORIGIN, "dosel:proof": "S"},
        )
        collection.add_items(group)
        catalogue.add_child(collection)
    catalogue.normalize_hrefs(str(folder))
    catalogue.save(pystac.CatalogType.SELF_CONTAINED)
