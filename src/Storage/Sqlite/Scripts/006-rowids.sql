-- Rows in the order in which they came, and an index of their keys beside them: what is new is appended to full pages, where a tree of
-- whole rows has to split the page of every partition that gets one.
ALTER TABLE rows RENAME TO rows_by_key;
CREATE TABLE rows (
    tab INTEGER NOT NULL,
    pk TEXT NOT NULL,
    rk TEXT NOT NULL,
    version INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (tab, pk, rk)
);
INSERT INTO rows SELECT tab, pk, rk, version, data FROM rows_by_key;
DROP TABLE rows_by_key;

ALTER TABLE durable_instances RENAME TO instances_by_key;
DROP INDEX durable_due;
CREATE TABLE durable_instances (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    execution INTEGER NOT NULL,
    status INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    due INTEGER,
    input TEXT,
    output TEXT,
    custom_status TEXT,
    failure BLOB,
    parent_id TEXT,
    parent_name TEXT,
    parent_task INTEGER,
    parent_execution INTEGER,
    tags TEXT
);
INSERT INTO durable_instances SELECT * FROM instances_by_key;
DROP TABLE instances_by_key;
CREATE INDEX durable_due ON durable_instances (due) WHERE due IS NOT NULL;

ALTER TABLE durable_history RENAME TO history_by_key;
CREATE TABLE durable_history (
    id TEXT NOT NULL,
    turn INTEGER NOT NULL,
    events BLOB NOT NULL,
    PRIMARY KEY (id, turn)
);
INSERT INTO durable_history SELECT id, turn, events FROM history_by_key;
DROP TABLE history_by_key;

ALTER TABLE durable_inbox RENAME TO inbox_by_key;
CREATE TABLE durable_inbox (
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (id, number)
);
INSERT INTO durable_inbox SELECT id, number, execution, event FROM inbox_by_key;
DROP TABLE inbox_by_key;
