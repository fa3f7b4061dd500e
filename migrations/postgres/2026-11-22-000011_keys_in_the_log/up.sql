-- The external key that a change gave its record stands in the row of the log, and is hashed with it. In the rows from
-- before there is none: the program sums up the keys that are there in one row of the log (src/changes/earlier_keys.rs).

ALTER TABLE changes ADD COLUMN key_system TEXT COLLATE "C";
ALTER TABLE changes ADD COLUMN external_key TEXT COLLATE "C";

-- Not UNIQUE, which the table of keys is: REPLACE on SQLite would delete the row in its way without asking a trigger.
CREATE INDEX changes_resource_key_system_external_key
ON changes (resource, key_system, external_key)
WHERE external_key IS NOT NULL;
