"""The store's two databases, one against the other: upserts and queries by box of simulated alerts (S).

Rows of both are interleaved within one run; the server is a private one on the same machine, heard on a
socket, with fsync on as in real use. Ratios below 1 mean that the server is faster.

    python -m benchmarks.bench_store [--alerts 100000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dosel.store import Row, Store, open_store
from dosel.testing.contracts import alert_row
from dosel.testing.postgres import make_server, remove_server

RNG = np.random.default_rng(20_260_101)
WEST, SOUTH, SIDE = -75.0, -15.0, 10.0
BOXES = 500


def rows(count: int) -> list[Row]:
    corners = RNG.uniform((WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (count, 2))
    return [alert_row(f"alert-{i:06d}", x, y) for i, (x, y) in enumerate(corners)]


def upsert(store: Store, batch: list[Row]) -> None:
    with store.transaction():
        store.upsert("alerts", batch)


def upsert_anew(store: Store, batch: list[Row]) -> None:
    """Upsert over an empty table; emptying it is part of the transaction on both sides."""
    with store.transaction():
        store.delete("alerts", {"superseded": 0})
        store.upsert("alerts", batch)


def ask(store: Store, side: float) -> int:
    """Ask for boxes of `side` degrees; return how many rows came."""
    rng = np.random.default_rng(7)
    corners = rng.uniform((WEST, SOUTH), (WEST + SIDE - side, SOUTH + SIDE - side), (BOXES, 2))
    boxes = [(float(x), float(y), float(x) + side, float(y) + side) for x, y in corners]
    return sum(len(store.select("alerts", bbox=box, columns=["id"])) for box in boxes)


def one_by_one(store: Store, batch: list[Row]) -> None:
    for row in batch:
        upsert(store, [row])


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure(stores: tuple[Store, Store], batch: list[Row], rounds: int) -> None:
    later = [row | {"evidence": row["evidence"] + 1} for row in batch]
    actions: dict[str, Callable[[Store], object]] = {
        f"upsert of {len(batch):,} alerts over an empty table": lambda store: upsert_anew(store, batch),
        f"upsert of {len(batch):,} known ones, one transaction": lambda store: upsert(store, later),
        "200 transactions of one alert": lambda store: one_by_one(store, later[:200]),
        f"{BOXES} boxes of 0.05 degrees": lambda store: ask(store, 0.05),
        f"{BOXES} boxes of 0.5 degrees": lambda store: ask(store, 0.5),
        "all alerts, every column": lambda store: store.select("alerts"),
    }
    assert len({ask(store, 0.5) for store in stores}) == 1
    print("| row | file, s | server, s | server to file |\n|---|---|---|---|")
    for name, action in actions.items():
        times = [[seconds(lambda a=action, s=s: a(s)) for s in stores] for _ in range(rounds)]
        file, server = (statistics.median(t[i] for t in times) for i in (0, 1))
        ratios = sorted(t[1] / t[0] for t in times)
        spread = f"[{ratios[0]:.2f}-{ratios[-1]:.2f}]"
        print(
            f"| {name} | {file:.2f} | {server:.2f} | {statistics.median(ratios):.2f} {spread} |", flush=True
        )
        if "empty" in name:
            assert len({ask(store, 0.5) for store in stores}) == 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    server = make_server()
    try:
        server.stop()
        server.start_again(fsync="on", autovacuum="on", shared_buffers="256MB")
        with tempfile.TemporaryDirectory() as folder:
            stores = open_store(Path(folder) / "centre.gpkg"), open_store(server.place())
            measure(stores, rows(told.alerts), told.rounds)
            for store in stores:
                store.close()
    finally:
        remove_server(server)


if __name__ == "__main__":
    main()
