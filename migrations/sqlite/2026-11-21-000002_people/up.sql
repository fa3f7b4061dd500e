-- People in public office and the offices they held.

-- People in public office; no birth date, telephone or card number.
CREATE TABLE people (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    name TEXT NOT NULL,
    other_names TEXT NOT NULL DEFAULT '[]',
    note TEXT,
    name_folded TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    CONSTRAINT people_id_check CHECK (id > 0),
    CONSTRAINT people_version_check CHECK (version >= 1),
    CONSTRAINT people_visibility_check CHECK (visibility IN ('public', 'internal'))
);

CREATE INDEX people_updated_at_id ON people (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX people_name_sort_id ON people (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX people_managed_by_id_id ON people (managed_by_id, id) WHERE deleted_at IS NULL;

-- The offices a person held, as far as the sources date them.
-- The order is checked only for an exact end: one known to the month or year may be stored by its first day.
CREATE TABLE positions (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    title TEXT NOT NULL,
    organization_id BIGINT REFERENCES organizations (id),
    organization_text TEXT,
    valid_from DATE,
    valid_from_precision TEXT,
    valid_to DATE,
    valid_to_precision TEXT,
    stated_on DATE,
    note TEXT,
    title_folded TEXT NOT NULL,
    valid_from_key DATE NOT NULL,
    CONSTRAINT positions_id_check CHECK (id > 0),
    CONSTRAINT positions_version_check CHECK (version >= 1),
    CONSTRAINT positions_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT positions_valid_from_check CHECK (
        date(valid_from, '+0 days') IS valid_from
        AND valid_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT positions_valid_to_check CHECK (
        date(valid_to, '+0 days') IS valid_to
        AND valid_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT positions_stated_on_check CHECK (
        date(stated_on, '+0 days') IS stated_on
        AND stated_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT positions_valid_from_key_check CHECK (valid_from_key = COALESCE(valid_from, '0001-01-01')),
    CONSTRAINT positions_valid_from_valid_to_check CHECK (
        valid_to >= valid_from OR COALESCE(valid_to_precision, 'day') <> 'day'
    )
);

CREATE INDEX positions_updated_at_id ON positions (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX positions_valid_from_key_id ON positions (valid_from_key, id) WHERE deleted_at IS NULL;
CREATE INDEX positions_managed_by_id_id ON positions (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX positions_person_id_id ON positions (person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX positions_organization_id_id ON positions (organization_id, id) WHERE deleted_at IS NULL;
