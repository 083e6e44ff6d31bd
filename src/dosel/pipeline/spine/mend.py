"""States that were lost or damaged: made again from the newest good checkpoint and the archive of looks.

A state follows from the looks, so nothing is lost with it while they are kept. Going back is a rewind like
one for a late look and ends with the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dosel.catalog.scene import Look
from dosel.errors import DamagedError, StoreError
from dosel.model.codes import LookStatus
from dosel.model.time import day_of, iso_day
from dosel.monitor.checkpoint import is_there, load_state
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.bases import forget_starts
from dosel.pipeline.spine.checkpoints import Checkpoint, checkpoints, tiles_of
from dosel.pipeline.spine.fold import Fold
from dosel.pipeline.spine.order import NOWHERE, place_of
from dosel.pipeline.spine.rewind import rewind, waiting
from dosel.stack.archive import look_path
from dosel.store.interface import Between, Row


@dataclass(frozen=True, slots=True)
class Mended:
    """What a run made again."""

    tiles: tuple[str, ...]
    """Tiles whose state could not be read."""
    day: int
    """UTC day number of the checkpoint to which the fold went back."""
    again: int
    """Looks to be folded again."""


def states_missing(centre: Centre) -> tuple[str, ...]:
    """Return the tiles whose state in force lacks files; nothing is read."""
    rows = centre.store.select("tiles", order_by=("tile_id",))
    return tuple(row["tile_id"] for row in rows if not is_there(centre.root / row["file"]))


def started(
    centre: Centre, start: Callable[[], Fold], pending: Sequence[Look]
) -> tuple[Fold, tuple[Look, ...], Mended | None]:
    """Return the fold that `start` gives, gone back where a state cannot be read, and what it is to fold.

    Raises
    ------
    StoreError
        See :func:`mend`.
    """
    try:
        return start(), tuple(pending), None
    except DamagedError:
        mended = mend(centre)
    looks = {look.id: look for look in (*pending, *waiting(centre))}
    return start(), tuple(sorted(looks.values(), key=place_of)), mended


def mend(centre: Centre) -> Mended:
    """Go back to the newest checkpoint whose states can all be read, in one commit.

    Raises
    ------
    StoreError
        If a look that is needed to make the states again is no longer kept; nothing was changed.
    """
    broken = _broken(centre, centre.store.select("tiles"))
    known = checkpoints(centre.store, centre.settings.monitor)
    beginning = Checkpoint(0, day_of(centre.settings.monitor.start), NOWHERE)
    good = (point for point in reversed(known) if not _broken(centre, tiles_of(centre.store, point)))
    point = next(good, beginning)
    gone = _looks_gone(centre, point)
    if gone:
        raise StoreError(
            f"{centre.root}: the state of {len(broken)} tiles ({broken[0]}, ...) cannot be read, and looks "
            f"that it was made of are no longer kept ({gone[0]}; {len(gone)} in all); restore state/ and "
            f"{centre.store.place} together from a backup"
        )
    if not point.step:
        forget_starts(centre.store)
    return Mended(broken, point.day, rewind(centre, point, ()))


def _broken(centre: Centre, rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the tiles of these rows whose state cannot be read."""
    return tuple(sorted(row["tile_id"] for row in rows if not _is_readable(centre, row["file"])))


def _is_readable(centre: Centre, file: str) -> bool:
    try:
        load_state(centre.root / file, verify=True)
    except DamagedError:
        return False
    return True


def _looks_gone(centre: Centre, point: Checkpoint) -> list[str]:
    """Return the gridded looks that folding again from a checkpoint needs and that are not kept."""
    store = centre.store
    used = store.select("looks", {"status": int(LookStatus.USED), "step": Between(point.step + 1)})
    days = {row["id"]: row["day"] for row in used}
    reached = store.select("look_tiles", {"look_id": sorted(days)}, columns=["look_id", "tile_id"])
    gone = [
        (days[row["look_id"]], row["look_id"], row["tile_id"])
        for row in reached
        if not look_path(centre.root / "looks", row["tile_id"], row["look_id"]).exists()
    ]
    return [f"{look} of {iso_day(day)} on tile {tile}" for day, look, tile in sorted(gone)]
