-- Drops what up.sql creates: organizations, admin_units, committee_members, successions, numbering_periods.

-- The two tables point to each other; SQLite drops neither while its rows are pointed to.
UPDATE organizations
SET admin_unit_id = NULL
WHERE admin_unit_id IS NOT NULL;

DROP TABLE numbering_periods;
DROP TABLE successions;
DROP TABLE committee_members;
DROP TABLE admin_units;
DROP TABLE organizations;
