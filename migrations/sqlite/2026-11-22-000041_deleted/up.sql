-- What was deleted lately stays in calendars for a while, as cancelled.
CREATE INDEX conferences_deleted_at_id ON conferences (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_deleted_at_id ON tasks (deleted_at, id) WHERE deleted_at IS NOT NULL;
