"""The printed report: what to look at, why, who may act; what lies near a border; what could not be seen.

It is gathered here as plain values, put into words by the console, and printed inside the centre. It does
not leave: layers of unknown licence lie on its maps, and whoever holds it holds what is restricted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import shapely

from dosel.cases.triage import Ranked
from dosel.context.layer import Completeness, Layer, Theme
from dosel.errors import InputError
from dosel.model.names import plain_name
from dosel.model.time import asked_day, day_of, iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning import blind_report
from dosel.pipeline.meaning.explain import Explanation, explain
from dosel.pipeline.meaning.near import Nearby, near
from dosel.pipeline.meaning.near import Question as NearQuestion
from dosel.pipeline.progress import Progress, Silent
from dosel.pipeline.reference.layers import OPEN, load_layers
from dosel.pipeline.work.queue import QueueReport, work_list
from dosel.pipeline.work.told import Told
from dosel.share.policy import DESK, Destination, release
from dosel.share.printed.document import Document
from dosel.share.printed.typeset import write_pdf
from dosel.store.interface import Bbox, Row

FOLDER: Final = "reports"
"""Folder of the centre that holds what was printed."""
DRAWN: Final = (
    Theme.DEPARTMENT,
    Theme.PROTECTED,
    Theme.BUFFER,
    Theme.INDIGENOUS,
    Theme.CONSERVATION,
    Theme.MINING_CORRIDOR,
    Theme.RIVER,
    Theme.ROAD,
    Theme.SETTLEMENT,
    Theme.BORDER,
)
"""Themes that lie on the maps."""
_AROUND: Final = 0.08
"""Degrees around a place on its own map."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the report is about."""

    unit: str = ""
    days: int = 7
    as_of: str = ""
    limit: int = 10
    border: str = "BRA"
    """Code of the neighbour whose border is asked about; empty is none."""
    within_km: float = 20.0
    near_days: int = 365
    """Days up to `as_of` of what is listed near the border."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One place of the list."""

    ranked: Ranked
    explanation: Explanation
    told: Told
    """Where it is, its cause and who may act."""


@dataclass(frozen=True, slots=True, eq=False)
class DeskReport:
    """Everything that is printed."""

    question: Question
    centre: str
    day: int
    queue: QueueReport
    places: tuple[Place, ...]
    nearby: Nearby | None
    blind: blind_report.Report
    layers: tuple[Row, ...]
    """Rows of the current layers."""
    drawn: tuple[Layer, ...]
    """Layers of the maps, without what lies outside `bounds`."""
    bounds: Bbox
    near_rows: dict[str, Row] = field(default_factory=dict)
    """Alerts near the border, by id."""

    @property
    def isolation_known(self) -> bool:
        """Whether a complete layer of reserves of peoples in isolation covers all that is drawn."""
        rows = [row for row in self.layers if row["theme"] == Theme.ISOLATION]
        whole = all(row["completeness"] == Completeness.COMPLETE for row in rows)
        drawn = [shapely.box(*self.bounds), *(row["geometry"] for row in self.near_rows.values())]
        covered = (all(shapely.covers(row["geometry"], drawn)) for row in rows if row["geometry"])
        return bool(rows) and whole and all(covered)


def gather_report(centre: Centre, question: Question, progress: Progress | None = None) -> DeskReport:
    """Gather what a report says.

    Raises
    ------
    InputError
        If a day, a unit or a border cannot be found.
    """
    bar = progress or Silent()
    day = asked_day("--as-of", question.as_of) if question.as_of else day_of(datetime.now(UTC))
    work = work_list(centre, unit=question.unit, days=question.days, as_of=iso_day(day), limit=question.limit)
    bar.start("report.places", len(work.work.reviews))
    places = []
    for ranked in work.work.reviews:
        places.append(_place(centre, ranked, work.told[ranked.candidate.id]))
        bar.advance()
    nearby, near_rows = _near(centre, question, day)
    blind = blind_report.report(centre, blind_report.Question(unit=question.unit, as_of=iso_day(day)))
    layers = tuple(centre.store.select("layers", {"current": 1}))
    bounds = _bounds(centre, question, [place.explanation.alert for place in places])
    drawn = load_layers(centre.store, themes=DRAWN, bbox=bounds)
    name = centre.settings.centre.name
    return DeskReport(
        question, name, day, work, tuple(places), nearby, blind, layers, drawn, bounds, near_rows
    )


def print_report(
    centre: Centre, report: DeskReport, document: Document, actor: str, advance: Callable[[], None]
) -> Path:
    """Print a report inside the centre and record it; return the file.

    Raises
    ------
    ReleaseError
        If nobody is named.
    MissingExtraError, StoreError
        If it cannot be printed or written.
    """
    folder = centre.root / FOLDER
    folder.mkdir(exist_ok=True)
    slug = "-".join(filter(None, (plain_name(report.question.unit).replace(" ", "-"), iso_day(report.day))))
    path = folder / f"report-{slug}.pdf"
    rows = [place.explanation.alert for place in report.places] + list(report.near_rows.values())
    once = list({row["id"]: row for row in rows}.values())
    to = Destination(DESK, str(path))
    released = release(centre.store, once, to=to, actor=actor, purpose="printed report")
    return write_pdf(document, released, advance)


def _place(centre: Centre, ranked: Ranked, told: Told) -> Place:
    explained = explain(centre, ranked.candidate.id, centre.settings.centre.language)
    return Place(ranked, explained, told)


def _near(centre: Centre, question: Question, day: int) -> tuple[Nearby | None, dict[str, Row]]:
    """Return what is near the border, and the rows of its alerts; nothing where there is no such layer."""
    borders = [
        row["name"]
        for row in centre.store.select("layers", {"current": 1, "theme": Theme.BORDER.value})
        if row["completeness"] != Completeness.MISSING
    ]
    if not (question.border and borders):
        return None, {}
    asked = NearQuestion(
        borders[0],
        question.border,
        within_km=question.within_km,
        as_of=day,
        since=day - question.near_days + 1,
    )
    found = near(centre, asked)
    ids = [one.id for one in found.found if one.kind == "alert"]
    return found, {row["id"]: row for row in centre.store.select("alerts", {"id": ids, "superseded": 0})}


def _bounds(centre: Centre, question: Question, rows: Sequence[Row]) -> Bbox:
    """Return west, south, east, north of the unit, else of the alerts, else of the whole area."""
    geometries = []
    if question.unit:
        asked = {"current": 1, "sensitivity": OPEN}
        current = {(r["name"], r["version"]) for r in centre.store.select("layers", asked)}
        names = centre.store.select(
            "layer_units",
            {"layer": sorted({name for name, _ in current})},
            columns=("geometry", "layer", "version", "name", "code"),
        )
        wanted = plain_name(question.unit)
        geometries = [
            row["geometry"]
            for row in names
            if (row["layer"], row["version"]) in current
            and wanted in {plain_name(row["name"]), plain_name(row["code"])}
            and row["geometry"].area > 0
        ]
    geometries = geometries or [row["geometry"] for row in rows]
    if not geometries:
        raise InputError("report: there is nothing to show; name a --unit, or describe alerts first")
    west, south, east, north = shapely.total_bounds(geometries)
    dx, dy = max(0.05, 0.04 * (east - west)), max(0.05, 0.04 * (north - south))
    return west - dx, south - dy, east + dx, north + dy


def around(row: Row) -> Bbox:
    """Return the bounds of an alert's own map, degrees."""
    west, south, east, north = row["geometry"].bounds
    return west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND
