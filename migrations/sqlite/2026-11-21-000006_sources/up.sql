-- Publications and what each of them claims.

-- The publications that the records rest on.
CREATE TABLE sources (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    web_url TEXT,
    publisher TEXT,
    publisher_organization_id BIGINT REFERENCES organizations (id),
    published_on DATE,
    published_time TEXT,
    reprinted_from TEXT,
    author TEXT,
    retrieved_on DATE,
    raw_text TEXT,
    note TEXT,
    title_folded TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    published_on_key DATE NOT NULL,
    CONSTRAINT sources_id_check CHECK (id > 0),
    CONSTRAINT sources_version_check CHECK (version >= 1),
    CONSTRAINT sources_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT sources_published_on_check CHECK (
        date(published_on, '+0 days') IS published_on
        AND published_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT sources_retrieved_on_check CHECK (
        date(retrieved_on, '+0 days') IS retrieved_on
        AND retrieved_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT sources_published_on_key_check CHECK (published_on_key = COALESCE(published_on, '0001-01-01'))
);

CREATE INDEX sources_updated_at_id ON sources (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX sources_published_on_key_id ON sources (published_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX sources_title_sort_id ON sources (title_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX sources_managed_by_id_id ON sources (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX sources_publisher_organization_id_id ON sources (publisher_organization_id, id) WHERE deleted_at IS NULL;

-- What a source says about a record or one of its fields; claims may disagree.
-- about_type and about_id name a record of any table, so no foreign key can hold them.
CREATE TABLE claims (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    source_id BIGINT NOT NULL REFERENCES sources (id),
    about_type TEXT NOT NULL,
    about_id BIGINT NOT NULL,
    field TEXT,
    value TEXT,
    quote TEXT,
    char_offset INTEGER,
    char_length INTEGER,
    note TEXT,
    CONSTRAINT claims_id_check CHECK (id > 0),
    CONSTRAINT claims_version_check CHECK (version >= 1),
    CONSTRAINT claims_visibility_check CHECK (visibility IN ('public', 'internal'))
);

CREATE INDEX claims_updated_at_id ON claims (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX claims_about_type_about_id_id ON claims (about_type, about_id, id) WHERE deleted_at IS NULL;
CREATE INDEX claims_managed_by_id_id ON claims (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX claims_source_id_id ON claims (source_id, id) WHERE deleted_at IS NULL;
