-- What another attempt at an operation has to know to go on, or a retry to do what was left.
ALTER TABLE operations ADD COLUMN mark TEXT; -- JSON

-- Which operation a start with an Idempotency-Key became; kept as long as the operation is.
CREATE TABLE idempotency_keys (
  created_by      TEXT  NOT NULL,
  path            TEXT  NOT NULL, -- of the request: /ops/copy
  idempotency_key TEXT  NOT NULL,
  fingerprint     BYTEA NOT NULL, -- of what was asked for
  operation_id    BYTEA NOT NULL,
  PRIMARY KEY (created_by, path, idempotency_key)
);

CREATE INDEX idempotency_keys_by_operation ON idempotency_keys (operation_id);

-- A list of paths of any length, as it was uploaded. It belongs to nobody until all of it is there
-- and its operation is admitted; what belongs to nobody at a start is the rest of an upload that
-- was cut off.
CREATE TABLE manifests (
  id           BYTEA NOT NULL PRIMARY KEY,
  operation_id BYTEA
);

CREATE INDEX manifests_by_operation ON manifests (operation_id);

-- Some paths below one root each, in the order in which they came.
CREATE TABLE manifest_chunks (
  manifest_id BYTEA  NOT NULL,
  root        TEXT   NOT NULL,
  number      BIGINT NOT NULL, -- the position of the first path among those below the root
  paths       BYTEA  NOT NULL, -- their bytes below the root, with NUL after each
  PRIMARY KEY (manifest_id, root, number)
);

-- Outcomes of items, some hundreds of one state to a row, in the order in which they ended.
CREATE TABLE item_blocks (
  operation_id BYTEA  NOT NULL,
  number       BIGINT NOT NULL, -- 0, 1 and so on
  state        TEXT   NOT NULL,
  items        TEXT   NOT NULL, -- a JSON array
  PRIMARY KEY (operation_id, number)
);

CREATE INDEX item_blocks_by_state ON item_blocks (operation_id, state, number);
