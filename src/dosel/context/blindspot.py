"""Where we are blind: by square kilometre and stream, when it was last truly seen and what it hides. Pure.

A look counts only where it left a value on watched pixels: not in cloud, not in layover, not outside the
swath, not outside the mask. What is not known to be seen is not seen.

Examples
--------
>>> import shapely
>>> cells = Cells(np.array([shapely.box(-70, -13, -69.99, -12.99)]), np.array([100.0]), np.array([0.9]))
>>> looks = [Sighting(day, "s1/any", np.array([share])) for day, share in ((100, 0.9), (112, np.nan))]
>>> blind = look_back(cells, [Eye("s1/any", "radar")], looks, as_of=120, days=30)
>>> view = blind.views["s1/any"]
>>> view.last.tolist(), view.why.tolist(), view.best.tolist()
([100], [1], [0.9])
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import LegendEnum
from dosel.monitor.detectability import AGES_DAYS, Pass, Watching, detectable_ha
from dosel.monitor.scalars import Thresholds

TRULY: Final = 0.5
"""Share of its watched pixels from which on a cell was truly seen by a look."""
NEVER: Final = -(2**31)
"""Day number of a cell that was never truly seen."""
FEWEST: Final = 3
"""Passes of a radar over a place that never gave a value: from so many on it is the place, not chance."""
TOGETHER: Final = "any"
"""Name of the view of all streams together."""
_CHUNK: Final = 500
"""Cells whose clearings are drawn at once."""


Fate: TypeAlias = Literal["used", "blank", "refused"]
"""What became of a look: folded; refused since it showed nothing but cloud; refused otherwise."""


class Why(LegendEnum):
    """Why a stream has not truly seen a cell within the days asked for; append-only."""

    NO_DATA = 0, "no data: not watched"
    SEEN = 1, "truly seen within the days asked for"
    NO_PASS = 2, "no pass of the stream anywhere in the area"
    OUTSIDE_SWATH = 3, "passes came, and none covered the place"
    CLOUD = 4, "covered, but cloud, shadow or no value"
    LAYOVER = 5, "radar that never gave a value here: layover, radar shadow, or the edge of its swath"
    NO_BASELINE = 6, "the stream has no baseline here"
    REFUSED = 7, "covered, but the passes were refused"
    NOT_KNOWN = 8, "not known"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Square kilometres of a centre; all arrays have the shape ``(cell,)``."""

    outline: NDArray[np.object_]
    """Polygons, lon/lat in degrees WGS 84."""
    ha: NDArray[np.float64]
    """Hectares from an equal-area projection; cells at the edge of the grid are smaller."""
    watched: NDArray[np.float64]
    """Share of the cell that is watched; 0 is no data. What is sealed has 0 like any other."""

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.ha)

    @property
    def watched_ha(self) -> NDArray[np.float64]:
        """Watched hectares of each cell."""
        return self.ha * self.watched


@dataclass(frozen=True, slots=True)
class Eye:
    """A stream that watches: a sensor in one geometry."""

    key: str
    """Sensor/geometry."""
    kind: Literal["radar", "optical"]
    watching: Watching | None = None
    """What a look lends; None where nothing was learnt yet: then it finds nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What the cells saw of one look."""

    day: int
    """UTC day number."""
    key: str
    """Sensor/geometry."""
    seen: NDArray[np.floating]
    """(cell,) share of the watched pixels with a valid value; NaN where nothing is known."""
    weight: float = 1.0
    """Of the look among all streams, below 1 where near looks of other streams saw the same weather."""
    covered: NDArray[np.bool_] | None = None
    """(cell,) whether its scenes cover the cell; None is not known."""
    fate: Fate = "used"


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What one stream, or all together, has seen; all arrays begin with ``(cell,)``."""

    last: NDArray[np.int64]
    """UTC day number on which it was last truly seen; NEVER."""
    share: NDArray[np.float64]
    """Share of the watched pixels that was seen on that day."""
    best: NDArray[np.float64]
    """Greatest share of the watched pixels that one look saw within the days asked for, 0 to 1."""
    found_ha: NDArray[np.float64]
    """(cell, age) smallest clearing of each of AGES_DAYS found by now with 80 % probability; infinity."""
    why: NDArray[np.uint8]
    """Why: SEEN, or the reason that it was not."""
    rest: NDArray[np.uint8]
    """Why the part that was not seen was not."""


@dataclass(frozen=True, slots=True, eq=False)
class Blindness:
    """What a centre had and had not seen as of a day."""

    as_of: int
    """UTC day number; no look after it counts."""
    days: int
    """Unseen is what was not seen for longer."""
    cells: Cells
    eyes: tuple[Eye, ...]
    views: Mapping[str, View]
    """By key of the stream."""
    together: View


@dataclass(frozen=True, slots=True)
class Detector:
    """What turns looks into alerts; without it nothing would have been found."""

    thresholds: Thresholds
    pixel_ha: float
    least_px: int


class Latest(NamedTuple):
    """When cells were last truly seen, and how much of them; both (cell,)."""

    day: NDArray[np.int64]
    """UTC day number; NEVER."""
    share: NDArray[np.float64]
    """Share of the watched pixels that was seen on that day."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is known of places beside the looks; by key of the stream, (cell,)."""

    last: Mapping[str, Latest] = field(default_factory=dict)
    """When a cell was last truly seen before the first look given."""
    no_baseline: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    passes: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """How many looks covered a cell before the first look given."""


def look_back(
    cells: Cells,
    eyes: Sequence[Eye],
    sightings: Iterable[Sighting],
    *,
    as_of: int,
    days: int,
    detector: Detector | None = None,
    ground: Ground | None = None,
) -> Blindness:
    """Return what was seen as of a day; looks after it do not count.

    Parameters
    ----------
    sightings
        In order of acquisition. What counts are those of the last ``max(days, max(AGES_DAYS))`` days; of
        the time before, what `ground` says or what is given here all the same.
    as_of
        UTC day number.
    days
        A cell is unseen that was not seen for more than so many days.
    """
    looks = [one for one in sightings if one.day <= as_of]
    ground = ground or Ground()
    views = {eye.key: _view(cells, eye, looks, as_of, days, detector, ground) for eye in eyes}
    found = _found(cells, eyes, [(one, one.weight) for one in looks], as_of, detector)
    together = united(cells, list(views.values()), found)
    return Blindness(as_of, days, cells, tuple(eyes), views, together)


def _view(
    cells: Cells,
    eye: Eye,
    looks: Sequence[Sighting],
    as_of: int,
    days: int,
    detector: Detector | None,
    ground: Ground,
) -> View:
    looks = [one for one in looks if one.key == eye.key]
    latest = last_seen(cells, looks, ground.last.get(eye.key))
    best = _best(cells, looks, as_of - days)
    found = _found(cells, (eye,), [(one, 1.0) for one in looks], as_of, detector)
    rest = _rest(cells, eye, looks, latest.day, as_of - days, ground)
    why = np.where(latest.day >= as_of - days, Why.SEEN, rest).astype(np.uint8)
    return View(latest.day, latest.share, best, found, why, rest)


def united(cells: Cells, views: Sequence[View], found_ha: NDArray[np.float64]) -> View:
    """Return several views as one that finds `found_ha`: the newest day and the greatest share count.

    Of the reasons that of the view nearest to having seen a cell is told.
    """
    last, share, best = np.full(len(cells), NEVER, np.int64), np.zeros(len(cells)), np.zeros(len(cells))
    for view in views:
        same = np.where(view.last == last, np.maximum(share, view.share), share)
        share = np.where(view.last > last, view.share, same)
        last, best = np.maximum(last, view.last), np.maximum(best, view.best)
    why = _nearest(cells, [view.why for view in views])
    return View(last, share, best, found_ha, why, _nearest(cells, [view.rest for view in views]))


def _share(one: Sighting) -> NDArray[np.float64]:
    """Return the shares seen of a look: what is not known was not seen."""
    return np.nan_to_num(np.asarray(one.seen, np.float64), nan=0.0)


def last_seen(cells: Cells, looks: Iterable[Sighting], before: Latest | None = None) -> Latest:
    """Return when each cell was last truly seen by a look, or by those `before`."""
    start = Latest(np.full(len(cells), NEVER, np.int64), np.zeros(len(cells)))
    last, share = before or start
    for one in looks:
        seen = _share(one)
        newer = (seen >= TRULY) & (one.day >= last) & (cells.watched > 0)
        share = np.where(newer, np.where(one.day > last, seen, np.maximum(share, seen)), share)
        last = np.where(newer, one.day, last)
    return Latest(last, share)


def _best(cells: Cells, looks: Sequence[Sighting], since: int) -> NDArray[np.float64]:
    best = np.zeros(len(cells))
    for one in looks:
        if one.day >= since:
            best = np.maximum(best, _share(one))
    return np.minimum(best, 1.0) * (cells.watched > 0)


def _found(
    cells: Cells,
    eyes: Sequence[Eye],
    looks: Sequence[tuple[Sighting, float]],
    as_of: int,
    detector: Detector | None,
) -> NDArray[np.float64]:
    """Return (cell, age) the smallest clearing found; infinity where none is, or nothing was watched."""
    found = np.full((len(cells), len(AGES_DAYS)), np.inf)
    known = {eye.key: eye.watching for eye in eyes if eye.watching is not None}
    recent = [
        (one, known[one.key], weight)
        for one, weight in looks
        if one.day > as_of - max(AGES_DAYS) and one.key in known and one.fate == "used"
    ]
    if detector is None or not recent:
        return found
    for first in range(0, len(cells), _CHUNK):
        part = slice(first, first + _CHUNK)
        passes = [
            Pass(one.day, watching, _share(one)[part].astype(np.float32), weight)
            for one, watching, weight in recent
        ]
        found[part] = detectable_ha(passes, as_of, detector.thresholds, detector.pixel_ha, detector.least_px)
    found[cells.watched <= 0] = np.inf
    return found


def _rest(
    cells: Cells, eye: Eye, looks: Sequence[Sighting], last: NDArray[np.int64], since: int, ground: Ground
) -> NDArray[np.uint8]:
    """Return why what was not seen of each cell was not; what is certain goes before what is likely."""
    recent = [one for one in looks if one.day >= since]
    covered, refused, unsure = (np.zeros(len(cells), bool) for _ in range(3))
    for one in recent:
        if one.covered is None:
            unsure |= True
        elif one.fate == "refused":
            refused |= one.covered
        else:
            covered |= one.covered
    never = (last == NEVER) & (ground.passes.get(eye.key, 0) + passes_over(cells, looks) >= FEWEST)
    hidden = np.where(never, Why.LAYOVER, Why.NOT_KNOWN) if eye.kind == "radar" else Why.CLOUD
    why = np.full(len(cells), Why.OUTSIDE_SWATH if recent else Why.NO_PASS, np.uint8)
    why[unsure] = Why.NOT_KNOWN
    why[refused] = Why.REFUSED
    why = np.where(covered, hidden, why)
    why = np.where(ground.no_baseline.get(eye.key, False), Why.NO_BASELINE, why)
    return np.where(cells.watched > 0, why, Why.NO_DATA).astype(np.uint8)


def passes_over(cells: Cells, looks: Iterable[Sighting]) -> NDArray[np.int64]:
    """Return how many looks that were not refused covered each cell."""
    counts = np.zeros(len(cells), np.int64)
    for one in looks:
        if one.covered is not None and one.fate != "refused":
            counts += one.covered
    return counts


_NEAREST: Final = (
    Why.SEEN,
    Why.CLOUD,
    Why.LAYOVER,
    Why.REFUSED,
    Why.NO_BASELINE,
    Why.NOT_KNOWN,
    Why.OUTSIDE_SWATH,
    Why.NO_PASS,
    Why.NO_DATA,
)
"""The nearer to having been seen, the earlier: of all streams together the nearest is told."""


def _nearest(cells: Cells, reasons: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    rank = np.empty(len(Why), np.int64)
    rank[list(map(int, _NEAREST))] = np.arange(len(_NEAREST))
    told = [rank[why] for why in reasons] or [np.full(len(cells), rank[Why.NO_PASS])]
    why = np.array(_NEAREST, np.uint8)[np.min(told, axis=0)]
    return np.where(cells.watched > 0, why, Why.NO_DATA).astype(np.uint8)
