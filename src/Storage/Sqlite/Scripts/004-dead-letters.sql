-- When a message was dead-lettered, in UTC ticks; what was before this column counts from its sending.
ALTER TABLE messages ADD COLUMN ended INTEGER;
UPDATE messages SET ended = enqueued WHERE state = 1;
CREATE INDEX dead_messages ON messages (queue, seq) WHERE state = 1;
