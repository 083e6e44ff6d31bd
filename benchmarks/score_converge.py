"""Do activities converge? Level and power on worlds with a known answer (S), real feeds (R).

``python -m benchmarks.score_converge [CONTEXT] [--plot-dir DIR]``; CONTEXT is the folder of layers and
alerts of others.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.context.converge.chance import binomial_cdf, monte_carlo
from dosel.context.converge.events import Events
from dosel.context.converge.near import Index
from dosel.context.converge.nodes import meetings_of
from dosel.context.converge.place import Strata
from dosel.context.converge.table import Asked, Pair, pairs_of
from dosel.testing.worlds.activities import ActivitySpec, make_activities, road_distance

Floats = NDArray[np.float64]
WITHIN_M, DAYS = 2000.0, 30
FROM_ROAD_M = (500.0, 1000.0, 2000.0, 4000.0, 8000.0)
NAIVE = ("torus shift", "labels", "points moved alone", "Knox")
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class WorldKind:
    """A row of the table."""

    name: str
    spec: ActivitySpec
    layer: bool = False
    """Whether the test is given the roads."""


BASE = ActivitySpec()
INDEPENDENT = (
    WorldKind("broad roads (6 km)", replace(BASE, road_m=6000.0)),
    WorldKind("roads (2 km)", BASE),
    WorldKind("roads (2 km), no hot spots of its own", replace(BASE, own_spread=0.0)),
    WorldKind("narrow strong roads (0.5 km)", replace(BASE, road_m=500.0, road_pull=3.0)),
    WorldKind("the same, roads given as a layer", replace(BASE, road_m=500.0, road_pull=3.0), layer=True),
    WorldKind("no season, no advance, no clouds", replace(BASE, season=False, advance=False, clouds=False)),
)
SEEKING = (0.05, 0.1, 0.2, 0.3, 0.5)


def naive(events: Events, draws: int, seed: int) -> dict[str, float]:
    """Return p-values of four usual tests that forget part of what must be kept."""
    one, other = events.of("one"), events.of("other")
    index, rng = Index.of(one.x_m, one.y_m, WITHIN_M), np.random.default_rng(seed)
    side = BASE.side_m

    def near(x: Floats, y: Floats) -> int:
        return int(index.rings(x, y, WITHIN_M, 1).sum())

    seen = near(other.x_m, other.y_m)
    shifts = rng.random((draws, 2)) * side
    moved = [near((other.x_m + dx) % side, (other.y_m + dy) % side) for dx, dy in shifts]
    jitter = [near(*rng.normal((other.x_m, other.y_m), 4 * WITHIN_M)) for _ in range(draws)]
    return {
        "torus shift": monte_carlo(seen, moved).p,
        "labels": _labels(events, draws, rng),
        "points moved alone": monte_carlo(seen, jitter).p,
        "Knox": _knox(one, other, index, draws, rng),
    }


def _labels(events: Events, draws: int, rng: np.random.Generator) -> float:
    index = Index.of(events.x_m, events.y_m, WITHIN_M)
    first, second = index.pairs(events.x_m, events.y_m, WITHIN_M)

    def mixed(code: NDArray[np.int64]) -> int:
        return int((code[first] < code[second]).sum())

    return monte_carlo(mixed(events.code), [mixed(rng.permutation(events.code)) for _ in range(draws)]).p


def _knox(one: Events, other: Events, index: Index, draws: int, rng: np.random.Generator) -> float:
    mine, theirs = index.pairs(other.x_m, other.y_m, WITHIN_M)

    def close(day: NDArray[np.int64]) -> int:
        return int((np.abs(day[mine] - one.day[theirs]) <= DAYS).sum())

    return monte_carlo(close(other.day), [close(rng.permutation(other.day)) for _ in range(draws)]).p


def strata_of(spec: ActivitySpec) -> Strata:
    """Return the class of distance to the roads of a world."""
    return lambda x, y: np.searchsorted(FROM_ROAD_M, road_distance(spec, x, y))


@dataclass(slots=True)
class Tally:
    """What many worlds of a kind gave."""

    worlds: int = 0
    rejected: dict[str, int] | None = None
    ratios: dict[str, list[float]] | None = None
    covered: dict[str, int] | None = None
    nodes: int = 0


def measure(kind: WorldKind, worlds: int, draws: int, with_naive: bool) -> Tally:
    """Return how often each test rejects on worlds of one kind."""
    tally = Tally(worlds, {}, {}, {})
    for seed in range(1, worlds + 1):
        spec = replace(kind.spec, seed=seed)
        events = make_activities(spec)
        pairs = pairs_of(events, Asked(draws=draws), strata_of(spec) if kind.layer else None)
        tally.nodes += any(meeting.found for meeting in meetings_of(pairs))
        for pair in pairs:
            _add(tally, pair)
        if with_naive:
            for name, p in naive(events, draws, seed).items():
                tally.rejected[name] = tally.rejected.get(name, 0) + (p <= ALPHA)
    return tally


def _add(tally: Tally, pair: Pair) -> None:
    name = pair.question.value
    assert pair.tail is not None
    assert pair.ratio is not None
    tally.rejected[name] = tally.rejected.get(name, 0) + (pair.tail.p <= ALPHA)
    tally.ratios.setdefault(name, []).append(pair.ratio.ratio)
    tally.covered[name] = tally.covered.get(name, 0) + (pair.ratio.low <= 1 <= pair.ratio.high)


def print_level(worlds: int, draws: int) -> list[tuple[str, Tally]]:
    """Print how often independent activities are called convergent."""
    most = next(k for k in range(worlds + 1) if binomial_cdf(k, worlds, ALPHA) >= 0.975)
    print(
        f"Level (proof S): share of {worlds} worlds, whose activities ignore each other, with p <= {ALPHA:g}"
    )
    print(
        f"({draws} draws; a test that holds its level stays at or below {most / worlds:.3f} in 39 of 40 "
        f"tables)\n"
    )
    print(f"| world | place | moment | {' | '.join(NAIVE)} | interval holds 1: place, moment | any node |")
    print("|---" * (5 + len(NAIVE)) + "|")
    rows = []
    for kind in INDEPENDENT:
        tally = measure(kind, worlds, draws, not kind.layer)
        rows.append((kind.name, tally))
        shares = [f"{tally.rejected[name] / worlds:.3f}" for name in ("place", "moment")]
        shares += [f"{tally.rejected[name] / worlds:.2f}" if name in tally.rejected else "" for name in NAIVE]
        held = ", ".join(f"{tally.covered[name] / worlds:.2f}" for name in ("place", "moment"))
        print(f"| {kind.name} | {' | '.join(shares)} | {held} | {tally.nodes / worlds:.2f} |", flush=True)
    return rows


def print_power(worlds: int, draws: int) -> list[tuple[float, Tally]]:
    """Print how often planted attraction is found."""
    print(
        f"\nPower (proof S): share of {worlds} worlds, roads of 2 km, in which attraction is found at "
        f"{ALPHA:g}\n"
    )
    print(
        "| share that seeks | place | moment | ratio place | ratio moment | any node "
        "|\n|---|---|---|---|---|---|"
    )
    rows = []
    for share in SEEKING:
        tally = measure(WorldKind("", replace(BASE, seeking=share)), worlds, draws, False)
        rows.append((share, tally))
        found = [f"{tally.rejected[name] / worlds:.2f}" for name in ("place", "moment")]
        ratios = [f"{np.median(tally.ratios[name]):.2f}" for name in ("place", "moment")]
        print(f"| {share:g} | {' | '.join(found + ratios)} | {tally.nodes / worlds:.2f} |", flush=True)
    return rows


def print_speed(draws: int) -> None:
    """Print how long 40,000 events take."""
    spec = replace(BASE, events=(36_000, 4_000), side_m=480_000.0, edge_m=100_000.0, seed=9)
    events = make_activities(spec)
    pairs_of(events.take(np.arange(0, len(events), 50)), Asked(draws=19))
    began = time.perf_counter()
    pairs_of(events, Asked(draws=draws))
    took = time.perf_counter() - began
    print(
        f"\nSpeed (proof S): {len(events):,} events, both questions, {draws} draws: {took:.0f} s on one core"
    )


def draw(level: list[tuple[str, Tally]], power: list[tuple[float, Tally]], path: Path) -> None:
    """Draw level and power."""
    from benchmarks.figures import BLUE, GREY, ORANGE, plt, save

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6), width_ratios=[1.6, 1])
    rows = np.arange(len(level))
    for offset, (name, colour) in enumerate(
        (("place", BLUE), ("moment", ORANGE), ("torus shift", GREY), ("Knox", "#CCCCCC"))
    ):
        shares = [tally.rejected.get(name, 0) / tally.worlds for _, tally in level]
        left.barh(rows + 0.2 * offset - 0.3, shares, 0.2, color=colour, label=name)
    left.axvline(ALPHA, color="black", lw=0.8, ls=":")
    left.set_yticks(rows, [name for name, _ in level], fontsize=7)
    left.invert_yaxis()
    left.set_xlabel("false positives at 0.05")
    left.legend(fontsize=7)
    for name, colour in (("place", BLUE), ("moment", ORANGE)):
        shares = [tally.rejected[name] / tally.worlds for _, tally in power]
        right.plot([share for share, _ in power], shares, "o-", color=colour, label=name)
    right.set(xlabel="share of events that seek", ylabel="found at 0.05", ylim=(0, 1.03))
    right.legend(fontsize=8)
    figure.suptitle("S: simulated activities on a frontier", fontsize=9)
    save(figure, path)


def parts(context: Path | None, plots: Path | None) -> Iterator[Callable[[], None]]:
    """Yield what is measured on real feeds."""
    if context is not None:
        from benchmarks import converge_real

        yield lambda: converge_real.run(context, plots)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("context", type=Path, nargs="?", help="folder of layers and alerts of others")
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--draws", type=int, default=199)
    parser.add_argument("--plot-dir", type=Path)
    given = parser.parse_args(arguments)
    level = print_level(given.worlds, given.draws)
    power = print_power(given.worlds // 2, given.draws)
    print_speed(999)
    if given.plot_dir is not None:
        draw(level, power, given.plot_dir / "converge.png")
    for part in parts(given.context, given.plot_dir):
        part()
    return 0


if __name__ == "__main__":
    sys.exit(main())
