-- Documents, the bodies that adopted them, and the links between them.

-- Guiding documents: directives, conclusions, resolutions, plans and the rest; stubs and drafts too.
-- The identity index is what makes a number unique: a symbol alone is ambiguous.
CREATE TABLE documents (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    system TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    numbering_body_id BIGINT REFERENCES organizations (id),
    adopted_by TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    number INTEGER,
    suffix TEXT COLLATE "C" NOT NULL DEFAULT '',
    numbering_period_id BIGINT REFERENCES numbering_periods (id),
    symbol TEXT COLLATE "C",
    symbol_as_printed TEXT COLLATE "C",
    title TEXT COLLATE "C" NOT NULL,
    issued_on DATE,
    issued_on_precision TEXT COLLATE "C",
    issued_on_text TEXT COLLATE "C",
    adopted_on DATE,
    effective_on DATE,
    expires_on DATE,
    place TEXT COLLATE "C",
    signer_id BIGINT REFERENCES people (id),
    signer_text TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL DEFAULT 'unknown',
    urgency TEXT COLLATE "C",
    review_schedule TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    provenance TEXT COLLATE "C",
    note TEXT COLLATE "C",
    symbol_folded TEXT COLLATE "C" NOT NULL,
    title_folded TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    identity_complete BOOLEAN NOT NULL,
    issued_on_key DATE NOT NULL,
    number_key INTEGER NOT NULL,
    CONSTRAINT documents_id_check CHECK (id > 0),
    CONSTRAINT documents_version_check CHECK (version >= 1),
    CONSTRAINT documents_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT documents_issued_on_check CHECK (issued_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT documents_adopted_on_check CHECK (adopted_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT documents_effective_on_check CHECK (effective_on BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT documents_expires_on_check CHECK (expires_on BETWEEN '1900-01-01' AND '2199-12-31'),
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

ALTER TABLE committee_members
ADD CONSTRAINT committee_members_established_by_id_fkey FOREIGN KEY (established_by_id) REFERENCES documents (id);

ALTER TABLE successions
ADD CONSTRAINT successions_legal_basis_id_fkey FOREIGN KEY (legal_basis_id) REFERENCES documents (id);

-- The index of documents.adopted_by, for the lists of what a body adopted. Not a record of its own: it changes with its
-- document.
CREATE TABLE document_adopters (
    document_id BIGINT NOT NULL REFERENCES documents (id),
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    position INTEGER NOT NULL,
    CONSTRAINT document_adopters_pkey PRIMARY KEY (document_id, organization_id)
);

CREATE INDEX document_adopters_organization_id_document_id ON document_adopters (organization_id, document_id);

-- How one document bears on another: implements, replaces, amends...
CREATE TABLE document_links (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    from_id BIGINT NOT NULL REFERENCES documents (id),
    to_id BIGINT NOT NULL REFERENCES documents (id),
    kind TEXT COLLATE "C" NOT NULL,
    stated_on DATE,
    provenance TEXT COLLATE "C",
    note TEXT COLLATE "C",
    CONSTRAINT document_links_id_check CHECK (id > 0),
    CONSTRAINT document_links_version_check CHECK (version >= 1),
    CONSTRAINT document_links_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT document_links_stated_on_check CHECK (stated_on BETWEEN '1900-01-01' AND '2199-12-31')
);

CREATE INDEX document_links_updated_at_id ON document_links (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX document_links_managed_by_id_id ON document_links (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX document_links_from_id_id ON document_links (from_id, id) WHERE deleted_at IS NULL;
CREATE INDEX document_links_to_id_id ON document_links (to_id, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX document_links_from_id_to_id_kind ON document_links (from_id, to_id, kind)
WHERE deleted_at IS NULL;
