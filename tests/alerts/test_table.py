"""Alerts to rows and back, snapshots, events that are told once, rewinding."""

import json
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from dosel.alerts.alert import Alert
from dosel.alerts.table import (
    AlertLook,
    alerts_hash,
    from_row,
    load_open,
    restore,
    rewind,
    settle,
    snapshot,
    store_alerts,
    store_events,
    store_looks,
    to_degrees,
    to_rows,
)
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.marking import Marking
from dosel.model.provenance import Method
from dosel.store import open_store
from dosel.testing.samples import CRS, alert


def load(store, ids):
    """Return the alerts with these ids, by id."""
    return [from_row(row) for row in store.select("alerts", {"id": ids})]


@dataclass(frozen=True)
class Happening:
    alert_id: str
    event: AlertEvent
    day: int
    look_id: str = "look"
    detail: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def store(tmp_path):
    with closing(open_store(tmp_path / "centre.gpkg")) as store:
        yield store


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
DAYS = st.integers(0, 40_000)
SQUARES = st.lists(st.integers(0, 50).map(lambda i: i * 40), min_size=1, max_size=4, unique=True).map(
    lambda xs: shapely.MultiPolygon(
        [shapely.box(500_000 + x, 8e6 + 0.1, 500_020 + x, 8_000_020.1) for x in xs]
    )
)
ALERTS = st.builds(
    Alert,
    id=WORDS.map(lambda text: f"alert-{text}"),
    status=st.sampled_from(AlertStatus),
    geometry=SQUARES,
    runs=st.binary(max_size=48),
    area_ha=st.floats(0, 1e6),
    pixels=st.integers(0, 2**40),
    changed_pixels=st.integers(0, 2**31),
    window_start=DAYS,
    window_end=DAYS,
    onset=DAYS,
    last_growth=DAYS,
    updated=DAYS,
    confirmed=st.none() | DAYS,
    ended=st.none() | DAYS,
    evidence=st.floats(0, 512),
    looks=st.integers(0, 1000),
    parents=st.lists(WORDS, max_size=3).map(tuple),
    reason=WORDS,
    method=st.builds(Method, WORDS, WORDS, WORDS),
    streams=st.lists(WORDS, max_size=3).map(tuple),
    baseline=st.sampled_from(["history", "surroundings"]),
    marking=st.sampled_from(Marking),
)


def same(one, two):
    """Whether alerts are equal in every field, in its type, and in every bit of the outline."""
    names = [name for name in Alert.__slots__ if name != "geometry"]
    return (
        all(
            getattr(one, n) == getattr(two, n) and type(getattr(one, n)) is type(getattr(two, n))
            for n in names
        )
        and one.geometry.equals_exact(two.geometry, 0.0)
        and one.geometry.wkb == two.geometry.wkb
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(alert=ALERTS)
def test_rows_round_trip_exactly(store, alert):
    """Mutant: the outline comes back from degrees; a tuple as a list; a field left out."""
    with store.transaction():
        store.delete("alerts", {"id": alert.id})  # one that was sealed stays so
        store_alerts(store, [alert], CRS, step=3)
    (back,) = load(store, [alert.id])
    assert same(back, alert)
    assert same(from_row(to_rows([alert], CRS, 1)[0]), alert)


@settings(max_examples=40, deadline=None)
@given(alerts=st.lists(ALERTS, max_size=4, unique_by=lambda a: a.id))
def test_snapshots_round_trip_exactly(alerts):
    """Mutant: order of the list in the text; a value that JSON changes."""
    text = json.dumps(snapshot(alerts), allow_nan=False)
    assert text == json.dumps(snapshot(reversed(alerts)))
    for back, known in zip(restore(json.loads(text)), sorted(alerts, key=lambda a: a.id), strict=True):
        assert same(back, known)


def test_degrees_are_lon_lat_of_the_same_ground():
    """Oracle: the ellipsoid's own area and the zone's meridian; mutants: axes swapped, another zone."""
    square = shapely.MultiPolygon([shapely.box(500_000, 8_600_000, 501_000, 8_601_000)])
    degrees = to_degrees([square], "EPSG:32719")[0]
    assert degrees.geom_type == "MultiPolygon"
    assert degrees.bounds[0] == pytest.approx(-69.0, abs=1e-9)
    assert -13 < degrees.bounds[1] < -12
    area = abs(Geod(ellps="WGS84").geometry_area_perimeter(degrees)[0])
    assert area == pytest.approx(1e6 / 0.9996**2, rel=1e-4)


def test_parts_that_touch_at_corners_stay_valid_in_degrees():
    """Mutant: an invalid polygon in the exchange column, which QGIS and PostGIS refuse."""
    parts = [
        shapely.box(500_000 + 10 * i, 8e6 + 10 * i, 500_010 + 10 * i, 8_000_010 + 10 * i) for i in range(50)
    ]
    degrees = to_degrees([shapely.MultiPolygon(parts)], "EPSG:32719")[0]
    assert degrees.is_valid
    assert len(degrees.geoms) == 50


def test_open_alerts_are_loaded(store):
    """Mutant: closed, merged or superseded ones are tracked on."""
    alerts = [alert(f"alert-{status.name}", status=status) for status in AlertStatus]
    with store.transaction():
        store_alerts(store, alerts, CRS, 1)
        rewind(store, [a for a in alerts if a.status != AlertStatus.PROVISIONAL], CRS, 0)
    assert [a.id for a in load_open(store)] == ["alert-CONFIRMED"]


def test_a_replay_tells_nothing_twice(store):
    """Mutants: events doubled at every replay; a new event swallowed because one like it exists."""
    new = Happening("a", AlertEvent.NEW, 10, detail={"pixels": 12})
    grown = Happening("a", AlertEvent.GROWN, 12, "other", {"pixels": 3})
    with store.transaction():
        assert store_events(store, [new, grown, grown], 1) == 2
        assert store_events(store, [new, grown], 5) == 0
        assert store_events(store, [replace(grown, detail={"pixels": 4}), replace(new, alert_id="b")], 5) == 2
    assert [row["event"] for row in store.select("alert_events", {"alert_id": "a"})] == [1, 2, 2]


def test_a_rewind_and_the_same_looks_give_the_same_table(store):
    """Mutants: what the rewind set aside stays withdrawn, or is told superseded though it came back."""
    first, later = alert("alert-1"), alert("alert-2", col=41_000)
    grown = replace(first, pixels=20, updated=18_012)
    looks = [AlertLook("alert-1", f"l{i}", "vv", 18_000 + i, 12, -1.5) for i in (1, 2)]

    def fold():
        store_alerts(store, [grown, later], CRS, 2)
        store_looks(store, looks[1:], 2)
        store_events(store, [Happening("alert-2", AlertEvent.NEW, 18_012)], 2)

    with store.transaction():
        store_alerts(store, [first], CRS, 1)
        store_looks(store, looks[:1], 1)
        fold()
    before, at_checkpoint = alerts_hash(store), snapshot([first])
    with store.transaction():
        assert rewind(store, restore(at_checkpoint), CRS, 1) == 1
        assert same(load(store, ["alert-1"])[0], first)
        assert [a.id for a in load_open(store)] == ["alert-1"]
        assert len(store.select("alert_looks")) == 1
        assert alerts_hash(store) != before
        fold()
        assert settle(store, 18_013, "late", 3) == ()
    assert alerts_hash(store) == before
    assert [row["event"] for row in store.select("alert_events")] == [AlertEvent.NEW]


def test_what_does_not_come_back_is_superseded_once(store):
    """Mutants: the row is removed; the event is told at every settling, or lost after a kill."""
    with store.transaction():
        store_alerts(store, [alert("alert-1")], CRS, 1)
    alone = alerts_hash(store)
    with store.transaction():
        store_alerts(store, [alert("alert-2")], CRS, 2)
        store_events(store, [Happening("alert-2", AlertEvent.NEW, 18_012)], 2)
    with store.transaction():
        rewind(store, [alert("alert-1")], CRS, 1)
    with store.transaction():  # the next run, after a kill, rewinds again
        assert rewind(store, [alert("alert-1")], CRS, 1) == 0
        assert settle(store, 18_013, "late", 2) == ("alert-2",)
        assert settle(store, 18_013, "late", 2) == ()
    (gone,) = load(store, ["alert-2"])
    assert gone.status == AlertStatus.WITHDRAWN
    assert alerts_hash(store) == alone
    events = store.select("alert_events", {"alert_id": "alert-2"})
    assert [row["event"] for row in events] == [AlertEvent.NEW, AlertEvent.SUPERSEDED]
    with store.transaction():  # another late look brings it back: it is new again
        store_events(store, [Happening("alert-2", AlertEvent.NEW, 18_012)], 3)
    assert len(store.select("alert_events", {"alert_id": "alert-2"})) == 3


def test_what_the_checkpoint_closed_stays_as_it_was(store):
    """Mutant: an alert that ended before the checkpoint, and so is not in its snapshot, is superseded."""
    ended = alert("alert-0", status=AlertStatus.CLOSED, ended=18_001)
    with store.transaction():
        store_alerts(store, [ended], CRS, 1)
        store_alerts(store, [alert("alert-1")], CRS, 2)
        rewind(store, [], CRS, 1)
    assert same(load(store, ["alert-0"])[0], ended)


def test_hash_ignores_what_is_not_content(store, tmp_path):
    """Mutants: order of arrival, step numbers or the projected outline are hashed; the pixels are not."""
    with closing(open_store(tmp_path / "other.gpkg")) as other:
        with store.transaction(), other.transaction():
            store_alerts(store, [alert("alert-1"), alert("alert-2")], CRS, 1)
            store_alerts(other, [alert("alert-2"), alert("alert-1")], CRS, 7)
        assert alerts_hash(store) == alerts_hash(other)
        with other.transaction():
            store_alerts(other, [alert("alert-2", runs=b"\0" * 12)], CRS, 7)
        assert alerts_hash(store) != alerts_hash(other)
