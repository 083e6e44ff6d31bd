"""What was not seen of a unit, by area: of a district, a reserve, a buffer, a stretch of border. Pure.

A cell that a unit cuts counts with the hectares inside; what is watched is taken as evenly spread in it. What
lies outside the watched area is not watched: it is never counted as seen, nor as unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.context.blindspot import NEVER, TOGETHER, Blindness, Cells, View, Why, united
from dosel.model.geodesy import areas_ha, to_equal_area
from dosel.monitor.detectability import AGES_DAYS

SAID_DAYS: Final = 24
SAID_HA: Final = 1.0
"""Age and size of the clearing by which a place is summed up."""
SLIVER: Final = 0.01
"""Less of a place than this does not make a look at it."""
_HA: Final = 10_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A unit whose sight is asked for."""

    name: str
    code: str
    layer: str
    geometry: BaseGeometry
    """Polygon or MultiPolygon, lon/lat in degrees WGS 84."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one stream, streams of one kind, or all together saw of a unit."""

    last: int | None
    """UTC day number of the newest look that truly saw some of it, SLIVER or more; None is never."""
    last_share: float
    """Share of its watched hectares that was seen on this day or since."""
    unseen: float
    """Share of its watched hectares not seen by any look within the days asked for."""
    found: float
    """Share of its watched hectares where a clearing of SAID_HA made SAID_DAYS ago would have been found."""
    why: Mapping[Why, float]
    """The unseen share by reason."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit and what was seen of it."""

    name: str
    code: str
    layer: str
    ha: float
    """Hectares of the unit, from an equal-area projection."""
    watched_ha: float
    by: Mapping[str, Sight]
    """By key of the stream, by kind (``radar``, ``optical``), together; empty where nothing is watched."""

    @property
    def unwatched_ha(self) -> float:
        """Hectares of the unit that are not watched, for whatever reason."""
        return max(self.ha - self.watched_ha, 0.0)

    @property
    def together(self) -> Sight | None:
        """Sight of all streams together; None where nothing is watched."""
        return self.by.get(TOGETHER)


class Overlaps:
    """Hectares of places in the cells of a centre; the cells are indexed once."""

    def __init__(self, cells: Cells) -> None:
        self._outline = np.asarray(to_equal_area(cells.outline), dtype=object)
        self._tree = shapely.STRtree(self._outline)

    def of(self, geometry: BaseGeometry) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the cells that a place in degrees touches, and its hectares in each."""
        (place,) = to_equal_area(np.array([geometry], dtype=object))
        near = np.sort(self._tree.query(place, predicate="intersects"))
        shapely.prepare(place)
        outline = self._outline[near]
        ha = np.asarray(shapely.area(outline)) / _HA
        cut = ~shapely.covers(place, outline)
        ha[cut] = shapely.area(shapely.intersection(place, outline[cut])) / _HA
        return near, ha


def seen_of(blind: Blindness, places: Sequence[Place]) -> tuple[Seen, ...]:
    """Return what was seen of each place."""
    overlaps = Overlaps(blind.cells)
    views = _views(blind)
    return tuple(_seen(blind, views, place, *overlaps.of(place.geometry)) for place in places)


def seen_of_all(blind: Blindness, name: str, whole_ha: float) -> Seen:
    """Return what was seen of a whole centre of so many hectares."""
    cells = np.arange(len(blind.cells))
    place = Place(name, "", "", shapely.MultiPolygon())
    return _seen(blind, _views(blind), place, cells, blind.cells.ha, whole_ha)


def _views(blind: Blindness) -> dict[str, View]:
    """Return every view of a place: by stream, by kind, together."""
    kinds = {
        kind: [blind.views[eye.key] for eye in blind.eyes if eye.kind == kind]
        for kind in ("radar", "optical")
    }
    joined = {kind: _joined(blind.cells, views) for kind, views in kinds.items() if views}
    return {**blind.views, **joined, TOGETHER: blind.together}


def _joined(cells: Cells, views: Sequence[View]) -> View:
    """Return the view of the streams of one kind; what the best of them finds counts."""
    return united(cells, views, np.min([view.found_ha for view in views], axis=0))


def _seen(
    blind: Blindness,
    views: Mapping[str, View],
    place: Place,
    cells: NDArray[np.int64],
    ha: NDArray[np.float64],
    whole_ha: float | None = None,
) -> Seen:
    watched = ha * blind.cells.watched[cells]
    whole = float(areas_ha([place.geometry])[0]) if whole_ha is None else whole_ha
    total = float(watched.sum())
    by = {name: _sight(view, cells, watched) for name, view in views.items()} if total > 0 else {}
    return Seen(place.name, place.code, place.layer, whole, total, by)


def _sight(view: View, cells: NDArray[np.int64], watched: NDArray[np.float64]) -> Sight:
    """Return the sight of a place from its cells and the watched hectares in each."""
    total = watched.sum()
    last, unseen = view.last[cells], watched * (1.0 - view.best[cells])
    newest = _newest(last, watched)
    found = view.found_ha[cells, AGES_DAYS.index(SAID_DAYS)] <= SAID_HA
    shares = np.bincount(view.rest[cells], weights=unseen, minlength=len(Why)) / total
    then = (watched * view.share[cells])[(last >= newest) & (last != NEVER)]
    return Sight(
        None if newest == NEVER else newest,
        float(then.sum() / total),
        float(unseen.sum() / total),
        float(watched[found].sum() / total),
        {code: float(shares[code]) for code in Why if shares[code] > 0},
    )


def _newest(last: NDArray[np.int64], watched: NDArray[np.float64]) -> int:
    """Return the newest day since which at least SLIVER of a place was truly seen."""
    order = np.argsort(-last, kind="stable")
    enough = np.cumsum(watched[order]) >= SLIVER * watched.sum()
    return int(last[order][enough.argmax()])
