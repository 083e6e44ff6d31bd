"""What goes together, on paper."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dosel.console.paper import OUT
from dosel.messages import CATALOGUE, say
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from dosel.context.converge.edge import Edge
    from dosel.context.converge.nodes import Meeting
    from dosel.context.converge.size import Pileup
    from dosel.context.converge.table import Pair
    from dosel.pipeline.meaning.converge import Convergence, Growing


def show_convergence(found: Convergence, language: str) -> None:
    """Print pairs, nodes and pile-ups."""
    period = {"place": found.place, "first": iso_day(found.days[0]), "last": iso_day(found.days[1])}
    if not any(count for _, count in found.counts):
        OUT.print(say("converge.nothing", language, **period))
        return
    counts = ", ".join(f"{_activity(name, language)} {count}" for name, count in found.counts)
    OUT.print(say("converge.title", language, counts=counts, **period))
    for pair in found.pairs:
        OUT.print(_pair(pair, found, language))
    km = f"{found.asked.reach.within_m / 1000:g}"
    held = {"layers": ", ".join(found.layers), "km": km}
    OUT.print(say("converge.held" if found.layers else "converge.not_held", language, **held))
    OUT.print(say("converge.same", language))
    OUT.print(say("converge.level", language))
    _show_nodes(found, language)
    for source, pileup in found.sizes:
        OUT.print(_size(source, pileup, language))
    OUT.print(say("converge.least", language, limit=f"{found.least_ha:g}"))
    _show_edge(found.edge, language)
    OUT.print(say("converge.means", language))


def _activity(name: str, language: str) -> str:
    key = f"activity.{name}"
    return say(key if key in CATALOGUE else f"converge.{name}", language)


def _pair(pair: Pair, found: Convergence, language: str) -> str:
    names = {"one": _activity(pair.fixed, language), "other": _activity(pair.moved, language)}
    if pair.ratio is None or pair.tail is None:
        question = say(f"converge.question.{pair.question}", language)
        why = say(f"converge.why.{pair.silence}", language)
        return say("converge.silent", language, question=question, why=why, **names)
    ratio = pair.ratio
    return say(
        f"converge.{pair.question}",
        language,
        **names,
        km=f"{found.asked.reach.within_m / 1000:g}",
        days=found.asked.spell.within_days,
        seen=f"{ratio.observed:.0f}",
        expected=f"{ratio.expected:.0f}",
        ratio=f"{ratio.ratio:.2f}",
        low=f"{ratio.low:.2f}",
        high=_upper(ratio.high),
        chance=f"{ratio.chance_low:.2f}-{ratio.chance_high:.2f}",
        p=f"{pair.tail.p:.3f}",
        bound=f"{pair.tail.p_upper:.3f}",
        together=f"{pair.p_together:.3f}",
    )


def _upper(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.2f}"


def _show_nodes(found: Convergence, language: str) -> None:
    for growing in found.nodes:
        _show_node(growing, f"{found.asked.cell_m / 1000:g}", language)
    if not found.nodes and found.busiest:
        OUT.print(say("converge.no_node", language))
        for meeting, at in found.busiest:
            OUT.print(_cell(meeting, at, language))


def _show_node(growing: Growing, km: str, language: str) -> None:
    node = growing.node
    known = say("converge.known" if growing.known else "converge.new", language)
    names = ", ".join(_activity(name, language) for name in node.activities)
    at = {"lon": f"{growing.at[0]:.2f}", "lat": f"{growing.at[1]:.2f}", "cells": len(node.squares), "km": km}
    OUT.print(say("converge.node", language, id=node.id, activities=names, known=known, **at))
    for amount in growing.amounts:
        numbers = {
            "events": amount.events,
            "low": f"{amount.events_low:.1f}",
            "high": f"{amount.events_high:.1f}",
            "ha": f"{amount.area_ha:.1f}",
            "ha_low": f"{amount.area_low_ha:.1f}",
            "ha_high": f"{amount.area_high_ha:.1f}",
        }
        OUT.print(say("converge.amount", language, activity=_activity(amount.activity, language), **numbers))
    for change in growing.changes:
        numbers = {"ratio": _upper(change.ratio), "low": f"{change.low:.2f}", "high": _upper(change.high)}
        key = "converge.broken" if change.broken else "converge.change"
        words = {"activity": _activity(change.activity, language), "why": change.broken}
        OUT.print(say(key, language, **numbers, **words))


def _cell(meeting: Meeting, at: tuple[float, float], language: str) -> str:
    one, other = (_activity(name, language) for name in meeting.activities)
    return say(
        "converge.cell",
        language,
        lon=f"{at[0]:.2f}",
        lat=f"{at[1]:.2f}",
        one=one,
        other=other,
        question=say(f"converge.question.{meeting.question}", language),
        seen=f"{meeting.seen:.0f}",
        expected=f"{meeting.expected:.1f}",
        p=f"{meeting.p:.4f}",
    )


def _size(source: str, pileup: Pileup, language: str) -> str:
    head = say(
        "converge.size",
        language,
        limit=f"{pileup.limit_ha:g}",
        source=source or say("converge.own", language),
        count=pileup.clearings,
        reading=say(f"converge.reading.{pileup.reading}", language),
    )
    if math.isnan(pileup.jump):
        return f"{head}."
    (low, high), (few, many) = pileup.jump_interval, pileup.excess_interval
    numbers = {
        "jump": pileup.jump,
        "low": low,
        "high": high,
        "excess": pileup.excess,
        "few": few,
        "many": many,
    }
    told = {name: f"{value:.2f}" for name, value in {**numbers, "elsewhere": pileup.elsewhere}.items()}
    return f"{head}{say('converge.size_numbers', language, **told)}."


def _show_edge(edge: Edge | None, language: str) -> None:
    if edge is None:
        OUT.print(say("converge.no_edge", language))
        return
    numbers = {
        "ratio": edge.ratio,
        "low": edge.interval[0],
        "high": edge.interval[1],
        "beyond": edge.beyond,
        "beyond_low": edge.beyond_interval[0],
        "beyond_high": edge.beyond_interval[1],
    }
    OUT.print(say("converge.edge", language, **{name: f"{value:.2f}" for name, value in numbers.items()}))
    for band in edge.bands:
        words = {
            "low": f"{band.distance_m[0] / 1000:g}",
            "high": f"{band.distance_m[1] / 1000:g}",
            "count": band.clearings,
            "area": f"{band.area_km2:.0f}",
            "density": f"{100 * band.density:.1f}",
            "few": f"{100 * band.low:.1f}",
            "many": f"{100 * band.high:.1f}",
        }
        OUT.print(say("converge.band", language, **words))
