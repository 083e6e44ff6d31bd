"""The score of alerts against the truth of a simulated world; every figure is proof S, simulated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dosel.model.poisson import poisson_upper
from dosel.testing.worlds.events import EventKind

PROOF = "S"
"""Proof letter of every score: simulated."""


@dataclass(frozen=True, slots=True)
class EventScore:
    """How one change was seen."""

    event: int
    kind: EventKind
    day: int
    """Day number of the first pixel's onset."""
    area_ha: float
    alerts: tuple[str, ...]
    """Ids of the alerts over it that could be known on or after its first day; first known first."""
    covered: float
    """Share of its watched pixels inside these alerts."""
    first_days: tuple[float, float]
    """Bounds of the delay to the first alert, from the end and from the begin of the event; missed events
    have (days until the end of the watch, infinity)."""
    confirmed_days: tuple[float, float]
    """The same to the first confirmation."""
    dated: bool
    """Whether the date window of the first alert meets the days of the event."""
    late: bool

    @property
    def found(self) -> bool:
        """Whether any alert lies over it, late ones included."""
        return bool(self.alerts)


@dataclass(frozen=True, slots=True)
class KindScore:
    """Sums over the changes of one kind."""

    kind: EventKind
    events: int
    found: int
    """In time."""
    late: int
    missed: int
    dated: int
    """Found events whose date window meets the days of the event."""
    median_first_days: float
    """Median of the upper bounds of the delay to the first alert, missed events counting as infinite."""
    median_confirmed_days: float


@dataclass(frozen=True, slots=True)
class FalseScore:
    """What was reported where nothing had changed."""

    alerts: int
    """Alerts that touch no change, nor the edge around one."""
    ha: float
    """Hectares of these alerts."""
    by_cause: tuple[tuple[str, int, float], ...]
    """Cause, alerts and hectares: a disturbance that lies under most of the alert, ``early`` for an alert
    known before the change beneath it began, else ``noise``."""
    exposure_mha_years: float
    """Watched forest times the length of the watch, in million hectares and years."""
    ha_per_mha_year: float
    upper_ha_per_mha_year: float
    """95 % upper bound: the exact Poisson bound of the count, times the mean size of a false alert (without
    any, times the smallest size that is reported). It is exact in the count and not in the sizes."""

    @property
    def upper_alerts(self) -> float:
        """Exact 95 % upper bound of the expected number of false alerts."""
        return poisson_upper(self.alerts)


@dataclass(frozen=True, slots=True)
class AreaScore:
    """Agreement of the alerted with the changed area at the end, over watched forest, in hectares."""

    both_ha: float
    only_alert_ha: float
    only_truth_ha: float

    @property
    def users(self) -> float:
        """Share of the alerted area that had changed (1 - commission); NaN without alerts."""
        return ratio(self.both_ha, self.both_ha + self.only_alert_ha)

    @property
    def producers(self) -> float:
        """Share of the changed area that is alerted (1 - omission); NaN without changes."""
        return ratio(self.both_ha, self.both_ha + self.only_truth_ha)

    @property
    def iou(self) -> float:
        """Intersection over union; NaN without either."""
        return ratio(self.both_ha, self.both_ha + self.only_alert_ha + self.only_truth_ha)


@dataclass(frozen=True, slots=True)
class Score:
    """How well alerts match the truth of a simulated world."""

    world: str
    seed: int
    as_of: int
    """Day number of the last look."""
    late_days: int
    events: tuple[EventScore, ...]
    false: FalseScore
    area: AreaScore

    @property
    def kinds(self) -> tuple[KindScore, ...]:
        """Sums by kind of change, in the order of their codes."""
        kinds = sorted({event.kind for event in self.events})
        return tuple(_kind_score(kind, [e for e in self.events if e.kind is kind]) for kind in kinds)

    @property
    def title(self) -> str:
        """Heading of every rendering."""
        return f"Score on the simulated world {self.world!r}, seed {self.seed} (proof {PROOF}: simulated)"

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the table by kind as text, its header first; to be shown under :attr:`title`."""
        header = ("simulated change", "events", "found", "late", "missed", "dated", "alert d", "confirmed d")
        body = (
            (
                kind.kind.name.lower().replace("_", " "),
                *(str(n) for n in (kind.events, kind.found, kind.late, kind.missed, kind.dated)),
                _days_text(kind.median_first_days),
                _days_text(kind.median_confirmed_days),
            )
            for kind in self.kinds
        )
        return (header, *body)

    def lines(self) -> tuple[str, ...]:
        """Return what stands below the table, each line saying that it is simulated."""
        false, area = self.false, self.area
        causes = ", ".join(f"{cause} {count} ({ha:.2f} ha)" for cause, count, ha in false.by_cause) or "none"
        return (
            f"simulated: {false.alerts} false alerts, {false.ha:.2f} ha; by cause: {causes}",
            f"simulated: {false.ha_per_mha_year:.0f} false ha per million ha and year, 95 % upper bound "
            f"{false.upper_ha_per_mha_year:.0f} (Poisson, {false.exposure_mha_years:.2g} Mha years watched)",
            f"simulated: area user's {area.users:.2f}, producer's {area.producers:.2f}, IoU {area.iou:.2f}",
        )

    def __str__(self) -> str:
        table = self.rows()
        widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
        body = (
            "  ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)).rstrip() for row in table
        )
        return "\n".join((self.title, *body, *self.lines()))


def _kind_score(kind: EventKind, events: Sequence[EventScore]) -> KindScore:
    return KindScore(
        kind=kind,
        events=len(events),
        found=sum(event.found and not event.late for event in events),
        late=sum(event.late for event in events),
        missed=sum(not event.found for event in events),
        dated=sum(event.dated for event in events),
        median_first_days=_median([event.first_days[1] for event in events]),
        median_confirmed_days=_median([event.confirmed_days[1] for event in events]),
    )


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2 or math.isinf(ordered[half]):
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2.0


def _days_text(days: float) -> str:
    return "-" if math.isinf(days) else f"{days:.0f}"


def ratio(part: float, whole: float) -> float:
    """Return part / whole; NaN where there is no whole."""
    return part / whole if whole > 0 else math.nan
