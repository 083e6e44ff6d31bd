"""A centre set up from real data, asked what its users ask: ``python -m benchmarks.peru_centre DATA``.

DATA is the folder ``context`` of the real data; a second argument names the directory to keep. Every command
is typed as a person would; what it prints is printed. The answers are of the day 2024-12-30 and rest on
alerts of partners alone, not on our own watch.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DAY = "2024-12-30"
INIT = (
    *("--name", "peru", "--crs", "EPSG:32718", "--resolution-m", "10", "--language", "en"),
    *("--bbox=-81.4,-18.4,-68.6,0.0", "--start", "2025-01-01"),
)
IMPORTS = (
    ("mapbiomas-peru", "alerts/mapbiomas_alerta_peru_2021_2024.parquet"),
    ("amazon-mining-watch", "mining/amw_mining_detections_peru_100km_2018_2025.parquet"),
    ("firms-modis", "alerts/firms_modis_c61_south_america_2022-08-31.parquet"),
    (
        "airstrips-brazil-2021",
        "transport_hydro_places/clandestine_airstrips_brazil_2021_nyt_intercept.parquet",
    ),
    ("coca", "alerts/coca_cultivation_by_zone_2017_2024_ha.csv"),
)
QUESTIONS = (
    ("triage", "--unit", "MADRE DE DIOS", "--as-of", DAY, "--days", "7", "--limit", "10"),
    (
        "near",
        "--layer",
        "land-borders",
        "--code",
        "BRA",
        "--within-km",
        "20",
        "--as-of",
        DAY,
        "--days",
        "365",
    ),
    ("blind", "--unit", "MADRE DE DIOS", "--as-of", DAY),
    (
        "report",
        "--by",
        "duty officer",
        "--unit",
        "MADRE DE DIOS",
        "--as-of",
        DAY,
        "--days",
        "7",
        "--limit",
        "10",
    ),
)


def make_centre(data: Path, centre: Path) -> None:
    """Set up a centre: layers, partners' alerts, and what they mean."""
    _dosel("init", str(centre), *INIT)
    _dosel("layers", "add", "--ready", "peru", "--from", str(data), "-c", str(centre))
    for feed, file in IMPORTS:
        _dosel("import", feed, str(data / file), "-c", str(centre))
    _dosel("describe", "-c", str(centre))


def main() -> None:
    """Make the centre and ask it."""
    data = Path(sys.argv[1])
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    room = Path(tempfile.mkdtemp(prefix="dosel-peru-")) if kept is None else kept
    centre = room / "peru" if kept is None else room
    make_centre(data, centre)
    for question in QUESTIONS:
        _dosel(*question, "-c", str(centre))
    if kept is None:
        shutil.rmtree(room)


def _dosel(*words: str) -> None:
    print(f"$ dosel {' '.join(words)}", flush=True)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "dosel", *words], check=True)
    print(f"({time.perf_counter() - start:.1f} s)\n", flush=True)


if __name__ == "__main__":
    main()
