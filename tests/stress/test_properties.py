"""The properties of the kernel, the pieces and the tracker, each on thousands of examples.

They are the tests of ``tests/monitor`` and ``tests/alerts``, collected again with more patience.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.alerts import test_polygonize, test_track
from tests.catalog import test_ledger
from tests.monitor import test_accumulate, test_evidence

pytestmark = pytest.mark.stress

EXAMPLES = int(os.environ.get("DOSEL_STRESS_EXAMPLES", "1500"))


def _found(*modules: Any) -> list[Callable[[], None]]:
    return [
        test
        for module in modules
        for name, test in sorted(vars(module).items())
        if name.startswith("test_") and hasattr(test, "hypothesis")
    ]


@pytest.mark.parametrize(
    "test",
    _found(test_accumulate, test_evidence, test_polygonize, test_track, test_ledger),
    ids=lambda test: test.__name__,
)
def test_on_many_examples(test: Any) -> None:
    """Run a property with its own strategies on :data:`EXAMPLES` examples."""
    patience = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    before = test._hypothesis_internal_use_settings
    test._hypothesis_internal_use_settings = settings(before, max_examples=EXAMPLES, **patience)
    try:
        test()
    finally:
        test._hypothesis_internal_use_settings = before
