"""Kill a watch that runs in a process of its own, at a step that the centre itself shows."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from contextlib import closing, suppress
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

from dosel.pipeline.centre import open_centre
from dosel.pipeline.runs import recorded_run
from dosel.pipeline.spine.watch import watch

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.kills", "dosel.monitor.learn", "dosel.stack.read", "dosel.store.gpkg"])


def _watch(folder: str) -> None:
    with open_centre(Path(folder)) as centre:
        watch(centre)


def hold(folder: str, held: Event) -> None:
    """Hold a centre as a run does, until this process is killed."""
    with open_centre(Path(folder)) as centre, recorded_run(centre):
        held.set()
        time.sleep(600)


def progress_of(folder: Path) -> int:
    """Return how far a centre is: gridded looks, baselines, staged files, states, looks in its ledger."""
    files = sum(1 for name in ("looks", "baselines", "state") for _ in (folder / name).glob("*/*"))
    rows = 0
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{folder}/centre.gpkg?mode=ro", uri=True)) as file,
    ):
        rows = file.execute("SELECT count(*) FROM looks").fetchone()[0]
    return files + rows


def kill_once(folder: Path, random: Random, reach: int = 24) -> bool:
    """Start a watch and kill it a random number of steps from where it stands; return whether it was killed.

    A watch that comes to its end before that is left in peace: the centre is then up to date.
    """
    process = CONTEXT.Process(target=_watch, args=(str(folder),))
    goal = progress_of(folder) + random.randint(0, reach)
    process.start()
    while process.is_alive() and progress_of(folder) < goal:
        time.sleep(0.001)
    time.sleep(random.random() * 0.02)
    if process.is_alive() and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return process.exitcode == -signal.SIGKILL
