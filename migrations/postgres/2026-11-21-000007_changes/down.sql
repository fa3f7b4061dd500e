-- Drops what up.sql creates: changes, external_keys.

DROP TABLE external_keys;
DROP TABLE changes;

-- Created by triggers.sql.
DROP FUNCTION IF EXISTS changes_append_only();
