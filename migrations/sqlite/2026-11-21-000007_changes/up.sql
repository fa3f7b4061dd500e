-- The change log, and the keys by which partners know our records.

-- One row per write, chained by hash; history, audit, the change feed and webhooks all read it. `after` is the whole
-- record as JSON text, and the hashes are taken over the stored text, so rows are never rewritten (see triggers.sql).
CREATE TABLE changes (
    sequence INTEGER NOT NULL PRIMARY KEY,
    resource TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    operation TEXT NOT NULL,
    actor TEXT NOT NULL,
    credential TEXT,
    request_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    visibility TEXT NOT NULL,
    after TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT changes_sequence_check CHECK (sequence > 0),
    CONSTRAINT changes_record_id_check CHECK (record_id > 0),
    CONSTRAINT changes_version_check CHECK (version >= 1)
);

CREATE INDEX changes_resource_record_id_version ON changes (resource, record_id, version);
CREATE INDEX changes_resource_sequence ON changes (resource, sequence);
CREATE INDEX changes_recorded_at_sequence ON changes (recorded_at, sequence);

-- The keys by which partners know our records. A deleted record keeps its keys, so that writing to one revives it.
CREATE TABLE external_keys (
    resource TEXT NOT NULL,
    system TEXT NOT NULL,
    key TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    CONSTRAINT external_keys_pkey PRIMARY KEY (resource, system, key),
    CONSTRAINT external_keys_record_id_check CHECK (record_id > 0)
) WITHOUT ROWID;

CREATE INDEX external_keys_resource_record_id ON external_keys (resource, record_id);
