-- Drops what up.sql creates: people, positions.

-- A committee member keeps the name of the person who is dropped.
UPDATE committee_members
SET member_text = (SELECT people.name FROM people WHERE people.id = committee_members.person_id)
WHERE person_id IS NOT NULL AND member_text IS NULL;

UPDATE committee_members
SET person_id = NULL
WHERE person_id IS NOT NULL;

DROP TABLE positions;
DROP TABLE people;
