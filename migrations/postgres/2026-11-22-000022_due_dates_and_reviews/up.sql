-- What finds the day that extensions gave a task, and the few documents that order reviews of themselves.

CREATE INDEX extensions_granted ON extensions (task_id, decided_on, new_due_on)
WHERE status = 'granted' AND deleted_at IS NULL;
CREATE INDEX documents_review_schedule ON documents (id) WHERE review_schedule <> '[]' AND deleted_at IS NULL;
