CREATE TABLE alerts_3 AS SELECT * FROM alerts;

DROP TABLE alerts;

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

INSERT INTO alerts (fid, geometry, id, status, area_ha, pixels, changed_pixels, window_start, window_end, onset, last_growth, updated, confirmed, ended, evidence, looks, parents, reason, method_name, method_version, method_parameters, streams, baseline, crs, shape, runs, step, superseded, marking) SELECT fid, geometry, id, status, area_ha, pixels, changed_pixels, window_start, window_end, onset, last_growth, updated, confirmed, ended, evidence, looks, parents, reason, method_name, method_version, method_parameters, streams, baseline, crs, shape, runs, step, superseded, marking FROM alerts_3;

DROP TABLE alerts_3;

UPDATE gpkg_contents SET description = 'places that changed, with an identity: our own, and as others report them' WHERE table_name = 'alerts';

CREATE INDEX alerts_day ON alerts (window_end);

CREATE INDEX alerts_source ON alerts (source, external_id);

CREATE INDEX alerts_status ON alerts (status, superseded);

CREATE INDEX alerts_step ON alerts (step);

CREATE TRIGGER rtree_alerts_geometry_insert AFTER INSERT ON alerts WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_alerts_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_alerts_geometry_update6 AFTER UPDATE OF geometry ON alerts WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_alerts_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_alerts_geometry_update7 AFTER UPDATE OF geometry ON alerts WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_alerts_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_alerts_geometry_update2 AFTER UPDATE OF geometry ON alerts WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_alerts_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_alerts_geometry_update5 AFTER UPDATE ON alerts WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_alerts_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_alerts_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_alerts_geometry_update4 AFTER UPDATE ON alerts WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_alerts_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_alerts_geometry_delete AFTER DELETE ON alerts WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_alerts_geometry WHERE id = OLD.fid; END;

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

CREATE INDEX imports_feed ON imports (feed, instant);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('imports', 'attributes', 'imports', 'what each import of others'' alerts and detections did', NULL);

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

CREATE INDEX hot_spots_day ON hot_spots (day);

CREATE INDEX hot_spots_event ON hot_spots (event_id);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('hot_spots', 'features', 'hot_spots', 'thermal detections of single passes', 4326);

INSERT INTO gpkg_geometry_columns VALUES ('hot_spots', 'geometry', 'POINT', 4326, 0, 0);

INSERT INTO gpkg_extensions VALUES ('hot_spots', 'geometry', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE VIRTUAL TABLE rtree_hot_spots_geometry USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_hot_spots_geometry_insert AFTER INSERT ON hot_spots WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_hot_spots_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_hot_spots_geometry_update6 AFTER UPDATE OF geometry ON hot_spots WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_hot_spots_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_hot_spots_geometry_update7 AFTER UPDATE OF geometry ON hot_spots WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_hot_spots_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_hot_spots_geometry_update2 AFTER UPDATE OF geometry ON hot_spots WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_hot_spots_geometry_update5 AFTER UPDATE ON hot_spots WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_hot_spots_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_hot_spots_geometry_update4 AFTER UPDATE ON hot_spots WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_hot_spots_geometry_delete AFTER DELETE ON hot_spots WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_hot_spots_geometry WHERE id = OLD.fid; END;

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

CREATE INDEX fire_events_day ON fire_events (last_day);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('fire_events', 'features', 'fire_events', 'hot spots of successive passes that belong together, with an identity', 4326);

INSERT INTO gpkg_geometry_columns VALUES ('fire_events', 'geometry', 'MULTIPOLYGON', 4326, 0, 0);

INSERT INTO gpkg_extensions VALUES ('fire_events', 'geometry', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE VIRTUAL TABLE rtree_fire_events_geometry USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_fire_events_geometry_insert AFTER INSERT ON fire_events WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_fire_events_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_fire_events_geometry_update6 AFTER UPDATE OF geometry ON fire_events WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_fire_events_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_fire_events_geometry_update7 AFTER UPDATE OF geometry ON fire_events WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_fire_events_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_fire_events_geometry_update2 AFTER UPDATE OF geometry ON fire_events WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_fire_events_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_fire_events_geometry_update5 AFTER UPDATE ON fire_events WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_fire_events_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_fire_events_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_fire_events_geometry_update4 AFTER UPDATE ON fire_events WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_fire_events_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_fire_events_geometry_delete AFTER DELETE ON fire_events WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_fire_events_geometry WHERE id = OLD.fid; END;

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

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('airstrips', 'features', 'airstrips', 'landing strips that are in no list of airfields, with a life', 4326);

INSERT INTO gpkg_geometry_columns VALUES ('airstrips', 'geometry', 'POINT', 4326, 0, 0);

INSERT INTO gpkg_extensions VALUES ('airstrips', 'geometry', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE VIRTUAL TABLE rtree_airstrips_geometry USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_airstrips_geometry_insert AFTER INSERT ON airstrips WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_airstrips_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_airstrips_geometry_update6 AFTER UPDATE OF geometry ON airstrips WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_airstrips_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_airstrips_geometry_update7 AFTER UPDATE OF geometry ON airstrips WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_airstrips_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_airstrips_geometry_update2 AFTER UPDATE OF geometry ON airstrips WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_airstrips_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_airstrips_geometry_update5 AFTER UPDATE ON airstrips WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_airstrips_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_airstrips_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_airstrips_geometry_update4 AFTER UPDATE ON airstrips WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_airstrips_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_airstrips_geometry_delete AFTER DELETE ON airstrips WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_airstrips_geometry WHERE id = OLD.fid; END;

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

CREATE INDEX airstrip_events_airstrip ON airstrip_events (airstrip_id);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('airstrip_events', 'attributes', 'airstrip_events', 'found, destroyed, active again: the life of airstrips; only grows', NULL);

CREATE TRIGGER airstrip_events_no_update BEFORE UPDATE ON airstrip_events BEGIN SELECT RAISE(ABORT, 'airstrip_events only grows'); END;

CREATE TRIGGER airstrip_events_no_delete BEFORE DELETE ON airstrip_events BEGIN SELECT RAISE(ABORT, 'airstrip_events only grows'); END;

CREATE TRIGGER airstrip_events_no_replace BEFORE INSERT ON airstrip_events WHEN EXISTS (SELECT 1 FROM airstrip_events WHERE fid = NEW.fid) BEGIN SELECT RAISE(ABORT, 'airstrip_events only grows'); END;

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

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('area_figures', 'attributes', 'area_figures', 'figures of whole areas by year, never of a plot', NULL);

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

CREATE INDEX incidents_day ON incidents (last_day);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('incidents', 'features', 'incidents', 'alerts and fire events about one place and time that belong together: candidates until a person says so', 4326);

INSERT INTO gpkg_geometry_columns VALUES ('incidents', 'geometry', 'MULTIPOLYGON', 4326, 0, 0);

INSERT INTO gpkg_extensions VALUES ('incidents', 'geometry', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE VIRTUAL TABLE rtree_incidents_geometry USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_incidents_geometry_insert AFTER INSERT ON incidents WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_incidents_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_incidents_geometry_update6 AFTER UPDATE OF geometry ON incidents WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_incidents_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_incidents_geometry_update7 AFTER UPDATE OF geometry ON incidents WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_incidents_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_incidents_geometry_update2 AFTER UPDATE OF geometry ON incidents WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_incidents_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_incidents_geometry_update5 AFTER UPDATE ON incidents WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_incidents_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_incidents_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_incidents_geometry_update4 AFTER UPDATE ON incidents WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_incidents_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_incidents_geometry_delete AFTER DELETE ON incidents WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_incidents_geometry WHERE id = OLD.fid; END;

CREATE TABLE incident_members (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	member_id TEXT NOT NULL, 
	why TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT incident_members_key UNIQUE (kind, member_id)
);

CREATE INDEX incident_members_incident ON incident_members (incident_id);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('incident_members', 'attributes', 'incident_members', 'what belongs to an incident', NULL);

CREATE TABLE incident_seen (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind TEXT NOT NULL, 
	member_id TEXT NOT NULL, 
	content TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT incident_seen_key UNIQUE (kind, member_id)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('incident_seen', 'attributes', 'incident_seen', 'as of which content each alert and fire event was last compared with the others', NULL);

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

CREATE INDEX layers_current ON layers (name, current);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('layers', 'features', 'layers', 'versions of reference layers; one that is missing stands here as missing', 4326);

INSERT INTO gpkg_geometry_columns VALUES ('layers', 'geometry', 'MULTIPOLYGON', 4326, 0, 0);

INSERT INTO gpkg_extensions VALUES ('layers', 'geometry', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE VIRTUAL TABLE rtree_layers_geometry USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_layers_geometry_insert AFTER INSERT ON layers WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layers_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_layers_geometry_update6 AFTER UPDATE OF geometry ON layers WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_layers_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_layers_geometry_update7 AFTER UPDATE OF geometry ON layers WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layers_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_layers_geometry_update2 AFTER UPDATE OF geometry ON layers WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layers_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_layers_geometry_update5 AFTER UPDATE ON layers WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layers_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_layers_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_layers_geometry_update4 AFTER UPDATE ON layers WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layers_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_layers_geometry_delete AFTER DELETE ON layers WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_layers_geometry WHERE id = OLD.fid; END;

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

CREATE INDEX layer_units_code ON layer_units (layer, code);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('layer_units', 'features', 'layer_units', 'the units of layers, by version', 4326);

INSERT INTO gpkg_geometry_columns VALUES ('layer_units', 'geometry', 'GEOMETRY', 4326, 0, 0);

INSERT INTO gpkg_extensions VALUES ('layer_units', 'geometry', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE VIRTUAL TABLE rtree_layer_units_geometry USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_layer_units_geometry_insert AFTER INSERT ON layer_units WHEN (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layer_units_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_layer_units_geometry_update6 AFTER UPDATE OF geometry ON layer_units WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry NOT NULL AND NOT ST_IsEmpty(OLD.geometry)) BEGIN UPDATE rtree_layer_units_geometry SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid; END;

CREATE TRIGGER rtree_layer_units_geometry_update7 AFTER UPDATE OF geometry ON layer_units WHEN OLD.fid = NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) AND (OLD.geometry ISNULL OR ST_IsEmpty(OLD.geometry)) BEGIN INSERT OR REPLACE INTO rtree_layer_units_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_layer_units_geometry_update2 AFTER UPDATE OF geometry ON layer_units WHEN OLD.fid = NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layer_units_geometry WHERE id = OLD.fid; END;

CREATE TRIGGER rtree_layer_units_geometry_update5 AFTER UPDATE ON layer_units WHEN OLD.fid != NEW.fid AND (NEW.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layer_units_geometry WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_layer_units_geometry VALUES (NEW.fid, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)); END;

CREATE TRIGGER rtree_layer_units_geometry_update4 AFTER UPDATE ON layer_units WHEN OLD.fid != NEW.fid AND (NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)) BEGIN DELETE FROM rtree_layer_units_geometry WHERE id IN (OLD.fid, NEW.fid); END;

CREATE TRIGGER rtree_layer_units_geometry_delete AFTER DELETE ON layer_units WHEN OLD.geometry NOT NULL BEGIN DELETE FROM rtree_layer_units_geometry WHERE id = OLD.fid; END;

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

CREATE INDEX facts_layer ON facts (layer, code);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('facts', 'attributes', 'facts', 'measured relations of alerts to layers, with the version of the layer', NULL);

CREATE TABLE described (
	fid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	marking INTEGER DEFAULT '3' NOT NULL, 
	CONSTRAINT described_key UNIQUE (alert_id)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('described', 'attributes', 'described', 'on which alert, layers and rules the facts and the cause of each alert rest', NULL);

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

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('drivers', 'attributes', 'drivers', 'what probably caused a change, with reasons', NULL);

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

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('feed_profiles', 'attributes', 'feed_profiles', 'what each import or look of a feed looked like: its columns and its statistics', NULL);

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

CREATE INDEX feed_alarms_feed ON feed_alarms (feed);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES ('feed_alarms', 'attributes', 'feed_alarms', 'feeds that are late, empty, or not what they were', NULL);

