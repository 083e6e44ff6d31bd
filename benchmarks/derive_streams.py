"""Print the rows of ``dosel.monitor.streams`` as derived: python -m benchmarks.derive_streams DATA.

DATA is the folder with points.csv and series.csv.gz (Brazilian Amazon, proof O). No label is used: only the
dates that bound the history and the undisturbed year.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from benchmarks.points_protocol import read_reference

from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.monitor.derive import Looks, budget_threshold, derive_stream, prior_row
from dosel.monitor.evidence import EXTRA_VH_DB, SHIFT_VH_DB, StreamModel
from dosel.monitor.points import fold
from dosel.monitor.series import PointSeries, read_series
from dosel.monitor.streams import CANDIDATE_BUDGET, CHANGED_BUDGET, QUANTUM_DB, USUAL_DB, PointStream

COLUMNS = {
    "sentinel-1-vh": "vh_orig_db",
    "sentinel-1-vh-stabilised": "vh_spatialf_db",
    "sentinel-1-vh-filtered": "vh_origf_db",
}
"""Value column of each stream."""


def derived(data: Path, stream: str) -> PointStream:
    """Return a stream's row and thresholds from the undisturbed looks of the points."""
    reference = read_reference(data / "points.csv")
    looks = read_series(data / "series.csv.gz", COLUMNS[stream])
    index = {name: number for number, name in enumerate(reference.ids)}
    order = np.array([index[name] for name in looks.ids], np.int64)
    start, before = reference.start[order], reference.before[order]
    prior = prior_row(stream, "dB", QUANTUM_DB, -1, -12.0, 1.0, SHIFT_VH_DB, EXTRA_VH_DB)
    held = Looks(looks.value, looks.day, looks.point, len(looks.ids))
    found = derive_stream(held, start, before, prior)
    if found.kept:
        raise SystemExit(f"{stream}: too few looks to derive {', '.join(found.kept)}")
    return thresholds(looks, start, before, PointStream(found.model, 1.0, 1.0, USUAL_DB, ""))


def thresholds(looks: PointSeries, start: np.ndarray, before: np.ndarray, row: PointStream) -> PointStream:
    """Return the row with thresholds from the budgets of the undisturbed year."""
    early = looks.day < before[looks.point]
    year = PointSeries(looks.ids, looks.point[early], looks.day[early], looks.value[early], 0, 0)
    left = fold(year, start, row)
    nats = left.evidence / EVIDENCE_PER_NAT
    h1, h2 = (budget_threshold(nats, left.point, budget) for budget in (CANDIDATE_BUDGET, CHANGED_BUDGET))
    return replace(row, h1_nats=h1, h2_nats=h2)


def text_of(row: PointStream) -> str:
    """Return the numbers of a row, six digits each."""
    lines = [f"{row.model.stream}: h1 {row.h1_nats:g} nats, h2 {row.h2_nats:g} nats"]
    for field in fields(StreamModel)[4:17]:
        value = getattr(row.model, field.name)
        numbers = value if isinstance(value, tuple) else (value,)
        lines.append(f"  {field.name:9}" + ", ".join(f"{number:.6g}" for number in numbers))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the rows of all streams."""
    parser = argparse.ArgumentParser(description="Derive the rows of the streams of points.")
    parser.add_argument("data", type=Path, help="folder with points.csv and series.csv.gz")
    options = parser.parse_args(arguments)
    for stream in COLUMNS:
        print(text_of(derived(options.data, stream)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
