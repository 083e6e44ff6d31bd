"""A folder of loose GeoTIFF or NetCDF files registered to STAC; nothing is guessed.

What a scene needs (date, band, CRS, nodata, geometry) is taken from the file name pattern, from a sidecar,
from the raster itself and from the sensor's declaration. A sidecar is ``<file name without suffix>.json`` for
one file, or ``scenes.json`` for the folder::

    {"crs": "EPSG:32720", "nodata": -9999, "unit": "dB", "geometry": "descending",
     "scenes": {"first.tif": {"date": "2016-01-05"}, "second.tif": {"date": "2016-01-17"}}}
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, Final

from dosel.catalog.item import scene_of
from dosel.catalog.pattern import FilePattern, compile_pattern
from dosel.catalog.probe import RASTER_SUFFIXES, Probe, crs_text, lonlat_bounds, probe, same_crs
from dosel.catalog.scene import RefusedSceneError, SceneRef
from dosel.catalog.sensors import Sensor
from dosel.config import SourceSettings
from dosel.errors import InputError, InputMistakesError
from dosel.model.codes import Refusal
from dosel.model.provenance import Source
from dosel.model.time import iso_instant, parse_instant

FOLDER_SIDECAR: Final = "scenes.json"
"""Name of the sidecar of a whole folder."""

SIDECAR_KEYS: Final = frozenset(
    {"date", "band", "geometry", "datatake", "granule", "crs", "nodata", "unit", "scale", "offset"}
)
"""What a sidecar can say of a file."""

Item = dict[str, Any]


@dataclass(slots=True)
class Registry:
    """What became of the files of a folder."""

    items: list[Item] = field(default_factory=list)
    """STAC items, hrefs relative to the folder."""
    refused: list[tuple[str, RefusedSceneError]] = field(default_factory=list)
    """Files that cannot be used, with the reason."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One band of one scene in one file, with everything known about it."""

    file: str
    band: str
    probe: Probe
    facts: Mapping[str, Any]
    size: int


def register_folder(
    source: SourceSettings, row: Sensor, *, centre: Path, now: datetime
) -> Iterator[SceneRef | tuple[str, RefusedSceneError]]:
    """Yield the scenes of a folder, and the files that cannot be used with the reason.

    Raises
    ------
    InputError
        If the folder, its pattern or a sidecar is wrong, or holds no raster that fits;
        :class:`InputMistakesError` listing every file if none of them declares what is needed.
    """
    folder = centre / (source.path or "")
    registry = register_items(source, row, centre=centre)
    yield from registry.refused
    made_by = Source(source.name, source.origin, source.licence)
    for item in registry.items:
        try:
            yield scene_of(item, row, made_by, now=now, base=str(folder / FOLDER_SIDECAR))
        except RefusedSceneError as error:
            yield str(item["id"]), error


def register_items(source: SourceSettings, row: Sensor, *, centre: Path) -> Registry:
    """Return the STAC items of a folder, hrefs relative to it; see :func:`register_folder`."""
    folder = centre / (source.path or "")
    pattern = compile_pattern(source.pattern) if source.pattern else None
    files = _files(folder, pattern)
    common, single = _folder_sidecar(folder, row)
    registry = Registry()
    pieces: list[_Piece] = []
    mistakes: list[str] = []
    for name in files:
        try:
            facts = _facts(folder, name, pattern, common, single.get(name, {}))
            pieces += list(_pieces(folder, name, row, facts))
        except RefusedSceneError as error:
            registry.refused.append((name, error))
            mistakes += [str(error)] if error.refusal is Refusal.UNDECLARED else []
    if mistakes and len(mistakes) == len(files):
        raise InputMistakesError(f"source {source.name} ({folder})", mistakes)
    registry.items, clashes = _items(source, row, pieces)
    registry.refused += clashes
    return registry


def write_catalogue(registry: Registry, source: SourceSettings, row: Sensor, centre: Path, to: Path) -> Path:
    """Write the items of a registered folder as a static STAC catalogue; return the file of its root.

    Raises
    ------
    InputError
        If there is no item to write.
    """
    from pystac import Asset, CatalogType, Collection, Extent, Provider, ProviderRole
    from pystac import Item as StacItem

    if not registry.items:
        raise InputError(f"source {source.name}: no scene to write")
    folder = (centre / (source.path or "")).resolve()
    items = []
    for raw in registry.items:
        item = StacItem.from_dict({**raw, "assets": {}, "collection": None})
        for band, asset in raw["assets"].items():
            path = {"href": str(folder / asset["href"])}
            item.add_asset(band, Asset.from_dict({**asset, **path}))
        items.append(item)
    roles = [ProviderRole.PRODUCER]
    collection = Collection(
        id=row.collections[0],
        description=f"Scenes of {source.name}, registered from loose files",
        extent=Extent.from_items(items),
        license=source.licence or "other",
        providers=[Provider(source.origin, roles=roles)] if source.origin else None,
    )
    collection.add_items(items)
    collection.normalize_hrefs(str(to.resolve()))
    collection.make_all_asset_hrefs_relative()
    collection.save(catalog_type=CatalogType.SELF_CONTAINED)
    return to / "collection.json"


def _files(folder: Path, pattern: FilePattern | None) -> list[str]:
    """Return the rasters of a folder that fit the pattern, as sorted paths relative to it."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; set the source's path")
    depth = pattern.depth if pattern else 0
    rasters = [p for p in folder.glob("*/" * depth + "*") if p.suffix.lower() in RASTER_SUFFIXES]
    names = sorted(p.relative_to(folder).as_posix() for p in rasters if p.is_file())
    fitting = [name for name in names if pattern is None or pattern.regex.fullmatch(name)]
    if not fitting:
        kinds = ", ".join(sorted(RASTER_SUFFIXES))
        wanted = f"fits the pattern {pattern.text!r}" if pattern else f"is a raster ({kinds})"
        like = f"; there is for example {names[0]}" if names else ""
        raise InputError(f"{folder}: no file {wanted}{like}")
    return fitting


def _folder_sidecar(folder: Path, row: Sensor) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return what the folder's sidecar says of all files, and of single ones by name."""
    path = folder / FOLDER_SIDECAR
    common = _sidecar(path) if path.is_file() else {}
    single = common.pop("scenes", {})
    if not isinstance(single, dict) or not all(isinstance(facts, dict) for facts in single.values()):
        raise InputError(f"{path}: scenes: expected an object of file names, each with an object")
    unknown = {key for facts in (common, *single.values()) for key in facts} - SIDECAR_KEYS
    missing = [name for name in single if not (folder / name).is_file()]
    mistakes = [f"{key}: no such key; there are {', '.join(sorted(SIDECAR_KEYS))}" for key in sorted(unknown)]
    mistakes += [f"scenes.{name}: no such file" for name in sorted(missing)]
    if mistakes:
        raise InputMistakesError(str(path), mistakes)
    return common, single


def _sidecar(path: Path) -> dict[str, Any]:
    """Return the JSON object of a sidecar."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the sidecar cannot be read as JSON: {error}") from error
    if not isinstance(facts, dict):
        raise InputError(f"{path}: expected a JSON object, got {type(facts).__name__}")
    return facts


def _facts(
    folder: Path, name: str, pattern: FilePattern | None, common: Mapping[str, Any], single: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what pattern and sidecars say of a file; the nearer one wins: folder, pattern, own sidecar."""
    try:
        named = (pattern.read(name) if pattern else None) or {}
        own_path = (folder / name).with_suffix(".json")
        own = _sidecar(own_path) if own_path.is_file() and own_path.name != FOLDER_SIDECAR else {}
    except InputError as error:
        raise RefusedSceneError(Refusal.UNDECLARED, str(error)) from error
    said = {**single, **own}
    clash = [
        key
        for key in ("date", "band", "geometry")
        if key in named and said.get(key, named[key]) != named[key]
    ]
    if clash:
        key = clash[0]
        raise RefusedSceneError(
            Refusal.UNDECLARED, f"{name}: {key} is {named[key]} by its name and {said[key]} by its sidecar"
        )
    return {**common, **named, **said}


def _pieces(folder: Path, name: str, row: Sensor, facts: Mapping[str, Any]) -> Iterator[_Piece]:
    """Yield the bands of the scenes in one file, each with all it needs.

    Raises
    ------
    RefusedSceneError
        Naming everything that is missing at once, or the first contradiction.
    """
    probes = probe(folder / name)
    if not probes:
        raise RefusedSceneError(
            Refusal.MISSING_BAND,
            f"{name}: no variable on a grid of (time, y, x) with coordinates along its axes",
        )
    size = (folder / name).stat().st_size
    for band, one in _bands(name, row, facts, probes):
        full = {**facts, "date": facts.get("date") or one.acquired, "crs": _crs(name, row, facts, one)}
        default = row.band(band).nodata
        declared = facts.get("nodata", default) if one.nodata is None else one.nodata
        full["nodata"] = declared
        full["scale"], full["offset"] = _scaling(name, row, band, facts, one)
        _check_unit(name, row, facts, one)
        missing = _missing(row, full, one)
        if missing:
            raise RefusedSceneError(Refusal.UNDECLARED, f"{name}: {'; '.join(missing)}")
        yield _Piece(name, band, one, full, size)


def _bands(
    name: str, row: Sensor, facts: Mapping[str, Any], probes: list[Probe]
) -> Iterator[tuple[str, Probe]]:
    """Yield the row's band names with the probes that hold them."""
    known = {alias.lower(): b.name for b in row.bands for alias in (b.name, *b.aliases) if "*" not in alias}
    said = str(facts.get("band", "")).lower()
    if said:
        if said not in known:
            raise RefusedSceneError(
                Refusal.MISSING_BAND, f"{name}: band {said!r} is not of sensor {row.name}: {', '.join(known)}"
            )
        yield from ((known[said], one) for one in probes if one.band == 1)
        return
    named = [(known[one.name.lower()], one) for one in probes if one.name.lower() in known]
    alone = len(row.bands) == 1 and len({(one.variable, one.band) for one in probes}) == 1
    if not named and not alone:
        raise RefusedSceneError(
            Refusal.UNDECLARED,
            f"{name}: band missing; say which of {', '.join(b.name for b in row.bands)} it is with {{band}} "
            "in the pattern, band in a sidecar, or descriptions of the raster's bands",
        )
    yield from named or ((row.bands[0].name, one) for one in probes)


def _crs(name: str, row: Sensor, facts: Mapping[str, Any], one: Probe) -> str | None:
    """Return the CRS of a raster; what is declared must agree with what the file says."""
    declared = facts.get("crs") or row.crs
    if declared and crs_text(declared) is None:
        raise RefusedSceneError(Refusal.UNDECLARED, f"{name}: crs: {declared!r} is no known CRS")
    if declared and one.crs and not same_crs(str(declared), one.crs):
        raise RefusedSceneError(
            Refusal.WRONG_GRID, f"{name}: declared as {declared}, but the file itself says {one.crs[:60]}"
        )
    return one.crs or crs_text(declared)


def _scaling(name: str, row: Sensor, band: str, facts: Mapping[str, Any], one: Probe) -> tuple[float, float]:
    """Return scale and offset; the file's own and the declared ones must agree where both are given."""
    spec = row.band(band)
    declared = (float(facts.get("scale", spec.scale)), float(facts.get("offset", spec.offset)))
    own = (one.scale, one.offset)
    plain = (1.0, 0.0)
    if own != plain and declared not in (plain, own):
        raise RefusedSceneError(
            Refusal.UNDECLARED,
            f"{name}: declared scale and offset {declared}, but the file itself says {own}",
        )
    return declared if own == plain else own


def _check_unit(name: str, row: Sensor, facts: Mapping[str, Any], one: Probe) -> None:
    """Refuse a raster whose unit contradicts the sensor row."""
    unit = str(facts.get("unit") or one.unit or "")
    expected = "linear power" if row.linear_power else (row.streams[0].unit if row.streams else "")
    decibel = unit.lower() == "db"
    if unit and row.kind == "radar" and decibel != (expected == "dB"):
        raise RefusedSceneError(
            Refusal.UNDECLARED, f"{name}: the unit is {unit}, but sensor {row.name} is in {expected}"
        )


def _missing(row: Sensor, facts: Mapping[str, Any], one: Probe) -> list[str]:
    """Return what is still missing, each with where it could be said."""
    missing = []
    if not facts.get("date"):
        missing.append("date missing; put {date} in the pattern or date in a sidecar")
    if not facts.get("crs"):
        missing.append("CRS missing; put crs in a sidecar or in the [[sensor]]")
    if one.bounds is None:
        missing.append("position missing; the raster has no geotransform")
    if facts.get("nodata") is None:
        missing.append("nodata missing; put nodata in a sidecar or in the [[sensor]] (nan where it is NaN)")
    if not facts.get("geometry") and "any" not in row.geometries:
        missing.append(f"geometry missing; say {' or '.join(row.geometries)} with {{geometry}} or a sidecar")
    return missing


def _items(
    source: SourceSettings, row: Sensor, pieces: list[_Piece]
) -> tuple[list[Item], list[tuple[str, RefusedSceneError]]]:
    """Return one item a scene of all its bands, and the files that clash within one."""
    scenes: dict[tuple[str, ...], list[_Piece]] = defaultdict(list)
    for piece in pieces:
        key = tuple(str(piece.facts.get(k) or "") for k in ("date", "geometry", "datatake", "granule"))
        scenes[key].append(piece)
    items: list[Item] = []
    refused: list[tuple[str, RefusedSceneError]] = []
    for key in sorted(scenes):
        scene_id = "-".join(part.replace(":", "") for part in (source.name, *key) if part)
        clash = _clash(scenes[key])
        if clash:
            refused.append((scene_id, RefusedSceneError(Refusal.DUPLICATE, f"{scene_id}: {clash}")))
            continue
        try:
            items.append(_item(scene_id, row, scenes[key]))
        except InputError as error:
            refused.append((scene_id, RefusedSceneError(Refusal.UNDECLARED, f"{scene_id}: {error}")))
    return items, refused


def _clash(pieces: list[_Piece]) -> str:
    """Return a sentence if two files claim the same band of one scene, else the empty string."""
    files = defaultdict(list)
    for piece in pieces:
        files[piece.band].append(piece.file)
    for band, names in files.items():
        if len(names) > 1:
            return (
                f"band {band} stands in {', '.join(names)}; tell the scenes apart with "
                "{datatake}, {granule} or *"
            )
    return ""


def _item(scene_id: str, row: Sensor, pieces: list[_Piece]) -> Item:
    """Return the STAC item of one scene."""
    facts = pieces[0].facts
    boxes = [lonlat_bounds(p.probe.bounds, str(p.facts["crs"])) for p in pieces if p.probe.bounds]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    acquired = iso_instant(parse_instant(str(facts["date"])))
    geometry = facts.get("geometry")
    properties = {
        "datetime": acquired,
        "dosel:datatake": str(facts.get("datatake") or acquired.removesuffix("T00:00:00Z")),
        "dosel:granule": str(facts.get("granule") or scene_id),
    }
    if geometry and geometry != "any":
        properties["sat:orbit_state"] = str(geometry)
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": scene_id,
        "collection": row.collections[0],
        "bbox": [west, south, east, north],
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": properties,
        "links": [],
        "assets": {piece.band: _stac_asset(piece) for piece in pieces},
    }


def _stac_asset(piece: _Piece) -> Item:
    """Return the STAC asset of one band."""
    facts = piece.facts
    nodata = float(facts["nodata"])
    plain = isfinite(nodata)  # STAC writes the others as text
    crs = str(facts["crs"])
    asset: Item = {
        "href": piece.file + (f"#{piece.probe.variable}" if piece.probe.variable else ""),
        "roles": ["data"],
        "file:size": piece.size,
        "raster:bands": [
            {
                "nodata": nodata if plain else str(nodata),
                "scale": facts["scale"],
                "offset": facts["offset"],
            }
        ],
        "dosel:band": piece.probe.band,
        ("proj:code" if crs.startswith("EPSG:") else "proj:wkt2"): crs,
    }
    if piece.probe.step is not None:
        asset["dosel:step"] = piece.probe.step
    return asset
