-- What has been acknowledged and is not yet in the tables it belongs to: the records of one group of writes a row.
CREATE TABLE journal (number INTEGER PRIMARY KEY, records BLOB NOT NULL);

-- Ids of completed messages, kept to find duplicates; latest is when the last of them was sent, in UTC ticks.
CREATE TABLE message_ids (number INTEGER PRIMARY KEY, latest INTEGER NOT NULL, ids BLOB NOT NULL);
DROP INDEX completed_messages;
DELETE FROM messages WHERE state = 2;
