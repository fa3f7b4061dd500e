-- What a user, or the key of a partner, may do and for whose records: for all of them, or for those of the bodies within an
-- area. The role of a user moves there.

ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_role_check CHECK (role IN ('reader', 'reviewer', 'editor', 'administrator'));

-- An organization or an administrative unit, with all that lies below it or became part of it.
CREATE TABLE areas (
    id BIGINT NOT NULL PRIMARY KEY,
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
    id BIGINT NOT NULL PRIMARY KEY,
    day DATE NOT NULL,
    CONSTRAINT area_day_id_check CHECK (id = 1)
);

-- Without an area the role is granted for every record.
CREATE TABLE grants (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT REFERENCES users (id),
    api_key_id TEXT COLLATE "C" REFERENCES api_keys (id),
    role TEXT COLLATE "C" NOT NULL,
    area_id BIGINT REFERENCES areas (id),
    created_at BIGINT NOT NULL,
    CONSTRAINT grants_id_check CHECK (id > 0),
    CONSTRAINT grants_grantee_check CHECK ((user_id IS NULL) <> (api_key_id IS NULL)),
    CONSTRAINT grants_role_check CHECK (role IN ('reader', 'reviewer', 'editor', 'administrator'))
);

CREATE INDEX grants_user_id_area_id_role ON grants (user_id, area_id, role) WHERE user_id IS NOT NULL;
CREATE INDEX grants_api_key_id_area_id_role ON grants (api_key_id, area_id, role) WHERE api_key_id IS NOT NULL;

INSERT INTO grants (id, user_id, role, created_at)
SELECT row_number() OVER (ORDER BY id), id, role, created_at FROM users;

INSERT INTO grants (id, api_key_id, role, created_at)
SELECT (SELECT count(*) FROM users) + row_number() OVER (ORDER BY id), id, role, created_at
FROM api_keys WHERE partner IS NOT NULL;

ALTER TABLE users DROP COLUMN role;
