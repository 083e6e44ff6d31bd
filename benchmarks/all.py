"""Every table and figure of the docs, one benchmark after the other: ``python -m benchmarks.all``.

A benchmark that needs real data is left out, with a sentence, where its folder is absent; the environment
variable DOSEL_SHARED_DATA names the folder that holds them. Figures go to docs/img.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

DATA = Path(os.environ.get("DOSEL_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "timeseries"
FIGURES = Path(__file__).parents[1] / "docs" / "img"
REAL = {
    "benchmarks.score_points": "sentinel1-vh-points",
    "benchmarks.score_s2_points": "sentinel2-points",
    "benchmarks.score_bolivia": "bolivia-s1-landsat-stack",
    "benchmarks.score_ndvi_cube": "landsat8-ndvi-cube",
}
SIMULATED = (
    "score_mask",
    "bench_kernel",
    "bench_scene",
    "bench_alerts",
    "bench_lent",
    "bench_memory",
    "bench_store",
)
"""The last six print rows that stand in docs/speed.md and docs/databases.md."""

CONTEXT = ("bench_layers",)
"""They print rows of the pages about the context, and say so themselves where the real data is absent."""


def main() -> None:
    """Run them; the first failure ends it."""
    for module, folder in REAL.items():
        if not (DATA / folder).is_dir():
            print(f"{module}: left out, there is no folder {folder} of real data")
            continue
        _run(module, str(DATA / folder), "--plot-dir", str(FIGURES))
    noise = DATA / REAL["benchmarks.score_points"]
    drawn = ["--plot", str(FIGURES / "detectability.png")]
    _run("benchmarks.detectability", *([str(noise)] if noise.is_dir() else []), *drawn)
    alerts = DATA.parent / "context" / "alerts" / "mapbiomas_alerta_peru_2021_2024.parquet"
    real = ["--alerts", str(alerts)] if alerts.exists() else []
    _run("benchmarks.blindspots", "--plot", str(FIGURES / "blindspots.png"), *real)
    for name in SIMULATED:
        plot = ["--plot", str(FIGURES / "speed.png")] if name == "bench_kernel" else []
        _run(f"benchmarks.{name}", *plot)
    for name in CONTEXT:
        _run(f"benchmarks.{name}")


def _run(module: str, *arguments: str) -> None:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)
    print(f"{module}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
