CREATE INDEX airstrip_events_airstrip ON airstrip_events (airstrip_id);
CREATE INDEX alert_events_alert ON alert_events (alert_id);
CREATE INDEX alert_looks_step ON alert_looks (step);
CREATE INDEX alerts_day ON alerts (window_end);
CREATE INDEX alerts_source ON alerts (source, external_id);
CREATE INDEX alerts_status ON alerts (status, superseded);
CREATE INDEX alerts_step ON alerts (step);
CREATE INDEX cell_looks_day ON cell_looks (day);
CREATE INDEX facts_layer ON facts (layer, code);
CREATE INDEX feed_alarms_feed ON feed_alarms (feed);
CREATE INDEX fire_events_day ON fire_events (last_day);
CREATE INDEX foldings_tile ON foldings (tile_id, step);
CREATE INDEX hot_spots_day ON hot_spots (day);
CREATE INDEX hot_spots_event ON hot_spots (event_id);
CREATE INDEX imports_feed ON imports (feed, instant);
CREATE INDEX incident_members_incident ON incident_members (incident_id);
CREATE INDEX incidents_day ON incidents (last_day);
CREATE INDEX layer_units_code ON layer_units (layer, code);
CREATE INDEX layers_current ON layers (name, current);
CREATE INDEX look_tiles_seen ON look_tiles (sensor, geometry, tile_id, day);
CREATE INDEX looks_step ON looks (step);
CREATE INDEX scenes_look ON scenes (look_id);
CREATE INDEX verdicts_alert ON verdicts (alert_id);
CREATE TABLE airstrip_events (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	airstrip_id TEXT NOT NULL, 
	event TEXT NOT NULL, 
	day INTEGER, 
	source TEXT NOT NULL, 
	person TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL
);
CREATE TABLE airstrips (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry POINT, 
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	first_day INTEGER, 
	state_day INTEGER, 
	content TEXT NOT NULL, 
	details TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT airstrips_key UNIQUE (id)
);
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
	source TEXT DEFAULT '' NOT NULL, 
	external_id TEXT, 
	extent TEXT DEFAULT 'outline' NOT NULL, 
	status INTEGER NOT NULL, 
	area_ha DOUBLE, 
	pixels INTEGER, 
	changed_pixels INTEGER, 
	window_start INTEGER, 
	window_end INTEGER NOT NULL, 
	onset INTEGER, 
	last_growth INTEGER, 
	updated INTEGER NOT NULL, 
	confirmed INTEGER, 
	ended INTEGER, 
	evidence DOUBLE, 
	looks INTEGER, 
	parents TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	method_name TEXT, 
	method_version TEXT, 
	method_parameters TEXT, 
	streams TEXT NOT NULL, 
	baseline TEXT, 
	crs TEXT, 
	shape BLOB, 
	runs BLOB, 
	step INTEGER, 
	superseded INTEGER NOT NULL, 
	date_meaning TEXT, 
	confidence TEXT, 
	published INTEGER, 
	content TEXT, 
	details TEXT, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT alerts_key UNIQUE (id)
);
CREATE TABLE area_figures (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	subject TEXT NOT NULL, 
	source TEXT NOT NULL, 
	unit_kind TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	hectares DOUBLE NOT NULL, 
	content TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT area_figures_key UNIQUE (subject, source, unit_kind, unit, year)
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
CREATE TABLE described (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT described_key UNIQUE (alert_id)
);
CREATE TABLE drivers (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	cause INTEGER NOT NULL, 
	probability DOUBLE, 
	probabilities TEXT NOT NULL, 
	reasons TEXT NOT NULL, 
	method TEXT NOT NULL, 
	proof TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT drivers_key UNIQUE (alert_id)
);
CREATE TABLE facts (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	layer TEXT NOT NULL, 
	version TEXT NOT NULL, 
	relation TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	category TEXT NOT NULL, 
	share DOUBLE, 
	distance_m DOUBLE, 
	in_force INTEGER, 
	value DOUBLE, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT facts_key UNIQUE (alert_id, layer, relation, number)
);
CREATE TABLE feed_alarms (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	ended INTEGER, 
	detail TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT feed_alarms_key UNIQUE (id)
);
CREATE TABLE feed_profiles (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	feed TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	instant TEXT NOT NULL, 
	content TEXT NOT NULL, 
	columns TEXT NOT NULL, 
	statistics TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT feed_profiles_key UNIQUE (feed, content)
);
CREATE TABLE fire_events (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry MULTIPOLYGON, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	first_instant TEXT NOT NULL, 
	last_instant TEXT NOT NULL, 
	first_day INTEGER NOT NULL, 
	last_day INTEGER NOT NULL, 
	hot_spots INTEGER NOT NULL, 
	passes INTEGER NOT NULL, 
	power_mw DOUBLE, 
	sources TEXT NOT NULL, 
	parents TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT fire_events_key UNIQUE (id)
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
CREATE TABLE hot_spots (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry POINT, 
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	satellite TEXT NOT NULL, 
	instant TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	confidence TEXT NOT NULL, 
	power_mw DOUBLE, 
	size_m DOUBLE, 
	content TEXT NOT NULL, 
	details TEXT NOT NULL, 
	event_id TEXT, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT hot_spots_key UNIQUE (id)
);
CREATE TABLE imports (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id TEXT NOT NULL, 
	instant TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	file TEXT NOT NULL, 
	content TEXT NOT NULL, 
	rows INTEGER NOT NULL, 
	fresh INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	same INTEGER NOT NULL, 
	ended INTEGER DEFAULT '0' NOT NULL, 
	refused TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT imports_key UNIQUE (id)
);
CREATE TABLE incident_members (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	member_id TEXT NOT NULL, 
	why TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT incident_members_key UNIQUE (kind, member_id)
);
CREATE TABLE incident_seen (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind TEXT NOT NULL, 
	member_id TEXT NOT NULL, 
	content TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT incident_seen_key UNIQUE (kind, member_id)
);
CREATE TABLE incidents (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry MULTIPOLYGON, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	first_day INTEGER NOT NULL, 
	last_day INTEGER NOT NULL, 
	area_ha DOUBLE, 
	members INTEGER NOT NULL, 
	sources TEXT NOT NULL, 
	content TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT incidents_key UNIQUE (id)
);
CREATE TABLE layer_units (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry GEOMETRY, 
	layer TEXT NOT NULL, 
	version TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	category TEXT NOT NULL, 
	from_day INTEGER, 
	to_day INTEGER, 
	details TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT layer_units_key UNIQUE (layer, version, number)
);
CREATE TABLE layers (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	geometry MULTIPOLYGON, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	current INTEGER NOT NULL, 
	theme TEXT NOT NULL, 
	shape TEXT NOT NULL, 
	titles TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	licence TEXT NOT NULL, 
	vintage TEXT NOT NULL, 
	completeness TEXT NOT NULL, 
	coverage TEXT NOT NULL, 
	measures TEXT NOT NULL, 
	reach_m DOUBLE NOT NULL, 
	margin_m DOUBLE NOT NULL, 
	sensitivity INTEGER NOT NULL, 
	refresh TEXT NOT NULL, 
	added TEXT NOT NULL, 
	units INTEGER NOT NULL, 
	report TEXT NOT NULL, 
	definition TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT layers_key UNIQUE (name, version)
);
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
CREATE VIRTUAL TABLE rtree_airstrips_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_airstrips_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_airstrips_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_airstrips_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_alerts_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_alerts_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_alerts_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_alerts_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_cells_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_cells_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_cells_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_cells_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_fire_events_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_fire_events_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_fire_events_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_fire_events_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_hot_spots_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_hot_spots_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_hot_spots_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_hot_spots_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_incidents_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_incidents_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_incidents_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_incidents_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_layer_units_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_layer_units_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_layer_units_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_layer_units_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
CREATE VIRTUAL TABLE rtree_layers_geometry USING rtree(id, minx, maxx, miny, maxy);
CREATE TABLE "rtree_layers_geometry_node"(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE "rtree_layers_geometry_parent"(nodeno INTEGER PRIMARY KEY,parentnode);
CREATE TABLE "rtree_layers_geometry_rowid"(rowid INTEGER PRIMARY KEY,nodeno);
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
CREATE TRIGGER airstrip_events_no_delete BEFORE DELETE ON airstrip_events BEGIN SELECT RAISE(ABORT, 'airstrip_events only grows'); END;
CREATE TRIGGER airstrip_events_no_replace BEFORE INSERT ON airstrip_events WHEN EXISTS (SELECT 1 FROM airstrip_events WHERE fid = NEW.fid) BEGIN SELECT RAISE(ABORT, 'airstrip_events only grows'); END;
CREATE TRIGGER airstrip_events_no_update BEFORE UPDATE ON airstrip_events BEGIN SELECT RAISE(ABORT, 'airstrip_events only grows'); END;
CREATE TRIGGER alert_events_no_delete BEFORE DELETE ON alert_events BEGIN SELECT RAISE(ABORT, 'alert_events only grows'); END;
CREATE TRIGGER alert_events_no_replace BEFORE INSERT ON alert_events WHEN EXISTS (SELECT 1 FROM alert_events WHERE fid = NEW.fid) BEGIN SELECT RAISE(ABORT, 'alert_events only grows'); END;
CREATE TRIGGER alert_events_no_update BEFORE UPDATE ON alert_events BEGIN SELECT RAISE(ABORT, 'alert_events only grows'); END;
CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases BEGIN SELECT RAISE(ABORT, 'releases only grows'); END;
CREATE TRIGGER releases_no_replace BEFORE INSERT ON releases WHEN EXISTS (SELECT 1 FROM releases WHERE fid = NEW.fid OR id = NEW.id) BEGIN SELECT RAISE(ABORT, 'releases only grows'); END;
CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases BEGIN SELECT RAISE(ABORT, 'releases only grows'); END;
CREATE TRIGGER rtree_airstrips_geometry_delete AFTER DELETE ON airstrips WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_airstrips_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_airstrips_geometry_insert AFTER INSERT ON airstrips WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_airstrips_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_airstrips_geometry_update2 AFTER UPDATE OF geometry ON airstrips WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_airstrips_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_airstrips_geometry_update4 AFTER UPDATE ON airstrips WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_airstrips_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_airstrips_geometry_update5 AFTER UPDATE ON airstrips WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_airstrips_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_airstrips_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_airstrips_geometry_update6 AFTER UPDATE OF geometry ON airstrips WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_airstrips_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_airstrips_geometry_update7 AFTER UPDATE OF geometry ON airstrips WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_airstrips_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
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
CREATE TRIGGER rtree_fire_events_geometry_delete AFTER DELETE ON fire_events WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_fire_events_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_fire_events_geometry_insert AFTER INSERT ON fire_events WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_fire_events_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_fire_events_geometry_update2 AFTER UPDATE OF geometry ON fire_events WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_fire_events_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_fire_events_geometry_update4 AFTER UPDATE ON fire_events WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_fire_events_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_fire_events_geometry_update5 AFTER UPDATE ON fire_events WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_fire_events_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_fire_events_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_fire_events_geometry_update6 AFTER UPDATE OF geometry ON fire_events WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_fire_events_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_fire_events_geometry_update7 AFTER UPDATE OF geometry ON fire_events WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_fire_events_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_hot_spots_geometry_delete AFTER DELETE ON hot_spots WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_hot_spots_geometry_insert AFTER INSERT ON hot_spots WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_hot_spots_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_hot_spots_geometry_update2 AFTER UPDATE OF geometry ON hot_spots WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_hot_spots_geometry_update4 AFTER UPDATE ON hot_spots WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_hot_spots_geometry_update5 AFTER UPDATE ON hot_spots WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_hot_spots_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_hot_spots_geometry_update6 AFTER UPDATE OF geometry ON hot_spots WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_hot_spots_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_hot_spots_geometry_update7 AFTER UPDATE OF geometry ON hot_spots WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_hot_spots_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_incidents_geometry_delete AFTER DELETE ON incidents WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_incidents_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_incidents_geometry_insert AFTER INSERT ON incidents WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_incidents_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_incidents_geometry_update2 AFTER UPDATE OF geometry ON incidents WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_incidents_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_incidents_geometry_update4 AFTER UPDATE ON incidents WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_incidents_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_incidents_geometry_update5 AFTER UPDATE ON incidents WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_incidents_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_incidents_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_incidents_geometry_update6 AFTER UPDATE OF geometry ON incidents WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_incidents_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_incidents_geometry_update7 AFTER UPDATE OF geometry ON incidents WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_incidents_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_layer_units_geometry_delete AFTER DELETE ON layer_units WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_layer_units_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_layer_units_geometry_insert AFTER INSERT ON layer_units WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layer_units_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_layer_units_geometry_update2 AFTER UPDATE OF geometry ON layer_units WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layer_units_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_layer_units_geometry_update4 AFTER UPDATE ON layer_units WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layer_units_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_layer_units_geometry_update5 AFTER UPDATE ON layer_units WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layer_units_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_layer_units_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_layer_units_geometry_update6 AFTER UPDATE OF geometry ON layer_units WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_layer_units_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_layer_units_geometry_update7 AFTER UPDATE OF geometry ON layer_units WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layer_units_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_layers_geometry_delete AFTER DELETE ON layers WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_layers_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_layers_geometry_insert AFTER INSERT ON layers WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layers_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_layers_geometry_update2 AFTER UPDATE OF geometry ON layers WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layers_geometry WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_layers_geometry_update4 AFTER UPDATE ON layers WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layers_geometry WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_layers_geometry_update5 AFTER UPDATE ON layers WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layers_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_layers_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER rtree_layers_geometry_update6 AFTER UPDATE OF geometry ON layers WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_layers_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_layers_geometry_update7 AFTER UPDATE OF geometry ON layers WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layers_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;
CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts only grows'); END;
CREATE TRIGGER verdicts_no_replace BEFORE INSERT ON verdicts WHEN EXISTS (SELECT 1 FROM verdicts WHERE fid = NEW.fid) BEGIN SELECT RAISE(ABORT, 'verdicts only grows'); END;
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts only grows'); END;
