"""The mask kind `baseline`: what looks like forest in the baselines is watched, however it is tiled."""

import shutil

import numpy as np
import pytest
from benchmarks.score_mask import learn, make_centre, shares

from dosel.config import SETTINGS_FILE
from dosel.model.codes import Watch
from dosel.pipeline.centre import open_centre
from dosel.pipeline.spine.watched import fix_voters
from dosel.testing.worlds import make_world, small

FRESH = shutil.ignore_patterns("state", "looks", "baselines", "centre.gpkg*")


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A world, a centre over it that has learnt its baselines and folded nothing, and its Watch codes."""
    folder = tmp_path_factory.mktemp("masked")
    world = make_world(small())
    make_centre(folder, world)
    return world, folder, learn(folder, world)


def test_rivers_and_old_clearings_are_not_watched_and_forest_is(learnt):
    """Kills: no mask at all, a vote of one stream, a rule turned to the cleared side."""
    world, _, codes = learnt
    found = {name: share for name, _, share in shares(world, codes)}
    assert found["river"] < 0.02
    assert found["old clearing"] < 0.05
    assert found["undisturbed forest"] > 0.95
    assert set(np.unique(codes)) <= {Watch.WATCHED, Watch.NOT_FOREST, Watch.NO_BASELINE}


def test_tiling_changes_nothing(learnt, tmp_path):
    """Kills: a rule from each tile's own histogram, a halo that is left out of the mask."""
    world, place, codes = learnt
    tiled = tmp_path / "tiled"
    shutil.copytree(place, tiled, ignore=FRESH)
    text = (tiled / SETTINGS_FILE).read_text(encoding="utf-8")
    (tiled / SETTINGS_FILE).write_text(text.replace("tile_px = 128", "tile_px = 40"), encoding="utf-8")
    np.testing.assert_array_equal(learn(tiled, world), codes)
    assert sparse_rules(tiled) == sparse_rules(shutil.copytree(place, tmp_path / "whole"))


def sparse_rules(place):
    """What the voters call forest on every seventh row and column; kills lattices of single tiles."""
    with open_centre(place) as centre:
        with centre.store.transaction():
            centre.store.delete("meta", {"key": "forest"})
        return [(voter.stream, voter.rule) for voter in fix_voters(centre, 200)]


def test_the_voters_are_fixed_by_the_first_run(learnt, tmp_path):
    """Kills: a mask that follows baselines which came later."""
    _, place, _ = learnt
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
    _, place, _ = learnt
    empty = tmp_path / "empty"
    shutil.copytree(place, empty, ignore=FRESH)
    with open_centre(empty) as centre:
        assert fix_voters(centre) == ()
        assert not centre.store.select("meta", {"key": "forest"})
