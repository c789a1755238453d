-- How often an event had been resent before it was parked.
ALTER TABLE outbox_parked ADD COLUMN attempts INTEGER DEFAULT 0 NOT NULL;

-- An event that cannot be sent and keeps its key waiting, until an operator decides, has a time at which it was blocked.
-- (One that becomes a dead letter is the only one whose row is updated: it gets another topic and headers.)
ALTER TABLE outbox_attempt ADD COLUMN error_class VARCHAR(255);
ALTER TABLE outbox_attempt ADD COLUMN blocked_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE outbox_attempt ADD COLUMN blocked_by VARCHAR(255);
