"""``dosel import coca``: yearly figures of whole areas into the store, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dosel.alerts.partner.figures import ORIGIN, Figures, read_figures
from dosel.pipeline.centre import Centre


@dataclass(frozen=True, slots=True)
class FiguresReport:
    """What an import of figures did, or would do."""

    subject: str
    file: Path
    figures: Figures
    fresh: int
    changed: int

    @property
    def refused_rows(self) -> int:
        """Rows that are not used."""
        return len({note.row for note in self.figures.notes})


def import_figures(
    centre: Centre, subject: str, path: Path, *, dry_run: bool = False, now: datetime | None = None
) -> FiguresReport:
    """Import the yearly figures of a subject; the same again changes nothing.

    Raises
    ------
    InputError
        If the file is no table of whole areas; nothing is written.
    """
    figures = read_figures(path, subject, (now or datetime.now(UTC)).year)
    names = ("source", "unit_kind", "unit", "year")
    rows = centre.store.select("area_figures", {"subject": subject})
    known = {tuple(row[name] for name in names): row["content"] for row in rows}
    keys = {tuple(row[name] for name in names): row for row in figures.good}
    new = [row for key, row in keys.items() if known.get(key) != row["content"]]
    changed = sum(key in known and known[key] != row["content"] for key, row in keys.items())
    if new and not dry_run:
        origin, licence = ORIGIN
        with centre.store.transaction():
            terms = {"name": subject, "origin": origin, "licence": licence}
            centre.store.upsert("sources", [{"id": f"feed:{subject}", **terms}])
            centre.store.upsert("area_figures", new)
    return FiguresReport(subject, path, figures, len(new) - changed, changed)
