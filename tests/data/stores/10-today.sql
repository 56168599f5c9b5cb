BEGIN TRANSACTION;
CREATE TABLE draft_editors (
	draft VARCHAR NOT NULL, 
	editor VARCHAR NOT NULL, 
	seen_at FLOAT NOT NULL, 
	PRIMARY KEY (draft, editor)
);
INSERT INTO "draft_editors" VALUES('hwkpnnl269h2','window 1',1.7956949525767834186e+09);
CREATE TABLE draft_steps (
	draft VARCHAR NOT NULL, 
	step INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (draft, step)
);
INSERT INTO "draft_steps" VALUES('hwkpnnl269h2',0,'{"version": 1, "stage": {"id": "4f5dbfa79a48404ff708f9b408dbfded", "type": "Logic", "name": "Routing", "position": {"x": 460, "y": 0}, "next": ["f1f5142a7ebdad64f1a6261d5908fb47", "c1b87c5520cdae102838f2e913815822", "7478a3351eef1e3458867fae29ae6f48", "Review", "Review", "f1f5142a7ebdad64f1a6261d5908fb47", "06aa500bb5a89c12017fe27687771471", "Complete"], "logic": {"conditions": [{"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}, {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}, {"type": "RandomSample", "value": 0.2, "index": 4}, {"type": "Duration", "value": [600000, null], "index": 5}, {"type": "RandomSample", "value": 0.1, "index": 6}]}}, "rules": [{"id": "Batch-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}}, {"id": "AnnotationType-0", "enabled": true, "next": "c1b87c5520cdae102838f2e913815822", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}}, {"id": "AnnotationType-1", "enabled": true, "next": "7478a3351eef1e3458867fae29ae6f48", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}}, {"id": "Annotator-0", "enabled": true, "next": "Review", "condition": {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}}, {"id": "RandomSample-0", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.2, "index": 4}}, {"id": "Duration-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Duration", "value": [600000, null], "index": 5}}, {"id": "RandomSample-1", "enabled": true, "next": "06aa500bb5a89c12017fe27687771471", "condition": {"type": "RandomSample", "value": 0.1, "index": 6}}], "else": "Complete"}');
INSERT INTO "draft_steps" VALUES('hwkpnnl269h2',1,'{"version": 1, "stage": {"id": "4f5dbfa79a48404ff708f9b408dbfded", "type": "Logic", "name": "Routing", "position": {"x": 460, "y": 0}, "next": ["f1f5142a7ebdad64f1a6261d5908fb47", "c1b87c5520cdae102838f2e913815822", "7478a3351eef1e3458867fae29ae6f48", "Review", "Review", "f1f5142a7ebdad64f1a6261d5908fb47", "06aa500bb5a89c12017fe27687771471", "Complete"], "logic": {"conditions": [{"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}, {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}, {"type": "RandomSample", "value": 0.2, "index": 4}, {"type": "Duration", "value": [600000, null], "index": 5}, {"type": "RandomSample", "value": 0.1, "index": 6}]}}, "rules": [{"id": "Batch-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}}, {"id": "AnnotationType-0", "enabled": true, "next": "c1b87c5520cdae102838f2e913815822", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}}, {"id": "AnnotationType-1", "enabled": true, "next": "7478a3351eef1e3458867fae29ae6f48", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}}, {"id": "Annotator-0", "enabled": true, "next": "Review", "condition": {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}}, {"id": "RandomSample-0", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.2, "index": 4}}, {"id": "Duration-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Duration", "value": [600000, null], "index": 5}}, {"id": "RandomSample-1", "enabled": true, "next": "06aa500bb5a89c12017fe27687771471", "condition": {"type": "RandomSample", "value": 0.1, "index": 6}}, {"id": "RandomSample-2", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.125, "index": 7}}], "else": "Complete"}');
INSERT INTO "draft_steps" VALUES('hwkpnnl269h2',2,'{"version": 1, "stage": {"id": "4f5dbfa79a48404ff708f9b408dbfded", "type": "Logic", "name": "Routing", "position": {"x": 460, "y": 0}, "next": ["f1f5142a7ebdad64f1a6261d5908fb47", "c1b87c5520cdae102838f2e913815822", "7478a3351eef1e3458867fae29ae6f48", "Review", "Review", "f1f5142a7ebdad64f1a6261d5908fb47", "06aa500bb5a89c12017fe27687771471", "Complete"], "logic": {"conditions": [{"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}, {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}, {"type": "RandomSample", "value": 0.2, "index": 4}, {"type": "Duration", "value": [600000, null], "index": 5}, {"type": "RandomSample", "value": 0.1, "index": 6}]}}, "rules": [{"id": "Batch-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}}, {"id": "AnnotationType-0", "enabled": true, "next": "c1b87c5520cdae102838f2e913815822", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}}, {"id": "AnnotationType-1", "enabled": true, "next": "7478a3351eef1e3458867fae29ae6f48", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}}, {"id": "Annotator-0", "enabled": true, "next": "Review", "condition": {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}}, {"id": "RandomSample-0", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.2, "index": 4}}, {"id": "Duration-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Duration", "value": [600000, null], "index": 5}}, {"id": "RandomSample-1", "enabled": true, "next": "06aa500bb5a89c12017fe27687771471", "condition": {"type": "RandomSample", "value": 0.1, "index": 6}}, {"id": "RandomSample-2", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.125, "index": 7}}, {"id": "RandomSample-3", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.5, "index": 8}}], "else": "Complete"}');
INSERT INTO "draft_steps" VALUES('hwkpnnl269h2',3,'{"version": 1, "stage": {"id": "4f5dbfa79a48404ff708f9b408dbfded", "type": "Logic", "name": "Routing", "position": {"x": 460, "y": 0}, "next": ["f1f5142a7ebdad64f1a6261d5908fb47", "c1b87c5520cdae102838f2e913815822", "7478a3351eef1e3458867fae29ae6f48", "Review", "Review", "f1f5142a7ebdad64f1a6261d5908fb47", "06aa500bb5a89c12017fe27687771471", "Complete"], "logic": {"conditions": [{"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}, {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}, {"type": "RandomSample", "value": 0.2, "index": 4}, {"type": "Duration", "value": [600000, null], "index": 5}, {"type": "RandomSample", "value": 0.1, "index": 6}]}}, "rules": [{"id": "Batch-0", "enabled": false, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}}, {"id": "AnnotationType-0", "enabled": true, "next": "c1b87c5520cdae102838f2e913815822", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}}, {"id": "AnnotationType-1", "enabled": true, "next": "7478a3351eef1e3458867fae29ae6f48", "condition": {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}}, {"id": "Annotator-0", "enabled": true, "next": "Review", "condition": {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}}, {"id": "RandomSample-0", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.2, "index": 4}}, {"id": "Duration-0", "enabled": true, "next": "f1f5142a7ebdad64f1a6261d5908fb47", "condition": {"type": "Duration", "value": [600000, null], "index": 5}}, {"id": "RandomSample-1", "enabled": true, "next": "06aa500bb5a89c12017fe27687771471", "condition": {"type": "RandomSample", "value": 0.1, "index": 6}}, {"id": "RandomSample-2", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.125, "index": 7}}, {"id": "RandomSample-3", "enabled": true, "next": "Review", "condition": {"type": "RandomSample", "value": 0.5, "index": 8}}], "else": "Complete"}');
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
INSERT INTO "drafts" VALUES('hwkpnnl269h2','7653413dea0b023c','4f5dbfa79a48404ff708f9b408dbfded',4,2,1.79569495257569861417e+09,'window 1');
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
INSERT INTO "golden_tasks" VALUES('7653413dea0b023c','4f5dbfa79a48404ff708f9b408dbfded','6a9e52e0a1c47be203000000','Review',0.5,'known since May',1.79569495259179496768e+09);
CREATE TABLE hub_asset_batches (
	asset VARCHAR NOT NULL, 
	batch VARCHAR NOT NULL, 
	place INTEGER NOT NULL, 
	PRIMARY KEY (asset, batch)
);
INSERT INTO "hub_asset_batches" VALUES('3bf54a49e24ce23d221069fc','a903f4faf84316b88fe2cc30',0);
INSERT INTO "hub_asset_batches" VALUES('13874970c51920aa50add2a0','a903f4faf84316b88fe2cc30',0);
INSERT INTO "hub_asset_batches" VALUES('b882a51676085c79e2a531af','a903f4faf84316b88fe2cc30',0);
INSERT INTO "hub_asset_batches" VALUES('949b70bd812d14e1d765dc06','a903f4faf84316b88fe2cc30',0);
INSERT INTO "hub_asset_batches" VALUES('df5982d7f61bdd9c0adb562a','a903f4faf84316b88fe2cc30',0);
INSERT INTO "hub_asset_batches" VALUES('3a559a52ca25cfbe0d2d8657','a3f53a6bd6615b20216f14ec',0);
INSERT INTO "hub_asset_batches" VALUES('71dae2355f2348884175c192','a3f53a6bd6615b20216f14ec',0);
INSERT INTO "hub_asset_batches" VALUES('86119dafa8c7d80a54bee229','a3f53a6bd6615b20216f14ec',0);
INSERT INTO "hub_asset_batches" VALUES('32366af11621b4224e5ccfd1','a3f53a6bd6615b20216f14ec',0);
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
INSERT INTO "hub_assets" VALUES('3bf54a49e24ce23d221069fc','f93df9d480fb19cdaf6d3415',1,'pixels-001.png','http://127.0.0.1:40889/files/f93df9d480fb19cdaf6d3415/assets/pixels-001.png',1,'2026-11-26T12:09:04.265Z','{}');
INSERT INTO "hub_assets" VALUES('13874970c51920aa50add2a0','f93df9d480fb19cdaf6d3415',2,'pixels-002.png','http://127.0.0.1:40889/files/f93df9d480fb19cdaf6d3415/assets/pixels-002.png',1,'2026-11-26T12:09:04.265Z','{}');
INSERT INTO "hub_assets" VALUES('b882a51676085c79e2a531af','f93df9d480fb19cdaf6d3415',3,'pixels-003.png','http://127.0.0.1:40889/files/f93df9d480fb19cdaf6d3415/assets/pixels-003.png',1,'2026-11-26T12:09:04.265Z','{}');
INSERT INTO "hub_assets" VALUES('949b70bd812d14e1d765dc06','f93df9d480fb19cdaf6d3415',4,'pixels-004.png','http://127.0.0.1:40889/files/f93df9d480fb19cdaf6d3415/assets/pixels-004.png',1,'2026-11-26T12:09:04.265Z','{}');
INSERT INTO "hub_assets" VALUES('df5982d7f61bdd9c0adb562a','f93df9d480fb19cdaf6d3415',5,'pixels-005.png','http://127.0.0.1:40889/files/f93df9d480fb19cdaf6d3415/assets/pixels-005.png',1,'2026-11-26T12:09:04.265Z','{}');
INSERT INTO "hub_assets" VALUES('3a559a52ca25cfbe0d2d8657','7e89fa3cf75c380eb7e7716e',1,'2026-09-07-pilot-0000.jpg','https://assets.example.com/harbour/2026-09-07-pilot-0000.jpg',0,'2026-11-26T12:09:11.642Z','{"contextData":{},"metadata":{"frameTotal":0}}');
INSERT INTO "hub_assets" VALUES('71dae2355f2348884175c192','7e89fa3cf75c380eb7e7716e',2,'2026-09-07-pilot-0001.jpg','https://assets.example.com/harbour/2026-09-07-pilot-0001.jpg',0,'2026-11-26T12:09:11.642Z','{"contextData":{},"metadata":{"frameTotal":0}}');
INSERT INTO "hub_assets" VALUES('86119dafa8c7d80a54bee229','7e89fa3cf75c380eb7e7716e',3,'2026-09-07-pilot-0002.jpg','https://assets.example.com/harbour/2026-09-07-pilot-0002.jpg',0,'2026-11-26T12:09:11.642Z','{"contextData":{},"metadata":{"frameTotal":0}}');
INSERT INTO "hub_assets" VALUES('32366af11621b4224e5ccfd1','7e89fa3cf75c380eb7e7716e',4,'2026-09-07-pilot-0003.jpg','https://assets.example.com/harbour/2026-09-07-pilot-0003.jpg',0,'2026-11-26T12:09:11.642Z','{"contextData":{},"metadata":{"frameTotal":0}}');
CREATE TABLE hub_history (
	id VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "hub_history" VALUES('b73fec9d1708901773870998','3bed8d273e451faea631f3eb',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-11-26T12:09:04.265Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('db379071a95a28eef7eab14e','89f38e515485e703be68b048',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-11-26T12:09:04.265Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('cd54948eab1973815d6bd657','8ca26d9b7af3a9050613fe5a',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-11-26T12:09:04.265Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('15868ba899e4acc7348b4d63','c26f1431cafb289123cd4197',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-11-26T12:09:04.265Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('e029e07d89466d4d5034d90a','fc5dcb7d4380f2b13d1bba51',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-11-26T12:09:04.265Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('a66401acda5c562583a3a53d','6a9e52e0a1c47be203000000',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-09-07T06:00:00.000Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('4719b4fa0d299ac6a2569446','6a9e52e0a1c47be203000000',2,'{"stage":"Label","stageId":"Label","duration":122595,"completedAt":"2026-09-10T15:27:12.751Z","completedBy":"june.vale@example.com","tools":[{"bounding-box":{"x":870,"y":110,"width":190,"height":100},"objectId":"6a9e52e0a1c47be20300000000000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-10T15:25:10.156Z","createdBy":"june.vale@example.com","createdIn":"Label"}},{"bounding-box":{"x":1650,"y":900,"width":110,"height":20},"objectId":"6a9e52e0a1c47be20300000000000001","schemaId":"40bed7cf9b3d4bb3a3d7a7e3","title":"Person","classifications":[{"schemaId":"360bf099805b40dc973a0571","tool":"radio","title":"Life jacket","columnField":false,"answer":"Yes","classifications":[]}],"metadata":{"createdAt":"2026-09-10T15:25:10.156Z","createdBy":"june.vale@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Clear","classifications":[]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('85a7484fe2fb2662f0903ac1','6a9e52e0a1c47be203000000',3,'{"stage":"Expert review","stageId":"f1f5142a7ebdad64f1a6261d5908fb47","duration":63873,"completedAt":"2026-09-14T09:39:10.059Z","completedBy":"nora.west@example.com","reviewStatus":"Accepted","tools":[{"bounding-box":{"x":870,"y":110,"width":190,"height":100},"objectId":"6a9e52e0a1c47be20300000000000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-10T15:25:10.156Z","createdBy":"june.vale@example.com","createdIn":"Label"}},{"bounding-box":{"x":1650,"y":900,"width":110,"height":20},"objectId":"6a9e52e0a1c47be20300000000000001","schemaId":"40bed7cf9b3d4bb3a3d7a7e3","title":"Person","classifications":[{"schemaId":"360bf099805b40dc973a0571","tool":"radio","title":"Life jacket","columnField":false,"answer":"Yes","classifications":[]}],"metadata":{"createdAt":"2026-09-10T15:25:10.156Z","createdBy":"june.vale@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Clear","classifications":[]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('b8bf7e54b94c58c3045be030','6a9e52e0a1c47be203000001',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-09-07T06:00:00.000Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('eaa30bb52df06d29777aa0a7','6a9e52e0a1c47be203000001',2,'{"stage":"Label","stageId":"Label","duration":258064,"completedAt":"2026-09-16T10:37:22.198Z","completedBy":"ivo.stone@example.com","tools":[{"bounding-box":{"x":1270,"y":550,"width":190,"height":20},"objectId":"6a9e52e0a1c47be20300000100000000","schemaId":"ce26a4f9a25b7b4bfbdfc2ac","title":"Small boat","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}},{"bounding-box":{"x":740,"y":400,"width":160,"height":30},"objectId":"6a9e52e0a1c47be20300000100000001","schemaId":"ce26a4f9a25b7b4bfbdfc2ac","title":"Small boat","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1120,"y":880,"width":180,"height":60,"rotation":0},"objectId":"6a9e52e0a1c47be20300000100000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Rain","classifications":[]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Calm","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('94234410a8768c9b2dc14b57','6a9e52e0a1c47be203000001',3,'{"stage":"Expert review","stageId":"f1f5142a7ebdad64f1a6261d5908fb47","duration":61185,"completedAt":"2026-09-16T13:12:26.858Z","completedBy":"nora.west@example.com","reviewStatus":"Accepted","tools":[{"bounding-box":{"x":1270,"y":550,"width":190,"height":20},"objectId":"6a9e52e0a1c47be20300000100000000","schemaId":"ce26a4f9a25b7b4bfbdfc2ac","title":"Small boat","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}},{"bounding-box":{"x":740,"y":400,"width":160,"height":30},"objectId":"6a9e52e0a1c47be20300000100000001","schemaId":"ce26a4f9a25b7b4bfbdfc2ac","title":"Small boat","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1120,"y":880,"width":180,"height":60,"rotation":0},"objectId":"6a9e52e0a1c47be20300000100000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Rain","classifications":[]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Calm","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('b54a2cbab2d7aa1371d49260','6a9e52e0a1c47be203000002',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-09-07T06:00:00.000Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('f66f1cba2ec00adde2709f85','6a9e52e0a1c47be203000002',2,'{"stage":"Label","stageId":"Label","duration":119360,"completedAt":"2026-09-08T14:21:49.821Z","completedBy":"ben.reed@example.com","tools":[{"bounding-box":{"x":310,"y":630,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000200000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":1510,"y":660,"width":80,"height":80},"objectId":"6a9e52e0a1c47be20300000200000001","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1590,"y":430,"width":160,"height":110,"rotation":50},"objectId":"6a9e52e0a1c47be20300000200000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"polygon":[[590,860],[630,860],[590,960]],"objectId":"6a9e52e0a1c47be20300000200000003","schemaId":"1051959186f355b5b0b21317","title":"Container stack","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"point":[1020,40],"objectId":"6a9e52e0a1c47be20300000200000004","schemaId":"a6d69a22a718584b06afcacb","title":"Buoy","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Dusk","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Ripples","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('8be6055577373a8dc9b18357','6a9e52e0a1c47be203000002',3,'{"stage":"Expert review","stageId":"f1f5142a7ebdad64f1a6261d5908fb47","duration":41166,"completedAt":"2026-09-10T11:58:27.085Z","completedBy":"nora.west@example.com","reviewStatus":"Rejected","tools":[{"bounding-box":{"x":310,"y":630,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000200000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":1510,"y":660,"width":80,"height":80},"objectId":"6a9e52e0a1c47be20300000200000001","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1590,"y":430,"width":160,"height":110,"rotation":50},"objectId":"6a9e52e0a1c47be20300000200000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"polygon":[[590,860],[630,860],[590,960]],"objectId":"6a9e52e0a1c47be20300000200000003","schemaId":"1051959186f355b5b0b21317","title":"Container stack","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"point":[1020,40],"objectId":"6a9e52e0a1c47be20300000200000004","schemaId":"a6d69a22a718584b06afcacb","title":"Buoy","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Dusk","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Ripples","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('fdad2399a3c6b959f64a45ef','6a9e52e0a1c47be203000002',4,'{"stage":"Label","stageId":"Label","duration":62508,"completedAt":"2026-09-11T10:18:39.531Z","completedBy":"ben.reed@example.com","tools":[{"bounding-box":{"x":310,"y":630,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000200000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":1510,"y":660,"width":80,"height":80},"objectId":"6a9e52e0a1c47be20300000200000001","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1590,"y":430,"width":160,"height":110,"rotation":50},"objectId":"6a9e52e0a1c47be20300000200000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"polygon":[[590,860],[630,860],[590,960]],"objectId":"6a9e52e0a1c47be20300000200000003","schemaId":"1051959186f355b5b0b21317","title":"Container stack","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"point":[1020,40],"objectId":"6a9e52e0a1c47be20300000200000004","schemaId":"a6d69a22a718584b06afcacb","title":"Buoy","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":540,"y":290,"width":20,"height":30},"objectId":"6a9e52e0a1c47be20300000200000005","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Leisure","classifications":[]}],"metadata":{"createdAt":"2026-09-11T10:17:37.023Z","createdBy":"ben.reed@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Dusk","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Ripples","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('c585d5666276ed8ce0675272','6a9e52e0a1c47be203000002',5,'{"stage":"Expert review","stageId":"f1f5142a7ebdad64f1a6261d5908fb47","duration":114400,"completedAt":"2026-09-14T11:40:06.225Z","completedBy":"nora.west@example.com","reviewStatus":"Accepted","tools":[{"bounding-box":{"x":310,"y":630,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000200000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":1510,"y":660,"width":80,"height":80},"objectId":"6a9e52e0a1c47be20300000200000001","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1590,"y":430,"width":160,"height":110,"rotation":50},"objectId":"6a9e52e0a1c47be20300000200000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"polygon":[[590,860],[630,860],[590,960]],"objectId":"6a9e52e0a1c47be20300000200000003","schemaId":"1051959186f355b5b0b21317","title":"Container stack","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"point":[1020,40],"objectId":"6a9e52e0a1c47be20300000200000004","schemaId":"a6d69a22a718584b06afcacb","title":"Buoy","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":540,"y":290,"width":20,"height":30},"objectId":"6a9e52e0a1c47be20300000200000005","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Leisure","classifications":[]}],"metadata":{"createdAt":"2026-09-11T10:17:37.023Z","createdBy":"ben.reed@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Dusk","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Ripples","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('b764ca2392825e9c00bf44d8','6a9e52e0a1c47be203000003',1,'{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2026-09-07T06:00:00.000Z","tools":[],"classifications":[],"relations":[]}');
INSERT INTO "hub_history" VALUES('4abff80ca1bace07940b5f26','6a9e52e0a1c47be203000003',2,'{"stage":"Label","stageId":"Label","duration":149130,"completedAt":"2026-09-12T11:57:26.297Z","completedBy":"dina.marsh@example.com","tools":[{"bounding-box":{"x":50,"y":390,"width":50,"height":30},"objectId":"6a9e52e0a1c47be20300000300000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"bounding-box":{"x":890,"y":400,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000300000001","schemaId":"40bed7cf9b3d4bb3a3d7a7e3","title":"Person","classifications":[{"schemaId":"360bf099805b40dc973a0571","tool":"radio","title":"Life jacket","columnField":false,"answer":"No","classifications":[]}],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"bounding-box":{"x":1600,"y":830,"width":30,"height":80},"objectId":"6a9e52e0a1c47be20300000300000002","schemaId":"6f13850d3346c949c10c7bae","title":"Truck","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"polyline":[[880,770],[800,880]],"objectId":"6a9e52e0a1c47be20300000300000003","schemaId":"e290e1be7f13a0c22b10eedb","title":"Mooring line","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]}],"relations":[]}');
INSERT INTO "hub_history" VALUES('7e9e68a206aa2e61699185a2','6a9e52e0a1c47be203000003',3,'{"stage":"Expert review","stageId":"f1f5142a7ebdad64f1a6261d5908fb47","duration":42792,"completedAt":"2026-09-17T09:03:48.943Z","completedBy":"otto.lane@example.com","reviewStatus":"Accepted","tools":[{"bounding-box":{"x":50,"y":390,"width":50,"height":30},"objectId":"6a9e52e0a1c47be20300000300000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"bounding-box":{"x":890,"y":400,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000300000001","schemaId":"40bed7cf9b3d4bb3a3d7a7e3","title":"Person","classifications":[{"schemaId":"360bf099805b40dc973a0571","tool":"radio","title":"Life jacket","columnField":false,"answer":"No","classifications":[]}],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"bounding-box":{"x":1600,"y":830,"width":30,"height":80},"objectId":"6a9e52e0a1c47be20300000300000002","schemaId":"6f13850d3346c949c10c7bae","title":"Truck","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"polyline":[[880,770],[800,880]],"objectId":"6a9e52e0a1c47be20300000300000003","schemaId":"e290e1be7f13a0c22b10eedb","title":"Mooring line","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]}],"relations":[]}');
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
INSERT INTO "hub_logs" VALUES(1,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494621028637884e+09,'INFO','Looking at 5 assets in 1 batch.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(2,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494634765744207e+09,'DEBUG','pixels-001.png: 8 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(3,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494639610886571e+09,'DEBUG','pixels-002.png: 4 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(4,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494642402553556e+09,'DEBUG','pixels-003.png: 5 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(5,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.795694946457351923e+09,'DEBUG','pixels-004.png: 6 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(6,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.7956949464844861031e+09,'DEBUG','pixels-005.png: 7 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(7,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494649388074875e+09,'WARNING','A bounding-box is no point, which the class Buoy is. Kept all the same (4 times).','{}');
INSERT INTO "hub_logs" VALUES(8,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494649818873401e+09,'INFO','5 of 5 assets seen.','{"done":5,"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(9,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','',1.79569494650123381612e+09,'WARNING','8 × kite left out: the class is not mapped.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(10,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.79569494660279607776e+09,'INFO','Looking at 5 assets in 1 batch.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(11,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.7956949466293928623e+09,'DEBUG','pixels-001.png: 8 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(12,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.7956949466516578198e+09,'DEBUG','pixels-002.png: 4 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(13,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.79569494667906093604e+09,'DEBUG','pixels-003.png: 5 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(14,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.79569494670048308369e+09,'DEBUG','pixels-004.png: 6 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(15,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.7956949467322216034e+09,'DEBUG','pixels-005.png: 7 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(16,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.79569494673781418795e+09,'WARNING','A bounding-box is no point, which the class Buoy is. Kept all the same (4 times).','{}');
INSERT INTO "hub_logs" VALUES(17,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.79569494674130535126e+09,'INFO','5 of 5 assets seen.','{"done":5,"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(18,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','',1.79569494674388146398e+09,'WARNING','8 × kite left out: the class is not mapped.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(19,'ae0363d7-e04f-48a2-8730-65003a203c34','d26a3ad21d25996c4065a371','',1.79569494701101756099e+09,'INFO','Looking at 5 assets in 1 batch.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(20,'ae0363d7-e04f-48a2-8730-65003a203c34','d26a3ad21d25996c4065a371','',1.79569494745834493639e+09,'DEBUG','pixels-001.png: 8 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(21,'ae0363d7-e04f-48a2-8730-65003a203c34','d26a3ad21d25996c4065a371','',1.79569494790301084521e+09,'DEBUG','pixels-002.png: 4 shapes.','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
INSERT INTO "hub_logs" VALUES(22,'ae0363d7-e04f-48a2-8730-65003a203c34','d26a3ad21d25996c4065a371','',1.79569494791059470172e+09,'ERROR','Plugin callback failed: {"status":"fail","message":"The API key is missing or wrong (header apikey), or it is that of a run that was cancelled or has ended."}','{"organization":"03ccdb81810e695bfba4cb0e","runBy":"local user"}');
CREATE TABLE hub_outbox (
	number INTEGER NOT NULL, 
	project VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	task VARCHAR NOT NULL, 
	address TEXT NOT NULL, 
	body TEXT NOT NULL, 
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
INSERT INTO "hub_projects" VALUES('f93df9d480fb19cdaf6d3415','Harbour traffic','sandbox',89985185161519,'2026-11-26T12:09:01.770Z','{"_id": "f93df9d480fb19cdaf6d3415", "name": "Harbour traffic", "description": "Quay cameras of a made-up harbour: ships, people and loads.", "type": "ango", "owner": "otto.lane@example.com", "organization": "03ccdb81810e695bfba4cb0e", "assetCount": 5012, "batches": [{"_id": "a3f53a6bd6615b20216f14ec", "name": "2026-09-07 pilot"}, {"_id": "c8ccbbc47637c1de96f72e27", "name": "2026-09-09 north quay"}, {"_id": "01b99451a707a2d0a0183b85", "name": "2026-09-16 south basin"}, {"_id": "8a4a1048d2c22bff0dd50b32", "name": "2026-09-23 night watch"}, {"_id": "a7337d22ab064de07030f827", "name": "2026-09-28 ferry terminal"}, {"_id": "87064ac10b326d1a7d84f5a6", "name": "2026-10-05 container yard"}, {"_id": "fdbc7fe8f4edfb26576c7d4f", "name": "2026-10-12 night watch"}, {"_id": "3faf853778d62431f5ea0df9", "name": "2026-10-19 re-work"}, {"_id": "a903f4faf84316b88fe2cc30", "name": "pixels"}], "stages": [{"id": "Start", "type": "Start", "name": "Start", "position": {"x": 0, "y": 0}, "next": ["Label"], "autoForward": true}, {"id": "Label", "type": "Label", "name": "Label", "position": {"x": 220, "y": 0}, "next": ["4f5dbfa79a48404ff708f9b408dbfded"], "assignedTo": []}, {"id": "4f5dbfa79a48404ff708f9b408dbfded", "type": "Logic", "name": "Routing", "position": {"x": 460, "y": 0}, "next": ["f1f5142a7ebdad64f1a6261d5908fb47", "c1b87c5520cdae102838f2e913815822", "7478a3351eef1e3458867fae29ae6f48", "Review", "Review", "f1f5142a7ebdad64f1a6261d5908fb47", "06aa500bb5a89c12017fe27687771471", "Complete"], "logic": {"conditions": [{"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}, {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}, {"type": "RandomSample", "value": 0.2, "index": 4}, {"type": "Duration", "value": [600000, null], "index": 5}, {"type": "RandomSample", "value": 0.1, "index": 6}]}}, {"id": "f1f5142a7ebdad64f1a6261d5908fb47", "type": "Review", "name": "Expert review", "position": {"x": 980, "y": -220}, "next": ["c271da995546dd344edf5c8764b46c18", "Label"], "assignedTo": ["nora.west@example.com", "otto.lane@example.com"], "readOnly": false}, {"id": "Review", "type": "Review", "name": "Review", "position": {"x": 980, "y": 0}, "next": ["Complete", "Label"], "assignedTo": [], "readOnly": true}, {"id": "06aa500bb5a89c12017fe27687771471", "type": "Label", "name": "Second look", "position": {"x": 720, "y": 80}, "next": ["Review"], "assignedTo": ["ada.oak@example.com", "cara.holm@example.com", "ivo.stone@example.com"]}, {"id": "7478a3351eef1e3458867fae29ae6f48", "type": "Consensus", "name": "Double check", "position": {"x": 720, "y": 220}, "next": ["Complete", "f1f5142a7ebdad64f1a6261d5908fb47"], "consensusId": null, "consensusConfig": {"threshold": {}, "adjudicationMethod": "best"}}, {"id": "b51a4ebbe1147a18947e4f2a47c874db", "type": "Label", "name": "Consensus_1", "position": {"x": 720, "y": 300}, "next": ["7478a3351eef1e3458867fae29ae6f48"], "assignedTo": ["dina.marsh@example.com", "ivo.stone@example.com"], "consensusId": "7478a3351eef1e3458867fae29ae6f48", "consensusConfig": {}}, {"id": "97844278bebe7552ed5ee977f353b060", "type": "Label", "name": "Consensus_2", "position": {"x": 720, "y": 380}, "next": ["7478a3351eef1e3458867fae29ae6f48"], "assignedTo": ["ada.oak@example.com", "faye.lund@example.com"], "consensusId": "7478a3351eef1e3458867fae29ae6f48", "consensusConfig": {}}, {"id": "c1b87c5520cdae102838f2e913815822", "type": "Hold", "name": "Incident desk", "position": {"x": 720, "y": 500}, "next": ["74a76ab39bdf2a6aa07108bfc1b7dd04"]}, {"id": "c271da995546dd344edf5c8764b46c18", "type": "Webhook", "name": "Harbour office", "position": {"x": 1220, "y": -220}, "next": ["Complete"]}, {"id": "Complete", "type": "Complete", "name": "Complete", "position": {"x": 1460, "y": 0}, "preventRequeue": false}, {"id": "74a76ab39bdf2a6aa07108bfc1b7dd04", "type": "Archive", "name": "Archive", "position": {"x": 980, "y": 500}}], "categorySchema": {"tools": [{"tool": "bounding-box", "title": "Vessel", "schemaId": "dd85641c28bfd5bae3047879", "required": false, "columnField": false, "color": "#9D4524", "shortcutKey": "", "classifications": [{"tool": "radio", "title": "Vessel type", "schemaId": "4e9e6adcf45f409683778b2b", "required": false, "columnField": false, "color": "#8EDEAA", "shortcutKey": "", "classifications": [], "options": [{"value": "Cargo", "schemaId": "8c4b3b755d58bba7c2151aff"}, {"value": "Tanker", "schemaId": "e4ea788c94aef21408c43a72"}, {"value": "Fishing", "schemaId": "e4c3445fcbb31dbdf60f84a7"}, {"value": "Leisure", "schemaId": "f050306b1da2db8d0085223e"}, {"value": "Service", "schemaId": "011ac20ea79d0459c39c2fc0"}]}], "options": []}, {"tool": "bounding-box", "title": "Person", "schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "required": false, "columnField": false, "color": "#80FF17", "shortcutKey": "", "classifications": [{"tool": "radio", "title": "Life jacket", "schemaId": "360bf099805b40dc973a0571", "required": false, "columnField": false, "color": "#764C30", "shortcutKey": "", "classifications": [], "options": [{"value": "Yes", "schemaId": "9dc11b94df2d5497929cbadb"}, {"value": "No", "schemaId": "4efcba783fbdecd25d97104a"}, {"value": "Not visible", "schemaId": "3df50a8cb929ca958ebc62dd"}]}], "options": []}, {"tool": "bounding-box", "title": "Small boat", "schemaId": "ce26a4f9a25b7b4bfbdfc2ac", "required": false, "columnField": false, "color": "#8DE664", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "bounding-box", "title": "Truck", "schemaId": "6f13850d3346c949c10c7bae", "required": false, "columnField": false, "color": "#AF53C5", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Ferry", "schemaId": "52aa40118ce83370129386fc", "required": false, "columnField": false, "color": "#92EA80", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Crane", "schemaId": "91c18a5dec9cf1fbb20ffffd", "required": false, "columnField": false, "color": "#51814A", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Tug", "schemaId": "3be2b32bd65baca619336451", "required": false, "columnField": false, "color": "#7C22F3", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Hull number", "schemaId": "e873cda07358a1b05f853e63", "required": false, "columnField": false, "color": "#A8338D", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polygon", "title": "Container stack", "schemaId": "1051959186f355b5b0b21317", "required": false, "columnField": false, "color": "#5091D5", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polygon", "title": "Wake", "schemaId": "688761c83ec62d30ec1fe269", "required": false, "columnField": false, "color": "#A8C7A1", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polyline", "title": "Quay edge", "schemaId": "2a4420b49897bd034e511fdd", "required": false, "columnField": false, "color": "#6A8460", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polyline", "title": "Mooring line", "schemaId": "e290e1be7f13a0c22b10eedb", "required": false, "columnField": false, "color": "#A250A1", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "point", "title": "Buoy", "schemaId": "a6d69a22a718584b06afcacb", "required": false, "columnField": false, "color": "#66965A", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "segmentation", "title": "Oil sheen", "schemaId": "0cfb556debc8f6ceb89d8245", "required": false, "columnField": false, "color": "#4D3B95", "shortcutKey": "", "classifications": [], "options": []}], "classifications": [{"tool": "radio", "title": "Visibility", "schemaId": "1729a56cfc89021478498fe0", "required": false, "columnField": false, "color": "#5769E5", "shortcutKey": "", "classifications": [{"tool": "radio", "title": "Fog density", "schemaId": "341866f01b6976386b427eb0", "required": false, "columnField": false, "color": "#7458A6", "shortcutKey": "", "classifications": [], "options": [{"value": "Light", "schemaId": "77223d236277f8e7ee06e180"}, {"value": "Dense", "schemaId": "cbb4b88f9527b8c115573355"}], "parentOptionId": "e577c0f70e460c464ae14f29"}], "options": [{"value": "Clear", "schemaId": "c125194193e0b29b656895f6"}, {"value": "Haze", "schemaId": "1dabdf0df29ccd6979a1f506"}, {"value": "Fog", "schemaId": "e577c0f70e460c464ae14f29"}, {"value": "Rain", "schemaId": "8705ae4363bbbdfff2b69a6e"}]}, {"tool": "single-dropdown", "title": "Time of day", "schemaId": "c84fd509544828f809e06e43", "required": false, "columnField": false, "color": "#880F95", "shortcutKey": "", "classifications": [], "options": [{"value": "Day", "schemaId": "a98e272e6eafcd3f7419257d"}, {"value": "Dusk", "schemaId": "87a6fc5e877fc52e4946e20d"}, {"value": "Night", "schemaId": "95a901e984306f0dfd3989a4"}]}, {"tool": "radio", "title": "Sea state", "schemaId": "5cffc5fd0b91b4ba06ee74ee", "required": false, "columnField": false, "color": "#9D4005", "shortcutKey": "", "classifications": [], "options": [{"value": "Calm", "schemaId": "4991d40337eb8075f5d6df6c"}, {"value": "Ripples", "schemaId": "7493156e8e6ba1f71c97db31"}, {"value": "Waves", "schemaId": "01f1cb8390fffb99e0bd400f"}]}, {"tool": "checkbox", "title": "Image faults", "schemaId": "b265d0654067c56b9121425a", "required": false, "columnField": false, "color": "#722590", "shortcutKey": "", "classifications": [], "options": [{"value": "Blurry", "schemaId": "e8c515449ca5f71c88d2b33b"}, {"value": "Dark", "schemaId": "fa341970784cad3d0a8cd4e0"}, {"value": "Drops on lens", "schemaId": "8379d2248d5a824936a8d5cd"}, {"value": "Cropped", "schemaId": "36f244624bb8aeaad04dd1cc"}]}, {"tool": "text", "title": "Notes", "schemaId": "f4c6f851b00d5518bf888815", "required": false, "columnField": false, "color": "#B486B8", "shortcutKey": "", "classifications": [], "options": []}], "relations": [{"tool": "one-to-one", "title": "Tows", "schemaId": "754c5647cc065f5588b709d7", "required": false, "columnField": false, "color": "#B58C96", "shortcutKey": "", "classifications": [], "options": []}]}, "assignedTo": [{"assignee": "ada.oak@example.com", "role": "Labeler"}, {"assignee": "ben.reed@example.com", "role": "Labeler"}, {"assignee": "cara.holm@example.com", "role": "Labeler"}, {"assignee": "dina.marsh@example.com", "role": "Labeler"}, {"assignee": "emil.frost@example.com", "role": "Labeler"}, {"assignee": "faye.lund@example.com", "role": "Labeler"}, {"assignee": "gus.hale@example.com", "role": "Labeler"}, {"assignee": "hana.brook@example.com", "role": "Labeler"}, {"assignee": "ivo.stone@example.com", "role": "Labeler"}, {"assignee": "june.vale@example.com", "role": "Labeler"}, {"assignee": "kai.north@example.com", "role": "Reviewer"}, {"assignee": "lena.ford@example.com", "role": "Reviewer"}, {"assignee": "milo.pike@example.com", "role": "Reviewer"}, {"assignee": "nora.west@example.com", "role": "Reviewer"}, {"assignee": "otto.lane@example.com", "role": "Lead"}]}');
INSERT INTO "hub_projects" VALUES('7e89fa3cf75c380eb7e7716e','Small demo','sandbox',266064113662391,'2026-11-26T12:09:11.642Z','{"_id": "7e89fa3cf75c380eb7e7716e", "name": "Small demo", "description": "Quay cameras of a made-up harbour: ships, people and loads.", "type": "ango", "owner": "otto.lane@example.com", "organization": "03ccdb81810e695bfba4cb0e", "assetCount": 5012, "batches": [{"_id": "a3f53a6bd6615b20216f14ec", "name": "2026-09-07 pilot"}, {"_id": "c8ccbbc47637c1de96f72e27", "name": "2026-09-09 north quay"}, {"_id": "01b99451a707a2d0a0183b85", "name": "2026-09-16 south basin"}, {"_id": "8a4a1048d2c22bff0dd50b32", "name": "2026-09-23 night watch"}, {"_id": "a7337d22ab064de07030f827", "name": "2026-09-28 ferry terminal"}, {"_id": "87064ac10b326d1a7d84f5a6", "name": "2026-10-05 container yard"}, {"_id": "fdbc7fe8f4edfb26576c7d4f", "name": "2026-10-12 night watch"}, {"_id": "3faf853778d62431f5ea0df9", "name": "2026-10-19 re-work"}], "stages": [{"id": "Start", "type": "Start", "name": "Start", "position": {"x": 0, "y": 0}, "next": ["Label"], "autoForward": true}, {"id": "Label", "type": "Label", "name": "Label", "position": {"x": 220, "y": 0}, "next": ["4f5dbfa79a48404ff708f9b408dbfded"], "assignedTo": []}, {"id": "4f5dbfa79a48404ff708f9b408dbfded", "type": "Logic", "name": "Routing", "position": {"x": 460, "y": 0}, "next": ["f1f5142a7ebdad64f1a6261d5908fb47", "c1b87c5520cdae102838f2e913815822", "7478a3351eef1e3458867fae29ae6f48", "Review", "Review", "f1f5142a7ebdad64f1a6261d5908fb47", "06aa500bb5a89c12017fe27687771471", "Complete"], "logic": {"conditions": [{"type": "Batch", "value": ["a3f53a6bd6615b20216f14ec", "8a4a1048d2c22bff0dd50b32", "fdbc7fe8f4edfb26576c7d4f"], "index": 0}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "0cfb556debc8f6ceb89d8245", "filter": ["exists"]}]}, "index": 1}, {"type": "AnnotationType", "value": {"tools": [{"schemaId": "52aa40118ce83370129386fc", "filter": ["exists"]}, {"schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "filter": ["notExists"]}]}, "index": 2}, {"type": "Annotator", "value": ["gus.hale@example.com", "hana.brook@example.com"], "index": 3}, {"type": "RandomSample", "value": 0.2, "index": 4}, {"type": "Duration", "value": [600000, null], "index": 5}, {"type": "RandomSample", "value": 0.1, "index": 6}]}}, {"id": "f1f5142a7ebdad64f1a6261d5908fb47", "type": "Review", "name": "Expert review", "position": {"x": 980, "y": -220}, "next": ["c271da995546dd344edf5c8764b46c18", "Label"], "assignedTo": ["nora.west@example.com", "otto.lane@example.com"], "readOnly": false}, {"id": "Review", "type": "Review", "name": "Review", "position": {"x": 980, "y": 0}, "next": ["Complete", "Label"], "assignedTo": [], "readOnly": true}, {"id": "06aa500bb5a89c12017fe27687771471", "type": "Label", "name": "Second look", "position": {"x": 720, "y": 80}, "next": ["Review"], "assignedTo": ["ada.oak@example.com", "cara.holm@example.com", "ivo.stone@example.com"]}, {"id": "7478a3351eef1e3458867fae29ae6f48", "type": "Consensus", "name": "Double check", "position": {"x": 720, "y": 220}, "next": ["Complete", "f1f5142a7ebdad64f1a6261d5908fb47"], "consensusId": null, "consensusConfig": {"threshold": {}, "adjudicationMethod": "best"}}, {"id": "b51a4ebbe1147a18947e4f2a47c874db", "type": "Label", "name": "Consensus_1", "position": {"x": 720, "y": 300}, "next": ["7478a3351eef1e3458867fae29ae6f48"], "assignedTo": ["dina.marsh@example.com", "ivo.stone@example.com"], "consensusId": "7478a3351eef1e3458867fae29ae6f48", "consensusConfig": {}}, {"id": "97844278bebe7552ed5ee977f353b060", "type": "Label", "name": "Consensus_2", "position": {"x": 720, "y": 380}, "next": ["7478a3351eef1e3458867fae29ae6f48"], "assignedTo": ["ada.oak@example.com", "faye.lund@example.com"], "consensusId": "7478a3351eef1e3458867fae29ae6f48", "consensusConfig": {}}, {"id": "c1b87c5520cdae102838f2e913815822", "type": "Hold", "name": "Incident desk", "position": {"x": 720, "y": 500}, "next": ["74a76ab39bdf2a6aa07108bfc1b7dd04"]}, {"id": "c271da995546dd344edf5c8764b46c18", "type": "Webhook", "name": "Harbour office", "position": {"x": 1220, "y": -220}, "next": ["Complete"]}, {"id": "Complete", "type": "Complete", "name": "Complete", "position": {"x": 1460, "y": 0}, "preventRequeue": false}, {"id": "74a76ab39bdf2a6aa07108bfc1b7dd04", "type": "Archive", "name": "Archive", "position": {"x": 980, "y": 500}}], "categorySchema": {"tools": [{"tool": "bounding-box", "title": "Vessel", "schemaId": "dd85641c28bfd5bae3047879", "required": false, "columnField": false, "color": "#9D4524", "shortcutKey": "", "classifications": [{"tool": "radio", "title": "Vessel type", "schemaId": "4e9e6adcf45f409683778b2b", "required": false, "columnField": false, "color": "#8EDEAA", "shortcutKey": "", "classifications": [], "options": [{"value": "Cargo", "schemaId": "8c4b3b755d58bba7c2151aff"}, {"value": "Tanker", "schemaId": "e4ea788c94aef21408c43a72"}, {"value": "Fishing", "schemaId": "e4c3445fcbb31dbdf60f84a7"}, {"value": "Leisure", "schemaId": "f050306b1da2db8d0085223e"}, {"value": "Service", "schemaId": "011ac20ea79d0459c39c2fc0"}]}], "options": []}, {"tool": "bounding-box", "title": "Person", "schemaId": "40bed7cf9b3d4bb3a3d7a7e3", "required": false, "columnField": false, "color": "#80FF17", "shortcutKey": "", "classifications": [{"tool": "radio", "title": "Life jacket", "schemaId": "360bf099805b40dc973a0571", "required": false, "columnField": false, "color": "#764C30", "shortcutKey": "", "classifications": [], "options": [{"value": "Yes", "schemaId": "9dc11b94df2d5497929cbadb"}, {"value": "No", "schemaId": "4efcba783fbdecd25d97104a"}, {"value": "Not visible", "schemaId": "3df50a8cb929ca958ebc62dd"}]}], "options": []}, {"tool": "bounding-box", "title": "Small boat", "schemaId": "ce26a4f9a25b7b4bfbdfc2ac", "required": false, "columnField": false, "color": "#8DE664", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "bounding-box", "title": "Truck", "schemaId": "6f13850d3346c949c10c7bae", "required": false, "columnField": false, "color": "#AF53C5", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Ferry", "schemaId": "52aa40118ce83370129386fc", "required": false, "columnField": false, "color": "#92EA80", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Crane", "schemaId": "91c18a5dec9cf1fbb20ffffd", "required": false, "columnField": false, "color": "#51814A", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Tug", "schemaId": "3be2b32bd65baca619336451", "required": false, "columnField": false, "color": "#7C22F3", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "rotated-bounding-box", "title": "Hull number", "schemaId": "e873cda07358a1b05f853e63", "required": false, "columnField": false, "color": "#A8338D", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polygon", "title": "Container stack", "schemaId": "1051959186f355b5b0b21317", "required": false, "columnField": false, "color": "#5091D5", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polygon", "title": "Wake", "schemaId": "688761c83ec62d30ec1fe269", "required": false, "columnField": false, "color": "#A8C7A1", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polyline", "title": "Quay edge", "schemaId": "2a4420b49897bd034e511fdd", "required": false, "columnField": false, "color": "#6A8460", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "polyline", "title": "Mooring line", "schemaId": "e290e1be7f13a0c22b10eedb", "required": false, "columnField": false, "color": "#A250A1", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "point", "title": "Buoy", "schemaId": "a6d69a22a718584b06afcacb", "required": false, "columnField": false, "color": "#66965A", "shortcutKey": "", "classifications": [], "options": []}, {"tool": "segmentation", "title": "Oil sheen", "schemaId": "0cfb556debc8f6ceb89d8245", "required": false, "columnField": false, "color": "#4D3B95", "shortcutKey": "", "classifications": [], "options": []}], "classifications": [{"tool": "radio", "title": "Visibility", "schemaId": "1729a56cfc89021478498fe0", "required": false, "columnField": false, "color": "#5769E5", "shortcutKey": "", "classifications": [{"tool": "radio", "title": "Fog density", "schemaId": "341866f01b6976386b427eb0", "required": false, "columnField": false, "color": "#7458A6", "shortcutKey": "", "classifications": [], "options": [{"value": "Light", "schemaId": "77223d236277f8e7ee06e180"}, {"value": "Dense", "schemaId": "cbb4b88f9527b8c115573355"}], "parentOptionId": "e577c0f70e460c464ae14f29"}], "options": [{"value": "Clear", "schemaId": "c125194193e0b29b656895f6"}, {"value": "Haze", "schemaId": "1dabdf0df29ccd6979a1f506"}, {"value": "Fog", "schemaId": "e577c0f70e460c464ae14f29"}, {"value": "Rain", "schemaId": "8705ae4363bbbdfff2b69a6e"}]}, {"tool": "single-dropdown", "title": "Time of day", "schemaId": "c84fd509544828f809e06e43", "required": false, "columnField": false, "color": "#880F95", "shortcutKey": "", "classifications": [], "options": [{"value": "Day", "schemaId": "a98e272e6eafcd3f7419257d"}, {"value": "Dusk", "schemaId": "87a6fc5e877fc52e4946e20d"}, {"value": "Night", "schemaId": "95a901e984306f0dfd3989a4"}]}, {"tool": "radio", "title": "Sea state", "schemaId": "5cffc5fd0b91b4ba06ee74ee", "required": false, "columnField": false, "color": "#9D4005", "shortcutKey": "", "classifications": [], "options": [{"value": "Calm", "schemaId": "4991d40337eb8075f5d6df6c"}, {"value": "Ripples", "schemaId": "7493156e8e6ba1f71c97db31"}, {"value": "Waves", "schemaId": "01f1cb8390fffb99e0bd400f"}]}, {"tool": "checkbox", "title": "Image faults", "schemaId": "b265d0654067c56b9121425a", "required": false, "columnField": false, "color": "#722590", "shortcutKey": "", "classifications": [], "options": [{"value": "Blurry", "schemaId": "e8c515449ca5f71c88d2b33b"}, {"value": "Dark", "schemaId": "fa341970784cad3d0a8cd4e0"}, {"value": "Drops on lens", "schemaId": "8379d2248d5a824936a8d5cd"}, {"value": "Cropped", "schemaId": "36f244624bb8aeaad04dd1cc"}]}, {"tool": "text", "title": "Notes", "schemaId": "f4c6f851b00d5518bf888815", "required": false, "columnField": false, "color": "#B486B8", "shortcutKey": "", "classifications": [], "options": []}], "relations": [{"tool": "one-to-one", "title": "Tows", "schemaId": "754c5647cc065f5588b709d7", "required": false, "columnField": false, "color": "#B58C96", "shortcutKey": "", "classifications": [], "options": []}]}, "assignedTo": [{"assignee": "ada.oak@example.com", "role": "Labeler"}, {"assignee": "ben.reed@example.com", "role": "Labeler"}, {"assignee": "cara.holm@example.com", "role": "Labeler"}, {"assignee": "dina.marsh@example.com", "role": "Labeler"}, {"assignee": "emil.frost@example.com", "role": "Labeler"}, {"assignee": "faye.lund@example.com", "role": "Labeler"}, {"assignee": "gus.hale@example.com", "role": "Labeler"}, {"assignee": "hana.brook@example.com", "role": "Labeler"}, {"assignee": "ivo.stone@example.com", "role": "Labeler"}, {"assignee": "june.vale@example.com", "role": "Labeler"}, {"assignee": "kai.north@example.com", "role": "Reviewer"}, {"assignee": "lena.ford@example.com", "role": "Reviewer"}, {"assignee": "milo.pike@example.com", "role": "Reviewer"}, {"assignee": "nora.west@example.com", "role": "Reviewer"}, {"assignee": "otto.lane@example.com", "role": "Lead"}]}');
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
INSERT INTO "hub_settings" VALUES('signing','today-signing');
INSERT INTO "hub_settings" VALUES('key','today-key');
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
INSERT INTO "hub_tasks" VALUES('fc5dcb7d4380f2b13d1bba51','f93df9d480fb19cdaf6d3415',1,'3bf54a49e24ce23d221069fc','Label','TODO','default',NULL,0,NULL,NULL,NULL,0,'2026-11-26T12:09:04.265Z','2026-11-26T12:09:06.491Z',NULL,NULL,NULL,'{}','{"tools":[{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":345,"y":145,"width":24,"height":32},"title":"Small boat","objectId":"b13e6e2f4ed2dba165fdf5d0","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":185,"y":150,"width":31,"height":27},"title":"Small boat","objectId":"ed7d7a73b3fa4b2a88e98639","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":385,"y":178,"width":35,"height":37},"title":"Small boat","objectId":"67dbc55d6cf733cd7616d3c7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":356,"y":281,"width":8,"height":20},"title":"Person","objectId":"4fd78862cbef6591aa705ffe","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":103,"y":294,"width":9,"height":15},"title":"Person","objectId":"e076844a52c1287102dcc01f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":225,"y":258,"width":73,"height":30},"title":"Truck","objectId":"b2fe83f81cfb1d68a0ba7958","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":304,"y":140,"width":15,"height":15},"title":"Buoy","objectId":"65718f90da0cd6fc86ad2d12","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":48,"y":168,"width":13,"height":13},"title":"Buoy","objectId":"9e57ac48f260e71e78745477","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('8ca26d9b7af3a9050613fe5a','f93df9d480fb19cdaf6d3415',2,'13874970c51920aa50add2a0','Label','TODO','default',NULL,0,NULL,NULL,NULL,0,'2026-11-26T12:09:04.265Z','2026-11-26T12:09:06.491Z',NULL,NULL,NULL,'{}','{"tools":[{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":312,"y":135,"width":93,"height":25},"title":"Vessel","objectId":"a2410231fb6520933cc85fa7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":327,"y":198,"width":130,"height":37},"title":"Vessel","objectId":"885c05e47cf4813d302129e2","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":38,"y":172,"width":31,"height":38},"title":"Small boat","objectId":"8ea99a2256abd09fc8b4db0f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":332,"y":266,"width":53,"height":26},"title":"Truck","objectId":"59393528ae0cbe9b9772b83a","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('3bed8d273e451faea631f3eb','f93df9d480fb19cdaf6d3415',3,'b882a51676085c79e2a531af','Label','TODO','default',NULL,0,NULL,NULL,NULL,0,'2026-11-26T12:09:04.265Z','2026-11-26T12:09:06.491Z',NULL,NULL,NULL,'{}','{"tools":[{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":340,"y":212,"width":127,"height":28},"title":"Vessel","objectId":"ad849dff96f0eec38b758e91","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":371,"y":160,"width":30,"height":29},"title":"Small boat","objectId":"cabc749641ef50b81c23d95e","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":257,"y":271,"width":8,"height":23},"title":"Person","objectId":"ab1e52139ee664cf655fea81","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":164,"y":281,"width":58,"height":24},"title":"Truck","objectId":"9ee15049a334f4817ba7b462","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":365,"y":289,"width":75,"height":23},"title":"Truck","objectId":"41e2c4e13dea08034651efab","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('c26f1431cafb289123cd4197','f93df9d480fb19cdaf6d3415',4,'949b70bd812d14e1d765dc06','Label','TODO','default',NULL,0,NULL,NULL,NULL,0,'2026-11-26T12:09:04.265Z','2026-11-26T12:09:06.491Z',NULL,NULL,NULL,'{}','{"tools":[{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":349,"y":265,"width":8,"height":20},"title":"Person","objectId":"38aeffd30b2903d152fdef39","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":235,"y":283,"width":12,"height":22},"title":"Person","objectId":"65ac2bf1f30288dfba3821fa","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":455,"y":295,"width":9,"height":21},"title":"Person","objectId":"7c28a1ca4c44e40115095670","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":113,"y":279,"width":66,"height":25},"title":"Truck","objectId":"c79556f6370a7a877f305fdc","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":23,"y":289,"width":68,"height":23},"title":"Truck","objectId":"c982b4a3e0128a307cc48aed","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":114,"y":141,"width":11,"height":11},"title":"Buoy","objectId":"cc6446d5559d53a14c68d79a","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('89f38e515485e703be68b048','f93df9d480fb19cdaf6d3415',5,'df5982d7f61bdd9c0adb562a','Label','TODO','default',NULL,0,NULL,NULL,NULL,0,'2026-11-26T12:09:04.265Z','2026-11-26T12:09:06.491Z',NULL,NULL,NULL,'{}','{"tools":[{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":239,"y":201,"width":28,"height":38},"title":"Small boat","objectId":"0711070391a08db48bcc855f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":408,"y":259,"width":13,"height":19},"title":"Person","objectId":"541e94053f2479349541089d","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":259,"y":270,"width":11,"height":19},"title":"Person","objectId":"307db951ea172703af11b01f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":165,"y":281,"width":11,"height":20},"title":"Person","objectId":"1b91fd475de49812b9cb8a16","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":125,"y":286,"width":9,"height":23},"title":"Person","objectId":"e017773716570aa06b05a993","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":397,"y":290,"width":12,"height":25},"title":"Person","objectId":"4d35ed8b5598575763381bd7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":238,"y":183,"width":11,"height":11},"title":"Buoy","objectId":"0e0769cfb0ead982d8a11cfd","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('6a9e52e0a1c47be203000000','7e89fa3cf75c380eb7e7716e',1,'3a559a52ca25cfbe0d2d8657','Complete','Completed','default',NULL,0,NULL,186468.0,NULL,0,'2026-11-26T12:09:11.642Z',NULL,NULL,NULL,NULL,'{}','{"tools":[{"bounding-box":{"x":870,"y":110,"width":190,"height":100},"objectId":"6a9e52e0a1c47be20300000000000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-10T15:25:10.156Z","createdBy":"june.vale@example.com","createdIn":"Label"}},{"bounding-box":{"x":1650,"y":900,"width":110,"height":20},"objectId":"6a9e52e0a1c47be20300000000000001","schemaId":"40bed7cf9b3d4bb3a3d7a7e3","title":"Person","classifications":[{"schemaId":"360bf099805b40dc973a0571","tool":"radio","title":"Life jacket","columnField":false,"answer":"Yes","classifications":[]}],"metadata":{"createdAt":"2026-09-10T15:25:10.156Z","createdBy":"june.vale@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Clear","classifications":[]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]}],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('6a9e52e0a1c47be203000001','7e89fa3cf75c380eb7e7716e',2,'71dae2355f2348884175c192','Complete','Completed','default',NULL,0,NULL,319249.0,NULL,0,'2026-11-26T12:09:11.642Z',NULL,NULL,NULL,NULL,'{}','{"tools":[{"bounding-box":{"x":1270,"y":550,"width":190,"height":20},"objectId":"6a9e52e0a1c47be20300000100000000","schemaId":"ce26a4f9a25b7b4bfbdfc2ac","title":"Small boat","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}},{"bounding-box":{"x":740,"y":400,"width":160,"height":30},"objectId":"6a9e52e0a1c47be20300000100000001","schemaId":"ce26a4f9a25b7b4bfbdfc2ac","title":"Small boat","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1120,"y":880,"width":180,"height":60,"rotation":0},"objectId":"6a9e52e0a1c47be20300000100000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-16T10:33:04.134Z","createdBy":"ivo.stone@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Rain","classifications":[]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Calm","classifications":[]}],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('6a9e52e0a1c47be203000002','7e89fa3cf75c380eb7e7716e',3,'86119dafa8c7d80a54bee229','Complete','Completed','default',NULL,0,NULL,337434.0,NULL,0,'2026-11-26T12:09:11.642Z',NULL,NULL,NULL,NULL,'{}','{"tools":[{"bounding-box":{"x":310,"y":630,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000200000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":1510,"y":660,"width":80,"height":80},"objectId":"6a9e52e0a1c47be20300000200000001","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Cargo","classifications":[]}],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"rotated-bounding-box":{"x":1590,"y":430,"width":160,"height":110,"rotation":50},"objectId":"6a9e52e0a1c47be20300000200000002","schemaId":"52aa40118ce83370129386fc","title":"Ferry","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"polygon":[[590,860],[630,860],[590,960]],"objectId":"6a9e52e0a1c47be20300000200000003","schemaId":"1051959186f355b5b0b21317","title":"Container stack","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"point":[1020,40],"objectId":"6a9e52e0a1c47be20300000200000004","schemaId":"a6d69a22a718584b06afcacb","title":"Buoy","classifications":[],"metadata":{"createdAt":"2026-09-08T14:19:50.461Z","createdBy":"ben.reed@example.com","createdIn":"Label"}},{"bounding-box":{"x":540,"y":290,"width":20,"height":30},"objectId":"6a9e52e0a1c47be20300000200000005","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[{"schemaId":"4e9e6adcf45f409683778b2b","tool":"radio","title":"Vessel type","columnField":false,"answer":"Leisure","classifications":[]}],"metadata":{"createdAt":"2026-09-11T10:17:37.023Z","createdBy":"ben.reed@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Dusk","classifications":[]},{"schemaId":"5cffc5fd0b91b4ba06ee74ee","tool":"radio","title":"Sea state","columnField":false,"answer":"Ripples","classifications":[]}],"relations":[]}','{}',NULL);
INSERT INTO "hub_tasks" VALUES('6a9e52e0a1c47be203000003','7e89fa3cf75c380eb7e7716e',4,'32366af11621b4224e5ccfd1','Complete','Completed','default',NULL,0,NULL,191922.0,NULL,0,'2026-11-26T12:09:11.642Z',NULL,NULL,NULL,NULL,'{}','{"tools":[{"bounding-box":{"x":50,"y":390,"width":50,"height":30},"objectId":"6a9e52e0a1c47be20300000300000000","schemaId":"dd85641c28bfd5bae3047879","title":"Vessel","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"bounding-box":{"x":890,"y":400,"width":160,"height":110},"objectId":"6a9e52e0a1c47be20300000300000001","schemaId":"40bed7cf9b3d4bb3a3d7a7e3","title":"Person","classifications":[{"schemaId":"360bf099805b40dc973a0571","tool":"radio","title":"Life jacket","columnField":false,"answer":"No","classifications":[]}],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"bounding-box":{"x":1600,"y":830,"width":30,"height":80},"objectId":"6a9e52e0a1c47be20300000300000002","schemaId":"6f13850d3346c949c10c7bae","title":"Truck","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}},{"polyline":[[880,770],[800,880]],"objectId":"6a9e52e0a1c47be20300000300000003","schemaId":"e290e1be7f13a0c22b10eedb","title":"Mooring line","classifications":[],"metadata":{"createdAt":"2026-09-12T11:54:57.167Z","createdBy":"dina.marsh@example.com","createdIn":"Label"}}],"classifications":[{"schemaId":"1729a56cfc89021478498fe0","tool":"radio","title":"Visibility","columnField":false,"answer":"Fog","classifications":[{"schemaId":"341866f01b6976386b427eb0","tool":"radio","title":"Fog density","columnField":false,"answer":"Dense","classifications":[]}]},{"schemaId":"c84fd509544828f809e06e43","tool":"single-dropdown","title":"Time of day","columnField":false,"answer":"Day","classifications":[]}],"relations":[]}','{}',NULL);
CREATE TABLE mapping_presets (
	project VARCHAR NOT NULL, 
	plugin VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	mapping TEXT NOT NULL, 
	saved_at FLOAT NOT NULL, 
	PRIMARY KEY (project, plugin, name)
);
INSERT INTO "mapping_presets" VALUES('f93df9d480fb19cdaf6d3415','d26a3ad21d25996c4065a371','Boats','null',1.79569494806885647771e+09);
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
CREATE TABLE plugin_presence (
	plugin VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	since FLOAT NOT NULL, 
	processes INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	seen_at FLOAT NOT NULL, 
	PRIMARY KEY (plugin)
);
INSERT INTO "plugin_presence" VALUES('d26a3ad21d25996c4065a371','absent',1.79569494800781917576e+09,0,'',1.79569494801031112672e+09);
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
INSERT INTO "plugins" VALUES('d26a3ad21d25996c4065a371','Shape finder','Looks at the pixels of the demo''s images and finds shapes by colour. It knows the images of the batch “pixels”.','["vessel", "small_boat", "person", "lorry", "buoy", "kite"]','{
  "classes": ["vessel", "small_boat", "person", "lorry", "buoy", "kite"],
  "min_area": 40,
  "tolerance": 45,
  "images_per_import": 12,
  "seconds_per_image": 0.0
}
','{
  "type": "object",
  "properties": {
    "classes": {
      "type": "array",
      "items": {
        "type": "string",
        "enum": [
          "vessel",
          "small_boat",
          "person",
          "lorry",
          "buoy",
          "kite"
        ]
      },
      "title": "Classes",
      "description": "What it looks for."
    },
    "min_area": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100000,
      "title": "Least area, pixels",
      "description": "Smaller shapes are left out."
    },
    "tolerance": {
      "type": "number",
      "minimum": 1,
      "maximum": 120,
      "title": "Colour tolerance",
      "description": "How far a pixel may be from a class''s colour, as a distance in RGB."
    },
    "images_per_import": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000,
      "title": "Images per import",
      "description": "Labels of so many images are imported in one call."
    },
    "seconds_per_image": {
      "type": "number",
      "minimum": 0,
      "maximum": 60,
      "title": "Seconds per image",
      "description": "Waits so long at each image, as a slow model would."
    }
  },
  "x-tools": {
    "vessel": "bounding-box",
    "small_boat": "bounding-box",
    "person": "bounding-box",
    "lorry": "bounding-box",
    "buoy": "bounding-box",
    "kite": "bounding-box"
  }
}','ws',NULL,NULL,'be381adf3d2a3ea10b3318ae737699f8','a41577455e7545a7387b6725a599a5af4ca23aeabb14ecb9fa2be7bc1e67c920',1.79569494430352449418e+09,NULL);
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
INSERT INTO "run_tasks" VALUES('d54dae75-2528-4d32-91d9-cd0177889b63','fc5dcb7d4380f2b13d1bba51',1,'3bf54a49e24ce23d221069fc','pixels-001.png','{"tools":[{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":345,"y":145,"width":24,"height":32},"title":"Small boat","objectId":"b13e6e2f4ed2dba165fdf5d0","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":185,"y":150,"width":31,"height":27},"title":"Small boat","objectId":"ed7d7a73b3fa4b2a88e98639","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":385,"y":178,"width":35,"height":37},"title":"Small boat","objectId":"67dbc55d6cf733cd7616d3c7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":356,"y":281,"width":8,"height":20},"title":"Person","objectId":"4fd78862cbef6591aa705ffe","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":103,"y":294,"width":9,"height":15},"title":"Person","objectId":"e076844a52c1287102dcc01f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":225,"y":258,"width":73,"height":30},"title":"Truck","objectId":"b2fe83f81cfb1d68a0ba7958","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":304,"y":140,"width":15,"height":15},"title":"Buoy","objectId":"65718f90da0cd6fc86ad2d12","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":48,"y":168,"width":13,"height":13},"title":"Buoy","objectId":"9e57ac48f260e71e78745477","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('d54dae75-2528-4d32-91d9-cd0177889b63','8ca26d9b7af3a9050613fe5a',2,'13874970c51920aa50add2a0','pixels-002.png','{"tools":[{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":312,"y":135,"width":93,"height":25},"title":"Vessel","objectId":"a2410231fb6520933cc85fa7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":327,"y":198,"width":130,"height":37},"title":"Vessel","objectId":"885c05e47cf4813d302129e2","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":38,"y":172,"width":31,"height":38},"title":"Small boat","objectId":"8ea99a2256abd09fc8b4db0f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":332,"y":266,"width":53,"height":26},"title":"Truck","objectId":"59393528ae0cbe9b9772b83a","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('d54dae75-2528-4d32-91d9-cd0177889b63','3bed8d273e451faea631f3eb',3,'b882a51676085c79e2a531af','pixels-003.png','{"tools":[{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":340,"y":212,"width":127,"height":28},"title":"Vessel","objectId":"ad849dff96f0eec38b758e91","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":371,"y":160,"width":30,"height":29},"title":"Small boat","objectId":"cabc749641ef50b81c23d95e","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":257,"y":271,"width":8,"height":23},"title":"Person","objectId":"ab1e52139ee664cf655fea81","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":164,"y":281,"width":58,"height":24},"title":"Truck","objectId":"9ee15049a334f4817ba7b462","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":365,"y":289,"width":75,"height":23},"title":"Truck","objectId":"41e2c4e13dea08034651efab","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('d54dae75-2528-4d32-91d9-cd0177889b63','c26f1431cafb289123cd4197',4,'949b70bd812d14e1d765dc06','pixels-004.png','{"tools":[{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":349,"y":265,"width":8,"height":20},"title":"Person","objectId":"38aeffd30b2903d152fdef39","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":235,"y":283,"width":12,"height":22},"title":"Person","objectId":"65ac2bf1f30288dfba3821fa","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":455,"y":295,"width":9,"height":21},"title":"Person","objectId":"7c28a1ca4c44e40115095670","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":113,"y":279,"width":66,"height":25},"title":"Truck","objectId":"c79556f6370a7a877f305fdc","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":23,"y":289,"width":68,"height":23},"title":"Truck","objectId":"c982b4a3e0128a307cc48aed","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":114,"y":141,"width":11,"height":11},"title":"Buoy","objectId":"cc6446d5559d53a14c68d79a","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('d54dae75-2528-4d32-91d9-cd0177889b63','89f38e515485e703be68b048',5,'df5982d7f61bdd9c0adb562a','pixels-005.png','{"tools":[{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":239,"y":201,"width":28,"height":38},"title":"Small boat","objectId":"0711070391a08db48bcc855f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":408,"y":259,"width":13,"height":19},"title":"Person","objectId":"541e94053f2479349541089d","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":259,"y":270,"width":11,"height":19},"title":"Person","objectId":"307db951ea172703af11b01f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":165,"y":281,"width":11,"height":20},"title":"Person","objectId":"1b91fd475de49812b9cb8a16","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":125,"y":286,"width":9,"height":23},"title":"Person","objectId":"e017773716570aa06b05a993","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":397,"y":290,"width":12,"height":25},"title":"Person","objectId":"4d35ed8b5598575763381bd7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":238,"y":183,"width":11,"height":11},"title":"Buoy","objectId":"0e0769cfb0ead982d8a11cfd","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.489Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('e6c8808e-ee5b-400b-9de7-316b8cc2f045','fc5dcb7d4380f2b13d1bba51',1,'3bf54a49e24ce23d221069fc','pixels-001.png','{"tools":[{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":345,"y":145,"width":24,"height":32},"title":"Small boat","objectId":"cfa2576ba606798564310651","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":185,"y":150,"width":31,"height":27},"title":"Small boat","objectId":"803f7b011c6581d0ef9a9ffd","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":385,"y":178,"width":35,"height":37},"title":"Small boat","objectId":"81157807b36881d9d7fcf7ec","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":356,"y":281,"width":8,"height":20},"title":"Person","objectId":"ada9cfc79dec7782fdd2299f","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":103,"y":294,"width":9,"height":15},"title":"Person","objectId":"f488695961f3b95b2be3fc95","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":225,"y":258,"width":73,"height":30},"title":"Truck","objectId":"fd062baaf1fc063867d7fc31","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":304,"y":140,"width":15,"height":15},"title":"Buoy","objectId":"52516f0cf0158d262cf74741","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":48,"y":168,"width":13,"height":13},"title":"Buoy","objectId":"9b6553d07ce4ae281a673797","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('e6c8808e-ee5b-400b-9de7-316b8cc2f045','8ca26d9b7af3a9050613fe5a',2,'13874970c51920aa50add2a0','pixels-002.png','{"tools":[{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":312,"y":135,"width":93,"height":25},"title":"Vessel","objectId":"997b710ce190c2fed91fa227","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":327,"y":198,"width":130,"height":37},"title":"Vessel","objectId":"4f78e045d81e0791f575da51","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":38,"y":172,"width":31,"height":38},"title":"Small boat","objectId":"226c24e28a9825e1c1717873","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":332,"y":266,"width":53,"height":26},"title":"Truck","objectId":"34351171e121b0ef6289da75","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('e6c8808e-ee5b-400b-9de7-316b8cc2f045','3bed8d273e451faea631f3eb',3,'b882a51676085c79e2a531af','pixels-003.png','{"tools":[{"schemaId":"dd85641c28bfd5bae3047879","bounding-box":{"x":340,"y":212,"width":127,"height":28},"title":"Vessel","objectId":"792319e53e7ec416845dd746","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":371,"y":160,"width":30,"height":29},"title":"Small boat","objectId":"c0051b51929e9e8991a8dd5c","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":257,"y":271,"width":8,"height":23},"title":"Person","objectId":"d7f6e605d4dfe287f16afc46","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":164,"y":281,"width":58,"height":24},"title":"Truck","objectId":"ae6cd0562dc5e050f7e5373c","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":365,"y":289,"width":75,"height":23},"title":"Truck","objectId":"8f06bc065eaccd40361770b1","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('e6c8808e-ee5b-400b-9de7-316b8cc2f045','c26f1431cafb289123cd4197',4,'949b70bd812d14e1d765dc06','pixels-004.png','{"tools":[{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":349,"y":265,"width":8,"height":20},"title":"Person","objectId":"c3e87519ed76555aab2869ef","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":235,"y":283,"width":12,"height":22},"title":"Person","objectId":"b6bff1c13129bf395960a45e","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":455,"y":295,"width":9,"height":21},"title":"Person","objectId":"e243a763af975c0fe5e79c3b","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":113,"y":279,"width":66,"height":25},"title":"Truck","objectId":"6888981aff7c8a5706469116","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"6f13850d3346c949c10c7bae","bounding-box":{"x":23,"y":289,"width":68,"height":23},"title":"Truck","objectId":"245da127d66bf38c92db8bcb","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":114,"y":141,"width":11,"height":11},"title":"Buoy","objectId":"f5f9e94785ac2bc0aefcd755","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
INSERT INTO "run_tasks" VALUES('e6c8808e-ee5b-400b-9de7-316b8cc2f045','89f38e515485e703be68b048',5,'df5982d7f61bdd9c0adb562a','pixels-005.png','{"tools":[{"schemaId":"ce26a4f9a25b7b4bfbdfc2ac","bounding-box":{"x":239,"y":201,"width":28,"height":38},"title":"Small boat","objectId":"8d8b41c6a3492af548f146c7","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":408,"y":259,"width":13,"height":19},"title":"Person","objectId":"fd229e71ba7d4cce7f6b4279","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":259,"y":270,"width":11,"height":19},"title":"Person","objectId":"0b29b9f6bcfa4eee52214beb","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":165,"y":281,"width":11,"height":20},"title":"Person","objectId":"404f20493fb090a8ff0bb4f5","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":125,"y":286,"width":9,"height":23},"title":"Person","objectId":"0d3d3fa10f463b5eb8461dee","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"40bed7cf9b3d4bb3a3d7a7e3","bounding-box":{"x":397,"y":290,"width":12,"height":25},"title":"Person","objectId":"99532b27f6ae169b55e520db","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}},{"schemaId":"a6d69a22a718584b06afcacb","bounding-box":{"x":238,"y":183,"width":11,"height":11},"title":"Buoy","objectId":"aac321b30c5b7076a1d7ee2b","classifications":[],"metadata":{"createdAt":"2026-11-26T12:09:06.736Z","createdBy":"local user","createdIn":"Label"}}],"classifications":[],"relations":[]}','{"tools":[],"classifications":[],"relations":[]}');
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
	doubtful TEXT DEFAULT '{}' NOT NULL, 
	created_at FLOAT NOT NULL, 
	sent_at FLOAT, 
	started_at FLOAT, 
	finished_at FLOAT, 
	cancelled_at FLOAT, 
	discarded_at FLOAT, 
	undone_at FLOAT, 
	applied_by VARCHAR, 
	key_hash VARCHAR, 
	PRIMARY KEY (number), 
	UNIQUE (session)
);
INSERT INTO "runs" VALUES(1,'d54dae75-2528-4d32-91d9-cd0177889b63','d26a3ad21d25996c4065a371','f93df9d480fb19cdaf6d3415','succeeded','{"plugin": "d26a3ad21d25996c4065a371", "project": "f93df9d480fb19cdaf6d3415", "batches": ["a903f4faf84316b88fe2cc30"], "mapping": [{"schema_id": "dd85641c28bfd5bae3047879", "model_class": "vessel"}, {"schema_id": "ce26a4f9a25b7b4bfbdfc2ac", "model_class": "small_boat"}, {"schema_id": "40bed7cf9b3d4bb3a3d7a7e3", "model_class": "person"}, {"schema_id": "6f13850d3346c949c10c7bae", "model_class": "lorry"}, {"schema_id": "a6d69a22a718584b06afcacb", "model_class": "buoy"}], "config": "{\n  \"classes\": [\"vessel\", \"small_boat\", \"person\", \"lorry\", \"buoy\", \"kite\"],\n  \"min_area\": 40,\n  \"tolerance\": 45,\n  \"images_per_import\": 12,\n  \"seconds_per_image\": 0.0\n}\n", "dry_run": false, "limit": null, "assets": null, "deadline": 14400.0, "importing": "add", "run_by": "local user"}',0,'aa5dace652d0aed7','start',NULL,'Found 30 shapes in 5 images; 5 of 5 tasks labelled.','',5,5,5,5,9,0,'{"ce26a4f9a25b7b4bfbdfc2ac": 6, "40bed7cf9b3d4bb3a3d7a7e3": 11, "6f13850d3346c949c10c7bae": 6, "a6d69a22a718584b06afcacb": 4, "dd85641c28bfd5bae3047879": 3}','{}','{"A bounding-box is no point, which the class Buoy is.": 4}',1.79569494552024817466e+09,1.79569494617862224572e+09,1.79569494620121932024e+09,1.79569494650123381612e+09,NULL,NULL,NULL,NULL,'79ceca4d019f04ad2203b1f6e96cec949d404f96b81165e7ad219505a0670518');
INSERT INTO "runs" VALUES(2,'e6c8808e-ee5b-400b-9de7-316b8cc2f045','d26a3ad21d25996c4065a371','f93df9d480fb19cdaf6d3415','succeeded','{"plugin": "d26a3ad21d25996c4065a371", "project": "f93df9d480fb19cdaf6d3415", "batches": ["a903f4faf84316b88fe2cc30"], "mapping": [{"schema_id": "dd85641c28bfd5bae3047879", "model_class": "vessel"}, {"schema_id": "ce26a4f9a25b7b4bfbdfc2ac", "model_class": "small_boat"}, {"schema_id": "40bed7cf9b3d4bb3a3d7a7e3", "model_class": "person"}, {"schema_id": "6f13850d3346c949c10c7bae", "model_class": "lorry"}, {"schema_id": "a6d69a22a718584b06afcacb", "model_class": "buoy"}], "config": "{\n  \"classes\": [\"vessel\", \"small_boat\", \"person\", \"lorry\", \"buoy\", \"kite\"],\n  \"min_area\": 40,\n  \"tolerance\": 45,\n  \"images_per_import\": 12,\n  \"seconds_per_image\": 0.0\n}\n", "dry_run": true, "limit": null, "assets": null, "deadline": 14400.0, "importing": "add", "run_by": "local user"}',1,'aa5dace652d0aed7','start',NULL,'Found 30 shapes in 5 images; 5 of 5 tasks labelled.','',5,5,5,5,9,0,'{"ce26a4f9a25b7b4bfbdfc2ac": 6, "40bed7cf9b3d4bb3a3d7a7e3": 11, "6f13850d3346c949c10c7bae": 6, "a6d69a22a718584b06afcacb": 4, "dd85641c28bfd5bae3047879": 3}','{}','{"A bounding-box is no point, which the class Buoy is.": 4}',1.79569494652258729934e+09,1.7956949465898761749e+09,1.79569494659623122212e+09,1.79569494674526071551e+09,NULL,NULL,NULL,NULL,'c4bda5c5977ade1062568db5ff961511b47eaa0b355de40de4c3d2d7b9b8017d');
INSERT INTO "runs" VALUES(3,'ae0363d7-e04f-48a2-8730-65003a203c34','d26a3ad21d25996c4065a371','f93df9d480fb19cdaf6d3415','cancelled','{"plugin": "d26a3ad21d25996c4065a371", "project": "f93df9d480fb19cdaf6d3415", "batches": ["a903f4faf84316b88fe2cc30"], "mapping": [{"schema_id": "dd85641c28bfd5bae3047879", "model_class": "vessel"}, {"schema_id": "ce26a4f9a25b7b4bfbdfc2ac", "model_class": "small_boat"}, {"schema_id": "40bed7cf9b3d4bb3a3d7a7e3", "model_class": "person"}, {"schema_id": "6f13850d3346c949c10c7bae", "model_class": "lorry"}, {"schema_id": "a6d69a22a718584b06afcacb", "model_class": "buoy"}], "config": "{\"classes\": [\"vessel\", \"small_boat\", \"person\", \"lorry\", \"buoy\", \"kite\"], \"min_area\": 40, \"tolerance\": 45, \"images_per_import\": 2, \"seconds_per_image\": 0.4}", "dry_run": false, "limit": null, "assets": null, "deadline": 14400.0, "importing": "add", "run_by": "local user"}',0,'186578bdc552c7d0','start',NULL,NULL,'It was cancelled; the plugin stopped at its next call.',0,0,0,5,4,0,'{}','{}','{}',1.79569494680967926976e+09,1.79569494699581265451e+09,1.79569494700566983222e+09,1.79569494791268038751e+09,1.79569494702613043782e+09,NULL,NULL,NULL,'5678df0a560337c800d52cda2e1d370ac8b067b03db89821960ca3de04aaecd6');
INSERT INTO "runs" VALUES(4,'b32f2a00-8fc0-403c-9a9a-2a701c4fac4c','d26a3ad21d25996c4065a371','f93df9d480fb19cdaf6d3415','cancelled','{"plugin": "d26a3ad21d25996c4065a371", "project": "f93df9d480fb19cdaf6d3415", "batches": ["a903f4faf84316b88fe2cc30"], "mapping": [{"schema_id": "dd85641c28bfd5bae3047879", "model_class": "vessel"}, {"schema_id": "ce26a4f9a25b7b4bfbdfc2ac", "model_class": "small_boat"}, {"schema_id": "40bed7cf9b3d4bb3a3d7a7e3", "model_class": "person"}, {"schema_id": "6f13850d3346c949c10c7bae", "model_class": "lorry"}, {"schema_id": "a6d69a22a718584b06afcacb", "model_class": "buoy"}], "config": "{\n  \"classes\": [\"vessel\", \"small_boat\", \"person\", \"lorry\", \"buoy\", \"kite\"],\n  \"min_area\": 40,\n  \"tolerance\": 45,\n  \"images_per_import\": 12,\n  \"seconds_per_image\": 0.0\n}\n", "dry_run": false, "limit": null, "assets": null, "deadline": 14400.0, "importing": "add", "run_by": "local user"}',0,'aa5dace652d0aed7','start',NULL,NULL,'It was cancelled before it was sent.',0,0,0,NULL,0,0,'{}','{}','{}',1.79569494805466842654e+09,NULL,NULL,1.79569494806056308743e+09,1.79569494806056308743e+09,NULL,NULL,NULL,NULL);
CREATE TABLE scenarios (
	id VARCHAR NOT NULL, 
	workspace VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	saved_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "scenarios" VALUES('dvforpmCpmNf','7653413dea0b023c','4f5dbfa79a48404ff708f9b408dbfded','Half the reviews','{
  "switchyard": "scenario",
  "version": 1,
  "name": "Half the reviews",
  "project": {
    "id": "f93df9d480fb19cdaf6d3415",
    "name": "Harbour traffic"
  },
  "table": {
    "fingerprint": "f2004d3c65be28ea60b36413",
    "tasks": 4
  },
  "dialect": {
    "annotator": "any",
    "duration": "total",
    "unit": "ms",
    "nested": "off",
    "random": "auto",
    "at": "final"
  },
  "seed": 7,
  "assumptions": [
    "Nobody falls ill."
  ],
  "rules": {
    "version": 1,
    "stage": {
      "id": "4f5dbfa79a48404ff708f9b408dbfded",
      "type": "Logic",
      "name": "Routing",
      "position": {
        "x": 460,
        "y": 0
      },
      "next": [
        "f1f5142a7ebdad64f1a6261d5908fb47",
        "c1b87c5520cdae102838f2e913815822",
        "7478a3351eef1e3458867fae29ae6f48",
        "Review",
        "Review",
        "f1f5142a7ebdad64f1a6261d5908fb47",
        "06aa500bb5a89c12017fe27687771471",
        "Complete"
      ],
      "logic": {
        "conditions": [
          {
            "type": "Batch",
            "value": [
              "a3f53a6bd6615b20216f14ec",
              "8a4a1048d2c22bff0dd50b32",
              "fdbc7fe8f4edfb26576c7d4f"
            ],
            "index": 0
          },
          {
            "type": "AnnotationType",
            "value": {
              "tools": [
                {
                  "schemaId": "0cfb556debc8f6ceb89d8245",
                  "filter": [
                    "exists"
                  ]
                }
              ]
            },
            "index": 1
          },
          {
            "type": "AnnotationType",
            "value": {
              "tools": [
                {
                  "schemaId": "52aa40118ce83370129386fc",
                  "filter": [
                    "exists"
                  ]
                },
                {
                  "schemaId": "40bed7cf9b3d4bb3a3d7a7e3",
                  "filter": [
                    "notExists"
                  ]
                }
              ]
            },
            "index": 2
          },
          {
            "type": "Annotator",
            "value": [
              "gus.hale@example.com",
              "hana.brook@example.com"
            ],
            "index": 3
          },
          {
            "type": "RandomSample",
            "value": 0.2,
            "index": 4
          },
          {
            "type": "Duration",
            "value": [
              600000,
              null
            ],
            "index": 5
          },
          {
            "type": "RandomSample",
            "value": 0.1,
            "index": 6
          }
        ]
      }
    },
    "rules": [
      {
        "id": "Batch-0",
        "enabled": true,
        "next": "f1f5142a7ebdad64f1a6261d5908fb47",
        "condition": {
          "type": "Batch",
          "value": [
            "a3f53a6bd6615b20216f14ec",
            "8a4a1048d2c22bff0dd50b32",
            "fdbc7fe8f4edfb26576c7d4f"
          ],
          "index": 0
        }
      },
      {
        "id": "AnnotationType-0",
        "enabled": true,
        "next": "c1b87c5520cdae102838f2e913815822",
        "condition": {
          "type": "AnnotationType",
          "value": {
            "tools": [
              {
                "schemaId": "0cfb556debc8f6ceb89d8245",
                "filter": [
                  "exists"
                ]
              }
            ]
          },
          "index": 1
        }
      },
      {
        "id": "AnnotationType-1",
        "enabled": true,
        "next": "7478a3351eef1e3458867fae29ae6f48",
        "condition": {
          "type": "AnnotationType",
          "value": {
            "tools": [
              {
                "schemaId": "52aa40118ce83370129386fc",
                "filter": [
                  "exists"
                ]
              },
              {
                "schemaId": "40bed7cf9b3d4bb3a3d7a7e3",
                "filter": [
                  "notExists"
                ]
              }
            ]
          },
          "index": 2
        }
      },
      {
        "id": "Annotator-0",
        "enabled": true,
        "next": "Review",
        "condition": {
          "type": "Annotator",
          "value": [
            "gus.hale@example.com",
            "hana.brook@example.com"
          ],
          "index": 3
        }
      },
      {
        "id": "RandomSample-0",
        "enabled": true,
        "next": "Review",
        "condition": {
          "type": "RandomSample",
          "value": 0.2,
          "index": 4
        }
      },
      {
        "id": "Duration-0",
        "enabled": true,
        "next": "f1f5142a7ebdad64f1a6261d5908fb47",
        "condition": {
          "type": "Duration",
          "value": [
            600000,
            null
          ],
          "index": 5
        }
      },
      {
        "id": "RandomSample-1",
        "enabled": true,
        "next": "06aa500bb5a89c12017fe27687771471",
        "condition": {
          "type": "RandomSample",
          "value": 0.1,
          "index": 6
        }
      },
      {
        "id": "RandomSample-2",
        "enabled": true,
        "next": "Review",
        "condition": {
          "type": "RandomSample",
          "value": 0.125,
          "index": 7
        }
      },
      {
        "id": "RandomSample-3",
        "enabled": true,
        "next": "Review",
        "condition": {
          "type": "RandomSample",
          "value": 0.5,
          "index": 8
        }
      }
    ],
    "else": "Complete"
  },
  "golden": [
    {
      "task": "6a9e52e0a1c47be203000000",
      "stage": "Review",
      "chance": 0.5,
      "waived": "known since May"
    }
  ]
}
',1.79569495258928585055e+09);
CREATE TABLE start_drafts (
	id VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	saved_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "start_drafts" VALUES('0hEUNAkOYPol','{"plugin": "d26a3ad21d25996c4065a371", "project": "f93df9d480fb19cdaf6d3415", "batches": ["a903f4faf84316b88fe2cc30"], "chosen": null, "config": null, "limit": null, "assets": null, "deadline": 14400.0, "importing": "add"}',1.79569494807733392709e+09);
CREATE TABLE workspaces (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	table_fingerprint VARCHAR NOT NULL, 
	project TEXT, 
	opened_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "workspaces" VALUES('7653413dea0b023c','small.json','f2004d3c65be28ea60b36413',NULL,1.79569495254758477206e+09);
CREATE INDEX ix_drafts_workspace ON drafts (workspace);
CREATE INDEX hub_assets_data ON hub_assets (project, data);
CREATE INDEX hub_assets_order ON hub_assets (project, number);
CREATE INDEX hub_assets_external ON hub_assets (project, external_id);
CREATE INDEX hub_asset_batches_batch ON hub_asset_batches (batch);
CREATE INDEX hub_tasks_order ON hub_tasks (project, number);
CREATE INDEX ix_hub_tasks_parent ON hub_tasks (parent);
CREATE INDEX hub_tasks_stage ON hub_tasks (project, stage);
CREATE INDEX ix_hub_tasks_asset ON hub_tasks (asset);
CREATE INDEX hub_history_task ON hub_history (task, number);
CREATE INDEX hub_records_scope ON hub_records (kind, scope);
CREATE INDEX ix_hub_logs_session ON hub_logs (session);
CREATE INDEX ix_runs_key_hash ON runs (key_hash);
CREATE INDEX ix_runs_plugin ON runs (plugin);
CREATE INDEX ix_runs_fingerprint ON runs (fingerprint);
CREATE INDEX ix_runs_state ON runs (state);
CREATE INDEX run_tasks_order ON run_tasks (session, number);
CREATE INDEX run_tasks_task ON run_tasks (task);
CREATE INDEX ix_scenarios_workspace ON scenarios (workspace);
COMMIT;
