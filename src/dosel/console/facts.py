"""Facts on paper: what a run described, what is known of an alert, what lies near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dosel.console.paper import OUT
from dosel.context.facts import NO_UNIT, Fact, Relation
from dosel.context.overlay.past import REACH_M
from dosel.context.subject import Extent
from dosel.messages import say
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from dosel.pipeline.meaning.describe import Description
    from dosel.pipeline.meaning.explain import Explanation, LayerSays
    from dosel.pipeline.meaning.near import Found, Nearby

_NEAR_M: Final = 1000.0
"""Shorter distances are said in metres."""


def show_described(done: Description, language: str, *, dry_run: bool) -> None:
    """Say what was, or would be, described."""
    counts = {"described": f"{done.described:,}", "alerts": f"{done.alerts:,}", "facts": f"{done.facts:,}"}
    OUT.print(say("describe.would" if dry_run else "describe.done", language, **counts))
    if done.removed:
        OUT.print(say("describe.removed", language, count=done.removed))
    if done.sealed:
        OUT.print(say("describe.sealed", language, count=done.sealed))
    missing = [name for name, _, completeness in done.layers if completeness == "missing"]
    if missing:
        OUT.print(say("describe.missing", language, names=", ".join(missing)))
    if not done.layers:
        OUT.print(say("describe.none", language))


def show_explanation(told: Explanation, language: str) -> None:
    """Say what is known of an alert, what further rooms say of it, and what nobody looked at."""
    _show_alert(told, language)
    spoken = [says for says in told.layers if not _silent(says)]
    OUT.print(f"\n{say('explain.place', language)}")
    for says in spoken:
        OUT.print(f"  {'; '.join(sentences(says, language))}, {layer_words(says, language)}")
    if told.slope_deg is not None:
        OUT.print(f"  {say('fact.slope', language, degrees=f'{told.slope_deg:.1f}')}")
    OUT.print(f"\n{say('explain.past', language)}")
    for line in _past(told, language):
        OUT.print(f"  {line}")
    for section in told.sections:
        OUT.print(f"\n{section.title}")
        for line in section.lines:
            OUT.print(f"  {line}")
    OUT.print(f"\n{say('explain.open', language)}")
    for says in told.layers:
        if _silent(says):
            OUT.print(f"  {layer_words(says, language)}: {says.layer['coverage']['note'][language]}")
    OUT.print(f"\n{proof_words(told.proof, language)}")


def proof_words(own: str, language: str) -> str:
    """Return on what an answer rests, by proof letters; `own` is our own watch's, empty is not stated."""
    return say("triage.proof", language, own=own or say("triage.proof_unknown", language))


def show_near(near: Nearby, limit: int, language: str) -> None:
    """Print what lies near, nearest first."""
    asked = " ".join(filter(None, (near.question.code, near.question.unit)))
    sure = sum(map(near.sure, near.found))
    head = {"km": f"{near.question.within_km:g}", "layer": near.layer.name, "version": near.layer.version}
    counts = {"sure": f"{sure:,}", "maybe": f"{len(near.found) - sure:,}"}
    OUT.print(say("near.head", language, unit=asked or say("near.any", language), **head, **counts))
    kinds = {kind: sum(one.kind == kind for one in near.found) for kind in ("alert", "fire", "airstrip")}
    OUT.print(say("near.kinds", language, **{kind: f"{count:,}" for kind, count in kinds.items()}))
    shown = near.found[:limit] if limit else near.found
    for one in shown:
        OUT.print(f"  {_near_line(one, near, language)}")
    if len(shown) < len(near.found):
        OUT.print(f"  {say('near.more', language, count=f'{len(near.found) - len(shown):,}')}")
    if sure < len(near.found):
        OUT.print(say("near.maybe", language))
    OUT.print(say("near.note", language, note=near.layer.note[language]))
    OUT.print(proof_words(near.proof, language))


def _near_line(one: Found, near: Nearby, language: str) -> str:
    far = distance(one.least_m)
    if one.most_m > one.least_m:
        far = f"{far} - {distance(one.most_m)}"
    parts = [far, say(f"near.{one.kind}", language), one.id, one.source or say("explain.own", language)]
    if one.day is not None:
        parts.append(iso_day(one.day))
    if one.area_ha is not None:
        parts.append(say("explain.hectares", language, ha=f"{one.area_ha:.2f}"))
    parts.append(one.unit)
    if not near.sure(one):
        parts.append(say("near.perhaps", language))
    return "  ".join(parts)


def _show_alert(told: Explanation, language: str) -> None:
    row = told.alert
    area = say("explain.no_hectares", language)
    if row["area_ha"] is not None:
        area = say("explain.hectares", language, ha=f"{row['area_ha']:.2f}")
    source = row["source"] or say("explain.own", language)
    OUT.print(
        say("explain.head", language, id=row["id"], source=source, day=iso_day(row["window_end"]), area=area)
    )
    if row["extent"] != Extent.OUTLINE:
        OUT.print(say(f"explain.{row['extent']}", language))
    if not told.described:
        OUT.print(say("explain.undescribed", language))


def _silent(says: LayerSays) -> bool:
    """Return whether a layer says nothing but that nobody looked."""
    return all(fact.relation is Relation.NOT_EVALUATED for fact in says.facts)


def layer_words(says: LayerSays, language: str) -> str:
    """Return a layer with title, vintage, version and what its silence means."""
    row = says.layer
    key = "fact.layer" if row["vintage"] else "fact.layer.undated"
    name = say(key, language, title=row["titles"][language], vintage=row["vintage"])
    words = [say(f"fact.{row['completeness']}", language), f"{row['name']} {row['version']}"]
    if not says.current:
        words.append(say("fact.stale", language))
    return f"{name} ({', '.join(words)})"


def sentences(says: LayerSays, language: str) -> list[str]:
    """Return what a layer says of an alert, a sentence a fact."""
    near = any(fact.relation is Relation.NEAREST for fact in says.facts)
    return [said for fact in says.facts for said in _sentence(fact, near, language)]


def _sentence(fact: Fact, near: bool, language: str) -> list[str]:
    """Return what a fact says, none where it only repeats another.

    Parameters
    ----------
    near
        Whether the layer has a nearest unit.
    """
    if fact.relation is Relation.INSIDE:
        key = "fact.together" if fact.number == NO_UNIT else "fact.inside"
        said = say(key, language, unit=_unit(fact), share=percent(fact.share))
        return [said if fact.number == NO_UNIT else said + _force(fact, language)]
    if fact.relation is Relation.NEAREST:
        key = "fact.nearest" if fact.distance_m else "fact.touches"
        return [
            say(key, language, unit=_unit(fact), distance=distance(fact.distance_m or 0.0))
            + _force(fact, language)
        ]
    if fact.relation is Relation.VALUE:
        return [say("fact.value", language, code=fact.code, value=f"{fact.value:g}")]
    return _silence(fact, near, language)


def _silence(fact: Fact, near: bool, language: str) -> list[str]:
    if fact.relation is Relation.NONE:
        if fact.share is not None:
            return [say("fact.none_part", language, share=percent(fact.share))]
        if fact.distance_m is None:
            return [say("fact.none", language)]
        return [say("fact.none_within", language, distance=distance(fact.distance_m))]
    said = []
    if fact.share is not None:
        said.append(say("fact.open_part", language, share=percent(fact.share)))
    if fact.distance_m is not None and near:
        key = "fact.open_beyond" if fact.distance_m else "fact.nearest_known"
        said.append(say(key, language, distance=distance(fact.distance_m)))
    return said


def _past(told: Explanation, language: str) -> list[str]:
    nearest = [fact for fact in told.past if fact.relation is Relation.NEAREST]
    values = {fact.code: fact.value for fact in told.past if fact.relation is Relation.VALUE}
    if not nearest:
        return [say("past.none", language, reach=distance(REACH_M))] if told.described else []
    fact = nearest[0]
    day = iso_day(int(fact.value or 0))
    source = fact.name or say("explain.own", language)
    far = distance(fact.distance_m or 0.0)
    lines = [say("past.nearest", language, id=fact.code, source=source, day=day, distance=far)]
    if values.get("alerts"):
        counts = {"alerts": f"{values['alerts']:.0f}", "touching": f"{values['overlapping'] or 0:.0f}"}
        first, ha = iso_day(int(values["first-day"] or 0)), f"{values.get('hectares') or 0:.1f}"
        lines.append(say("past.count", language, day=first, ha=ha, **counts))
    return lines


def _unit(fact: Fact) -> str:
    """Return name and code of a unit, for example ``Tambopata (RN09)``; what it is where it has neither."""
    if fact.name and fact.code:
        return f"{fact.name} ({fact.code})"
    return fact.name or fact.code or fact.category or f"#{fact.number}"


def _force(fact: Fact, language: str) -> str:
    if fact.in_force is None:
        return ""
    return ", " + say("fact.in_force" if fact.in_force else "fact.not_in_force", language)


def percent(share: float | None) -> str:
    """Return a share in per cent; one that is not the whole is never rounded up to it.

    Examples
    --------
    >>> percent(0.9999), percent(1.0), percent(0.0004), percent(0.837)
    ('99.9', '100', '0.1', '84')
    """
    hundred = 100 * (share or 0.0)
    if hundred in {0.0, 100.0} or 1 <= hundred <= 99:
        return f"{hundred:.0f}"
    return f"{min(99.9, max(0.1, hundred)):.1f}"


def distance(metres: float) -> str:
    """Return a distance in metres or kilometres.

    Examples
    --------
    >>> distance(84.4), distance(8312.0), distance(143210.0)
    ('84 m', '8.3 km', '143 km')
    """
    if metres < _NEAR_M:
        return f"{metres:.0f} m"
    return f"{metres / 1000:.1f} km" if metres < 100 * _NEAR_M else f"{metres / 1000:.0f} km"
