"""Point series: the run against a slow reference, and what a point's evidence may depend on."""

from __future__ import annotations

import gzip
import importlib
from dataclasses import replace
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dosel.errors import InputError, InputMistakesError
from dosel.model.time import day_of, iso_day
from dosel.monitor.evidence import StreamModel
from dosel.monitor.points import PointsReport, fold, run_points
from dosel.monitor.series import PointSeries, read_series, written
from dosel.monitor.streams import point_stream

STREAM = "sentinel-1-vh"
FIRST, START = day_of("2018-01-03"), "2020-01-01"


def simulated(points: int = 40, looks: int = 100, seed: int = 7, sd: float = 1.6) -> dict[str, list[Any]]:
    """Return id -> (day, value) of forest that loses 4 dB in every other point after look 75."""
    rng = np.random.default_rng(seed)
    series: dict[str, list[Any]] = {}
    for number in range(points):
        days = FIRST + number % 12 + 12 * np.arange(looks)
        value = rng.normal(-12.8, 0.8) + 0.4 * np.cos(days / 58.0) + rng.normal(0, sd, looks)
        value[75:] -= 4.0 * (number % 2)
        seen = rng.random(looks) > 0.1
        series[f"p{number}"] = [
            (int(d), round(float(v), 3)) for d, v in zip(days[seen], value[seen], strict=True)
        ]
    return series


def write_csv(path: Path, series: dict[str, list[Any]], seed: int | None = None) -> Path:
    """Write a series file; shuffled with a seed."""
    rows = [f"{name},{iso_day(day)},{value}" for name, looks in series.items() for day, value in looks]
    if seed is not None:
        np.random.default_rng(seed).shuffle(rows)
    path.write_text("\n".join(["id,date,vh", *rows]) + "\n", encoding="utf-8")
    return path


def run(path: Path, folder: Path, start: str | Path = START, **options: Any) -> PointsReport:
    """Run over a file and leave trace.csv and summary.csv in the folder."""
    return run_points(path, STREAM, "vh", start, folder / "trace.csv", folder / "summary.csv", **options)


def rows_of(path: Path) -> dict[str, list[list[str]]]:
    """Return id -> rows of a CSV file."""
    found: dict[str, list[list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split(",")
        found.setdefault(cells[0], []).append(cells[1:])
    return found


def slow_baseline(history: list[Any], row: StreamModel) -> tuple[Any, float]:
    """Return ridge coefficients (augmented least squares) and the predictive variance, in floating point."""
    omega = 2 * pi / 365.25
    design = [[1.0, cos(omega * day), sin(omega * day)] for day, _ in history]
    weights = np.sqrt([row.k_level, row.k_season, row.k_season])
    matrix = np.vstack([np.array(design).reshape(-1, 3), np.diag(weights)])
    target = np.array([value for _, value in history] + [row.level * weights[0], 0.0, 0.0])
    theta = np.linalg.lstsq(matrix, target, rcond=None)[0]
    count = len(history)
    squares = float(np.sum((matrix[:count] @ theta - target[:count]) ** 2))
    own = (squares + row.k_spread * row.spread**2) / (max(count - 1, 0) + row.k_spread)
    return theta, own * (1 + 1 / (count + row.k_level)) * row.drift2


def slow_evidence(looks: list[Any], start: int, row: StreamModel) -> list[float]:
    """Return the running evidence of one point, look by look, in floating point."""
    theta, variance = slow_baseline([look for look in looks if look[0] < start], row)
    omega, total, slow, out = 2 * pi / 365.25, 0.0, 0.0, []
    ratio = row.hinges()
    for day, value in looks:
        if day < start:
            continue
        fitted = float(theta @ [1.0, cos(omega * day), sin(omega * day)])
        e = -row.direction * (value - fitted) / variance**0.5 - slow
        if total < row.freeze_nats:
            slow += min(max(e, -row.clip_sd), row.clip_sd) / 2**row.gain_shift
        total = max(0.0, total * (1 - 2.0**-row.fade_shift) + float(ratio(np.array([e]))[0]))
        out.append(total)
    return out


@pytest.mark.parametrize(("stream", "sd"), [(STREAM, 1.6), ("sentinel-1-vh-stabilised", 0.5)])
def test_fixed_point_follows_the_slow_reference(tmp_path: Path, stream: str, sd: float) -> None:
    series = simulated(sd=sd)
    run_points(write_csv(tmp_path / "s.csv", series), stream, "vh", START, tmp_path / "trace.csv")
    trace = rows_of(tmp_path / "trace.csv")
    off = []
    for name, looks in series.items():
        slow = slow_evidence(looks, day_of(START), point_stream(stream).model)
        fast = [float(row[1]) for row in trace[name]]
        assert len(fast) == len(slow)
        off += [abs(a - b) for a, b in zip(fast, slow, strict=True)]
    assert max(off) < 0.4
    assert np.mean(off) < 0.04


def test_clearings_change_and_forest_mostly_does_not(tmp_path: Path) -> None:
    report = run(write_csv(tmp_path / "s.csv", simulated()), tmp_path)
    summary = {name: rows[0] for name, rows in rows_of(tmp_path / "summary.csv").items()}
    cleared = [summary[f"p{number}"][4] for number in range(1, 40, 2)]
    stable = [summary[f"p{number}"][4] for number in range(0, 40, 2)]
    assert sum(day != "" for day in cleared) >= 17
    assert sum(day != "" for day in stable) <= 1
    assert report.changed == sum(row[4] != "" for row in summary.values())


def test_rows_in_any_order_give_the_same_files(tmp_path: Path) -> None:
    series = simulated(points=12)
    run(write_csv(tmp_path / "a.csv", series), tmp_path)
    first = rows_of(tmp_path / "trace.csv")
    run(write_csv(tmp_path / "b.csv", series, seed=1), tmp_path)
    assert rows_of(tmp_path / "trace.csv") == first


@pytest.mark.parametrize("name", ["p0", "p7", "p11"])
def test_a_point_alone_gives_what_it_gives_among_others(tmp_path: Path, name: str) -> None:
    series = simulated(points=12)
    run(write_csv(tmp_path / "all.csv", series), tmp_path)
    among, told = (rows_of(tmp_path / f"{kind}.csv")[name] for kind in ("trace", "summary"))
    run(write_csv(tmp_path / "one.csv", {name: series[name]}), tmp_path)
    assert rows_of(tmp_path / "trace.csv") == {name: among}
    assert rows_of(tmp_path / "summary.csv") == {name: told}


@pytest.mark.parametrize("cut", ["2020-03-01", "2020-09-15", "2021-02-01"])
def test_the_future_changes_nothing_before_it(tmp_path: Path, cut: str) -> None:
    series = simulated(points=12)
    run(write_csv(tmp_path / "all.csv", series), tmp_path)
    whole = rows_of(tmp_path / "trace.csv")
    early = {name: [look for look in looks if look[0] < day_of(cut)] for name, looks in series.items()}
    run(write_csv(tmp_path / "early.csv", early), tmp_path)
    for name, rows in rows_of(tmp_path / "trace.csv").items():
        assert rows == [row for row in whole[name] if row[0] < cut]


@pytest.mark.parametrize("unit", [0.25, 10.0, 1000.0])
def test_units_do_not_matter(unit: float) -> None:
    stream = point_stream(STREAM)
    looks = _looks(simulated(points=12))
    starts = np.full(12, day_of(START))
    scaled = replace(looks, value=looks.value * unit)
    plain = fold(looks, starts, stream)
    other = fold(scaled, starts, replace(stream, model=stream.model.scaled(unit)))
    assert other.evidence.tolist() == plain.evidence.tolist()
    assert other.status.tolist() == plain.status.tolist()


def test_a_rise_in_a_mirrored_stream_is_the_same_change() -> None:
    stream = point_stream(STREAM)
    looks = _looks(simulated(points=12))
    starts = np.full(12, day_of(START))
    up = replace(stream.model, direction=1, level=-stream.model.level)
    mirrored = fold(replace(looks, value=-looks.value), starts, replace(stream, model=up))
    plain = fold(looks, starts, stream)
    assert np.abs(mirrored.evidence - plain.evidence).max() <= 12


def _looks(series: dict[str, list[Any]]) -> PointSeries:
    rows = [(number, *look) for number, looks in enumerate(series.values()) for look in looks]
    point, day, value = zip(*rows, strict=True)
    return PointSeries(tuple(series), np.array(point), np.array(day), np.array(value), 0, 0)


def test_evidence_never_rests_and_status_waits_for_zero(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "s.csv", simulated()), tmp_path)
    stream = point_stream(STREAM)
    for rows in rows_of(tmp_path / "trace.csv").values():
        status = "intact"
        for _, nats, word in rows:
            if float(nats) == 0:
                status = "intact"
            elif float(nats) >= stream.h2_nats:
                status = "changed"
            elif float(nats) >= stream.h1_nats and status == "intact":
                status = "candidate"
            assert word == status
    largest = max(float(row[1]) for rows in rows_of(tmp_path / "trace.csv").values() for row in rows)
    assert largest > 2 * stream.h2_nats


def test_the_summary_tells_the_story_of_the_trace(tmp_path: Path) -> None:
    series = simulated()
    run(write_csv(tmp_path / "s.csv", series), tmp_path)
    trace, summary = rows_of(tmp_path / "trace.csv"), rows_of(tmp_path / "summary.csv")
    for name, rows in trace.items():
        onset, begin, end, candidate, changed, largest, past, seen = summary[name][0]
        assert float(largest) == max(float(row[1]) for row in rows)
        assert (int(past), int(seen)) == (len(series[name]) - len(rows), len(rows))
        words = [row[2] for row in rows]
        assert candidate == next((row[0] for row in rows if row[2] != "intact"), "")
        assert changed == next((row[0] for row in rows if row[2] == "changed"), "")
        if changed:
            at = words.index("changed")
            zero = max((i for i in range(at) if float(rows[i][1]) == 0), default=-1)
            days = [iso_day(day) for day, _ in series[name]]
            assert onset == rows[zero + 1][0]
            assert begin == days[days.index(onset) - 1]
            assert end == next(r[0] for r in rows[zero + 1 :] if float(r[1]) >= point_stream(STREAM).h1_nats)


GOLDEN_SERIES = """\
id,date,vh,other
b,2020-01-13,-12.9,x
b,2019-12-01,-12.7,
b,2020-01-25,,
b,2020-02-06,-19.5,
b,2020-02-18,-19.0,
b,2020-02-18,-19.0,
b,2020-03-01,-20.0,
"a,1",2019-12-20,-12.0,
c,2019-12-08,-12.7,
c,2020-01-01,-20.0,
c,2020-01-13,-21.0,
"""
GOLDEN_TRACE = """\
id,date,evidence,status
b,2020-01-13,0.0,intact
b,2020-02-06,2.734375,intact
b,2020-02-18,5.09375,changed
b,2020-03-01,7.234375,changed
c,2020-01-01,2.78125,intact
c,2020-01-13,5.296875,changed
"""
GOLDEN_SUMMARY = """\
id,onset,window_start,window_end,first_candidate,changed,largest_evidence,looks_history,looks_monitored
b,2020-02-06,2020-01-13,2020-02-18,2020-02-18,2020-02-18,7.234375,1,4
"a,1",,,,,,0.0,1,0
c,2020-01-01,2019-12-08,2020-01-13,2020-01-13,2020-01-13,5.296875,1,2
"""


def test_golden_files(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(GOLDEN_SERIES, encoding="utf-8")
    report = run(tmp_path / "s.csv", tmp_path)
    assert (tmp_path / "trace.csv").read_text(encoding="utf-8") == GOLDEN_TRACE
    assert (tmp_path / "summary.csv").read_text(encoding="utf-8") == GOLDEN_SUMMARY
    assert (report.points, report.points_unseen, report.missing, report.repeated) == (3, 1, 1, 1)


def test_gzip_in_gzip_out_and_starts_of_each_point(tmp_path: Path) -> None:
    series = simulated(points=4)
    plain = write_csv(tmp_path / "s.csv", series)
    packed = tmp_path / "s.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    starts = tmp_path / "starts.csv"
    starts.write_text("id,start\np0,2020-01-01\np1,2020-01-01\np2,2020-06-01\np3,2020-01-01\nz,2020-01-01\n")
    calls: list[tuple[str, int, int]] = []
    report = run_points(
        packed,
        STREAM,
        "vh",
        str(starts),
        tmp_path / "t.csv.gz",
        tmp_path / "summary.csv",
        lambda *c: calls.append(c),
    )
    lines = gzip.decompress((tmp_path / "t.csv.gz").read_bytes()).decode().splitlines()
    assert min(line for line in lines if line.startswith("p2,")) >= "p2,2020-06-01"
    assert rows_of(tmp_path / "summary.csv")["z"] == [["", "", "", "", "", "0.0", "0", "0"]]
    assert report.points_without_history == report.points_unseen == 1
    assert {stage for stage, _, _ in calls} == {"read", "learn", "monitor"}
    assert all(0 < done <= total for _, done, total in calls)


def test_all_mistakes_of_a_file_at_once_with_their_lines(tmp_path: Path) -> None:
    bad = tmp_path / "s.csv"
    bad.write_text(
        "id,date,vh\np,2020-01-01,-12\np,2020-13-01,-12\n,2020-01-02,-12\np,2020-01-03,inf\n"
        "p,2020-01-04\n\np,2020-01-05,abc\np,2020-01-01,-13\np,2020-01-06,nan\n"
    )
    with pytest.raises(InputMistakesError) as caught:
        run(bad, tmp_path)
    assert caught.value.mistakes == (
        "line 3: expected an ISO date (2024-05-31), got '2020-13-01'",
        "line 4: expected an id, got an empty cell",
        "line 5: vh: expected a number or an empty cell, got 'inf'",
        "line 6: expected 3 cells, got 2",
        "line 8: vh: expected a number or an empty cell, got 'abc'",
        "line 9: id 'p' has another value on that date in line 2",
    )
    assert not (tmp_path / "trace.csv").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "expected the column 'id' once, found an empty file"),
        ("id,date,vv\np,2020-01-01,1\n", "expected the column 'vh' once, found id, date, vv"),
        (
            "id,date,vh\np,2020-01-01,0.05\n",
            "median between -30 and -3, got 0.05; convert",
        ),
        (
            "id,date,vh\np,2020-01-01,-12\np,2020-01-02,-12\np,2020-01-03,200\n",
            "within 127.996 dB of 0, got 200",
        ),
        ("id,date,vh\np,2055-01-01,-12\n", "days from 2010-01-02 to 2054-11-09 only"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "s.csv").write_text(text)
    with pytest.raises(InputError, match=sentence.replace("(", r"\(")):
        run(tmp_path / "s.csv", tmp_path)
    assert not (tmp_path / "trace.csv").exists()


def test_wrong_starts_are_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", simulated(points=3))
    starts = tmp_path / "starts.csv"
    with pytest.raises(InputError, match="start: expected an ISO date"):
        run(path, tmp_path, "next week")
    starts.write_text("id,start\np0,2020-01-01\n")
    with pytest.raises(InputMistakesError, match="2 ids of the series have no start: p1, p2"):
        run(path, tmp_path, starts)
    starts.write_text("id,start\np0,2020-01-01\np0,2020-01-02\np1,soon\n")
    with pytest.raises(InputMistakesError, match=r"(?s)line 3: id 'p0' has another.*line 4: expected an ISO"):
        run(path, tmp_path, starts)


def test_a_truncated_archive_an_unknown_stream_and_one_file_twice_are_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "s.csv", simulated(points=3))
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(path.read_bytes())[:-40])
    with pytest.raises(InputError, match="cannot be read as CSV"):
        run(broken, tmp_path)
    with pytest.raises(InputError, match="there are sentinel-1-vh, sentinel-1-vh-stabilised"):
        run_points(path, "vh", "vh", START, tmp_path / "t.csv")
    with pytest.raises(InputError, match="one of them twice"):
        run_points(path, STREAM, "vh", START, path)
    with pytest.raises(InputError, match="cannot be written"):
        run_points(path, STREAM, "vh", START, tmp_path / "nowhere" / "t.csv")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), written(path) as text:
        text.writelines(["half", "\ud800"])
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.csv.gz"]


def test_who_reads_the_old_file_keeps_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old")
    with path.open() as reader:
        with written(path) as text:
            text.write("new")
        assert reader.read() == "old"
    assert path.read_text() == "new"


def test_read_series_sorts_and_leaves_missing_values_out(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("id,date,vh\nb,2020-01-02,-1\na,2020-01-01,\nb,2020-01-01,-2\n")
    looks = read_series(tmp_path / "s.csv", "vh")
    assert looks.ids == ("b", "a")
    assert looks.value.tolist() == [-2.0, -1.0]
    assert looks.missing == 1


BARS = {"raw": (0.83, 0.53), "stabilised": (0.945, 0.88), "filtered": (0.945, 0.90)}
"""Series: OA and PA995 that must be reached (proof O)."""


@pytest.mark.parametrize("name", sorted(BARS))
def test_accuracy_on_real_points(
    name: str, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    score: Any = importlib.import_module("benchmarks.score_points")
    case = score.load_case(shared_data / "timeseries" / "sentinel1-vh-points", name, tmp_path)
    reference = case.reference.of(case.seen)
    scores = score.window_score(score.some(case.trace, case.seen), reference)
    found = score.accuracy([score.called(scores, reference, 0)], reference, draws=10)
    assert found.oa >= BARS[name][0]
    assert found.pa995 >= BARS[name][1]
    assert found.stable <= 0.01
