"""What a person asks a centre: its alerts, and what has been seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dosel.catalog.feeds import FeedHealth, feed_health
from dosel.catalog.ledger import Refused, refused_list
from dosel.errors import InputError
from dosel.model.codes import AlertStatus
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre
from dosel.share.files import export_alerts as write_alerts
from dosel.store.interface import Bbox, Between, Row


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are meant; superseded ones never are."""

    status: tuple[AlertStatus, ...] = ()
    since: int | None = None
    min_area_ha: float = 0.0
    bbox: Bbox | None = None

    @classmethod
    def parse(
        cls, *, status: str = "", since: str = "", min_area_ha: float = 0.0, bbox: str = ""
    ) -> AlertFilter:
        """Return the filter of the command line's words.

        Raises
        ------
        InputError
            If a status, day or box cannot be read.

        Examples
        --------
        >>> AlertFilter.parse(status="confirmed").status
        (<AlertStatus.CONFIRMED: 2>,)
        """
        names = {member.name.lower(): member for member in AlertStatus}
        words = [word.strip().lower() for word in status.split(",") if word.strip()]
        unknown = [word for word in words if word not in names]
        if unknown:
            raise InputError(f"--status: expected some of {', '.join(names)}, got {', '.join(unknown)}")
        return cls(
            tuple(names[word] for word in words), day_of(since) if since else None, min_area_ha, _box(bbox)
        )


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What left, or would leave."""

    path: Path
    count: int
    release: str
    """Id of the release; empty for a dry run."""


@dataclass(frozen=True, slots=True)
class CentreStatus:
    """What has been seen."""

    feeds: tuple[FeedHealth, ...]
    refused: tuple[Refused, ...]
    """Every refusal that stands."""


def list_alerts(centre: Centre, chosen: AlertFilter) -> list[Row]:
    """Return the rows of the alerts that pass, newest first."""
    where: dict[str, object] = {"superseded": 0}
    if chosen.status:
        where["status"] = [int(status) for status in chosen.status]
    if chosen.since is not None:
        where["updated"] = Between(chosen.since)
    if chosen.min_area_ha > 0:
        where["area_ha"] = Between(chosen.min_area_ha)
    return centre.store.select("alerts", where, bbox=chosen.bbox, order_by=("-updated", "id"))


def export_alerts(
    centre: Centre, chosen: AlertFilter, path: Path, *, actor: str, overwrite: bool, dry_run: bool
) -> ExportReport:
    """Release alerts to a file on this machine.

    Raises
    ------
    InputError
        If nobody is named, or the file exists.
    ReleaseError
        If the policy does not let them out.
    """
    if not actor:
        raise InputError("--by: expected the name of the person who releases; every release is recorded")
    rows = list_alerts(centre, chosen)
    if dry_run:
        return ExportReport(path, len(rows), "")
    released = write_alerts(
        centre.store, rows, path, actor=actor, purpose="local export", overwrite=overwrite
    )
    return ExportReport(path, len(released.rows), released.id)


def centre_status(centre: Centre) -> CentreStatus:
    """Return when every configured feed last saw every tile, and what was refused."""
    revisit = {}
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        seen = {r["geometry"] for r in centre.store.tally("look_tiles", ["geometry"], {"sensor": row.name})}
        for geometry in seen or {row.geometries[0]}:
            revisit[row.name, geometry] = row.revisit_days
    today = day_of(datetime.now(UTC))
    feeds = feed_health(centre.store, today, [tile.id for tile in centre.tiles], revisit)
    return CentreStatus(feeds, refused_list(centre.store))


def _box(text: str) -> Bbox | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"--bbox: expected west,south,east,north in degrees, got {text!r}") from error
    return west, south, east, north
