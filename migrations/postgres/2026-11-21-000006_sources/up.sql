-- Publications and what each of them claims.

-- The publications that the records rest on.
CREATE TABLE sources (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    title TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    web_url TEXT COLLATE "C",
    publisher TEXT COLLATE "C",
    publisher_organization_id BIGINT REFERENCES organizations (id),
    published_on DATE,
    published_time TEXT COLLATE "C",
    reprinted_from TEXT COLLATE "C",
    author TEXT COLLATE "C",
    retrieved_on DATE,
    raw_text TEXT COLLATE "C",
    note TEXT COLLATE "C",
    title_folded TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    published_on_key DATE NOT NULL,
    CONSTRAINT sources_id_check CHECK (id > 0),
    CONSTRAINT sources_version_check CHECK (version >= 1),
    CONSTRAINT sources_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT sources_published_on_check CHECK (published_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT sources_retrieved_on_check CHECK (retrieved_on BETWEEN '1900-01-01' AND '2199-12-31'),
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
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    source_id BIGINT NOT NULL REFERENCES sources (id),
    about_type TEXT COLLATE "C" NOT NULL,
    about_id BIGINT NOT NULL,
    field TEXT COLLATE "C",
    value TEXT COLLATE "C",
    quote TEXT COLLATE "C",
    char_offset INTEGER,
    char_length INTEGER,
    note TEXT COLLATE "C",
    CONSTRAINT claims_id_check CHECK (id > 0),
    CONSTRAINT claims_version_check CHECK (version >= 1),
    CONSTRAINT claims_visibility_check CHECK (visibility IN ('public', 'internal'))
);

CREATE INDEX claims_updated_at_id ON claims (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX claims_about_type_about_id_id ON claims (about_type, about_id, id) WHERE deleted_at IS NULL;
CREATE INDEX claims_managed_by_id_id ON claims (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX claims_source_id_id ON claims (source_id, id) WHERE deleted_at IS NULL;
