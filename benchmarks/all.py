"""Every table and figure of the docs, one benchmark after the other: ``python -m benchmarks.all``.

A benchmark that needs real data is left out, with a sentence, where its folder is absent; the environment
variable DOSEL_SHARED_DATA names the folder that holds them. Figures go to docs/img.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

DATA = Path(os.environ.get("DOSEL_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
SERIES, CONTEXT = DATA / "timeseries", DATA / "context"
FIGURES = Path(__file__).parents[1] / "docs" / "img"
PLOTS = ("--plot-dir", str(FIGURES))
ALERTS = CONTEXT / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet"
ON_SERIES = {
    "score_points": "sentinel1-vh-points",
    "score_s2_points": "sentinel2-points",
    "score_bolivia": "bolivia-s1-landsat-stack",
    "score_ndvi_cube": "landsat8-ndvi-cube",
}
ON_CONTEXT = {
    "score_driver": PLOTS,
    "score_facts": (),
    "bench_facts": (),
    "bench_layers": (),
    "feeds": (),
    "peru_centre": (),
}
"""They need the folder ``context`` of real data; score_facts to peru_centre print what the docs quote."""
SIMULATED = (
    "score_mask",
    "bench_kernel",
    "bench_scene",
    "bench_alerts",
    "bench_lent",
    "bench_memory",
    "bench_store",
)
"""They print rows of docs/speed.md and docs/databases.md."""


def main() -> None:
    """Run them; the first failure ends it."""
    for name, folder in ON_SERIES.items():
        _on(name, SERIES / folder, *PLOTS)
    for name, options in ON_CONTEXT.items():
        _on(name, CONTEXT, *options)
    _run("detectability", *_there(SERIES / "sentinel1-vh-points"), "--plot", _figure("detectability"))
    _run("score_converge", *_there(CONTEXT), *PLOTS)
    alerts = ("--alerts", str(ALERTS)) if ALERTS.exists() else ()
    _run("blindspots", "--plot", _figure("blindspots"), *alerts)
    for name in SIMULATED:
        _run(name, *(("--plot", _figure("speed")) if name == "bench_kernel" else ()))


def _on(name: str, folder: Path, *options: str) -> None:
    """Run a benchmark on a folder of real data, or say that it is not there."""
    if folder.is_dir():
        _run(name, str(folder), *options)
    else:
        print(f"benchmarks.{name}: left out, there is no folder {folder.name} of real data")


def _there(folder: Path) -> tuple[str, ...]:
    return (str(folder),) if folder.is_dir() else ()


def _figure(name: str) -> str:
    return str(FIGURES / f"{name}.png")


def _run(name: str, *arguments: str) -> None:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=True)
    print(f"benchmarks.{name}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
