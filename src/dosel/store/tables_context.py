"""The tables of the context: what others report, reference layers, and what a change means.

Days are integers since 1970-01-01 UTC, instants are ISO text, codes are those of :mod:`dosel.model.codes`.
A change here needs a new migration (:mod:`dosel.store.migrations`).
"""

from __future__ import annotations

from sqlalchemy import Double, Index, Integer, Text

from dosel.store.columns import Geometry, Json, may, need, table

table(
    "imports",
    "what each import of others' alerts and detections did",
    need("id", Text),
    need("instant", Text),
    need("feed", Text),
    need("number", Integer),
    need("file", Text),
    need("content", Text),
    need("rows", Integer),
    need("fresh", Integer),
    need("changed", Integer),
    need("same", Integer),
    need("ended", Integer, "0"),
    need("refused", Json),
    Index("imports_feed", "feed", "instant"),
    key=("id",),
)

table(
    "hot_spots",
    "thermal detections of single passes",
    may("geometry", Geometry("POINT")),
    need("id", Text),
    need("source", Text),
    need("satellite", Text),
    need("instant", Text),
    need("day", Integer),
    need("confidence", Text),
    may("power_mw", Double),
    may("size_m", Double),
    need("content", Text),
    need("details", Json),
    may("event_id", Text),
    Index("hot_spots_day", "day"),
    Index("hot_spots_event", "event_id"),
    key=("id",),
)

table(
    "fire_events",
    "hot spots of successive passes that belong together, with an identity",
    may("geometry", Geometry("MULTIPOLYGON")),
    need("id", Text),
    need("status", Text),
    need("first_instant", Text),
    need("last_instant", Text),
    need("first_day", Integer),
    need("last_day", Integer),
    need("hot_spots", Integer),
    need("passes", Integer),
    may("power_mw", Double),
    need("sources", Json),
    need("parents", Json),
    Index("fire_events_day", "last_day"),
    key=("id",),
)

table(
    "airstrips",
    "landing strips that are in no list of airfields, with a life",
    may("geometry", Geometry("POINT")),
    need("id", Text),
    need("source", Text),
    need("external_id", Text),
    need("state", Text),
    may("first_day", Integer),
    may("state_day", Integer),
    need("content", Text),
    need("details", Json),
    key=("id",),
)

table(
    "airstrip_events",
    "found, destroyed, active again: the life of airstrips; only grows",
    need("airstrip_id", Text),
    need("event", Text),
    may("day", Integer),
    need("source", Text),
    need("person", Text),
    need("detail", Json),
    Index("airstrip_events_airstrip", "airstrip_id"),
    key=(),
    grows=True,
)

table(
    "area_figures",
    "figures of whole areas by year, never of a plot",
    need("subject", Text),
    need("source", Text),
    need("unit_kind", Text),
    need("unit", Text),
    need("year", Integer),
    need("hectares", Double),
    need("content", Text),
    key=("subject", "source", "unit_kind", "unit", "year"),
)

table(
    "incidents",
    "alerts and fire events about one place and time that belong together: candidates until a person says so",
    may("geometry", Geometry("MULTIPOLYGON")),
    need("id", Text),
    need("status", Text),
    need("first_day", Integer),
    need("last_day", Integer),
    may("area_ha", Double),
    need("members", Integer),
    need("sources", Json),
    need("content", Text),
    Index("incidents_day", "last_day"),
    key=("id",),
)

table(
    "incident_members",
    "what belongs to an incident",
    need("incident_id", Text),
    need("kind", Text),
    need("member_id", Text),
    need("why", Text),
    Index("incident_members_incident", "incident_id"),
    key=("kind", "member_id"),
)

table(
    "incident_seen",
    "as of which content each alert and fire event was last compared with the others",
    need("kind", Text),
    need("member_id", Text),
    need("content", Text),
    key=("kind", "member_id"),
)

table(
    "layers",
    "versions of reference layers; one that is missing stands here as missing",
    may("geometry", Geometry("MULTIPOLYGON")),
    need("name", Text),
    need("version", Text),
    need("current", Integer),
    need("theme", Text),
    need("shape", Text),
    need("titles", Json),
    need("owner", Text),
    need("origin", Text),
    need("licence", Text),
    need("vintage", Text),
    need("completeness", Text),
    need("coverage", Json),
    need("measures", Json),
    need("reach_m", Double),
    need("margin_m", Double),
    need("sensitivity", Integer),
    need("refresh", Json),
    need("added", Text),
    need("units", Integer),
    need("report", Json),
    need("definition", Json),
    Index("layers_current", "name", "current"),
    key=("name", "version"),
)

table(
    "layer_units",
    "the units of layers, by version",
    may("geometry", Geometry("GEOMETRY")),
    need("layer", Text),
    need("version", Text),
    need("number", Integer),
    need("code", Text),
    need("name", Text),
    need("category", Text),
    may("from_day", Integer),
    may("to_day", Integer),
    need("details", Json),
    Index("layer_units_code", "layer", "code"),
    key=("layer", "version", "number"),
)

table(
    "facts",
    "measured relations of alerts to layers, with the version of the layer",
    need("alert_id", Text),
    need("layer", Text),
    need("version", Text),
    need("relation", Text),
    need("number", Integer),
    need("code", Text),
    need("name", Text),
    need("category", Text),
    may("share", Double),
    may("distance_m", Double),
    may("in_force", Integer),
    may("value", Double),
    Index("facts_layer", "layer", "code"),
    key=("alert_id", "layer", "relation", "number"),
)

table(
    "described",
    "on which alert, layers and rules the facts and the cause of each alert rest",
    need("alert_id", Text),
    need("basis", Text),
    key=("alert_id",),
)

table(
    "drivers",
    "what probably caused a change, with reasons",
    need("alert_id", Text),
    need("cause", Integer),
    may("probability", Double),
    need("probabilities", Json),
    need("reasons", Json),
    need("method", Text),
    need("proof", Text),
    key=("alert_id",),
)

table(
    "feed_profiles",
    "what each import or look of a feed looked like: its columns and its statistics",
    need("feed", Text),
    need("day", Integer),
    need("instant", Text),
    need("content", Text),
    need("columns", Json),
    need("statistics", Json),
    key=("feed", "content"),
)

table(
    "feed_alarms",
    "feeds that are late, empty, or not what they were",
    need("id", Text),
    need("feed", Text),
    need("kind", Text),
    need("day", Integer),
    may("ended", Integer),
    need("detail", Json),
    Index("feed_alarms_feed", "feed"),
    key=("id",),
)
