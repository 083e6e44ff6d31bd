"""Watch a Landsat NDVI cube of 67 months with its real gaps: python -m benchmarks.score_ndvi_cube DATA.

DATA is the folder with landsat8_ndvi_monthly_250m.nc (south-western Brazilian Amazon; proof O). The ordinary
``dosel watch`` runs over the NetCDF as a folder source, with the default mask: what looks like forest in the
baseline. The first three years are history, 31 months are watched. Nothing is scored: the cube has no label.
What came out is reported, and what cannot be judged is named. ``--plot-dir DIR`` draws the map.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from netCDF4 import Dataset
from numpy.typing import NDArray

from dosel.alerts.runs import decode
from dosel.catalog.ledger import refused_list
from dosel.model.codes import AlertStatus, Watch
from dosel.model.grid import Tile
from dosel.model.time import day_of, iso_day
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.spine.reading import HALO_PX
from dosel.pipeline.spine.summary import WatchSummary
from dosel.pipeline.spine.watch import watch
from dosel.pipeline.spine.watched import watched_codes
from dosel.store.interface import Row

SETTINGS = """
[centre]
name = "ndvi-cube"
[area]
name = "ndvi-cube"
crs = "EPSG:3857"
resolution_m = 250
anchor = [-7370182, -993877]
bounds_m = {bounds}
tile_px = 256
[mask]
kind = "baseline"
[monitor]
start = 2017-06-01
history_days = 1096
[alerts]
min_area_ha = 6
[[source]]
name = "ndvi"
kind = "folder"
path = "{data}"
sensor = "landsat-ndvi-month"
pattern = "*_250m.nc"
origin = "USGS Landsat 8; tnier01"
licence = "MIT"
[[sensor]]
name = "landsat-ndvi-month"
stream = "ndvi"
unit = "1"
quantum = 0.0001
valid = [-1, 1]
resolution_m = 250
revisit_days = 31
spread = 0.06
shift = 0.3
"""
WHOLE = (-7370182, -1096877, -7235182, -993877)
"""Left, bottom, right, top of the cube in metres."""
PIXEL_HA = 6.09
"""Area of a pixel: 250 m in Web Mercator are 247 m here."""
HIGH, LOW = 0.8, 0.55
"""The drop that the cube's notes count: above HIGH from June to September 2018, below LOW a year later."""
CANNOT = (
    "Cannot be judged: omission, commission and delay (the cube has no label; PRODES was not stored with "
    "it). Looks are monthly medians dated the first of the month, so a date is good to a month at best. A "
    "pixel has 6.1 ha: smaller clearings show as mixed pixels, and fire, drought or pasture look alike."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a watch left behind, on the cube's grid."""

    summary: WatchSummary
    refused: dict[str, int]
    """Looks that were refused, those of the history among them, by reason."""
    thresholds: tuple[float, float]
    """h1 and h2 in nats, as the budget and the history set them."""
    alerts: list[Row]
    """Alerts that were not merged into another."""
    codes: NDArray[np.uint8]
    """(y, x) Watch codes."""
    began: NDArray[np.int64]
    """(y, x) UTC day of the onset of the standing alert there, 0 without one."""


def run(data: Path, folder: Path, bounds: tuple[int, int, int, int] = WHOLE) -> Found:
    """Watch the cube, or a part of it, in a fresh centre in `folder`."""
    (folder / "dosel.toml").write_text(SETTINGS.format(data=data, bounds=list(bounds)), encoding="utf-8")
    with open_centre(folder) as centre:
        summary = watch(centre)
        refused = dict(Counter(one.refusal.legend for one in refused_list(centre.store)))
        nats = json.loads(centre.meta()["calibration"])["thresholds"]
        alerts = centre.store.select("alerts", {"superseded": 0}, order_by=("window_end", "id"))
        limits = (nats["h1"], nats["h2"])
        return Found(summary, refused, limits, alerts, _codes(centre), _began(centre, alerts))


def _place(centre: Centre) -> Iterator[tuple[Tile, tuple[slice, slice]]]:
    """Yield the tiles with their place in an array over the whole grid."""
    col0, row0 = centre.grid.window[:2]
    for tile in centre.tiles:
        top, left = tile.row - row0, tile.col - col0
        yield tile, (slice(top, top + tile.shape[0]), slice(left, left + tile.shape[1]))


def _whole(centre: Centre, dtype: type) -> NDArray[np.generic]:
    col0, row0, col1, row1 = centre.grid.window
    return np.zeros((row1 - row0, col1 - col0), dtype)


def _codes(centre: Centre) -> NDArray[np.uint8]:
    codes = _whole(centre, np.uint8)
    for tile, place in _place(centre):
        codes[place] = watched_codes(centre, tile)[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX]
    return codes


def _began(centre: Centre, alerts: list[Row]) -> NDArray[np.int64]:
    col0, row0 = centre.grid.window[:2]
    began = _whole(centre, np.int64)
    for row in alerts:
        if row["status"] in (AlertStatus.CONFIRMED, AlertStatus.CLOSED):
            for line, start, stop in decode(row["runs"]):
                began[line - row0, start - col0 : stop - col0] = row["onset"]
    return began


def dropped(data: Path) -> NDArray[np.bool_]:
    """Return the pixels whose dry-season NDVI fell as in the cube's notes; no label, an arithmetic of it."""
    with Dataset(str(next(data.glob("*_250m.nc")))) as cube:
        ndvi = cube["ndvi"][:].filled(np.nan)
        days = day_of("2014-06-01") + np.asarray(cube["time"][:])
    seasons = []
    for year in (2018, 2019):
        inside = (days >= day_of(f"{year}-06-01")) & (days <= day_of(f"{year}-09-30"))
        seen = np.isfinite(ndvi[inside])
        total = np.where(seen, ndvi[inside], 0).sum(axis=0)
        seasons.append(total / np.maximum(seen.sum(axis=0), 1))
    return np.asarray((seasons[0] > HIGH) & (seasons[1] < LOW) & seen.any(axis=0))


def monthly(found: Found) -> list[str]:
    """Return alerts that stand by the half-year of their onset, with their area."""
    rows = [row for row in found.alerts if row["status"] in (AlertStatus.CONFIRMED, AlertStatus.CLOSED)]
    area: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for row in rows:
        day = iso_day(row["onset"])
        half = f"{day[:4]}-{'H1' if day[5:7] <= '06' else 'H2'}"
        area[half] += row["area_ha"]
        count[half] += 1
    return [f"| {half} | {count[half]} | {area[half]:,.0f} |" for half in sorted(count)]


def report(found: Found, fell: NDArray[np.bool_]) -> str:
    """Return all figures as text."""
    summary, watched = found.summary, found.codes == Watch.WATCHED
    known = found.codes != Watch.NO_BASELINE
    refused = "; ".join(f"{count} x {reason}" for reason, count in found.refused.items()) or "none"
    statuses = Counter(AlertStatus(row["status"]).name.lower() for row in found.alerts)
    stand = [row for row in found.alerts if row["status"] in (AlertStatus.CONFIRMED, AlertStatus.CLOSED)]
    sizes = np.array([row["area_ha"] for row in stand]) if stand else np.zeros(1)
    marked, both = found.began > 0, fell & watched
    return "\n".join(
        [
            f"Landsat NDVI cube (O), {watched.shape[0]} x {watched.shape[1]} pixels of 250 m",
            f"looks: {summary.history} learnt from, {summary.used} folded, refused: {refused}",
            "h1 {:g} and h2 {:g} nats, from the default false-alarm budget".format(*found.thresholds),
            f"pixels with a baseline {known.mean():.3f}, watched as forest {watched.mean():.3f} "
            f"({watched.sum() * PIXEL_HA / 1000:,.0f} thousand ha)",
            "alerts: " + ", ".join(f"{count} {name}" for name, count in sorted(statuses.items())),
            f"confirmed or closed: {len(stand)}, {sizes.sum():,.0f} ha, median {np.median(sizes):.0f} ha, "
            f"largest {sizes.max():,.0f} ha; {marked[watched].mean():.4f} of the watched pixels",
            f"dry-season NDVI above {HIGH} in 2018 and below {LOW} in 2019: {both.sum()} watched pixels, "
            f"{marked[both].mean():.3f} of them in such an alert",
            "",
            "| onset | alerts | ha |",
            "|---|---|---|",
            *monthly(found),
            "",
            CANNOT,
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """Run and report; draw the map where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder with landsat8_ndvi_monthly_250m.nc")
    parser.add_argument("--plot-dir", type=Path)
    options = parser.parse_args(arguments)
    data = options.data.resolve()
    with tempfile.TemporaryDirectory() as folder:
        found = run(data, Path(folder))
    print(report(found, dropped(data)))
    if options.plot_dir:
        from benchmarks.real_plots import draw_ndvi

        draw_ndvi(found, options.plot_dir / "ndvi-cube.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
