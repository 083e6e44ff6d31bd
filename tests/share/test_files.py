"""Released files: what stands in them, and that they appear whole or not at all."""

import json

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from dosel.errors import InputError, ReleaseError, StoreError
from dosel.model.codes import STATE_DAY0
from dosel.share import files
from dosel.share.files import COLUMNS, Quality, export_alerts

NAMES = ("alert-1", "alert-2", "alert-sealed")
WHO = {"actor": "operator", "purpose": "weekly report"}
SUFFIXES = (".gpkg", ".parquet", ".geojson")


def rows(centre, names=NAMES):
    return centre.select("alerts", {"id": names})


def read(path):
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    as_written = {"layer": "alerts"} if path.suffix == ".gpkg" else {"DATE_AS_STRING": "YES"}
    return gpd.read_file(path, **as_written)


def _clean(value):
    return None if value is None or value != value else value


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_stands_in_a_file(centre, tmp_path, suffix):
    """Mutants: codes instead of words, day numbers instead of dates, provenance or the release left out."""
    path = tmp_path / f"out{suffix}"
    released = export_alerts(
        centre, rows(centre), path, **WHO, quality=Quality("9 %", "3 %, upper bound 5 %", "S")
    )
    table = read(path)
    assert list(table["id"]) == ["alert-1", "alert-2"]
    assert table.crs == "EPSG:4326"
    for outline, row in zip(table.geometry, rows(centre), strict=False):
        assert outline.normalize().equals_exact(row["geometry"].normalize(), 1e-9)
    (content,) = (row["content"] for row in centre.select("scenes", {"id": "b"}))
    second = {name: _clean(value) for name, value in table.iloc[1].items() if name in COLUMNS}
    assert second == {
        "id": "alert-2",
        "status": "confirmed",
        "status_means": "enough evidence over enough area; withdrawn only by intact forest or by a person",
        "verdict": "",
        "area_ha": 0.12,
        "pixels": 12,
        "changed_pixels": 5,
        "window_start": "2019-04-04",
        "window_end": "2019-04-16",
        "onset": "2019-04-10",
        "last_growth": "2019-04-16",
        "updated": "2019-04-16",
        "confirmed": "2019-04-27",
        "ended": None,
        "evidence": 8.25,
        "looks": 2,
        "look_ids": "radar/descending/18012/b",
        "scenes": "demo/b",
        "scene_contents": content,
        "sources": "simulated (CC0-1.0)",
        "source": "",
        "external_id": None,
        "extent": "outline",
        "date_meaning": None,
        "confidence": None,
        "published": None,
        "streams": "radar/descending/vv",
        "baseline": "history",
        "parents": "alert-1",
        "reason": "",
        "method": "cusum 1",
        "parameters": "ab" * 32,
        "parameter_values": '{"thresholds": {"h1": 3.75, "h2": 6.0}}',
        "error_rate": "3 %, upper bound 5 %",
        "proof": "S",
        "marking": "restricted",
        "release": released.id,
        "released": released.instant,
    }
    assert set(table.columns) - {"bbox"} == {*COLUMNS, "geometry"}
    assert [entry["destination"] for entry in centre.select("releases")] == [str(path)]


def test_legends(centre, tmp_path):
    """Mutant: a column or word of the file that its legend does not explain."""
    for suffix in SUFFIXES:
        export_alerts(centre, rows(centre), tmp_path / f"out{suffix}", **WHO)
    table = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="legend")
    words = {kind: set(group["word"]) for kind, group in table.groupby("kind")}
    meta = pq.read_schema(tmp_path / "out.parquet").metadata
    collection = json.loads((tmp_path / "out.geojson").read_text())
    for legend in (words, json.loads(meta[b"dosel:legend"]), collection["legend"]):
        assert set(legend["column"]) == set(COLUMNS)
        assert "withdrawn" in legend["status"]
    assert b"geo" in meta


def test_geojson_is_rfc_7946(centre, tmp_path):
    """Mutants: rings with the clock, a crs member, projected coordinates, NaN."""
    path = tmp_path / "out.geojson"
    export_alerts(centre, rows(centre), path, **WHO)
    collection = json.loads(path.read_text(), parse_constant=pytest.fail)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        assert feature["geometry"]["type"] == "MultiPolygon"
        outline = shapely.geometry.shape(feature["geometry"])
        assert all(part.exterior.is_ccw for part in outline.geoms)
        assert not any(ring.is_ccw for part in outline.geoms for ring in part.interiors)
        assert -70 < outline.bounds[0] < outline.bounds[2] < -68


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_open_window_has_no_start(centre, tmp_path, suffix):
    """Mutant: day 0 of the states released as the last valid look before the change."""
    path = tmp_path / f"out{suffix}"
    open_window = [row | {"window_start": STATE_DAY0} for row in rows(centre, ["alert-1"])]
    export_alerts(centre, open_window, path, **WHO)
    assert _clean(read(path)["window_start"][0]) is None
    assert read(path)["window_end"][0] == "2019-04-16"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_released_is_still_a_file(centre, tmp_path, suffix):
    """Mutant: a file without a row fails, which tells that all was sealed."""
    path = tmp_path / f"out{suffix}"
    export_alerts(centre, rows(centre, ["alert-sealed"]), path, **WHO)
    sealed = read(path)
    other = tmp_path / f"none{suffix}"
    export_alerts(centre, [], other, **WHO)
    assert len(sealed) == len(read(other)) == 0
    assert {*COLUMNS} <= {*read(path).columns} or suffix == ".geojson"


def test_quality_is_never_silent(centre, tmp_path):
    """Mutant: no figure reads like a good one."""
    export_alerts(centre, rows(centre), tmp_path / "a.gpkg", **WHO)
    with centre.transaction():
        centre.insert("meta", [{"key": "proof", "value": "S"}])
    export_alerts(centre, rows(centre), tmp_path / "b.gpkg", **WHO)
    found = [
        set(zip(t["error_rate"], t["proof"], strict=True))
        for t in map(read, sorted(tmp_path.glob("[ab].gpkg")))
    ]
    assert found == [{("not measured", "not stated")}, {("not measured", "S")}]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_existing_file_stays_unless_asked(centre, tmp_path, suffix):
    """Mutants: overwritten without being asked; recorded as released though refused; appended to."""
    path = tmp_path / f"out{suffix}"
    path.write_text("somebody's work")
    with pytest.raises(InputError, match="exists"):
        export_alerts(centre, rows(centre), path, **WHO)
    assert path.read_text() == "somebody's work"
    assert centre.select("releases") == []
    for _ in range(2):
        export_alerts(centre, rows(centre), path, **WHO, overwrite=True)
    assert len(read(path)) == 2


@pytest.mark.parametrize("name", ["out.shp", "out", "none/out.gpkg"])
def test_targets_that_cannot_be(centre, tmp_path, name):
    with pytest.raises(InputError, match=r"expected a name|folder"):
        export_alerts(centre, rows(centre), tmp_path / name, **WHO)
    assert centre.select("releases") == []


def test_half_a_file_is_never_seen(centre, tmp_path, monkeypatch):
    """Mutants: written in place; the other name left behind; the error not told in one sentence."""
    path = tmp_path / "out.gpkg"
    path.write_text("before")

    def fail(table, words, part):
        part.write_text("half")
        assert path.read_text() == "before"
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(files._WRITERS, ".gpkg", fail)
    with pytest.raises(StoreError, match="No space left"):
        export_alerts(centre, rows(centre), path, **WHO, overwrite=True)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir() if "part" in p.name] == []


def test_a_refused_release_leaves_no_file(centre, tmp_path):
    with pytest.raises(ReleaseError):
        export_alerts(centre, rows(centre, ["alert-unknown"]), tmp_path / "out.gpkg", **WHO)
    assert not (tmp_path / "out.gpkg").exists()


def test_a_rate_is_said_of_its_own_stratum_only(centre, tmp_path):
    """Mutants: the rate of the history on alerts of the surroundings, or on thresholds set by hand."""
    alarms = {"nats": 3.75, "groups": 1, "ha": 0.5, "mha_years": 0.01, "upper": 240.0}
    known = {"budget": 200.0, "provisional": alarms, "confirmed": alarms}
    asked = rows(centre, ["alert-1", "alert-2"])
    said = {}
    for h1 in (3.75, 3.0):
        value = json.dumps(known | {"thresholds": {"h1": h1, "h2": 6.0}})
        with centre.transaction():
            centre.upsert("meta", [{"key": "calibration", "value": value}])
        path = tmp_path / f"{h1}.parquet"
        export_alerts(centre, [asked[0], asked[1] | {"baseline": "surroundings"}], path, **WHO)
        said[h1] = list(read(path)["error_rate"])
    rate = "50 false ha per million ha and year, at most 240 (95 %), on held-out history"
    assert said == {3.75: [rate, "not measured"], 3.0: ["not measured"] * 2}
