"""The mask kind `baseline`: what looks like forest in the baselines is watched, however it is tiled."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from dosel.config import SETTINGS_FILE
from dosel.model.codes import Watch
from dosel.model.time import iso_day
from dosel.pipeline.centre import open_centre
from dosel.pipeline.reading import HALO_PX
from dosel.pipeline.watch import watch
from dosel.pipeline.watched import fix_voters, watched_codes
from dosel.testing.demo import _settings
from dosel.testing.worlds import make_world, small, write_scenes
from dosel.testing.worlds.landscape import Cover


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A world and a centre over it that has learnt its baselines and folded nothing."""
    folder = tmp_path_factory.mktemp("masked")
    world = make_world(small())
    written = write_scenes(world, folder / "scenes", radar_format="db-int16")
    text = _settings(world.spec, written, folder, "en")
    head, mask, rest = text.partition("[mask]")
    text = head + mask + '\nkind = "baseline"\n\n' + rest[rest.index("[monitor]") :]
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return world, learn(folder, world)


def learn(place: Path, world) -> Path:
    with open_centre(place) as centre:
        watch(centre, until=iso_day(world.spec.monitor_start - 1))
    return place


def codes_of(place: Path) -> np.ndarray:
    """Watch codes of the whole grid, put together from its tiles without their halos."""
    with open_centre(place) as centre:
        col0, row0, col1, row1 = centre.grid.window
        whole = np.zeros((row1 - row0, col1 - col0), np.uint8)
        for tile in centre.tiles:
            codes = watched_codes(centre, tile)[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX]
            top, left = tile.row - row0, tile.col - col0
            whole[top : top + tile.shape[0], left : left + tile.shape[1]] = codes
    return whole


def test_rivers_and_old_clearings_are_not_watched_and_forest_is(learnt):
    """Kills: no mask at all, a vote of one stream, a rule turned to the cleared side."""
    world, place = learnt
    land, start = world.land, world.spec.monitor_start
    codes = codes_of(place)
    watched = codes == Watch.WATCHED
    river = land.water(start) & land.water(world.spec.start)
    assert river.sum() > 100
    assert watched[river].mean() < 0.02
    assert watched[land.cover == Cover.OLD_CLEARING].mean() < 0.05
    assert watched[world.truth.forest].mean() > 0.95
    assert set(np.unique(codes)) <= {Watch.WATCHED, Watch.NOT_FOREST, Watch.NO_BASELINE}


def test_tiling_changes_nothing(learnt, tmp_path):
    """Kills: a rule from each tile's own histogram, a lattice that starts at each tile's corner."""
    world, place = learnt
    tiled = tmp_path / "tiled"
    shutil.copytree(
        place, tiled, ignore=shutil.ignore_patterns("state", "looks", "baselines", "centre.gpkg*")
    )
    text = (tiled / SETTINGS_FILE).read_text(encoding="utf-8")
    (tiled / SETTINGS_FILE).write_text(text.replace("tile_px = 128", "tile_px = 40"), encoding="utf-8")
    np.testing.assert_array_equal(codes_of(learn(tiled, world)), codes_of(place))


def test_the_voters_are_fixed_by_the_first_run(learnt, tmp_path):
    """Kills: a mask that follows baselines which came later."""
    _, place = learnt
    copy = tmp_path / "copy"
    shutil.copytree(place, copy)
    with open_centre(copy) as centre:
        before = fix_voters(centre)
        row = centre.store.select("baselines", limit=1)[0]
        with centre.store.transaction():
            centre.store.upsert("baselines", [{**row, "stream": "later/any"}])
        assert fix_voters(centre) == before
        assert len(before) > 2


def test_a_centre_that_has_learnt_nothing_fixes_nothing(learnt, tmp_path):
    """Kills: a centre that was started before its data and watches everything for good."""
    _, place = learnt
    empty = tmp_path / "empty"
    shutil.copytree(
        place, empty, ignore=shutil.ignore_patterns("state", "looks", "baselines", "centre.gpkg*")
    )
    with open_centre(empty) as centre:
        assert fix_voters(centre) == ()
        assert not centre.store.select("meta", {"key": "forest"})
