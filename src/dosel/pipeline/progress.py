"""How long work tells where it stands, without knowing who listens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol


class Progress(Protocol):
    """A listener: the command line draws a bar, a test listens to nothing."""

    def start(self, stage: str, total: int) -> None:
        """Begin a stage of `total` steps."""

    def advance(self, steps: int = 1) -> None:
        """Report that `steps` more steps of the stage are done."""


class Silent:
    """A listener that does not listen."""

    def start(self, stage: str, total: int) -> None:
        """Do nothing."""

    def advance(self, steps: int = 1) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Stopwatch:
    """Wall-clock seconds a stage.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> with watch.stage("read"):
    ...     pass
    >>> list(watch.seconds)
    ['read']
    """

    seconds: dict[str, float] = field(default_factory=dict)
    """By stage, in the order in which they first began."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to the stage."""
        self.seconds.setdefault(name, 0.0)
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - begin
