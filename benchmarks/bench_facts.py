"""Facts a second against all ready layers of Peru, and the ratio to geopandas on the same alerts and layers.

Real review boxes of MapBiomas Alerta Peru; real outlines of DETER in Rondonia, moved by 7 degrees west and 2
south so that they lie over the layers of Peru. One core, one process, seconds of the processor; each figure
is the median of the rounds, with the slowest and the fastest. geopandas gets its layers and alerts already
projected (overlay in EPSG:6933, sjoin_nearest in EPSG:32718): its projecting is not counted, ours is.

    python benchmarks/bench_facts.py SHARED_CONTEXT [--rounds 3] [--sample 2000]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from dosel.context.layer import Layer, Measure, Shape
from dosel.context.overlay import asked, overlay, prepare_all
from dosel.context.subject import Extent, Subject
from dosel.pipeline.reference.layer_add import add_layers, ready_definitions
from dosel.pipeline.reference.layers import load_layers
from dosel.store import open_store

AREAS, LENGTHS = "EPSG:6933", "EPSG:32718"
MOVED = np.array([-7.0, -2.0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with admin/, alerts/, protected/ and so on")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=2000, help="alerts that geopandas is asked about")
    given = parser.parse_args()
    layers = peru(given.folder)
    indexes, seconds = timed(lambda: prepare_all(layers))
    vertices = sum(int(shapely.get_num_coordinates(one.units.geometry).sum()) for one in layers)
    print(f"{len(layers)} layers, {sum(len(one.units) for one in layers):,} units, {vertices:,} vertices")
    print(f"made ready once a version: {seconds:.1f} s")
    print(
        "| alerts | number | facts | alerts/s (slowest to fastest) | ratio to geopandas (least to most) |",
        flush=True,
    )
    print("|---|---|---|---|---|", flush=True)
    for name, subjects in (
        ("boxes, MapBiomas", boxes(given.folder)),
        ("outlines, DETER", outlines(given.folder)),
    ):
        speeds, facts = whole(subjects, indexes, given.rounds)
        ratios = against(subjects, layers, indexes, given)
        print(
            f"| {name} | {len(subjects):,} | {facts:,} | {spread(speeds, ',.0f')} | {spread(ratios, '.1f')} |"
        )


def peru(folder: Path) -> tuple[Layer, ...]:
    """Return the ready layers as a centre loads them."""
    store = open_store(":memory:")
    add_layers(store, ready_definitions("peru", ()), folder)
    return load_layers(store)


def boxes(folder: Path) -> list[Subject]:
    frame = gpd.read_parquet(folder / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet")
    shapes = shapely.box(frame.west, frame.south, frame.east, frame.north)
    days = frame.detected_at.to_numpy().astype("datetime64[D]").astype(int).tolist()
    return [
        Subject(str(i), one, Extent.BOX, "", None, day, None)
        for i, (one, day) in enumerate(zip(shapes, days, strict=True))
    ]


def outlines(folder: Path) -> list[Subject]:
    frame = gpd.read_file(folder / "alerts" / "deter-rondonia-2023" / "RO_DETER_2023.gpkg").to_crs(4326)
    moved = shapely.transform(frame.geometry.to_numpy(), lambda lonlat: lonlat + MOVED)
    return [Subject(str(i), one, Extent.OUTLINE, "", None, 19_600, None) for i, one in enumerate(moved)]


def whole(subjects: Sequence[Subject], indexes: Any, rounds: int) -> tuple[list[float], int]:
    """Return alerts a second of each round, and how many facts there are."""
    speeds, facts = [], 0
    for _ in range(rounds):
        table, seconds = timed(lambda: overlay(asked(subjects), indexes))
        speeds.append(len(subjects) / seconds)
        facts = len(table)
    return speeds, facts


def against(subjects: Sequence[Subject], layers: Sequence[Layer], indexes: Any, given: Any) -> list[float]:
    """Return by how much we are faster on a sample, round by round, each in turn."""
    rng = np.random.default_rng(1)
    chosen = sorted(rng.choice(len(subjects), min(given.sample, len(subjects)), replace=False).tolist())
    some = [subjects[i] for i in chosen]
    frames = [projected(layer) for layer in layers if len(layer.units)]
    alerts = gpd.GeoSeries([one.geometry for one in some], crs=4326)
    flat, local = (gpd.GeoDataFrame(geometry=alerts.to_crs(crs)) for crs in (AREAS, LENGTHS))
    ratios = []
    for _ in range(given.rounds):
        _, ours = timed(lambda: overlay(asked(some), indexes))
        _, theirs = timed(lambda: [theirs_of(flat, local, *frame) for frame in frames])
        ratios.append(theirs / ours)
    return ratios


def projected(layer: Layer) -> tuple[Layer, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    units = gpd.GeoDataFrame(geometry=list(layer.units.geometry), crs=4326)
    return layer, units.to_crs(AREAS), units.to_crs(LENGTHS)


def theirs_of(alerts: Any, local: Any, layer: Layer, areas: Any, lengths: Any) -> None:
    """Ask geopandas the same of one layer: areas of intersections, and the nearest within reach."""
    if layer.shape is Shape.AREA:
        gpd.overlay(alerts.reset_index(), areas, how="intersection", keep_geom_type=True).area.sum()
    if layer.shape is not Shape.AREA or Measure.DISTANCE in layer.measures:
        gpd.sjoin_nearest(local, lengths, how="left", max_distance=layer.reach_m, distance_col="metres")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


def spread(values: Sequence[float], form: str) -> str:
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


if __name__ == "__main__":
    main()
