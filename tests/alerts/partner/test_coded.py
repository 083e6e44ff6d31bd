"""Rasters of coded alerts: pixels become groups with an outline, a day and a name."""

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_origin

from dosel.alerts.partner.check import check
from dosel.alerts.partner.coded import grouped, read_coded
from dosel.alerts.partner.mapping import ready
from dosel.errors import InputError
from dosel.model.time import day_of, iso_day
from dosel.stack import coded

FEED = ready()["gfw-integrated"]
TODAY = day_of("2025-06-30")
PIXEL = 1e-4


def write(path, values, crs="EPSG:4326", dtype="uint16", west=-70):
    values = np.asarray(values, dtype)
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": dtype}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=from_origin(west, -9, PIXEL, PIXEL), nodata=0, **shape
    ) as file:
        file.write(values, 1)
    return path


def read(path, feed=FEED):
    table, how = read_coded(path, feed)
    return check(table, how, TODAY).good


def test_codes_are_a_confidence_and_days_since_day_zero(tmp_path):
    """Mutants: day zero off by one; the digit of the confidence among the days."""
    (one,) = read(write(tmp_path / "a.tif", [[0, 33653], [0, 0]]))
    assert iso_day(one.columns["window_end"]) == "2024-12-31"  # ten years with three leap days
    assert (one.columns["confidence"], one.details["pixels"]) == ("high", 1)
    other = FEED.model_copy(update={"day_zero": "2015-01-01"})
    assert read(tmp_path / "a.tif", other)[0].columns["window_end"] == one.columns["window_end"] + 1


def test_neighbours_of_one_time_are_one_outline(tmp_path):
    """Mutants: corners that do not count; groups of another time drawn in; outlines off by a pixel."""
    values = [[23000, 0, 0, 0], [0, 33010, 0, 0], [0, 23100, 0, 43000], [0, 0, 0, 43000]]
    good = read(write(tmp_path / "a.tif", values))
    assert sorted(one.details["pixels"] for one in good) == [1, 2, 2]
    pair = next(one for one in good if one.columns["confidence"] == "highest")
    assert shapely.box(*pair.shape.bounds).equals(pair.shape)
    assert pair.shape.bounds == pytest.approx((-69.9997, -9.0004, -69.9996, -9.0002), abs=1e-9)
    assert pair.columns["area_ha"] == pytest.approx(2 * 11.0 * 11.06 / 1e4 * 0.99, rel=0.03)


def test_the_same_pixel_of_two_tiles_is_not_one_alert(tmp_path):
    """Mutant: a name from row and column, which every tile has."""
    one, other = (write(tmp_path / f"{west}.tif", [[23000]], west=west) for west in (-70, -60))
    assert read(one)[0].external_id != read(other)[0].external_id


def test_it_keeps_its_name_while_it_grows(tmp_path):
    """Mutant: a name of all pixels, or of the first in the file."""
    (before,) = read(write(tmp_path / "a.tif", [[0, 0], [0, 23000]]))
    (after,) = read(write(tmp_path / "b.tif", [[23005, 23005], [0, 33000]]))
    assert before.external_id == after.external_id
    assert before.content != after.content


def test_windows_change_nothing(tmp_path, monkeypatch):
    """Mutants: a pixel lost at the seam of two windows; a group cut there."""
    values = np.zeros((9, 11), np.uint16)
    values[2:7, 3] = 23000
    values[4, 1:9] = 33001
    write(tmp_path / "a.tif", values)
    whole = [one.content for one in read(tmp_path / "a.tif")]
    monkeypatch.setattr(coded, "_ROWS", 2)
    monkeypatch.setattr(coded, "_COLUMNS", 3)
    assert [one.content for one in read(tmp_path / "a.tif")] == whole


def test_what_is_no_raster_of_codes(tmp_path):
    """Mutants: CRS assumed; floats rounded; codes of another product taken as they come."""
    bare = FEED.model_copy(update={"crs": ""})
    with pytest.raises(InputError, match="no CRS"):
        read_coded(write(tmp_path / "a.tif", [[23000]], crs=None), bare)
    with pytest.raises(InputError, match="whole numbers"):
        read_coded(write(tmp_path / "b.tif", [[23000.5]], dtype="float32"), FEED)
    with pytest.raises(InputError, match="begin with 2, 3, 4, got 9"):
        read_coded(write(tmp_path / "c.tif", [[23000, 9]]), FEED)
    (tmp_path / "d.tif").write_bytes(b"II*\0no")
    with pytest.raises(InputError, match="cannot be read"):
        read_coded(tmp_path / "d.tif", FEED)
    with pytest.raises(InputError, match="no codes"):
        read_coded(tmp_path / "a.tif", ready()["deter"])


def test_an_empty_raster_is_an_empty_list(tmp_path):
    """Mutant: an error where there is nothing to report."""
    assert read(write(tmp_path / "a.tif", np.zeros((3, 3)))) == ()


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 60)), unique_by=lambda p: p[:2])
)
def test_groups_are_those_of_a_walk(pixels):
    """Property: an independent walk over neighbours finds the same groups."""
    label = grouped(*(np.array([p[n] for p in pixels], np.int64) for n in range(3)), 20)
    expected = list(range(len(pixels)))
    for _ in pixels:
        for a, one in enumerate(pixels):
            for b, other in enumerate(pixels):
                near = max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 1
                if near and abs(one[2] - other[2]) <= 20:
                    expected[a] = expected[b] = min(expected[a], expected[b])
    assert label.tolist() == expected
