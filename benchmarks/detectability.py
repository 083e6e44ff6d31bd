"""How small a clearing is found how soon: python -m benchmarks.detectability [POINTS].

On simulated worlds (proof S), and with POINTS, the folder with points.csv and series.csv.gz, on worlds
whose VH noise is replayed from real stable forest (simulated clearings in real noise: still proof S).
Thresholds come from worlds without change, the achieved false-alarm rate from other such worlds, the
probability of detection from a third kind, with clearings of 0.1 to 5 ha on a lattice.
``--plot FILE`` draws the table.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.detect_chain import Seen, Sensing, Trail, alerted, false_curve, run_world

from dosel.alerts.budget import Curve, FalseAlarms, at_threshold, lowest_threshold
from dosel.alerts.confirm import AlertRules
from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.monitor.series import read_series
from dosel.testing.worlds import (
    Event,
    Resampling,
    ResidualBank,
    World,
    WorldSpec,
    clearing,
    make_bank,
    make_world,
    plain_forest,
)

AREAS_HA = (0.1, 0.25, 0.5, 1.0, 5.0)
WITHIN_DAYS = (12, 24, 48, 96)
SPACING_PX = 44
RADAR = Sensing("radar", ("vv", "vh"), ())
OPTICAL = Sensing("optical", (), ("nbr", "ndvi"))
BOTH = Sensing("both", ("vv", "vh"), ("nbr", "ndvi"))
REAL = Sensing("radar VH", ("vh",), ())
HEAD = (
    "Detectability, simulated (proof S): probability that a clearing lies under an alert of at least "
    "{min_area} ha within so many days of its first tree, at thresholds for {budget:.0f} false ha per "
    "million ha and year; then the rate achieved in other worlds, with its 95 % upper bound."
)

WorldMaker = Callable[[int, bool], World]
"""Makes a world of a seed, with clearings or without change."""

Found = dict[tuple[float, int], tuple[int, int]]
"""(area_ha, days) to (found, clearings)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row group of the table."""

    name: str
    threshold_nats: float
    found: Found
    false: FalseAlarms
    """Achieved in worlds that had no part in choosing the threshold."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to simulate."""

    side: int
    calibration: int
    test: int
    clearings: int
    budget: float
    min_area_ha: float


def lattice(spec: WorldSpec) -> list[Event]:
    """Return clearings of every area in turn, on a lattice, 5 to 45 days after the start of the watch."""
    events = []
    rng = np.random.default_rng([spec.seed, 77])
    for row in range(SPACING_PX // 2, spec.shape[0] - SPACING_PX // 3, SPACING_PX):
        for col in range(SPACING_PX // 2, spec.shape[1] - SPACING_PX // 3, SPACING_PX):
            number = len(events) + 1
            area = AREAS_HA[(number + spec.seed) % len(AREAS_HA)]
            day = spec.monitor_start + 5 + int(rng.integers(40))
            events.append(clearing(spec, number, (row, col), area, day))
    return events


def simulated(plan: Plan) -> WorldMaker:
    """Return the maker of simulated worlds; each begins in another month."""

    def make(seed: int, cleared: bool) -> World:
        spec = plain_forest(WorldSpec(seed=seed, shape=(plan.side, plan.side)))
        spec = replace(spec, start=spec.start + 37 * seed % 365)
        if cleared:
            return make_world(spec, lattice(spec))
        return make_world(replace(spec, moisture_dips_ha=(20.0, 10.0), leaf_off_ha=(15.0,)))

    return make


def replayed(plan: Plan, banks: tuple[ResidualBank, ResidualBank], patch_px: int) -> WorldMaker:
    """Return the maker of worlds with real noise; odd seeds (test) replay other cells than even ones."""

    def make(seed: int, cleared: bool) -> World:
        spec = plain_forest(WorldSpec(seed=seed, shape=(plan.side, plan.side)))
        spec = replace(spec, start=spec.start + 37 * seed % 365, history_days=560, history_stride=1)
        return make_world(spec, lattice(spec) if cleared else [], Resampling(banks[seed % 2], patch_px))

    return make


def read_banks(folder: Path) -> tuple[ResidualBank, ResidualBank]:
    """Return residuals of stable forest points, 1-degree cells dealt to two banks."""
    with (folder / "points.csv").open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file) if row["class"] == "forest"}
    series = read_series(folder / "series.csv.gz", "vh_orig_db")
    ends = np.searchsorted(series.point, np.arange(len(series.ids) + 1))
    parts: dict[int, tuple[list[np.ndarray], list[int]]] = {0: ([], []), 1: ([], [])}
    for number, name in enumerate(series.ids):
        span = slice(ends[number], ends[number + 1])
        if name in rows and ends[number + 1] - ends[number] >= 61:
            cell = math.floor(float(rows[name]["lon"])) * 181 + math.floor(float(rows[name]["lat"]))
            values, starts = parts[cell % 2]
            values.append(series.value[span])
            starts.append(int(series.day[span][0]))
    return make_bank(*parts[0]), make_bank(*parts[1])


def measure(named: dict[str, Sensing], make: WorldMaker, plan: Plan) -> list[Outcome]:
    """Set each threshold, measure the false alarms elsewhere, and look for clearings."""
    spec = make(0, False).spec
    min_px = AlertRules(plan.min_area_ha).min_pixels(spec.grid)
    mha_years = plan.side**2 * spec.pixel_ha * 1e-6 * spec.monitor_days / 365.25

    def curves(seeds: Iterable[int]) -> dict[str, Curve]:
        total = dict.fromkeys(named, Curve.empty())
        for seed in seeds:
            for name, trail in _watch(make(seed, False), named):
                total[name] += false_curve(trail, min_px, spec.pixel_ha, mha_years)
        return total

    chosen = curves(2 * k for k in range(1, plan.calibration + 1))
    nats = {name: lowest_threshold(curve, plan.budget, plan.min_area_ha) for name, curve in chosen.items()}
    other = curves(2 * k + 1 for k in range(1, plan.test + 1))
    found: dict[str, Found] = {name: {} for name in named}
    for k in range(plan.clearings):
        world = make(2 * (plan.test + k) + 101, True)
        for name, trail in _watch(world, named):
            _count(world, trail, nats[name], min_px, found[name])
    return [
        Outcome(name, nats[name], found[name], at_threshold(other[name], nats[name], plan.min_area_ha))
        for name in named
    ]


def _watch(world: World, named: dict[str, Sensing]) -> Iterator[tuple[str, Trail]]:
    seen = Seen(world)
    return ((name, run_world(seen, sensing)) for name, sensing in named.items())


def _count(
    world: World,
    trail: Trail,
    threshold: float,
    min_px: int,
    found: Found,
) -> None:
    """Add the clearings of a world to `found`; pixels alerted before a clearing began do not count for it."""
    level = round(threshold * EVIDENCE_PER_NAT)
    masks = np.stack([opened >= level for opened in alerted(trail, min_px)])
    days_seen = np.array(trail.days)
    for event in world.changes:
        alerts = masks[:, event.rows, event.cols]
        alerts &= ~alerts[days_seen < event.day].any(axis=0)
        hits = days_seen[alerts.any(axis=1)] - event.day
        for days in WITHIN_DAYS:
            key = (min(AREAS_HA, key=lambda area: abs(area - event.area_ha)), days)
            hit, all_ = found.get(key, (0, 0))
            found[key] = hit + bool(hits.size and hits[0] <= days), all_ + 1


def show(outcomes: Iterable[Outcome]) -> None:
    """Print the table."""
    print(f"{'simulated clearings':34s} {'ha':>5s}" + "".join(f"{d:>7d} d" for d in WITHIN_DAYS) + "      n")
    for outcome in outcomes:
        for number, area in enumerate(AREAS_HA):
            cells = [outcome.found[area, days] for days in WITHIN_DAYS]
            name = outcome.name if number == 0 else ""
            row = "".join(f"{hit / count:9.2f}" for hit, count in cells)
            print(f"{name:34s} {area:5.2f}{row} {cells[0][1]:6d}")
        print(
            f"{'':34s} threshold {outcome.threshold_nats:.2f} nats; simulated false alarms: "
            f"{outcome.false.groups} alerts, {outcome.false.rate:.0f} ha per Mha and year, 95 % upper bound "
            f"{outcome.false.upper:.0f} ({outcome.false.mha_years:.4f} Mha years)"
        )


def plot(outcomes: list[Outcome], file: Path) -> None:
    """Draw the probability over days, a panel for each row group."""
    from benchmarks.figures import plt, save

    figure, axes = plt.subplots(
        1, len(outcomes), figsize=(3.2 * len(outcomes), 3.4), sharey=True, squeeze=False
    )
    for axis, outcome in zip(axes[0], outcomes, strict=True):
        for area, mark in zip(AREAS_HA, "osD^v", strict=True):
            shares = [outcome.found[area, days][0] / outcome.found[area, days][1] for days in WITHIN_DAYS]
            axis.plot(WITHIN_DAYS, shares, marker=mark, ms=4, label=f"{area:g} ha")
        axis.set_title(outcome.name, fontsize=9)
        axis.set_xlabel("days after the first tree")
        axis.set_xticks(WITHIN_DAYS)
        axis.set_ylim(0, 1.02)
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel("probability found")
    axes[0][0].legend(fontsize=8)
    figure.suptitle("Detectability of simulated clearings (proof S)", fontsize=10)
    save(figure, file)


def run(plan: Plan, points: Path | None) -> list[Outcome]:
    """Return what is measured, on simulated worlds and, with the points, on worlds with real noise."""
    sensings = {sensing.name: sensing for sensing in (RADAR, OPTICAL, BOTH)}
    outcomes = measure(sensings, simulated(plan), plan)
    if points is not None:
        banks = read_banks(points)
        for name, patch_px in (("real VH noise, pixels apart", 1), ("real VH noise, 50 m patches", 5)):
            outcomes += measure({name: REAL}, replayed(plan, banks, patch_px), plan)
    return outcomes


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("points", type=Path, nargs="?", help="folder with points.csv and series.csv.gz")
    parser.add_argument("--side", type=int, default=300, help="rows and columns of a world")
    parser.add_argument("--calibration", type=int, default=4, help="worlds that set the threshold")
    parser.add_argument("--test", type=int, default=8, help="worlds that measure the false alarms")
    parser.add_argument("--clearings", type=int, default=3, help="worlds with clearings")
    parser.add_argument("--budget", type=float, default=200.0, help="false ha per million ha and year")
    parser.add_argument("--min-area-ha", type=float, default=0.1)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args(arguments)
    plan = Plan(given.side, given.calibration, given.test, given.clearings, given.budget, given.min_area_ha)
    print(HEAD.format(min_area=plan.min_area_ha, budget=plan.budget))
    outcomes = run(plan, given.points)
    show(outcomes)
    if given.plot is not None:
        plot(outcomes, given.plot)
        print(f"drawn: {given.plot}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
