"""Watch a small real stack (Sentinel-1 VV and Landsat NDVI, Bolivia; proof O) and score it against its label.

Run as ``python -m benchmarks.score_bolivia DATA``, DATA being the folder of the stack. The settings were
chosen without the label: literature values of the shift, the scene's own spread. The pixels scored are those
that every radar look covers and that were not lost before 2016.

Dates: of pixels that both results call changed, the first look above h1 against the reference's date of the
flag that led to its change, in looks of either sensor. ``--plot-dir DIR`` draws the map.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.warp import Resampling, reproject

from dosel.alerts.runs import decode
from dosel.model.codes import DAY_BITS, STATE_DAY0, AlertStatus, LookStatus, PixelFlag
from dosel.model.time import day_of
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.spine.summary import WatchSummary
from dosel.pipeline.spine.watch import watch

SETTINGS = """
[centre]
name = "bolivia"
[area]
name = "bolivia"
crs = "EPSG:32720"
resolution_m = 30
like = "{data}/s1vv_tseries/2016-01-05-s1vv.tif"
[mask]
kind = "all"
[monitor]
start = 2015-12-25
[alerts]
min_area_ha = 0.09
[[source]]
name = "radar"
kind = "folder"
path = "{data}/s1vv_tseries"
sensor = "bolivia-vv"
pattern = "{{date}}-s1vv.tif"
origin = "ESA Copernicus Sentinel-1; J. Reiche"
licence = "CC-BY-4.0"
[[source]]
name = "ndvi"
kind = "folder"
path = "{data}/lndvi_tseries"
sensor = "bolivia-ndvi"
pattern = "{{date}}-lndvi.tif"
origin = "USGS Landsat; J. Reiche"
licence = "CC-BY-4.0"
[[sensor]]
name = "bolivia-vv"
kind = "radar"
stream = "bolivia-vv"
unit = "dB"
quantum = 0.01
valid = [-40, 20]
resolution_m = 30
revisit_days = 12
spread = 0.57
shift = 3.0
[[sensor]]
name = "bolivia-ndvi"
stream = "bolivia-ndvi"
unit = "1"
quantum = 0.0001
valid = [-1, 1]
resolution_m = 30
revisit_days = 16
spread = 0.025
shift = 0.4
"""
BLOCK_PX = 20
"""600 m."""
DRAWS = 2000

Plane = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Maps:
    """What the run left behind, on the grid of the stack."""

    changed: Plane
    """Pixels that are changed at the end."""
    alerts: Plane
    """Pixels of standing alerts."""
    crossed: Ints
    """UTC day of the first look above h1 since the onset; 0 where there is none."""
    look_days: Ints
    """Days of the looks that were folded, rising."""


def run(data: Path, centre: Path) -> tuple[WatchSummary, Maps]:
    """Return the summary of a fresh watch in the folder `centre`, and its maps."""
    (centre / "dosel.toml").write_text(SETTINGS.format(data=data), encoding="utf-8")
    with open_centre(centre) as opened:
        summary = watch(opened)
        used = opened.store.select("looks", {"status": int(LookStatus.USED)})
        days = np.unique([day_of(row["acquired"][:10]) for row in used])
        changed, crossed = _states(opened)
        return summary, Maps(changed, _standing(opened), crossed, days)


def _states(centre: Centre) -> tuple[Plane, Ints]:
    """Return changed pixels, and the day of the first look above h1, over the whole grid."""
    col0, row0, col1, row1 = centre.grid.window
    changed = np.zeros((row1 - row0, col1 - col0), bool)
    crossed = np.zeros(changed.shape, np.int64)
    for row in centre.store.select("tiles"):
        tile = next(t for t in centre.tiles if t.id == row["tile_id"])
        state, _ = load_state(centre.root / row["file"])
        here = np.s_[tile.row - row0 :, tile.col - col0 :]
        part = np.s_[: tile.shape[0], : tile.shape[1]]
        day = (state.crossed & ((1 << DAY_BITS) - 1)).astype(np.int64)
        changed[here][part] = state.crossed >> DAY_BITS == PixelFlag.CHANGED
        crossed[here][part] = np.where(day > 0, day + STATE_DAY0, 0)
    return changed, crossed


def _standing(centre: Centre) -> Plane:
    """Return the pixels of standing alerts."""
    col0, row0, col1, row1 = centre.grid.window
    alerts = np.zeros((row1 - row0, col1 - col0), bool)
    wanted = {"status": [int(AlertStatus.CONFIRMED), int(AlertStatus.PROVISIONAL)], "superseded": 0}
    for row in centre.store.select("alerts", wanted):
        for line, start, stop in decode(row["runs"]):
            alerts[line - row0, start - col0 : stop - col0] = True
    return alerts


def truth(data: Path) -> tuple[Plane, Plane, Plane]:
    """Return label (lost in 2016), the pixels that are scored, and the reference result."""
    radar = []
    for path in sorted((data / "s1vv_tseries").glob("*.tif")):
        with rasterio.open(path) as raster:
            radar.append(raster.read(1) > -1e30)
            transform, crs = raster.transform, raster.crs
    covered = np.all([look for look in radar if look.any()], axis=0)
    lost = np.zeros(covered.shape, np.uint8)
    hansen = next(data.glob("Hansen*.tif"))
    with rasterio.open(hansen) as raster:
        reproject(
            raster.read(1),
            lost,
            src_transform=raster.transform,
            src_crs=raster.crs,
            dst_transform=transform,
            dst_crs=crs,
            resampling=Resampling.nearest,
        )
    with rasterio.open(data / "bayts_spatial_result.tif") as raster:
        reference = raster.read(3) > 0
    return lost == 16, covered & ~((lost >= 1) & (lost <= 15)), reference


def edge_of(label: Plane) -> Plane:
    """Return the pixels with a side neighbour of the other label."""
    padded = np.pad(label, 1, mode="edge")
    sides = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    return np.any([side != label for side in sides], axis=0)


def f1_line(found: Plane, label: Plane, use: Plane) -> str:
    """Return F1 with its block-bootstrap interval, as text."""
    blocks = []
    for top in range(0, use.shape[0], BLOCK_PX):
        for left in range(0, use.shape[1], BLOCK_PX):
            part = np.s_[top : top + BLOCK_PX, left : left + BLOCK_PX]
            if use[part].any():
                f, t = (found & use)[part], (label & use)[part]
                blocks.append([(f & t).sum(), f.sum(), t.sum()])
    counts = np.array(blocks)
    draws = counts[np.random.default_rng(0).integers(0, len(counts), (DRAWS, len(counts)))].sum(axis=1)
    low, high = np.nanquantile(2 * draws[:, 0] / (draws[:, 1] + draws[:, 2]), [0.025, 0.975])
    hit, said, true = counts.sum(axis=0)
    return f"F1 {2 * hit / (said + true):.4f} [{low:.3f}-{high:.3f}], missed {true - hit}, false {said - hit}"


def reference_days(data: Path, look_days: Ints) -> Ints:
    """Return the reference's day of the flag that led to its change, 0 without change.

    It is stored as a decimal year of 365 days, which leaves it a day short after February: it is taken to the
    nearest look.
    """
    with rasterio.open(data / "bayts_spatial_result.tif") as raster:
        year = raster.read(2).astype(float)
    there = year > 0
    day = np.where(there, day_of("2016-01-01") + (year - 2016) * 365, 0)
    nearest = np.abs(look_days[:, None, None] - day).argmin(axis=0)
    return np.where(there, look_days[nearest], 0)


def looks_apart(ours: Ints, reference: Ints, look_days: Ints) -> Ints:
    """Return how many looks later we are, for days that are looks."""
    apart = np.searchsorted(look_days, ours) - np.searchsorted(look_days, reference)
    return np.asarray(apart, np.int64)


def date_differences(maps: Maps, data: Path, use: Plane) -> tuple[Ints, Ints]:
    """Return ours minus the reference's date, in looks and in days, of the pixels that both call changed."""
    reference = reference_days(data, maps.look_days)
    both = use & maps.changed & (reference > 0)
    ours, theirs = maps.crossed[both], reference[both]
    return looks_apart(ours, theirs, maps.look_days), ours - theirs


def date_line(apart: Ints, days: Ints) -> str:
    """Return how the dates agree with the reference's, as text."""
    shares = [f"{np.mean(np.abs(apart) <= most):.3f}" for most in (2, 1, 0)]
    low, high = np.quantile(days, [0.05, 0.95])
    return (
        f"dates of {apart.size} pixels changed in both: within two looks {shares[0]}, within one "
        f"{shares[1]}, the same look {shares[2]}; ours minus the reference's, median {np.median(apart):g} "
        f"looks and {np.median(days):g} days (5 to 95 %: {low:g} to {high:g} days)"
    )


def main(arguments: list[str] | None = None) -> None:
    """Run, score, print; draw the map where asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--plot-dir", type=Path)
    options = parser.parse_args(arguments)
    data = options.data.resolve()
    with tempfile.TemporaryDirectory() as folder:
        summary, maps = run(data, Path(folder))
    label, use, reference = truth(data)
    edge = edge_of(label)
    print(f"Bolivia stack (O): {use.sum()} pixels, {(label & use).sum()} lost in 2016")
    print(f"{summary.used} looks used")
    results = {"reference result": reference, "changed pixels": maps.changed, "standing alerts": maps.alerts}
    for name, found in results.items():
        print(f"{name:>16}: {f1_line(found, label, use)}")
        print(f"{'without edge':>16}: {f1_line(found, label, use & ~edge)}")
    print(date_line(*date_differences(maps, data, use)))
    if options.plot_dir:
        from benchmarks.real_plots import draw_bolivia

        draw_bolivia(maps, label, use, options.plot_dir / "bolivia.png")


if __name__ == "__main__":
    main()
