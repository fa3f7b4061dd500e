-- Triggers, run by the program after every migration; safe to run again.
--
-- The change log only grows: its rows are chained by hash, and history, audit and webhooks rest on them.

DROP TRIGGER IF EXISTS changes_no_update;

CREATE TRIGGER changes_no_update
BEFORE UPDATE ON changes
BEGIN
    SELECT RAISE(ABORT, 'changes is append-only');
END;

DROP TRIGGER IF EXISTS changes_no_delete;

CREATE TRIGGER changes_no_delete
BEFORE DELETE ON changes
BEGIN
    SELECT RAISE(ABORT, 'changes is append-only');
END;

-- REPLACE deletes the row in its way without asking the trigger above.
DROP TRIGGER IF EXISTS changes_no_replace;

CREATE TRIGGER changes_no_replace
BEFORE INSERT ON changes
WHEN EXISTS (SELECT 1 FROM changes WHERE sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'changes is append-only');
END;
