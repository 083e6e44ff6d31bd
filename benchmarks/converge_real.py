"""Convergence and pile-ups on real feeds (R, O): MapBiomas, DETER, Amazon Mining Watch, FIRMS, airstrips."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dosel.context.converge.edge import Edge, edge, signed_distance
from dosel.context.converge.events import UNDATED, Events, make_events
from dosel.context.converge.growth import Break, amount_of, amounts_at, change
from dosel.context.converge.moment import Spell
from dosel.context.converge.nodes import Node, meetings_of, nodes_of
from dosel.context.converge.place import Reach, squares
from dosel.context.converge.plane import Plane
from dosel.context.converge.size import pileup
from dosel.context.converge.table import Asked, pairs_of
from dosel.model.time import day_of

AREAS = {
    "Madre de Dios": (-72.5, -13.8, -68.6, -9.8),
    "Ucayali": (-75.8, -11.5, -70.4, -7.2),
}
"""Boxes in degrees around the departments, with what lies across their limits."""
LIMITS_HA = (0.25, 1.0, 3.0, 6.25)
BREAK = Break("mining", day_of("2024-01-01"), "Amazon Mining Watch changed its model with 202400")
Row = tuple[str, NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], int]


def run(context: Path, plots: Path | None) -> None:
    """Print every table."""
    feeds = [clearings(context), *mining(context), fires(context), airstrips(context)]
    for name, box in AREAS.items():
        plane = Plane.around(0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3]))
        events = gathered(feeds, box, plane)
        held = ", ".join(f"{one} {len(events.of(one)):,}" for one in events.names)
        print(f"\n{name}, 2021-2024 (proof R): {held}\n")
        print_pairs(events, Asked(Reach(), Spell()))
        print_growth(events, plane)
    print_deter(context)
    print_sizes(context)
    print_edge(context, plots)


def clearings(context: Path) -> Row:
    """Return MapBiomas Alerta: a place is the middle of the review box."""
    frame = gpd.read_parquet(context / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet")
    day = _days(frame.detected_at)
    return (
        "clearing",
        frame.geometry.x.to_numpy(),
        frame.geometry.y.to_numpy(),
        day,
        frame.area_ha.to_numpy(),
        0,
    )


def mining(context: Path) -> list[Row]:
    """Return Amazon Mining Watch by year of addition, dated to the middle of it, without the stock."""
    frame = gpd.read_parquet(context / "mining" / "amw_mining_detections_peru_100km_2018_2025.parquet")
    frame = frame[frame.period.between("202100", "202400")]
    at = frame.geometry.representative_point()
    day = np.array([day_of(f"{period[:4]}-07-02") for period in frame.period], np.int64)
    return [("mining", at.x.to_numpy(), at.y.to_numpy(), day, frame.mined_area_ha.to_numpy(), 183)]


def fires(context: Path) -> Row:
    """Return one day of MODIS hot spots."""
    frame = gpd.read_parquet(context / "alerts" / "firms_modis_c61_south_america_2022-08-31.parquet")
    at = frame.geometry
    return "fire", at.x.to_numpy(), at.y.to_numpy(), _days(frame.acq_date), np.zeros(len(frame)), 0


def airstrips(context: Path) -> Row:
    """Return airstrips of Brazil, without a day."""
    folder = context / "transport_hydro_places"
    frame = gpd.read_parquet(folder / "clandestine_airstrips_brazil_2021_nyt_intercept.parquet")
    at, none = frame.geometry, np.full(len(frame), UNDATED)
    return "airstrip", at.x.to_numpy(), at.y.to_numpy(), none, np.zeros(len(frame)), 0


def _days(column: pd.Series) -> NDArray[np.int64]:
    return column.to_numpy().astype("datetime64[D]").astype(np.int64)


def gathered(feeds: Sequence[Row], box: tuple[float, float, float, float], plane: Plane) -> Events:
    """Return the events of feeds inside a box."""
    names: list[str] = []
    columns: list[list[NDArray[np.float64]]] = []
    for name, lon, lat, day, area, blur in feeds:
        inside = (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
        names += [name] * int(inside.sum())
        columns.append(
            [*plane.metres(lon[inside], lat[inside]), day[inside], area[inside], np.full(inside.sum(), blur)]
        )
    x, y, days, areas, blurs = (np.concatenate(part) for part in zip(*columns, strict=True))
    return make_events(names, x, y, days, areas, blurs)


def print_pairs(events: Events, asked: Asked) -> None:
    """Print every pair and question."""
    began = time.perf_counter()
    pairs = pairs_of(events, asked)
    print(
        "| activities | question | events | pairs | expected | ratio | chance alone | p | all together |\n|"
        + "---|" * 9
    )
    for pair in pairs:
        head = f"| {pair.fixed}, {pair.moved} | {pair.question} | {pair.events[0]:,}, {pair.events[1]:,} "
        if pair.ratio is None or pair.tail is None:
            print(f"{head}| | | not told: {pair.silence} | | | |")
            continue
        ratio, tail = pair.ratio, pair.tail
        print(
            f"{head}| {ratio.observed:,.0f} | {ratio.expected:,.0f} | {ratio.ratio:.2f} [{ratio.low:.2f}, "
            f"{ratio.high:.2f}] | {ratio.chance_low:.2f} to {ratio.chance_high:.2f} | {tail.p:.3f} "
            f"(<= {tail.p_upper:.3f}) | {pair.p_together:.3f} |"
        )
    meetings = meetings_of(pairs)
    nodes = nodes_of(meetings, "2021-2024")
    took = time.perf_counter() - began
    print(f"\n{sum(one.found for one in meetings)} cells are discoveries, {len(nodes)} nodes; {took:.0f} s")


def print_growth(events: Events, plane: Plane) -> None:
    """Print the five cells where most mining and clearing stand together, by year."""
    cell_m = Asked().cell_m
    at = squares(events.x_m, events.y_m, cell_m)
    first, clearing = events.of("mining"), events.of("clearing")
    both = [
        dict(zip(*_tallied(squares(part.x_m, part.y_m, cell_m)), strict=True)) for part in (first, clearing)
    ]
    shared = sorted(both[0].keys() & both[1].keys(), key=lambda key: (-min(both[0][key], both[1][key]), key))
    print(
        f"\nThe {min(3, len(shared))} cells of {cell_m / 1000:g} km with most of both, of {len(shared)} "
        f"with both "
        f"(of {len(np.unique(at, axis=0))})\n"
    )
    print("| lon, lat | activity | 2021 | 2022 | 2023 | 2024 | 2023 / 2022 | 2024 / 2023 |\n|" + "---|" * 8)
    for key in shared[:3]:
        _print_cell(Node("", frozenset({key}), ("clearing", "mining"), ()), events, cell_m, plane)


def _tallied(at: NDArray[np.int64]) -> tuple[list[tuple[int, int]], list[int]]:
    keys, count = np.unique(at, axis=0, return_counts=True)
    return [(int(row), int(col)) for row, col in keys], count.tolist()


def _print_cell(node: Node, events: Events, cell_m: float, plane: Plane) -> None:
    ((row, col),) = node.squares
    lon, lat = plane.degrees((col + 0.5) * cell_m, (row + 0.5) * cell_m)
    years = [(day_of(f"{year}-01-01"), day_of(f"{year}-12-31")) for year in range(2021, 2025)]
    by_year = [{one.activity: one for one in amounts_at(node, events, cell_m, days)} for days in years]
    for name in node.activities:
        told = [
            amounts.get(name) or amount_of(events.take(np.empty(0, np.int64)), name, days)
            for amounts, days in zip(by_year, years, strict=True)
        ]
        cells = [
            f"{one.events} [{one.events_low:.0f}, {one.events_high:.0f}], {one.area_ha:.0f} ha"
            for one in told
        ]
        changes = [change(told[k], told[k + 1], [BREAK]) for k in (1, 2)]
        grown = [
            "broken" if one.broken else f"{one.ratio:.2f} [{one.low:.2f}, {one.high:.2f}]" for one in changes
        ]
        print(f"| {float(lon):.2f}, {float(lat):.2f} | {name} | {' | '.join(cells + grown)} |")


def deter(context: Path) -> gpd.GeoDataFrame:
    """Return DETER with the pieces that a municipality cuts an alert into put together."""
    frame = gpd.read_file(context / "alerts" / "deter-rondonia-2023" / "RO_DETER_2023.gpkg").to_crs(4326)
    frame["area_ha"] = frame.AREAMUNKM * 100
    return frame.dissolve("FID", aggfunc={"CLASSNAME": "first", "VIEW_DATE": "first", "area_ha": "sum"})


def print_deter(context: Path) -> None:
    """Print the classes of DETER in Rondonia against each other."""
    frame = deter(context)
    names = {
        "DESMATAMENTO_CR": "clearing",
        "DESMATAMENTO_VEG": "clearing",
        "CICATRIZ_DE_QUEIMADA": "burn scar",
        "DEGRADACAO": "degradation",
        "CS_DESORDENADO": "logging",
        "CS_GEOMETRICO": "logging",
        "MINERACAO": "mining",
    }
    at = frame.geometry.representative_point()
    plane = Plane.around(-63, -11)
    x, y = plane.metres(at.x, at.y)
    events = make_events([names[one] for one in frame.CLASSNAME], x, y, _days(frame.VIEW_DATE), frame.area_ha)
    held = ", ".join(f"{one} {len(events.of(one)):,}" for one in events.names)
    print(f"\nRondonia 2023, DETER (proof O): {held}\n")
    print_pairs(events, Asked())


def print_sizes(context: Path) -> None:
    """Print the density of sizes at published limits."""
    alerts = gpd.read_parquet(context / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet")
    brazil = deter(context)
    brazil = brazil[brazil.CLASSNAME.str.startswith("DESMATAMENTO")]
    print("\nSizes at published limits; intervals over blocks of 24 km\n")
    print(
        "| feed | limit ha | within a factor e | log density below - above | excess in the 10 % below | "
        "other sizes with as much | reading |\n|" + "---|" * 7
    )
    for name, frame, at in (
        ("MapBiomas Peru 2021-2024 (R)", alerts, alerts.geometry),
        ("DETER clearing, Rondonia 2023 (O)", brazil, brazil.geometry.representative_point()),
    ):
        plane = Plane.around(float(at.x.mean()), float(at.y.mean()))
        block = _numbers(squares(*plane.metres(at.x, at.y), 24_000.0))
        for limit in LIMITS_HA:
            told = pileup(frame.area_ha.to_numpy(), limit, block, 7)
            numbers = "| | |"
            if told.clearings and not np.isnan(told.jump):
                (low, high), (few, many) = told.jump_interval, told.excess_interval
                numbers = (
                    f"| {told.jump:+.2f} [{low:+.2f}, {high:+.2f}] | {told.excess:.2f} [{few:.2f}, "
                    f"{many:.2f}] "
                    f"| {told.elsewhere:.2f}"
                )
            print(f"| {name} | {limit:g} | {told.clearings:,} {numbers} | {told.reading} |")


def _numbers(at: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(at, axis=0, return_inverse=True)[1].astype(np.int64)


def print_edge(context: Path, plots: Path | None) -> None:
    """Print the density of MapBiomas alerts by distance to the boundary of national protected areas."""
    alerts = gpd.read_parquet(context / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet")
    areas = gpd.read_parquet(context / "protected" / "anp_peru_sernanp_2023_fullres.parquet")
    national = areas[(areas.level == "national")]
    plane = Plane.around(-73, -8)
    shapes = [shapely.make_valid(plane.shape(one)) for one in national.geometry]
    x, y = plane.metres(alerts.geometry.x, alerts.geometry.y)
    block_m = 10_000.0
    blocks = np.unique(squares(x, y, block_m), axis=0)
    step = (np.arange(10) + 0.5) * 1000.0
    gy = (blocks[:, 0, None, None] * block_m + step[None, :, None] + 0 * step[None, None, :]).ravel()
    gx = (blocks[:, 1, None, None] * block_m + step[None, None, :] + 0 * step[None, :, None]).ravel()
    distance = [signed_distance(*at, shapes) for at in ((x, y), (gx, gy))]
    number = _numbers(np.vstack([squares(x, y, 2.4 * block_m), squares(gx, gy, 2.4 * block_m)]))
    told = edge(distance[0], number[: x.size], (distance[1], number[x.size :]), 1.0, 7)
    _print_edge(told, len(shapes))
    if plots is not None:
        _draw_edge(told, plots / "converge-edge.png")


def _print_edge(told: Edge, areas: int) -> None:
    print(
        f"\nMapBiomas alerts by distance to the boundary of {areas} national protected areas (proof R), "
        f"in squares "
        "of 10 km that hold an alert; intervals over blocks of 24 km\n"
    )
    print("| km from the boundary | alerts | km² | alerts a 100 km² |\n|---|---|---|---|")
    for band in told.bands:
        low, high = (round(limit / 1000) for limit in band.distance_m)
        print(
            f"| {low} to {high} | {band.clearings:,} | {band.area_km2:,.0f} | {100 * band.density:.1f} "
            f"[{100 * band.low:.1f}, {100 * band.high:.1f}] |"
        )
    print(
        f"\n0-1 km outside over 1-5 km: {told.ratio:.2f} [{told.interval[0]:.2f}, "
        f"{told.interval[1]:.2f}]; at "
        f"boundaries shifted 2 to 15 km outwards {told.shifted[0]:.2f} to {told.shifted[2]:.2f}, mean "
        f"{told.shifted[1]:.2f}; over that mean {told.beyond:.2f} [{told.beyond_interval[0]:.2f}, "
        f"{told.beyond_interval[1]:.2f}]; 0-1 km inside over 0-1 km outside {told.inside:.2f} "
        f"[{told.inside_interval[0]:.2f}, {told.inside_interval[1]:.2f}]"
    )


def _draw_edge(told: Edge, path: Path) -> None:
    from benchmarks.figures import BLUE, plt, save

    figure, axis = plt.subplots(figsize=(5.4, 3.4))
    for band in told.bands:
        low, high = (limit / 1000 for limit in band.distance_m)
        axis.plot([low, high], [100 * band.density] * 2, color=BLUE, lw=2)
        axis.fill_between([low, high], 100 * band.low, 100 * band.high, color=BLUE, alpha=0.2, lw=0)
    axis.axvline(0, color="black", lw=0.8)
    axis.set(xlabel="km from the boundary (inside below 0)", ylabel="alerts a 100 km²", ylim=(0, None))
    axis.set_title("R: MapBiomas Alerta Perú 2021-2024 (CC BY), SERNANP 2023", fontsize=8)
    save(figure, path)
