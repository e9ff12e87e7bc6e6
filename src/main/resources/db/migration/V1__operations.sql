-- The same on SQLite and PostgreSQL: BYTEA is a blob to SQLite, and both compare it byte by byte.

-- One row for each operation. Its id is a UUIDv7, so the order of ids is the order of creation and
-- the primary key serves every page of a list. What never changes stands in columns of its own and
-- is written once; everything that only changes with the snapshot is one JSON document.
CREATE TABLE operations (
  id          BYTEA  NOT NULL PRIMARY KEY,
  kind        TEXT   NOT NULL,
  state       TEXT   NOT NULL,
  revision    BIGINT NOT NULL,
  created_by  TEXT   NOT NULL,
  expire_time BIGINT,          -- milliseconds since the epoch; null until the operation is over
  request     TEXT   NOT NULL, -- JSON
  labels      TEXT   NOT NULL, -- JSON
  user_data   TEXT,            -- JSON
  snapshot    TEXT   NOT NULL, -- JSON
  result      TEXT             -- JSON
);

-- Lists by kind and state, counts by state, and what is not over at a start.
CREATE INDEX operations_by_kind_and_state ON operations (kind, state, id);

-- What is to be forgotten next.
CREATE INDEX operations_by_expiry ON operations (expire_time, id) WHERE expire_time IS NOT NULL;

CREATE TABLE operation_labels (
  operation_id BYTEA NOT NULL,
  name         TEXT  NOT NULL,
  value        TEXT  NOT NULL,
  PRIMARY KEY (operation_id, name)
);

CREATE INDEX operation_labels_by_value ON operation_labels (name, value, operation_id);

-- What an operation has to be given to run again and its request does not say: the whole of a long
-- list, as number 0, and what joined it. Gone when the operation is over.
CREATE TABLE operation_inputs (
  operation_id BYTEA  NOT NULL,
  number       BIGINT NOT NULL,
  input        TEXT   NOT NULL, -- JSON
  PRIMARY KEY (operation_id, number)
);

-- Always empty: a row is written and taken out again to learn whether anything can be written.
CREATE TABLE write_check (
  filler TEXT NOT NULL
);
