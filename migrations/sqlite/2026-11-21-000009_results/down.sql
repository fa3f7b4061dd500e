-- Drops what up.sql creates: statistics, awards, award_documents, award_initiatives.

DROP TABLE award_documents;
DROP TABLE award_initiatives;
DROP TABLE awards;
DROP TABLE statistics;
