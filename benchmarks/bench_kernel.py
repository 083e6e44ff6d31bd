"""Speed of the kernel and of learning beside nrt and a floor, on the same simulated arrays (proof: S).

Everything runs in one thread, rounds of all rows interleaved, in the thread's seconds of processor time, so
that ratios hold on any machine and a busy one moves them little. Each timed call follows an untimed one,
since a scene is in the caches when it has just been decoded. Rates are per pixel of a two-band scene; the
floor reads and writes the bytes that the update reads and writes, and does nothing else.

    python benchmarks/bench_kernel.py [--quick] [--side 2048] [--rounds 15]
"""

from __future__ import annotations

import os

# nrt predicts with np.dot: idle BLAS threads would spin beside what is measured next; set before numpy loads.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import datetime as dt
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np
import xarray as xr
from benchmarks import figures
from benchmarks.figures import plt
from nrt.monitor.ccdc import CCDC
from nrt.monitor.ewma import EWMA

from dosel.model.codes import NODATA
from dosel.model.time import date_of
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline, Learner
from dosel.monitor.checkpoint import load_state, save_state
from dosel.monitor.evidence import StreamModel, shape
from dosel.monitor.offset import lattice_residuals, pass_offset
from dosel.monitor.scalars import LookScalars, Thresholds, look_scalars
from dosel.monitor.state import PixelState
from dosel.stack.gridded import GriddedLook

RATIO = shape(1.72, 14, 1.75, 1.25)
VH = StreamModel(
    "vh", "dB", 1 / 256, -1, -12.8, 4, 80, 1.65, 250, 1.07, 14, 1.72, 1.75, 1.25,
    RATIO.floor, RATIO.knots, RATIO.slopes, harmonics=2,
)  # fmt: skip
VV = replace(VH, stream="vv", level=-7.0)
BANDS = (VV, VH)
DAY = 17000
LOOKS = 210
HISTORY_DAYS = [DAY - 12 * (LOOKS - t) for t in range(LOOKS)]
RNG = np.random.default_rng(20_260_102)

Task = Callable[[], Any]
Clock = Callable[[], float]


# ---------------------------------------------------------------- the scene


def baselines(side: int, harmonics: int) -> tuple[Baseline, ...]:
    def one(model: StreamModel) -> Baseline:
        size = (side, side)
        level = RNG.normal(model.level * 256, 200, size).astype(np.int16)
        season = RNG.integers(-40, 40, (2 * harmonics, *size)).astype(np.int8)
        inv = RNG.integers(1000, 1500, size).astype(np.uint16)
        return Baseline(model.stream, level, season, inv, np.full(size, 60, np.uint8), "history")

    return tuple(one(model) for model in BANDS)


def scene(bases: tuple[Baseline, ...], clouds: float) -> GriddedLook:
    """Return a two-band look: forest with its noise, 2 % cleared, a share of it clouded in blocks."""
    side = bases[0].level.shape[0]
    values = np.stack([base.level + RNG.normal(0, 420, base.level.shape) for base in bases])
    values[:, (RNG.random((side // 32 + 1,) * 2) < 0.02).repeat(32, 0).repeat(32, 1)[:side, :side]] -= 900
    clouded = (RNG.random((side // 64 + 1,) * 2) < clouds).repeat(64, 0).repeat(64, 1)[:side, :side]
    values[:, clouded] = NODATA
    names = tuple(base.stream for base in bases)
    return GriddedLook("bench", "tile", DAY, names, values.astype(np.int16), 1)


@nb.njit(nogil=True, cache=True)
def _read(cells: Any) -> int:
    """Read a row; the sum stays as narrow as a cell, so that the loop is one of vectors."""
    seen = cells[0]
    for x in range(cells.size):
        seen = cells.dtype.type(seen ^ cells[x])
    return int(seen)


@nb.njit(nogil=True, cache=True)
def _rewrite(cells: Any, one: Any) -> None:
    for x in range(cells.size):
        cells[x] = cells.dtype.type(cells[x] ^ one)


@nb.njit(nogil=True, cache=True)
def _touch(planes: Any, memory: Any, values: Any, watched: Any, levels: Any, seasons: Any, invs: Any) -> int:
    """Read every byte that an update reads and write every byte that it writes."""
    seen = 0
    height, width = planes[0].shape
    for y in range(height):
        for s in range(values.shape[0]):
            seen ^= _read(values[s, y, :width]) ^ _read(levels[s][y, :width]) ^ _read(invs[s][y, :width])
            for k in range(seasons[s].shape[0]):
                seen ^= _read(seasons[s][k, y, :width])
            _rewrite(memory[s, y], np.int16(1))
        seen ^= _read(watched[y, :width])
        _rewrite(planes[0][y], np.int16(1))
        for plane in planes[1]:
            _rewrite(plane[y], np.uint16(1))
    return seen


def floor_task(look: GriddedLook, bases: tuple[Baseline, ...], watched: Any) -> Task:
    side = look.values.shape[1] - 2
    state = fresh_state((side, side), 2)
    parts = [tuple(getattr(base, name) for base in bases) for name in ("level", "season", "inv_spread")]
    planes = (state.evidence, (state.before, state.onset, state.crossed))
    return lambda: _touch(planes, state.memory, look.values, watched, *parts)


def scalars_of(radius: int, harmonics: int, offsets: tuple[int, ...] = (0, 0)) -> LookScalars:
    models = [replace(model, radius_px=radius, harmonics=harmonics) for model in BANDS]
    return look_scalars(DAY, models, Thresholds(3.0, 4.5), offsets, correlation=0.3)


def update_task(look: GriddedLook, bases: tuple[Baseline, ...], watched: Any, scalars: LookScalars) -> Task:
    side = look.values.shape[1] - 2
    state = fresh_state((side, side), 2)
    return lambda: update(state, look, bases, watched, scalars)


def offset_task(look: GriddedLook, bases: tuple[Baseline, ...], watched: Any) -> Task:
    side = look.values.shape[1] - 2
    state = fresh_state((side, side), 2)

    def run() -> None:
        found = tuple(
            pass_offset([lattice_residuals(look, model, base, watched, (0, 0))])
            for model, base in zip(BANDS, bases, strict=True)
        )
        update(state, look, bases, watched, scalars_of(0, 2, found))

    return run


# ---------------------------------------------------------------- nrt


def nrt_monitors(kind: type, side: int, bases: tuple[Baseline, ...]) -> list[Any]:
    """Return one nrt monitor a band, fitted: coefficients and spread as its own fit would leave them."""
    monitors = []
    for base in bases:
        beta = np.zeros((5, side, side))
        beta[0] = base.level[1:-1, 1:-1]
        beta[1:] = base.season[:, 1:-1, 1:-1] * 4.0
        spread = np.full((side, side), 430.0)
        monitor = kind(mask=np.ones((side, side), np.uint8), trend=False, harmonic_order=2, beta=beta)
        if kind is EWMA:
            monitor.sigma, monitor.process = spread, np.zeros((side, side))
            monitor.boundary = 2.0 * spread * np.sqrt(0.3 / 1.7)
        else:
            monitor.rmse, monitor.boundary = spread, 3
        monitors.append(monitor)
    return monitors


def nrt_task(kind: type, look: GriddedLook, bases: tuple[Baseline, ...]) -> Task:
    side = look.values.shape[1] - 2
    monitors = nrt_monitors(kind, side, bases)
    bands = [np.where(v == NODATA, np.nan, v).astype(np.float32)[1:-1, 1:-1] for v in look.values]
    when = dt.datetime.combine(date_of(DAY), dt.time())

    def run() -> None:
        for monitor, band in zip(monitors, bands, strict=True):
            monitor.monitor(array=band, date=when)

    return run


# ---------------------------------------------------------------- learning


def history(rows: int, cols: int) -> np.ndarray[Any, Any]:
    values = RNG.normal(VH.level * 256, 400, (LOOKS, rows, cols)).astype(np.int16)
    values[RNG.random(values.shape) < 0.25] = NODATA
    return values


def learn_task(values: np.ndarray[Any, Any], robust: bool, held: list[float]) -> Task:
    def run() -> None:
        learner = Learner(VH, values.shape[1:])
        for again in (False, True) if robust else (False,):
            if again:
                learner.again()
            for first in range(0, LOOKS, 30):
                learner.add(HISTORY_DAYS[first : first + 30], values[first : first + 30])
        learner.finish()
        held[:] = [learner.extra_bytes / values[0].size]

    return run


def nrt_fit_task(values: np.ndarray[Any, Any]) -> Task:
    times = np.array([np.datetime64(date_of(day)) for day in HISTORY_DAYS], "datetime64[ns]")
    _, rows, cols = values.shape
    data = np.where(values == NODATA, np.nan, values).astype(np.float32)
    coords = {"time": times, "y": np.arange(rows), "x": np.arange(cols)}
    cube = xr.DataArray(data, dims=("time", "y", "x"), coords=coords)

    def run() -> None:
        EWMA(mask=np.ones((rows, cols), np.uint8), trend=False, harmonic_order=2).fit(cube)

    return run


# ---------------------------------------------------------------- measuring


def measure(tasks: dict[str, Task], rounds: int, clock: Clock = time.thread_time) -> dict[str, list[float]]:
    """Return seconds of each task; rounds are interleaved so that a busy moment touches all of them."""
    for task in tasks.values():
        task()
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            task()
            start = clock()
            task()
            seconds[name].append(clock() - start)
    return seconds


def row(name: str, seconds: list[float], mpx: float, peers: list[tuple[str, float]]) -> str:
    middle = statistics.median(seconds)
    low, high = (np.quantile(seconds, q) for q in (0.25, 0.75))
    ratios = "  ".join(f"{peer} {value / middle:.3g}x" for peer, value in peers)
    return f"{name:<38} {mpx / middle:8.1f} Mpx/s  ({mpx / high:.1f} to {mpx / low:.1f})  {ratios}"


def bench_update(side: int, rounds: int) -> dict[str, list[float]]:
    """Print the table of the update; return megapixels a second of every row, round by round."""
    bases, annual = baselines(side + 2, 2), baselines(side + 2, 1)
    watched = np.ones((side + 2, side + 2), np.uint8)
    look, clouded = scene(bases, 0.0), scene(bases, 0.25)
    tasks = {
        "floor: same bytes, no work": floor_task(look, bases, watched),
        "update": update_task(look, bases, watched, scalars_of(0, 2)),
        "update, annual season only": update_task(look, annual, watched, scalars_of(0, 1)),
        "update, offset": offset_task(look, bases, watched),
        "update, 3 x 3 neighbours": update_task(look, bases, watched, scalars_of(1, 2)),
        "update, neighbours, clouds 25 %": update_task(clouded, bases, watched, scalars_of(1, 2)),
        "nrt EWMA, both bands": nrt_task(EWMA, look, bases),
        "nrt CCDC, both bands": nrt_task(CCDC, look, bases),
    }
    print(f"\nUpdate of a two-band scene, {side} x {side} pixels: median (quartiles) of {rounds} rounds [S]")
    seconds = measure(tasks, rounds)
    peers = [
        (short, statistics.median(seconds[name]))
        for short in ("floor", "EWMA", "CCDC")
        for name in tasks
        if short in name
    ]
    for name, measured in seconds.items():
        print(row(name, measured, side * side / 1e6, peers))
    return {name: [side * side / 1e6 / second for second in measured] for name, measured in seconds.items()}


def draw(rates: dict[str, list[float]], path: Path) -> None:
    """Draw medians of the rates with their quartiles."""
    names = list(rates)
    middle = [statistics.median(rates[name]) for name in names]
    spread = [
        np.abs(np.quantile(rates[name], (0.25, 0.75)) - m) for name, m in zip(names, middle, strict=True)
    ]
    figure, axis = plt.subplots(figsize=(7.0, 3.2))
    colours = [
        figures.ORANGE if "nrt" in name else figures.GREY if "floor" in name else figures.BLUE
        for name in names
    ]
    axis.barh(names, middle, xerr=np.transpose(spread), color=colours)
    axis.invert_yaxis()
    axis.set_xlabel("Mpx/s of a two-band scene, one core (simulated, S)")
    figures.save(figure, path)


def bench_learn(cols: int, rounds: int) -> None:
    values = history(256, cols)
    held: dict[str, list[float]] = {"one pass": [], "two passes, robust": []}
    tasks = {
        "learning, one pass": learn_task(values, False, held["one pass"]),
        "learning, two passes, robust": learn_task(values, True, held["two passes, robust"]),
    }
    small = values[:, :32, :256]
    peer = (
        statistics.median(measure({"fit": nrt_fit_task(small)}, max(rounds // 5, 2))["fit"])
        * 1e6
        / small[0].size
    )
    print(f"\nLearning five coefficients from {LOOKS} dates, one band, seconds a megapixel (quartiles) [S]")
    print(f"{'nrt EWMA fit (OLS, Shewhart)':<38} {peer:8.2f}")
    for (name, measured), extra in zip(measure(tasks, rounds).items(), held.values(), strict=True):
        scaled = [second * 1e6 / values[0].size for second in measured]
        low, middle, high = (float(np.quantile(scaled, q)) for q in (0.25, 0.5, 0.75))
        gain = f"nrt {peer / middle:.3g}x  {extra[0]:.0f} B/px"
        print(f"{name:<38} {middle:8.2f}  ({low:.2f} to {high:.2f})  {gain}")


def grown_state(side: int) -> PixelState:
    """Return the state after twelve looks, as a tile is stored."""
    bases = baselines(side + 2, 2)
    state = fresh_state((side, side), 2)
    watched = np.ones((side + 2, side + 2), np.uint8)
    for number in range(12):
        look = replace(scene(bases, 0.3), day=DAY + 6 * number)
        models = [replace(model, radius_px=1) for model in BANDS]
        update(
            state, look, bases, watched, look_scalars(look.day, models, Thresholds(3.0, 4.5), correlation=0.3)
        )
    return state


def bench_disk(side: int, rounds: int) -> None:
    state = grown_state(side)
    with tempfile.TemporaryDirectory() as folder:
        names = iter(range(10**6))
        last = [Path(folder)]

        def save() -> None:
            last[0] = Path(folder) / str(next(names))
            save_state(last[0], state, {})

        tasks = {"save, hash and fsync": save, "load": lambda: load_state(last[0])}
        seconds = measure(tasks, rounds, time.perf_counter)
        size = sum(path.stat().st_size for path in last[0].rglob("*") if path.is_file())
    print(f"\nState of two streams after 12 looks, {side} x {side}: {size / side**2:.2f} B/px on disk [S]")
    for name, measured in seconds.items():
        print(row(name, measured, side**2 / 1e6, []))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="small arrays, few rounds")
    parser.add_argument("--plot", type=Path, help="PNG of the rates")
    options = parser.parse_args()
    side, rounds = (512, 5) if options.quick else (options.side, options.rounds)
    # nrt warns about its own pandas and numpy calls on every date.
    warnings.filterwarnings("ignore")
    rates = bench_update(side, rounds)
    if options.plot:
        draw(rates, options.plot)
    bench_learn(256 if options.quick else 1024, max(rounds // 3, 3))
    bench_disk(512 if options.quick else 1024, rounds)


if __name__ == "__main__":
    main()
