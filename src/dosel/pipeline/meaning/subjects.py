"""Alerts of the store as what the context asks about, with the mark of what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import shapely

from dosel.context.subject import Extent, Subject
from dosel.model.marking import Marking
from dosel.model.provenance import digest
from dosel.store.interface import Row, Store

COLUMNS: Final = (
    "id",
    "source",
    "extent",
    "geometry",
    "status",
    "window_start",
    "window_end",
    "area_ha",
    "marking",
)
"""What the context reads of an alert."""


@dataclass(frozen=True, slots=True)
class Known:
    """An alert that stands, and what it says."""

    subject: Subject
    marking: Marking
    content: str
    """Hash of what facts depend on, without the marking."""


def standing(store: Store, where: dict[str, Any] | None = None) -> list[Known]:
    """Return the alerts that were not superseded and have a place, by id."""
    rows = store.select("alerts", {"superseded": 0, **(where or {})}, columns=COLUMNS)
    return [_known(row) for row in rows if row["geometry"] is not None and not row["geometry"].is_empty]


def subjects_of(rows: Iterable[Row]) -> list[Subject]:
    """Return rows of the table of alerts, with `COLUMNS`, as what the context asks about."""
    return [_subject(row) for row in rows]


def _subject(row: Row) -> Subject:
    return Subject(
        id=row["id"],
        geometry=row["geometry"],
        extent=Extent(row["extent"]),
        source=row["source"],
        first_day=row["window_start"],
        day=row["window_end"],
        area_ha=row["area_ha"],
    )


def _known(row: Row) -> Known:
    plain = [row[name] for name in COLUMNS if name not in {"geometry", "status", "marking"}]
    content = digest([*plain, shapely.to_wkb(row["geometry"], hex=True)])
    return Known(_subject(row), Marking(row["marking"]), content)
