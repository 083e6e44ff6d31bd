"""Which looks of the history are learnt from, and when it is too late for one (design/001)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dosel.catalog.ledger import Refused, look_row, mark_refused
from dosel.catalog.scene import Look
from dosel.model.codes import LookStatus, Refusal
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.learning.learn import learn_streams
from dosel.pipeline.learning.models import load_streams
from dosel.pipeline.progress import Progress
from dosel.pipeline.spine.order import NOWHERE, newest_known

_FOLDED = [int(LookStatus.USED), int(LookStatus.SET_BACK)]


@dataclass(slots=True)
class Learning:
    """What the learning of a run gave."""

    looks: int = 0
    """Looks of the history that baselines rest on now."""
    refused: list[Refused] = field(default_factory=list)


def learn_history(
    centre: Centre,
    offered: Iterable[Look],
    fresh: Sequence[Look],
    later: Sequence[Look],
    progress: Progress,
    *,
    whole: bool = True,
) -> Learning:
    """Learn rows and baselines where there are none yet, or where they may still be learnt from more.

    Parameters
    ----------
    offered
        All looks that the sources offer.
    fresh
        Those before the start of the watch that nothing was made of yet; what comes too late is refused.
    later
        Those from the start on.
    whole
        Whether every source answered; where one did not, nothing is learnt again and nothing refused.
    """
    learning, offered = Learning(), list(offered)
    for pair in sorted({_pair(look) for look in (*fresh, *later)}):
        own = [look for look in fresh if _pair(look) == pair]
        if not whole and load_streams(centre, centre.sensor(pair[0]), pair[1]) is not None:
            continue
        if not learns(centre, pair, own):
            learning.refused += _refuse(centre, own)
            continue
        known = _learnt_from(centre, [look for look in offered if _pair(look) == pair])
        _forget(centre)
        beyond = [look for look in later if _pair(look) == pair]
        history = sorted((*known, *own), key=lambda look: look.order)
        learnt = learn_streams(centre, centre.sensor(pair[0]), pair[1], history, progress, beyond)
        _list_unused(centre, [look for look in history if look.id not in {*learnt.offsets, *learnt.refused}])
        learning.looks += len(learnt.offsets)
        learning.refused += [Refused(one, why.refusal, str(why)) for one, why in learnt.refused.items()]
    return learning


def learns(centre: Centre, pair: tuple[str, str], own: Sequence[Look]) -> bool:
    """Return whether a stream is learnt: for the first time, or from more looks while nothing rests on it.

    The mask rests on baselines too, so one with a history is learnt again only while nothing is folded.
    """
    streams = load_streams(centre, centre.sensor(pair[0]), pair[1])
    if streams is None:
        return True
    if not own:
        return False
    if newest_known(centre.store) == NOWHERE:
        return True
    where = {"sensor": pair[0], "geometry": pair[1], "status": _FOLDED}
    return streams.kind != "history" and not centre.store.select("looks", where, columns=["id"], limit=1)


def too_late(look: Look) -> str:
    """Return one sentence why a look of the history is not learnt from."""
    return (
        f"{look.id}: acquired on {iso_day(look.day)}, before monitor.start; the baseline of its stream was "
        "learnt without it and is in use; to learn from it, make a new centre once the history is complete"
    )


def missed(centre: Centre, looks: Sequence[Look]) -> list[Look]:
    """Return the looks that came too late to be learnt from; what was refused before keeps its reason."""
    rows = centre.store.select("looks", {"id": [look.id for look in looks]}, columns=["id", "scenes"])
    known = {row["id"]: row["scenes"] for row in rows}
    return [look for look in looks if known.get(look.id) != look_row(look, LookStatus.REFUSED)["scenes"]]


def _refuse(centre: Centre, looks: Sequence[Look]) -> list[Refused]:
    late = missed(centre, looks)
    with centre.store.transaction():
        for look in late:
            mark_refused(centre.store, look, Refusal.LATE_HISTORY, too_late(look))
    return [Refused(look.id, Refusal.LATE_HISTORY, too_late(look)) for look in late]


def _list_unused(centre: Centre, looks: Sequence[Look]) -> None:
    """Put the looks of a history that is too short into the ledger; with more of them they are used."""
    least = centre.settings.monitor.min_history_looks
    with centre.store.transaction():
        for look in looks:
            why = f"{look.id}: not learnt from: its stream has fewer looks than monitor.min_history_looks"
            mark_refused(centre.store, look, Refusal.LATE_HISTORY, f"{why} ({least}) before monitor.start")


def _learnt_from(centre: Centre, looks: Sequence[Look]) -> list[Look]:
    """Return those of these looks that a baseline rests on, or that were too few for one."""
    rows = centre.store.select("looks", {"id": [look.id for look in looks]})
    known = {
        row["id"]
        for row in rows
        if row["status"] == LookStatus.HISTORY or row["refusal"] == Refusal.LATE_HISTORY
    }
    return [look for look in looks if look.id in known]


def _forget(centre: Centre) -> None:
    """Forget what follows from baselines that will change, while nothing is folded: thresholds and mask."""
    if newest_known(centre.store) == NOWHERE:
        with centre.store.transaction():
            centre.store.delete("meta", {"key": ["forest", "calibration"]})


def _pair(look: Look) -> tuple[str, str]:
    return look.sensor, look.geometry
