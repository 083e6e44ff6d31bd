"""The tables, as SQLAlchemy Core declares them; the embedded file and PostGIS share them.

Every table carries a marking (:class:`dosel.model.marking.Marking`).

Days are integers since 1970-01-01 UTC, instants are ISO text, codes are those of :mod:`dosel.model.codes`.
A change here needs a new migration (:mod:`dosel.store.migrations`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Double, Index, Integer, LargeBinary, Text

import dosel.store.tables_context  # noqa: F401 - declares its tables
from dosel.store.columns import METADATA, Geometry, Json, may, need, table

table("meta", "facts about this store", need("key", Text), may("value", Text), key=("key",))

table(
    "methods",
    "methods and their parameters, by content hash",
    need("hash", Text),
    need("name", Text),
    need("version", Text),
    need("parameters", Json),
    key=("hash",),
)

table(
    "sources",
    "who made an input and on which terms; an empty origin or licence is unknown",
    need("id", Text),
    need("name", Text),
    need("origin", Text),
    need("licence", Text),
    key=("id",),
)

table(
    "scenes",
    "scenes that were found",
    need("collection", Text),
    need("id", Text),
    need("content", Text),
    need("look_id", Text),
    need("sensor", Text),
    need("geometry", Text),
    need("datatake", Text),
    need("acquired", Text),
    need("day", Integer),
    need("source", Text),
    need("scene", Json),
    Index("scenes_look", "look_id"),
    key=("collection", "id"),
)

table(
    "refused_scenes",
    "scenes that were refused before they became part of a look",
    need("collection", Text),
    need("id", Text),
    need("content", Text),
    need("refusal", Integer),
    need("detail", Text),
    key=("collection", "id", "content"),
)

table(
    "looks",
    "acquisitions and what became of them",
    need("id", Text),
    need("sensor", Text),
    need("geometry", Text),
    need("day", Integer),
    need("acquired", Text),
    need("status", Integer),
    may("refusal", Integer),
    need("detail", Text),
    need("scenes", Json),
    may("step", Integer),
    need("streams", Json),
    need("offsets", Json),
    may("seconds", Double),
    Index("looks_step", "step"),
    key=("id",),
)

table(
    "look_tiles",
    "how many pixels of a tile a look truly saw",
    need("look_id", Text),
    need("tile_id", Text),
    need("sensor", Text),
    need("geometry", Text),
    need("day", Integer),
    need("valid_px", Integer),
    may("step", Integer),
    Index("look_tiles_seen", "sensor", "geometry", "tile_id", "day"),
    key=("look_id", "tile_id"),
)

table(
    "foldings",
    "with what each look was folded into a tile",
    need("look_id", Text),
    need("tile_id", Text),
    need("method", Text),
    need("baselines", Json),
    need("mask", Text),
    need("content", Text),
    need("step", Integer),
    Index("foldings_tile", "tile_id", "step"),
    key=("look_id", "tile_id"),
)

table(
    "cell_looks",
    "how much of each square kilometre of a tile a look truly saw",
    need("look_id", Text),
    need("tile_id", Text),
    need("day", Integer),
    need("counts", LargeBinary),
    need("step", Integer),
    Index("cell_looks_day", "day"),
    key=("look_id", "tile_id"),
)

table(
    "cells",
    "by square kilometre: when it was last truly seen, and how large a clearing would have been found by now",
    may("geometry", Geometry("MULTIPOLYGON")),
    need("id", Text),
    need("as_of", Integer),
    need("watched_ha", Double),
    may("seen_day", Integer),
    need("seen_by", Text),
    may("found_12_days_ha", Double),
    may("found_24_days_ha", Double),
    may("found_48_days_ha", Double),
    may("found_96_days_ha", Double),
    key=("id",),
)

table(
    "tiles",
    "the state file in force of every tile",
    need("tile_id", Text),
    need("file", Text),
    need("step", Integer),
    need("day", Integer),
    key=("tile_id",),
)

table(
    "checkpoints",
    "steps to which a late look can rewind",
    need("step", Integer),
    need("day", Integer),
    need("look_id", Text),
    need("tiles", Json),
    need("alerts", LargeBinary),
    key=("step",),
)

table(
    "baselines",
    "what undisturbed forest looks like, by stream and tile",
    need("stream", Text),
    need("tile_id", Text),
    need("version", Text),
    need("file", Text),
    need("kind", Text),
    need("looks", Integer),
    may("from_day", Integer),
    may("to_day", Integer),
    key=("stream", "tile_id", "version"),
)

table(
    "alerts",
    "places that changed, with an identity: our own, and as others report them",
    may("geometry", Geometry("MULTIPOLYGON")),
    need("id", Text),
    need("source", Text, ""),
    may("external_id", Text),
    need("extent", Text, "outline"),
    need("status", Integer),
    may("area_ha", Double),
    may("pixels", Integer),
    may("changed_pixels", Integer),
    may("window_start", Integer),
    need("window_end", Integer),
    may("onset", Integer),
    may("last_growth", Integer),
    need("updated", Integer),
    may("confirmed", Integer),
    may("ended", Integer),
    may("evidence", Double),
    may("looks", Integer),
    need("parents", Json),
    need("reason", Text),
    may("method_name", Text),
    may("method_version", Text),
    may("method_parameters", Text),
    need("streams", Json),
    may("baseline", Text),
    may("crs", Text),
    may("shape", LargeBinary),
    may("runs", LargeBinary),
    may("step", Integer),
    need("superseded", Integer),
    may("date_meaning", Text),
    may("confidence", Text),
    may("published", Integer),
    may("content", Text),
    may("details", Json),
    Index("alerts_status", "status", "superseded"),
    Index("alerts_step", "step"),
    Index("alerts_source", "source", "external_id"),
    Index("alerts_day", "window_end"),
    key=("id",),
)

table(
    "alert_events",
    "what happened to alerts; only grows",
    need("alert_id", Text),
    need("event", Integer),
    need("day", Integer),
    need("look_id", Text),
    need("step", Integer),
    need("detail", Json),
    Index("alert_events_alert", "alert_id"),
    key=(),
    grows=True,
)

table(
    "alert_looks",
    "the evidence that each look lent to an alert",
    need("alert_id", Text),
    need("look_id", Text),
    need("stream", Text),
    need("day", Integer),
    need("pixels", Integer),
    may("residual", Double),
    need("step", Integer),
    Index("alert_looks_step", "step"),
    key=("alert_id", "look_id", "stream"),
)

table(
    "verdicts",
    "people's judgements of alerts; only grows",
    need("alert_id", Text),
    need("day", Integer),
    need("person", Text),
    need("verdict", Text),
    need("reason", Text),
    Index("verdicts_alert", "alert_id"),
    key=(),
    grows=True,
)

table(
    "runs",
    "what each run did",
    need("id", Text),
    need("started", Text),
    may("ended", Text),
    need("summary", Json),
    key=("id",),
)

table(
    "releases",
    "what left, to whom, for what, under which policy; only grows",
    need("id", Text),
    need("instant", Text),
    need("actor", Text),
    need("purpose", Text),
    need("kind", Text),
    need("destination", Text),
    need("policy", Text),
    need("policy_version", Text),
    need("subject", Text),
    need("ids", Json),
    need("withheld", Json),
    need("content", Text),
    key=("id",),
    grows=True,
)

TABLES: Final = dict(METADATA.tables)
"""All tables by name."""
