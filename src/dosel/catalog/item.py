"""A STAC item read by a sensor row: assets by band, instant, geometry, datatake; nothing is guessed.

Examples
--------
>>> from dosel.catalog.sensors import sensor
>>> from dosel.model.time import parse_instant
>>> item = {
...     "id": "S1A_IW_GRDH_1SDV_20240501T101020_20240501T101045_053672_0684AE_rtc",
...     "collection": "sentinel-1-rtc", "bbox": [-70.0, -13.0, -69.0, -12.0],
...     "properties": {"datetime": "2024-05-01T10:10:32Z", "platform": "SENTINEL-1A",
...                    "sat:orbit_state": "descending", "proj:epsg": 32719},
...     "assets": {"vv": {"href": "vv.tif"}, "vh": {"href": "vh.tif"}},
... }
>>> scene = scene_of(item, sensor("sentinel-1-rtc"), Source("demo", "ESA", "CC-BY-4.0"),
...                  now=parse_instant("2024-06-01"), base="/data/item.json")
>>> scene.datatake, scene.geometry, scene.assets["vv"].href, scene.assets["vv"].crs
('S1A-427182', 'descending', '/data/vv.tif', 'EPSG:32719')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from dosel.catalog.address import shown
from dosel.catalog.naming import name_of
from dosel.catalog.scene import Asset, RefusedSceneError, SceneRef
from dosel.catalog.sensors import SENSORS, Band, OffsetRule, Sensor, refuse_raw
from dosel.errors import InputError
from dosel.model.codes import Refusal
from dosel.model.provenance import Source, digest
from dosel.model.time import iso_instant, parse_instant

BOA_BASELINE: Final = "04.00"
"""Sentinel-2 processing baseline from which stored numbers carry an offset."""

BOA_OFFSET_DN: Final = -1000.0
"""The offset in stored numbers, to be added before scaling."""

_ORBIT_KEYS: Final = ("sat:orbit_state", "orbit_state", "flightDirection", "orbitDirection")
_BOA_FLAGS: Final = ("earthsearch:boa_offset_applied", "sentinel:boa_offset_applied")
_BASELINE_KEYS: Final = ("processing:baseline", "s2:processing_baseline", "sentinel:processing_baseline")
_NO_TERMS: Final = frozenset({"proprietary", "various", "other"})
_KEPT: Final = ("platform", "sat:relative_orbit", "eo:cloud_cover")


def scene_of(
    item: Mapping[str, Any], row: Sensor, source: Source, *, now: datetime, base: str = ""
) -> SceneRef:
    """Return the scene that a sensor row reads in a STAC item.

    Parameters
    ----------
    item
        The item's JSON.
    row, source
        The sensor row that reads it, and who made it on which terms.
    now
        The present (UTC); an item acquired later is refused.
    base
        Path or URL of the item, against which relative hrefs are resolved.

    Raises
    ------
    RefusedSceneError
        If the item is not analysis-ready, lies in the future, misses a band, or does not declare
        its instant, place or orbit direction.
    """
    scene_id = str(item.get("id") or "")
    if not scene_id:
        raise RefusedSceneError(Refusal.UNDECLARED, f"{shown(base) or 'item'}: the STAC item has no id")
    _refuse_raw_item(item, row, scene_id)
    properties = _mapping(item.get("properties"))
    acquired = _acquired(scene_id, properties, now)
    bbox = _bbox(scene_id, item)
    found = _assets(scene_id, _mapping(item.get("assets")), row)
    baseline = _baseline(properties)
    naming = name_of(row.naming, scene_id, properties, acquired, bbox[0])
    assets = {
        band: _asset(scene_id, row, row.band(band), raw, number, properties, baseline, base)
        for band, (raw, number) in found.items()
    }
    return SceneRef(
        id=scene_id,
        collection=str(item.get("collection") or ""),
        sensor=row.name,
        geometry=_geometry(scene_id, properties, row),
        datatake=naming.datatake,
        acquired=acquired,
        bbox=bbox,
        assets=assets,
        source=_source(source, properties),
        processed="|".join(part for part in (baseline, naming.processed) if part),
        granule=naming.granule,
        properties=_kept(properties, baseline) | {"content": _content(item, acquired, found)},
    )


def scene_hash(scene: SceneRef) -> str:
    """Return the hash of what a scene is: two scenes with one id and different hashes are duplicates.

    It comes from the item as published (without signatures in URLs, and before relative hrefs are
    resolved), so moving a centre or renewing a token changes nothing.
    """
    content = scene.properties.get("content")
    if content:
        return str(content)
    hrefs = {band: (_unsigned(a.href), a.band, a.step) for band, a in scene.assets.items()}
    return digest([scene.id, scene.sensor, iso_instant(scene.acquired), hrefs])


def resolve(base: str, href: str) -> str:
    """Return `href` relative to the file or URL `base`; absolute ones stay.

    Examples
    --------
    >>> resolve("/data/items/a.json", "../vv.tif"), resolve("https://host/c/a.json", "vv.tif")
    ('/data/vv.tif', 'https://host/c/vv.tif')
    """
    if "://" in href or href.startswith("/") or not base:
        return href
    if "://" in base:
        return urljoin(base, href)
    parts: list[str] = []
    for part in (PurePosixPath(base).parent / href).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return str(PurePosixPath(*parts))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(properties: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """Return the first value that is there, or None."""
    return next((properties[key] for key in keys if properties.get(key) is not None), None)


def _refuse_raw_item(item: Mapping[str, Any], row: Sensor, scene_id: str) -> None:
    """Refuse raw radar, whether its row says so or the item is plainly raw under another row."""
    refuse_raw(row, scene_id)
    if row.kind != "radar":
        return
    grd = SENSORS["sentinel-1-grd"]
    collection = str(item.get("collection") or "").lower()
    named_raw = any(f"_{level}" in scene_id.upper()[:14] for level in ("GRD", "SLC", "RAW"))
    if collection == grd.name or (named_raw and "rtc" not in collection + scene_id.lower()):
        refuse_raw(grd, scene_id)


def _acquired(scene_id: str, properties: Mapping[str, Any], now: datetime) -> datetime:
    """Return the instant of acquisition in UTC."""
    text = _first(properties, ("datetime", "start_datetime"))
    if text is None:
        raise RefusedSceneError(Refusal.UNDECLARED, f"{scene_id}: the item has no datetime; add one in UTC")
    try:
        acquired = parse_instant(str(text))
    except InputError as error:
        raise RefusedSceneError(Refusal.UNDECLARED, f"{scene_id}: datetime: {error}") from error
    if acquired > now:
        raise RefusedSceneError(
            Refusal.FUTURE,
            f"{scene_id}: acquired {iso_instant(acquired)}, after the present ({iso_instant(now)}); "
            "check the item's date and this machine's clock",
        )
    return acquired


def _bbox(scene_id: str, item: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the item, from its bbox or its footprint."""
    box = item.get("bbox")
    if isinstance(box, list | tuple) and len(box) in (4, 6):
        half = len(box) // 2
        return float(box[0]), float(box[1]), float(box[half]), float(box[half + 1])
    points = list(_points(_mapping(item.get("geometry")).get("coordinates")))
    if not points:
        raise RefusedSceneError(Refusal.UNDECLARED, f"{scene_id}: the item has neither bbox nor geometry")
    lons, lats = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _points(coordinates: Any) -> Iterable[tuple[float, float]]:
    """Yield the positions of GeoJSON coordinates of any depth."""
    if not isinstance(coordinates, list | tuple) or not coordinates:
        return
    if isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)


def _geometry(scene_id: str, properties: Mapping[str, Any], row: Sensor) -> str:
    """Return the acquisition geometry; a radar row that needs a direction never guesses it."""
    if row.geometries == ("any",):
        return "any"
    state = str(_first(properties, _ORBIT_KEYS) or "").lower()
    if state in row.geometries:
        return state
    if not state and "any" in row.geometries:
        return "any"
    raise RefusedSceneError(
        Refusal.UNDECLARED,
        f"{scene_id}: sat:orbit_state: expected {' or '.join(row.geometries)}, got {state or 'nothing'}; "
        "a look without its orbit direction cannot be compared with others",
    )


def _assets(
    scene_id: str, assets: Mapping[str, Any], row: Sensor
) -> dict[str, tuple[Mapping[str, Any], int]]:
    """Return asset and band number in it by the row's band names."""
    found = {band.name: hit for band in row.bands if (hit := _find(scene_id, band, assets)) is not None}
    missing = [band for band in row.bands if band.required and band.name not in found]
    if missing:
        wanted = "; ".join(f"{band.name} (asset {' or '.join(band.aliases)})" for band in missing)
        there = ", ".join(sorted(assets)) or "none"
        raise RefusedSceneError(
            Refusal.MISSING_BAND, f"{scene_id}: sensor {row.name} needs {wanted}; the item has {there}"
        )
    return found


def _find(scene_id: str, band: Band, assets: Mapping[str, Any]) -> tuple[Mapping[str, Any], int] | None:
    """Return the asset of a band: by key, by file name, or as a named band of a raster of many."""
    usable = {key: raw for key, raw in assets.items() if isinstance(raw, Mapping) and raw.get("href")}
    for alias in band.aliases:
        if "*" not in alias:
            if alias in usable:
                return usable[alias], 1
            continue
        hits = [raw for raw in usable.values() if fnmatchcase(_file_name(raw["href"]), alias)]
        if len(hits) > 1:
            names = ", ".join(_file_name(raw["href"]) for raw in hits)
            raise RefusedSceneError(
                Refusal.MISSING_BAND, f"{scene_id}: band {band.name} could be any of {names}; name the asset"
            )
        if hits:
            return hits[0], 1
    return next(
        (
            (raw, number)
            for raw in usable.values()
            for number, name in enumerate(_band_names(raw), start=1)
            if name in band.aliases
        ),
        None,
    )


def _band_names(raw: Mapping[str, Any]) -> list[str]:
    """Return the names of the bands of one asset, as STAC 1.1 or its eo extension gives them."""
    return [str(_mapping(band).get("name", "")) for band in raw.get("bands") or raw.get("eo:bands") or ()]


def _file_name(href: str) -> str:
    return PurePosixPath(urlsplit(href).path).name


def _asset(
    scene_id: str,
    row: Sensor,
    band: Band,
    raw: Mapping[str, Any],
    number: int,
    properties: Mapping[str, Any],
    baseline: str,
    base: str,
) -> Asset:
    """Return the asset of one band, with what the item declares and else the row's specification."""
    declared = _declared(raw, number)
    scale = _number(scene_id, declared.get("scale"), band.scale)
    offset = _number(scene_id, declared.get("offset"), band.offset)
    if row.offset_rule is OffsetRule.BOA and band.name != "mask":
        offset = _boa_offset(scene_id, properties, baseline, scale, declared.get("offset"))
    nodata = declared.get("nodata")
    return Asset(
        href=resolve(base, str(raw["href"])),
        band=int(declared.get("number", number)),
        nodata=band.nodata if nodata is None else _number(scene_id, nodata, 0.0),
        scale=scale,
        offset=offset,
        crs=_crs(raw) or _crs(properties) or row.crs,
        step=None if raw.get("dosel:step") is None else int(raw["dosel:step"]),
    )


def _declared(raw: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return nodata, scale and offset of a band, from STAC 1.0 (raster:bands), 1.1 (bands) or the asset."""
    rows = raw.get("raster:bands") or raw.get("bands") or ()
    band = _mapping(rows[number - 1]) if len(rows) >= number else {}
    declared = {
        key: value
        for key in ("nodata", "scale", "offset")
        if (value := _first({**raw, **band}, (key, f"raster:{key}"))) is not None
    }
    if raw.get("dosel:band") is not None:
        declared["number"] = raw["dosel:band"]
    return declared


def _number(scene_id: str, value: Any, default: float) -> float:
    """Return a declared number; STAC writes not-a-number and the infinities as text."""
    try:
        return default if value is None else float(value)
    except (TypeError, ValueError) as error:
        raise RefusedSceneError(
            Refusal.UNDECLARED, f"{scene_id}: expected a number for nodata, scale or offset, got {value!r}"
        ) from error


def _crs(properties: Mapping[str, Any]) -> str | None:
    """Return the declared CRS as ``EPSG:n``, the text of proj:code, or WKT."""
    code = _first(properties, ("proj:code", "proj:wkt2"))
    if code:
        return str(code)
    epsg = properties.get("proj:epsg")
    return f"EPSG:{int(epsg)}" if epsg else None


def _baseline(properties: Mapping[str, Any]) -> str:
    """Return the processing baseline as ``05.09``, or the empty string."""
    text = str(_first(properties, _BASELINE_KEYS) or "").removeprefix("N")
    return f"{text[:2]}.{text[2:]}" if len(text) == 4 and text.isdigit() else text


def _boa_offset(
    scene_id: str, properties: Mapping[str, Any], baseline: str, scale: float, declared: Any
) -> float:
    """Return the offset of Sentinel-2 reflectance: flag of the item, else its bands, else the baseline."""
    if _first(properties, _BOA_FLAGS) is True:
        return 0.0
    if declared is not None:
        return _number(scene_id, declared, 0.0)
    if not baseline:
        raise RefusedSceneError(
            Refusal.UNDECLARED,
            f"{scene_id}: the processing baseline is missing, so the offset of 1000 that Sentinel-2 carries "
            f"from {BOA_BASELINE} on is unknown; add s2:processing_baseline or raster:bands offset",
        )
    return BOA_OFFSET_DN * scale if baseline >= BOA_BASELINE else 0.0


def _source(source: Source, properties: Mapping[str, Any]) -> Source:
    """Return the source with the licence of the settings, else of the item, else none."""
    licence = str(properties.get("license") or "")
    if source.licence or not licence or licence.lower() in _NO_TERMS:
        return source
    return Source(source.name, source.origin, licence)


def _kept(properties: Mapping[str, Any], baseline: str) -> dict[str, str | float]:
    """Return the properties that the stack may need beside the assets."""
    kept = {key: properties[key] for key in _KEPT if isinstance(properties.get(key), str | int | float)}
    return kept | ({"processing:baseline": baseline} if baseline else {})


def _content(
    item: Mapping[str, Any], acquired: datetime, found: Mapping[str, tuple[Mapping[str, Any], int]]
) -> str:
    """Return the hash of what the item points to, as published."""
    keys = ("file:checksum", "file:size", "dosel:step")
    assets = {
        band: [_unsigned(str(raw["href"])), number, *(raw.get(key) for key in keys)]
        for band, (raw, number) in found.items()
    }
    return digest([item["id"], item.get("collection"), iso_instant(acquired), assets])


def _unsigned(href: str) -> str:
    """Return a published href without query, where signatures stand; a relative one may be signed too."""
    return shown(href) if "://" in href else shown(href).partition("?")[0]
