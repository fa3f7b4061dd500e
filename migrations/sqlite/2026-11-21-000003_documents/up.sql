-- Documents, the bodies that adopted them, and the links between them.

-- Guiding documents: directives, conclusions, resolutions, plans and the rest; stubs and drafts too.
-- The identity index is what makes a number unique: a symbol alone is ambiguous.
CREATE TABLE documents (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    numbering_body_id BIGINT REFERENCES organizations (id),
    adopted_by TEXT NOT NULL DEFAULT '[]',
    number INTEGER,
    suffix TEXT NOT NULL DEFAULT '',
    numbering_period_id BIGINT REFERENCES numbering_periods (id),
    symbol TEXT,
    symbol_as_printed TEXT,
    title TEXT NOT NULL,
    issued_on DATE,
    issued_on_precision TEXT,
    issued_on_text TEXT,
    adopted_on DATE,
    effective_on DATE,
    expires_on DATE,
    place TEXT,
    signer_id BIGINT REFERENCES people (id),
    signer_text TEXT,
    status TEXT NOT NULL DEFAULT 'unknown',
    urgency TEXT,
    review_schedule TEXT NOT NULL DEFAULT '[]',
    provenance TEXT,
    note TEXT,
    symbol_folded TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    identity_complete BOOLEAN NOT NULL,
    issued_on_key DATE NOT NULL,
    number_key INTEGER NOT NULL,
    CONSTRAINT documents_id_check CHECK (id > 0),
    CONSTRAINT documents_version_check CHECK (version >= 1),
    CONSTRAINT documents_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT documents_issued_on_check CHECK (
        date(issued_on, '+0 days') IS issued_on
        AND issued_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT documents_adopted_on_check CHECK (
        date(adopted_on, '+0 days') IS adopted_on
        AND adopted_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT documents_effective_on_check CHECK (
        date(effective_on, '+0 days') IS effective_on
        AND effective_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT documents_expires_on_check CHECK (
        date(expires_on, '+0 days') IS expires_on
        AND expires_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT documents_identity_complete_check CHECK (identity_complete IN (0, 1)),
    CONSTRAINT documents_issued_on_key_check CHECK (issued_on_key = COALESCE(issued_on, '0001-01-01')),
    CONSTRAINT documents_number_key_check CHECK (number_key = COALESCE(number, 0)),
    CONSTRAINT documents_number_check CHECK (number > 0)
);

CREATE INDEX documents_updated_at_id ON documents (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_issued_on_key_id ON documents (issued_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_number_key_id ON documents (number_key, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_title_sort_id ON documents (title_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_symbol_folded_id ON documents (symbol_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_kind_issued_on_key_id ON documents (kind, issued_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_numbering_body_id_issued_on_key_id ON documents (numbering_body_id, issued_on_key, id)
WHERE deleted_at IS NULL;
CREATE INDEX documents_status_issued_on_key_id ON documents (status, issued_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_managed_by_id_id ON documents (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_numbering_body_id_id ON documents (numbering_body_id, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_numbering_period_id_id ON documents (numbering_period_id, id) WHERE deleted_at IS NULL;
CREATE INDEX documents_signer_id_id ON documents (signer_id, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX documents_identity ON documents (numbering_body_id, kind, number, suffix, numbering_period_id)
WHERE deleted_at IS NULL AND number IS NOT NULL AND numbering_period_id IS NOT NULL;

-- The index of documents.adopted_by, for the lists of what a body adopted. Not a record of its own: it changes with its
-- document.
CREATE TABLE document_adopters (
    document_id BIGINT NOT NULL REFERENCES documents (id),
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    position INTEGER NOT NULL,
    CONSTRAINT document_adopters_pkey PRIMARY KEY (document_id, organization_id)
) WITHOUT ROWID;

CREATE INDEX document_adopters_organization_id_document_id ON document_adopters (organization_id, document_id);

-- How one document bears on another: implements, replaces, amends...
CREATE TABLE document_links (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    from_id BIGINT NOT NULL REFERENCES documents (id),
    to_id BIGINT NOT NULL REFERENCES documents (id),
    kind TEXT NOT NULL,
    stated_on DATE,
    provenance TEXT,
    note TEXT,
    CONSTRAINT document_links_id_check CHECK (id > 0),
    CONSTRAINT document_links_version_check CHECK (version >= 1),
    CONSTRAINT document_links_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT document_links_stated_on_check CHECK (
        date(stated_on, '+0 days') IS stated_on
        AND stated_on BETWEEN '1900-01-01' AND '2199-12-31'
    )
);

CREATE INDEX document_links_updated_at_id ON document_links (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX document_links_managed_by_id_id ON document_links (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX document_links_from_id_id ON document_links (from_id, id) WHERE deleted_at IS NULL;
CREATE INDEX document_links_to_id_id ON document_links (to_id, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX document_links_from_id_to_id_kind ON document_links (from_id, to_id, kind)
WHERE deleted_at IS NULL;
