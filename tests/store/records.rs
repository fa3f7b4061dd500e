//! What was written beside the log: `verify` says which record, and which field of it.

use diesel::connection::SimpleConnection;
use directive_tracker::db::Conn;
use directive_tracker::db::conn::Purpose;
use directive_tracker::transfer::database::check::log_is_sound;

use crate::support::Engine;
use crate::support::service::Storage;
use crate::writer::person;

/// What is found once somebody with the password of the database has run a statement; three people are there.
fn found_after(engine: Engine, statement: &str) -> Vec<String> {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    for name in ["An", "Bình", "Chi"] {
        person(&mut conn, name).unwrap();
    }
    assert_eq!(found(&mut conn), Vec::<String>::new());
    conn.batch_execute(statement).unwrap();
    found(&mut conn)
}

/// What `verify` finds, a line each.
pub fn found(conn: &mut Conn) -> Vec<String> {
    let mut lines = Vec::new();
    let sound = log_is_sound(conn, &mut |line| lines.push(line)).unwrap();
    assert_eq!(sound.is_some(), lines.is_empty());
    lines
}

macro_rules! found {
    ($name:ident: $statement:expr => [$($line:literal),+ $(,)?]) => {
        on_both_engines!($name, |engine| { assert_eq!(found_after(engine, $statement), [$($line),+]) });
    };
}

found!(field_that_was_altered_is_named: "UPDATE people SET note = 'x' WHERE id = 2" => [
    "person 2 is not as the log has it: note",
]);
found!(version_that_was_altered_is_named: "UPDATE people SET version = 7 WHERE id = 3" => [
    "person 3 is not as the log has it: version",
]);
found!(record_that_was_deleted_beside_the_log_is_missed: "DELETE FROM people WHERE id = 1" => [
    "person 1 is in the log and not in its table",
]);
found!(record_that_was_put_in_beside_the_log_is_found: "UPDATE people SET id = 9 WHERE id = 3" => [
    "person 3 is in the log and not in its table",
    "person 9 is in its table and not in the log",
]);
found!(records_of_a_type_that_is_not_known_are_found: "INSERT INTO changes SELECT 4, 'meeting', 1, 1, operation, actor, credential, request_id, recorded_at, visibility, after, hash, hash, NULL, NULL FROM changes WHERE sequence = 3" => [
    "row 4 of the log was altered",
    "the log has records of the type \"meeting\", which is not known",
]);
