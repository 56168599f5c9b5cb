BEGIN TRANSACTION;
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
	saved_by VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "drafts" VALUES('d','w','L',2,1,3.0,'me');
CREATE TABLE migrations (
	name VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "migrations" VALUES('0001-workspaces-and-drafts');
CREATE TABLE workspaces (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	table_fingerprint VARCHAR NOT NULL, 
	project TEXT, 
	opened_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "workspaces" VALUES('w','six.json','f',NULL,1.0);
CREATE INDEX ix_drafts_workspace ON drafts (workspace);
COMMIT;
