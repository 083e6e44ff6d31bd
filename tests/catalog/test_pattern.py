"""File name patterns read back what was written, and say what is wrong with them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.catalog.pattern import compile_pattern
from dosel.errors import InputError

FORMS = ["%Y-%m-%d", "%Y%m%d", "%Y%j", "%d.%m.%Y"]


@given(
    st.dates(date(1984, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS), st.sampled_from(["vv", "ndvi"])
)
def test_what_was_written_is_read(day: date, form: str, band: str) -> None:
    name = f"T19LCC/{day.strftime(form)}_{band}.tif"
    read = compile_pattern("*/{date:" + form + "}_{band}.tif").read(name)
    assert read == {"date": day.isoformat(), "band": band, "granule": "T19LCC"}


def test_instants_are_utc() -> None:
    read = compile_pattern("{date:%Y%m%dT%H%M%S}.tif").read("20240501T101020.tif")
    assert read == {"date": "2024-05-01T10:10:20Z"}
    assert datetime.fromisoformat(read["date"]).tzinfo is not None


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{date}-s1vv.tif", "2016-01-05-s1vvxtif"),
        ("{date}-s1vv.tif", "2016-1-05-s1vv.tif"),
        ("{date}-s1vv.tif", "x2016-01-05-s1vv.tif"),
        ("*.tif", "sub/a.tif"),
        ("{date}_{band}.tif", "2016-01-05_.tif"),
    ],
)
def test_what_does_not_fit_is_not_read(pattern: str, name: str) -> None:
    assert compile_pattern(pattern).read(name) is None


def test_a_date_that_is_none_is_said() -> None:
    with pytest.raises(InputError, match=r"2016-02-31.*no date"):
        compile_pattern("{date}.tif").read("2016-02-31.tif")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{day}.tif", "no field; there are date, band"),
        ("{}.tif", "no field"),
        ("{band}{band}.tif", "there twice"),
        ("{date:%B}.tif", "%B in the date"),
    ],
)
def test_wrong_patterns(pattern: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        compile_pattern(pattern)
