"""Nothing that others report from a reserve of peoples in isolation is shown, or told from nothing."""

from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely
from tests.pipeline.desk_rows import add, layer, new_centre, unit

from dosel.config.feed import FeedSettings
from dosel.errors import InputError
from dosel.model.marking import Marking
from dosel.pipeline.desk import AlertFilter, list_alerts
from dosel.pipeline.feeds.airstrips import list_airstrips, record
from dosel.pipeline.feeds.fires import FireFilter, list_fires
from dosel.pipeline.feeds.import_feed import import_feed

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RESERVE = shapely.box(-70.5, -13.0, -70.0, -12.5)
PLACES = {"inside": -70.2, "margin": -69.991, "outside": -69.8}
MARGIN_M = 2_000.0


@pytest.fixture
def centre(tmp_path):
    made = new_centre(tmp_path / "centre")
    add(made, "layers", [layer("reserves", "isolation", margin_m=MARGIN_M, units=1)])
    add(made, "layer_units", [unit("reserves", 0, RESERVE, "R", "R")])
    feeds = tuple(FeedSettings(name=name, id=("code",), day="seen") for name in ("a", "b"))
    object.__setattr__(made, "settings", made.settings.model_copy(update={"feed": feeds}))
    return made


def bring(centre, tmp_path, feed, columns, shapes):
    path = tmp_path / f"{feed}.parquet"
    frame = gpd.GeoDataFrame({"code": list(PLACES), **columns}, geometry=shapes, crs=4326)
    frame.to_parquet(path)
    return import_feed(centre, feed, path, str, now=NOW)


def test_what_lies_in_a_reserve_is_sealed_as_it_comes_in(centre, tmp_path):
    """Mutants: a kind of place that is forgotten; the margin forgotten; all sealed alike."""
    points = [shapely.Point(west, -12.7) for west in PLACES.values()]
    squares = [shapely.box(p.x, p.y, p.x + 0.001, p.y + 0.001) for p in points]
    for feed in ("a", "b"):
        bring(centre, tmp_path, feed, {"seen": "2022-08-30"}, squares)
    spots = {"acq_date": "2022-08-31", "acq_time": "0310", "satellite": "T", "confidence": 80}
    spots |= {"frp": 9.0, "scan": 1.0, "track": 1.0}
    bring(centre, tmp_path, "firms-modis", spots, points)
    bring(centre, tmp_path, "airstrips-brazil-2021", {"airstrip_id": [1, 2, 3]}, points)
    for table in ("alerts", "hot_spots", "fire_events", "airstrips", "incidents"):
        rows = centre.store.select(table)
        free = [row for row in rows if row["marking"] < Marking.SEALED]
        assert len(rows) == (6 if table == "alerts" else 3), table
        assert len(free) == len(rows) // 3, table
        assert all(row["geometry"].bounds[0] > -69.9 for row in free), table
    assert len(list_alerts(centre, AlertFilter())) == 2
    assert len(list_fires(centre, FireFilter())) == 1
    (shown,) = list_airstrips(centre).rows
    sealed = next(row["id"] for row in centre.store.select("airstrips") if row["id"] != shown["id"])
    with pytest.raises(InputError, match="no such airstrip"):
        record(centre, sealed, "active", 19_300, by="Ana", reason="", today=20_000, dry_run=False)
