"""Checkpoints: steps of which the tile files and the open alerts are kept, so that a late look can rewind."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from dosel.alerts.alert import Alert
from dosel.alerts.table import restore, snapshot
from dosel.catalog.scene import Look
from dosel.config import MonitorSettings
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.bases import NO_ALERTS, retire
from dosel.pipeline.spine.order import NOWHERE, Place, place_of_row
from dosel.store.interface import Not, Row, Store


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A step to which the fold can rewind; step 0 is before everything."""

    step: int
    day: int
    place: Place
    """Where its look stands; what stands after it is folded again."""


def checkpoints(store: Store, settings: MonitorSettings) -> list[Checkpoint]:
    """Return the checkpoints that are kept, oldest first; before the first one is written, step 0."""
    where = {"alerts": Not(NO_ALERTS)}
    rows = store.select("checkpoints", where, columns=["step", "day", "look_id"], order_by=("step",))
    if not rows:
        return [Checkpoint(0, day_of(settings.start), NOWHERE)]
    looks = store.select("looks", {"id": [row["look_id"] for row in rows]})
    places = {look["id"]: place_of_row(look) for look in looks}
    return [Checkpoint(row["step"], row["day"], places.get(row["look_id"], NOWHERE)) for row in rows]


def removed_before(centre: Centre) -> int:
    """Return the day before which gridded looks are to be removed.

    It lies ``retain.looks_days`` before the oldest checkpoint: a look folded again finds what it found.
    """
    oldest = checkpoints(centre.store, centre.settings.monitor)[0]
    return oldest.day - centre.settings.retain.looks_days


def keep_checkpoint(centre: Centre, look: Look, step: int, alerts: Iterable[Alert]) -> None:
    """Keep the step of `look` if it is time for it, and retire what no late look can need any more.

    Call it within the transaction of the step, after the tiles were pointed at their files.
    """
    store, settings = centre.store, centre.settings.monitor
    known = checkpoints(store, settings)
    if not store.select("checkpoints", columns=["step"], limit=1):
        store.insert("checkpoints", [_row(known[0].step, known[0].day, "", [], ())])
    if look.day - known[-1].day >= settings.checkpoint_days:
        store.insert("checkpoints", [_row(step, look.day, look.id, store.select("tiles"), alerts)])
    older = [point.step for point in known if point.day < look.day - settings.late_days]
    if older[:-1]:
        retire(centre, older[:-1], known[len(older) - 1].day - centre.settings.retain.looks_days)


def tiles_of(store: Store, point: Checkpoint) -> list[Row]:
    """Return the rows of the table of tiles as they were at a checkpoint."""
    rows = store.select("checkpoints", {"step": point.step}, columns=["tiles"])
    tiles: list[Row] = rows[0]["tiles"] if rows else []
    return tiles


def alerts_of(store: Store, point: Checkpoint) -> tuple[Alert, ...]:
    """Return the alerts that were open at a checkpoint."""
    rows = store.select("checkpoints", {"step": point.step}, columns=["alerts"])
    return restore(json.loads(zlib.decompress(rows[0]["alerts"]))) if rows else ()


def files_kept(store: Store) -> set[str]:
    """Return the state files that checkpoints and bases name."""
    rows = store.select("checkpoints", columns=["tiles"])
    return {tile["file"] for row in rows for tile in row["tiles"]}


def _row(step: int, day: int, look_id: str, tiles: list[Row], alerts: Iterable[Alert]) -> Row:
    named = [{key: tile[key] for key in ("tile_id", "file", "step", "day")} for tile in tiles]
    packed = zlib.compress(json.dumps(snapshot(alerts), allow_nan=False).encode())
    return {"step": step, "day": day, "look_id": look_id, "tiles": named, "alerts": packed}
