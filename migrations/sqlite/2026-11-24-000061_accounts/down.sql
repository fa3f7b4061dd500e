-- Drops what up.sql creates.

DROP TABLE account_counter;
DROP TABLE security_events;
DROP TABLE signing_keys;
DROP TABLE api_keys;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users;
