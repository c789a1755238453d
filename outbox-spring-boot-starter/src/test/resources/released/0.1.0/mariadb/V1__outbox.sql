-- The events, from their transaction's commit until they are confirmed. Rows are inserted and deleted, never updated.
CREATE TABLE ${prefix}outbox (
  outbox_id     BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id      VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_type    VARCHAR(255) NOT NULL,
  topic         VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_key VARCHAR(255) COLLATE utf8mb4_nopad_bin NOT NULL,
  payload       MEDIUMTEXT   NOT NULL,
  headers       MEDIUMTEXT,
  created_at    DATETIME(6)  NOT NULL, -- UTC
  CONSTRAINT ${prefix}outbox_event_id_key UNIQUE (event_id),
  INDEX ${prefix}outbox_key_idx (partition_key, outbox_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- How often an event had to be resent, and what came of it.
CREATE TABLE ${prefix}outbox_attempt (
  outbox_id    BIGINT NOT NULL PRIMARY KEY,
  attempts     INTEGER NOT NULL,
  attempted_at DATETIME(6) NOT NULL,
  last_error   VARCHAR(1000)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Events taken out of the flow, waiting for an operator.
CREATE TABLE ${prefix}outbox_parked (
  outbox_id     BIGINT       NOT NULL PRIMARY KEY,
  event_id      VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_type    VARCHAR(255) NOT NULL,
  topic         VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_key VARCHAR(255) COLLATE utf8mb4_nopad_bin NOT NULL,
  payload       MEDIUMTEXT   NOT NULL,
  headers       MEDIUMTEXT,
  created_at    DATETIME(6)  NOT NULL,
  reason        VARCHAR(1000) NOT NULL,
  error_class   VARCHAR(255) NOT NULL,
  parked_at     DATETIME(6)  NOT NULL,
  parked_by     VARCHAR(255) NOT NULL,
  CONSTRAINT ${prefix}outbox_parked_event_id_key UNIQUE (event_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Which instance relays, and until when, by the database's clock.
CREATE TABLE ${prefix}outbox_lock (
  lock_name    VARCHAR(64)  NOT NULL PRIMARY KEY,
  locked_by    VARCHAR(255) NOT NULL,
  locked_until DATETIME(6)  NOT NULL -- UTC
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

INSERT INTO ${prefix}outbox_lock (lock_name, locked_by, locked_until) VALUES ('relay', '', '2000-01-01 00:00:00');
