-- Drops what up.sql creates: tasks, task_documents, task_conferences, assignments, task_updates, extensions, evidence_documents, expectations.

DROP TABLE expectations;
DROP TABLE evidence_documents;
DROP TABLE extensions;
DROP TABLE task_updates;
DROP TABLE assignments;
DROP TABLE task_documents;
DROP TABLE task_conferences;
DROP TABLE tasks;
