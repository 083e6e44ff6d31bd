"""An alert computed again from what is retained, and compared with what the centre says of it.

Identity and outline come from the tracker. What is proved here is the evidence beneath: that its first pixels
appear at the look of its birth with its identity and dates, that its pixels held the evidence it states, and
that the states of today are those that the looks give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.pixels import Placed, place
from dosel.alerts.polygonize import pieces
from dosel.alerts.table import OPEN
from dosel.alerts.track import identity
from dosel.errors import InputError
from dosel.model.codes import DAY_BITS, EVIDENCE_PER_NAT, AlertEvent, AlertStatus, PixelFlag
from dosel.model.grid import Tile
from dosel.model.time import iso_day
from dosel.monitor.checkpoint import load_state
from dosel.monitor.state import PixelState
from dosel.pipeline.centre import Centre
from dosel.pipeline.proof.refold import Difference, Refold, gone
from dosel.pipeline.spine.bases import Base, starts
from dosel.share.policy import visible
from dosel.store.interface import Row

PLANES = ("evidence", "before", "onset", "crossed")
"""Arrays of a state that a re-computation compares."""
DATES = ("window_start", "onset", "window_end")
"""Dates that an alert is born with."""
_ENDED_BEFORE = (AlertStatus.WITHDRAWN, AlertStatus.MERGED)
"""Alerts of these keep the figures they had before the step that ended them."""


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What came of computing an alert again."""

    alert_id: str
    pixels: int
    tiles: int
    looks: int
    """Looks that were folded."""
    bases: tuple[Base, ...]
    """Where tiles started whose first looks are kept no longer."""
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether everything came out the same."""
        return not self.differences


def recompute(centre: Centre, alert_id: str) -> Recomputation:
    """Compute an alert again; nothing of the centre is changed.

    Raises
    ------
    InputError
        If there is no such alert (a sealed one is not told apart), or a late look has superseded it.
    StoreError
        If something that it was made of is no longer kept.
    """
    row, birth = _alert(centre, alert_id), _birth(centre, alert_id)
    placed = place([row["runs"]])
    own = [tile for tile in centre.tiles if placed.within(tile.row, tile.col, tile.shape)[0].size]
    _check_starts(centre, own, row["step"], row["updated"])
    fold, born = _fold(centre, own, placed, row, birth)
    if not born and not fold.differences:  # its first pixels may lie beyond, where it holds none any more
        fold, born = _fold(centre, _around(centre, own), placed, row, birth)
        if not born and not fold.differences:
            _check_starts(centre, fold.tiles.values(), birth["step"], birth["day"])
    unborn = () if born else (Difference("recompute.birth", {"look": birth["id"]}),)
    folded, bases = len(fold.history.foldings), tuple(fold.bases.values())
    found = (*fold.differences, *unborn)
    return Recomputation(alert_id, row["pixels"], len(fold.tiles), folded, bases, found)


def _alert(centre: Centre, alert_id: str) -> Row:
    rows = visible(centre.store, centre.store.select("alerts", {"id": alert_id}))
    if not rows:
        raise InputError(f"{alert_id}: there is no such alert; see `dosel alerts`")
    if rows[0]["source"]:
        raise InputError(f"{alert_id}: was reported by {rows[0]['source']}; it was not computed here")
    if rows[0]["superseded"]:
        raise InputError(f"{alert_id}: a late look has superseded it; it no longer follows from the looks")
    return rows[0]


def _birth(centre: Centre, alert_id: str) -> Row:
    """Return the look at which the alert was born."""
    events = centre.store.select("alert_events", {"alert_id": alert_id, "event": int(AlertEvent.NEW)})
    looks = centre.store.select("looks", {"id": events[-1]["look_id"]}) if events else []
    if not looks or looks[0]["step"] is None:
        raise InputError(f"{alert_id}: the look of its birth is not folded now; run `dosel watch` first")
    return looks[0]


def _fold(centre: Centre, tiles: list[Tile], placed: Placed, row: Row, birth: Row) -> tuple[Refold, bool]:
    """Fold tiles again, comparing at the steps that count; return also whether the alert was born."""
    fold, born = Refold.start(centre, tiles), False
    before = row["status"] in _ENDED_BEFORE
    for step in sorted(fold.history.steps | {row["step"]}):
        fold.enter(step)
        if before and step == row["step"]:
            fold.differences += _figures(fold, placed, row)
        fold.look(step)
        if step == birth["step"]:
            born = _is_born(fold, row, birth)
        if not before and step == row["step"]:
            fold.differences += _figures(fold, placed, row)
        if step == row["step"] or (step > row["step"] and row["status"] in OPEN):
            fold.differences += _shown(fold, placed, row, step)
        fold.end(step)
    fold.enter()
    fold.differences += _states(fold, placed)
    return fold, born


def _check_starts(centre: Centre, tiles: Iterable[Tile], step: int, day: int) -> None:
    """Raise StoreError if what is kept of a tile starts only at a step, which is of a day, or after it."""
    begun = starts(centre.store)
    for tile in tiles:
        if begun.get(tile.id, 0) >= step:
            raise gone(f"state before {iso_day(day)}", tile)


def _is_born(fold: Refold, row: Row, birth: Row) -> bool:
    """Return whether a piece has the identity of the alert; tell the dates that differ."""
    found, grid = pieces(fold.runs()), fold.centre.grid
    for number, (first_row, first_col, end) in enumerate(
        zip(found.row.tolist(), found.col.tolist(), found.window_end.tolist(), strict=True)
    ):
        if identity(grid, first_row, first_col, end, birth["id"]) == row["id"]:
            own = found.runs.triples[found.label == number].astype("<i4").tobytes()
            fold.differences += _unlike(dict(zip(DATES, fold.dates(place([own])), strict=True)), row)
            return True
    return False


def _figures(fold: Refold, placed: Placed, row: Row) -> list[Difference]:
    """Compare what the alert says of its pixels."""
    crossed = [_at(state.crossed, fold.tiles[name], placed) for name, state in fold.states.items()]
    evidence = [_at(state.evidence, fold.tiles[name], placed) for name, state in fold.states.items()]
    flags = np.concatenate(crossed) >> DAY_BITS
    figures = {
        "pixels": int(np.isin(flags, (PixelFlag.CANDIDATE, PixelFlag.CHANGED)).sum()),
        "changed_pixels": int((flags == PixelFlag.CHANGED).sum()),
        "evidence": int(np.concatenate(evidence).max(initial=0)) / EVIDENCE_PER_NAT,
    }
    return _unlike(figures, row)


def _shown(fold: Refold, placed: Placed, row: Row, step: int) -> list[Difference]:
    """Compare what a look showed at the alert's pixels, which since the step of `row` are those it has."""
    if step not in fold.history.looks:  # a verdict
        return []
    look, computed = fold.history.looks[step]["id"], fold.shown(step, placed)
    rows = fold.centre.store.select("alert_looks", {"alert_id": row["id"], "look_id": look})
    stored = {one["stream"]: (one["pixels"], one["residual"]) for one in rows}
    return [
        Difference("recompute.row", {"look": look, "stream": name, "stored": was, "computed": now})
        for name in sorted({*stored, *computed})
        for was, now in [(stored.get(name), computed.get(name))]
        if was != now
    ]


def _states(fold: Refold, placed: Placed) -> list[Difference]:
    """Compare the states of today at the alert's pixels."""
    found = []
    for row in fold.centre.store.select("tiles", {"tile_id": sorted(fold.tiles)}):
        tile, state = fold.tiles[row["tile_id"]], load_state(fold.centre.root / row["file"])[0]
        for plane in PLANES:
            unlike = _unlike_pixels(state, fold.states[tile.id], plane, tile, placed)
            if unlike:
                values = {"plane": plane, "tile": tile.id, "pixels": unlike}
                found.append(Difference("recompute.state", values))
    return found


def _unlike_pixels(stored: PixelState, computed: PixelState, plane: str, tile: Tile, placed: Placed) -> int:
    one, two = (_at(getattr(state, plane), tile, placed) for state in (stored, computed))
    return int((one != two).sum())


def _unlike(figures: Mapping[str, float], row: Row) -> list[Difference]:
    return [
        Difference("recompute.figure", {"name": name, "stored": row[name], "computed": value})
        for name, value in figures.items()
        if row[name] != value
    ]


def _at(plane: NDArray[np.generic], tile: Tile, placed: Placed) -> NDArray[np.generic]:
    y, x, _ = placed.within(tile.row, tile.col, tile.shape)
    return plane[y, x]


def _around(centre: Centre, tiles: list[Tile]) -> list[Tile]:
    """Return tiles with their neighbours."""
    size = centre.grid.tile_px
    held = [(tile.row // size, tile.col // size) for tile in tiles]
    return [
        tile
        for tile in centre.tiles
        if any(abs(tile.row // size - row) <= 1 and abs(tile.col // size - col) <= 1 for row, col in held)
    ]
