-- Drops what up.sql creates: sources, claims.

DROP TABLE claims;
DROP TABLE sources;
