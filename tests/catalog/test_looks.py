"""Granules, slices and reprocessings of one datatake are one look, whatever the order they came in."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from dosel.catalog.looks import group_looks
from dosel.catalog.scene import SceneRef
from dosel.model.provenance import Source
from dosel.model.time import parse_instant

START = parse_instant("2024-01-01T10:00:00Z")
PLAIN = SceneRef("x", "c", "sentinel-1-rtc", "ascending", "T", START, (0, 0, 1, 1), {}, Source("s", "o", "l"))


@st.composite
def scene_lists(draw: st.DrawFn) -> list[SceneRef]:
    """Draw scenes of few datatakes, granules and processings, each with an id of its own."""
    parts = st.tuples(
        st.sampled_from(["ascending", "descending"]), st.integers(0, 3), st.integers(0, 2), st.integers(0, 3)
    )
    return [
        replace(
            PLAIN,
            id=f"{number}",
            geometry=geometry,
            datatake=f"T{take}",
            acquired=START + timedelta(days=12 * take, seconds=25 * granule),
            granule=f"G{granule}",
            processed=f"2024-0{processed + 1}",
        )
        for number, (geometry, take, granule, processed) in enumerate(draw(st.lists(parts, max_size=14)))
    ]


@given(scene_lists(), st.randoms())
def test_order_of_arrival_changes_nothing(scenes: list[SceneRef], random: Random) -> None:
    shuffled = list(scenes)
    random.shuffle(shuffled)
    assert group_looks(shuffled) == group_looks(scenes)


@given(scene_lists())
def test_each_datatake_is_one_look_with_the_newest_of_each_granule(scenes: list[SceneRef]) -> None:
    looks = group_looks(scenes)
    assert {(k.geometry, k.scenes[0].datatake) for k in looks} == {(s.geometry, s.datatake) for s in scenes}
    assert len({look.id for look in looks}) == len(looks)
    assert [look.order for look in looks] == sorted(look.order for look in looks)
    for look in looks:
        own = [s for s in scenes if (s.geometry, s.datatake) == (look.geometry, look.scenes[0].datatake)]
        granules = [scene.granule for scene in look.scenes]
        assert granules == sorted({scene.granule for scene in own})
        for kept in look.scenes:
            assert kept.processed == max(s.processed for s in own if s.granule == kept.granule)
        assert look.acquired == min(scene.acquired for scene in look.scenes)


@given(scene_lists())
def test_what_was_kept_groups_to_itself(scenes: list[SceneRef]) -> None:
    looks = group_looks(scenes)
    assert group_looks([scene for look in looks for scene in look.scenes]) == looks


def test_a_reprocessing_does_not_change_the_name_of_the_look() -> None:
    """Mutant: an id made of scene ids or of the processing."""
    again = replace(PLAIN, id="y", processed="2024-09")
    (before,), (after,) = group_looks([PLAIN]), group_looks([PLAIN, again])
    assert before.id == after.id == "sentinel-1-rtc/ascending/19723/T"
    assert after.scenes == (again,)
