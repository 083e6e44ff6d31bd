"""Late looks: whatever the order of arrival, the centre ends as if all looks had come in order."""

import random

import pytest
from tests.pipeline.frontier import mark, run


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_arrival_ends_the_same(frontier, in_order, tmp_path, seed):
    """Mutants: a late look appended; the checkpoint after it taken; a look lost or folded twice."""
    place = frontier.copy(tmp_path / "centre", late_days=90, checkpoint_days=7)
    names, rng = [name for _, name in frontier.ids], random.Random(seed)
    rng.shuffle(names)
    again = 0
    for shown in (len(names) // 2, len(names) * 4 // 5, len(names)):
        frontier.show(place, names[:shown])
        again += run(place).again
    assert again > 0
    assert mark(place) == in_order[1]
