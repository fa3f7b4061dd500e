-- Organizations, their committees and numbering periods, administrative units, and what became of either.
--
-- Every record: id (never reused), version, created_at, updated_at and deleted_at (microseconds since 1970, UTC),
-- visibility, and managed_by_id, the organization that owns it. *_folded, *_sort and *_key columns are derived on
-- write; a *_key repeats a nullable column with a sentinel for null, so that lists can be paged by it.
--
-- Columns that point to tables of later migrations are declared here; SQLite looks for the table only on a write.
-- Dates are text; with '+0 days' date() refuses what no calendar has, such as 2026-02-30, as PostgreSQL does.

-- Party committees, State bodies, associations and their units, each with a life span.
CREATE TABLE organizations (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    name TEXT NOT NULL,
    short_name TEXT,
    kind TEXT NOT NULL,
    level TEXT,
    symbol TEXT,
    admin_unit_id BIGINT REFERENCES admin_units (id),
    parent_id BIGINT REFERENCES organizations (id),
    valid_from DATE,
    valid_to DATE,
    edoc_code TEXT,
    provenance TEXT,
    note TEXT,
    name_folded TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    valid_from_key DATE NOT NULL,
    CONSTRAINT organizations_id_check CHECK (id > 0),
    CONSTRAINT organizations_version_check CHECK (version >= 1),
    CONSTRAINT organizations_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT organizations_valid_from_check CHECK (
        date(valid_from, '+0 days') IS valid_from
        AND valid_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT organizations_valid_to_check CHECK (
        date(valid_to, '+0 days') IS valid_to
        AND valid_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT organizations_valid_from_key_check CHECK (valid_from_key = COALESCE(valid_from, '0001-01-01')),
    CONSTRAINT organizations_valid_from_valid_to_check CHECK (valid_to >= valid_from)
);

CREATE INDEX organizations_updated_at_id ON organizations (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_name_sort_id ON organizations (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_valid_from_key_id ON organizations (valid_from_key, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_kind_level_id ON organizations (kind, level, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_symbol_id ON organizations (symbol, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_managed_by_id_id ON organizations (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_admin_unit_id_id ON organizations (admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_parent_id_id ON organizations (parent_id, id) WHERE deleted_at IS NULL;

-- Provinces, municipalities, districts, communes and wards. A code names a unit only together with a date.
CREATE TABLE admin_units (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    code TEXT,
    code_valid_from DATE,
    code_valid_to DATE,
    name TEXT NOT NULL,
    full_name TEXT,
    name_variants TEXT NOT NULL DEFAULT '[]',
    unit_type TEXT NOT NULL,
    level TEXT NOT NULL,
    parent_id BIGINT REFERENCES admin_units (id),
    region TEXT,
    edoc_code TEXT,
    valid_from DATE,
    valid_to DATE,
    provenance TEXT,
    note TEXT,
    name_folded TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    code_key TEXT NOT NULL,
    valid_from_key DATE NOT NULL,
    CONSTRAINT admin_units_id_check CHECK (id > 0),
    CONSTRAINT admin_units_version_check CHECK (version >= 1),
    CONSTRAINT admin_units_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT admin_units_code_valid_from_check CHECK (
        date(code_valid_from, '+0 days') IS code_valid_from
        AND code_valid_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT admin_units_code_valid_to_check CHECK (
        date(code_valid_to, '+0 days') IS code_valid_to
        AND code_valid_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT admin_units_valid_from_check CHECK (
        date(valid_from, '+0 days') IS valid_from
        AND valid_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT admin_units_valid_to_check CHECK (
        date(valid_to, '+0 days') IS valid_to
        AND valid_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT admin_units_code_key_check CHECK (code_key = COALESCE(code, '')),
    CONSTRAINT admin_units_valid_from_key_check CHECK (valid_from_key = COALESCE(valid_from, '0001-01-01')),
    CONSTRAINT admin_units_code_valid_from_code_valid_to_check CHECK (code_valid_to >= code_valid_from),
    CONSTRAINT admin_units_valid_from_valid_to_check CHECK (valid_to >= valid_from)
);

CREATE INDEX admin_units_updated_at_id ON admin_units (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX admin_units_name_sort_id ON admin_units (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX admin_units_code_key_id ON admin_units (code_key, id) WHERE deleted_at IS NULL;
CREATE INDEX admin_units_valid_from_key_id ON admin_units (valid_from_key, id) WHERE deleted_at IS NULL;
CREATE INDEX admin_units_managed_by_id_id ON admin_units (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX admin_units_parent_id_id ON admin_units (parent_id, id) WHERE deleted_at IS NULL;

-- Who sits on a committee: a person, a member organization, or only the words of the source.
CREATE TABLE committee_members (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    person_id BIGINT REFERENCES people (id),
    member_organization_id BIGINT REFERENCES organizations (id),
    member_text TEXT,
    role TEXT NOT NULL,
    ex_officio_title TEXT,
    valid_from DATE,
    valid_to DATE,
    established_by_id BIGINT REFERENCES documents (id),
    note TEXT,
    valid_from_key DATE NOT NULL,
    CONSTRAINT committee_members_id_check CHECK (id > 0),
    CONSTRAINT committee_members_version_check CHECK (version >= 1),
    CONSTRAINT committee_members_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT committee_members_valid_from_check CHECK (
        date(valid_from, '+0 days') IS valid_from
        AND valid_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT committee_members_valid_to_check CHECK (
        date(valid_to, '+0 days') IS valid_to
        AND valid_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT committee_members_valid_from_key_check CHECK (valid_from_key = COALESCE(valid_from, '0001-01-01')),
    CONSTRAINT committee_members_valid_from_valid_to_check CHECK (valid_to >= valid_from),
    CONSTRAINT committee_members_member_check CHECK (
        person_id IS NOT NULL OR member_organization_id IS NOT NULL OR member_text IS NOT NULL
    )
);

CREATE INDEX committee_members_updated_at_id ON committee_members (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX committee_members_valid_from_key_id ON committee_members (valid_from_key, id) WHERE deleted_at IS NULL;
CREATE INDEX committee_members_managed_by_id_id ON committee_members (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX committee_members_organization_id_id ON committee_members (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX committee_members_person_id_id ON committee_members (person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX committee_members_member_organization_id_id ON committee_members (member_organization_id, id)
WHERE deleted_at IS NULL;
CREATE INDEX committee_members_established_by_id_id ON committee_members (established_by_id, id)
WHERE deleted_at IS NULL;

-- What became of a unit or of an organization; many to many.
-- Either the two units or the two organizations are named, never both pairs. Only what is established comes from
-- nothing; only what is abolished leads to nothing.
CREATE TABLE successions (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    kind TEXT NOT NULL,
    from_admin_unit_id BIGINT REFERENCES admin_units (id),
    to_admin_unit_id BIGINT REFERENCES admin_units (id),
    from_organization_id BIGINT REFERENCES organizations (id),
    to_organization_id BIGINT REFERENCES organizations (id),
    effective_on DATE NOT NULL,
    legal_basis_id BIGINT REFERENCES documents (id),
    legal_basis_text TEXT,
    provenance TEXT,
    note TEXT,
    CONSTRAINT successions_id_check CHECK (id > 0),
    CONSTRAINT successions_version_check CHECK (version >= 1),
    CONSTRAINT successions_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT successions_effective_on_check CHECK (
        date(effective_on, '+0 days') IS effective_on
        AND effective_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT successions_pair_check CHECK (
        (from_admin_unit_id IS NULL AND to_admin_unit_id IS NULL)
        <> (from_organization_id IS NULL AND to_organization_id IS NULL)
    ),
    CONSTRAINT successions_from_check CHECK (
        kind = 'established' OR from_admin_unit_id IS NOT NULL OR from_organization_id IS NOT NULL
    ),
    CONSTRAINT successions_to_check CHECK (
        kind = 'abolished' OR to_admin_unit_id IS NOT NULL OR to_organization_id IS NOT NULL
    )
);

CREATE INDEX successions_updated_at_id ON successions (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_effective_on_id ON successions (effective_on, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_managed_by_id_id ON successions (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_from_admin_unit_id_id ON successions (from_admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_to_admin_unit_id_id ON successions (to_admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_from_organization_id_id ON successions (from_organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_to_organization_id_id ON successions (to_organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX successions_legal_basis_id_id ON successions (legal_basis_id, id) WHERE deleted_at IS NULL;

-- The span within which a body counts its documents: a term, a year or a legislature.
CREATE TABLE numbering_periods (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    provenance TEXT,
    note TEXT,
    CONSTRAINT numbering_periods_id_check CHECK (id > 0),
    CONSTRAINT numbering_periods_version_check CHECK (version >= 1),
    CONSTRAINT numbering_periods_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT numbering_periods_valid_from_check CHECK (
        date(valid_from, '+0 days') IS valid_from
        AND valid_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT numbering_periods_valid_to_check CHECK (
        date(valid_to, '+0 days') IS valid_to
        AND valid_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT numbering_periods_valid_from_valid_to_check CHECK (valid_to >= valid_from)
);

CREATE INDEX numbering_periods_updated_at_id ON numbering_periods (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX numbering_periods_valid_from_id ON numbering_periods (valid_from, id) WHERE deleted_at IS NULL;
CREATE INDEX numbering_periods_managed_by_id_id ON numbering_periods (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX numbering_periods_organization_id_id ON numbering_periods (organization_id, id) WHERE deleted_at IS NULL;
