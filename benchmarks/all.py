"""Every table of the docs, one benchmark after the other: ``python -m benchmarks.all [SHARED_DATA]``.

A benchmark that needs real data is left out, with a sentence, where the folder is absent.
"""

import os
import subprocess
import sys
from pathlib import Path

DATA = Path(os.environ.get("DOSEL_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "timeseries"
REAL = {
    "benchmarks.score_points": "sentinel1-vh-points",
    "benchmarks.score_bolivia": "bolivia-s1-landsat-stack",
}
SIMULATED = (
    "benchmarks.detectability",
    "benchmarks.bench_kernel",
    "benchmarks.bench_alerts",
    "benchmarks.bench_lent",
)


def main() -> None:
    """Run them; the first failure ends it."""
    for module, folder in REAL.items():
        if not (DATA / folder).is_dir():
            print(f"{module}: left out, there is no folder {folder} of real data")
            continue
        subprocess.run([sys.executable, "-m", module, str(DATA / folder)], check=True)
    for module in SIMULATED:
        subprocess.run([sys.executable, "-m", module], check=True)


if __name__ == "__main__":
    main()
