"""A few kills at random steps; ``make stress`` does hundreds."""

from pathlib import Path
from random import Random

import pytest
from tests.kills import CONTEXT, hold, kill_once, progress_of
from tests.pipeline.frontier import run

from dosel.errors import StoreError
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


def test_a_killed_run_lets_go_of_the_centre(tmp_path: Path, undisturbed: str) -> None:
    """Mutants: two processes work on one centre; the lock is a file that outlives its owner."""
    folder, held = write_tiny(tmp_path / "centre"), CONTEXT.Event()
    process = CONTEXT.Process(target=hold, args=(str(folder), held))
    process.start()
    try:
        assert held.wait(60)
        with pytest.raises(StoreError, match="another `dosel watch` is going on"):
            run(folder)
    finally:
        process.kill()
        process.join()
    run(folder)
    assert canonical(folder) == undisturbed
