"""Reference layers of Peru (R): what a centre reads, keeps and loads, and how long it takes.

    python -m benchmarks.bench_layers

Times are processor seconds, medians of three rounds with extremes; sizes are those of the file.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from dosel.model.geodesy import areas_ha
from dosel.pipeline.reference.layer_add import Added, add_layers, ready_definitions
from dosel.pipeline.reference.layers import load_layers
from dosel.store import open_store

ROUNDS = 3


def main(data: Path | None = None) -> None:
    """Print the layers and the times."""
    folder = data or Path(os.environ.get("DOSEL_SHARED_DATA", "../shared/data")) / "context"
    if not folder.is_dir():
        print(f"the layers of Peru are not here ({folder}); DOSEL_SHARED_DATA names the folder above")
        return
    rounds = [_round(folder) for _ in range(ROUNDS)]
    _print_layers(rounds[0][0])
    print("\n| step | processor seconds |\n|---|---|")
    for step in rounds[0][1]:
        times = [one[1][step] for one in rounds]
        print(f"| {step} | {statistics.median(times):.1f} [{min(times):.1f}-{max(times):.1f}] |")


def _round(folder: Path) -> tuple[list[Added], dict[str, float]]:
    with tempfile.TemporaryDirectory() as place:
        store = open_store(Path(place) / "centre.gpkg")
        definitions, times = ready_definitions("peru"), {}
        started = time.process_time()
        added = add_layers(store, definitions, folder)
        times["add all layers to a new centre"] = time.process_time() - started
        started = time.process_time()
        add_layers(store, definitions, folder)
        times["add them again: nothing changed"] = time.process_time() - started
        started = time.process_time()
        layers = load_layers(store)
        times["load all of them into memory"] = time.process_time() - started
        corridor = next(one for one in layers if one.name == "mining-corridor")
        units = sum(len(one.units) for one in layers)
        store.close()
        size = (Path(place) / "centre.gpkg").stat().st_size / 1e6
        print(f"{units:,} units, {size:.0f} MB, corridor {areas_ha(corridor.units.geometry)[0]:,.0f} ha")
    return added, times


def _print_layers(added: list[Added]) -> None:
    print("\n| layer | units | said of them |\n|---|---|---|")
    for one in added:
        kinds = [problem.kind for problem in one.problems]
        said = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        print(f"| {one.name} | {one.units:,} | {said or one.outcome} |")


if __name__ == "__main__":
    main()
