"""Score alerts against the known truth of a simulated world."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dosel.errors import InputError
from dosel.model.poisson import poisson_upper
from dosel.testing.worlds.detections import Detection, pixels_of
from dosel.testing.worlds.events import Event
from dosel.testing.worlds.noise import Pixels
from dosel.testing.worlds.scores import AreaScore, EventScore, FalseScore, Score, ratio
from dosel.testing.worlds.world import World

_DAYS_PER_YEAR = 365.25


def score(
    world: World,
    detections: Sequence[Detection],
    *,
    as_of: int | None = None,
    watched: NDArray[np.bool_] | None = None,
    late_days: int = 60,
    edge_px: int = 2,
    min_area_ha: float = 0.25,
) -> Score:
    """Return how well detections match the truth.

    Parameters
    ----------
    as_of
        Day number of the last look; the last day of the world when not given.
    watched
        Pixels that were watched (y, x); the forest at the start of monitoring when not given. Changes
        without any watched pixel, and those that begin after `as_of`, are left out.
    late_days
        A change whose first alert comes more than so many days after its first day is found late.
    edge_px
        Alerts within this distance of a change are not false; their area beyond it counts as commission.
    min_area_ha
        Smallest alert that is reported; scales the upper bound where no alert is false.

    Raises
    ------
    InputError
        If `watched` is not on the grid of the world.
    """
    last = world.looks[-1].day if as_of is None else as_of
    mask = world.truth.forest if watched is None else watched
    if mask.shape != world.spec.shape:
        raise InputError(f"watched: expected the shape {world.spec.shape}, got {mask.shape}")
    places = [pixels_of(world, detection) for detection in detections]
    events = tuple(
        _score_event(world, event, detections, places, mask, last, late_days)
        for event in world.changes
        if event.day <= last and mask[event.rows, event.cols].any()
    )
    false = _score_false(world, detections, places, mask, last, edge_px, min_area_ha)
    area = _score_area(world, places, mask, last)
    return Score(world.spec.name, world.spec.seed, last, late_days, events, false, area)


def _score_event(
    world: World,
    event: Event,
    detections: Sequence[Detection],
    places: Sequence[Pixels],
    mask: NDArray[np.bool_],
    last: int,
    late_days: int,
) -> EventScore:
    over = [
        (detection, place)
        for detection, place in zip(detections, places, strict=True)
        if detection.window_end >= event.day and (world.truth.event[place] == event.id).any()
    ]
    over.sort(key=lambda pair: (pair[0].window_end, pair[0].id))
    hit = np.zeros(world.spec.shape, bool)
    for _, place in over:
        hit[place] = True
    seen = mask[event.rows, event.cols]
    first = [detection.window_end for detection, _ in over]
    sure = [detection.confirmed for detection, _ in over if detection.confirmed is not None]
    meets = bool(over) and over[0][0].window_start <= event.end_day and over[0][0].window_end >= event.day
    return EventScore(
        event=event.id,
        kind=event.kind,
        day=event.day,
        area_ha=event.area_ha,
        alerts=tuple(detection.id for detection, _ in over),
        covered=float((hit[event.rows, event.cols] & seen).sum() / seen.sum()),
        first_days=_delay(event, first, last),
        confirmed_days=_delay(event, sure, last),
        dated=meets,
        late=bool(first) and min(first) - event.day > late_days,
    )


def _delay(event: Event, days: Sequence[int], last: int) -> tuple[float, float]:
    if not days:
        return float(last - event.day), math.inf
    return float(max(0, min(days) - event.end_day)), float(min(days) - event.day)


def _score_false(
    world: World,
    detections: Sequence[Detection],
    places: Sequence[Pixels],
    mask: NDArray[np.bool_],
    last: int,
    edge_px: int,
    min_area_ha: float,
) -> FalseScore:
    """Sum the detections that have no change under or beside them by the day they were known."""
    pixel_ha = world.spec.pixel_ha
    causes: dict[str, list[float]] = {}
    for detection, place in zip(detections, places, strict=True):
        if place[0].size and not _beside(world, place, detection.window_end, edge_px):
            causes.setdefault(_cause(world, place), []).append(place[0].size * pixel_ha)
    sizes = [size for group in causes.values() for size in group]
    days = max(1, last - world.spec.monitor_start + 1)
    exposure = float(mask.sum()) * pixel_ha * 1e-6 * days / _DAYS_PER_YEAR
    mean = sum(sizes) / len(sizes) if sizes else min_area_ha
    return FalseScore(
        alerts=len(sizes),
        ha=sum(sizes),
        by_cause=tuple((cause, len(group), sum(group)) for cause, group in sorted(causes.items())),
        exposure_mha_years=exposure,
        ha_per_mha_year=ratio(sum(sizes), exposure),
        upper_ha_per_mha_year=ratio(poisson_upper(len(sizes)) * mean, exposure),
    )


def _beside(world: World, place: Pixels, day: int, edge_px: int) -> bool:
    """Return whether a change that had begun by `day` lies under or within `edge_px` of the pixels."""
    changed = world.truth.changed(day)
    high, wide = world.spec.shape
    for dr in range(-edge_px, edge_px + 1):
        for dc in range(-edge_px, edge_px + 1):
            rows, cols = np.clip(place[0] + dr, 0, high - 1), np.clip(place[1] + dc, 0, wide - 1)
            if changed[rows, cols].any():
                return True
    return False


def _cause(world: World, place: Pixels) -> str:
    if (world.truth.event[place] > 0).any():
        return "early"
    ids, counts = np.unique(world.truth.disturbance[place], return_counts=True)
    top = int(ids[np.argmax(counts)])
    return world.events[top - 1].kind.name.lower().replace("_", " ") if top else "noise"


def _score_area(
    world: World,
    places: Sequence[Pixels],
    mask: NDArray[np.bool_],
    last: int,
) -> AreaScore:
    alerted = np.zeros(world.spec.shape, bool)
    for place in places:
        alerted[place] = True
    changed = world.truth.changed(last)
    counts = [
        int((mask & part).sum()) for part in (alerted & changed, alerted & ~changed, changed & ~alerted)
    ]
    return AreaScore(*(count * world.spec.pixel_ha for count in counts))
