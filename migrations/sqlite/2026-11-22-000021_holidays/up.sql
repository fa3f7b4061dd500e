-- The days on which offices rest, and those on which they work instead.

CREATE TABLE holidays (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    day DATE NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'holiday',
    legal_basis TEXT,
    provenance TEXT,
    note TEXT,
    name_folded TEXT NOT NULL,
    CONSTRAINT holidays_id_check CHECK (id > 0),
    CONSTRAINT holidays_version_check CHECK (version >= 1),
    CONSTRAINT holidays_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT holidays_day_check CHECK (
        date(day, '+0 days') IS day
        AND day BETWEEN '1900-01-01' AND '2199-12-31'
    )
);

CREATE INDEX holidays_updated_at_id ON holidays (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX holidays_day_id ON holidays (day, id) WHERE deleted_at IS NULL;
CREATE INDEX holidays_managed_by_id_id ON holidays (managed_by_id, id) WHERE deleted_at IS NULL;
