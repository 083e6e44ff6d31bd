"""What each look showed at the pixels of an alert: rows of ``alert_looks``, from the archive.

An alert that is born gets a row for every look since the start of its date window, as the pixels it is born
with saw them; from then on one for every look that reaches a tile of it, seen or masked. Residuals are summed
as integers over tiles, so that rows do not depend on how the area is tiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.alert import Alert
from dosel.alerts.pixels import Pixels, Placed, place
from dosel.alerts.step import Outcome
from dosel.alerts.table import AlertLook
from dosel.catalog.scene import Look
from dosel.model.codes import AlertEvent, LookStatus
from dosel.model.grid import Tile
from dosel.monitor.baseline import Baseline
from dosel.monitor.residuals import owner_sums, standard_residuals
from dosel.monitor.scalars import SIGMA
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.models import Streams, load_streams
from dosel.pipeline.proof.foldings import content_hash
from dosel.pipeline.spine.memory import workers_of
from dosel.pipeline.spine.reading import retained
from dosel.stack.gridded import GriddedLook
from dosel.store.interface import Between

PAST_DAYS: Final = 400
"""So far the rows of a new alert reach back at most; ``retain.looks_days`` keeps as much unless lowered."""

Ground = Callable[[Streams, Tile], tuple[Sequence[Baseline], NDArray[np.uint8]]]
"""Baselines and analysis mask of a tile, as the fold uses them."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A look that has been folded, or is being folded now."""

    look_id: str
    day: int
    streams: Streams
    offsets: tuple[int, ...]
    """The pass's own offset by stream, in quanta."""


@dataclass(frozen=True, slots=True)
class Lent:
    """What a look, and those before it, lent to the alerts of a step."""

    outcome: Outcome
    """The step's, its new alerts with the looks and streams that saw them since their onset."""
    rows: tuple[AlertLook, ...]
    contents: Mapping[str, str]
    """Content hash of the gridded look by tile."""


@dataclass(slots=True)
class _Sums:
    """Sums of one look over the pixels of alerts, tile after tile."""

    count: NDArray[np.int64]
    """(stream, alert): valid pixels."""
    total: NDArray[np.int64]
    """(stream, alert): sum of their residuals, sigma / 256."""
    reached: NDArray[np.bool_]
    """(alert,): whether the look reaches a tile of it."""

    @classmethod
    def of(cls, streams: int, alerts: int) -> _Sums:
        """Return empty sums."""
        shape = (streams, alerts)
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(alerts, np.bool_))

    def add(self, part: _Part) -> None:
        """Add the sums of a tile."""
        owners, count, total = part
        self.reached[owners] = True
        self.count[:, owners] += count
        self.total[:, owners] += total


_Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""(owner,) alerts on a tile; (stream, owner) valid pixels and sums."""


def lend(
    centre: Centre,
    ground: Ground,
    now: Folded,
    look: Look,
    tiles: Sequence[Tile],
    open_alerts: Mapping[str, Alert],
    outcome: Outcome,
) -> Lent:
    """Return the rows of a step and its outcome with new alerts that know their past.

    Parameters
    ----------
    ground
        Baselines and mask of a tile.
    now, look
        The look of the step.
    tiles
        The tiles that it reaches.
    open_alerts
        Alerts before the step, by id.
    outcome
        What the tracker made of the step.
    """
    held = sorted({**open_alerts, **{a.id: a for a in outcome.upserts}}.values(), key=lambda a: a.id)
    born_ids = {event.alert_id for event in outcome.events if event.event == AlertEvent.NEW}
    born = [alert for alert in held if alert.id in born_ids]
    sums, contents = _now(centre, ground, now, tiles, held)
    rows = list(_rows(now, held, sums))
    since = min((alert.window_start for alert in born), default=look.day + 1)
    earlier = _earlier(centre, look, max(since, look.day - PAST_DAYS))
    before = [
        row
        for one, past in zip(earlier, _past(centre, ground, earlier, born), strict=True)
        for row in _rows(one, born, past)
    ]
    credit = _credit([*before, *(row for row in rows if row.alert_id in born_ids)], born)
    upserts = tuple(credit.get(alert.id, alert) for alert in outcome.upserts)
    return Lent(replace(outcome, upserts=upserts), (*before, *rows), contents)


def sums_on_tile(
    seen: GriddedLook,
    streams: Streams,
    offsets: Sequence[int],
    bases: Sequence[Baseline],
    watched: NDArray[np.uint8],
    pixels: Pixels,
) -> _Part:
    """Return the alerts on a tile with valid pixels and sums of residuals of each stream."""
    owners, own = np.unique(pixels[2], return_inverse=True)
    standard = standard_residuals(seen, streams.models, bases, watched, offsets, pixels[:2])
    return owners, *owner_sums(standard, own, len(owners))


def _now(
    centre: Centre, ground: Ground, now: Folded, tiles: Sequence[Tile], held: Sequence[Alert]
) -> tuple[_Sums, dict[str, str]]:
    """Return the sums of this look, and the content of what is retained of it."""
    placed = place(alert.runs for alert in held)

    def one(tile: Tile) -> tuple[str, _Part | None]:
        seen = retained(centre, now.look_id, tile)
        if seen is None:  # the fold has just read it
            raise FileNotFoundError(now.look_id)
        return content_hash(seen), _part(ground, now, tile, seen, placed)

    sums = _Sums.of(len(now.streams.models), len(held))
    contents = {}
    with ThreadPoolExecutor(workers_of(centre)) as pool:
        for tile, (content, part) in zip(tiles, pool.map(one, tiles), strict=True):
            contents[tile.id] = content
            if part:
                sums.add(part)
    return sums, contents


def _part(ground: Ground, one: Folded, tile: Tile, seen: GriddedLook, placed: Placed) -> _Part | None:
    pixels = placed.within(tile.row, tile.col, tile.shape)
    if not pixels[0].size:
        return None
    return sums_on_tile(seen, one.streams, one.offsets, *ground(one.streams, tile), pixels)


def _past(centre: Centre, ground: Ground, earlier: Sequence[Folded], born: Sequence[Alert]) -> list[_Sums]:
    """Return the sums of earlier looks over the pixels that new alerts are born with."""
    sums = [_Sums.of(len(one.streams.models), len(born)) for one in earlier]
    if not earlier:
        return sums
    placed, since = place(alert.runs for alert in born), np.array([alert.window_start for alert in born])

    def on_tile(tile: Tile) -> list[tuple[int, _Part]]:
        pixels = placed.within(tile.row, tile.col, tile.shape)
        return list(_parts(centre, ground, earlier, tile, pixels, since)) if pixels[0].size else []

    with ThreadPoolExecutor(workers_of(centre)) as pool:
        for parts in pool.map(on_tile, centre.tiles):
            for number, part in parts:
                sums[number].add(part)
    return sums


def _parts(
    centre: Centre,
    ground: Ground,
    earlier: Sequence[Folded],
    tile: Tile,
    pixels: Pixels,
    since: NDArray[np.int64],
) -> Iterator[tuple[int, _Part]]:
    """Yield the sums of each earlier look over the alerts of a tile whose window has begun."""
    begins = since[pixels[2]]
    for number, one in enumerate(earlier):
        begun = begins <= one.day
        seen = retained(centre, one.look_id, tile) if begun.any() else None
        if seen is not None:
            y, x, owner = (column[begun] for column in pixels)
            yield (
                number,
                sums_on_tile(seen, one.streams, one.offsets, *ground(one.streams, tile), (y, x, owner)),
            )


def _earlier(centre: Centre, look: Look, since: int) -> list[Folded]:
    """Return the looks folded before `look` from the day `since` on, in the order of the fold."""
    if since > look.day:
        return []
    where = {"status": int(LookStatus.USED), "day": Between(since, look.day)}
    rows = centre.store.select("looks", where, order_by=("acquired", "id"))
    streams: dict[tuple[str, str], Streams | None] = {}
    passes = []
    for row in rows:
        key = row["sensor"], row["geometry"]
        if key not in streams:
            streams[key] = load_streams(centre, centre.sensor(key[0]), key[1])
        known = streams[key]
        if known and (row["acquired"], row["id"]) < (look.acquired.isoformat(), look.id):
            offsets = tuple(int(row["offsets"][model.stream]) for model in known.models)
            passes.append(Folded(row["id"], row["day"], known, offsets))
    return passes


def _rows(one: Folded, alerts: Sequence[Alert], sums: _Sums) -> Iterator[AlertLook]:
    """Yield a row for each stream of a look and each alert that it reaches."""
    for number in np.flatnonzero(sums.reached).tolist():
        for stream, model in enumerate(one.streams.models):
            count, total = int(sums.count[stream, number]), int(sums.total[stream, number])
            residual = total / (count * SIGMA) if count else None
            yield AlertLook(alerts[number].id, one.look_id, model.stream, one.day, count, residual)


def _credit(rows: Iterable[AlertLook], born: Iterable[Alert]) -> dict[str, Alert]:
    """Return new alerts with the looks and streams that saw them since their onset."""
    alerts = {alert.id: alert for alert in born}
    looks: dict[str, set[str]] = {name: set() for name in alerts}
    streams: dict[str, set[str]] = {name: set() for name in alerts}
    for row in rows:
        if row.pixels and row.day >= alerts[row.alert_id].onset:
            looks[row.alert_id].add(row.look_id)
            streams[row.alert_id].add(row.stream)
    return {
        name: replace(alert, looks=len(looks[name]), streams=tuple(sorted(streams[name])))
        for name, alert in alerts.items()
    }
