"""Hundreds of kills at random steps, learning included: every round ends as if nothing had happened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.kills import kill_once
from tests.pipeline.frontier import run
from tests.stress.conftest import SEED, Rounds

from dosel.testing.tiny import canonical, write_tiny

pytestmark = pytest.mark.stress

MOST = 12
"""Kills of one round."""


def test_kills(tmp_path: Path, undisturbed: tuple[Path, str], rounds: Rounds) -> None:
    clean, kills = write_tiny(tmp_path / "clean"), 0
    for number, random in rounds(0.5):
        folder = tmp_path / "centre"
        shutil.copytree(clean, folder)
        for _ in range(random.randint(1, MOST)):
            kills += kill_once(folder, random, reach=random.choice((2, 12, 40)))
        run(folder)
        assert canonical(folder) == undisturbed[1], f"round {number} of seed {SEED}, after {kills} kills"
        shutil.rmtree(folder)
    print(f"{kills} kills in {number + 1} rounds")  # noqa: T201  # what the run was worth
    assert kills > number
