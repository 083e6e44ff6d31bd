"""Pixels at rest: those of closed alerts. Nothing watches them until there is a new baseline."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.pixels import Placed, place
from dosel.model.codes import AlertStatus
from dosel.model.grid import Tile
from dosel.model.marking import Marking
from dosel.pipeline.centre import Centre
from dosel.store.interface import Between

_OPEN: Final = Between(None, int(Marking.RESTRICTED))


def resting(centre: Centre, as_of: int | None = None) -> Placed:
    """Return the pixels of all closed alerts, or of those that were closed by a UTC day number."""
    where: dict[str, object] = {"status": int(AlertStatus.CLOSED), "superseded": 0, "source": ""}
    if as_of is not None:
        where["ended"] = Between(None, as_of)
    return place(row["runs"] for row in centre.store.select("alerts", where, columns=["runs"]))


def at_rest(placed: Placed, tile: Tile) -> NDArray[np.bool_]:
    """Return which pixels of a tile, (y, x), are at rest."""
    mask = np.zeros(tile.shape, np.bool_)
    y, x, _ = placed.within(tile.row, tile.col, tile.shape)
    mask[y, x] = True
    return mask


def resting_ha(centre: Centre) -> float:
    """Return the hectares at rest, of alerts that may be shown."""
    where = {"status": int(AlertStatus.CLOSED), "superseded": 0, "source": "", "marking": _OPEN}
    placed = place(row["runs"] for row in centre.store.select("alerts", where, columns=["runs"]))
    pixels = sum(int(np.count_nonzero(at_rest(placed, tile))) for tile in centre.tiles)
    return pixels * centre.grid.pixel_ha
