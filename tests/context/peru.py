"""Real layers and alerts of Peru, read plainly: what tests of facts ask about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from dosel.context.layer import Layer, Measure, Shape, Theme
from dosel.context.subject import Extent, Subject
from dosel.testing.layers import layer_of

_LAYERS: dict[str, tuple[str, Theme, Shape, str, float]] = {
    "districts": ("admin/peru_districts_2007_juaneladio", Theme.DISTRICT, Shape.AREA, "ubigeo", 0),
    "protected": ("protected/anp_peru_sernanp_2023_fullres", Theme.PROTECTED, Shape.AREA, "name", 20_000),
    "buffers": ("protected/buffer_zones_peru_partial_amw", Theme.BUFFER, Shape.AREA, "anp_codi", 0),
    "corridor": (
        "concessions/mining_corridor_madre_de_dios_ingemmet",
        Theme.MINING_CORRIDOR,
        Shape.AREA,
        "CODIGO",
        0,
    ),
    "scars": (
        "mining/amw_mining_detections_peru_100km_2018_2025",
        Theme.MINING_SCAR,
        Shape.AREA,
        "period",
        20_000,
    ),
    "rivers": ("transport_hydro_places/rivers_ne10m", Theme.RIVER, Shape.LINE, "name", 50_000),
    "roads": (
        "transport_hydro_places/roads_goremad_madre_de_dios_2009",
        Theme.ROAD,
        Shape.LINE,
        "TIPO",
        50_000,
    ),
    "towns": (
        "transport_hydro_places/populated_centres_peru_inei",
        Theme.SETTLEMENT,
        Shape.POINT,
        "inei_ccpp",
        50_000,
    ),
}


def layer(folder: Path, name: str) -> Layer:
    """Return one layer of the folder ``context``, complete everywhere."""
    file, theme, shape, code, reach = _LAYERS[name]
    frame = _there(folder / f"{file}.parquet")
    measures = (Measure.SHARE, Measure.DISTANCE) if reach else (Measure.SHARE,)
    codes = frame[code].astype(object).where(frame[code].notna(), "").astype(str).tolist()
    return layer_of(
        name, frame.geometry.tolist(), theme=theme, shape=shape, code=codes, measures=measures, reach_m=reach
    )


def boxes(folder: Path) -> list[Subject]:
    """Return the alerts of MapBiomas Alerta: review boxes."""
    frame = gpd.read_parquet(folder / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet")
    shapes = shapely.box(frame.west, frame.south, frame.east, frame.north)
    days = frame.detected_at.to_numpy().astype("datetime64[D]").astype(int).tolist()
    rows = zip(frame.alert_code, shapes, days, frame.area_ha, strict=True)
    return [
        Subject(f"mb-{code}", box, Extent.BOX, "mapbiomas", None, day, float(ha))
        for code, box, day, ha in rows
    ]


def outlines(folder: Path) -> list[Subject]:
    """Return the polygons of DETER in Rondonia, moved to Madre de Dios, where the layers are."""
    frame = gpd.read_file(folder / "alerts" / "deter-rondonia-2023" / "RO_DETER_2023.gpkg").to_crs(4326)
    moved = shapely.transform(frame.geometry.to_numpy(), lambda lonlat: lonlat + np.array([-7.0, -2.0]))
    return [
        Subject(f"de-{i}", shape, Extent.OUTLINE, "deter", None, 19_600, None)
        for i, shape in enumerate(moved)
    ]


def window_around(shape: Any, metres: float) -> Any:
    """Return a box that holds all that lies within so many metres of a shape."""
    west, south, east, north = shape.bounds
    wide, tall = metres / 1e5, metres / 1.1e5
    return shapely.box(west - wide, south - tall, east + wide, north + tall)


def clipped(unit: Any, window: Any) -> Any:
    """Return what a large unit has in a window; a small one whole."""
    return unit if shapely.get_num_coordinates(unit) < 3000 else shapely.intersection(unit, window)


def _there(path: Path) -> Any:
    frame = gpd.read_parquet(path)
    return frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
