"""Determinism, truth and the known statistics of looks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dosel.errors import InputError
from dosel.model.provenance import array_hash
from dosel.testing.worlds import EventKind, World, WorldSpec, clearing, make_world, plain_forest, small
from dosel.testing.worlds.optical import surface
from dosel.testing.worlds.radar import mean_db
from dosel.testing.worlds.weather import ASCENDING, cloud_fields, make_weather, pass_offset_db, plan_looks


def _hash(world: World, count: int = 6) -> str:
    radar = [look for look in world.looks if look.radar][-count:]
    optical = [look for look in world.looks if not look.radar][-count:]
    arrays = {look.id: world.radar(look).gamma0_db for look in radar}
    arrays |= {look.id: world.optical(look).reflectance for look in optical}
    arrays |= {look.id + "scl": world.optical(look).scl for look in optical}
    return array_hash(arrays | {"truth": world.truth.day, "event": world.truth.event})


def test_equal_specs_make_equal_worlds_and_seeds_differ(world: World) -> None:
    assert _hash(make_world(small(seed=4))) == _hash(world)
    assert _hash(make_world(small(seed=5))) != _hash(world)


def test_a_look_does_not_depend_on_those_drawn_before(world: World) -> None:
    look = world.looks[-1]
    alone = make_world(small(seed=4))
    draw = World.radar if look.radar else World.optical
    for other in world.looks[:4]:
        (world.radar if other.radar else world.optical)(other)
    first, second = draw(world, look), draw(alone, look)
    for name in ("gamma0_db",) if look.radar else ("reflectance", "scl"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_truth_agrees_with_the_events(world: World) -> None:
    truth = world.truth
    for event in world.changes:
        here = truth.event == event.id
        assert here.sum() == event.rows.size
        assert here.sum() * world.spec.pixel_ha == pytest.approx(event.area_ha)
        assert set(np.unique(truth.kind[here])) == {event.kind}
        assert truth.day[here].min() == event.day
        assert truth.forest[here].all()
        assert event.share(event.day - 1).max() == 0
        assert event.share(event.end_day).min() > 0.9
    assert ((truth.event > 0) == (truth.day >= 0)).all()
    assert ((truth.kind > 0) == (truth.event > 0)).all()
    assert not truth.forest[world.land.water(world.spec.monitor_start)].any()


def test_every_kind_happens_with_the_areas_asked_for(world: World) -> None:
    kinds = {event.kind for event in world.events}
    assert kinds == set(EventKind)
    areas = sorted(event.area_ha for event in world.changes if event.kind is EventKind.CLEARING)
    assert areas == pytest.approx([0.1, 0.5, 1.0])


def test_changes_keep_apart(world: World) -> None:
    """Two changes that touch could not be told apart by any score."""
    ids = world.truth.event
    for dr in range(-3, 4):
        for dc in range(-3, 4):
            other = np.roll(ids, (dr, dc), (0, 1))[4:-4, 4:-4]
            here = ids[4:-4, 4:-4]
            assert not ((here > 0) & (other > 0) & (here != other)).any()


def test_the_river_only_takes_what_it_is_said_to_take(world: World) -> None:
    spec, land = world.spec, world.land
    lost = land.forest(spec.monitor_start) & ~land.forest(spec.stop)
    migration = next(e for e in world.events if e.kind is EventKind.RIVER_MIGRATION)
    assert lost.sum() == migration.rows.size > 0
    assert land.water(spec.stop)[lost].all()
    first, last = land.water(spec.start), land.water(spec.stop)
    assert first.any()
    assert (first & ~last).any()  # it leaves land behind
    assert not (land.forest(spec.stop) & first).any()  # which is no forest


def test_looks_come_on_their_days() -> None:
    spec = replace(small(seed=1), history_stride=1, max_cloud=1.0)
    looks = plan_looks(spec, make_weather(spec))
    ascending = [look.day for look in looks if look.geometry == ASCENDING]
    descending = {look.day for look in looks if look.geometry == "descending"}
    optical = [look.day for look in looks if not look.radar]
    assert set(np.diff(ascending)) == {12}
    assert set(np.diff(optical)) == {5}
    assert not descending & set(ascending)
    assert [look.acquired for look in looks] == sorted(look.acquired for look in looks)
    assert len({look.id for look in looks}) == len(looks)
    assert all(look.history == (look.day < spec.monitor_start) for look in looks)


def test_the_archive_thins_history_and_drops_the_cloudiest() -> None:
    spec = replace(small(seed=1), max_cloud=0.5, history_stride=3)
    weather = make_weather(spec)
    looks = plan_looks(spec, weather)
    kept = [look for look in looks if not look.radar]
    assert kept
    assert max(weather.clouds(look.day) for look in kept) <= 0.5
    history = [look.day for look in looks if look.geometry == ASCENDING and look.history]
    assert set(np.diff(history)) == {36}


def test_pass_offsets_move_whole_scenes_and_are_shared_on_near_dates() -> None:
    spec = replace(small(seed=2), history_days=5000, history_stride=1, moisture_db=0.6, pass_db=0.3)
    weather = make_weather(spec)
    looks = [look for look in plan_looks(spec, weather) if look.radar]
    offsets = np.array([pass_offset_db(spec, weather, look)[1] for look in looks])
    assert offsets.std() == pytest.approx(np.hypot(0.6, 0.3), rel=0.1)
    pairs = [(a, b) for a, b in pairwise(range(len(looks))) if looks[b].day - looks[a].day == 5]
    near = np.corrcoef([offsets[a] for a, _ in pairs], [offsets[b] for _, b in pairs])[0, 1]
    expected = 0.6**2 * np.exp(-5 / spec.moisture_days) / (0.6**2 + 0.3**2)
    assert near == pytest.approx(expected, abs=0.12)


def test_the_pass_offset_is_in_the_pixels() -> None:
    """The mean of plain forest over many passes follows the stated offset, so it is not only reported."""
    world = make_world(plain_forest(replace(small(seed=3), season_db=0.0, patch_db=0.0)))
    passes = [world.radar(look) for look in world.looks if look.geometry == ASCENDING]
    means = np.array([np.nanmean(p.gamma0_db[1]) for p in passes])
    stated = np.array([p.offset_db[1] for p in passes])
    np.testing.assert_allclose(means - means.mean(), stated - stated.mean(), atol=0.1)


def test_layover_is_missing_in_its_direction_only(world: World) -> None:
    for look in [look for look in world.looks if look.radar][-2:]:
        missing = np.isnan(world.radar(look).gamma0_db)
        np.testing.assert_array_equal(missing[0], world.land.layover[look.direction])
        np.testing.assert_array_equal(missing[1], world.land.layover[look.direction])
    assert (world.land.layover[0] != world.land.layover[1]).any()


def test_a_clearing_lowers_vh_by_the_stated_mean_and_only_there() -> None:
    spec = plain_forest(replace(small(seed=6), season_db=0.0))
    day = spec.monitor_start + 10
    drops = []
    for number in range(1, 60):
        event = clearing(spec, number, (48, 48), 1.0, day)
        drops.append(event.drop_db[1].mean())
    assert np.mean(drops) == pytest.approx(-1.8, abs=0.2)
    assert np.std(drops) == pytest.approx(0.5, abs=0.15)
    event = clearing(spec, 1, (48, 48), 1.0, day)
    changed, calm = make_world(spec, [event]), make_world(spec, [])
    look = next(look for look in changed.looks if look.radar and look.day > event.end_day)
    level = [mean_db(spec, w.land, w.events, w.weather, look)[1] for w in (changed, calm)]
    difference = level[0] - level[1]
    assert (difference != 0).sum() == event.rows.size
    np.testing.assert_allclose(
        difference[event.rows, event.cols], event.drop_db[1] * event.share(look.day), atol=1e-5
    )


def test_fire_shows_in_optical_and_hardly_in_radar() -> None:
    spec = plain_forest(small(seed=7))
    fire = clearing(spec, 1, (48, 48), 1.0, spec.monitor_start + 10, EventKind.FIRE)
    world = make_world(spec, [fire])
    look = next(look for look in world.looks if not look.radar and look.day > fire.end_day)
    bands = surface(spec, world.land, world.events, look)
    nbr = (bands[1] - bands[3]) / (bands[1] + bands[3])
    assert nbr[fire.rows, fire.cols].mean() < np.median(nbr) - 0.5
    assert abs(float(fire.drop_db[1].mean())) < 0.6


def test_leaf_off_returns_every_year(world: World) -> None:
    event = next(e for e in world.events if e.kind is EventKind.LEAF_OFF)
    assert event.share(event.day).min() == 1.0
    assert event.share(event.day - 365).min() > 0.99
    assert event.share(event.day + 183).max() == 0.0


def test_clouds_cover_the_stated_share_and_the_mask_misses_the_stated_part() -> None:
    spec = replace(small(seed=8), history_days=1500, max_cloud=1.0, cloud_season=0.0, mask_miss_share=0.1)
    world = make_world(spec)
    shares = [world.weather.clouds(look.day) for look in world.looks if not look.radar]
    assert np.mean(shares) == pytest.approx(spec.cloud_share, abs=0.06)
    for look in [look for look in world.looks if not look.radar and not look.history][:8]:
        thickness, _ = cloud_fields(spec, world.weather, look)
        assert (thickness > 0).mean() == pytest.approx(world.weather.clouds(look.day), abs=0.01)
        seen = world.optical(look)
        if seen.hidden.any():
            missed = (seen.hidden & seen.clear).sum() / seen.hidden.sum()
            assert missed == pytest.approx(0.1, abs=0.01)
        assert seen.clear[~seen.hidden].all()
        np.testing.assert_array_equal(np.isnan(seen.index("nbr")), ~seen.clear)


def test_clouds_are_correlated_in_space_and_time(world: World) -> None:
    looks = [look for look in world.looks if not look.radar and not look.history]
    fields = [cloud_fields(world.spec, world.weather, look)[0] for look in looks]
    here = [f for f in fields if 0.2 < (f > 0).mean() < 0.8]
    spatial = [np.corrcoef(f[:, 1:].ravel() > 0, f[:, :-1].ravel() > 0)[0, 1] for f in here]
    assert np.mean(spatial) > 0.7
    spec = replace(world.spec, cloud_share=0.5, cloud_season=0.0, max_cloud=1.0, history_stride=1)
    weather = make_weather(spec)
    chain = [look for look in plan_looks(spec, weather) if not look.radar][:40]
    thick = [cloud_fields(spec, weather, look)[0] > 0 for look in chain]
    near = [
        np.corrcoef(a.ravel(), b.ravel())[0, 1]
        for a, b in pairwise(thick)
        if a.any() and b.any() and not a.all() and not b.all()
    ]
    assert np.mean(near) > 0.15


def test_wrong_settings_and_looks_are_refused(world: World) -> None:
    with pytest.raises(InputError, match="at least 16"):
        WorldSpec(shape=(8, 100))
    with pytest.raises(InputError, match="speckle_correlation"):
        WorldSpec(speckle_correlation=0.5)
    with pytest.raises(InputError, match="no room"):
        make_world(replace(small(seed=1), clearings_ha=(20.0, 20.0, 20.0, 20.0, 20.0)))
    with pytest.raises(InputError, match="ids 1, 2, 3"):
        make_world(world.spec, [clearing(world.spec, 2, (40, 40), 0.5, world.spec.monitor_start)])
    radar = next(look for look in world.looks if look.radar)
    with pytest.raises(InputError, match="expected an optical look"):
        world.optical(radar)
    with pytest.raises(InputError, match="expected a radar look"):
        world.radar(next(look for look in world.looks if not look.radar))
