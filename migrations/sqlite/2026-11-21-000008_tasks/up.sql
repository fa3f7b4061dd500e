-- Tasks and what belongs to them: assignments, updates, extensions, evidence; and what is expected of whom.

-- What a document or a conference asks somebody to do.
CREATE TABLE tasks (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    content TEXT NOT NULL,
    code TEXT,
    origin TEXT,
    origin_conference_id BIGINT REFERENCES conferences (id),
    origin_document_id BIGINT REFERENCES documents (id),
    documents TEXT NOT NULL DEFAULT '[]',
    conferences TEXT NOT NULL DEFAULT '[]',
    issued_by_id BIGINT REFERENCES organizations (id),
    issued_by_person_id BIGINT REFERENCES people (id),
    issued_by_text TEXT,
    issued_on DATE,
    deadline_kind TEXT NOT NULL DEFAULT 'none_stated',
    due_on DATE,
    due_days INTEGER,
    deadline_text TEXT,
    recurrence TEXT,
    period_from DATE,
    period_to DATE,
    product TEXT,
    urgency TEXT,
    state TEXT NOT NULL DEFAULT 'not_started',
    state_reason TEXT,
    completed_on DATE,
    parent_id BIGINT REFERENCES tasks (id),
    note TEXT,
    content_folded TEXT NOT NULL,
    issued_on_key DATE NOT NULL,
    due_on_key DATE NOT NULL,
    CONSTRAINT tasks_id_check CHECK (id > 0),
    CONSTRAINT tasks_version_check CHECK (version >= 1),
    CONSTRAINT tasks_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT tasks_issued_on_check CHECK (
        date(issued_on, '+0 days') IS issued_on
        AND issued_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT tasks_due_on_check CHECK (
        date(due_on, '+0 days') IS due_on
        AND due_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT tasks_period_from_check CHECK (
        date(period_from, '+0 days') IS period_from
        AND period_from BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT tasks_period_to_check CHECK (
        date(period_to, '+0 days') IS period_to
        AND period_to BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT tasks_completed_on_check CHECK (
        date(completed_on, '+0 days') IS completed_on
        AND completed_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT tasks_period_from_period_to_check CHECK (period_to >= period_from),
    CONSTRAINT tasks_issued_on_key_check CHECK (issued_on_key = COALESCE(issued_on, '0001-01-01')),
    CONSTRAINT tasks_due_days_check CHECK (due_days BETWEEN 1 AND 3650),
    CONSTRAINT tasks_completed_check CHECK (state <> 'completed' OR completed_on IS NOT NULL)
);

CREATE INDEX tasks_updated_at_id ON tasks (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_issued_on_key_id ON tasks (issued_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_due_on_key_id ON tasks (due_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_state_due_on_key_id ON tasks (state, due_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_issued_by_id_issued_on_key_id ON tasks (issued_by_id, issued_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_managed_by_id_id ON tasks (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_origin_conference_id_id ON tasks (origin_conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_origin_document_id_id ON tasks (origin_document_id, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_issued_by_id_id ON tasks (issued_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_issued_by_person_id_id ON tasks (issued_by_person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_parent_id_id ON tasks (parent_id, id) WHERE deleted_at IS NULL;

-- The documents that a task speaks of, in their order.
CREATE TABLE task_documents (
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    document_id BIGINT NOT NULL REFERENCES documents (id),
    position INTEGER NOT NULL,
    CONSTRAINT task_documents_pkey PRIMARY KEY (task_id, document_id)
) WITHOUT ROWID;

CREATE INDEX task_documents_document_id_task_id ON task_documents (document_id, task_id);

-- The conferences that a task goes back to, in their order.
CREATE TABLE task_conferences (
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    conference_id BIGINT NOT NULL REFERENCES conferences (id),
    position INTEGER NOT NULL,
    CONSTRAINT task_conferences_pkey PRIMARY KEY (task_id, conference_id)
) WITHOUT ROWID;

CREATE INDEX task_conferences_conference_id_task_id ON task_conferences (conference_id, task_id);

-- Who is to do a task, in which role.
CREATE TABLE assignments (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    role TEXT NOT NULL,
    organization_id BIGINT REFERENCES organizations (id),
    person_id BIGINT REFERENCES people (id),
    class_kind TEXT,
    class_level TEXT,
    class_admin_unit_id BIGINT REFERENCES admin_units (id),
    assignee_text TEXT,
    note TEXT,
    CONSTRAINT assignments_id_check CHECK (id > 0),
    CONSTRAINT assignments_version_check CHECK (version >= 1),
    CONSTRAINT assignments_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT assignments_assignee_check CHECK (
        organization_id IS NOT NULL OR person_id IS NOT NULL OR class_kind IS NOT NULL OR class_level IS NOT NULL
        OR assignee_text IS NOT NULL
    )
);

CREATE INDEX assignments_updated_at_id ON assignments (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX assignments_managed_by_id_id ON assignments (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX assignments_task_id_id ON assignments (task_id, id) WHERE deleted_at IS NULL;
CREATE INDEX assignments_organization_id_id ON assignments (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX assignments_person_id_id ON assignments (person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX assignments_class_admin_unit_id_id ON assignments (class_admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX assignments_one_lead ON assignments (task_id) WHERE role = 'lead' AND deleted_at IS NULL;

-- What was reported of a task, and when. Never changed.
CREATE TABLE task_updates (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    organization_id BIGINT REFERENCES organizations (id),
    person_id BIGINT REFERENCES people (id),
    reported_on DATE NOT NULL,
    reporting_period TEXT,
    state TEXT,
    progress INTEGER,
    text TEXT NOT NULL,
    document_id BIGINT REFERENCES documents (id),
    note TEXT,
    text_folded TEXT NOT NULL,
    CONSTRAINT task_updates_id_check CHECK (id > 0),
    CONSTRAINT task_updates_version_check CHECK (version >= 1),
    CONSTRAINT task_updates_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT task_updates_reported_on_check CHECK (
        date(reported_on, '+0 days') IS reported_on
        AND reported_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT task_updates_progress_check CHECK (progress BETWEEN 0 AND 100)
);

CREATE INDEX task_updates_updated_at_id ON task_updates (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX task_updates_reported_on_id ON task_updates (reported_on, id) WHERE deleted_at IS NULL;
CREATE INDEX task_updates_managed_by_id_id ON task_updates (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_updates_task_id_id ON task_updates (task_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_updates_organization_id_id ON task_updates (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_updates_person_id_id ON task_updates (person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX task_updates_document_id_id ON task_updates (document_id, id) WHERE deleted_at IS NULL;

-- Requests for a later due date of a task, and what was decided. The request is never changed.
CREATE TABLE extensions (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    requested_by_id BIGINT REFERENCES organizations (id),
    requested_by_person_id BIGINT REFERENCES people (id),
    requested_on DATE NOT NULL,
    requested_due_on DATE NOT NULL,
    reason TEXT,
    status TEXT NOT NULL DEFAULT 'requested',
    decided_by_id BIGINT REFERENCES organizations (id),
    decided_by_person_id BIGINT REFERENCES people (id),
    decided_on DATE,
    new_due_on DATE,
    decision_text TEXT,
    note TEXT,
    CONSTRAINT extensions_id_check CHECK (id > 0),
    CONSTRAINT extensions_version_check CHECK (version >= 1),
    CONSTRAINT extensions_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT extensions_requested_on_check CHECK (
        date(requested_on, '+0 days') IS requested_on
        AND requested_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT extensions_requested_due_on_check CHECK (
        date(requested_due_on, '+0 days') IS requested_due_on
        AND requested_due_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT extensions_decided_on_check CHECK (
        date(decided_on, '+0 days') IS decided_on
        AND decided_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT extensions_new_due_on_check CHECK (
        date(new_due_on, '+0 days') IS new_due_on
        AND new_due_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT extensions_decided_check CHECK ((status = 'requested') = (decided_on IS NULL)),
    CONSTRAINT extensions_granted_check CHECK ((status = 'granted') = (new_due_on IS NOT NULL))
);

CREATE INDEX extensions_updated_at_id ON extensions (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_status_new_due_on_task_id ON extensions (status, new_due_on, task_id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_managed_by_id_id ON extensions (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_task_id_id ON extensions (task_id, id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_requested_by_id_id ON extensions (requested_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_requested_by_person_id_id ON extensions (requested_by_person_id, id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_decided_by_id_id ON extensions (decided_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX extensions_decided_by_person_id_id ON extensions (decided_by_person_id, id) WHERE deleted_at IS NULL;

-- What proves that a task was done, and whether that was accepted. What was submitted is never changed.
CREATE TABLE evidence_documents (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    document_id BIGINT REFERENCES documents (id),
    symbol TEXT,
    title TEXT,
    issued_on DATE,
    recipient_id BIGINT REFERENCES organizations (id),
    recipient_text TEXT,
    submitted_by_id BIGINT REFERENCES organizations (id),
    submitted_by_person_id BIGINT REFERENCES people (id),
    submitted_on DATE NOT NULL,
    web_url TEXT,
    status TEXT NOT NULL DEFAULT 'submitted',
    decided_by_id BIGINT REFERENCES organizations (id),
    decided_by_person_id BIGINT REFERENCES people (id),
    decided_on DATE,
    decision_text TEXT,
    note TEXT,
    CONSTRAINT evidence_documents_id_check CHECK (id > 0),
    CONSTRAINT evidence_documents_version_check CHECK (version >= 1),
    CONSTRAINT evidence_documents_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT evidence_documents_issued_on_check CHECK (
        date(issued_on, '+0 days') IS issued_on
        AND issued_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT evidence_documents_submitted_on_check CHECK (
        date(submitted_on, '+0 days') IS submitted_on
        AND submitted_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT evidence_documents_decided_on_check CHECK (
        date(decided_on, '+0 days') IS decided_on
        AND decided_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT evidence_documents_evidence_check CHECK (
        document_id IS NOT NULL OR symbol IS NOT NULL OR title IS NOT NULL OR web_url IS NOT NULL
    ),
    CONSTRAINT evidence_documents_decided_check CHECK ((status = 'submitted') = (decided_on IS NULL))
);

CREATE INDEX evidence_documents_updated_at_id ON evidence_documents (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_status_id ON evidence_documents (status, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_managed_by_id_id ON evidence_documents (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_task_id_id ON evidence_documents (task_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_document_id_id ON evidence_documents (document_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_recipient_id_id ON evidence_documents (recipient_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_submitted_by_id_id ON evidence_documents (submitted_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_submitted_by_person_id_id ON evidence_documents (submitted_by_person_id, id)
WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_decided_by_id_id ON evidence_documents (decided_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX evidence_documents_decided_by_person_id_id ON evidence_documents (decided_by_person_id, id)
WHERE deleted_at IS NULL;

-- What a body, or a class of bodies, is expected to do about a document, by when, and who said so.
CREATE TABLE expectations (
    id INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    visibility TEXT NOT NULL,
    managed_by_id BIGINT REFERENCES organizations (id),
    milestone TEXT NOT NULL,
    document_id BIGINT REFERENCES documents (id),
    organization_id BIGINT REFERENCES organizations (id),
    class_kind TEXT,
    class_level TEXT,
    class_admin_unit_id BIGINT REFERENCES admin_units (id),
    expected_text TEXT,
    content TEXT,
    origin_conference_id BIGINT REFERENCES conferences (id),
    origin_document_id BIGINT REFERENCES documents (id),
    due_on DATE,
    deadline_text TEXT,
    note TEXT,
    due_on_key DATE NOT NULL,
    CONSTRAINT expectations_id_check CHECK (id > 0),
    CONSTRAINT expectations_version_check CHECK (version >= 1),
    CONSTRAINT expectations_visibility_check CHECK (visibility IN ('public', 'internal')),
    CONSTRAINT expectations_due_on_check CHECK (
        date(due_on, '+0 days') IS due_on
        AND due_on BETWEEN '1900-01-01' AND '2199-12-31'
    ),
    CONSTRAINT expectations_expected_check CHECK (
        organization_id IS NOT NULL OR class_kind IS NOT NULL OR class_level IS NOT NULL OR expected_text IS NOT NULL
    ),
    CONSTRAINT expectations_subject_check CHECK (document_id IS NOT NULL OR content IS NOT NULL),
    CONSTRAINT expectations_due_on_key_check CHECK (due_on_key = COALESCE(due_on, '0001-01-01'))
);

CREATE INDEX expectations_updated_at_id ON expectations (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_due_on_key_id ON expectations (due_on_key, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_document_id_milestone_id ON expectations (document_id, milestone, id)
WHERE deleted_at IS NULL;
CREATE INDEX expectations_managed_by_id_id ON expectations (managed_by_id, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_document_id_id ON expectations (document_id, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_organization_id_id ON expectations (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_class_admin_unit_id_id ON expectations (class_admin_unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_origin_conference_id_id ON expectations (origin_conference_id, id) WHERE deleted_at IS NULL;
CREATE INDEX expectations_origin_document_id_id ON expectations (origin_document_id, id) WHERE deleted_at IS NULL;
