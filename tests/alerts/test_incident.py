"""Incident candidates: several sources about one place and time are one, and no chain swallows a province."""

from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from dosel.alerts.incident import (
    NEAR_DAYS,
    NEAR_M,
    SPAN_DAYS,
    SPAN_M,
    VAGUE_DAYS,
    Member,
    incident_id,
    incidents,
)
from dosel.model.time import iso_instant
from dosel.pipeline.feeds.incidents import refresh_incidents
from dosel.store import open_store
from dosel.testing.contracts import alert_row

GEOD = Geod(ellps="WGS84")
SIDE_M = 50.0


def square(east_m, lat=-9.0, side_m=SIDE_M):
    """Return a square whose western side lies `east_m` from 70 W."""
    west = GEOD.fwd(-70.0, lat, 90.0, east_m)[0]
    east = GEOD.fwd(west, lat, 90.0, side_m)[0]
    return shapely.MultiPolygon([shapely.box(west, lat, east, lat + 0.0005)])


def member(source, day, east_m=0.0, *, first=None, vague=False, area=None, lat=-9.0, kind="alert"):
    name = f"{source}-{day}-{east_m:g}"
    return Member(kind, name, source, square(east_m, lat), vague, first, day, area)


def names(found):
    return sorted(sorted(joined.member.id for joined in one.members) for one in found)


@pytest.mark.parametrize("lat", [-9.0, 60.0])
@pytest.mark.parametrize(("gap", "together"), [(NEAR_M - 2, True), (NEAR_M + 2, False)])
def test_places_that_are_near(gap, together, lat):
    """Mutants: metres of the plane for metres on the ground (twice as many at 60 N); degrees for metres."""
    pair = [member("a", 100, lat=lat), member("b", 100, SIDE_M + gap, lat=lat)]
    assert bool(incidents(pair)) == together


@pytest.mark.parametrize(
    ("first", "day", "together"),
    [
        (None, 100 + NEAR_DAYS, True),
        (None, 101 + NEAR_DAYS, False),
        (100 + NEAR_DAYS, 150 + NEAR_DAYS, True),
        (90, 110, True),
        (None, 99 - NEAR_DAYS, False),
    ],
)
def test_windows_that_are_near(first, day, together):
    """Mutants: the end for the whole window; an unknown start as long ago."""
    assert bool(incidents([member("a", 100), member("b", day, first=first)])) == together


def test_one_source_alone_is_no_incident():
    """Mutant: neighbours in one list become an incident; the source itself keeps them apart."""
    assert incidents([member("a", 100), member("a", 101)]) == ()


def test_a_box_is_a_disc_about_its_middle():
    """Mutants: the box as it stands, 1.9 km wide; its hectares forgotten."""
    box = shapely.MultiPolygon([shapely.box(-70.01, -9.01, -69.99, -8.99)])
    far, near = 1000.0, 400.0
    for east, together in ((far, False), (near, True)):
        vague = Member("alert", "box", "b", box, True, None, 100, 3.14159)  # a disc of 100 m
        outline = Member("alert", "o", "a", square(east - 1, -9.00025), False, None, 100, 0.25)
        assert bool(incidents([vague, outline])) == together


def test_no_chain_swallows_a_province():
    """Mutant: links without a bound, so that a kilometre follows a kilometre across the country."""
    chain = [member("ab"[number % 2], 100, 200.0 * number) for number in range(200)]
    found = incidents(chain)
    assert len(found) > 10
    for one in found:
        anchor = one.members[0].member.geometry
        for joined in one.members:
            assert anchor.distance(joined.member.geometry) * 110_000 <= SPAN_M * 1.02


def test_no_chain_swallows_a_decade():
    """Mutant: a bound in place only."""
    chain = [member("ab"[number % 2], 100 + 25 * number) for number in range(20)]
    for one in incidents(chain):
        assert one.members[-1].member.day - one.members[0].member.day <= SPAN_DAYS


def test_a_year_long_window_founds_nothing_and_links_nothing_further():
    """Mutant: all that happened in a year becomes one incident through the yearly layer."""
    year = member("year", 400, first=400 - VAGUE_DAYS - 1)
    assert incidents([year, member("year2", 400, first=100)]) == ()
    found = incidents([member("a", 310), year, member("b", 390)])
    assert names(found) == [["a-310-0", "year-400-0"]]


def test_it_keeps_its_identity_while_it_grows():
    """Mutant: an id of all members, which changes with each."""
    first, later = member("a", 100), [member("b", 110), member("c", 120, 100.0)]
    grown = [incidents([first, *later[:count]])[0] for count in (1, 2)]
    assert [one.id for one in grown] == [incident_id(first)] * 2
    assert [len(one.members) for one in grown] == [2, 3]


def test_a_fire_is_a_member():
    """Mutant: fires of two satellites as two sources."""
    fires = [member("fire", 100, kind="fire"), member("fire", 101, 10.0, kind="fire")]
    assert incidents(fires) == ()
    assert len(incidents([*fires, member("a", 102)])[0].members) == 3


SEEN = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 8).map(lambda step: 100 + 20 * step),
        st.integers(0, 10).map(lambda step: 290.0 * step),
        st.sampled_from([None, 5, 150]),
        st.booleans(),
    ),
    max_size=14,
    unique=True,
)


def _members(seen):
    return [
        Member(
            "alert",
            f"m{number:02d}",
            source,
            square(east),
            vague,
            None if window is None else day - window,
            day,
            2.0,
        )
        for number, (source, day, east, window, vague) in enumerate(seen)
    ]


@given(seen=SEEN, data=st.data())
def test_order_is_nothing(seen, data):
    """Property: the incidents follow from the set; nobody is in two; all have two sources at least."""
    members = _members(seen)
    found = incidents(members)
    assert incidents(data.draw(st.permutations(members))) == found
    every = [joined.member.id for one in found for joined in one.members]
    assert len(every) == len(set(every))
    assert all(len({joined.member.source for joined in one.members}) > 1 for one in found)


def _row(one):
    row = alert_row(one.id) | {"source": one.source, "extent": "box" if one.vague else "outline"}
    return row | {
        "geometry": one.geometry,
        "window_start": one.first_day,
        "window_end": one.day,
        "area_ha": one.area_ha,
        "status": 6,
    }


def _kept(batches):
    with closing(open_store(":memory:")) as store:
        for batch in batches:
            with store.transaction():
                store.upsert("alerts", [_row(one) for one in batch])
                refresh_incidents(store)
        return [store.select(name) for name in ("incidents", "incident_members", "incident_seen")]


@settings(max_examples=40, deadline=None)
@given(seen=SEEN, data=st.data())
def test_imports_of_any_order_end_in_the_same_rows(seen, data):
    """Property: incremental equals all at once. Mutants: a neighbour's incident is not made again."""
    members = _members(seen)
    mixed = data.draw(st.permutations(members))
    cut, again = (data.draw(st.integers(0, len(mixed))) for _ in range(2))
    assert _kept([mixed[:cut], mixed[cut:], mixed[:again]]) == _kept([members])


@settings(max_examples=20, deadline=None)
@given(seen=SEEN.filter(bool), data=st.data())
def test_a_change_ends_where_it_would_have_begun(seen, data):
    """Property: a member that moves leaves no trace of where it was."""
    members = _members(seen)
    moved = data.draw(st.sampled_from(members))
    where = np.flatnonzero([one.id == moved.id for one in members])[0]
    after = list(members)
    after[where] = _members([(moved.source, moved.day + 40, 5000.0, None, False)])[0]
    after[where] = Member("alert", moved.id, *[getattr(after[where], n) for n in Member.__slots__[2:]])
    assert _kept([members, [after[where]]])[:2] == _kept([after])[:2]


def test_fires_in_the_store_join():
    """Mutant: only alerts are compared."""
    when = datetime(2022, 8, 31, tzinfo=UTC)
    day = (when - datetime(1970, 1, 1, tzinfo=UTC)).days
    one = Member("alert", "m", "a", square(0.0), False, None, day + 3, 1.0)
    fire = {
        "id": "fire-1",
        "geometry": square(100.0),
        "status": "active",
        "first_instant": iso_instant(when),
        "last_instant": iso_instant(when),
        "first_day": day,
        "last_day": day,
        "hot_spots": 1,
        "passes": 1,
        "power_mw": None,
        "sources": ["f"],
        "parents": [],
    }
    with closing(open_store(":memory:")) as store:
        for table, row in (("alerts", _row(one)), ("fire_events", fire)):
            with store.transaction():
                store.insert(table, [row])
                refresh_incidents(store)
        (found,) = store.select("incidents")
    assert (found["sources"], found["members"], found["first_day"]) == (["a", "fire"], 2, day)
