"""What a line of the work list says of its place: what was reported, where, of which cause, who may act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dosel.context.facts import Fact, Relation
from dosel.context.layer import Theme
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.jurisdiction import WhoReport, who_alert
from dosel.pipeline.meaning.places import facts_of, layer_themes
from dosel.store.interface import Row

_ADMIN: Final = (Theme.DISTRICT, Theme.PROVINCE, Theme.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Told:
    """One place of the list."""

    alert: Row
    where: tuple[str, ...]
    """District, province and department that hold most of it, as far as they are known."""
    driver: Row | None
    """Row of ``drivers``; None where no cause was looked for."""
    who: WhoReport | None
    """None where nothing was measured of it yet."""


def told_of(centre: Centre, ids: Sequence[str]) -> dict[str, Told]:
    """Return what is said of alerts that may be shown, by id."""
    store = centre.store
    rows = {row["id"]: row for row in store.select("alerts", {"id": list(ids), "superseded": 0})}
    drivers = {row["alert_id"]: row for row in store.select("drivers", {"alert_id": list(ids)})}
    facts, themes = facts_of(store, ids), layer_themes(store)
    return {
        one: Told(
            rows[one],
            tuple(
                _where([fact for fact in facts[one] if themes.get(fact.layer) is theme]) for theme in _ADMIN
            ),
            drivers.get(one),
            who_alert(centre, one) if facts[one] else None,
        )
        for one in ids
    }


def versions(told: Iterable[Told]) -> tuple[str, ...]:
    """Return name and version of every layer that the answers rest on; what is no layer has no version."""
    layers = {layer for one in told if one.who is not None for layer in one.who.layers}
    return tuple(sorted(layer for layer in layers if not layer.endswith(" ")))


def _where(facts: Iterable[Fact]) -> str:
    """Return the unit that holds most; empty is not known."""
    inside = [fact for fact in facts if fact.relation is Relation.INSIDE]
    best = max(inside, key=lambda fact: (fact.share or 0.0, fact.code), default=None)
    return "" if best is None else best.name or best.code
