"""The map of docs/blindspots.md and the rates of the questions to feeds.

``python -m benchmarks.blindspots [--plot FILE] [--alerts MAPBIOMAS.parquet]``. The map is simulated (S): a
region of 60 x 60 km, one radar whose swath misses a strip, one optical sensor under moving cloud. Rates are
drawn on healthy invented feeds (S), and counted on the months of a real one (R).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from benchmarks.figures import plt, save
from numpy.typing import NDArray

from dosel.context.blindspot import NEVER, Blindness, Cells, Detector, Eye, Sighting, look_back
from dosel.context.feeds.alarm import Profile
from dosel.context.feeds.numbers import judge
from dosel.context.unseen import seen_of_all
from dosel.model.time import day_of
from dosel.monitor.detectability import AGES_DAYS, Watching
from dosel.monitor.scalars import Thresholds
from dosel.monitor.streams import point_stream
from dosel.pipeline.feeds.feed_profiles import month_profiles
from dosel.testing.worlds.noise import rng_of, smooth_field

SIDE = 60
AS_OF = 20_000
DAYS = 30
RADAR, OPTICAL = "radar", "optical"
Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]
HEALTHY: dict[str, tuple[str, Draw]] = {
    "counts, steady": ("rows", lambda rng, n: rng.poisson(40, n).astype(float)),
    "counts, bursts": ("rows", lambda rng, n: rng.negative_binomial(2, 0.02, n).astype(float)),
    "valid share, cloudy": ("share:valid", lambda rng, n: rng.beta(0.4, 0.6, n)),
    "areas, log-normal": ("area:median", lambda rng, n: np.exp(rng.normal(1.0, 0.5, n))),
    "level, Student 3": ("level:vh", lambda rng, n: 45.0 * rng.standard_t(3, n)),
}
BROKEN: dict[str, Callable[[float], float]] = {
    "counts, steady": lambda value: value / 5,
    "counts, bursts": lambda value: value / 5,
    "valid share, cloudy": lambda _value: 0.0,
    "areas, log-normal": lambda value: value * 10,
    "level, Student 3": lambda value: value - 400,
}


def main() -> None:
    """Print the tables; draw the map where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--alerts", type=Path, help="MapBiomas alerts with detected_at, area_ha, department")
    asked = parser.parse_args()
    blind = region()
    whole = seen_of_all(blind, "region", float(blind.cells.ha.sum()))
    for name, sight in whole.by.items():
        why = ", ".join(f"{code.name.lower()} {share:.3f}" for code, share in sight.why.items())
        print(f"{name:8} unseen for over {DAYS} days {sight.unseen:.3f} ({why}); found {sight.found:.3f}")
    if asked.plot:
        draw(blind, asked.plot)
    invented()
    if asked.alerts:
        real(asked.alerts)


def region() -> Blindness:
    """Return what a simulated region saw in 120 days."""
    ground = Cells(outlines(), np.full(SIDE * SIDE, 100.0), np.ones(SIDE * SIDE))
    model = Watching((point_stream("sentinel-1-vh-stabilised").model,), 0.0)
    eyes = (Eye(RADAR, "radar", model), Eye(OPTICAL, "optical", model))
    col = np.tile(np.arange(SIDE), SIDE)
    swath = col >= 12
    looks = [
        Sighting(day, RADAR, np.where(swath, 0.99, 0.0), 1.0, swath) for day in range(AS_OF - 117, AS_OF, 12)
    ]
    for number, day in enumerate(range(AS_OF - 118, AS_OF, 5)):
        field = smooth_field(rng_of(11, "cloud", number), (SIDE, SIDE), 14.0)
        cover = 0.55 + 0.4 * np.cos(2 * np.pi * (AS_OF - day) / 120)
        clear = np.clip(0.5 - (field - np.quantile(field, 1 - cover)) * 2, 0, 1).ravel()
        looks.append(Sighting(day, OPTICAL, clear, 1.0, np.ones(SIDE * SIDE, bool)))
    looks.sort(key=lambda one: one.day)
    detector = Detector(Thresholds(4.0, 6.0), 0.01, 25)
    return look_back(ground, eyes, looks, as_of=AS_OF, days=DAYS, detector=detector)


def outlines() -> NDArray[np.object_]:
    """Return cells of a hundredth of a degree, row by row."""
    row, col = np.divmod(np.arange(SIDE * SIDE), SIDE)
    return shapely.box(-70 + 0.01 * col, -12 - 0.01 * (row + 1), -69.99 + 0.01 * col, -12 - 0.01 * row)


def draw(blind: Blindness, path: Path) -> None:
    """Draw days since last seen by each and by both, and the smallest clearing found."""
    figure, axes = plt.subplots(1, 4, figsize=(12, 3.2))
    views = {**blind.views, "both": blind.together}
    for axis, (name, view) in zip(axes, views.items(), strict=False):
        days = np.where(view.last == NEVER, np.nan, blind.as_of - view.last)
        shown = axis.imshow(days.reshape(SIDE, SIDE), vmin=0, vmax=60, cmap="cividis_r")
        axis.set_title(f"{name}: days since last seen", fontsize=8)
        figure.colorbar(shown, ax=axis, shrink=0.6)
    found = blind.together.found_ha[:, AGES_DAYS.index(24)]
    drawn = np.where(np.isfinite(found), found, np.nan).reshape(SIDE, SIDE)
    last = axes[3].imshow(np.log10(drawn), vmin=-1, vmax=1, cmap="cividis_r")
    axes[3].set_title("both: log10 ha found, 24 days old", fontsize=8)
    figure.colorbar(last, ax=axes[3], shrink=0.6)
    for axis in axes:
        axis.set_facecolor("#D55E00")
        axis.set_xticks([])
        axis.set_yticks([])
    figure.suptitle("Simulated region of 60 x 60 km (S); never seen, or nothing found, is red", fontsize=9)
    save(figure, path)


def invented() -> None:
    """Print how often healthy numbers stand out, and broken ones."""
    print("| healthy feed (S) | stands out | when broken |")
    print("|---|---|---|")
    for name, (key, sample) in HEALTHY.items():
        rng = np.random.default_rng(20)
        wrong, found, asked = 0, 0, 4000
        for _ in range(asked):
            values = sample(rng, 25)
            wrong += stands_out(values, key)
            found += stands_out(np.append(values[:-1], BROKEN[name](float(values[-1]))), key)
        print(f"| {name} | {wrong / asked:.4f} | {found / asked:.2f} |")


def stands_out(values: NDArray[np.float64], key: str) -> bool:
    """Return whether the last of some numbers, twelve days apart, stands out."""
    told = [Profile("f", 12 * n, {}, {key: float(value)}) for n, value in enumerate(values)]
    one = judge(told, key)
    return one is not None and one.stands_out


def real(path: Path) -> None:
    """Print how often months of a real feed stand out, by department with at least 20 alerts a month."""
    table = gpd.read_parquet(path, columns=["detected_at", "area_ha", "department", "geometry"])
    table["day"] = [day_of(str(one)[:10]) for one in table["detected_at"]]
    print("| months of MapBiomas Alerta Peru (R) | judged | stand out |")
    print("|---|---|---|")
    counts: dict[str, list[int]] = {}
    for _, own in [("all", table), *table.groupby("department")]:
        if len(own) < 20 * 48:
            continue
        rows = [
            {"window_end": day, "area_ha": area, "confidence": None}
            for day, area in zip(own["day"], own["area_ha"], strict=True)
        ]
        months = month_profiles("f", rows, int(own["day"].max()))
        for name in ("rows", "area:median", "area:p90"):
            judged = [
                judge(months[:k], name) for k in range(2, len(months) + 1) if name in months[k - 1].statistics
            ]
            known = [one for one in judged if one is not None]
            sums = counts.setdefault(name, [0, 0])
            sums[0] += len(known)
            sums[1] += sum(one.stands_out for one in known)
    for name, (asked, wrong) in counts.items():
        print(f"| {name} | {asked} | {wrong} ({wrong / asked:.3f}) |")


if __name__ == "__main__":
    main()
