-- Programs, campaigns, movements and models.

-- Programs, campaigns, movements and models that documents are carried out by.
CREATE TABLE initiatives (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    organization_id BIGINT REFERENCES organizations (id),
    partners TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    document_id BIGINT REFERENCES documents (id),
    admin_unit_id BIGINT REFERENCES admin_units (id),
    parent_id BIGINT REFERENCES initiatives (id),
    valid_from DATE,
    valid_to DATE,
    note TEXT COLLATE "C",
    name_folded TEXT COLLATE "C" NOT NULL,
    name_sort TEXT COLLATE "C" NOT NULL,
    CONSTRAINT initiatives_id_check CHECK (id > 0),
    CONSTRAINT initiatives_version_check CHECK (version >= 1),
    CONSTRAINT initiatives_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT initiatives_valid_from_check CHECK (valid_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT initiatives_valid_to_check CHECK (valid_to BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT initiatives_valid_from_valid_to_check CHECK (valid_to >= valid_from)
);

CREATE INDEX initiatives_updated_at_id ON initiatives (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_name_sort_id ON initiatives (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_kind_id ON initiatives (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_managed_by_id_id ON initiatives (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_organization_id_id ON initiatives (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_document_id_id ON initiatives (document_id, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_admin_unit_id_id ON initiatives (admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX initiatives_parent_id_id ON initiatives (parent_id, id) WHERE deleted_at IS NULL;

-- The partners of an initiative, in their order.
CREATE TABLE initiative_partners (
    initiative_id BIGINT NOT NULL REFERENCES initiatives (id),
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    position INTEGER NOT NULL,
    CONSTRAINT initiative_partners_pkey PRIMARY KEY (initiative_id, organization_id)
);

CREATE INDEX initiative_partners_organization_id_initiative_id ON initiative_partners (organization_id, initiative_id);
