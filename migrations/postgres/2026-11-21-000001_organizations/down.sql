-- Drops what up.sql creates: organizations, admin_units, committee_members, successions, numbering_periods.

ALTER TABLE organizations
DROP CONSTRAINT organizations_admin_unit_id_fkey;

DROP TABLE numbering_periods;
DROP TABLE successions;
DROP TABLE committee_members;
DROP TABLE admin_units;
DROP TABLE organizations;
