-- Drops what up.sql creates: conferences, conference_documents, bridge_points, participations, findings.

DROP TABLE findings;
DROP TABLE participations;
DROP TABLE bridge_points;
DROP TABLE conference_documents;
DROP TABLE conferences;
