DROP INDEX documents_identity;
CREATE UNIQUE INDEX documents_identity ON documents (numbering_body_id, kind, number, suffix, numbering_period_id)
WHERE deleted_at IS NULL AND number IS NOT NULL AND numbering_period_id IS NOT NULL;
DROP INDEX documents_symbol_folded_numbering_body_id_id;
DROP INDEX documents_symbol_folded_issued_on_key_id;
