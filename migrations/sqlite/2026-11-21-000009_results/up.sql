-- What came out: figures and awards.

-- Figures as a source states them. The rate that they come to is checked and never written over what was stated.
CREATE TABLE statistics (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    measure TEXT NOT NULL,
    subject TEXT,
    unit TEXT,
    period_from DATE,
    period_to DATE,
    period_text TEXT,
    numerator DOUBLE PRECISION,
    denominator DOUBLE PRECISION,
    stated_rate DOUBLE PRECISION,
    qualifier TEXT NOT NULL DEFAULT 'exact',
    raw_text TEXT,
    correction_text TEXT,
    conference_id BIGINT REFERENCES conferences (id),
    document_id BIGINT REFERENCES documents (id),
    initiative_id BIGINT REFERENCES initiatives (id),
    organization_id BIGINT REFERENCES organizations (id),
    admin_unit_id BIGINT REFERENCES admin_units (id),
    part_of_id BIGINT REFERENCES statistics (id),
    note TEXT,
    check_result TEXT NOT NULL,
    measure_folded TEXT NOT NULL,
    CONSTRAINT statistics_id_check CHECK (id > 0),
    CONSTRAINT statistics_version_check CHECK (version >= 1),
    CONSTRAINT statistics_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT statistics_period_from_check CHECK (
        date(period_from, '+0 days') IS period_from
        AND period_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT statistics_period_to_check CHECK (
        date(period_to, '+0 days') IS period_to
        AND period_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT statistics_period_from_period_to_check CHECK (period_to >= period_from),
    CONSTRAINT statistics_denominator_check CHECK (denominator > 0),
    CONSTRAINT statistics_numerator_check CHECK (numerator >= 0)
);

CREATE INDEX statistics_updated_at_id ON statistics (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_check_result_id ON statistics (check_result, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_managed_by_id_id ON statistics (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_conference_id_id ON statistics (conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_document_id_id ON statistics (document_id, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_initiative_id_id ON statistics (initiative_id, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_organization_id_id ON statistics (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_admin_unit_id_id ON statistics (admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX statistics_part_of_id_id ON statistics (part_of_id, id) WHERE deleted_at IS NULL;

-- Commendations: who gave what to whom, for what.
CREATE TABLE awards (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    kind TEXT NOT NULL,
    name TEXT,
    giver_id BIGINT REFERENCES organizations (id),
    giver_person_id BIGINT REFERENCES people (id),
    giver_text TEXT,
    presenter_id BIGINT REFERENCES people (id),
    presenter_text TEXT,
    presentation TEXT,
    collectives INTEGER,
    individuals INTEGER,
    undivided_count INTEGER,
    count_text TEXT,
    recipient_text TEXT,
    reason TEXT,
    documents TEXT NOT NULL DEFAULT '[]',
    initiatives TEXT NOT NULL DEFAULT '[]',
    conference_id BIGINT REFERENCES conferences (id),
    decision_document_id BIGINT REFERENCES documents (id),
    awarded_on DATE,
    note TEXT,
    awarded_on_key DATE NOT NULL,
    CONSTRAINT awards_id_check CHECK (id > 0),
    CONSTRAINT awards_version_check CHECK (version >= 1),
    CONSTRAINT awards_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT awards_awarded_on_check CHECK (
        date(awarded_on, '+0 days') IS awarded_on
        AND awarded_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT awards_collectives_check CHECK (collectives >= 0),
    CONSTRAINT awards_individuals_check CHECK (individuals >= 0),
    CONSTRAINT awards_undivided_count_check CHECK (undivided_count >= 0),
    CONSTRAINT awards_awarded_on_key_check CHECK (awarded_on_key = COALESCE(awarded_on, '0001-01-01'))
);

CREATE INDEX awards_updated_at_id ON awards (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_awarded_on_key_id ON awards (awarded_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_kind_id ON awards (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_managed_by_id_id ON awards (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_giver_id_id ON awards (giver_id, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_giver_person_id_id ON awards (giver_person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_presenter_id_id ON awards (presenter_id, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_conference_id_id ON awards (conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX awards_decision_document_id_id ON awards (decision_document_id, id) WHERE deleted_at IS NULL;

-- The documents for whose carrying out an award was given, in their order.
CREATE TABLE award_documents (
    award_id BIGINT NOT NULL REFERENCES awards (id),
    document_id BIGINT NOT NULL REFERENCES documents (id),
    position INTEGER NOT NULL,
    CONSTRAINT award_documents_pkey PRIMARY KEY (award_id, document_id)
) WITHOUT ROWID;

CREATE INDEX award_documents_document_id_award_id ON award_documents (document_id, award_id);

-- The initiatives for which an award was given, in their order.
CREATE TABLE award_initiatives (
    award_id BIGINT NOT NULL REFERENCES awards (id),
    initiative_id BIGINT NOT NULL REFERENCES initiatives (id),
    position INTEGER NOT NULL,
    CONSTRAINT award_initiatives_pkey PRIMARY KEY (award_id, initiative_id)
) WITHOUT ROWID;

CREATE INDEX award_initiatives_initiative_id_award_id ON award_initiatives (initiative_id, award_id);
