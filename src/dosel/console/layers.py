"""What the reference layers print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dosel.console.paper import OUT, SENTENCES, print_table
from dosel.messages import say
from dosel.model.marking import Marking

if TYPE_CHECKING:
    from dosel.context.units import Problem
    from dosel.pipeline.reference.layer_add import Added
    from dosel.pipeline.reference.layer_check import LayerFinding, LayerLine
    from dosel.pipeline.reference.layer_refresh import Refreshed

_SPARE = ("licence", "theme", "vintage", "age")
"""Columns that a narrow terminal goes without, the first of them first."""


def show_added(added: Iterable[Added], language: str, dry_run: bool) -> None:
    """Say what became, or would become, of each layer."""
    if dry_run:
        OUT.print(say("watch.plan", language))
    for one in added:
        values = {"name": one.name, "version": one.version, "units": f"{one.units:,}"}
        OUT.print(say(f"layers.{one.outcome}", language, **values))
        _show_changes(one, language)
        show_problems(one.problems, language)


def show_refreshed(done: Refreshed, language: str, dry_run: bool) -> None:
    """Say what became of the layers that were read again."""
    for name in done.gone:
        OUT.print(say("layers.refresh.gone", language, name=name))
    if not done.added:
        OUT.print(say("layers.refresh.nothing", language))
        return
    show_added(done.added, language, dry_run)


def show_layers(lines: Iterable[LayerLine], language: str) -> None:
    """Show the current layers as a table, then what their coverage means in words."""
    known = list(lines)
    if not known:
        OUT.print(say("layers.none", language))
        return
    print_table(say("layers.list", language), [_cells(one, language) for one in known], _SPARE, language)
    OUT.print(say("layers.words", language))
    for one in known:
        OUT.print(f"  {one.name}: {one.titles[language]}. {one.note[language]}")


def show_layer_findings(findings: Iterable[LayerFinding], language: str) -> None:
    """Say what is wrong with the layers, and what their silence means."""
    found = list(findings)
    for kind in dict.fromkeys(one.kind for one in found):
        OUT.print(say(f"layers.check.{kind}", language))
        for one in found:
            if one.kind == kind:
                _show_finding(one, language)
    if not found:
        OUT.print(say("layers.check.good", language))


def _show_finding(one: LayerFinding, language: str) -> None:
    service = f"({say('layers.service', language, service=one.service)})" if one.service else ""
    parts = " ".join(filter(None, (_detail(one, language), one.note.get(language), service)))
    OUT.print(f"  {one.layer}: {parts}" if parts else f"  {one.layer}")


def _detail(one: LayerFinding, language: str) -> str:
    if one.kind == "problems":
        counts = one.values["counts"].items()
        return "; ".join(say(f"layers.problem.{kind}", language, count=count) for kind, count in counts)
    key = f"layers.checked.{one.kind}"
    return say(key, language, **one.values) if one.values else ""


def _cells(one: LayerLine, language: str) -> dict[str, str]:
    coverage = say(f"layers.completeness.{one.completeness.value}", language)
    if one.coverage_km2 is not None:
        coverage = say("layers.completeness.km2", language, word=coverage, km2=f"{one.coverage_km2:,.0f}")
    return {
        "layer": one.name,
        "theme": say(f"theme.{one.theme}", language),
        "vintage": one.vintage or "-",
        "units": f"{one.units:,}",
        "coverage": coverage,
        "licence": one.licence or say("layers.licence.unknown", language),
        "sensitivity": say(f"marking.{Marking(one.sensitivity).name}", language),
        "version": one.version,
        "age": say("layers.days", language, days=one.age_days),
    }


def _show_changes(one: Added, language: str) -> None:
    if one.outcome == "updated" and not any(one.changes.plain().values()):
        OUT.print("  " + say("layers.units.none", language))
    for key, names in one.changes.plain().items():
        if names:
            OUT.print("  " + say(f"layers.units.{key}", language, count=len(names), names=_few(names)))


def show_problems(problems: Iterable[Problem], language: str) -> None:
    """Say what had to be said of the units: the first few of each kind, and how many there are."""
    kinds: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        kinds[problem.kind].append(problem)
    for kind, ones in kinds.items():
        OUT.print("  " + say(f"layers.problem.{kind}", language, count=len(ones)))
        for one in ones[:SENTENCES]:
            OUT.print(f"    {_line(one, language)}")
        if len(ones) > SENTENCES:
            OUT.print("    " + say("layers.more", language, count=len(ones) - SENTENCES))


def _line(one: Problem, language: str) -> str:
    key = f"layers.detail.{one.kind}"
    if not one.detail:
        return one.unit
    values = {key: ", ".join(map(str, v)) if isinstance(v, list) else v for key, v in one.detail.items()}
    return say(key, language, unit=one.unit, **values)


def _few(names: list[str]) -> str:
    return ", ".join(names[:SENTENCES]) + (", ..." if len(names) > SENTENCES else "")
