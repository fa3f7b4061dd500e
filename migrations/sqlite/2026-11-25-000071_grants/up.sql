-- What a user, or the key of a partner, may do and for whose records: for all of them, or for those of the bodies within an
-- area. The role of a user moves there.

-- SQLite drops no column that a constraint names: the tables are made anew, those that point at others first to go.
CREATE TEMPORARY TABLE kept_users AS SELECT * FROM users;
CREATE TEMPORARY TABLE kept_sessions AS SELECT * FROM sessions;
CREATE TEMPORARY TABLE kept_refresh_tokens AS SELECT * FROM refresh_tokens;
CREATE TEMPORARY TABLE kept_api_keys AS SELECT * FROM api_keys;

DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE api_keys;
DROP TABLE users;

-- A name is never given twice: who is deleted is disabled. `version` rises with all that must end sessions.
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    display_name TEXT,
    password_hash TEXT,
    must_change_password BOOLEAN NOT NULL,
    disabled_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_id_check CHECK (id > 0),
    CONSTRAINT users_version_check CHECK (version >= 1)
);

CREATE UNIQUE INDEX users_name ON users (name);

-- A family of refresh tokens, each of which is used once.
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

-- `hash` is the SHA-256 of the token, which is kept nowhere.
CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash)
);

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

-- `hash` is the SHA-256 of the key. A key stands for the user `user_id`, or for a partner, whom it names. `role` is the most
-- that it allows.
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
    CONSTRAINT api_keys_role_check CHECK (role IN ('reader', 'reviewer', 'editor', 'administrator'))
);

CREATE INDEX api_keys_user_id_id ON api_keys (user_id, id) WHERE user_id IS NOT NULL;

INSERT INTO users
SELECT id, name, display_name, password_hash, must_change_password, disabled_at, version, created_at, updated_at
FROM kept_users;

INSERT INTO sessions SELECT * FROM kept_sessions;

INSERT INTO refresh_tokens SELECT * FROM kept_refresh_tokens;

INSERT INTO api_keys SELECT * FROM kept_api_keys;

-- An organization or an administrative unit, with all that lies below it or became part of it.
CREATE TABLE areas (
    id INTEGER NOT NULL PRIMARY KEY,
    organization_id BIGINT REFERENCES organizations (id),
    admin_unit_id BIGINT REFERENCES admin_units (id),
    CONSTRAINT areas_id_check CHECK (id > 0),
    CONSTRAINT areas_place_check CHECK ((organization_id IS NULL) <> (admin_unit_id IS NULL))
);

CREATE UNIQUE INDEX areas_organization_id ON areas (organization_id) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX areas_admin_unit_id ON areas (admin_unit_id) WHERE admin_unit_id IS NOT NULL;

-- The organizations within each area, on the day of `area_day`.
CREATE TABLE area_organizations (
    area_id BIGINT NOT NULL REFERENCES areas (id),
    organization_id BIGINT NOT NULL REFERENCES organizations (id),
    CONSTRAINT area_organizations_pkey PRIMARY KEY (area_id, organization_id)
);

CREATE INDEX area_organizations_organization_id ON area_organizations (organization_id, area_id);

-- The administrative units within each area, likewise.
CREATE TABLE area_admin_units (
    area_id BIGINT NOT NULL REFERENCES areas (id),
    admin_unit_id BIGINT NOT NULL REFERENCES admin_units (id),
    CONSTRAINT area_admin_units_pkey PRIMARY KEY (area_id, admin_unit_id)
);

CREATE INDEX area_admin_units_admin_unit_id ON area_admin_units (admin_unit_id, area_id);

-- The day up to which successions count. There is a row after the first.
CREATE TABLE area_day (
    id INTEGER NOT NULL PRIMARY KEY,
    day DATE NOT NULL,
    CONSTRAINT area_day_id_check CHECK (id = 1)
);

-- Without an area the role is granted for every record.
CREATE TABLE grants (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id BIGINT REFERENCES users (id),
    api_key_id TEXT REFERENCES api_keys (id),
    role TEXT NOT NULL,
    area_id BIGINT REFERENCES areas (id),
    created_at BIGINT NOT NULL,
    CONSTRAINT grants_id_check CHECK (id > 0),
    CONSTRAINT grants_grantee_check CHECK ((user_id IS NULL) <> (api_key_id IS NULL)),
    CONSTRAINT grants_role_check CHECK (role IN ('reader', 'reviewer', 'editor', 'administrator'))
);

CREATE INDEX grants_user_id_area_id_role ON grants (user_id, area_id, role) WHERE user_id IS NOT NULL;
CREATE INDEX grants_api_key_id_area_id_role ON grants (api_key_id, area_id, role) WHERE api_key_id IS NOT NULL;

INSERT INTO grants (user_id, role, created_at)
SELECT id, role, created_at FROM kept_users ORDER BY id;

INSERT INTO grants (api_key_id, role, created_at)
SELECT id, role, created_at FROM kept_api_keys WHERE partner IS NOT NULL ORDER BY id;

DROP TABLE kept_users;
DROP TABLE kept_sessions;
DROP TABLE kept_refresh_tokens;
DROP TABLE kept_api_keys;
