"""What a run of the watch would do; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from dosel.catalog.ledger import known_looks
from dosel.catalog.search import RefusedItem
from dosel.errors import DoselError
from dosel.model.codes import Refusal
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.history import learns, missed, too_late
from dosel.pipeline.spine.clock import isolated
from dosel.pipeline.spine.gather import search_all, split
from dosel.pipeline.spine.order import place_of
from dosel.pipeline.spine.pinned import check_settings
from dosel.pipeline.spine.retain import retain
from dosel.pipeline.spine.rewind import folded_since, rewind_point, sort_arrivals, waiting
from dosel.pipeline.spine.summary import WatchSummary


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """What a run would do."""

    learn: tuple[str, ...]
    """Sensor/geometry whose baselines would be learnt."""
    history: tuple[str, ...]
    looks: tuple[str, ...]
    refused: tuple[RefusedItem, ...]
    rewind: str = ""
    """Day to which the fold would go back for late looks; empty if it would not."""
    again: int = 0
    """Looks that would be folded again."""
    removed: int = 0
    """Gridded looks that would be removed as things stand: they are kept no longer."""
    failed: dict[str, DoselError] = field(default_factory=dict)
    """Sources that did not answer or are set wrongly."""


def plan_watch(centre: Centre, *, until: str = "") -> WatchPlan:
    """Return what :func:`watch` would do; nothing is changed."""
    check_settings(centre)
    summary = WatchSummary()
    offered = known_looks(centre.store, search_all(centre, until, summary))
    history, monitored = split(centre, offered)
    alone = isolated(centre, offered, monitored)
    monitored = [look for look in monitored if look.id not in alone]
    pairs = sorted({(look.sensor, look.geometry) for look in (*history, *monitored)})
    before = {pair: [one for one in history if (one.sensor, one.geometry) == pair] for pair in pairs}
    learn = [pair for pair in pairs if learns(centre, pair, before[pair])]
    arrivals = sort_arrivals(centre, monitored)
    point = rewind_point(centre, arrivals.late)
    late = tuple(RefusedItem(look.id, "", Refusal.TOO_LATE, why) for look, why in arrivals.too_late)
    late += tuple(RefusedItem(name, "", Refusal.ISOLATED, why) for name, why in alone.items())
    beyond = [one for pair in pairs if pair not in learn for one in missed(centre, before[pair])]
    late += tuple(RefusedItem(one.id, "", Refusal.LATE_HISTORY, too_late(one)) for one in beyond)
    looks = sorted((*arrivals.on_time, *arrivals.late), key=place_of)
    return WatchPlan(
        tuple("/".join(pair) for pair in learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in history if (look.sensor, look.geometry) in learn),
        tuple(f"{iso_day(look.day)} {look.id}" for look in looks),
        summary.scenes_refused + late,
        iso_day(point.day) if point else "",
        len(waiting(centre)) + (folded_since(centre.store, point) if point else 0),
        retain(centre, dry_run=True),
        summary.failed,
    )
