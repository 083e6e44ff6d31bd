"""Tiles folded again from what is retained, into memory: nothing of the centre is changed.

A tile starts from the fresh state, or from its base where the looks before that are kept no longer.
Everything that goes in is checked against the hash it had when it was folded; what no longer has it is told
and used all the same, so that its effect is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.dating import active_days, window_of
from dosel.alerts.pixels import Placed
from dosel.alerts.runs import PixelRuns, active_runs, close_pixels, decode, rearm_pixels, runs_of, stitch
from dosel.errors import StoreError
from dosel.model.codes import AlertEvent, AlertStatus, LookStatus, Watch
from dosel.model.grid import Tile
from dosel.model.time import iso_day
from dosel.monitor.accumulate import fresh_state, update
from dosel.monitor.baseline import Baseline
from dosel.monitor.checkpoint import load_baseline, load_state
from dosel.monitor.residuals import owner_sums, standard_residuals
from dosel.monitor.scalars import SIGMA
from dosel.monitor.state import PixelState
from dosel.pipeline.centre import Centre
from dosel.pipeline.proof.foldings import content_hash, mask_hash
from dosel.pipeline.proof.parameters import Parameters
from dosel.pipeline.spine.bases import Base, start_of
from dosel.pipeline.spine.pinned import known_planes
from dosel.pipeline.spine.reading import retained
from dosel.pipeline.spine.states import with_planes
from dosel.pipeline.spine.watched import watched_codes
from dosel.stack.gridded import GriddedLook
from dosel.store.interface import Between, Row


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that did not come out the same."""

    key: str
    """Of the sentence in :mod:`dosel.messages`."""
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class History:
    """What was done to some tiles, by step."""

    looks: Mapping[int, Row]
    """Rows of ``looks``."""
    foldings: Mapping[int, tuple[Row, ...]]
    """Rows of ``foldings`` on these tiles."""
    ends: Mapping[int, tuple[Row, ...]]
    """Alerts that were closed, or withdrawn by a person."""
    parameters: Mapping[str, Parameters]
    """By hash."""

    @property
    def steps(self) -> set[int]:
        """Every step at which something was done."""
        return {*self.looks, *self.ends}


def history_of(centre: Centre, tiles: Sequence[Tile], begins: Mapping[str, int]) -> History:
    """Return what was done to tiles since the steps at which they begin.

    Raises
    ------
    StoreError
        If a look was folded by a version that kept no record of what it was folded with.
    """
    store, names = centre.store, [tile.id for tile in tiles]
    rows = _since(begins, store.select("foldings", {"tile_id": names}))
    where = {"tile_id": names, "step": Between(0)}
    reached = _since(begins, store.select("look_tiles", where, columns=["look_id", "tile_id", "step"]))
    ids = sorted({row["look_id"] for row in reached})
    looks = {row["id"]: row for row in store.select("looks", {"id": ids, "status": int(LookStatus.USED)})}
    _check_known(reached, rows, looks)
    by_step: dict[int, list[Row]] = {}
    for row in rows:
        if row["look_id"] in looks:
            by_step.setdefault(looks[row["look_id"]]["step"], []).append(row)
    methods = store.select("methods", {"hash": sorted({row["method"] for row in rows})})
    return History(
        {look["step"]: look for look in looks.values()},
        {step: tuple(group) for step, group in by_step.items()},
        _ends(centre),
        {row["hash"]: Parameters.of(row["parameters"]) for row in methods},
    )


@dataclass(frozen=True, slots=True)
class _PutIn:
    """Everything that goes into a tile at one step."""

    seen: GriddedLook
    parameters: Parameters
    names: tuple[str, ...]
    """Streams of the look."""
    baselines: tuple[Baseline, ...]
    watched: NDArray[np.uint8]
    offsets: tuple[int, ...]


@dataclass(slots=True)
class Refold:
    """Tiles on their way from where they begin."""

    centre: Centre
    tiles: Mapping[str, Tile]
    history: History
    bases: Mapping[str, Base]
    """Of the tiles that do not begin with the fresh state."""
    states: dict[str, PixelState] = field(default_factory=dict)
    """Of the tiles that have begun."""
    differences: list[Difference] = field(default_factory=list)
    _planes: dict[str, int] = field(default_factory=dict)
    _baselines: dict[tuple[str, str, str], Baseline] = field(default_factory=dict)
    _masks: dict[str, NDArray[np.uint8]] = field(default_factory=dict)

    @classmethod
    def start(cls, centre: Centre, tiles: Sequence[Tile]) -> Refold:
        """Return tiles before any look.

        Raises
        ------
        StoreError
            If a base is gone, or a look was folded by a version that did not say with what.
        """
        found = [start_of(centre.store, tile.id) for tile in tiles]
        bases = {base.tile_id: base for base in found if base}
        history = history_of(centre, tiles, {name: base.step for name, base in bases.items()})
        new = cls(centre, {tile.id: tile for tile in tiles}, history, bases)
        new._planes = known_planes(centre)
        for key in sorted({row["method"] for group in history.foldings.values() for row in group}):
            if history.parameters[key].method().parameters != key:
                new._tell("recompute.method", method=key)
        return new

    def begins(self, tile_id: str) -> int:
        """Return the step after which a tile is folded again."""
        return self.bases[tile_id].step if tile_id in self.bases else 0

    def enter(self, step: int | None = None) -> None:
        """Take in the tiles that begin before a step (None: all).

        Raises
        ------
        StoreError
            If a base cannot be read.
        """
        for name, tile in self.tiles.items():
            if name not in self.states and (step is None or self.begins(name) < step):
                self.states[name] = self._first(tile)

    def look(self, step: int) -> None:
        """Fold the look of a step, if it reaches these tiles.

        Raises
        ------
        StoreError
            If something that was retained is gone.
        """
        self.enter(step)
        for row in self.history.foldings.get(step, ()):
            put = self._put_in(step, row)
            day = self.history.looks[step]["day"]
            scalars = put.parameters.scalars(day, put.offsets, self._planes)
            update(self.states[row["tile_id"]], put.seen, put.baselines, put.watched, scalars)

    def end(self, step: int) -> None:
        """Close and re-arm the pixels of alerts that ended at a step."""
        for row in self.history.ends.get(step, ()):
            runs = runs_of(decode(row["runs"]))
            change = close_pixels if row["status"] == AlertStatus.CLOSED else rearm_pixels
            for name, state in self.states.items():
                change(state, self.tiles[name].row, self.tiles[name].col, runs)

    def runs(self) -> PixelRuns:
        """Return the active runs of the tiles."""
        parts = [
            active_runs(state, self.tiles[name].row, self.tiles[name].col)
            for name, state in sorted(self.states.items())
        ]
        return stitch(parts)

    def dates(self, placed: Placed) -> tuple[int, int, int]:
        """Return window start, onset and window end of an alert with these pixels."""
        parts = []
        for name, tile in self.tiles.items():
            y, x, _ = placed.within(tile.row, tile.col, tile.shape)
            parts.append(active_days(self.states[name]).of(y, x))
        return window_of(np.concatenate(parts, axis=1))

    def shown(self, step: int, placed: Placed) -> dict[str, tuple[int, float | None]]:
        """Return what the look of a step shows at pixels: how many are valid, and their mean residual."""
        sums: dict[str, list[int]] = {}
        for row in self.history.foldings.get(step, ()):
            put, tile = self._put_in(step, row), self.tiles[row["tile_id"]]
            y, x, owner = placed.within(tile.row, tile.col, tile.shape)
            if not owner.size:
                continue
            standard = standard_residuals(
                put.seen, put.parameters.models, put.baselines, put.watched, put.offsets, (y, x)
            )
            count, total = owner_sums(standard, owner, 1)
            for number, name in enumerate(put.names):
                own = sums.setdefault(name, [0, 0])
                own[0] += int(count[number, 0])
                own[1] += int(total[number, 0])
        return {name: (n, total / (n * SIGMA) if n else None) for name, (n, total) in sums.items()}

    def _first(self, tile: Tile) -> PixelState:
        """Return the state that a tile begins with, and tell if it is not the one that was kept."""
        base = self.bases.get(tile.id)
        if base is None:
            return fresh_state(tile.shape, len(self._planes))
        state = load_state(self.centre.root / base.file)[0]
        if state.hash() != base.content:
            self._tell("recompute.base", tile=tile.id, day=iso_day(base.day))
        return with_planes(state, len(self._planes))

    def _put_in(self, step: int, row: Row) -> _PutIn:
        """Return what goes into a tile at a step, and tell what is not as it was."""
        look, tile = self.history.looks[step], self.tiles[row["tile_id"]]
        parameters = self.history.parameters[row["method"]]
        seen = retained(self.centre, look["id"], tile)
        if seen is None:
            raise gone(f"look {look['id']} of {iso_day(look['day'])}", tile)
        if content_hash(seen) != row["content"]:
            self._tell("recompute.look", look=look["id"], tile=tile.id)
        watched = self._mask(tile)
        if mask_hash(watched) != row["mask"]:
            self._tell("recompute.mask", tile=tile.id)
        names = tuple(model.stream for model in parameters.models)
        baselines = tuple(self._baseline(name, tile, row["baselines"][name]) for name in names)
        offsets = tuple(int(look["offsets"][name]) for name in names)
        return _PutIn(seen, parameters, names, baselines, watched, offsets)

    def _baseline(self, stream: str, tile: Tile, version: str) -> Baseline:
        key = (stream, tile.id, version)
        if key not in self._baselines:
            where = {"stream": stream, "tile_id": tile.id, "version": version}
            rows = self.centre.store.select("baselines", where)
            if not rows or not (self.centre.root / rows[0]["file"]).exists():
                raise gone(f"baseline {version} of {stream}", tile)
            found = load_baseline(self.centre.root / rows[0]["file"])[0]
            if found.hash()[:16] != version:
                self._tell("recompute.baseline", stream=stream, tile=tile.id)
            self._baselines[key] = found
        return self._baselines[key]

    def _mask(self, tile: Tile) -> NDArray[np.uint8]:
        if tile.id not in self._masks:
            codes = watched_codes(self.centre, tile)
            self._masks[tile.id] = (codes == Watch.WATCHED).astype(np.uint8)
        return self._masks[tile.id]

    def _tell(self, key: str, **values: object) -> None:
        difference = Difference(key, values)
        if difference not in self.differences:
            self.differences.append(difference)


def _since(begins: Mapping[str, int], rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["step"] > begins.get(row["tile_id"], 0)]


def _check_known(reached: Iterable[Row], rows: Iterable[Row], looks: Mapping[str, Row]) -> None:
    known = {(row["look_id"], row["tile_id"]) for row in rows}
    for row in reached:
        if row["look_id"] in looks and (row["look_id"], row["tile_id"]) not in known:
            raise StoreError(
                f"the alert cannot be computed again: look {row['look_id']} was folded into tile "
                f"{row['tile_id']} by an earlier version, which did not keep with what"
            )


def _ends(centre: Centre) -> dict[int, tuple[Row, ...]]:
    """Return the alerts whose pixels were closed, or re-armed by a person's verdict, by step."""
    ended = [int(AlertStatus.CLOSED), int(AlertStatus.WITHDRAWN)]
    where = {"status": ended, "superseded": 0, "source": ""}
    rows = centre.store.select("alerts", where, columns=["id", "status", "step", "runs"])
    by_person = {"event": int(AlertEvent.WITHDRAWN), "look_id": ""}
    judged = {row["alert_id"] for row in centre.store.select("alert_events", by_person, columns=["alert_id"])}
    ends: dict[int, tuple[Row, ...]] = {}
    for row in rows:
        if row["status"] == AlertStatus.CLOSED or row["id"] in judged:
            ends[row["step"]] = (*ends.get(row["step"], ()), row)
    return ends


def gone(what: str, tile: Tile) -> StoreError:
    """Return the error of something on a tile that is not there any more."""
    return StoreError(
        f"the alert cannot be computed again: the {what} on tile {tile.id} is no longer kept; "
        "restore it from a backup of the centre"
    )
