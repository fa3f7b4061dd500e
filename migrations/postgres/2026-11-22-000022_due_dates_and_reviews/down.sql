-- Drops what up.sql creates.

DROP INDEX documents_review_schedule;
DROP INDEX extensions_granted;
