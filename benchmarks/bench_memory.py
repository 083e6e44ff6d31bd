"""Peak memory of a whole ``dosel watch`` against its setting, on growing areas (proof: S).

Every run is a process of its own: it imports, watches a tiny centre so that everything is loaded, then
watches the area, from history and learning to alerts. What counts is the peak of resident memory above the
program itself. Areas are simulated rasters of one band; the bound is ``resources.memory_mb``.

    python benchmarks/bench_memory.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dosel.pipeline.centre import open_centre
from dosel.pipeline.spine.watch import watch
from dosel.testing.wide import WideSpec, write_wide


def memory_mb(key: str) -> float:
    """Return ``VmRSS`` (now) or ``VmHWM`` (the peak) of this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def child(tiny: Path, area: Path) -> None:
    """Watch both centres; print resident memory before the second and its peak."""
    with open_centre(tiny) as centre:
        watch(centre)
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins anew
    before, start = memory_mb("VmRSS"), time.perf_counter()
    with open_centre(area) as centre:
        summary = watch(centre)
    print(json.dumps([before, memory_mb("VmHWM"), time.perf_counter() - start, summary.used]))


def run(folder: Path, spec: WideSpec) -> tuple[float, float, float, int]:
    """Return memory of the program, peak, seconds and looks folded of a run over a fresh centre."""
    tiny = write_wide(folder / "tiny", WideSpec(64, 64, spec.memory_mb, spec.workers))
    area = write_wide(folder / "area", spec)
    command = [sys.executable, "-m", "benchmarks.bench_memory", "--child", str(tiny), str(area)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, peak, seconds, looks = json.loads(done.stdout.splitlines()[-1])
    return before, peak, seconds, looks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small areas")
    parser.add_argument("--side", type=int, nargs="+", help="sides of the areas in pixels")
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child)
        return
    sides = options.side or ((512, 1024, 2048) if options.quick else (1024, 2048, 4096))
    print("\nPeak memory of a whole watch, 4 looks of history and 3 folded, tiles of 512 px, 2 workers [S]")
    print(f"{'side px':>8} {'bound MB':>9} {'program MB':>11} {'peak above it MB':>17} {'share':>6} {'s':>6}")
    for bound in (256, 512):
        for side in sides:
            with tempfile.TemporaryDirectory() as folder:
                before, peak, seconds, _ = run(Path(folder), WideSpec(side, memory_mb=bound))
            above = peak - before
            print(
                f"{side:>8} {bound:>9} {before:>11.0f} {above:>17.0f} {above / bound:>6.0%} {seconds:>6.0f}"
            )


if __name__ == "__main__":
    main()
