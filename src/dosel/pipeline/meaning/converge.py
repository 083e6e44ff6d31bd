"""What happens together in an area and period: pairs of activities, nodes and their growth, pile-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from dosel.context.converge.edge import Edge, edge, signed_distance
from dosel.context.converge.events import Events, Floats, Ints
from dosel.context.converge.growth import Amount, Break, Change, amounts_at, change
from dosel.context.converge.nodes import Meeting, Node, carry, meetings_of, nodes_of
from dosel.context.converge.place import Reach, Strata, gridded, squares
from dosel.context.converge.plane import Plane
from dosel.context.converge.size import Pileup, pileup
from dosel.context.converge.table import Asked, Pair, pairs_of
from dosel.context.layer import Completeness, Layer, Shape, Theme
from dosel.errors import InputError
from dosel.model.names import plain_name
from dosel.model.time import asked_day
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.activities import CLEARING, Happened, breaks_of, events_of, happened, inside
from dosel.pipeline.meaning.present import present
from dosel.pipeline.reference.layers import OPEN, load_layers
from dosel.store.interface import Bbox, Store

LIMITS_HA: Final = (0.25, 1.0, 3.0, 6.25)
"""Published size limits at which a pile-up is looked for, besides the smallest alert of this centre."""
FROM_LINE_M: Final = (500.0, 1000.0, 2000.0, 4000.0, 8000.0)
"""Classes of distance to roads and rivers, where layers have them."""
LATTICE_M: Final = 500.0
"""Side of the squares in which that distance is taken once."""
GROUND_M: Final = 10_000.0
"""Side of the squares with an alert, in which densities by distance to a boundary are taken."""
_REACH_DEG: Final = 0.3
"""Farther than a boundary's reach, everywhere that there is forest."""


@dataclass(frozen=True, slots=True)
class Growing:
    """A node, what happened there in the period and in the one before, and the change."""

    node: Node
    at: tuple[float, float]
    """Lon and lat of its middle."""
    known: bool
    """Whether it was a node in the period before."""
    amounts: tuple[Amount, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Convergence:
    """The answer."""

    place: str
    days: tuple[int, int]
    counts: tuple[tuple[str, int], ...]
    """Events by activity."""
    pairs: tuple[Pair, ...]
    asked: Asked
    layers: tuple[str, ...]
    """Layers whose lines were held fixed, with their versions."""
    nodes: tuple[Growing, ...]
    busiest: tuple[tuple[Meeting, tuple[float, float]], ...]
    """Cells with most pairs beyond those expected, where no cell is a discovery."""
    sizes: tuple[tuple[str, Pileup], ...]
    """By source; empty is our own watch."""
    least_ha: float
    """Smallest alert of this centre: its own size limit."""
    edge: Edge | None
    """None where no layer of protected areas covers the place, or nothing was cleared."""


def converge(
    centre: Centre, first: str, last: str, *, unit: str = "", bbox: str = "", within_m: float = 2000.0
) -> Convergence:
    """Return what happens together.

    Parameters
    ----------
    first, last
        Days of the period, ``YYYY-MM-DD``, both included; nothing after the centre's present is seen.
    unit, bbox
        Name or code of a unit of a layer with areas, or west,south,east,north in degrees; one of them.
    within_m
        Distance of a pair.

    Raises
    ------
    InputError
        If a day, the unit or the box cannot be read.
    """
    days = _period(centre, first, last)
    area = _area(centre.store, unit, bbox)
    box: Bbox = area.bounds
    plane = Plane.around(0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3]))
    before = (2 * days[0] - days[1] - 1, days[0] - 1)
    rows = inside(happened(centre.store, box, (before[0], days[1])), area)
    events = events_of(rows, plane)
    asked = Asked(Reach.near(within_m))
    lines = load_layers(centre.store, themes=(Theme.ROAD, Theme.RIVER), bbox=box)
    strata, used = _strata(lines, plane, plane.shape(shapely.box(*box)).bounds)
    pairs = pairs_of(events.within(*days), asked, strata)
    meetings = meetings_of(pairs)
    old = nodes_of(meetings_of(pairs_of(events.within(*before), asked, strata)), plane.name)
    nodes = carry(old, nodes_of(meetings, plane.name))
    grown = [_grown(node, old, events, asked, plane, (before, days), breaks_of(rows)) for node in nodes]
    now = [row for row in rows if days[0] <= row.day <= days[1]]
    return Convergence(
        unit or bbox,
        days,
        tuple((name, len(events.within(*days).of(name))) for name in events.names),
        tuple(pairs),
        asked,
        used,
        tuple(grown),
        () if nodes else _busiest(meetings, asked.cell_m, plane),
        tuple(_sizes(now, plane, centre.settings.alerts.min_area_ha)),
        centre.settings.alerts.min_area_ha,
        _edge(centre.store, now, area, plane),
    )


def _period(centre: Centre, first: str, last: str) -> tuple[int, int]:
    days = asked_day("--from", first), asked_day("--to", last)
    today = present(centre).day
    if not days[0] <= days[1]:
        raise InputError(f"--from and --to: expected a period, got {first} to {last}; change them round")
    if days[0] > today:
        raise InputError(f"--from: expected a day that has been, got {first}")
    return days[0], min(days[1], today)


def _area(store: Store, unit: str, bbox: str) -> BaseGeometry:
    if bool(unit) == bool(bbox):
        raise InputError("expected either --unit or --bbox west,south,east,north")
    return _box(bbox) if bbox else _unit(store, unit)


def _box(text: str) -> BaseGeometry:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = east = south = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(f"--bbox: expected west,south,east,north in degrees, got {text!r}")
    return shapely.box(west, south, east, north)


def _unit(store: Store, unit: str) -> BaseGeometry:
    where = {"current": 1, "shape": Shape.AREA.value, "sensitivity": OPEN}
    rows = store.select("layers", where, columns=["name", "version"])
    current = {row["name"]: row["version"] for row in rows}
    names = store.tally("layer_units", ["layer", "version", "name", "code"], {"layer": list(current)})
    for row in names:
        same = plain_name(unit) in {plain_name(row["name"]), plain_name(row["code"])}
        if same and current[row["layer"]] == row["version"]:
            key = {name: row[name] for name in ("layer", "version", "name", "code")}
            parts = store.select("layer_units", key, columns=["geometry"])
            return shapely.union_all([part["geometry"] for part in parts])
    raise InputError(f"--unit: no current layer has an area called {unit!r}; `dosel layers list` shows them")


def _strata(layers: Iterable[Layer], plane: Plane, bounds: Bbox) -> tuple[Strata | None, tuple[str, ...]]:
    """Return classes of distance to the lines of each theme, and the layers that they come from."""
    held = [layer for layer in layers if layer.shape is Shape.LINE and len(layer.units)]
    if not held:
        return None, ()
    lines: dict[Theme, list[BaseGeometry]] = {}
    for layer in held:
        lines.setdefault(layer.theme, []).extend(map(plane.shape, layer.units.geometry))
    trees = [shapely.STRtree(shapely.get_parts(lines[theme])) for theme in sorted(lines)]

    def classes(x_m: Floats, y_m: Floats) -> Ints:
        code = np.zeros(x_m.size, np.int64)
        for tree in trees:
            _, distance = tree.query_nearest(
                shapely.points(x_m, y_m), return_distance=True, all_matches=False
            )
            code = code * (len(FROM_LINE_M) + 1) + np.searchsorted(FROM_LINE_M, distance)
        return code

    return gridded(classes, bounds, LATTICE_M), tuple(f"{layer.name} {layer.version}" for layer in held)


def _grown(
    node: Node,
    old: Sequence[Node],
    events: Events,
    asked: Asked,
    plane: Plane,
    periods: tuple[tuple[int, int], tuple[int, int]],
    breaks: Sequence[Break],
) -> Growing:
    before, now = (
        {amount.activity: amount for amount in amounts_at(node, events, asked.cell_m, days)}
        for days in periods
    )
    changes = [change(before[name], now[name], breaks) for name in now if name in before]
    middle = np.mean(sorted(node.squares), axis=0) + 0.5
    lon, lat = plane.degrees(middle[1] * asked.cell_m, middle[0] * asked.cell_m)
    known = node.id in {one.id for one in old}
    return Growing(node, (float(lon), float(lat)), known, tuple(now.values()), tuple(changes))


def _busiest(
    meetings: Iterable[Meeting], cell_m: float, plane: Plane, most: int = 5
) -> tuple[tuple[Meeting, tuple[float, float]], ...]:
    best = sorted(meetings, key=lambda one: (one.p, one.expected - one.seen, one.square))[:most]
    at = [plane.degrees((one.square[1] + 0.5) * cell_m, (one.square[0] + 0.5) * cell_m) for one in best]
    return tuple((one, (float(lon), float(lat))) for one, (lon, lat) in zip(best, at, strict=True))


def _cleared(rows: Iterable[Happened]) -> list[Happened]:
    return [row for row in rows if row.activity == CLEARING and row.area_ha > 0]


def _sizes(rows: Iterable[Happened], plane: Plane, least_ha: float) -> Iterable[tuple[str, Pileup]]:
    """Yield the density of sizes at every limit, by source."""
    cleared = _cleared(rows)
    for source in sorted({row.source for row in cleared}):
        events = events_of([row for row in cleared if row.source == source], plane)
        block = np.unique(squares(events.x_m, events.y_m, 24_000.0), axis=0, return_inverse=True)[1]
        for limit in sorted({*LIMITS_HA, least_ha}):
            yield source, pileup(events.area_ha, limit, block.astype(np.int64), events.seed())


def _edge(store: Store, rows: Iterable[Happened], area: BaseGeometry, plane: Plane) -> Edge | None:
    """Return the density of clearings by distance to the limits of protected areas."""
    cleared = _cleared(rows)
    box: Bbox = area.bounds
    wide = box[0] - _REACH_DEG, box[1] - _REACH_DEG, box[2] + _REACH_DEG, box[3] + _REACH_DEG
    layers = [
        layer
        for layer in load_layers(store, themes=(Theme.PROTECTED,), bbox=wide)
        if layer.shape is Shape.AREA and layer.completeness is Completeness.COMPLETE and len(layer.units)
    ]
    if not cleared or not layers:
        return None
    areas = [plane.shape(unit) for layer in layers for unit in layer.units.geometry]
    events = events_of(cleared, plane)
    held = np.unique(squares(events.x_m, events.y_m, GROUND_M), axis=0)
    steps = np.stack(np.meshgrid(*(2 * [(np.arange(10) + 0.5) * GROUND_M / 10])), axis=-1).reshape(-1, 2)
    ground = (held[:, None, ::-1] * GROUND_M + steps[None]).reshape(-1, 2)
    ground = ground[shapely.contains_xy(plane.shape(area), ground)]
    x, y = np.concatenate([events.x_m, ground[:, 0]]), np.concatenate([events.y_m, ground[:, 1]])
    distance = signed_distance(x, y, areas)
    block = np.unique(squares(x, y, 24_000.0), axis=0, return_inverse=True)[1].astype(np.int64)
    count = len(events)
    return edge(distance[:count], block[:count], (distance[count:], block[count:]), 1.0, events.seed())
