"""From pixel states to tracked alerts: seconds, memory, ratio to rasterio.features.shapes and shapely.

Simulated state of 10,980 x 10,980 pixels (10 m) with 0.4 % changed pixels in about 73,000 pieces; then a look
that changes 0.05 % more. Everything runs on one core, in one process, so that ratios hold on any machine.

    python benchmarks/bench_alerts.py [--side 10980] [--rounds 3]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numcodecs.blosc
import numpy as np
import rasterio
import shapely
from numcodecs import Blosc
from pyproj import Transformer
from rasterio.features import shapes
from rasterio.io import MemoryFile

from dosel.alerts.confirm import AlertRules
from dosel.alerts.polygonize import EQUAL_AREA, areas_ha, pieces, polygons
from dosel.alerts.runs import PixelRuns, active_runs, stitch
from dosel.alerts.track import Outcome, Step, track
from dosel.model.codes import STATE_DAY0
from dosel.model.grid import Grid
from dosel.model.provenance import Method
from dosel.monitor.checkpoint import write_state
from dosel.monitor.state import PixelState

TILE = 1024
BLOCK = 2048
PIECES_PER_MPX = 73_000 / 120.56
RNG = np.random.default_rng(20_260_101)


def blank(side: int) -> PixelState:
    planes = [np.zeros((side, side), kind) for kind in (np.int16, np.uint16, np.uint16, np.uint16)]
    return PixelState(*planes, memory=np.zeros((0, side, side), np.int16))


def disc(pixels: float) -> np.ndarray[Any, Any]:
    reach = int(np.ceil(np.sqrt(pixels / np.pi)))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return (y**2 + x**2) * np.pi <= pixels


def paint(state: PixelState, row: int, col: int, pixels: float, day: int) -> int:
    """Draw a clearing where nothing has changed yet; return how many pixels it changed."""
    mask = disc(pixels)
    mask &= RNG.random(mask.shape) < 0.95
    place = np.s_[row : row + mask.shape[0], col : col + mask.shape[1]]
    new = mask[: state.crossed[place].shape[0], : state.crossed[place].shape[1]]
    new &= state.crossed[place] == 0
    flags = np.where(RNG.random(new.shape) < 0.8, 2 << 14, 1 << 14).astype(np.uint16)
    for plane, value in (
        (state.crossed, flags | np.uint16(day)),
        (state.before, np.uint16(day - 12)),
        (state.onset, np.uint16(day)),
        (state.evidence, RNG.integers(300, 3000, new.shape).astype(np.int16)),
    ):
        plane[place] = np.where(new, value, plane[place])
    return int(new.sum())


def scatter(state: PixelState, count: int) -> list[tuple[int, int, float]]:
    side = len(state.crossed)
    sizes = np.minimum(RNG.lognormal(1.35, 1.05, count), 4000.0)
    places = RNG.integers(0, side - 80, (count, 2))
    drawn = [(row, col, size) for (row, col), size in zip(places.tolist(), sizes.tolist(), strict=True)]
    for row, col, size in drawn:
        paint(state, row, col, size, 5000)
    return drawn


def spread(state: PixelState, drawn: list[tuple[int, int, float]], share: float) -> None:
    """Change a further share of the pixels: half of them at clearings that grow, half elsewhere."""
    side = len(state.crossed)
    wanted = share * side**2
    done = 0
    while done < wanted:
        row, col, size = drawn[RNG.integers(len(drawn))]
        if done < wanted / 2:
            done += paint(
                state, max(row - 1, 0), max(col - 1, 0), (np.sqrt(size / np.pi) + 1) ** 2 * np.pi, 5012
            )
        else:
            row, col = RNG.integers(0, side - 80, 2).tolist()
            done += paint(state, row, col, size, 5012)


def tiles(state: PixelState) -> Iterator[tuple[int, int, PixelState]]:
    side = len(state.crossed)
    for row in range(0, side, TILE):
        for col in range(0, side, TILE):
            cut = np.s_[row : row + TILE, col : col + TILE]
            planes = (state.evidence, state.before, state.onset, state.crossed)
            yield row, col, PixelState(*(plane[cut] for plane in planes), memory=state.memory[:, :1, :1])


def scan(state: PixelState) -> list[PixelRuns]:
    seen = np.zeros((1, TILE, TILE), np.int16)
    return [
        active_runs(tile, row, col, seen[:, : tile.crossed.shape[0], : tile.crossed.shape[1]])
        for row, col, tile in tiles(state)
    ]


def ours(state: PixelState, grid: Grid) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    found = pieces(stitch(scan(state)))
    return polygons(found, grid), areas_ha(found, grid)


def theirs(state: PixelState, grid: Grid) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    mask = (state.crossed >> 14 != 0).astype(np.uint8)
    drawn = shapes(mask, mask=mask.view(bool), connectivity=8, transform=grid.transform)
    outlines = np.array([shapely.geometry.shape(shape) for shape, _ in drawn])
    to_equal_area = Transformer.from_crs(grid.crs, EQUAL_AREA, always_xy=True)
    flat = shapely.transform(outlines, to_equal_area.transform, interleaved=False)
    return outlines, shapely.area(flat) / 10_000


def timed(work: Callable[[], Any], rounds: int) -> tuple[Any, float, float]:
    """Return the last result, the median of the seconds and their spread (largest minus smallest)."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return result, statistics.median(seconds), max(seconds) - min(seconds)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def disk_bytes(state: PixelState) -> float:
    """Return bytes a pixel of a tile of the state as a step writes it."""
    _, _, tile = next(tiles(state))
    with tempfile.TemporaryDirectory() as folder:
        write_state(Path(folder) / "state", tile, {})
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return size / tile.crossed.size


def scene_seconds(state: PixelState, rounds: int) -> float:
    """Return the bare decoding of a two-band scene (DEFLATE) and of the state, and its encoding (lz4)."""
    bands = RNG.normal(-1200, 90, (2, BLOCK, BLOCK)).astype(np.int16)
    profile = {"driver": "GTiff", "count": 2, "dtype": "int16", "width": BLOCK, "height": BLOCK}
    numcodecs.blosc.set_nthreads(1)
    codec = Blosc("lz4", clevel=5, shuffle=Blosc.BITSHUFFLE)
    planes = [
        np.where(
            state.crossed[:BLOCK, :BLOCK] > 0, plane[:BLOCK, :BLOCK], RNG.integers(0, 60, (BLOCK, BLOCK))
        )
        .astype(np.uint16)
        .tobytes()
        for plane in (state.evidence, state.before, state.onset, state.crossed)
    ]
    packed = [codec.encode(plane) for plane in planes]
    with MemoryFile() as file:
        with file.open(
            **profile,
            compress="deflate",
            tiled=True,
            crs="EPSG:32719",
            transform=rasterio.Affine(10, 0, 0, 0, -10, 0),
        ) as out:
            out.write(bands)

        def work() -> None:
            with file.open() as source:  # opened anew: an open one would answer from its cache
                source.read()
            for one in packed:
                codec.encode(codec.decode(one))

        _, seconds, _ = timed(work, rounds)
    return seconds * state.crossed.size / BLOCK**2


def step_of(day: int) -> Step:
    return Step(f"look-{day}", STATE_DAY0 + day, ("vv", "vh"), Method("cusum", "1", ""), "history")


def bench_polygons(state: PixelState, grid: Grid, rounds: int) -> None:
    ours(*small())
    before = peak_mb()
    (outlines, hectares), mine, spread_s = timed(lambda: ours(state, grid), rounds)
    extra = peak_mb() - before
    (reference, their_ha), peer, peer_spread = timed(lambda: theirs(state, grid), rounds)
    changed = (state.crossed > 0).mean()
    print(
        f"state            {state.crossed.size / 1e6:.1f} Mpx, {changed:.2%} changed, {len(outlines)} pieces"
    )
    print(f"state on disk    {disk_bytes(state):.2f} B/px, zeros where nothing was ever seen")
    print(f"dosel            {mine:.2f} s (spread {spread_s:.2f}), {extra:.0f} MB extra")
    invalid = np.sum(~shapely.is_valid(reference))
    print(f"rasterio+shapely {peer:.2f} s (spread {peer_spread:.2f}), {invalid} invalid outlines")
    print(f"ratio            {peer / mine:.1f} x")
    print(f"hectares         {hectares.sum():.3f} against {their_ha.sum():.3f}")
    print(f"pieces           {len(outlines)} against {len(reference)}")
    for name, work in stages(state, grid):
        _, seconds, _ = timed(work, rounds)
        print(f"  {name:14s} {seconds:.3f} s")


def stages(state: PixelState, grid: Grid) -> Iterator[tuple[str, Callable[[], Any]]]:
    runs = scan(state)
    whole = stitch(runs)
    found = pieces(whole)
    yield "runs", lambda: scan(state)
    yield "stitch", lambda: stitch(runs)
    yield "pieces", lambda: pieces(whole)
    yield "polygons", lambda: polygons(found, grid)
    yield "areas", lambda: areas_ha(found, grid)


def small() -> tuple[PixelState, Grid]:
    """Return a small world, to compile everything."""
    state = blank(200)
    scatter(state, 20)
    return state, Grid("warm", "EPSG:32719", 10.0, (0.0, 9e6), (0, 0, 200, 200))


def look(state: PixelState, grid: Grid, alerts: dict[str, Any], day: int, rules: AlertRules) -> Outcome:
    return track(alerts.values(), pieces(stitch(scan(state))), step_of(day), rules, grid)


def bench_track(state: PixelState, grid: Grid, drawn: list[Any], rounds: int) -> None:
    scene = scene_seconds(state, rounds)
    print(f"scene            {scene:.2f} s of bare decoding and encoding (2 bands DEFLATE, state lz4)")
    look(*small(), {}, 5000, AlertRules())
    firsts = {}
    for min_area_ha in (0.05, 0.25, 0.5):
        rules = AlertRules(min_area_ha=min_area_ha)
        first, seconds, _ = timed(lambda rules=rules: look(state, grid, {}, 5000, rules), 1)
        firsts[min_area_ha] = {alert.id: alert for alert in first.upserts}
        print(f"first look       {seconds:.2f} s, {len(first.upserts)} alerts of {min_area_ha} ha and more")
    spread(state, drawn, 0.0005)
    for min_area_ha, alerts in firsts.items():
        rules = AlertRules(min_area_ha=min_area_ha)
        after, seconds, gap = timed(
            lambda rules=rules, alerts=alerts: look(state, grid, alerts, 5012, rules), rounds
        )
        print(
            f"0.05 % more      {seconds:.2f} s (spread {gap:.2f}), {seconds / scene:.1%} of the scene; "
            f"{min_area_ha} ha: {len(alerts)} alerts, {len(after.upserts)} to store, "
            f"{len(after.reshaped)} reshaped, {len(after.events)} events"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=10_980)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    state = blank(options.side)
    drawn = scatter(state, int(PIECES_PER_MPX * options.side**2 / 1e6 * 1.03))
    grid = Grid("bench", "EPSG:32719", 10.0, (300_000.0, 9_000_000.0), (0, 0, options.side, options.side))
    bench_polygons(state, grid, options.rounds)
    bench_track(state, grid, drawn, options.rounds)


if __name__ == "__main__":
    main()
