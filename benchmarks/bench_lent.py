"""What it costs to say which looks made the alerts: the stage ``explain`` as a share of a scene (proof: S).

A whole ``dosel watch`` over simulated rasters of one band: a history, two quiet looks, then looks that each
show new clearings over 0.05 % of the area. Every one is a new alert whose past is read from the archive, and
every earlier one is looked at again. Shares are of the time that folding takes, reading included.

    python -m benchmarks.bench_lent [--side 2048]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

from dosel.model.time import iso_day
from dosel.pipeline.centre import open_centre
from dosel.pipeline.spine.watch import watch

START, HISTORY, QUIET, LOUD, EVERY_DAYS = 19_500, 14, 2, 4, 12
CLEARING_PX, SHARE = 6, 0.0005
STAGES = ("read", "update", "polygonize", "track", "explain", "store")
SETTINGS = """
[area]
name = "wide"
crs = "EPSG:32719"
resolution_m = 10
bounds_m = [300000, {south}, {east}, 8600000]

[mask]
kind = "all"

[alerts]
h1_nats = 3.75
h2_nats = 6.0

[monitor]
start = {start}

[[source]]
name = "radar"
kind = "folder"
path = "vv"
sensor = "my-vv"
pattern = "{{date}}-vv.tif"
origin = "simulated"
licence = "CC0-1.0"

[[sensor]]
name = "my-vv"
kind = "radar"
stream = "my-vv"
unit = "dB"
quantum = 0.01
valid = [-40, 20]
resolution_m = 10
revisit_days = 12
spread = 0.5
shift = 3.0
"""


def write_area(folder: Path, side: int) -> Path:
    """Write settings and rasters; each loud look clears some more squares for good."""
    (folder / "vv").mkdir()
    text = SETTINGS.format(south=8_600_000 - 10 * side, east=300_000 + 10 * side, start=iso_day(START))
    (folder / "dosel.toml").write_text(text, encoding="utf-8")
    rng = np.random.default_rng(1)
    level = rng.normal(-8.0, 0.5, (side, side)).astype(np.float32)
    squares = int(SHARE * side * side / CLEARING_PX**2)
    for number in range(-HISTORY, QUIET + LOUD):
        if number >= QUIET:
            for row, col in rng.integers(0, side - CLEARING_PX, (squares, 2)):
                level[row : row + CLEARING_PX, col : col + CLEARING_PX] = -13.0
        values = level + rng.normal(0.0, 0.5, level.shape).astype(np.float32)
        write_raster(folder / "vv" / f"{iso_day(START + number * EVERY_DAYS)}-vv.tif", values)
    return folder


def write_raster(path: Path, values: np.ndarray) -> None:
    """Write a look in dB, tiled and deflated as providers do."""
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:32719", "nodata": -9999.0}
    place = Affine(10, 0, 300_000, 0, -10, 8_600_000)
    coding = {"tiled": True, "compress": "deflate", "blockxsize": 512, "blockysize": 512}
    shape = {"height": values.shape[0], "width": values.shape[1]}
    with rasterio.open(path, "w", transform=place, **profile, **coding, **shape) as file:
        file.write(values, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=2048)
    side = parser.parse_args().side
    with tempfile.TemporaryDirectory() as name:
        folder = write_area(Path(name), side)
        with open_centre(folder) as centre:
            watch(centre, until=iso_day(START + EVERY_DAYS * QUIET - 1))
            summary = watch(centre)
            rows = len(centre.store.select("alert_looks", columns=["alert_id"]))
    total = sum(summary.seconds[stage] for stage in STAGES)
    looks, born = summary.used, summary.events["NEW"]
    print(f"\nStages of a look of {side} x {side} pixels, one band, {SHARE:.2%} newly changed each [S]")
    print(f"{looks} looks, {born} alerts born, {rows} rows of alert_looks")
    for stage in STAGES:
        seconds = summary.seconds[stage]
        print(f"{stage:>12} {seconds / looks:8.2f} s a look {seconds / total:6.1%}")


if __name__ == "__main__":
    main()
