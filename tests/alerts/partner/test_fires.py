"""Fire events: what belongs together, who carries on, and that the order of hot spots is nothing."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from dosel.alerts.partner.fires import QUIET_DAYS, HotSpot, event_id, fire_events
from dosel.model.time import iso_instant
from dosel.pipeline.feeds.fires import refresh_fires
from dosel.store import open_store

START = datetime(2022, 8, 1, 12, tzinfo=UTC)
GEOD = Geod(ellps="WGS84")


def spot(name, hours=0.0, metres=0.0, size_m=1000.0, satellite="T"):
    lon, lat, _ = GEOD.fwd(-70.0, -9.0, 90.0, metres)
    return HotSpot(f"hot-{name}", "f", satellite, START + timedelta(hours=hours), lon, lat, size_m, 10.0)


def grouped(spots):
    return sorted(sorted(id_.removeprefix("hot-") for id_ in event.hot_spots) for event in fire_events(spots))


@pytest.mark.parametrize(
    ("metres", "sizes", "together"),
    [
        (1410, (1000, 1000), True),
        (1420, (1000, 1000), False),
        (2110, (1000, 2000), True),
        (2130, (1000, 2000), False),
        (520, (375, 375), True),
        (540, (375, 375), False),
    ],
)
def test_pixels_that_touch(metres, sizes, together):
    """Mutants: a fixed distance; the smaller pixel for both; degrees for metres."""
    found = fire_events([spot("a", 0, 0, sizes[0]), spot("b", 1, metres, sizes[1])])
    assert len(found) == (1 if together else 2)


def test_a_quiet_time_ends_a_fire():
    """Mutants: a gap of one hour more; days of the calendar for days of 24 hours."""
    limit = 24 * QUIET_DAYS
    assert grouped([spot("a"), spot("b", limit)]) == [["a", "b"]]
    assert grouped([spot("a"), spot("b", limit + 0.1)]) == [["a"], ["b"]]


def test_the_older_carries_on_where_two_grow_together():
    """Mutants: the younger or the larger gives the name; the parent is forgotten, or of the same pass."""
    spots = [spot("old", 0, 0), spot("young", 5, 2000), spot("tip", 5, 3000), spot("link", 12, 1000)]
    (event,) = fire_events(spots)
    assert (event.id, event.parents) == (event_id("hot-old"), (event_id("hot-tip"),))
    assert (event.passes, event.power_mw) == (3, 20.0)
    same_pass = [spot("a", 0, 0), spot("b", 0, 2000), spot("c", 0, 1000)]
    assert fire_events(same_pass)[0].parents == ()


def test_the_pixels_are_the_outline():
    """Mutant: points without extent. Two pixels a kilometre apart are about two square kilometres."""
    (event,) = fire_events([spot("a"), spot("b", 0, 1000)])
    area, _ = GEOD.geometry_area_perimeter(event.geometry)
    assert abs(area) == pytest.approx(2e6, rel=0.02)


SPOTS = st.lists(
    st.tuples(
        st.integers(0, 12).map(lambda step: step * 13.0),
        st.integers(0, 12).map(lambda step: step * 700.0),
        st.sampled_from([375.0, 1000.0, 2000.0]),
    ),
    max_size=14,
)


@given(places=SPOTS, data=st.data())
def test_a_late_hot_spot_gives_what_it_would_have_given_in_time(places, data):
    """Property: the order of hot spots changes nothing; every one is in one event, founded by its first."""
    spots = [spot(f"{number:02d}", *place) for number, place in enumerate(places)]
    events = fire_events(spots)
    assert fire_events(data.draw(st.permutations(spots))) == events
    assert sorted(id_ for event in events for id_ in event.hot_spots) == sorted(s.id for s in spots)
    assert all(event.id == event_id(event.hot_spots[0]) for event in events)


def stored(spots):
    return [
        {
            "id": one.id,
            "geometry": shapely.Point(one.lon, one.lat),
            "source": one.source,
            "satellite": one.satellite,
            "instant": iso_instant(one.instant),
            "day": (one.instant - datetime(1970, 1, 1, tzinfo=UTC)).days,
            "confidence": "",
            "power_mw": one.power_mw,
            "size_m": one.size_m,
            "content": "",
            "details": {},
        }
        for one in spots
    ]


def kept(batches):
    with closing(open_store(":memory:")) as store:
        for batch in batches:
            with store.transaction():
                store.insert("hot_spots", stored(batch))
                refresh_fires(store)
        return store.select("fire_events"), store.select("hot_spots", columns=["id", "event_id"])


@settings(max_examples=40, deadline=None)
@given(places=SPOTS, data=st.data())
def test_batches_of_any_order_end_in_the_same_rows(places, data):
    """Property: incremental equals all at once. Mutants: an event too few is made again; one stays behind."""
    spots = [spot(f"{number:02d}", *place) for number, place in enumerate(places)]
    mixed = data.draw(st.permutations(spots))
    cut = data.draw(st.integers(0, len(mixed)))
    assert kept([mixed[:cut], mixed[cut:]]) == kept([spots])
