"""The tables, as SQLAlchemy Core declares them; the embedded file and PostGIS share them.

Every table carries a marking (:class:`dosel.model.marking.Marking`). Days are integers since 1970-01-01
UTC, instants are ISO text, codes are those of :mod:`dosel.model.codes`. A change here needs a new
migration (:mod:`dosel.store.migrations`).
"""

from __future__ import annotations

import json
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Column, Dialect, Double, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import UniqueConstraint
from sqlalchemy.types import TypeDecorator, UserDefinedType

from dosel.model.marking import Marking
from dosel.store.geometry import WGS84, decode, encode


class Json(TypeDecorator[Any]):
    """A JSON-like value as text with sorted keys; NaN and infinity are refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the text of a value."""
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value of a text."""
        return None if value is None else json.loads(value)


class Geometry(UserDefinedType[BaseGeometry]):
    """A geometry in WGS 84 lon/lat, as a GeoPackage blob."""

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """Return the column type, which in a GeoPackage is the geometry's name."""
        return self.kind

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return the function from shapely geometry to blob."""
        return lambda value: None if value is None else encode(value, WGS84)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return the function from blob to shapely geometry."""
        return lambda value: None if value is None else decode(value)


METADATA: Final = MetaData()


def _need(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _may(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=True)


def _table(
    name: str, about: str, *columns: Column[Any] | Index, key: tuple[str, ...], grows: bool = False
) -> Table:
    """Declare a table: its number, its columns, its marking; `grows` forbids change and removal of rows."""
    return Table(
        name,
        METADATA,
        Column("fid", Integer, primary_key=True),
        *columns,
        Column("marking", Integer, nullable=False, server_default=str(int(Marking.RESTRICTED))),
        *((UniqueConstraint(*key, name=f"{name}_key"),) if key else ()),
        info={"key": key, "grows": grows, "about": about},
        sqlite_autoincrement=True,
    )


_table("meta", "facts about this store", _need("key", Text), _may("value", Text), key=("key",))

_table(
    "methods",
    "methods and their parameters, by content hash",
    _need("hash", Text),
    _need("name", Text),
    _need("version", Text),
    _need("parameters", Json),
    key=("hash",),
)

_table(
    "sources",
    "who made an input and on which terms; an empty origin or licence is unknown",
    _need("id", Text),
    _need("name", Text),
    _need("origin", Text),
    _need("licence", Text),
    key=("id",),
)

_table(
    "scenes",
    "scenes that were found",
    _need("collection", Text),
    _need("id", Text),
    _need("content", Text),
    _need("look_id", Text),
    _need("sensor", Text),
    _need("geometry", Text),
    _need("datatake", Text),
    _need("acquired", Text),
    _need("day", Integer),
    _need("source", Text),
    _need("scene", Json),
    Index("scenes_look", "look_id"),
    key=("collection", "id"),
)

_table(
    "refused_scenes",
    "scenes that were refused before they became part of a look",
    _need("collection", Text),
    _need("id", Text),
    _need("content", Text),
    _need("refusal", Integer),
    _need("detail", Text),
    key=("collection", "id", "content"),
)

_table(
    "looks",
    "acquisitions and what became of them",
    _need("id", Text),
    _need("sensor", Text),
    _need("geometry", Text),
    _need("day", Integer),
    _need("acquired", Text),
    _need("status", Integer),
    _may("refusal", Integer),
    _need("detail", Text),
    _need("scenes", Json),
    _may("step", Integer),
    _need("streams", Json),
    _need("offsets", Json),
    _may("seconds", Double),
    Index("looks_step", "step"),
    key=("id",),
)

_table(
    "look_tiles",
    "how many pixels of a tile a look truly saw",
    _need("look_id", Text),
    _need("tile_id", Text),
    _need("sensor", Text),
    _need("geometry", Text),
    _need("day", Integer),
    _need("valid_px", Integer),
    _may("step", Integer),
    Index("look_tiles_seen", "sensor", "geometry", "tile_id", "day"),
    key=("look_id", "tile_id"),
)

_table(
    "foldings",
    "with what each look was folded into a tile",
    _need("look_id", Text),
    _need("tile_id", Text),
    _need("method", Text),
    _need("baselines", Json),
    _need("mask", Text),
    _need("content", Text),
    _need("step", Integer),
    Index("foldings_tile", "tile_id", "step"),
    key=("look_id", "tile_id"),
)

_table(
    "cell_looks",
    "how much of each square kilometre of a tile a look truly saw",
    _need("look_id", Text),
    _need("tile_id", Text),
    _need("day", Integer),
    _need("counts", LargeBinary),
    _need("step", Integer),
    Index("cell_looks_day", "day"),
    key=("look_id", "tile_id"),
)

_table(
    "cells",
    "by square kilometre: when it was last truly seen, and how large a clearing would have been found by now",
    _may("geometry", Geometry("MULTIPOLYGON")),
    _need("id", Text),
    _need("as_of", Integer),
    _need("watched_ha", Double),
    _may("seen_day", Integer),
    _need("seen_by", Text),
    _may("found_12_days_ha", Double),
    _may("found_24_days_ha", Double),
    _may("found_48_days_ha", Double),
    _may("found_96_days_ha", Double),
    key=("id",),
)

_table(
    "tiles",
    "the state file in force of every tile",
    _need("tile_id", Text),
    _need("file", Text),
    _need("step", Integer),
    _need("day", Integer),
    key=("tile_id",),
)

_table(
    "checkpoints",
    "steps to which a late look can rewind",
    _need("step", Integer),
    _need("day", Integer),
    _need("look_id", Text),
    _need("tiles", Json),
    _need("alerts", LargeBinary),
    key=("step",),
)

_table(
    "baselines",
    "what undisturbed forest looks like, by stream and tile",
    _need("stream", Text),
    _need("tile_id", Text),
    _need("version", Text),
    _need("file", Text),
    _need("kind", Text),
    _need("looks", Integer),
    _may("from_day", Integer),
    _may("to_day", Integer),
    key=("stream", "tile_id", "version"),
)

_table(
    "alerts",
    "places that changed, with an identity",
    _may("geometry", Geometry("MULTIPOLYGON")),
    _need("id", Text),
    _need("status", Integer),
    _need("area_ha", Double),
    _need("pixels", Integer),
    _need("changed_pixels", Integer),
    _need("window_start", Integer),
    _need("window_end", Integer),
    _need("onset", Integer),
    _need("last_growth", Integer),
    _need("updated", Integer),
    _may("confirmed", Integer),
    _may("ended", Integer),
    _need("evidence", Double),
    _need("looks", Integer),
    _need("parents", Json),
    _need("reason", Text),
    _need("method_name", Text),
    _need("method_version", Text),
    _need("method_parameters", Text),
    _need("streams", Json),
    _need("baseline", Text),
    _need("crs", Text),
    _need("shape", LargeBinary),
    _need("runs", LargeBinary),
    _need("step", Integer),
    _need("superseded", Integer),
    Index("alerts_status", "status", "superseded"),
    Index("alerts_step", "step"),
    key=("id",),
)

_table(
    "alert_events",
    "what happened to alerts; only grows",
    _need("alert_id", Text),
    _need("event", Integer),
    _need("day", Integer),
    _need("look_id", Text),
    _need("step", Integer),
    _need("detail", Json),
    Index("alert_events_alert", "alert_id"),
    key=(),
    grows=True,
)

_table(
    "alert_looks",
    "the evidence that each look lent to an alert",
    _need("alert_id", Text),
    _need("look_id", Text),
    _need("stream", Text),
    _need("day", Integer),
    _need("pixels", Integer),
    _may("residual", Double),
    _need("step", Integer),
    Index("alert_looks_step", "step"),
    key=("alert_id", "look_id", "stream"),
)

_table(
    "verdicts",
    "people's judgements of alerts; only grows",
    _need("alert_id", Text),
    _need("day", Integer),
    _need("person", Text),
    _need("verdict", Text),
    _need("reason", Text),
    Index("verdicts_alert", "alert_id"),
    key=(),
    grows=True,
)

_table(
    "runs",
    "what each run did",
    _need("id", Text),
    _need("started", Text),
    _may("ended", Text),
    _need("summary", Json),
    key=("id",),
)

_table(
    "releases",
    "what left, to whom, for what, under which policy; only grows",
    _need("id", Text),
    _need("instant", Text),
    _need("actor", Text),
    _need("purpose", Text),
    _need("kind", Text),
    _need("destination", Text),
    _need("policy", Text),
    _need("policy_version", Text),
    _need("subject", Text),
    _need("ids", Json),
    _need("withheld", Json),
    _need("content", Text),
    key=("id",),
    grows=True,
)

TABLES: Final = dict(METADATA.tables)
"""All tables by name."""
