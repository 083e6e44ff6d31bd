"""A few kills at random steps; ``make stress`` does hundreds."""

from pathlib import Path
from random import Random

import pytest
from tests.kills import kill_once, progress_of
from tests.pipeline.frontier import run

from dosel.testing.tiny import canonical, write_tiny


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_run_is_carried_on(tmp_path: Path, undisturbed: str, seed: int) -> None:
    """Mutants: a look is folded twice, half of a commit is kept, a baseline is learnt from fewer looks."""
    folder, random, killed = write_tiny(tmp_path / "centre"), Random(seed), []
    for _ in range(4):
        before = progress_of(folder)
        killed.append(kill_once(folder, random))
        assert progress_of(folder) >= min(before, 1)
    assert any(killed)
    run(folder)
    assert canonical(folder) == undisturbed
