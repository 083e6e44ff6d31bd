"""What of a row is kept: no person, no spreadsheet's day 0, nothing that stops the other rows."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pydantic import ValidationError

from dosel.alerts.partner.check import check
from dosel.alerts.partner.read import read_table
from dosel.config.feed import FeedSettings
from dosel.context.parse import parse_definitions
from dosel.errors import InputMistakesError
from dosel.model.time import day_of

TODAY = day_of("2026-11-01")
FEED = FeedSettings(name="f", id=("id",), day="seen", extent="point")


def checked(tmp_path: Path, ids: list[str], days: list[object], feed: FeedSettings = FEED, **columns: object):
    points = [shapely.Point(-70, -12)] * len(ids)
    frame = gpd.GeoDataFrame({"id": ids, "seen": days, **columns}, geometry=points, crs=4326)
    frame.to_parquet(tmp_path / "f.parquet")
    return check(read_table(tmp_path / "f.parquet", feed), feed, TODAY)


def test_who_a_person_is_stays_outside(tmp_path):
    """Mutants: details keep every column; what kind a holder is goes too."""
    said = {"TITULAR": "Juana P.", "CPF_CNPJ": "1", "Nome do proprietário": "J", "TITULAR_TIPO": "comunidad"}
    (row,) = checked(tmp_path, ["a"], ["2024-01-01"], **said).good
    assert row.details == {"TITULAR_TIPO": "comunidad"}


@pytest.mark.parametrize("key", ["details", "unit_name", "category", "code"])
def test_no_layer_is_defined_with_persons(key):
    """Mutants: only `details` is looked at; a lone column is not."""
    text = (
        '[[layer]]\nname = "x"\ntheme = "concession-timber"\nshape = "area"\ncompleteness = "partial"\n'
        f'file = "x.gpkg"\n{key} = ["TITULAR"]\n'
    )
    with pytest.raises(InputMistakesError, match=rf"{key}: 'TITULAR' is a column of persons"):
        parse_definitions(text)


def test_days_before_anything_looked_from_above(tmp_path):
    """Mutant: day 0 of a spreadsheet, or year 1, is an old alert, and every later one has a past."""
    done = checked(tmp_path, ["a", "b", "c"], ["0001-01-01", "1899-12-30", "2024-01-01"])
    assert [(note.row, str(note.reason)) for note in done.notes] == [(1, "bad-day"), (2, "bad-day")]
    assert [one.external_id for one in done.good] == ["c"]


@pytest.mark.parametrize("day", ["999999999", "-999999999"])
def test_a_day_that_no_calendar_holds_refuses_its_row_only(tmp_path, day):
    """Mutant: an overflow ends the whole import."""
    feed = FEED.model_copy(update={"day_format": "days"})
    done = checked(tmp_path, ["a", "b"], [day, "19000"], feed)
    assert [str(note.reason) for note in done.notes] == ["bad-day"]
    assert len(done.good) == 1


def test_a_name_that_steers_is_tamed_as_it_comes_in(tmp_path):
    """Mutant: NUL, which no store takes, ends the whole import."""
    (row,) = checked(tmp_path, ["a\x00\x1b[2J"], ["2024-01-01"], note="x\x00y").good
    assert row.external_id == "a\ufffd\ufffd[2J"
    assert row.details == {"note": "x\ufffdy"}


def test_no_feed_is_called_own():
    """Mutant: `--source own` then means two things."""
    with pytest.raises(ValidationError, match="name own is the watch"):
        FeedSettings(name="own", day="d")
