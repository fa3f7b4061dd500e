-- Triggers, run by the program after every migration; safe to run again.
--
-- The change log only grows: its rows are chained by hash, and history, audit and webhooks rest on them.

CREATE OR REPLACE FUNCTION changes_append_only() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'changes is append-only';
END;
$$;

DROP TRIGGER IF EXISTS changes_no_update ON changes;

CREATE TRIGGER changes_no_update
BEFORE UPDATE ON changes
FOR EACH STATEMENT
EXECUTE FUNCTION changes_append_only();

DROP TRIGGER IF EXISTS changes_no_delete ON changes;

CREATE TRIGGER changes_no_delete
BEFORE DELETE OR TRUNCATE ON changes
FOR EACH STATEMENT
EXECUTE FUNCTION changes_append_only();
