"""The work list of a desk: the alerts of some days, by urgency, within what the desk can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from dosel.cases.fairness import Outcome, TenureRate, rates
from dosel.cases.priority import LEGAL, TERMS, Candidate, Weights
from dosel.cases.triage import Desk, Worklist, triage
from dosel.config import Settings
from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.errors import InputError
from dosel.model.names import plain_name
from dosel.model.time import asked_day, day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.reference.layers import OPEN
from dosel.pipeline.work.candidates import candidates_of, gather, live_alerts
from dosel.pipeline.work.told import Told, told_of
from dosel.store.interface import Row, Store


@dataclass(frozen=True, slots=True)
class QueueReport:
    """The list, and what it is about."""

    work: Worklist
    day: int
    """Last UTC day number that is seen."""
    days: int
    unit: str
    """Name of the unit; empty is everywhere."""
    rates: tuple[TenureRate, ...]
    undescribed: int
    """Alerts of these days, wherever they are, of which nothing was measured yet: no unit holds them."""
    told: Mapping[str, Told]
    """What is said of each place that is listed, by id."""
    proof: str
    """Proof letter of our own watch; empty is not stated."""


def work_list(
    centre: Centre, *, unit: str = "", days: int = 7, as_of: str = "", limit: int = 0
) -> QueueReport:
    """Return what to look at, of the alerts of the last `days` up to `as_of` (today, if it is not given).

    Parameters
    ----------
    unit
        Name or code of a unit of any layer; empty is everywhere.
    limit
        At most so many reviews and so many missions; 0 is all that the desk can do.

    Raises
    ------
    InputError
        If the day cannot be read, or no layer has such a unit.
    """
    day = asked_day("--as-of", as_of) if as_of else day_of(datetime.now(UTC))
    alerts, sealed = live_alerts(centre.store, day - days + 1, day)
    gathered = gather(centre, alerts, day)
    undescribed = sum(not gathered.facts[row["id"]] for row in alerts)
    if unit:
        _check_unit(centre.store, unit)
        alerts = [row for row in alerts if touches(gathered.facts[row["id"]], unit)]
        sealed = []  # a number in a small unit would tell where they are
    weights = weights_of(centre.settings)
    candidates = candidates_of(centre, alerts, gathered, weights.themes, day)
    longest = max(float(days), weights.newness_days)
    stock = {row["id"] for row in alerts if _period(row) > longest}
    candidates = [replace(one, stock=True) if one.id in stock else one for one in candidates]
    work = triage([*candidates, *sealed], weights, _desk(centre.settings, days, limit), day)
    told = told_of(centre, [one.candidate.id for one in (*work.reviews, *work.missions)])
    proof = centre.meta().get("proof", "")
    return QueueReport(work, day, days, unit, _rates(candidates), undescribed, told, proof)


def _period(row: Row) -> int:
    """Return the days of the period that a partner dates an alert to; 0 is a day, or ours."""
    if not row["source"] or row["window_start"] is None:
        return 0
    return int(row["window_end"] - row["window_start"])


def weights_of(settings: Settings) -> Weights:
    """Return the weights of ``dosel.toml``.

    Raises
    ------
    InputError
        If a theme is named that does not exist.
    """
    chosen = settings.priority
    unknown = sorted(set(chosen.themes) - set(Theme))
    if unknown:
        raise InputError(f"priority.themes: expected some of {', '.join(Theme)}, got {', '.join(unknown)}")
    names = {field.name for field in fields(Weights)} - {"themes"}
    values = {name: getattr(chosen, name) for name in (*TERMS, *sorted(names - set(TERMS)))}
    themes = {theme: weight for theme, weight in {**LEGAL, **chosen.themes}.items() if weight > 0}
    return Weights(**values, themes=themes)


def touches(facts: Iterable[Fact], unit: str) -> bool:
    """Return whether one of the units that are touched is called so, whatever the accents and the case."""
    name = plain_name(unit)
    return any(
        fact.relation == Relation.INSIDE and name in {plain_name(fact.name), plain_name(fact.code)}
        for fact in facts
    )


def _check_unit(store: Store, unit: str) -> None:
    open_ = {"current": 1, "sensitivity": OPEN}
    current = [row["name"] for row in store.select("layers", open_, columns=["name"])]
    asked = {"layer": current}
    if any(
        store.select("layer_units", asked | {key: unit}, columns=["code"], limit=1)
        for key in ("code", "name")
    ):
        return
    names = store.tally("layer_units", ["name", "code"], asked)
    if not any(plain_name(unit) in {plain_name(row["name"]), plain_name(row["code"])} for row in names):
        raise InputError(
            f"--unit: no current layer has a unit called {unit!r}; `dosel layers list` shows them"
        )


def _desk(settings: Settings, days: int, limit: int) -> Desk:
    chosen = settings.desk
    reviews, missions = (int(a_day * days) for a_day in (chosen.reviews_a_day, chosen.missions_a_day))
    if limit:
        reviews, missions = min(reviews, limit), min(missions, limit)
    return Desk(reviews, missions, chosen.fair_share, chosen.audit_share)


def _rates(candidates: Iterable[Candidate]) -> tuple[TenureRate, ...]:
    return rates(Outcome(one.tenure, one.verified or one.rejected, one.rejected) for one in candidates)
