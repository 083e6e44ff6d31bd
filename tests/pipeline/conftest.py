"""Frontiers that several files fold, each in a copy of its own, and what they end with undisturbed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.pipeline.frontier import Frontier, mark, run

from dosel.cli import main
from dosel.stack.raster import forget_open
from dosel.testing.tiny import canonical, write_tiny

Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="session")
def frontier(tmp_path_factory: pytest.TempPathFactory) -> Frontier:
    """A short simulated frontier."""
    return Frontier(tmp_path_factory.mktemp("frontier"))


@pytest.fixture(scope="session")
def in_order(frontier: Frontier, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Place and hash of one run that had all looks from the start."""
    place = frontier.copy(tmp_path_factory.mktemp("in-order") / "centre", late_days=90, checkpoint_days=7)
    summary = run(place)
    assert summary.events["NEW"] > 0
    return place, mark(place)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Canonical hash of the tiny centre after one run that nothing disturbs."""
    folder = write_tiny(tmp_path_factory.mktemp("undisturbed"))
    run(folder)
    return canonical(folder)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command line; return exit status and everything it said."""

    def call(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["dosel", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return code if isinstance(code, int) else int(code is not None), "".join(capsys.readouterr())

    return call


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small disk of its own, mounted with the given options; called again it is mounted anew in place."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted: list[str] = []

    def mount(options: str) -> Path:
        again = ",remount" if mounted else ""
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options + again, "tmpfs", place], capture_output=True
        )
        if made.returncode:
            pytest.skip(f"a disk cannot be mounted here: {made.stderr.decode().strip()}")
        mounted.append(options)
        return place

    if os.geteuid() != 0:
        pytest.skip("only the superuser can mount a small disk")
    yield mount
    forget_open()
    if mounted:
        subprocess.run(["umount", place], check=True)
