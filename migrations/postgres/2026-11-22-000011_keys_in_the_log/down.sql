-- Drops what up.sql creates: the index and the two columns of changes.

DROP INDEX changes_resource_key_system_external_key;
ALTER TABLE changes DROP COLUMN external_key;
ALTER TABLE changes DROP COLUMN key_system;
