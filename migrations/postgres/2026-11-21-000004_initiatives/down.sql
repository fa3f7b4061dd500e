-- Drops what up.sql creates: initiatives, initiative_partners.

DROP TABLE initiative_partners;
DROP TABLE initiatives;
