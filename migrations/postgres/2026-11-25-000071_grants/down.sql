-- Takes back what up.sql does. Who is granted something for an area alone keeps no more than reading, and a reviewer reads.

ALTER TABLE users ADD COLUMN role TEXT COLLATE "C";
UPDATE users SET role = COALESCE((SELECT CASE MAX(CASE grants.role WHEN 'administrator' THEN 3 WHEN 'editor' THEN 2 ELSE 1 END) WHEN 3 THEN 'administrator' WHEN 2 THEN 'editor' ELSE 'reader' END FROM grants WHERE user_id = users.id AND area_id IS NULL), 'reader');
ALTER TABLE users ALTER COLUMN role SET NOT NULL;
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('reader', 'editor', 'administrator'));
DROP TABLE grants;
DROP TABLE area_day;
DROP TABLE area_admin_units;
DROP TABLE area_organizations;
DROP TABLE areas;
UPDATE api_keys SET role = 'reader' WHERE role = 'reviewer';
ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_role_check CHECK (role IN ('reader', 'editor', 'administrator'));
