"""The cause of every alert, as a step of ``dosel describe``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dosel.context.driver.driver import cause_of
from dosel.context.driver.known import signs_from
from dosel.context.driver.rules import Table, shipped
from dosel.model.marking import Marking
from dosel.store.interface import Row

if TYPE_CHECKING:
    from dosel.pipeline.meaning.describe import Batch


@dataclass(frozen=True, slots=True)
class Causes:
    """Looks for the cause of each alert of a batch; rules are the shipped ones where none are given."""

    table: Table | None = None

    @property
    def basis(self) -> str:
        """Name, version and hash of the rules."""
        method = (self.table or shipped()).method()
        return f"{method.name} {method.version} {method.parameters}"

    @property
    def tables(self) -> tuple[str, ...]:
        """Where it writes."""
        return ("drivers",)

    def rows(self, batch: Batch) -> Mapping[str, Sequence[Row]]:
        """Return a row of ``drivers`` for every alert, marked as the alert is."""
        themes = {one.name: one.theme for one in batch.layers if one.sensitivity < Marking.SEALED}
        sealed = {one.name for one in batch.layers if one.sensitivity >= Marking.SEALED}
        rows = []
        for subject in batch.subjects:
            facts = [fact for fact in batch.facts[subject.id] if fact.layer not in sealed]
            signs = signs_from(subject, facts, themes)
            driver = cause_of(signs, self.table)
            rows.append({"alert_id": subject.id, "marking": int(batch.marking[subject.id]), **driver.row()})
        return {"drivers": rows}
