"""The embedded store: the contract, and what is its own."""

from functools import partial

import pytest

from dosel.store import open_store
from dosel.testing.contracts import StoreContract


class TestGpkgStore(StoreContract):
    @pytest.fixture
    def opener(self, tmp_path):
        return partial(open_store, tmp_path / "centre.gpkg")
