"""The ledger: idempotent, never two contents under one id, no feed forgotten."""

import json
import math
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.catalog.feeds import FeedHealth, feed_health
from dosel.catalog.item import scene_hash
from dosel.catalog.ledger import (
    MENDABLE,
    Folding,
    RefusedScene,
    is_known,
    mark_refused,
    mark_used,
    record_refused,
    record_scenes,
    refuse_scene,
    refused_list,
)
from dosel.catalog.scene import Asset
from dosel.catalog.search import RefusedItem
from dosel.catalog.values import scene_of, scene_values
from dosel.model.codes import LookStatus, Refusal
from dosel.model.marking import Marking
from dosel.model.provenance import Source
from dosel.store import open_store
from dosel.testing.samples import look, scene


@pytest.fixture
def store(tmp_path):
    with closing(open_store(tmp_path / "centre.gpkg")) as store:
        yield store


def record(store, *scenes):
    with store.transaction():
        return record_scenes(store, scenes)


def use(store, one, step=1, **folding):
    with store.transaction():
        mark_used(store, one, Folding(step, {"t1": 100}, ("vv",), **folding))


@given(
    st.builds(
        scene,
        name=st.text(st.characters(codec="utf-8"), min_size=1),
        day=st.integers(0, 30_000),
        processed=st.text(st.characters(codec="utf-8")),
        marking=st.sampled_from(Marking),
        properties=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False), max_size=2),
        bbox=st.tuples(*[st.floats(-90, 90)] * 4),
    )
)
def test_scenes_round_trip_through_json(one):
    """Mutant: a field left out, a tuple as a list, an instant without its zone or its microseconds."""
    one = replace(one, acquired=one.acquired + timedelta(microseconds=123))
    assert scene_of(json.loads(json.dumps(scene_values(one)))) == one


def test_content_is_what_the_scene_shows():
    """Mutants: terms, marking or a signed URL make it another scene; another raster does not."""
    remote = scene(assets={"vv": Asset("https://user:pw@host/a.tif?sig=1")})
    signed = scene(assets={"vv": Asset("https://host/a.tif?sig=2")}, source=Source("demo", "o", "other"))
    assert scene_hash(remote) == scene_hash(replace(signed, marking=Marking.PUBLIC))
    assert "sig" not in json.dumps(scene_values(remote))
    assert "pw" not in json.dumps(scene_values(remote))
    assert scene_hash(remote) != scene_hash(scene(assets={"vv": Asset("https://host/b.tif")}))
    variable = scene(assets={"vv": Asset("cube.nc#vv")})
    assert scene_hash(variable) != scene_hash(scene(assets={"vv": Asset("cube.nc#vh")}))


def test_a_folder_that_moved_is_the_same_folder(store):
    """Mutant: the path is part of the content, so every scene of a moved folder is a duplicate."""
    here = scene("a", assets={"vv": Asset("/here/a.tif")}, properties={"content": "c1"})
    use(store, record(store, here).looks[0])
    there = scene("a", assets={"vv": Asset("/there/a.tif")}, properties={"content": "c1"})
    moved = record(store, there)
    assert moved.refused == ()
    assert is_known(store, moved.looks[0])


def test_a_nodata_that_is_no_number_is_kept():
    """Mutant: NaN goes into JSON, which has none, and the whole search fails."""
    one = scene(assets={"vv": Asset("a.tif", nodata=float("nan"))})
    back = scene_of(json.loads(json.dumps(scene_values(one), allow_nan=False)))
    assert math.isnan(back.assets["vv"].nodata)


def test_what_a_search_refused_stands_until_it_is_mended(store):
    """Mutants: a second run doubles it; a mended file keeps its refusal; another source's refusals go."""
    items = [
        RefusedItem("a", "radar", Refusal.MISSING_BAND, "no vh"),
        RefusedItem("b", "radar", Refusal.FUTURE, "x"),
    ]
    other = [RefusedItem("a", "sky", Refusal.TRUNCATED, "short")]
    for _ in range(2):
        with store.transaction():
            record_refused(store, "radar", items)
            record_refused(store, "sky", other)
    assert [(one.id, one.detail) for one in refused_list(store)] == [
        ("a", "short"),
        ("a", "no vh"),
        ("b", "x"),
    ]
    with store.transaction():
        record_refused(store, "radar", items[1:])
    assert [(one.id, one.detail) for one in refused_list(store)] == [("a", "short"), ("b", "x")]


def test_a_duplicate_that_got_its_own_id_is_refused_no_more(store):
    """Mutant: a refusal stays for ever."""
    one, two = scene("a"), scene("a", assets={"vv": Asset("other.tif")})
    record(store, one, two)
    assert refusals(store) == {Refusal.DUPLICATE: 1}
    record(store, one, replace(two, id="b", datatake="b"))
    assert refusals(store) == {}


def test_a_setting_that_was_mended_gives_a_refused_look_another_chance(store):
    """Mutant: a look that was absurd by a wrong scale is never read again."""
    wrong = look("a", assets={"vv": Asset("a.tif", scale=1.0)})
    with store.transaction():
        mark_refused(store, wrong, Refusal.ABSURD, "check the scale")
    assert is_known(store, wrong)
    assert not is_known(store, look("a", assets={"vv": Asset("a.tif", scale=0.01)}))


def test_recording_again_changes_nothing(store):
    """Mutant: rows doubled, or a known scene refused as its own duplicate."""
    first = record(store, scene("a"), scene("b", 18_012))
    assert [one.id for one in first.looks] == ["radar/descending/18000/a", "radar/descending/18012/b"]
    assert first.refused == ()
    use(store, first.looks[0])
    before = {table: store.select(table) for table in ("scenes", "sources", "looks", "look_tiles")}
    assert record(store, scene("b", 18_012), scene("a")) == first
    use(store, first.looks[0])
    assert {table: store.select(table) for table in before} == before


def test_one_id_two_contents(store, tmp_path):
    """Mutants: the second replaces what the state rests on; which one stays depends on the order found."""
    one, two = scene("a"), scene("a", assets={"vv": Asset("other.tif")})
    kept = record(store, one, two)
    (refused,) = kept.refused
    assert refused.refusal == Refusal.DUPLICATE
    assert "another scene has this id" in refused.detail
    assert record(store, two, one) == kept
    with closing(open_store(tmp_path / "other.gpkg")) as another:
        assert record(another, two, one) == kept
    (stays,) = kept.looks[0].scenes
    use(store, kept.looks[0])
    other = two if stays == one else one
    again = record(store, other)
    assert again.looks == ()
    assert [item.scene for item in again.refused] == [other]
    assert [scene_of(row["scene"]) for row in store.select("scenes")] == [stays]
    assert refusals(store) == {Refusal.DUPLICATE: 1}


def test_a_mended_scene_replaces_one_that_was_never_used(store):
    """Mutant: a setting that the operator mended is refused as a duplicate for ever."""
    wrong = record(store, scene("a")).looks[0]
    with store.transaction():
        mark_refused(store, wrong, Refusal.UNDECLARED, "its unit is not declared")
    mended = record(store, scene("a", assets={"vv": Asset("scene.tif", scale=0.5)}))
    assert mended.refused == ()
    assert not is_known(store, mended.looks[0])
    assert store.select("scenes")[0]["scene"]["assets"]["vv"]["scale"] == 0.5


@pytest.mark.parametrize("refusal", list(Refusal))
def test_which_refusals_a_later_run_may_lift(store, refusal):
    """Mutant: what was unreadable once is never read again; what is absurd is read every night."""
    one = look("a")
    with store.transaction():
        mark_refused(store, one, refusal, "a sentence")
    assert is_known(store, one) == (refusal not in MENDABLE)
    assert not is_known(store, look("a", assets={"vv": Asset("mended.tif")}))
    (row,) = store.select("looks")
    assert (row["status"], row["refusal"], row["detail"]) == (LookStatus.REFUSED, refusal, "a sentence")


def test_a_folded_look_is_never_unfolded(store):
    """Mutant: a repeated look overwrites the row of the one that the state rests on."""
    one = record(store, scene("a")).looks[0]
    use(store, one, offsets={"vv": 12.5}, seconds=0.25)
    before = store.select("looks")
    again = replace(one, scenes=(*one.scenes, scene("a2", datatake="a", processed="2")))
    with store.transaction():
        mark_refused(store, again, Refusal.REPEATED, "already folded")
    assert store.select("looks") == before
    assert is_known(store, again)
    assert [row["id"] for row in store.select("refused_scenes")] == ["a2"]
    assert before[0]["offsets"] == {"vv": 12.5}


def test_a_look_of_the_history_is_folded(store):
    use(store, look("a"), step=None, status=LookStatus.HISTORY)
    assert is_known(store, look("a"))


def test_a_refused_look_can_be_used_later(store):
    """Mutant: the reason of an earlier refusal stays in the row."""
    with store.transaction():
        mark_refused(store, look("a"), Refusal.UNREADABLE, "no answer")
    use(store, look("a"))
    (row,) = store.select("looks")
    assert (row["status"], row["refusal"], row["detail"]) == (LookStatus.USED, None, "")
    assert refusals(store) == {}


def refusals(store):
    """Return how many refusals stand, by reason."""
    return Counter(one.refusal for one in refused_list(store))


def test_refusals_are_counted_by_reason(store):
    with store.transaction():
        mark_refused(store, look("a"), Refusal.TRUNCATED, "short")
        mark_refused(store, look("b"), Refusal.TRUNCATED, "short")
        refuse_scene(store, RefusedScene(scene("c"), Refusal.RAW_RADAR, "raw"))
        refuse_scene(store, RefusedScene(scene("c"), Refusal.RAW_RADAR, "raw"))
    assert refusals(store) == {Refusal.TRUNCATED: 2, Refusal.RAW_RADAR: 1}


def test_marking_of_a_look_is_that_of_its_strictest_scene(store):
    use(store, look("a", marking=Marking.SEALED))
    for table in ("looks", "look_tiles"):
        assert store.select(table, columns=["marking"]) == [{"marking": Marking.SEALED}]


def test_feed_health(store):
    """Mutants: a cloudy look counts as seen; a feed or tile that never came is left out; newest is oldest."""
    with store.transaction():
        mark_used(store, look("a", 18_000), Folding(1, {"t1": 50, "t2": 0}))
        mark_used(store, look("b", 18_012), Folding(2, {"t1": 60}))
        mark_used(store, look("c", 18_020, sensor="optical", geometry="any"), Folding(3, {"t1": 9}))
    revisit = {("radar", "descending"): 12.0, ("radar", "ascending"): 12.0}
    health = feed_health(store, 18_036, ["t1", "t2"], revisit)
    assert health == (
        FeedHealth("optical", "any", "t1", 18_020, 1, 16, None),
        FeedHealth("optical", "any", "t2", None, 0, None, None),
        FeedHealth("radar", "ascending", "t1", None, 0, None, 12.0),
        FeedHealth("radar", "ascending", "t2", None, 0, None, 12.0),
        FeedHealth("radar", "descending", "t1", 18_012, 2, 24, 12.0),
        FeedHealth("radar", "descending", "t2", None, 0, None, 12.0),
    )
    assert [feed.stale for feed in health] == [True, True, True, True, False, True]
    late = feed_health(store, 18_037, ["t1"], revisit)
    assert [f.stale for f in late if f.sensor == "radar" and f.geometry == "descending"] == [True]
