"""The version of a layer, from its content; and what an update changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from dosel.context.definition import Definition
from dosel.context.layer import Units
from dosel.context.units import Made
from dosel.model.provenance import digest


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update did to the units, by code and name."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def plain(self) -> dict[str, list[str]]:
        """Return it as JSON-like values."""
        return {"added": [*self.added], "removed": [*self.removed], "changed": [*self.changed]}


def version_of(definition: Definition, made: Made, coverage: BaseGeometry | None) -> str:
    """Return the version: 12 hexadecimal digits of the units, what they mean and where they are complete.

    The order of the units, the name of the file and how it is refreshed do not count.
    """
    where = None if coverage is None else shapely.normalize(coverage).wkb_hex
    return digest([definition.meaning(), sorted(_hashes(made.units, made.details)), where])[:12]


def changes(old: Made, new: Made) -> Changes:
    """Return what differs between two versions.

    Units are the same by code, and by name where they have none; where several share it, all of them are
    compared at once.
    """
    before, after = _by_key(old), _by_key(new)
    return Changes(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )


def _by_key(made: Made) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    units = made.units
    for code, name, mark in zip(units.code, units.name, _hashes(units, made.details), strict=True):
        groups[code or name or mark[:12]].append(mark)
    return {key: sorted(marks) for key, marks in groups.items()}


def _hashes(units: Units, details: Sequence[Mapping[str, Any]]) -> list[str]:
    wkb = shapely.to_wkb(shapely.normalize(units.geometry), byte_order=1, hex=True)
    columns = (units.code, units.name, units.category, units.from_day.tolist(), units.to_day.tolist())
    return [digest(row) for row in zip(wkb, *columns, details, strict=True)]
