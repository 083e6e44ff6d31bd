"""Places of others in reserves of peoples in isolation, or in their margin: sealed as they come in.

Everything is sealed in the transaction that brings it, or that brings the layer, so that no list shows it in
between; ``dosel describe`` asks again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from dosel.context.layer import Layer, Theme
from dosel.context.sealing import sealed_by
from dosel.model.marking import Marking
from dosel.pipeline.reference.layers import load_layers
from dosel.store.interface import Bbox, Between, Row, Store

TABLES: Final = ("alerts", "hot_spots", "fire_events", "airstrips", "incidents")
"""Tables of places that a partner's row can reach."""

_OPEN: Final = Between(None, int(Marking.SEALED) - 1)

_LEAST_METRES: Final = 18_000.0
"""A degree of longitude is nowhere shorter that people live."""


def seal_places(store: Store) -> int:
    """Seal every place that lies in a reserve or its margin; return how many were.

    To be called within a transaction.
    """
    layers = [one for one in load_layers(store, themes=(Theme.ISOLATION,)) if len(one.units)]
    return sum(_seal(store, table, layer) for layer in layers for table in TABLES)


def seal_alerts(store: Store, alerts: Collection[str]) -> int:
    """Seal those of some alerts that lie in a reserve or its margin; return how many were.

    To be called within a transaction.
    """
    layers = [one for one in load_layers(store, themes=(Theme.ISOLATION,)) if len(one.units)]
    if not (alerts and layers):
        return 0
    open_ = {"id": sorted(alerts), "marking": _OPEN}
    return sum(_hold(store, "alerts", store.select("alerts", open_), layer) for layer in layers)


def _seal(store: Store, table: str, layer: Layer) -> int:
    return _hold(store, table, store.select(table, {"marking": _OPEN}, bbox=_around(layer)), layer)


def _hold(store: Store, table: str, rows: Sequence[Row], layer: Layer) -> int:
    if not rows:
        return 0
    places = np.empty(len(rows), dtype=object)
    places[:] = [row["geometry"] for row in rows]
    sealed = sealed_by([layer], places).sealed
    held = [row | {"marking": int(Marking.SEALED)} for row, one in zip(rows, sealed, strict=True) if one]
    return store.upsert(table, held)


def _around(layer: Layer) -> Bbox:
    """Return a box that holds the reserves and their margins."""
    bounds = np.array([unit.bounds for unit in layer.units.geometry])
    wide = layer.margin_m / _LEAST_METRES
    west, south = bounds[:, :2].min(axis=0) - wide
    east, north = bounds[:, 2:].max(axis=0) + wide
    return (
        max(-180.0, float(west)),
        max(-90.0, float(south)),
        min(180.0, float(east)),
        min(90.0, float(north)),
    )
