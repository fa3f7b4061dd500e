-- Drops what up.sql creates: holidays.

DROP TABLE holidays;
