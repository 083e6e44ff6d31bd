from __future__ import annotations

import pytest

from dosel.testing.worlds import World, make_world, small


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(small(seed=4))
