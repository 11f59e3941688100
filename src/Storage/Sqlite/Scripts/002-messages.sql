-- state: 0 to be delivered, 1 dead-lettered, 2 completed and kept for duplicate detection. Times are UTC ticks.
CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    trace TEXT,
    enqueued INTEGER NOT NULL,
    scheduled INTEGER,
    deliveries INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT,
    description TEXT
);

CREATE INDEX completed_messages ON messages (enqueued) WHERE state = 2;
