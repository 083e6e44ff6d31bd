"""Datatakes known already: one id across midnight, granules that join, processings that repeat."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from dosel.catalog.datatakes import grown, repeated, take_in
from dosel.catalog.ledger import Folding, mark_refused, mark_used, record_scenes, refused_list
from dosel.catalog.setback import looks_set_back, set_back
from dosel.model.codes import LookStatus, Refusal
from dosel.store import open_store
from dosel.testing.samples import scene

BEFORE = scene("one", 18_000, datatake="T", granule="a")
BEFORE = replace(BEFORE, acquired=BEFORE.acquired.replace(hour=23, minute=59))
AFTER = replace(BEFORE, id="two", granule="b", acquired=BEFORE.acquired + timedelta(minutes=2))


@pytest.fixture
def store(tmp_path):
    with closing(open_store(tmp_path / "centre.gpkg")) as store:
        yield store


def offered(store, *scenes):
    with store.transaction():
        return record_scenes(store, scenes).looks


def folded(store, *scenes, step=1, status=LookStatus.USED):
    (look,) = offered(store, *scenes)
    with store.transaction():
        mark_used(store, look, Folding(step, {"t1": 9}, ("vv",), status=status))
    return look


@pytest.mark.parametrize(("first", "second"), list(permutations((BEFORE, AFTER))))
def test_a_datatake_across_midnight_keeps_its_id(store, first, second):
    """Mutant: the id follows the earliest slice, so the datatake is folded twice."""
    look = folded(store, first)
    (again,) = offered(store, first, second)
    assert again.id == look.id
    assert again.acquired == BEFORE.acquired
    assert [row["look_id"] for row in store.select("scenes")] == [look.id] * 2


@pytest.mark.parametrize(("first", "second"), list(permutations((BEFORE, AFTER))))
def test_a_refused_look_across_midnight_keeps_its_id(store, first, second):
    """Mutant: only looks that are folded keep it, and the refusal stands beside the look that was used."""
    (look,) = offered(store, first)
    with store.transaction():
        mark_refused(store, look, Refusal.ALL_NODATA, "clouds")
    folded(store, first, second)
    assert [row["status"] for row in store.select("looks")] == [LookStatus.USED]


@pytest.mark.parametrize(("first", "second"), list(permutations((BEFORE, AFTER))))
def test_a_new_granule_joins_and_the_look_waits_with_it(store, first, second):
    """Mutants: the new slice is a repetition; the first is lost; the look keeps its old day or scenes."""
    look = folded(store, first)
    (again,) = offered(store, first, second)
    assert repeated(store, again) == ()
    whole = grown(store, again)
    assert (whole.id, whole.scenes, whole.acquired) == (look.id, (BEFORE, AFTER), BEFORE.acquired)
    with store.transaction():
        set_back(store, 0)
        take_in(store, [whole])
    assert looks_set_back(store) == [whole]
    assert grown(store, again) is None


def test_a_granule_that_is_no_longer_on_offer_stays_in_the_look(store):
    """Mutant: the look is made of what is offered today."""
    folded(store, BEFORE)
    (again,) = offered(store, AFTER)
    assert grown(store, again).scenes == (BEFORE, AFTER)


def test_another_processing_repeats_and_does_not_join(store):
    """Mutants: it replaces the granule that was folded; a new granule beside it is refused with it."""
    folded(store, BEFORE)
    newer = replace(BEFORE, id="one-again", processed="9")
    (again,) = offered(store, BEFORE, newer, AFTER)
    assert repeated(store, again) == (newer,)
    assert grown(store, again).scenes == (BEFORE, AFTER)
    (alone,) = offered(store, newer)
    assert grown(store, alone) is None


def test_a_granule_that_was_not_folded_may_be_mended(store):
    """Mutant: its first content stands since its look is folded, and the mended file is a duplicate."""
    folded(store, BEFORE)
    offered(store, BEFORE, AFTER)
    mended = replace(AFTER, assets={"vv": replace(AFTER.assets["vv"], href="mended.tif")})
    (again,) = offered(store, BEFORE, mended)
    assert grown(store, again).scenes == (BEFORE, mended)
    assert refused_list(store) == ()


def test_nothing_joins_a_look_of_the_history(store):
    """Mutant: a look that the baseline rests on is folded."""
    folded(store, BEFORE, step=None, status=LookStatus.HISTORY)
    (again,) = offered(store, BEFORE, AFTER)
    assert grown(store, again) is None
    assert repeated(store, again) == (AFTER,)


@pytest.mark.parametrize(("refusal", "again"), [(Refusal.TOO_LATE, False), (Refusal.UNREADABLE, True)])
def test_a_granule_refused_for_good_does_not_join(store, refusal, again):
    """Mutants: it costs a rewind every night; one that was mended never joins; its refusal stays."""
    folded(store, BEFORE)
    (look,) = offered(store, BEFORE, AFTER)
    with store.transaction():
        mark_refused(store, look, refusal, "why")
    assert [one.refusal for one in refused_list(store)] == [refusal]
    whole = grown(store, look)
    assert (whole is not None) == again
    if whole:
        with store.transaction():
            set_back(store, 0)
            take_in(store, [whole])
        assert refused_list(store) == ()
