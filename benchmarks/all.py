"""Every table and figure of the docs, one benchmark after the other: ``python -m benchmarks.all``.

A benchmark that needs real data is left out, with a sentence, where its folder is absent; the environment
variable DOSEL_SHARED_DATA names the folder that holds them. Figures go to docs/img.
"""

import os
import subprocess
import sys
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
    "benchmarks.score_mask",
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
        figures = ["--plot-dir", str(FIGURES)]
        subprocess.run([sys.executable, "-m", module, str(DATA / folder), *figures], check=True)
    for module in SIMULATED:
        subprocess.run([sys.executable, "-m", module], check=True)


if __name__ == "__main__":
    main()
