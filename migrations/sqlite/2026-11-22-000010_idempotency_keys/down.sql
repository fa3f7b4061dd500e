-- Drops what up.sql creates: idempotency_keys.

DROP TABLE idempotency_keys;
