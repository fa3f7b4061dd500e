-- Who may sign in, and with what. Accounts are no records: they stand neither in the change log nor in an export.

-- A name is never given twice: who is deleted is disabled. `version` rises with all that must end sessions.
CREATE TABLE users (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C",
    password_hash TEXT COLLATE "C",
    must_change_password BOOLEAN NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    disabled_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_id_check CHECK (id > 0),
    CONSTRAINT users_version_check CHECK (version >= 1),
    CONSTRAINT users_role_check CHECK (role IN ('reader', 'editor', 'administrator'))
);

CREATE UNIQUE INDEX users_name ON users (name);

-- A family of refresh tokens, each of which is used once.
CREATE TABLE sessions (
    id TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT COLLATE "C",
    CONSTRAINT sessions_pkey PRIMARY KEY (id)
);

CREATE INDEX sessions_user_id_id ON sessions (user_id, id);
CREATE INDEX sessions_ended_at_id ON sessions (ended_at, id) WHERE ended_at IS NOT NULL;

-- `hash` is the SHA-256 of the token, which is kept nowhere.
CREATE TABLE refresh_tokens (
    hash TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash)
);

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

-- `hash` is the SHA-256 of the key. A key stands for the user `user_id`, or for a partner, whom it names.
CREATE TABLE api_keys (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    user_id BIGINT REFERENCES users (id),
    partner TEXT COLLATE "C",
    role TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    rotated_from TEXT COLLATE "C" REFERENCES api_keys (id),
    revoked_at BIGINT,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_owner_check CHECK ((user_id IS NULL) <> (partner IS NULL)),
    CONSTRAINT api_keys_role_check CHECK (role IN ('reader', 'editor', 'administrator'))
);

CREATE INDEX api_keys_user_id_id ON api_keys (user_id, id) WHERE user_id IS NOT NULL;

-- The keys of access tokens. The private one is sealed under the secret of the service.
CREATE TABLE signing_keys (
    id TEXT COLLATE "C" NOT NULL,
    public_key TEXT COLLATE "C" NOT NULL,
    sealed_private_key TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    used_from BIGINT NOT NULL,
    retired_at BIGINT,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id)
);

-- What happened to accounts and credentials, a year of it.
CREATE TABLE security_events (
    id BIGINT NOT NULL PRIMARY KEY,
    recorded_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C",
    credential TEXT COLLATE "C",
    address TEXT COLLATE "C",
    request_id TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    CONSTRAINT security_events_id_check CHECK (id > 0)
);

CREATE INDEX security_events_recorded_at_id ON security_events (recorded_at, id);
CREATE INDEX security_events_user_name_id ON security_events (user_name, id);

-- Rises with each write that others have to know of, so that they read it all again. There is a row after the first.
CREATE TABLE account_counter (
    id BIGINT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    CONSTRAINT account_counter_id_check CHECK (id = 1)
);
