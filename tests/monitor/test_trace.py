"""Summaries of traces."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dosel.model.time import day_of
from dosel.monitor.trace import Trace, write_summary

DAYS = [day_of(f"2020-0{month}-01") for month in range(1, 8)]


def test_onset_and_window_are_those_of_the_change_not_of_an_earlier_candidate(tmp_path: Path) -> None:
    jan, feb, mar, apr, may, june, july = DAYS
    trace = Trace(
        point=np.zeros(6, np.int64),
        day=np.array([feb, mar, apr, may, june, july]),
        evidence=np.array([256, 0, 128, 256, 512, 448]),
        status=np.array([1, 0, 0, 1, 2, 2]),
        onset=np.array([feb, 0, apr, apr, apr, apr]),
        before=np.array([jan, mar, mar, mar, mar, mar]),
        crossed=np.array([feb, 0, 0, may, may, may]),
    )
    write_summary(tmp_path / "s.csv", ("p",), trace, np.array([3]))
    row = (tmp_path / "s.csv").read_text().splitlines()[1]
    assert row == "p,2020-04-01,2020-03-01,2020-05-01,2020-02-01,2020-06-01,8.0,3,6"


def test_a_candidate_that_never_changed_has_its_own_onset(tmp_path: Path) -> None:
    feb, mar = DAYS[1:3]
    columns = [
        np.array(pair) for pair in ((1, 1), (feb, mar), (256, 0), (1, 0), (feb, 0), (0, mar), (feb, 0))
    ]
    write_summary(tmp_path / "s.csv", ("p", "q"), Trace(*columns), np.array([0, 0]))
    rows = (tmp_path / "s.csv").read_text().splitlines()[1:]
    assert rows == ["p,,,,,,0.0,0,0", "q,2020-02-01,,2020-02-01,2020-02-01,,4.0,0,2"]
