"""Which day a question is asked for: today, unless the centre is simulated or was frozen at a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from dosel.model.codes import LookStatus
from dosel.model.time import asked_day, day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.order import newest_look


@dataclass(frozen=True, slots=True)
class Present:
    """The day that answers are about."""

    day: int
    """UTC day number."""
    proof: str
    """Proof letter of the centre; S is simulated, empty is not stated."""
    fixed: bool
    """Not today: asked for, simulated, or the last run was told to stop at a day."""

    @property
    def simulated(self) -> bool:
        """Whether nothing here is an observation."""
        return self.proof == "S"


def present(centre: Centre, as_of: str = "", *, now: datetime | None = None) -> Present:
    """Return the day that answers are about.

    Parameters
    ----------
    as_of
        ``YYYY-MM-DD``, goes before everything else; empty is the centre's own present.
    now
        The instant; when not given the clock is asked.

    Raises
    ------
    InputError
        If `as_of` is no day.
    """
    today, proof = day_of(now or datetime.now(UTC)), centre.meta().get("proof", "")
    if as_of:
        return Present(asked_day("--as-of", as_of), proof, True)
    stop = _stopped_at(centre)
    newest = newest_look(centre.store, LookStatus.USED)[0]
    if proof == "S" and (stop or newest > 0):
        return Present(max(stop or newest, newest), proof, True)
    if stop:
        return Present(max(stop, newest), proof, True)
    return Present(today, proof, False)


def _stopped_at(centre: Centre) -> int | None:
    """Return the last day that the newest run was told to use; None where it was not told."""
    runs = centre.store.select("runs", order_by=("-started",), limit=1)
    until = runs[0]["summary"].get("until") if runs else ""
    return day_of(until) if until else None
