"""Looks set back by a rewind: known from the ledger alone, made of the scenes they were folded from."""

from contextlib import closing
from dataclasses import replace

import pytest

from dosel.catalog.datatakes import repeated
from dosel.catalog.ledger import Folding, is_known, mark_refused, mark_used, record_scenes
from dosel.catalog.setback import looks_set_back, set_back
from dosel.model.codes import LookStatus, Refusal
from dosel.store import open_store
from dosel.testing.samples import scene


@pytest.fixture
def store(tmp_path):
    with closing(open_store(tmp_path / "centre.gpkg")) as store:
        yield store


def folded(store, one, step):
    with store.transaction():
        (found,) = record_scenes(store, [one]).looks
        mark_used(store, found, Folding(step, {"t1": 100}, ("vv",)))
        sight = {"look_id": found.id, "tile_id": "t1", "day": found.day, "counts": b"", "step": step}
        store.insert("cell_looks", [sight])
    return found


def test_what_follows_the_step_is_set_back_and_made_again(store):
    """Mutants: the step itself is set back; what looks saw stays told; one comes back of other scenes."""
    first, second = folded(store, scene("a", day=100), 1), folded(store, scene("b", day=110), 2)
    newer = replace(second.scenes[0], id="b2", processed="9")
    with store.transaction():
        (again,) = record_scenes(store, [newer]).looks
    assert again.id == second.id
    assert repeated(store, again) == (newer,)
    with store.transaction():
        assert set_back(store, 1) == 1
    assert looks_set_back(store) == [second]
    for table in ("look_tiles", "cell_looks"):
        assert [row["look_id"] for row in store.select(table)] == [first.id]
    assert is_known(store, again)
    assert [row["status"] for row in store.select("looks", order_by=("day",))] == [1, LookStatus.SET_BACK]


def test_one_that_cannot_be_folded_again_is_refused(store):
    """Mutant: it stays set back for ever, and nothing is settled."""
    one = folded(store, scene("a", day=100), 1)
    with store.transaction():
        set_back(store, 0)
        mark_refused(store, one, Refusal.UNREADABLE, "the archive was damaged")
    assert looks_set_back(store) == []
    assert [row["refusal"] for row in store.select("looks")] == [Refusal.UNREADABLE]
