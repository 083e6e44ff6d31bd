"""``dosel explain``: what is known of one alert, from where, and what nobody looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from dosel.context.facts import Fact
from dosel.context.overlay.past import LAYER as PAST
from dosel.errors import InputError
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.describe import SLOPE
from dosel.pipeline.meaning.places import facts_of
from dosel.share.policy import visible
from dosel.store.interface import Row


@dataclass(frozen=True, slots=True)
class LayerSays:
    """What one layer says of an alert."""

    layer: Row
    """Name, version, titles, vintage, completeness and note of the layer, as the facts used it."""
    facts: tuple[Fact, ...]
    current: bool
    """Whether that version is the one in force now; else the alert is to be described again."""


@dataclass(frozen=True, slots=True)
class Section:
    """What another room says of the alert: a title and lines, in the language that was asked for."""

    title: str
    lines: tuple[str, ...]


Teller: TypeAlias = Callable[[Centre, Row, Sequence[Fact], str], Section | None]
"""Makes a section of an alert, its facts and a language; None where it has nothing to say."""

SECTIONS: Final[tuple[Teller, ...]] = ()
"""Further sections; those of the command stand in :mod:`dosel.pipeline.meaning.sections`."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of an alert."""

    alert: Row
    layers: tuple[LayerSays, ...]
    past: tuple[Fact, ...]
    slope_deg: float | None
    """Mean slope of the ground; None where no elevation model says it."""
    sections: tuple[Section, ...]
    described: bool
    """Whether facts were measured at all."""
    proof: str
    """Proof letter of our own watch; empty is not stated."""


def explain(
    centre: Centre, alert_id: str, language: str, sections: Sequence[Teller] = SECTIONS
) -> Explanation:
    """Return what is known of an alert.

    Raises
    ------
    InputError
        If there is no such alert, or it may not be shown: both read the same.
    """
    rows = centre.store.select("alerts", {"id": alert_id, "superseded": 0})
    shown = visible(centre.store, rows)
    if not shown:
        raise InputError(f"{alert_id}: there is no such alert; `dosel alerts` lists them")
    facts = facts_of(centre.store, [alert_id])[alert_id]
    told = (teller(centre, shown[0], facts, language) for teller in sections)
    return Explanation(
        shown[0],
        _layers(centre, facts),
        tuple(fact for fact in facts if fact.layer == PAST),
        next((fact.value for fact in facts if fact.layer == SLOPE), None),
        tuple(one for one in told if one is not None),
        bool(centre.store.select("described", {"alert_id": alert_id})),
        centre.meta().get("proof", ""),
    )


def _layers(centre: Centre, facts: Sequence[Fact]) -> tuple[LayerSays, ...]:
    """Return what each layer says, the layers by name."""
    by_layer: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if fact.layer != PAST:
            by_layer.setdefault((fact.layer, fact.version), []).append(fact)
    columns = ("name", "version", "current", "titles", "vintage", "completeness", "coverage", "theme")
    where: dict[str, Any] = {"name": sorted({name for name, _ in by_layer})}
    known = {
        (row["name"], row["version"]): row for row in centre.store.select("layers", where, columns=columns)
    }
    return tuple(
        LayerSays(known[key], tuple(said), bool(known[key]["current"]))
        for key, said in sorted(by_layer.items())
        if key in known
    )
