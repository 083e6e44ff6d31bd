"""What the desk may work on: alerts with their facts, causes and incidents, as plain values for triage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final, TypedDict

from dosel.alerts.incident import FIRE
from dosel.cases.priority import Candidate, certainty_of, why_certain
from dosel.context.driver.causes import Cause
from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.marking import Marking
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.calibrate import in_force, stored_calibration
from dosel.pipeline.meaning.jurisdiction import activity_of
from dosel.pipeline.meaning.places import facts_of, layer_themes
from dosel.pipeline.spine.verdicts import REJECT
from dosel.share.policy import visible
from dosel.store.interface import Between, Row, Store

LIVE: Final = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED, AlertStatus.REPORTED)
"""An alert of these is work; the others have ended."""
_NO_FEED: Final = {"", "fire"}
"""Sources of an incident that are nobody's report of a change: our own watch, and a fire event."""
CONFIRM: Final = "confirm"
"""The verdict of a person that an alert is right."""
TENURES: Final = (
    Theme.PROTECTED,
    Theme.INDIGENOUS,
    Theme.BUFFER,
    Theme.CONSERVATION,
    Theme.TIMBER,
    Theme.MINING_RIGHT,
    Theme.MINING_CORRIDOR,
)
"""Whose land or title an alert counts to: the first of these that it touches."""


class _Certain(TypedDict):
    confirmed: bool
    ratio: float | None
    sources: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows of the store that candidates are made of."""

    alerts: Mapping[str, Row]
    facts: Mapping[str, tuple[Fact, ...]]
    themes: Mapping[str, Theme]
    incident: Mapping[str, str]
    """Incident by alert."""
    members: Mapping[str, tuple[Row, ...]]
    """Rows of ``incident_members`` by incident, only of what may be shown."""
    sources: Mapping[str, frozenset[str]]
    """Feeds of the members of an incident that were known by the day."""
    causes: Mapping[str, Row]
    verdicts: Mapping[str, str]
    began: Mapping[str, Row]
    """First event of our own alerts."""
    grouped: bool
    """Whether incidents were ever made here."""


def live_alerts(store: Store, first: int, last: int) -> tuple[list[Row], list[Candidate]]:
    """Return the alerts that had happened, or grew, from day `first` to `last`; sealed ones say no more."""
    live = {"superseded": 0, "status": [int(status) for status in LIVE]}
    rows = {
        row["id"]: row
        for column in ("window_end", "last_growth")
        for row in store.select("alerts", {**live, column: Between(first, last)})
        if row["window_end"] <= last
    }
    shown = visible(store, [rows[one] for one in sorted(rows)])
    sealed = sorted(set(rows) - {row["id"] for row in shown})
    return shown, [Candidate(one, "", "not-evaluated", sealed=True) for one in sealed]


def gather(centre: Centre, alerts: Sequence[Row], last: int) -> Gathered:
    """Return all that is known of alerts by day `last`."""
    store = centre.store
    ids = [row["id"] for row in alerts]
    incident = {
        row["member_id"]: row["incident_id"]
        for row in store.select("incident_members", {"kind": "alert", "member_id": ids})
    }
    known, members, sources = _members(
        store, {row["id"]: row for row in alerts}, sorted(set(incident.values())), last
    )
    verdicts = store.select("verdicts", {"alert_id": ids})
    began = store.select("alert_events", {"alert_id": ids, "event": int(AlertEvent.NEW)})
    return Gathered(
        known,
        facts_of(store, ids),
        layer_themes(store),
        incident,
        members,
        sources,
        {row["alert_id"]: row for row in store.select("drivers", {"alert_id": list(known)})},
        {row["alert_id"]: row["verdict"] for row in verdicts},
        {row["alert_id"]: row for row in reversed(began)},
        bool(store.select("incidents", limit=1, columns=["id"])),
    )


def _members(
    store: Store, alerts: Mapping[str, Row], incidents: Sequence[str], last: int
) -> tuple[dict[str, Row], dict[str, tuple[Row, ...]], dict[str, frozenset[str]]]:
    """Return the alerts with those of the same incidents up to day `last`, the members, and their feeds."""
    rows = store.select("incident_members", {"incident_id": list(incidents)})
    others = [row["member_id"] for row in rows if row["kind"] == "alert" and row["member_id"] not in alerts]
    where = {"id": others, "superseded": 0, "window_end": Between(None, last)}
    known = dict(alerts) | {row["id"]: row for row in visible(store, store.select("alerts", where))}
    feeds = _fires(store, [row["member_id"] for row in rows if row["kind"] == FIRE], last)
    feeds |= {("alert", one): (row["source"],) for one, row in known.items()}
    members: dict[str, tuple[Row, ...]] = dict.fromkeys(incidents, ())
    sources: dict[str, frozenset[str]] = dict.fromkeys(incidents, frozenset())
    for row in rows:
        if (key := (row["kind"], row["member_id"])) in feeds:
            members[row["incident_id"]] += (row,)
            sources[row["incident_id"]] |= set(feeds[key])
    return known, members, sources


def _fires(store: Store, ids: Sequence[str], last: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the feeds of the fire events that had begun by day `last` and may be shown."""
    open_ = Between(None, int(Marking.RESTRICTED))
    where = {"id": list(ids), "first_day": Between(None, last), "marking": open_}
    rows = store.select("fire_events", where, columns=["id", "sources"])
    return {(FIRE, row["id"]): tuple(row["sources"]) for row in rows}


def candidates_of(
    centre: Centre, alerts: Iterable[Row], gathered: Gathered, themes: Iterable[str], last: int
) -> list[Candidate]:
    """Return alerts as candidates of day `last`; `themes` weigh in the legal setting."""
    calibration = stored_calibration(centre)
    h2 = in_force(centre, calibration).h2 if calibration else None
    asked = [Theme(theme) for theme in themes]
    return [_candidate(row, gathered, asked, h2, last) for row in alerts]


def _candidate(
    row: Row, gathered: Gathered, asked: Sequence[Theme], h2: float | None, last: int
) -> Candidate:
    facts = _by_theme(gathered.facts[row["id"]], gathered.themes)
    legal, unknown = _legal(facts, asked)
    settlement_m, settlement_sure = _nearest(facts.get(Theme.SETTLEMENT, ()))
    river_m, river_sure = _nearest(facts.get(Theme.RIVER, ()))
    grown_ha, grown_days = _growth(row, gathered)
    certain = _certainty(row, gathered, h2)
    return Candidate(
        row["id"],
        _area(facts),
        _tenure(facts),
        incident=gathered.incident.get(row["id"], ""),
        verified=gathered.verdicts.get(row["id"]) == CONFIRM,
        rejected=gathered.verdicts.get(row["id"]) == REJECT,
        certainty=certainty_of(**certain),
        certainty_why=why_certain(**certain),
        area_ha=row["area_ha"],
        grown_ha=grown_ha,
        grown_days=grown_days,
        legal=legal,
        boxed=row["extent"] == "box",
        legal_unknown=unknown,
        settlement_m=settlement_m,
        settlement_sure=settlement_sure,
        river_m=river_m,
        river_sure=river_sure,
        activities=_activities(row, gathered),
        age_days=float(last - row["window_end"]),
    )


def _by_theme(facts: Iterable[Fact], themes: Mapping[str, Theme]) -> dict[Theme, tuple[Fact, ...]]:
    found: dict[Theme, tuple[Fact, ...]] = {}
    for fact in facts:
        if fact.layer in themes:
            theme = themes[fact.layer]
            found[theme] = (*found.get(theme, ()), fact)
    return found


def _inside(facts: Iterable[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.relation == Relation.INSIDE and fact.in_force is not False]


def _unseen(facts: Sequence[Fact]) -> float:
    """Return the share that nobody looked at, by the layer that saw most: 0 is all seen, 1 is nothing."""
    layers: dict[str, float] = {}
    for fact in facts:
        open_share = 0.0
        if fact.relation == Relation.NOT_EVALUATED:
            open_share = 1.0 if fact.share is None else fact.share
        layers[fact.layer] = max(layers.get(fact.layer, 0.0), open_share)
    return min(layers.values(), default=1.0)


def _legal(
    facts: Mapping[Theme, tuple[Fact, ...]], asked: Iterable[Theme]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the largest share by theme that was evaluated at all, and the share that nobody looked at."""
    shares: dict[str, float] = {}
    unknown: dict[str, float] = {}
    for theme in asked:
        inside, unseen = _inside(facts.get(theme, ())), _unseen(facts.get(theme, ()))
        if inside or unseen < 1:
            shares[theme.value] = max((1.0 if f.share is None else f.share for f in inside), default=0.0)
        if unseen > 0:
            unknown[theme.value] = unseen
    return shares, unknown


def _tenure(facts: Mapping[Theme, tuple[Fact, ...]]) -> str:
    met = [theme.value for theme in TENURES if _inside(facts.get(theme, ()))]
    if met:
        return met[0]
    return "none" if all(_unseen(facts.get(theme, ())) == 0 for theme in TENURES) else "not-evaluated"


def _area(facts: Mapping[Theme, tuple[Fact, ...]]) -> str:
    """Return the code of the smallest administrative unit that holds most of it."""
    for theme in (Theme.DISTRICT, Theme.PROVINCE, Theme.DEPARTMENT):
        inside = sorted(_inside(facts.get(theme, ())), key=lambda fact: (-(fact.share or 0.0), fact.code))
        if inside:
            return inside[0].code or inside[0].name
    return ""


def _nearest(facts: Sequence[Fact]) -> tuple[float | None, bool]:
    """Return the metres to the nearest unit (infinity: none in reach), and whether none can be nearer."""
    near = [fact for fact in facts if fact.relation == Relation.NEAREST]
    found = min((fact.distance_m for fact in near if fact.distance_m is not None), default=inf)
    found = 0.0 if _inside(facts) else found
    layers: dict[str, bool] = {}
    for fact in facts:
        whole = fact.relation != Relation.NOT_EVALUATED or (fact.distance_m or 0.0) >= found
        layers[fact.layer] = layers.get(fact.layer, True) and whole
    sure = any(layers.values())
    return (found, sure) if sure or found < inf else (None, True)


def _certainty(row: Row, gathered: Gathered, h2: float | None) -> _Certain:
    """Return what is known of the change itself: our evidence, and how many others report it."""
    ours = row["source"] == ""
    ratio = row["evidence"] / h2 if ours and h2 and row["evidence"] is not None else None
    feeds = {row["source"], *gathered.sources.get(gathered.incident.get(row["id"], ""), ())} - _NO_FEED
    confirmed = ours and row["status"] == AlertStatus.CONFIRMED
    return {"confirmed": confirmed, "ratio": ratio, "sources": len(feeds)}


def _growth(row: Row, gathered: Gathered) -> tuple[float | None, float | None]:
    """Return the hectares that were added, and in how many days; None is seen only once."""
    began = gathered.began.get(row["id"])
    if row["source"] == "" and began is not None:
        days = row["updated"] - began["day"]
        first = began["detail"].get("area_ha")
        return (
            (max(0.0, row["area_ha"] - first), float(days))
            if days > 0 and first is not None
            else (None, None)
        )
    alerts = [gathered.alerts[one] for one in _alerts_of(row, gathered)]
    sized = sorted((one["window_end"], one["area_ha"]) for one in alerts if one["area_ha"] is not None)
    if not sized or sized[-1][0] == sized[0][0]:
        return None, None
    later = sum(area for day, area in sized if day > sized[0][0])
    return later, float(sized[-1][0] - sized[0][0])


def _alerts_of(row: Row, gathered: Gathered) -> list[str]:
    """Return the alerts of the same source in its incident: two feeds about one clearing are no growth."""
    members = gathered.members.get(gathered.incident.get(row["id"], ""), ())
    ids = [one["member_id"] for one in members if one["kind"] == "alert"]
    return [one for one in ids if gathered.alerts[one]["source"] == row["source"]]


def _activities(row: Row, gathered: Gathered) -> int | None:
    """Return how many other kinds of activity share its incident; None where incidents were never made."""
    if not gathered.grouped:
        return None
    members = gathered.members.get(gathered.incident.get(row["id"], ""), ())
    kinds: set[Any] = {
        _cause_of(gathered, one["member_id"]) if one["kind"] == "alert" else one["kind"] for one in members
    }
    own = _cause_of(gathered, row["id"])
    return len(kinds - {None, own})


def _cause_of(gathered: Gathered, alert: str) -> str | None:
    """Return the activity of an alert's cause, if it is known well enough."""
    row = gathered.causes.get(alert)
    if row is None or Cause(row["cause"]) is Cause.UNKNOWN:
        return None
    return activity_of(row["cause"], row["probability"])
