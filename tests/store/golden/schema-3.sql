CREATE INDEX alert_events_alert ON alert_events (alert_id);
CREATE INDEX alert_looks_step ON alert_looks (step);
CREATE INDEX alerts_status ON alerts (status, superseded);
CREATE INDEX alerts_step ON alerts (step);
CREATE INDEX cell_looks_day ON cell_looks (day);
CREATE INDEX foldings_tile ON foldings (tile_id, step);
CREATE INDEX look_tiles_seen ON look_tiles (sensor, geometry, tile_id, day);
CREATE INDEX looks_step ON looks (step);
CREATE INDEX scenes_look ON scenes (look_id);
CREATE INDEX verdicts_alert ON verdicts (alert_id);
CREATE TABLE alert_events (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	event INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	look_id TEXT NOT NULL, 
	step INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL
);
CREATE TABLE alert_looks (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	look_id TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	pixels INTEGER NOT NULL, 
	residual DOUBLE, 
	step INTEGER NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT alert_looks_key UNIQUE (alert_id, look_id, stream)
);
CREATE TABLE alerts (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry MULTIPOLYGON, 
	id TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	area_ha DOUBLE NOT NULL, 
	pixels INTEGER NOT NULL, 
	changed_pixels INTEGER NOT NULL, 
	window_start INTEGER NOT NULL, 
	window_end INTEGER NOT NULL, 
	onset INTEGER NOT NULL, 
	last_growth INTEGER NOT NULL, 
	updated INTEGER NOT NULL, 
	confirmed INTEGER, 
	ended INTEGER, 
	evidence DOUBLE NOT NULL, 
	looks INTEGER NOT NULL, 
	parents TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	method_name TEXT NOT NULL, 
	method_version TEXT NOT NULL, 
	method_parameters TEXT NOT NULL, 
	streams TEXT NOT NULL, 
	baseline TEXT NOT NULL, 
	crs TEXT NOT NULL, 
	shape BLOB NOT NULL, 
	runs BLOB NOT NULL, 
	step INTEGER NOT NULL, 
	superseded INTEGER NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT alerts_key UNIQUE (id)
);
CREATE TABLE baselines (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	stream TEXT NOT NULL, 
	tile_id TEXT NOT NULL, 
	version TEXT NOT NULL, 
	file TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	looks INTEGER NOT NULL, 
	from_day INTEGER, 
	to_day INTEGER, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT baselines_key UNIQUE (stream, tile_id, version)
);
CREATE TABLE cell_looks (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	look_id TEXT NOT NULL, 
	tile_id TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	counts BLOB NOT NULL, 
	step INTEGER NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT cell_looks_key UNIQUE (look_id, tile_id)
);
CREATE TABLE cells (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry MULTIPOLYGON, 
	id TEXT NOT NULL, 
	as_of INTEGER NOT NULL, 
	watched_ha DOUBLE NOT NULL, 
	seen_day INTEGER, 
	seen_by TEXT NOT NULL, 
	found_12_days_ha DOUBLE, 
	found_24_days_ha DOUBLE, 
	found_48_days_ha DOUBLE, 
	found_96_days_ha DOUBLE, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT cells_key UNIQUE (id)
);
CREATE TABLE checkpoints (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	step INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	look_id TEXT NOT NULL, 
	tiles TEXT NOT NULL, 
	alerts BLOB NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT checkpoints_key UNIQUE (step)
);
CREATE TABLE foldings (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	look_id TEXT NOT NULL, 
	tile_id TEXT NOT NULL, 
	method TEXT NOT NULL, 
	baselines TEXT NOT NULL, 
	mask TEXT NOT NULL, 
	content TEXT NOT NULL, 
	step INTEGER NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT foldings_key UNIQUE (look_id, tile_id)
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE look_tiles (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	look_id TEXT NOT NULL, 
	tile_id TEXT NOT NULL, 
	sensor TEXT NOT NULL, 
	geometry TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	valid_px INTEGER NOT NULL, 
	step INTEGER, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT look_tiles_key UNIQUE (look_id, tile_id)
);
CREATE TABLE looks (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	sensor TEXT NOT NULL, 
	geometry TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	acquired TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	refusal INTEGER, 
	detail TEXT NOT NULL, 
	scenes TEXT NOT NULL, 
	step INTEGER, 
	streams TEXT NOT NULL, 
	offsets TEXT NOT NULL, 
	seconds DOUBLE, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT looks_key UNIQUE (id)
);
CREATE TABLE meta (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	value TEXT, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT meta_key UNIQUE ("key")
);
CREATE TABLE methods (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	hash TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	parameters TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT methods_key UNIQUE (hash)
);
CREATE TABLE refused_scenes (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	collection TEXT NOT NULL, 
	id TEXT NOT NULL, 
	content TEXT NOT NULL, 
	refusal INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT refused_scenes_key UNIQUE (collection, id, content)
);
CREATE TABLE releases (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	instant TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	destination TEXT NOT NULL, 
	policy TEXT NOT NULL, 
	policy_version TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	ids TEXT NOT NULL, 
	withheld TEXT NOT NULL, 
	content TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT releases_key UNIQUE (id)
);
CREATE VIRTUAL TABLE rtree_alerts_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_alerts_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_alerts_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_alerts_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_cells_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_cells_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_cells_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_cells_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE TABLE runs (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	started TEXT NOT NULL, 
	ended TEXT, 
	summary TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT runs_key UNIQUE (id)
);
CREATE TABLE scenes (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	collection TEXT NOT NULL, 
	id TEXT NOT NULL, 
	content TEXT NOT NULL, 
	look_id TEXT NOT NULL, 
	sensor TEXT NOT NULL, 
	geometry TEXT NOT NULL, 
	datatake TEXT NOT NULL, 
	acquired TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	scene TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT scenes_key UNIQUE (collection, id)
);
CREATE TABLE sources (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	licence TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT sources_key UNIQUE (id)
);
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE tiles (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tile_id TEXT NOT NULL, 
	file TEXT NOT NULL, 
	step INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT tiles_key UNIQUE (tile_id)
);
CREATE TABLE verdicts (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	person TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL
);
CREATE TRIGGER alert_events_no_delete BEFORE DELETE ON alert_events BEGIN SELECT RAISE(ABORT, 'alert_events only grows'); END;
CREATE TRIGGER alert_events_no_replace BEFORE INSERT ON alert_events WHEN EXISTS (SELECT 1 FROM alert_events WHERE fid = NEW.fid) BEGIN SELECT RAISE(ABORT, 'alert_events only grows'); END;
CREATE TRIGGER alert_events_no_update BEFORE UPDATE ON alert_events BEGIN SELECT RAISE(ABORT, 'alert_events only grows'); END;
CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases BEGIN SELECT RAISE(ABORT, 'releases only grows'); END;
CREATE TRIGGER releases_no_replace BEFORE INSERT ON releases WHEN EXISTS (SELECT 1 FROM releases WHERE fid = NEW.fid OR id = NEW.id) BEGIN SELECT RAISE(ABORT, 'releases only grows'); END;
CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases BEGIN SELECT RAISE(ABORT, 'releases only grows'); END;
CREATE TRIGGER rtree_alerts_geometry_delete AFTER DELETE ON alerts WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_alerts_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_alerts_geometry_insert AFTER INSERT ON alerts WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_alerts_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_alerts_geometry_update2 AFTER UPDATE OF geometry ON alerts WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_alerts_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_alerts_geometry_update4 AFTER UPDATE ON alerts WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_alerts_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_alerts_geometry_update5 AFTER UPDATE ON alerts WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_alerts_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_alerts_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_alerts_geometry_update6 AFTER UPDATE OF geometry ON alerts WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_alerts_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_alerts_geometry_update7 AFTER UPDATE OF geometry ON alerts WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_alerts_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_cells_geometry_delete AFTER DELETE ON cells WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_cells_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_cells_geometry_insert AFTER INSERT ON cells WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_cells_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_cells_geometry_update2 AFTER UPDATE OF geometry ON cells WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_cells_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_cells_geometry_update4 AFTER UPDATE ON cells WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_cells_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_cells_geometry_update5 AFTER UPDATE ON cells WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_cells_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_cells_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_cells_geometry_update6 AFTER UPDATE OF geometry ON cells WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_cells_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_cells_geometry_update7 AFTER UPDATE OF geometry ON cells WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_cells_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts only grows'); END;
CREATE TRIGGER verdicts_no_replace BEFORE INSERT ON verdicts WHEN EXISTS (SELECT 1 FROM verdicts WHERE fid = NEW.fid) BEGIN SELECT RAISE(ABORT, 'verdicts only grows'); END;
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts only grows'); END;
