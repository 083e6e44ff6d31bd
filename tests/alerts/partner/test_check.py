"""Rows of others: what is refused, why, and what every format says of the same rows."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dosel.alerts.partner.check import check
from dosel.alerts.partner.mapping import ready
from dosel.alerts.partner.read import read_table
from dosel.alerts.partner.table import Table
from dosel.config.feed import FeedSettings
from dosel.errors import InputError, InputMistakesError
from dosel.model.time import day_of, iso_day

TODAY = day_of("2025-06-30")
FEED = FeedSettings(name="f", id=("code",), day="seen", area="ha", within=(-80, -20, -40, 5))
SQUARE = shapely.box(-70.0, -12.0, -69.99, -11.99)  # 120.5 ha


def table(*rows, crs="EPSG:4326"):
    """Return a table of (code, day, hectares, geometry)."""
    columns = {
        name: np.array([row[number] for row in rows], dtype=object)
        for number, name in enumerate(("code", "seen", "ha"))
    }
    shapes = np.full(len(rows), None, dtype=object)
    shapes[:] = [row[3] for row in rows]
    return Table(columns, shapes, crs, len(rows))


def reasons(*rows, feed=FEED, crs="EPSG:4326"):
    return [(note.row, str(note.reason)) for note in check(table(*rows, crs=crs), feed, TODAY).notes]


BOW = shapely.Polygon([(-70, -12), (-69.99, -11.99), (-69.99, -12), (-70, -11.99)])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("a", "2025-02-30", 120, SQUARE), "bad-day"),
        (("a", None, 120, SQUARE), "bad-day"),
        (("a", "2025-07-01", 120, SQUARE), "future-day"),
        (("a", "2025-06-01", 120, None), "no-geometry"),
        (("a", "2025-06-01", 120, shapely.Polygon()), "no-geometry"),
        (("a", "2025-06-01", 120, shapely.Point(-70, -12)), "wrong-kind"),
        (("a", "2025-06-01", 120, shapely.box(-12.0, -70.0, -11.99, -69.99)), "elsewhere"),
        (("a", "2025-06-01", 120, shapely.box(3e5, 8e6, 3.01e5, 8.001e6)), "not-its-crs"),
        (("a", "2025-06-01", 120, shapely.box(-70, -np.inf, -69, -11)), "not-its-crs"),
        (("a", "2025-06-01", -1, SQUARE), "negative-area"),
        (("a", "2025-06-01", "many", SQUARE), "bad-number"),
        (("a", "2025-06-01", float("inf"), SQUARE), "bad-number"),
        (("a", "2025-06-01", 242, SQUARE), "area-contradicts"),
        (("a", "2025-06-01", 60, SQUARE), "area-contradicts"),
        ((None, "2025-06-01", 120, SQUARE), "no-id"),
        (("a", "2025-06-01", 60, BOW), "repaired"),
    ],
)
def test_a_bad_row_has_its_number_and_its_reason(row, reason):
    """Mutants: a row that passes; one bad row that takes the good ones along; numbers from 0."""
    good = ("g", "2025-06-30", 120.5, SQUARE)
    assert reasons(good, row) == [(2, reason)]
    checked = check(table(good, row), FEED, TODAY)
    assert [one.external_id for one in checked.good] == (["g", "a"] if reason == "repaired" else ["g"])


def test_all_mistakes_at_once():
    """Mutant: the first mistake of a file hides the others."""
    rows = [("a", "x", 120, SQUARE), ("b", "2025-01-01", -1, SQUARE), ("c", "2026-01-01", "?", None)]
    assert reasons(*rows) == [
        (1, "bad-day"),
        (2, "negative-area"),
        (3, "bad-number"),
        (3, "future-day"),
        (3, "no-geometry"),
    ]


def test_one_name_with_two_contents_is_refused_whole():
    """Mutants: the first or the last wins; what is said twice word for word is refused, or counted as two."""
    one, other = ("a", "2025-01-01", 120, SQUARE), ("a", "2025-01-02", 120, SQUARE)
    assert reasons(one, other, one) == [(1, "twice"), (2, "twice"), (3, "twice")]
    checked = check(table(one, one), FEED, TODAY)
    assert (len(checked.good), checked.repeated, checked.notes) == (1, 1, ())


def test_degrees_under_a_crs_in_metres_are_refused():
    """Mutant: degrees taken for metres near the origin of the zone."""
    assert reasons(("a", "2025-01-01", 120, SQUARE), crs="EPSG:32719") == [(1, "not-its-crs")]


def test_another_declared_crs_is_transformed():
    """Mutant: metres taken as they are. The oracle is the corner of the zone: 500000 E is 69 W."""
    square = shapely.box(500_000, 8_700_000, 501_000, 8_701_000)
    (one,) = check(table(("a", "2025-01-01", 100, square), crs="EPSG:32719"), FEED, TODAY).good
    assert one.shape.bounds[0] == pytest.approx(-69.0, abs=1e-6)


def test_a_point_outside_its_own_box():
    """Mutants: a box whose corners are swapped; a point that contradicts its box."""
    feed = ready()["mapbiomas-peru"]
    columns = {
        "alert_code": ["a", "b", "c"],
        "detected_at": ["2024-01-01"] * 3,
        "published_at": [None] * 3,
        "area_ha": [1.0] * 3,
        "west": [-70.01, -69.99, -70.01],
        "south": [-12.01] * 3,
        "east": [-69.99, -70.01, -69.99],
        "north": [-11.99] * 3,
    }
    points = shapely.points([-70.0, -70.0, -70.5], [-12.0] * 3)
    arrays = {name: np.array(values, dtype=object) for name, values in columns.items()}
    checked = check(Table(arrays, points, "EPSG:4326", 3), feed, TODAY)
    assert [(note.row, str(note.reason)) for note in checked.notes] == [(2, "bad-box"), (3, "bad-box")]
    assert checked.good[0].shape.bounds == (-70.01, -12.01, -69.99, -11.99)


@pytest.mark.parametrize(
    ("period", "start", "end", "side"),
    [
        ("201800", None, "2018-12-31", "before"),
        ("201900", "2018-12-31", "2019-12-31", "before"),
        ("202400", "2023-12-31", "2024-12-31", "from"),
        ("202501", "2024-12-31", "2025-03-31", "from"),
        ("202502", "2025-03-31", "2025-06-30", "from"),
    ],
)
def test_periods_are_windows(period, start, end, side):
    """Mutants: a quarter off by a month; the stock given a start; the break of the model forgotten."""
    columns = {"period": np.array([period], object), "mined_area_ha": np.array([30.0], object)}
    shapes = np.array([SQUARE, None], dtype=object)[:1]
    (one,) = check(Table(columns, shapes, "EPSG:4326", 1), ready()["amazon-mining-watch"], TODAY + 365).good
    first = one.columns["window_start"]
    assert (None if first is None else iso_day(first), iso_day(one.columns["window_end"])) == (start, end)
    assert one.details["series"].startswith(f"{side} 202400")


@pytest.mark.parametrize("period", ["202505", "2025", "2025Q1", "", "202513"])
def test_no_period_is_guessed(period):
    """Mutant: a month taken for a quarter."""
    columns = {"period": np.array([period], object), "mined_area_ha": np.array([30.0], object)}
    shapes = np.array([SQUARE, None], dtype=object)[:1]
    checked = check(Table(columns, shapes, "EPSG:4326", 1), ready()["amazon-mining-watch"], TODAY)
    assert [str(note.reason) for note in checked.notes] == ["bad-day"]


@pytest.fixture
def frame():
    days = ["2025-01-05", "2025-02-06", "2025-03-07"]
    squares = [shapely.box(x, -12.0, x + 0.01, -11.99) for x in (-70.0, -69.0, -68.0)]
    return gpd.GeoDataFrame({"code": ["a", "b", "c"], "seen": days, "ha": 120.5}, geometry=squares, crs=4326)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet", ".shp"])
def test_formats_agree(frame, tmp_path, suffix):
    """Mutants: a format that drops a day, a number or an outline, so that the same alert differs."""
    path = tmp_path / f"feed{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    checked = check(read_table(path, FEED), FEED, TODAY)
    assert [one.external_id for one in checked.good] == ["a", "b", "c"]
    oracle = tmp_path / "oracle.parquet"
    frame.to_parquet(oracle)
    expected = check(read_table(oracle, FEED), FEED, TODAY)
    assert [one.content for one in checked.good] == [one.content for one in expected.good]


def test_undeclared_crs_is_refused(frame, tmp_path):
    """Mutants: WGS 84 assumed; the CRS of the mapping ignored."""
    path = tmp_path / "feed.shp"
    frame.to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match="declares no CRS"):
        read_table(path, FEED)
    assert read_table(path, FEED.model_copy(update={"crs": "EPSG:4674"})).crs == "EPSG:4674"


def test_every_missing_column_is_named(frame, tmp_path):
    """Mutant: one column a try."""
    path = tmp_path / "feed.parquet"
    frame.drop(columns=["code", "ha"]).to_parquet(path)
    with pytest.raises(InputMistakesError) as told:
        read_table(path, FEED)
    assert [mistake.split(":")[0] for mistake in told.value.mistakes] == ["id[0]", "area"]


def test_what_is_no_file_of_its_kind(tmp_path):
    """Mutants: a stack trace; an empty file that is no mistake."""
    for name in ("a.geojson", "a.gpkg", "a.parquet", "a.csv"):
        (tmp_path / name).write_bytes(b"{")
        with pytest.raises(InputError, match=name):
            read_table(tmp_path / name, FEED)
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "b.gpkg", FEED)


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(["2025-01-01", "2025-01-02", "never"]),
        st.sampled_from([120.0, -1.0]),
        st.sampled_from([SQUARE, None, BOW]),
    ),
    max_size=8,
)


@given(rows=ROWS, data=st.data())
def test_order_of_rows_changes_nothing(rows, data):
    """Property: the good rows and the reasons follow from the rows, not from where they stand."""
    mixed = data.draw(st.permutations(range(len(rows))))
    one = check(table(*rows), FEED, TODAY)
    other = check(table(*(rows[number] for number in mixed)), FEED, TODAY)
    assert {good.content for good in one.good} == {good.content for good in other.good}
    back = sorted((mixed[note.row - 1] + 1, str(note.reason)) for note in other.refused)
    assert back == sorted((note.row, str(note.reason)) for note in one.refused)
    rows_told = {note.row for note in one.refused}
    assert len(one.good) + one.repeated + len(rows_told) == len(rows)
