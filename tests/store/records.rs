//! What was written beside the log: `verify` says which record, and which field or column of it.

use diesel::connection::SimpleConnection;
use directive_tracker::db::Conn;
use directive_tracker::db::conn::Purpose;
use directive_tracker::domain::{Actor, Stamp};
use directive_tracker::organizations::organization::Organizations;
use directive_tracker::results::initiative::Initiatives;
use directive_tracker::service::write;
use directive_tracker::transfer::database::check::log_is_sound;
use serde_json::json;

use crate::support::Engine;
use crate::support::service::{NOW, Storage};
use crate::writer::person;

/// What is found once somebody with the password of the database has run a statement. Three people are there, and a movement
/// of three bodies.
fn found_after(engine: Engine, statement: &str) -> Vec<String> {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    for name in ["An", "Bình", "Chi"] {
        person(&mut conn, name).unwrap();
    }
    let stamp = Stamp { actor: Actor::system("an"), request_id: "an".to_owned(), now: NOW.parse().unwrap() };
    for name in ["Tỉnh ủy Thái Bình", "Công an tỉnh Thái Bình", "Hội Nông dân tỉnh Thái Bình"] {
        let body = json!({ "name": name, "kind": "party_committee" });
        write::create::<Organizations>(&mut conn, &stamp, body, None).unwrap();
    }
    let movement = json!({ "kind": "movement", "name": "Tự quản", "partners": [3, 1] });
    write::create::<Initiatives>(&mut conn, &stamp, movement, None).unwrap();
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
found!(column_that_does_not_follow_from_the_fields_is_named: "UPDATE people SET name_folded = 'x' WHERE id = 2; UPDATE people SET name_sort = 'x' WHERE id = 3" => [
    "the name_folded of person 2 is not what follows from its fields",
    "the name_sort of person 3 is not what follows from its fields",
]);
found!(list_that_is_written_otherwise_is_named: "UPDATE people SET other_names = '[ ]' WHERE id = 1" => [
    "the other_names of person 1 is not what follows from its fields",
]);
found!(one_of_several_links_that_was_exchanged_is_found: "UPDATE initiative_partners SET organization_id = 2 WHERE organization_id = 3" => [
    "the links of initiative 1 in initiative_partners are not those of the log",
]);
found!(one_of_several_links_that_was_taken_out_is_missed: "DELETE FROM initiative_partners WHERE organization_id = 1" => [
    "the links of initiative 1 in initiative_partners are not those of the log",
]);
found!(one_of_several_links_that_was_put_in_is_found: "INSERT INTO initiative_partners (initiative_id, organization_id, position) VALUES (1, 2, 3)" => [
    "the links of initiative 1 in initiative_partners are not those of the log",
]);
found!(several_links_whose_order_was_altered_are_found: "UPDATE initiative_partners SET position = 3 - position" => [
    "the links of initiative 1 in initiative_partners are not those of the log",
]);
found!(records_of_a_type_that_is_not_known_are_found: "INSERT INTO changes SELECT 8, 'meeting', 1, 1, operation, actor, credential, request_id, recorded_at, visibility, after, hash, hash, NULL, NULL FROM changes WHERE sequence = 7" => [
    "row 8 of the log was altered",
    "the log has records of the type \"meeting\", which is not known",
]);
