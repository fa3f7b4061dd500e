DROP INDEX tasks_deleted_at_id;
DROP INDEX conferences_deleted_at_id;
