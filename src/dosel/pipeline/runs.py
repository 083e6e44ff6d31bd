"""The record of runs: when each began and ended, with which settings, and what it did."""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dosel import __version__
from dosel.errors import DoselError, StoreError
from dosel.model.provenance import digest
from dosel.pipeline.centre import Centre
from dosel.store.interface import Row, Store

LOCK_FILE = "watch.lock"


@dataclass(slots=True)
class Run:
    """One run of ``dosel watch``; its row is there before it does anything."""

    id: str
    started: str
    summary: dict[str, Any] = field(default_factory=dict)
    """JSON-like: what it was told, with which settings and program, and at the end what it did."""


@contextmanager
def recorded_run(centre: Centre, **told: Any) -> Iterator[Run]:
    """Record the block as a run; one that is killed leaves a row that did not end.

    A run that stops with an error on purpose ends with its sentence.

    Raises
    ------
    StoreError
        If another run of this centre is going on: it would sweep away what this one writes.
    """
    with _alone(centre):
        yield from _recorded(centre, told)


def _recorded(centre: Centre, told: dict[str, Any]) -> Iterator[Run]:
    now = datetime.now(UTC).isoformat()
    settings = digest(centre.settings.model_dump(mode="json"))[:16]
    run = Run(f"run-{now}-{secrets.token_hex(4)}", now, {**told, "settings": settings, "dosel": __version__})
    _write(centre.store, run, None)
    try:
        yield run
    except DoselError as error:
        run.summary["error"] = str(error)
        with suppress(StoreError):  # the database may be what failed; the first error counts
            _write(centre.store, run, datetime.now(UTC).isoformat())
        raise
    _write(centre.store, run, datetime.now(UTC).isoformat())


def runs_not_ended(store: Store) -> tuple[Row, ...]:
    """Return the runs since the last one that ended which did not: still going on, or killed."""
    ended = [row["started"] for row in store.select("runs") if row["ended"] is not None]
    rows = store.select("runs", {"ended": None}, order_by=("started",))
    return tuple(row for row in rows if row["started"] > max(ended, default=""))


@contextmanager
def _alone(centre: Centre) -> Iterator[None]:
    """Hold the centre's lock; a process that is killed lets go of it."""
    path = centre.root / LOCK_FILE
    try:
        file = path.open("w")
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); free the disk or mend its rights"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{centre.root}: another `dosel watch` is going on in this centre; wait until it has ended"
            ) from error
        yield


def _write(store: Store, run: Run, ended: str | None) -> None:
    with store.transaction():
        row = {"id": run.id, "started": run.started, "ended": ended, "summary": run.summary}
        store.upsert("runs", [row])
