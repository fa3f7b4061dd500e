-- Takes back what up.sql does. Who is granted something for an area alone keeps no more than reading, and a reviewer reads.

CREATE TEMPORARY TABLE kept_users AS
SELECT users.*, COALESCE((SELECT CASE MAX(CASE grants.role WHEN 'administrator' THEN 3 WHEN 'editor' THEN 2 ELSE 1 END) WHEN 3 THEN 'administrator' WHEN 2 THEN 'editor' ELSE 'reader' END FROM grants WHERE user_id = users.id AND area_id IS NULL), 'reader') AS role FROM users;
CREATE TEMPORARY TABLE kept_sessions AS SELECT * FROM sessions;
CREATE TEMPORARY TABLE kept_refresh_tokens AS SELECT * FROM refresh_tokens;
CREATE TEMPORARY TABLE kept_api_keys AS SELECT * FROM api_keys;

DROP TABLE grants;
DROP TABLE area_day;
DROP TABLE area_admin_units;
DROP TABLE area_organizations;
DROP TABLE areas;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE api_keys;
DROP TABLE users;

CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    display_name TEXT,
    password_hash TEXT,
    must_change_password BOOLEAN NOT NULL,
    role TEXT NOT NULL,
    disabled_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_id_check CHECK (id > 0),
    CONSTRAINT users_version_check CHECK (version >= 1),
    CONSTRAINT users_role_check CHECK (role IN ('reader', 'editor', 'administrator'))
);

CREATE UNIQUE INDEX users_name ON users (name);

CREATE TABLE sessions (
    id TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT,
    CONSTRAINT sessions_pkey PRIMARY KEY (id)
);

CREATE INDEX sessions_user_id_id ON sessions (user_id, id);
CREATE INDEX sessions_ended_at_id ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;

CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash)
);

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE TABLE api_keys (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    user_id BIGINT REFERENCES users (id),
    partner TEXT,
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    rotated_from TEXT REFERENCES api_keys (id),
    revoked_at BIGINT,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_owner_check CHECK ((user_id IS NULL) <> (partner IS NULL)),
    CONSTRAINT api_keys_role_check CHECK (role IN ('reader', 'editor', 'administrator'))
);

CREATE INDEX api_keys_user_id_id ON api_keys (user_id, id) WHERE user_id IS NOT NULL;

INSERT INTO users SELECT id, name, display_name, password_hash, must_change_password, role, disabled_at, version, created_at, updated_at FROM kept_users;
INSERT INTO sessions SELECT * FROM kept_sessions;
INSERT INTO refresh_tokens SELECT * FROM kept_refresh_tokens;
UPDATE kept_api_keys SET role = 'reader' WHERE role = 'reviewer';
INSERT INTO api_keys SELECT * FROM kept_api_keys;

DROP TABLE kept_users;
DROP TABLE kept_sessions;
DROP TABLE kept_refresh_tokens;
DROP TABLE kept_api_keys;
