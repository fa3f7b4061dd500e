-- Conferences and what belongs to them: documents, bridge points, participations, findings.

-- Conferences that disseminate, implement and review documents.
CREATE TABLE conferences (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    name TEXT COLLATE "C" NOT NULL,
    topic TEXT COLLATE "C",
    formats TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    mode TEXT COLLATE "C" NOT NULL DEFAULT 'unknown',
    level TEXT COLLATE "C",
    held_from DATE,
    held_to DATE,
    part_of_day TEXT COLLATE "C",
    date_precision TEXT COLLATE "C",
    year_inferred BOOLEAN NOT NULL DEFAULT FALSE,
    held_text TEXT COLLATE "C",
    place TEXT COLLATE "C",
    admin_unit_id BIGINT REFERENCES admin_units (id),
    convening_body_id BIGINT REFERENCES organizations (id),
    convening_text TEXT COLLATE "C",
    participants_complete BOOLEAN,
    participant_count INTEGER,
    period_reviewed_from DATE,
    period_reviewed_to DATE,
    parent_id BIGINT REFERENCES conferences (id),
    note TEXT COLLATE "C",
    name_folded TEXT COLLATE "C" NOT NULL,
    name_sort TEXT COLLATE "C" NOT NULL,
    held_from_key DATE NOT NULL,
    CONSTRAINT conferences_id_check CHECK (id > 0),
    CONSTRAINT conferences_version_check CHECK (version >= 1),
    CONSTRAINT conferences_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT conferences_held_from_check CHECK (held_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT conferences_held_to_check CHECK (held_to BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT conferences_period_reviewed_from_check CHECK (
        period_reviewed_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT conferences_period_reviewed_to_check CHECK (
        period_reviewed_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT conferences_held_from_key_check CHECK (held_from_key = COALESCE(held_from, '0001-01-01')),
    CONSTRAINT conferences_held_from_held_to_check CHECK (held_to >= held_from),
    CONSTRAINT conferences_period_reviewed_from_period_reviewed_to_check CHECK (
        period_reviewed_to >= period_reviewed_from
    )
);

CREATE INDEX conferences_updated_at_id ON conferences (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX conferences_held_from_key_id ON conferences (held_from_key, id) WHERE deleted_at IS NULL;
CREATE INDEX conferences_name_sort_id ON conferences (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX conferences_convening_body_id_held_from_key_id ON conferences (convening_body_id, held_from_key, id)
WHERE deleted_at IS NULL;
CREATE INDEX conferences_admin_unit_id_held_from_key_id ON conferences (admin_unit_id, held_from_key, id)
WHERE deleted_at IS NULL;
CREATE INDEX conferences_managed_by_id_id ON conferences (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conferences_admin_unit_id_id ON conferences (admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conferences_convening_body_id_id ON conferences (convening_body_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conferences_parent_id_id ON conferences (parent_id, id) WHERE deleted_at IS NULL;

-- What a conference did about a document, or about a subject that is no document.
-- The document may be missing: then an organization, an initiative or subject_text names what the conference was about.
CREATE TABLE conference_documents (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    conference_id BIGINT NOT NULL REFERENCES conferences (id),
    document_id BIGINT REFERENCES documents (id),
    organization_id BIGINT REFERENCES organizations (id),
    initiative_id BIGINT REFERENCES initiatives (id),
    subject_text TEXT COLLATE "C",
    activity TEXT COLLATE "C",
    citation_role TEXT COLLATE "C",
    review_years INTEGER,
    review_from DATE,
    review_to DATE,
    presenter_id BIGINT REFERENCES people (id),
    title_as_cited TEXT COLLATE "C",
    symbol_as_cited TEXT COLLATE "C",
    note TEXT COLLATE "C",
    CONSTRAINT conference_documents_id_check CHECK (id > 0),
    CONSTRAINT conference_documents_version_check CHECK (version >= 1),
    CONSTRAINT conference_documents_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT conference_documents_review_from_check CHECK (review_from BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT conference_documents_review_to_check CHECK (review_to BETWEEN '1900-01-01' AND '2199-12-31'),
    CONSTRAINT conference_documents_review_from_review_to_check CHECK (review_to >= review_from),
    CONSTRAINT conference_documents_subject_check CHECK (
        document_id IS NOT NULL OR organization_id IS NOT NULL OR initiative_id IS NOT NULL
        OR subject_text IS NOT NULL
    ),
    CONSTRAINT conference_documents_purpose_check CHECK (activity IS NOT NULL OR citation_role IS NOT NULL)
);

CREATE INDEX conference_documents_updated_at_id ON conference_documents (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_document_id_conference_id ON conference_documents (document_id, conference_id)
WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_activity_id ON conference_documents (activity, id) WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_managed_by_id_id ON conference_documents (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_conference_id_id ON conference_documents (conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_document_id_id ON conference_documents (document_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_organization_id_id ON conference_documents (organization_id, id)
WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_initiative_id_id ON conference_documents (initiative_id, id) WHERE deleted_at IS NULL;
CREATE INDEX conference_documents_presenter_id_id ON conference_documents (presenter_id, id) WHERE deleted_at IS NULL;

-- The places joined to a conference by video.
CREATE TABLE bridge_points (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    conference_id BIGINT NOT NULL REFERENCES conferences (id),
    name TEXT COLLATE "C",
    admin_unit_id BIGINT REFERENCES admin_units (id),
    organization_id BIGINT REFERENCES organizations (id),
    place TEXT COLLATE "C",
    main BOOLEAN NOT NULL DEFAULT FALSE,
    note TEXT COLLATE "C",
    CONSTRAINT bridge_points_id_check CHECK (id > 0),
    CONSTRAINT bridge_points_version_check CHECK (version >= 1),
    CONSTRAINT bridge_points_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT bridge_points_site_check CHECK (
        name IS NOT NULL OR admin_unit_id IS NOT NULL OR organization_id IS NOT NULL
    )
);

CREATE INDEX bridge_points_updated_at_id ON bridge_points (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX bridge_points_managed_by_id_id ON bridge_points (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX bridge_points_conference_id_id ON bridge_points (conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX bridge_points_admin_unit_id_id ON bridge_points (admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX bridge_points_organization_id_id ON bridge_points (organization_id, id) WHERE deleted_at IS NULL;

-- Who took part in a conference, in which roles, and from which bridge point.
CREATE TABLE participations (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    conference_id BIGINT NOT NULL REFERENCES conferences (id),
    person_id BIGINT REFERENCES people (id),
    organization_id BIGINT REFERENCES organizations (id),
    group_text TEXT COLLATE "C",
    roles TEXT COLLATE "C" NOT NULL,
    bridge_point_id BIGINT REFERENCES bridge_points (id),
    positions_as_stated TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    rank_title TEXT COLLATE "C",
    honorific TEXT COLLATE "C",
    head_count INTEGER,
    note TEXT COLLATE "C",
    CONSTRAINT participations_id_check CHECK (id > 0),
    CONSTRAINT participations_version_check CHECK (version >= 1),
    CONSTRAINT participations_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT participations_participant_check CHECK (
        person_id IS NOT NULL OR organization_id IS NOT NULL OR group_text IS NOT NULL
    ),
    CONSTRAINT participations_roles_check CHECK (roles <> '[]')
);

CREATE INDEX participations_updated_at_id ON participations (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX participations_managed_by_id_id ON participations (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX participations_conference_id_id ON participations (conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX participations_person_id_id ON participations (person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX participations_organization_id_id ON participations (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX participations_bridge_point_id_id ON participations (bridge_point_id, id) WHERE deleted_at IS NULL;

-- What a conference found: achievements, limitations, causes, forecasts, proposals.
CREATE TABLE findings (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT COLLATE "C" NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    conference_id BIGINT NOT NULL REFERENCES conferences (id),
    kind TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    document_id BIGINT REFERENCES documents (id),
    note TEXT COLLATE "C",
    text_folded TEXT COLLATE "C" NOT NULL,
    CONSTRAINT findings_id_check CHECK (id > 0),
    CONSTRAINT findings_version_check CHECK (version >= 1),
    CONSTRAINT findings_visibility_check CHECK (visibility IN ('public', 'internal'))
);

CREATE INDEX findings_updated_at_id ON findings (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX findings_managed_by_id_id ON findings (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX findings_conference_id_id ON findings (conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX findings_document_id_id ON findings (document_id, id) WHERE deleted_at IS NULL;
