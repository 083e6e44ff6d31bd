"""Every real feed into a new centre, twice: ``python -m benchmarks.feeds DATA``.

DATA is the folder ``context`` of the real data. Prints rows, refused rows, seconds, and whether the same file
again changes anything; then the fire events and the incident candidates. Proof: R for Peru, O for Rondonia.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from dosel.alerts.partner.figures import SUBJECTS
from dosel.model.provenance import table_hash
from dosel.pipeline.centre import open_centre
from dosel.pipeline.feeds.figures import import_figures
from dosel.pipeline.feeds.import_feed import import_feed

FEEDS = (
    ("mapbiomas-peru", "alerts/mapbiomas_alerta_peru_2021_2024.parquet"),
    ("deter", "alerts/deter-rondonia-2023/RO_DETER_2023.gpkg"),
    ("amazon-mining-watch", "mining/amw_mining_detections_peru_100km_2018_2025.parquet"),
    ("firms-modis", "alerts/firms_modis_c61_south_america_2022-08-31.parquet"),
    (
        "airstrips-brazil-2021",
        "transport_hydro_places/clandestine_airstrips_brazil_2021_nyt_intercept.parquet",
    ),
    ("coca", "alerts/coca_cultivation_by_zone_2017_2024_ha.csv"),
)
TABLES = (
    *("alerts", "alert_events", "hot_spots", "fire_events", "airstrips", "airstrip_events"),
    *("area_figures", "incidents", "incident_members", "imports", "sources"),
)
INIT = ("--name", "peru", "--crs", "EPSG:32718", "--resolution-m", "10", "--language", "en")
AREA = ("--bbox=-81.4,-18.4,-68.6,0.0", "--start", "2025-01-01")


def main() -> None:
    """Import everything twice and print what came of it."""
    data = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="dosel-feeds-") as room:
        root = Path(room) / "peru"
        subprocess.run([sys.executable, "-m", "dosel", "init", str(root), *INIT, *AREA], check=True)
        print(
            "| feed | rows | kept | refused | seconds | again, s | the same |\n|---|---|---|---|---|---|---|"
        )
        with open_centre(root) as centre:
            for feed, file in FEEDS:
                first, before = bring(centre, feed, data / file), state(centre)
                again, same = bring(centre, feed, data / file), state(centre) == before
                rows, kept, refused, seconds = first
                print(f"| {feed} | {rows} | {kept} | {refused} | {seconds:.1f} | {again[3]:.1f} | {same} |")
            summary(centre)


def bring(centre, feed, path):
    """Return rows, kept, refused and seconds of one import."""
    start = time.perf_counter()
    if feed in SUBJECTS:
        report = import_figures(centre, feed, path)
        rows, kept = report.figures.rows, len(report.figures.good)
    else:
        report = import_feed(centre, feed, path, str, now=datetime.now(UTC))
        rows, kept = report.checked.rows, len(report.checked.good)
    return rows, kept, report.refused_rows, time.perf_counter() - start


def state(centre):
    """Return a hash of every table that imports write."""
    return [table_hash(centre.store.select(name)) for name in TABLES]


def summary(centre):
    """Print fire events and incident candidates."""
    fires = centre.store.select("fire_events")
    several = sum(row["passes"] > 1 for row in fires)
    print(f"fire events: {len(fires)}; of several passes: {several}")
    found = centre.store.select("incidents")
    kinds = Counter(json.dumps(row["sources"]) for row in found)
    print(f"incident candidates: {len(found)}; largest: {max(row['members'] for row in found)} members")
    for kind, count in kinds.most_common():
        print(f"  {count}: {kind}")


if __name__ == "__main__":
    main()
