"""Every table of the docs, one benchmark after the other: ``python -m benchmarks.all [SHARED_DATA]``.

A benchmark that needs real data is left out, with a sentence, where the folder is absent.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

DATA = Path(os.environ.get("DOSEL_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "timeseries"
REAL = {
    "benchmarks.score_points": "sentinel1-vh-points",
    "benchmarks.score_bolivia": "bolivia-s1-landsat-stack",
}
SIMULATED = ("benchmarks.detectability",)
SPEED = ("bench_kernel", "bench_scene", "bench_alerts", "bench_memory")
"""Each prints rows that stand in docs/speed.md."""


def main() -> None:
    """Run them; the first failure ends it."""
    for module, folder in REAL.items():
        if not (DATA / folder).is_dir():
            print(f"{module}: left out, there is no folder {folder} of real data")
            continue
        subprocess.run([sys.executable, "-m", module, str(DATA / folder)], check=True)
    for module in (*SIMULATED, *(f"benchmarks.{name}" for name in SPEED)):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", module], check=True)
        print(f"{module}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
