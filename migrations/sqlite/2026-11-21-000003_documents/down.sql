-- Drops what up.sql creates: documents, document_adopters, document_links.

UPDATE committee_members
SET established_by_id = NULL
WHERE established_by_id IS NOT NULL;

-- A succession keeps the symbol or title of the document that is dropped.
UPDATE successions
SET legal_basis_text = (
    SELECT COALESCE(documents.symbol, documents.title)
    FROM documents
    WHERE documents.id = successions.legal_basis_id
)
WHERE legal_basis_id IS NOT NULL AND legal_basis_text IS NULL;

UPDATE successions
SET legal_basis_id = NULL
WHERE legal_basis_id IS NOT NULL;

DROP TABLE document_links;
DROP TABLE document_adopters;
DROP TABLE documents;
