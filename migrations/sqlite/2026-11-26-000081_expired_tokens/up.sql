-- What has expired is removed a few at a time.
CREATE INDEX refresh_tokens_expires_at_hash ON refresh_tokens (expires_at, hash);
