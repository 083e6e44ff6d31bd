"""The frontier that several files fold, each in a copy of its own."""

import pytest
from tests.pipeline.frontier import Frontier, mark, run


@pytest.fixture(scope="session")
def frontier(tmp_path_factory):
    return Frontier(tmp_path_factory.mktemp("frontier"))


@pytest.fixture(scope="session")
def in_order(frontier, tmp_path_factory):
    """Place and hash of one run that had all looks from the start."""
    place = frontier.copy(tmp_path_factory.mktemp("in-order") / "centre", late_days=90, checkpoint_days=7)
    summary = run(place)
    assert summary.events["NEW"] > 0
    return place, mark(place)
