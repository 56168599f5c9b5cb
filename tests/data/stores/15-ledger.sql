BEGIN TRANSACTION;
CREATE TABLE accounts (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	password_hash TEXT, 
	from_provider BOOLEAN NOT NULL, 
	key_salt VARCHAR NOT NULL, 
	failures INTEGER NOT NULL, 
	failed_at FLOAT, 
	created_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	way VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE audit_head (
	place INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (place)
);
CREATE TABLE draft_editors (
	draft VARCHAR NOT NULL, 
	editor VARCHAR NOT NULL, 
	seen_at FLOAT NOT NULL, 
	PRIMARY KEY (draft, editor)
);
CREATE TABLE draft_steps (
	draft VARCHAR NOT NULL, 
	step INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (draft, step)
);
INSERT INTO "draft_steps" VALUES('d',0,'first');
INSERT INTO "draft_steps" VALUES('d',1,'second');
INSERT INTO "draft_steps" VALUES('d',2,'undone');
CREATE TABLE drafts (
	id VARCHAR NOT NULL, 
	workspace VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	saved_at FLOAT NOT NULL, 
	saved_by VARCHAR NOT NULL, name VARCHAR, deleted_at FLOAT, 
	PRIMARY KEY (id)
);
INSERT INTO "drafts" VALUES('d','w','L',2,1,3.0,'me',NULL,NULL);
CREATE TABLE golden_tasks (
	workspace VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	chance FLOAT NOT NULL, 
	waived TEXT NOT NULL, 
	pinned_at FLOAT NOT NULL, 
	PRIMARY KEY (workspace, stage, task)
);
CREATE TABLE hub_asset_batches (
	asset VARCHAR NOT NULL, 
	batch VARCHAR NOT NULL, 
	place INTEGER NOT NULL, 
	PRIMARY KEY (asset, batch)
);
CREATE TABLE hub_assets (
	id VARCHAR NOT NULL, 
	project VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	external_id VARCHAR, 
	data TEXT, 
	prelabelled BOOLEAN NOT NULL, 
	created_at VARCHAR, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE hub_history (
	id VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE hub_logs (
	number INTEGER NOT NULL, 
	session VARCHAR NOT NULL, 
	plugin VARCHAR NOT NULL, 
	project VARCHAR NOT NULL, 
	at FLOAT NOT NULL, 
	level VARCHAR NOT NULL, 
	message TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE hub_outbox (
	number INTEGER NOT NULL, 
	project VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	address TEXT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE hub_passes (
	number INTEGER NOT NULL, 
	project VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	rules VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	entries INTEGER NOT NULL, 
	output INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE hub_projects (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	backend VARCHAR NOT NULL, 
	seed BIGINT NOT NULL, 
	created_at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "hub_projects" VALUES('p','Sandbox','sandbox',7,'2026-09-01','{}');
CREATE TABLE hub_records (
	kind VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (kind, id)
);
CREATE TABLE hub_settings (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE hub_tasks (
	id VARCHAR NOT NULL, 
	project VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	asset VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	assignee VARCHAR, 
	priority INTEGER NOT NULL, 
	duration FLOAT, 
	total_duration FLOAT, 
	review_status VARCHAR, 
	is_benchmark BOOLEAN NOT NULL, 
	created_at VARCHAR, 
	updated_at VARCHAR, 
	completed_at VARCHAR, 
	brush TEXT, 
	medical_brush TEXT, 
	passes TEXT NOT NULL, 
	answer TEXT, 
	document TEXT NOT NULL, 
	parent VARCHAR, 
	PRIMARY KEY (id)
);
CREATE TABLE ledger (
	number INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	host VARCHAR NOT NULL, 
	own BOOLEAN NOT NULL, 
	project VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	rules VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE mapping_presets (
	project VARCHAR NOT NULL, 
	plugin VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	mapping TEXT NOT NULL, 
	saved_at FLOAT NOT NULL, 
	PRIMARY KEY (project, plugin, name)
);
CREATE TABLE migrations (
	name VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "migrations" VALUES('0001-workspaces-and-drafts');
INSERT INTO "migrations" VALUES('0002-hub');
INSERT INTO "migrations" VALUES('0003-sub-tasks');
INSERT INTO "migrations" VALUES('0004-outbox');
INSERT INTO "migrations" VALUES('0003-plugins-and-runs');
INSERT INTO "migrations" VALUES('0004-starts');
INSERT INTO "migrations" VALUES('0004-scenarios');
INSERT INTO "migrations" VALUES('0005-doubtful');
INSERT INTO "migrations" VALUES('0009-changed-tasks');
INSERT INTO "migrations" VALUES('0010-passes');
INSERT INTO "migrations" VALUES('0011-names-and-deletion');
INSERT INTO "migrations" VALUES('0012-deleted-scenarios');
INSERT INTO "migrations" VALUES('0013-audit');
INSERT INTO "migrations" VALUES('0014-accounts');
INSERT INTO "migrations" VALUES('0015-ledger');
CREATE TABLE plugin_presence (
	plugin VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	since FLOAT NOT NULL, 
	processes INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	seen_at FLOAT NOT NULL, 
	PRIMARY KEY (plugin)
);
CREATE TABLE plugins (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	description TEXT NOT NULL, 
	classes TEXT NOT NULL, 
	config TEXT NOT NULL, 
	config_schema TEXT, 
	connector VARCHAR NOT NULL, 
	url VARCHAR, 
	script VARCHAR, 
	salt VARCHAR NOT NULL, 
	secret_hash VARCHAR NOT NULL, 
	created_at FLOAT NOT NULL, 
	archived_at FLOAT, 
	PRIMARY KEY (id)
);
CREATE TABLE run_assets (
	session VARCHAR NOT NULL, 
	asset VARCHAR NOT NULL, 
	PRIMARY KEY (session, asset)
);
CREATE TABLE run_tasks (
	session VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	asset VARCHAR NOT NULL, 
	external_id VARCHAR, 
	added TEXT NOT NULL, 
	removed TEXT NOT NULL, 
	PRIMARY KEY (session, task)
);
CREATE TABLE runs (
	number INTEGER NOT NULL, 
	session VARCHAR NOT NULL, 
	plugin VARCHAR NOT NULL, 
	project VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	request TEXT NOT NULL, 
	dry_run BOOLEAN NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	parent VARCHAR, 
	message TEXT, 
	reason TEXT NOT NULL, 
	requested INTEGER NOT NULL, 
	labelled INTEGER NOT NULL, 
	tasks INTEGER NOT NULL, 
	assets INTEGER, 
	logs INTEGER NOT NULL, 
	dropped INTEGER NOT NULL, 
	per_class TEXT NOT NULL, 
	refused TEXT NOT NULL, 
	created_at FLOAT NOT NULL, 
	sent_at FLOAT, 
	started_at FLOAT, 
	finished_at FLOAT, 
	cancelled_at FLOAT, 
	discarded_at FLOAT, 
	undone_at FLOAT, 
	applied_by VARCHAR, 
	key_hash VARCHAR, doubtful TEXT DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (session)
);
CREATE TABLE scenarios (
	id VARCHAR NOT NULL, 
	workspace VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	saved_at FLOAT NOT NULL, deleted_at FLOAT, 
	PRIMARY KEY (id)
);
CREATE TABLE start_drafts (
	id VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	saved_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE workspaces (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	table_fingerprint VARCHAR NOT NULL, 
	project TEXT, 
	opened_at FLOAT NOT NULL, called VARCHAR, deleted_at FLOAT, 
	PRIMARY KEY (id)
);
INSERT INTO "workspaces" VALUES('w','six.json','f',NULL,1.0,NULL,NULL);
CREATE INDEX ix_drafts_workspace ON drafts (workspace);
CREATE INDEX hub_assets_order ON hub_assets (project, number);
CREATE INDEX hub_assets_data ON hub_assets (project, data);
CREATE INDEX hub_assets_external ON hub_assets (project, external_id);
CREATE INDEX hub_asset_batches_batch ON hub_asset_batches (batch);
CREATE INDEX ix_hub_tasks_parent ON hub_tasks (parent);
CREATE INDEX hub_tasks_order ON hub_tasks (project, number);
CREATE INDEX hub_tasks_stage ON hub_tasks (project, stage);
CREATE INDEX ix_hub_tasks_asset ON hub_tasks (asset);
CREATE INDEX hub_history_task ON hub_history (task, number);
CREATE INDEX hub_records_scope ON hub_records (kind, scope);
CREATE INDEX ix_hub_logs_session ON hub_logs (session);
CREATE INDEX ix_runs_state ON runs (state);
CREATE INDEX ix_runs_fingerprint ON runs (fingerprint);
CREATE INDEX ix_runs_key_hash ON runs (key_hash);
CREATE INDEX ix_runs_plugin ON runs (plugin);
CREATE INDEX run_tasks_order ON run_tasks (session, number);
CREATE INDEX run_tasks_task ON run_tasks (task);
CREATE INDEX ix_scenarios_workspace ON scenarios (workspace);
CREATE INDEX hub_tasks_changed ON hub_tasks (project, updated_at);
CREATE INDEX hub_passes_rules ON hub_passes (project, stage, rules);
CREATE INDEX ix_hub_passes_task ON hub_passes (task);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the record of changes is only added to'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the record of changes is only added to'); END;
CREATE TRIGGER audit_only_next BEFORE INSERT ON audit WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'the record of changes is only added to'); END;
CREATE INDEX ledger_project ON ledger (project, stage);
COMMIT;
