"""What the reference layers print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dosel.console.paper import OUT, SENTENCES
from dosel.messages import say

if TYPE_CHECKING:
    from dosel.context.units import Problem
    from dosel.pipeline.layer_add import Added


def show_added(added: Iterable[Added], language: str, dry_run: bool) -> None:
    """Say what became, or would become, of each layer."""
    if dry_run:
        OUT.print(say("watch.plan", language))
    for one in added:
        values = {"name": one.name, "version": one.version, "units": f"{one.units:,}"}
        OUT.print(say(f"layers.{one.outcome}", language, **values))
        _show_changes(one, language)
        show_problems(one.problems, language)


def _show_changes(one: Added, language: str) -> None:
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
