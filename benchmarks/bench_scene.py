"""One scene end to end, in the formats of a centre, beside bare decoding and encoding (proof: S).

A two-band scene of 10,980 x 10,980 pixels in tiles of 1,024: the gridded look from the archive, baselines
and state from Zarr, the update with neighbours, the state written. The bare row reads, decodes, encodes and
writes the same bytes and does nothing else. nrt keeps its state in NetCDF and takes the scene from DEFLATE
GeoTIFF, as it publicly does, on a smaller area; rates are per pixel of the two-band scene. Rounds are
interleaved; files are in the page cache for all; waiting for the disk is a row of its own.

    python benchmarks/bench_scene.py [--quick] [--side 10980] [--rounds 3]
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy loads, as in bench_kernel

import argparse
import datetime as dt
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from benchmarks.bench_kernel import BANDS, DAY, baselines, grown_state, nrt_monitors, scalars_of, scene
from nrt.monitor.ewma import EWMA
from numcodecs.blosc import Blosc
from rasterio.transform import from_origin

from dosel.catalog.scene import Asset, Look, SceneRef
from dosel.catalog.sensors import sensor
from dosel.config import ResourceSettings
from dosel.model.grid import Grid, Tile
from dosel.model.provenance import Source
from dosel.model.time import date_of
from dosel.monitor.accumulate import update
from dosel.monitor.checkpoint import (
    load_baseline,
    load_state,
    save_baseline,
    save_state,
    sync_disk,
    write_state,
)
from dosel.pipeline.spine.memory import reuse_memory
from dosel.stack.archive import publish, read_look, stage_look, write_look
from dosel.stack.gridded import GriddedLook
from dosel.stack.plan import LookPlan, plan_look
from dosel.stack.read import read_tile

TILE = 1024
VARIANTS = 3
SCALARS = scalars_of(1, 2)
Work = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Frame:
    """A compressed array inside a file."""

    file: Path
    start: int
    stop: int
    shape: tuple[int, ...]
    dtype: str


# ---------------------------------------------------------------- material


def make_variant(folder: Path, side: int) -> GriddedLook:
    """Write look, baselines and state of one tile; return the look."""
    bases = baselines(side + 2, 2)
    look = replace(scene(bases, 0.2), tile_id="tile")
    write_look(folder / "scene.look", look)
    for base in bases:
        save_baseline(folder / base.stream, base, {})
    save_state(folder / "state", grown_state(side), {})
    return look


def frames_of(folder: Path) -> tuple[list[Frame], list[Frame]]:
    """Return the frames of a tile that are read, and those of the state, which are written too."""
    look = read_look(folder / "scene.look")
    sizes = [len(Blosc(cname="lz4", clevel=5, shuffle=Blosc.BITSHUFFLE).encode(b)) for b in look.values]
    file = folder / "scene.look"
    start = file.stat().st_size - sum(sizes)
    read = []
    for size, band in zip(sizes, look.values, strict=True):
        read.append(Frame(file, start, start + size, band.shape, "int16"))
        start += size
    state, _ = load_state(folder / "state")
    bases = {model.stream: load_baseline(folder / model.stream)[0] for model in BANDS}
    for group, owner in bases.items():
        read += [_chunk(folder / group, owner, n) for n in ("level", "season", "inv_spread", "looks")]
    names = ("evidence", "before", "onset", "crossed", "memory")
    kept = [_chunk(folder / "state", state, name) for name in names]
    return read, kept


def _chunk(folder: Path, owner: Any, name: str) -> Frame:
    array = getattr(owner, name)
    file = folder / name / ".".join(["c", *["0"] * array.ndim])
    return Frame(file, 0, file.stat().st_size - 4, array.shape, array.dtype.name)


# ---------------------------------------------------------------- what is timed


def fold_tile(folder: Path, out: Path) -> None:
    """Do with a tile what a step of the watch does."""
    state, _ = load_state(folder / "state")
    look = read_look(folder / "scene.look")
    bases = [load_baseline(folder / model.stream)[0] for model in BANDS]
    watched = np.ones(look.values.shape[1:], np.uint8)
    update(state, look, bases, watched, SCALARS)
    write_state(out, state, {"tile": "tile", "step": 1})


def bare_tile(frames: tuple[list[Frame], list[Frame]], out: Path) -> None:
    """Read and decode what a step reads, encode and write what it writes."""
    read, kept = frames
    for frame in read:
        decode(frame)
    out.mkdir(parents=True)
    for number, frame in enumerate(kept):
        array = decode(frame)
        codec = Blosc(cname="lz4", clevel=1, shuffle=Blosc.BITSHUFFLE)
        (out / str(number)).write_bytes(codec.encode(array))


def decode(frame: Frame) -> np.ndarray[Any, Any]:
    out = np.empty(frame.shape, frame.dtype)
    with frame.file.open("rb") as file:
        file.seek(frame.start)
        Blosc().decode(file.read(frame.stop - frame.start), out)
    return out


# ---------------------------------------------------------------- the scene as it comes


def make_scene(folder: Path, look: GriddedLook) -> tuple[LookPlan, Tile]:
    """Write a look as DEFLATE COG-like GeoTIFF, one a band, and return how to read it."""
    bands, side = look.values[:, 1:-1, 1:-1], look.values.shape[1] - 2
    grid = Grid("bench", "EPSG:32719", 10.0, (400_000.0, 8_700_000.0), (0, 0, side, side), TILE)
    paths = {}
    for name, band in zip(("vv", "vh"), bands, strict=True):
        paths[name] = Asset(
            str(write_tif(folder / f"{name}.tif", band)), nodata=-32768.0, scale=1 / 256, offset=0.0
        )
    row, when = sensor("sentinel-1-rtc-db"), dt.datetime.combine(date_of(DAY), dt.time(10), dt.UTC)
    ref = SceneRef(
        "S1",
        "c",
        row.name,
        "ascending",
        "0A",
        when,
        grid.bbox,
        paths,
        Source("bench", "simulated", "CC0-1.0"),
    )
    whole = Look("bench/1", row.name, "ascending", when, DAY, (ref,))
    return plan_look(whole, row, grid.tiles(), 1), grid.tiles()[0]


def write_tif(path: Path, band: np.ndarray[Any, Any]) -> Path:
    profile = {
        "driver": "GTiff", "count": 1, "dtype": "int16", "height": band.shape[0], "width": band.shape[1],
        "crs": "EPSG:32719", "transform": from_origin(400_000.0, 8_700_000.0, 10.0, 10.0), "nodata": -32768,
        "compress": "deflate", "predictor": 2, "tiled": True, "blockxsize": 512, "blockysize": 512,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(band, 1)
    return path


# ---------------------------------------------------------------- nrt


def nrt_files(folder: Path, side: int) -> Callable[[], None]:
    """Write an EWMA monitor a band and a scene; return the public round from file to file."""
    bases = baselines(side + 2, 2)
    look = scene(bases, 0.2)
    for number, (monitor, band) in enumerate(zip(nrt_monitors(EWMA, side, bases), look.values, strict=True)):
        monitor.x = monitor.y = np.arange(side, dtype=np.float64)
        monitor.detection_date = np.zeros((side, side), np.uint16)
        monitor.to_netcdf(folder / f"{number}.nc")
        write_tif(folder / f"{number}.tif", band[1:-1, 1:-1])
    when = dt.datetime.combine(date_of(DAY), dt.time())

    def run() -> None:
        for number in range(len(BANDS)):
            monitor = EWMA.from_netcdf(folder / f"{number}.nc")
            with rasterio.open(folder / f"{number}.tif") as source:
                stored = source.read(1)
            band = np.where(stored == -32768, np.nan, stored).astype(np.float32)
            monitor.monitor(array=band, date=when)
            monitor.to_netcdf(folder / f"{number}.out.nc")

    return run


# ---------------------------------------------------------------- measuring


@dataclass(slots=True)
class Row:
    """Seconds of a task, by the clock on the wall and of the processor."""

    mpx: float
    wall: list[float]
    cpu: list[float]

    def line(self, name: str, base: Row | None = None) -> str:
        """Return the row as text, with its ratios to another one."""
        wall, cpu = (statistics.median(v) / self.mpx * 1e3 for v in (self.wall, self.cpu))
        low, high = (edge(self.wall) / self.mpx * 1e3 for edge in (min, max))
        ratio = ""
        if base is not None:
            own = [statistics.median(v) / base.mpx * 1e3 for v in (base.wall, base.cpu)]
            ratio = f"  {wall / own[0]:.2f}x wall, {cpu / own[1]:.2f}x cpu"
        return f"{name:<46} {wall:7.2f} ms/Mpx ({low:.2f} to {high:.2f})  cpu {cpu:7.2f}{ratio}"


def timed(row: Row, work: Callable[[], None]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    row.wall.append(time.perf_counter() - wall)
    row.cpu.append(time.process_time() - cpu)


def on(cores: int, work: Work, tiles: int) -> None:
    """Work on tiles in a pool, on one core too: in the main thread blosc would start threads of its own."""
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(work, range(tiles)))


def fresh(folder: Path) -> Iterator[Path]:
    """Yield folders that do not exist; the one before is removed."""
    for number in count():
        place = folder / f"out{number}"
        yield place
        shutil.rmtree(place, ignore_errors=True)


def bench(folder: Path, side: int, rounds: int, nrt_side: int) -> None:
    reuse_memory(ResourceSettings())
    looks = [make_variant(folder / str(k), TILE) for k in range(VARIANTS)]
    frames = [frames_of(folder / str(k)) for k in range(VARIANTS)]
    tiles = max(1, round((side / TILE) ** 2))
    mpx = tiles * TILE**2 / 1e6
    plan, tile = make_scene(folder, looks[0])
    places, names = fresh(folder), count()
    rows: dict[str, Row] = {}

    def take(name: str, work: Callable[[], None], size: float = mpx) -> None:
        timed(rows.setdefault(name, Row(size, [], [])), work)

    peer = nrt_files(folder, nrt_side)
    some = max(2, min(tiles, 12))
    size = some * TILE**2 / 1e6
    for work in (lambda: fold_tile(folder / "0", next(places)), lambda: read_tile(plan, tile)):
        work()
    for _ in range(rounds):
        for cores in (1, 2):
            out = next(places)
            take(f"bare, {cores}", lambda out=out, cores=cores: on(
                cores, lambda n: bare_tile(frames[n % VARIANTS], out / str(n)), tiles))  # fmt: skip
            sync_disk(folder)
            out = next(places)
            take(f"dosel, {cores}", lambda out=out, cores=cores: on(
                cores, lambda n: fold_tile(folder / str(n % VARIANTS), out / str(n)), tiles))  # fmt: skip
            take(f"sync, {cores}", lambda: sync_disk(folder))
        take("cog", lambda: on(1, lambda n: read_tile(plan, tile) and None, some), size)
        take("look", lambda: publish(
            [stage_look(folder / "looks" / f"{next(names)}.look", looks[n % VARIANTS]) for n in range(some)]
        ), size)  # fmt: skip
        shutil.rmtree(folder / "looks")
        take("nrt", peer, nrt_side**2 / 1e6)
    report(rows, tiles, folder)


def report(rows: dict[str, Row], tiles: int, folder: Path) -> None:
    size = {
        name: sum(p.stat().st_size for p in (folder / "0" / name).rglob("*") if p.is_file()) / TILE**2
        for name in ("state", BANDS[0].stream)
    }
    print(
        f"\nOne two-band scene end to end, {tiles} tiles of {TILE} px, {tiles * TILE**2 / 1e6:.0f} Mpx; "
        f"state {size['state']:.2f} B/px, a baseline {size[BANDS[0].stream]:.2f} B/px on disk [S]"
    )
    for cores in (1, 2):
        bare, own = rows[f"bare, {cores}"], rows[f"dosel, {cores}"]
        word = "core" if cores == 1 else "cores"
        print(bare.line(f"bare decoding and encoding, {cores} {word}"))
        print(own.line(f"scene end to end, {cores} {word}", bare))
        print(rows[f"sync, {cores}"].line("  then: everything on the disk"))
    own = rows["dosel, 1"]
    print(rows["cog"].line("reading a scene from DEFLATE GeoTIFF, 1 core", own))
    print(rows["look"].line("writing the gridded look, synced", own))
    print(rows["nrt"].line("nrt EWMA from file to file, both bands", own))
    parts = [rows["cog"], rows["look"], own]
    whole = sum(statistics.median(row.cpu) / row.mpx for row in parts)
    peer = statistics.median(rows["nrt"].cpu) / rows["nrt"].mpx
    print(f"{'nrt against GeoTIFF, gridded look and scene':<46} {peer / whole:7.1f}x cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=10_980)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nrt-side", type=int, default=2048)
    parser.add_argument("--quick", action="store_true", help="a smaller side")
    options = parser.parse_args()
    side, nrt_side = (3072, 1024) if options.quick else (options.side, options.nrt_side)
    with tempfile.TemporaryDirectory() as folder:
        bench(Path(folder), side, options.rounds, nrt_side)


if __name__ == "__main__":
    main()
