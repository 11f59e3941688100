-- Orchestrations. due: when a start of the process or the clock must wake the instance (0: at once, null: only an event can).
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
) WITHOUT ROWID;
CREATE INDEX durable_due ON durable_instances (due) WHERE due IS NOT NULL;

-- What each turn of the current generation took and asked for.
CREATE TABLE durable_history (
    id TEXT NOT NULL,
    turn INTEGER NOT NULL,
    events BLOB NOT NULL,
    PRIMARY KEY (id, turn)
) WITHOUT ROWID;

-- Events that wait for their instance, in order of number.
CREATE TABLE durable_inbox (
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (id, number)
) WITHOUT ROWID;
