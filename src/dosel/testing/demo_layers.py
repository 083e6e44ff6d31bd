"""Reference layers of the demonstration: an invented reserve, its buffer, districts and a border (S).

They lie over the simulated world and reach beyond it, so that a part of each is not watched.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from dosel.alerts.table import to_degrees
from dosel.model.grid import Grid
from dosel.pipeline.reference.layer_add import Added, add_layers, read_definitions
from dosel.store.interface import Store

FOLDER: Final = "layers"
_NOTE: Final = "{ es = 'inventado (S)', pt = 'inventado (S)', en = 'invented (S)' }"
_TITLES: Final = {
    "demo-protected": ("Reserva inventada", "Reserva inventada", "Invented reserve"),
    "demo-buffer": ("Zona de amortiguamiento", "Zona de amortecimento", "Buffer zone"),
    "demo-districts": ("Distritos", "Distritos", "Districts"),
    "demo-border": ("Frontera", "Fronteira", "Border"),
}
_THEMES: Final = {
    "demo-protected": "protected",
    "demo-buffer": "buffer",
    "demo-districts": "district",
    "demo-border": "border",
}


def add_demo_layers(store: Store, grid: Grid, folder: Path) -> list[Added]:
    """Write the layers of a demonstration into a folder as GeoJSON and TOML, and add them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, units in _units(grid).items():
        (folder / f"{name}.geojson").write_text(_geojson(units, grid.crs), encoding="utf-8")
    path = folder / "layers.toml"
    path.write_text("".join(map(_definition, _TITLES)), encoding="utf-8")
    return add_layers(store, read_definitions(path), folder)


def _units(grid: Grid) -> dict[str, dict[str, BaseGeometry]]:
    """Return the units of each layer by name, in the grid's CRS."""
    west, south, east, north = grid.geobox.boundingbox.bbox
    middle, side = (west + east) / 2, east - west
    reserve: BaseGeometry = shapely.box(
        west + 0.2 * side, north - 0.5 * side, west + 0.6 * side, north + 0.4 * side
    )
    buffer: BaseGeometry = shapely.buffer(reserve, 0.2 * side).difference(reserve)
    districts: dict[str, BaseGeometry] = {
        "Poniente": shapely.box(west - 0.5 * side, south, middle, north),
        "Levante": shapely.box(middle, south, east + 0.2 * side, north),
        "Allende": shapely.box(east + side, south, east + 2 * side, north),
    }
    border = shapely.LineString([(east - 0.05 * side, south - side), (east - 0.05 * side, north + side)])
    return {
        "demo-protected": {"Reserva Inventada": reserve},
        "demo-buffer": {"ZA Reserva Inventada": buffer},
        "demo-districts": districts,
        "demo-border": {"Frontera Inventada": border},
    }


def _geojson(units: dict[str, BaseGeometry], crs: str) -> str:
    features: list[dict[str, Any]] = []
    for number, (name, shape) in enumerate(units.items(), start=1):
        properties = {"code": f"S{number}", "name": name}
        geometry = shapely.to_geojson(_in_degrees(shape, crs))
        features.append({"type": "Feature", "properties": properties, "geometry": json.loads(geometry)})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)


def _in_degrees(shape: BaseGeometry, crs: str) -> BaseGeometry:
    if shape.geom_type != "LineString":
        return to_degrees([shape], crs)[0]
    corners = to_degrees([shapely.buffer(shapely.Point(xy), 1.0) for xy in shape.coords], crs)
    return shapely.LineString([one.centroid for one in corners])


def _definition(name: str) -> str:
    es, pt, en = _TITLES[name]
    shape = "line" if name == "demo-border" else "area"
    return (
        f'[[layer]]\nname = "{name}"\ntheme = "{_THEMES[name]}"\nshape = "{shape}"\n'
        f'completeness = "partial"\ntitles = {{ es = "{es}", pt = "{pt}", en = "{en}" }}\nnote = {_NOTE}\n'
        f'owner = "simulated by Dosel"\nlicence = "CC0-1.0"\nvintage = "S"\nsensitivity = "public"\n'
        f'file = "{name}.geojson"\ncode = "code"\nunit_name = "name"\n'
        f'measures = ["{"distance" if shape == "line" else "share"}"]\nreach_m = 5000\n\n'
    )
