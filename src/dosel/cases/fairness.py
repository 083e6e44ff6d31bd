"""How often the desk looks, and how often it was wrong, by tenure: so that patrols do not follow poverty.

Examples
--------
>>> seen = [("indigenous", True, True), ("indigenous", True, False), ("none", False, False)]
>>> rows = rates(Outcome(*one) for one in seen)
>>> rows[0].tenure, rows[0].reviewed, rows[0].error_rate
('indigenous', 2, 0.5)
>>> rows[1].error_rate is None
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one alert."""

    tenure: str
    reviewed: bool
    """A named person has judged it."""
    rejected: bool
    """And found it wrong."""


@dataclass(frozen=True, slots=True)
class TenureRate:
    """Reviews and errors of one tenure."""

    tenure: str
    alerts: int
    reviewed: int
    rejected: int

    @property
    def review_rate(self) -> float:
        """Share of the alerts that a person has judged."""
        return self.reviewed / self.alerts

    @property
    def error_rate(self) -> float | None:
        """Share of the judged that were wrong; None is not measured."""
        return self.rejected / self.reviewed if self.reviewed else None

    @property
    def error_bounds(self) -> tuple[float, float] | None:
        """95 % interval of the error rate (Wilson 1927); None is not measured."""
        return wilson(self.rejected, self.reviewed) if self.reviewed else None


def rates(outcomes: Iterable[Outcome]) -> tuple[TenureRate, ...]:
    """Return reviews and errors by tenure, in the order of their names."""
    rows: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        rows.setdefault(outcome.tenure, []).append(outcome)
    return tuple(
        TenureRate(tenure, len(group), sum(o.reviewed for o in group), sum(o.rejected for o in group))
        for tenure, group in sorted(rows.items())
    )


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    Examples
    --------
    >>> tuple(round(bound, 3) for bound in wilson(1, 10))
    (0.018, 0.404)
    """
    share, spread = hits / trials, _Z95**2 / trials
    centre = (share + spread / 2) / (1 + spread)
    half = _Z95 / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, centre - half), min(1.0, centre + half)
