-- Drops what up.sql creates: changes, external_keys.

DROP TABLE external_keys;
DROP TABLE changes;
