"""Watch a small real stack (Sentinel-1 VV and Landsat NDVI, Bolivia; proof O) and score it against its label.

Run as ``python -m benchmarks.score_bolivia DATA``, DATA being the folder of the stack. The settings were
chosen without the label: literature values of the shift, the scene's own spread. The pixels scored are those
that every radar look covers and that were not lost before 2016.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.warp import Resampling, reproject

from dosel.alerts.runs import decode
from dosel.model.codes import DAY_BITS, AlertStatus, PixelFlag
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import open_centre
from dosel.pipeline.watch import WatchSummary, watch

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


def run(data: Path, centre: Path) -> tuple[WatchSummary, dict[str, Plane]]:
    """Return the summary and the maps: pixels changed at the end, and pixels of standing alerts."""
    (centre / "dosel.toml").write_text(SETTINGS.format(data=data), encoding="utf-8")
    with open_centre(centre) as opened:
        summary = watch(opened)
        col0, row0, col1, row1 = opened.grid.window
        changed = np.zeros((row1 - row0, col1 - col0), bool)
        alerts = np.zeros_like(changed)
        for row in opened.store.select("tiles"):
            tile = next(t for t in opened.tiles if t.id == row["tile_id"])
            state, _ = load_state(centre / row["file"])
            top, left = tile.row - row0, tile.col - col0
            part = state.crossed >> DAY_BITS == PixelFlag.CHANGED
            changed[top : top + tile.shape[0], left : left + tile.shape[1]] = part
        standing = {"status": [int(AlertStatus.CONFIRMED), int(AlertStatus.PROVISIONAL)], "superseded": 0}
        for row in opened.store.select("alerts", standing):
            for line, start, stop in decode(row["runs"]):
                alerts[line - row0, start - col0 : stop - col0] = True
    return summary, {"changed pixels": changed, "standing alerts": alerts}


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


def main() -> None:
    """Run, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data.resolve()
    with tempfile.TemporaryDirectory() as folder:
        summary, maps = run(data, Path(folder))
    label, use, reference = truth(data)
    edge = edge_of(label)
    print(f"Bolivia stack (O): {use.sum()} pixels, {(label & use).sum()} lost in 2016")
    print(f"{summary.used} looks used")
    for name, found in {"reference result": reference, **maps}.items():
        print(f"{name:>16}: {f1_line(found, label, use)}")
        print(f"{'without edge':>16}: {f1_line(found, label, use & ~edge)}")


if __name__ == "__main__":
    main()
