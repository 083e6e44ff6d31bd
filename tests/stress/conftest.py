"""How long the stress tests may take, and what they start from.

``DOSEL_STRESS_SECONDS`` bounds all of them together (1200); ``DOSEL_STRESS_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from tests.pipeline.frontier import run

from dosel.testing.tiny import canonical, write_tiny

SEED = int(os.environ.get("DOSEL_STRESS_SEED", str(int(time.time()))))
SECONDS = float(os.environ.get("DOSEL_STRESS_SECONDS", "1200"))

Rounds = Callable[[float], Iterator[tuple[int, Random]]]


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Place and canonical hash of the tiny centre after one run that nothing disturbs."""
    folder = write_tiny(tmp_path_factory.mktemp("undisturbed"))
    run(folder)
    return folder, canonical(folder)


@pytest.fixture
def rounds(record_property: Callable[[str, object], None]) -> Rounds:
    """Give numbered rounds, each with its own randomness, for a share of the time; at least one."""

    def give(share: float) -> Iterator[tuple[int, Random]]:
        end, number = time.monotonic() + share * SECONDS, 0
        while number == 0 or time.monotonic() < end:
            record_property("seed", SEED)
            yield number, Random(SEED * 1000 + number)
            number += 1

    return give
