"""The embedded store: the contract, and what is its own."""

# ruff: noqa: S608 - statements of constants

import sqlite3
import struct
import sys
import threading
from contextlib import closing

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dosel.errors import StoreError
from dosel.store import open_store
from dosel.store.columns import Geometry
from dosel.store.geometry import decode, encode, envelope, is_empty
from dosel.store.tables import TABLES
from dosel.testing.contracts import alert_row

SPATIAL = tuple(
    name for name, one in TABLES.items() if any(isinstance(c.type, Geometry) for c in one.columns)
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "centre.gpkg"


def test_gdal_opens_it_as_it_stands(path):
    """Mutants: axes swapped, SRS missing, tables not listed, blob header wrong."""
    store = open_store(path)
    with store.transaction():
        store.insert("alerts", [alert_row("a"), alert_row("b", -60.0, 2.0)])
        store.insert("meta", [{"key": "proof", "value": "S"}])
    store.close()
    layers = dict(pyogrio.list_layers(path))
    assert {name for name, kind in layers.items() if kind} == set(SPATIAL)
    assert set(layers) == set(TABLES)
    alerts = gpd.read_file(path, layer="alerts").sort_values("id")
    assert alerts.crs == "EPSG:4326"
    assert alerts.geometry.is_valid.all()
    assert alerts.total_bounds == pytest.approx([-69.5, -12.5, -59.999, 2.001])
    assert list(alerts["area_ha"]) == [1.25, 1.25]
    assert list(gpd.read_file(path, layer="alerts", bbox=(-61, 1, -59, 3))["id"]) == ["b"]
    meta = pyogrio.read_dataframe(path, layer="meta")
    assert dict(zip(meta["key"], meta["value"], strict=True))["proof"] == "S"


def test_gdal_finds_what_moved(path):
    """Mutant: an index that only our own queries can use, or that keeps the old place."""
    with closing(open_store(path)) as store:
        with store.transaction():
            store.insert("alerts", [alert_row("a"), alert_row("b")])
        with store.transaction():
            store.upsert("alerts", [alert_row("a", -60.0, 2.0)])
        assert list(gpd.read_file(path, layer="alerts", bbox=(-61, 1, -59, 3))["id"]) == ["a"]
        assert list(gpd.read_file(path, layer="alerts", bbox=(-70, -13, -69, -12))["id"]) == ["b"]


def test_triggers_are_those_of_gdal(path, tmp_path):
    """Oracle: GDAL's own GeoPackage 1.4 triggers, apart from blanks, quotes and OR REPLACE on a new box."""

    def triggers(file):
        with closing(sqlite3.connect(file)) as db:
            rows = db.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree%'"
            )
            return {n: "".join(s.replace('"', "").split()).lower().replace("orreplace", "") for n, s in rows}

    other = tmp_path / "gdal.gpkg"
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[alert_row("a")["geometry"]], crs=4326)
    options = {"geometry_name": "geometry", "dataset_options": {"VERSION": "1.4"}}
    for layer in SPATIAL:
        pyogrio.write_dataframe(frame, other, layer=layer, **options)
    open_store(path).close()
    assert triggers(path) == triggers(other)


def test_application_id_and_version(path):
    open_store(path).close()
    head = path.read_bytes()[:100]
    assert struct.unpack(">II", head[60:64] + head[68:72]) == (10400, 0x47504B47)


@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=5),
    st.booleans(),
)
def test_geometry_blob_round_trip(points, big_endian):
    """Mutant: envelope in x, y order instead of x, x, y, y; byte order of others not honoured."""
    geometry = shapely.MultiPoint(points)
    blob = encode(geometry)
    assert decode(blob).equals_exact(geometry, 0.0)
    west, south, east, north = geometry.bounds
    assert envelope(blob) == (west, east, south, north)
    order = ">" if big_endian else "<"
    flags = (0b10 if big_endian else 0b11, 0b100 if big_endian else 0b101)
    wkb = shapely.to_wkb(geometry, byte_order=0 if big_endian else 1)
    for flag, box in zip(flags, ((west, east, south, north), (west, east, south, north, 0, 1)), strict=True):
        foreign = struct.pack(f"{order}2sBBi{len(box)}d", b"GP", 0, flag, 4326, *box) + wkb
        assert envelope(foreign) == (west, east, south, north)
        assert decode(foreign).equals_exact(geometry, 0.0)


def test_empty_and_broken_blobs():
    assert is_empty(encode(shapely.MultiPolygon()))
    assert decode(encode(shapely.MultiPolygon())).is_empty
    for blob in (b"", b"XX000000", b"GP\x00\x0f" + bytes(8), encode(shapely.Point(1, 2))[:50]):
        with pytest.raises(StoreError, match="expected a GeoPackage"):
            decode(blob)


def test_bbox_equals_a_scan(path):
    """Oracle: comparing all boxes in double precision; mutant: 32-bit boxes taken for the truth."""
    rng = np.random.default_rng(7)
    corners = rng.uniform((-75, -15), (-65, -5), (400, 2))
    rows = [alert_row(f"a{i:03d}", x, y, 0.05) for i, (x, y) in enumerate(corners)]
    with closing(open_store(path)) as store:
        with store.transaction():
            store.insert("alerts", rows)
        for index in range(0, 400, 20):
            west, south = corners[index] + 0.05
            near, far = np.nextafter([west, south], [west + 1.0, south + 1.0])
            for box in ((west, south, west + 1, south + 1), (near, far, west + 1, south + 1)):
                inside = [
                    row["id"]
                    for row in rows
                    if row["geometry"].bounds[2] >= box[0]
                    and row["geometry"].bounds[0] <= box[2]
                    and row["geometry"].bounds[3] >= box[1]
                    and row["geometry"].bounds[1] <= box[3]
                ]
                assert [r["id"] for r in store.select("alerts", bbox=tuple(map(float, box)))] == inside


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO {} (fid, {}) SELECT fid, {} FROM {}",
        "REPLACE INTO {} (fid, {}) SELECT fid, {} FROM {}",
        "UPDATE {0} SET marking = 1",
        "DELETE FROM {0}",
    ],
)
@pytest.mark.parametrize("table", ["verdicts", "releases", "alert_events"])
def test_what_only_grows_is_guarded_in_the_file(path, table, statement):
    """Mutant: the guard stands in our Python alone, or forgets REPLACE, which deletes without a trigger."""
    from dosel.testing.contracts import _growing_row

    with closing(open_store(path)) as store, store.transaction():
        store.insert(table, [_growing_row(table)])
    columns = ", ".join(c.name for c in TABLES[table].columns if c.name != "fid")
    with closing(sqlite3.connect(path)) as db:
        before = db.execute(f"SELECT * FROM {table}").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            db.execute(statement.format(table, columns, columns, table))
        assert db.execute(f"SELECT * FROM {table}").fetchall() == before


def test_durable_settings(path):
    """Mutant: synchronous NORMAL, which in WAL mode may lose the last commits with the power."""
    store = open_store(path)
    ask = store._connection.exec_driver_sql
    assert ask("PRAGMA synchronous").scalar() == 2
    assert ask("PRAGMA journal_mode").scalar() == "wal"
    store.close()


def test_a_busy_file_says_so(path):
    with closing(open_store(path)) as store, closing(open_store(path, busy_timeout_s=0.05)) as other:
        with store.transaction():
            with pytest.raises(StoreError, match="another process is writing"), other.transaction():
                pass
            assert other.select("alerts") == []
        with other.transaction():
            other.insert("meta", [{"key": "a", "value": "1"}])


def test_a_full_disk_undoes_and_says_so(path):
    """Mutant: half of a transaction stays, or the store cannot be used when there is space again."""
    with closing(open_store(path)) as store:
        pages = store._connection.exec_driver_sql("PRAGMA page_count").scalar()
        store._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
        rows = [{"key": f"k{i}", "value": "x" * 4000} for i in range(50)]
        with pytest.raises(StoreError, match="the disk is full") as caught, store.transaction():
            store.insert("meta", rows)
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)
        assert len(store.select("meta")) == 1
        store._connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        with store.transaction():
            store.insert("meta", rows)
        assert len(store.select("meta")) == 51


def test_a_read_only_file_says_so(path):
    with closing(open_store(path)) as store:
        store._connection.exec_driver_sql("PRAGMA query_only = 1")
        with pytest.raises(StoreError, match="cannot be written"), store.transaction():
            store.insert("meta", [{"key": "a", "value": "1"}])


def test_a_damaged_file_says_so(path):
    with closing(open_store(path)) as store, store.transaction():
        store.insert("alerts", [alert_row(f"a{i}") for i in range(300)])
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):  # noqa: PT012 - either opening or reading tells
        store = open_store(path)
        try:
            store.select("alerts")
        finally:
            store.close()


def test_other_files_are_refused_and_left_alone(tmp_path):
    """Mutant: our tables are put into somebody's database, or its journal mode is changed."""
    text, other, missing = tmp_path / "a.gpkg", tmp_path / "b.gpkg", tmp_path / "none" / "c.gpkg"
    text.write_text("no database, but long enough to be one" * 100)
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE meta (key, value)")
    before = other.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        open_store(text)
    with pytest.raises(StoreError, match="another database"):
        open_store(other)
    with pytest.raises(StoreError, match="folder exists"):
        open_store(missing)
    with pytest.raises(StoreError, match="no such file"):
        open_store(tmp_path / "d.gpkg", create=False)
    assert other.read_bytes() == before
    assert not (tmp_path / "d.gpkg").exists()


def test_many_open_a_new_file_at_once(path):
    """Mutant: the schema is made without a lock, or the switch to WAL fails under contention."""
    errors = []

    def make():
        try:
            open_store(path).close()
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_sqlalchemy_is_not_imported_early():
    """Mutant: half a second on every start of the command line."""
    import subprocess

    code = "import sys, dosel.store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
