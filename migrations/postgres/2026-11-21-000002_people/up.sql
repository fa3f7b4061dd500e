-- People in public office and the offices they held.

-- People in public office; no birth date, telephone or card number.
CREATE TABLE people (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    name TEXT COLLATE "C" NOT NULL,
    other_names TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    note TEXT COLLATE "C",
    name_folded TEXT COLLATE "C" NOT NULL,
    name_sort TEXT COLLATE "C" NOT NULL,
    CONSTRAINT people_id_check CHECK (id > 0),
    CONSTRAINT people_version_check CHECK (version >= 1),
    CONSTRAINT people_visibility_check CHECK (visibility IN ('public', 'internal'))
);

CREATE INDEX people_updated_at_id ON people (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX people_name_sort_id ON people (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX people_managed_by_id_id ON people (managed_by_id, id) WHERE deleted_at IS NULL;

ALTER TABLE committee_members
ADD CONSTRAINT committee_members_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id);

-- The offices a person held, as far as the sources date them.
-- The order is checked only for an exact end: one known to the month or year may be stored by its first day.
CREATE TABLE positions (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    title TEXT COLLATE "C" NOT NULL,
    organization_id BIGINT REFERENCES organizations (id),
    organization_text TEXT COLLATE "C",
    valid_from DATE,
    valid_from_precision TEXT COLLATE "C",
    valid_to DATE,
    valid_to_precision TEXT COLLATE "C",
    stated_on DATE,
    note TEXT COLLATE "C",
    title_folded TEXT COLLATE "C" NOT NULL,
    valid_from_key DATE NOT NULL,
    CONSTRAINT positions_id_check CHECK (id > 0),
    CONSTRAINT positions_version_check CHECK (version >= 1),
    CONSTRAINT positions_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT positions_valid_from_check CHECK (valid_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT positions_valid_to_check CHECK (valid_to BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT positions_stated_on_check CHECK (stated_on BETWEEN '1900-01-01' AND '2199-12-31'),
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
