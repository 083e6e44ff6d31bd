"""The GeoPackage 1.4 layout (OGC 12-128r19) as SQL: what makes the file open in QGIS as it stands."""

# ruff: noqa: S608 - every name in these statements is a constant of ours
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from dosel.store.columns import Geometry
from dosel.store.geometry import WGS84

APPLICATION_ID: Final = 0x47504B47
"""``GPKG`` as a number."""

USER_VERSION: Final = 10400
"""GeoPackage 1.4.0, which is SQLite's ``user_version``; ours stands in the table ``meta``."""

_WKT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",'
    '0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4326"]]'
)

_BASE: Final = (
    """CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    """CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
    f"""INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', {WGS84}, 'EPSG', {WGS84}, '{_WKT}', 'longitude/latitude in decimal degrees')""",
)


def base() -> tuple[str, ...]:
    """Return the statements that make an empty GeoPackage."""
    return (f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {USER_VERSION}", *_BASE)


def create(table: Table) -> Iterator[str]:
    """Yield the statements that make one of our tables and enter it in the GeoPackage's list."""
    dialect = sqlite.dialect()
    yield str(CreateTable(table).compile(dialect=dialect)).strip()
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    spatial = [column.name for column in table.columns if isinstance(column.type, Geometry)]
    kind, srs = ("features", WGS84) if spatial else ("attributes", "NULL")
    about = table.info["about"].replace("'", "''")
    yield (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
        f" VALUES ('{table.name}', '{kind}', '{table.name}', '{about}', {srs})"
    )
    for column in spatial:
        geometry: Any = table.columns[column].type
        yield from enter_geometry(table.name, column, geometry.get_col_spec())
    if table.info["grows"]:
        yield from _only_grows(table)


def index_name(table: str, column: str) -> str:
    """Return the name of the R*Tree of a geometry column."""
    return f"rtree_{table}_{column}"


def enter_geometry(name: str, column: str, kind: str) -> Iterator[str]:
    """Yield the entry of a geometry column and its R*Tree extension (Annex F.3, with the 1.4 triggers)."""
    tree = index_name(name, column)
    yield f"INSERT INTO gpkg_geometry_columns VALUES ('{name}', '{column}', '{kind}', {WGS84}, 0, 0)"
    yield (
        f"INSERT INTO gpkg_extensions VALUES ('{name}', '{column}', 'gpkg_rtree_index',"
        " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')"
    )
    yield f"CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)"
    yield from _tree_triggers(name, column, tree)


def _tree_triggers(table: str, column: str, tree: str) -> Iterator[str]:
    new, old = f"NEW.{column}", f"OLD.{column}"
    has_new = f"({new} NOT NULL AND NOT ST_IsEmpty({new}))"
    has_old = f"({old} NOT NULL AND NOT ST_IsEmpty({old}))"
    no_new, no_old = f"({new} ISNULL OR ST_IsEmpty({new}))", f"({old} ISNULL OR ST_IsEmpty({old}))"
    same, other = "OLD.fid = NEW.fid", "OLD.fid != NEW.fid"
    box = f"ST_MinX({new}), ST_MaxX({new}), ST_MinY({new}), ST_MaxY({new})"
    add = f"INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, {box})"
    drop = f"DELETE FROM {tree} WHERE id = OLD.fid"
    move = (
        f"UPDATE {tree} SET minx = ST_MinX({new}), maxx = ST_MaxX({new}),"
        f" miny = ST_MinY({new}), maxy = ST_MaxY({new}) WHERE id = NEW.fid"
    )
    of = f"UPDATE OF {column}"
    rules = {
        "insert": ("INSERT", has_new, add),
        "update6": (of, f"{same} AND {has_new} AND {has_old}", move),
        "update7": (of, f"{same} AND {has_new} AND {no_old}", add),
        "update2": (of, f"{same} AND {no_new}", drop),
        "update5": ("UPDATE", f"{other} AND {has_new}", f"{drop}; {add}"),
        "update4": ("UPDATE", f"{other} AND {no_new}", f"DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid)"),
        "delete": ("DELETE", f"{old} NOT NULL", drop),
    }
    for name, (event, condition, action) in rules.items():
        yield f"CREATE TRIGGER {tree}_{name} AFTER {event} ON {table} WHEN {condition} BEGIN {action}; END"


def _only_grows(table: Table) -> Iterator[str]:
    """Yield the triggers that refuse change and removal, by REPLACE too, which removes without a trigger."""
    name, refuse = table.name, f"SELECT RAISE(ABORT, '{table.name} only grows')"
    taken = " OR ".join(["fid = NEW.fid", *(f"{column} = NEW.{column}" for column in table.info["key"])])
    yield f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} BEGIN {refuse}; END"
    yield f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} BEGIN {refuse}; END"
    yield (
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name}"
        f" WHEN EXISTS (SELECT 1 FROM {name} WHERE {taken}) BEGIN {refuse}; END"
    )
