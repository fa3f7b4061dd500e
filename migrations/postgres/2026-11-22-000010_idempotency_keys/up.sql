-- The answers to requests that came with an Idempotency-Key.

-- One row for each key of a caller and a route, written in the transaction of the effect that it answers for. Without an
-- answer it says that `instance`, one run of the program, was at work on the request at `recorded_at`.
CREATE TABLE idempotency_keys (
    subject TEXT COLLATE "C" NOT NULL,
    route TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    instance TEXT COLLATE "C" NOT NULL,
    answer TEXT COLLATE "C",
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (subject, route, key)
);

CREATE INDEX idempotency_keys_recorded_at ON idempotency_keys (recorded_at);
