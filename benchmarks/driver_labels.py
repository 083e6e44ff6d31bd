"""Labels of causes: which label stands for which cause, why, and what is known of each example.

Nothing that encodes a label is a sign: of DETER only the outline and the day are read (not SENSOR, PATH_ROW,
SATELLITE, QUADRANT, and not the ids); of MapBiomas the point, the hectares and the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from shapely import STRtree

from dosel.context.driver.causes import Cause
from dosel.context.driver.signs import Signs, season, signs_of
from dosel.context.subject import Extent
from dosel.model.time import day_of

EQUAL_AREA: Final = "ESRI:102033"
"""South America Albers: distances of a few km in it are right within a per cent or two."""
DETER_LEAST_HA: Final = 3.0
"""DETER draws from 3 ha on; what is smaller was cut off by an administrative line, and is not used."""
DETER_CELL_DEG, PERU_CELL_DEG = 1.0, 0.5

DETER: Final[dict[str, tuple[Cause | None, str]]] = {
    "DESMATAMENTO_CR": (
        Cause.AGRICULTURE,
        "clear cut; in Rondonia it is for pasture and crops but for rare cases",
    ),
    "DESMATAMENTO_VEG": (Cause.AGRICULTURE, "clear cut with trees left; becomes pasture likewise"),
    "CICATRIZ_DE_QUEIMADA": (Cause.FIRE, "burn scar in forest"),
    "CS_DESORDENADO": (Cause.LOGGING, "selective logging without a pattern"),
    "CS_GEOMETRICO": (Cause.LOGGING, "selective logging with a pattern"),
    "DEGRADACAO": (Cause.UNKNOWN, "degraded by logging, fire or both: DETER names no cause"),
    "MINERACAO": (None, "mining, 3 examples: too few to learn from or to score"),
}
"""Label of DETER: its cause (None: not used) and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Labelled alerts; arrays have the shape ``(n,)``."""

    name: str
    signs: tuple[Signs, ...]
    cause: NDArray[np.int64]
    """Number of the cause; -1 where the label is not used."""
    cell: NDArray[np.int64]
    """Number of the cell of the split by location."""
    label: NDArray[np.object_]
    place: NDArray[np.object_]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.signs)

    def of(self, chosen: NDArray[np.bool_]) -> Examples:
        """Return some of them."""
        signs = tuple(self.signs[index] for index in np.flatnonzero(chosen))
        parts = (each[chosen] for each in (self.cause, self.cell, self.label, self.place))
        return Examples(self.name, signs, *parts)

    def used(self) -> Examples:
        """Return those with a label that is used."""
        return self.of(self.cause >= 0)


def cells(lon: NDArray[np.float64], lat: NDArray[np.float64], size_deg: float) -> NDArray[np.int64]:
    """Return the number of the cell of each place, in a grid of `size_deg`."""
    pairs = np.column_stack([np.floor(lon / size_deg), np.floor(lat / size_deg)])
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.int64).ravel()


def deter(folder: Path) -> Examples:
    """Read the DETER alerts of Rondonia, 2023: outline and day."""
    frame = gpd.read_file(folder / "alerts" / "deter-rondonia-2023" / "RO_DETER_2023.gpkg").to_crs(4326)
    days = [day_of(f"{day:%Y-%m-%d}") for day in frame.VIEW_DATE]
    point = frame.geometry.representative_point()
    signs = tuple(
        signs_of(outline, day_of_year=season(day, lat))
        for outline, day, lat in zip(frame.geometry, days, point.y, strict=True)
    )
    causes = [DETER[label][0] for label in frame.CLASSNAME]
    sliver = np.array([(each.area_ha or 0.0) < DETER_LEAST_HA for each in signs])
    number = np.array([-1 if cause is None else int(cause) for cause in causes])
    return Examples(
        "DETER Rondonia 2023",
        signs,
        np.where(sliver, -1, number),
        cells(point.x.to_numpy(), point.y.to_numpy(), DETER_CELL_DEG),
        frame.CLASSNAME.to_numpy(object),
        np.array(["Rondonia"] * len(frame), object),
    )


def deter_places(folder: Path) -> Mapping[str, NDArray[np.float64]]:
    """Return distances of the DETER alerts that are only tried: what they mean depends on the layer."""
    frame = gpd.read_file(folder / "alerts" / "deter-rondonia-2023" / "RO_DETER_2023.gpkg")
    flat = frame.to_crs(EQUAL_AREA).geometry.to_numpy()
    rooms = folder / "transport_hydro_places"
    layers = {
        "river_m": rooms / "rivers_ne10m.parquet",
        "airfield_m": rooms / "clandestine_airstrips_brazil_2021_nyt_intercept.parquet",
    }
    found = {name: nearest(flat, gpd.read_parquet(path)) for name, path in layers.items()}
    found["protected"] = frame.UC.notna().to_numpy(float)
    found["clearing_m"] = earlier(flat, np.array([day_of(f"{day:%Y-%m-%d}") for day in frame.VIEW_DATE]))
    return found


def earlier(flat: NDArray[np.object_], day: NDArray[np.int64], reach_m: float = 5e3) -> NDArray[np.float64]:
    """Return metres to the nearest alert of an earlier day; infinite beyond `reach_m`."""
    one, two = STRtree(flat).query(flat, predicate="dwithin", distance=reach_m)
    before = day[two] < day[one]
    distance = np.full(len(flat), np.inf)
    apart = np.array([flat[i].distance(flat[j]) for i, j in zip(one[before], two[before], strict=True)])
    np.minimum.at(distance, one[before], apart)
    return distance


def nearest(flat: NDArray[np.object_], layer: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return metres to the nearest unit of a layer."""
    tree = STRtree(layer.to_crs(EQUAL_AREA).geometry.to_numpy())
    distance: NDArray[np.float64] = tree.query_nearest(flat, return_distance=True, all_matches=False)[1]
    return distance


def peru(folder: Path) -> Examples:
    """Read the MapBiomas alerts of Peru 2021-2024 and call mining those that a mining model found later.

    The label is another model's: an alert is MINING where its point lies in a patch that Amazon Mining Watch
    added in the year of the alert or later, UNKNOWN (not mining) where it lies in none. The sign is
    the distance to patches of earlier years. Alerts inside an earlier patch are left out: there sign and
    label are the same thing.
    """
    frame = gpd.read_parquet(folder / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet")
    mines = gpd.read_parquet(folder / "mining" / "amw_mining_detections_peru_100km_2018_2025.parquet")
    corridor = gpd.read_parquet(folder / "concessions" / "mining_corridor_madre_de_dios_ingemmet.parquet")
    flat = frame.to_crs(EQUAL_AREA).geometry.to_numpy()
    year, period = frame.detected_at.dt.year.to_numpy(), mines.period.astype(int).to_numpy() // 100
    scar = np.empty(len(frame))
    for each in np.unique(year):
        scar[year == each] = nearest(flat[year == each], mines[period < each])
    mined = np.zeros(len(frame), bool)
    mined[STRtree(mines.to_crs(EQUAL_AREA).geometry.to_numpy()).query(flat, predicate="intersects")[0]] = True
    inside = frame.geometry.within(corridor.geometry.union_all()).to_numpy()
    day = [day_of(f"{each:%Y-%m-%d}") for each in frame.detected_at]
    signs = tuple(
        Signs(
            extent=Extent.BOX,
            area_ha=area,
            day_of_year=season(when, lat),
            mining_scar_m=far,
            mining_corridor=bool(within),
        )
        for area, when, lat, far, within in zip(
            frame.area_ha, day, frame.geometry.y, scar, inside, strict=True
        )
    )
    everything = Examples(
        "MapBiomas Peru 2021-2024 x Amazon Mining Watch",
        signs,
        np.where(mined, int(Cause.MINING), int(Cause.UNKNOWN)),
        cells(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), PERU_CELL_DEG),
        np.where(mined, "mined later", "not mined"),
        frame.department.fillna("none").to_numpy(object),
    )
    return everything.of(scar > 0)
