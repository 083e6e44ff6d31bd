"""The contract on every database: found in the package, not listed here."""

from functools import partial

import pytest
from tests.store.found import implementations, room

from dosel.store import open_store
from dosel.testing.contracts import StoreContract

FOUND = implementations()


class TestEveryStore(StoreContract):
    @pytest.fixture(params=FOUND, ids=room)
    def opener(self, request):
        return partial(open_store, request.getfixturevalue(f"{room(request.param)}_place"))

    @pytest.fixture
    def kind(self, request):
        return request.node.callspec.params["opener"]

    def test_opens_what_was_found(self, store, kind):
        """Mutant: both names open the same database."""
        assert type(store) is kind


def test_both_are_found():
    """Mutant: the search finds nothing, and nothing is tested."""
    assert {"gpkg", "postgis"} <= {room(kind) for kind in FOUND}
