"""Facts as columns: what an overlay gives back, and how it becomes values or rows.

Examples
--------
>>> len(FactTable.joined(()))
0
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dosel.context.facts import NO_UNIT, Fact, Relation
from dosel.context.layer import Layer

RELATIONS: Final = tuple(Relation)
"""A relation's number is its place here; numbers are never stored."""
UNKNOWN: Final = -1
"""`in_force` where the layer is not dated."""


@dataclass(frozen=True, slots=True, eq=False)
class FactTable:
    """Facts; all arrays have the shape ``(facts,)``."""

    alert: NDArray[np.int64]
    """Place of the alert in what was asked."""
    layer: NDArray[np.int64]
    """Place of the layer in what was asked."""
    relation: NDArray[np.int64]
    """Place in `RELATIONS`."""
    number: NDArray[np.int64]
    """Number of the unit, or `NO_UNIT`."""
    share: NDArray[np.float64]
    """NaN where it has none, as in the next two."""
    distance_m: NDArray[np.float64]
    in_force: NDArray[np.int64]
    """1 yes, 0 no, `UNKNOWN`."""

    def __len__(self) -> int:
        """Return how many facts there are."""
        return len(self.alert)

    @classmethod
    def joined(cls, tables: Sequence[FactTable]) -> FactTable:
        """Return the facts of several tables, by alert, layer, relation and unit."""
        parts = tables or (made(Relation.NONE, np.zeros(0, np.int64)),)
        whole = {f.name: np.concatenate([getattr(t, f.name) for t in parts]) for f in fields(cls)}
        order = np.lexsort((whole["number"], whole["relation"], whole["layer"], whole["alert"]))
        return cls(**{name: column[order] for name, column in whole.items()})

    def facts(self, ids: Sequence[str], layers: Sequence[Layer]) -> list[Fact]:
        """Return the facts as values, in the order of the table."""
        return [Fact(**row) for row in self._plain(ids, layers)]

    def _plain(self, ids: Sequence[str], layers: Sequence[Layer]) -> Iterator[dict[str, Any]]:
        columns = (getattr(self, f.name).tolist() for f in fields(self))
        for alert, place, relation, number, share, distance, force in zip(*columns, strict=True):
            layer = layers[place]
            units, named = layer.units, number != NO_UNIT
            yield {
                "alert_id": ids[alert],
                "layer": layer.name,
                "version": layer.version,
                "relation": RELATIONS[relation],
                "number": number,
                "code": units.code[number] if named else "",
                "name": units.name[number] if named else "",
                "category": units.category[number] if named else "",
                "share": None if share != share else share,
                "distance_m": None if distance != distance else distance,
                "in_force": None if force == UNKNOWN else bool(force),
                "value": None,
            }


def made(
    relation: Relation,
    alert: NDArray[np.int64],
    *,
    number: Any = NO_UNIT,
    share: Any = np.nan,
    distance_m: Any = np.nan,
    in_force: Any = UNKNOWN,
) -> FactTable:
    """Return facts of one relation and one layer, which is 0 until :func:`placed` says which."""
    size = len(alert)

    def column(value: Any, kind: Any) -> NDArray[Any]:
        return np.broadcast_to(np.asarray(value, kind), size).copy()

    return FactTable(
        alert,
        np.zeros(size, np.int64),
        np.full(size, RELATIONS.index(relation), np.int64),
        column(number, np.int64),
        column(share, np.float64),
        column(distance_m, np.float64),
        column(in_force, np.int64),
    )


def placed(tables: Iterable[FactTable], layer: int) -> list[FactTable]:
    """Return tables with the place of their layer."""
    return [
        FactTable(
            t.alert, np.full(len(t), layer, np.int64), t.relation, t.number, t.share, t.distance_m, t.in_force
        )
        for t in tables
    ]
