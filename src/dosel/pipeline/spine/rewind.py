"""Late looks: which are still taken, where the fold goes back to for them, and how it comes back.

A rewind is one commit: tiles, alerts and ledger stand as they did at a checkpoint, and the looks folded since
are SET_BACK. From then on every run folds what is set back, in order with what is new, out of the archive of
gridded looks. When nothing is set back any more, the alerts that did not come back are told SUPERSEDED. A
process killed anywhere in between leaves a ledger that says what is still to be done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dosel.alerts import table
from dosel.alerts.table import load_open
from dosel.catalog.datatakes import take_in
from dosel.catalog.scene import Look
from dosel.catalog.setback import looks_set_back, set_back
from dosel.model.codes import LookStatus
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.checkpoints import Checkpoint, alerts_of, checkpoints, tiles_of
from dosel.pipeline.spine.order import Place, fold_stands, newest_known, place_of
from dosel.pipeline.spine.verdicts import passed_verdicts
from dosel.store.interface import Between, Store

_KNOWN = [int(LookStatus.USED), int(LookStatus.SET_BACK)]
_REWOUND = "rewound"
"""Key of the fact that alerts of a rewind are not settled yet: day and look that made it necessary."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New looks by what they mean for the fold, each part in its order."""

    on_time: tuple[Look, ...]
    late: tuple[Look, ...]
    """Older than what has been folded, or folded without granules that have come since; and near enough."""
    too_late: tuple[tuple[Look, str], ...]
    """With one sentence why."""


def sort_arrivals(centre: Centre, fresh: Iterable[Look]) -> Arrivals:
    """Tell late looks from those that come in order."""
    store, late_days = centre.store, centre.settings.monitor.late_days
    newest, stands = newest_known(store), fold_stands(store)
    oldest = checkpoints(store, centre.settings.monitor)[0].place
    fresh = sorted(fresh, key=place_of)
    known = store.select("looks", {"id": [look.id for look in fresh], "status": _KNOWN}, columns=["id"])
    grown = {row["id"] for row in known}
    on_time: list[Look] = []
    late: list[Look] = []
    too_late: list[tuple[Look, str]] = []
    for look in fresh:
        place = place_of(look)
        if place <= newest and look.day < newest[0] - late_days:
            too_late.append((look, _too_late(look, newest, f"more than {late_days} days")))
        elif place <= min(stands, oldest):
            too_late.append((look, _too_late(look, newest, "with no checkpoint kept")))
        else:
            (late if place < stands or look.id in grown else on_time).append(look)
    return Arrivals(tuple(on_time), tuple(late), tuple(too_late))


def rewind_point(centre: Centre, late: Sequence[Look]) -> Checkpoint | None:
    """Return the newest checkpoint before all that has to be put in between, or None if nothing has.

    That is late looks, verdicts the fold has passed, and looks set back that a source's failure left behind.
    """
    known = checkpoints(centre.store, centre.settings.monitor)
    open_ids = {alert.id for alert in load_open(centre.store)}
    stands = fold_stands(centre.store)
    passed = [place_of(look) for look in waiting(centre) if place_of(look) < stands]
    passed += passed_verdicts(centre.store, open_ids, stands)
    places = [place_of(look) for look in late] + [place for place in passed if place > known[0].place]
    before = [point for point in known if places and point.place < min(places)]
    return before[-1] if before else None


def folded_since(store: Store, point: Checkpoint) -> int:
    """Return how many looks a rewind to `point` would set back."""
    where = {"status": int(LookStatus.USED), "step": Between(point.step + 1)}
    return len(store.select("looks", where, columns=["id"]))


def rewind(centre: Centre, point: Checkpoint, late: Sequence[Look]) -> int:
    """Put the centre where it stood at a checkpoint, in one commit; return how many looks are set back."""
    store, alerts, tiles = centre.store, alerts_of(centre.store, point), tiles_of(centre.store, point)
    cause = {"day": late[0].day, "look": late[0].id} if late else {"day": point.day, "look": ""}
    kept = {row["tile_id"] for row in tiles}
    gone = [row["tile_id"] for row in store.select("tiles") if row["tile_id"] not in kept]
    with store.transaction():
        table.rewind(store, alerts, centre.grid.crs, point.step)
        store.delete("tiles", {"tile_id": gone})
        store.upsert("tiles", tiles)
        store.delete("checkpoints", {"step": Between(point.step + 1)})
        count = set_back(store, point.step)
        take_in(store, late)
        store.upsert("meta", [{"key": _REWOUND, "value": json.dumps(cause)}])
    return count


def waiting(centre: Centre) -> tuple[Look, ...]:
    """Return the looks that were set back and are still to be folded again, in order."""
    return tuple(sorted(looks_set_back(centre.store), key=place_of))


def settle(centre: Centre, step: int) -> tuple[str, ...]:
    """Once nothing is set back any more, tell the alerts that did not come back; return their ids."""
    store = centre.store
    rows = store.select("meta", {"key": _REWOUND})
    if not rows or looks_set_back(store):
        return ()
    cause = json.loads(rows[0]["value"])
    with store.transaction():
        gone = table.settle(store, cause["day"], cause["look"], step)
        store.delete("meta", {"key": _REWOUND})
    return gone


def _too_late(look: Look, newest: Place, why: str) -> str:
    return (
        f"{look.id}: acquired on {iso_day(look.day)}, {why} before the newest look that is folded "
        f"({iso_day(newest[0])}); monitor.late_days says how late a look may come"
    )
