-- Every province has its own 01-NQ/TU: a new document is compared with those of its day and those of its body, and not with
-- all of its symbol.
CREATE INDEX documents_symbol_folded_issued_on_key_id ON documents (symbol_folded, issued_on_key, id)
WHERE deleted_at IS NULL;
CREATE INDEX documents_symbol_folded_numbering_body_id_id ON documents (symbol_folded, numbering_body_id, id)
WHERE deleted_at IS NULL;

-- Those of one number of a body in a period are found whatever their kind.
DROP INDEX documents_identity;
CREATE UNIQUE INDEX documents_identity ON documents (numbering_body_id, number, numbering_period_id, kind, suffix)
WHERE deleted_at IS NULL AND number IS NOT NULL AND numbering_period_id IS NOT NULL;
