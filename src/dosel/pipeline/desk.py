"""What a person asks a centre, and tells it: its alerts, what has been seen, a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Final

from dosel.alerts.table import OPEN
from dosel.catalog.feeds import FeedHealth, feed_health
from dosel.catalog.ledger import Refused, refused_list
from dosel.catalog.setback import looks_set_back
from dosel.errors import InputError
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.marking import Marking
from dosel.model.time import asked_day, day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.feeds.sight import CentreSight, centre_sight
from dosel.pipeline.learning.calibrate import Calibration, in_force, stored_calibration
from dosel.pipeline.learning.silence import Silence, silence_of
from dosel.pipeline.runs import runs_not_ended
from dosel.pipeline.spine.mend import states_missing
from dosel.pipeline.spine.order import newest_known
from dosel.pipeline.spine.resting import resting_ha
from dosel.pipeline.spine.verdicts import REJECT, idle_verdicts, verdicts_on
from dosel.pipeline.spine.watched import record_layers
from dosel.share.files import check_target
from dosel.share.files import export_alerts as write_alerts
from dosel.share.policy import visible
from dosel.store.interface import Bbox, Between, Row

OWN: Final = "own"
"""The word for our own watch among the sources of alerts."""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are meant; superseded ones never are."""

    status: tuple[AlertStatus, ...] = ()
    since: int | None = None
    min_area_ha: float = 0.0
    bbox: Bbox | None = None
    source: tuple[str, ...] = ()
    """Names of feeds; the empty name is our own watch. Without one, all."""

    @classmethod
    def parse(
        cls, *, status: str = "", since: str = "", min_area_ha: float = 0.0, bbox: str = "", source: str = ""
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
        if not 0 <= min_area_ha < inf:
            raise InputError(f"--min-area-ha: expected hectares, 0 or more, got {min_area_ha}")
        first = asked_day("--since", since) if since else None
        feeds = tuple("" if word == OWN else word for word in source.replace(" ", "").split(",") if word)
        return cls(tuple(names[word] for word in words), first, min_area_ha, asked_box(bbox), feeds)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What left, or would leave."""

    path: Path
    count: int
    release: str
    """Id of the release; empty for a dry run, and where there was nothing to release."""


@dataclass(frozen=True, slots=True)
class CentreStatus:
    """What has been seen."""

    feeds: tuple[FeedHealth, ...]
    refused: tuple[Refused, ...]
    """Every refusal that stands."""
    not_ended: tuple[Row, ...] = ()
    """Runs since the last one that ended which did not: going on, or killed."""
    waiting: int = 0
    """Looks that were set back and are to be folded again."""
    idle: tuple[Row, ...] = ()
    """Verdicts without an alert to apply to: it was superseded, merged, or has ended."""
    calibration: Calibration | None = None
    """Thresholds and their false alarms; None before the first run."""
    by_hand: bool = False
    """Whether the settings put thresholds in place of the calibrated ones: nobody measured theirs."""
    silence: Silence | None = None
    missing: tuple[str, ...] = ()
    """Tiles whose state is not there."""
    at_rest_ha: float = 0.0
    """Hectares of closed alerts, which are not watched."""
    sight: CentreSight | None = None
    """Of which day, what was seen, which feed is ill."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict as it was, or would be, recorded."""

    alert_id: str
    day: int
    """Day of the newest look that was folded: the verdict stands after the looks of that day."""
    person: str
    reason: str


def list_alerts(centre: Centre, chosen: AlertFilter) -> list[Row]:
    """Return the rows of the alerts that pass and may be shown, newest first."""
    return visible(centre.store, _passing(centre, chosen))


def _passing(centre: Centre, chosen: AlertFilter) -> list[Row]:
    where: dict[str, object] = {"superseded": 0}
    if chosen.status:
        where["status"] = [int(status) for status in chosen.status]
    if chosen.source:
        where["source"] = chosen.source
    if chosen.since is not None:
        where["updated"] = Between(chosen.since)
    if chosen.min_area_ha > 0:
        where["area_ha"] = Between(chosen.min_area_ha)
    return centre.store.select("alerts", where, bbox=chosen.bbox, order_by=("-updated", "id"))


def export_alerts(
    centre: Centre, chosen: AlertFilter, path: Path, *, actor: str, overwrite: bool, dry_run: bool
) -> ExportReport:
    """Release alerts to a file on this machine; where none passes the filter nothing is written.

    Raises
    ------
    InputError
        If nobody is named, or the file exists.
    ReleaseError
        If the policy does not let them out.
    """
    if not actor:
        raise InputError("--by: expected the name of the person who releases; every release is recorded")
    check_target(path, overwrite=overwrite)
    count = len(list_alerts(centre, chosen))
    if dry_run or not count:
        return ExportReport(path, count, "")
    record_layers(centre)
    rows = _passing(centre, chosen)
    released = write_alerts(
        centre.store, rows, path, actor=actor, purpose="local export", overwrite=overwrite
    )
    return ExportReport(path, len(released.rows), released.id)


def judge(centre: Centre, alert_id: str, *, reason: str, by: str, dry_run: bool = False) -> Judgement:
    """Record a named person's verdict that an open alert is wrong; the next run applies it.

    Raises
    ------
    InputError
        If nobody is named, no reason is given, the alert is not open, or it has a verdict already.
    """
    if not by.strip():
        raise InputError("--by: expected the name of the person who judges; every verdict is recorded")
    if not reason.strip():
        raise InputError("--reject: expected the reason, in the words of the person who judges")
    _check_open(centre, alert_id)
    judgement = Judgement(alert_id, newest_known(centre.store)[0], by.strip(), reason.strip())
    if not dry_run:
        _record(centre, judgement)
    return judgement


def _check_open(centre: Centre, alert_id: str) -> None:
    rows = visible(centre.store, centre.store.select("alerts", {"id": alert_id, "superseded": 0}))
    if not rows:
        raise InputError(f"{alert_id}: there is no such alert; `dosel alerts` lists them")
    status = AlertStatus(rows[0]["status"])
    if status not in OPEN:
        why = rows[0]["reason"] or status.legend
        raise InputError(f"{alert_id}: is {status.name.lower()} ({why}); only open alerts are judged")
    if verdicts_on(centre.store, [alert_id]):
        raise InputError(f"{alert_id}: has a verdict already, which the next `dosel watch` applies")


def _record(centre: Centre, judgement: Judgement) -> None:
    now = datetime.now(UTC)
    words = {"person": judgement.person, "verdict": REJECT, "reason": judgement.reason}
    verdict = {"alert_id": judgement.alert_id, "day": judgement.day, **words}
    event = {"alert_id": judgement.alert_id, "event": int(AlertEvent.JUDGED), "day": day_of(now)}
    detail = {**words, "instant": now.isoformat(), "seen_until": judgement.day}
    with centre.store.transaction():
        centre.store.insert("verdicts", [verdict])
        centre.store.insert("alert_events", [{**event, "look_id": "", "step": 0, "detail": detail}])


def centre_status(centre: Centre) -> CentreStatus:
    """Return when every configured feed last saw every tile, and what was refused."""
    revisit = {}
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        seen = {r["geometry"] for r in centre.store.tally("look_tiles", ["geometry"], {"sensor": row.name})}
        for geometry in seen or {row.geometries[0]}:
            revisit[row.name, geometry] = row.revisit_days
    sight, known = centre_sight(centre), stored_calibration(centre)
    feeds = feed_health(centre.store, sight.now.day, [tile.id for tile in centre.tiles], revisit)
    return CentreStatus(
        feeds,
        refused_list(centre.store),
        runs_not_ended(centre.store),
        len(looks_set_back(centre.store)),
        tuple(_idle(centre)),
        known,
        known is not None and in_force(centre, known) != known.thresholds,
        silence_of(centre),
        states_missing(centre),
        resting_ha(centre),
        sight,
    )


def _idle(centre: Centre) -> list[Row]:
    """Return the verdicts that have no effect, without those on what is sealed."""
    rows = idle_verdicts(centre.store)
    on = {"id": sorted({row["alert_id"] for row in rows}), "marking": int(Marking.SEALED)}
    sealed = {row["id"] for row in centre.store.select("alerts", on, columns=["id"])}
    return [row for row in rows if row["alert_id"] not in sealed]


def asked_box(text: str) -> Bbox | None:
    """Return the box that ``--bbox`` gives; None where it gives none.

    Raises
    ------
    InputError
        If it is no box in degrees.
    """
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError
    except ValueError:
        raise InputError(
            f"--bbox: expected west,south,east,north in degrees, west before east, got {text!r}"
        ) from None
    return west, south, east, north
