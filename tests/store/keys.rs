//! External keys that were moved, taken out or put in beside the log: `verify` says which.

use diesel::connection::SimpleConnection;
use directive_tracker::changes::{earlier_keys, feed};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, Scope, migrate};
use directive_tracker::keys::store::{self as keys, KeyRow};

use crate::records::found;
use crate::support::Engine;
use crate::support::service::{Storage, exported, imported};
use crate::writer::{person, person_with_key};

/// What is found once somebody with the password of the database has run a statement. There are three people, the first two
/// with the keys `partner/a` and `partner/b`.
fn found_after(engine: Engine, statement: &str) -> Vec<String> {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    person_with_key(&mut conn, "An", "a").unwrap();
    person_with_key(&mut conn, "Bình", "b").unwrap();
    person(&mut conn, "Chi").unwrap();
    found_by(&mut conn, statement)
}

fn found_by(conn: &mut Conn, statement: &str) -> Vec<String> {
    assert_eq!(found(conn), Vec::<String>::new());
    conn.batch_execute(statement).unwrap();
    found(conn)
}

macro_rules! found {
    ($name:ident: $statement:expr => [$($line:literal),+ $(,)?]) => {
        on_both_engines!($name, |engine| { assert_eq!(found_after(engine, $statement), [$($line),+]) });
    };
}

found!(key_that_was_moved_is_told_with_both_records: "UPDATE external_keys SET record_id = 3 WHERE key = 'b'" => [
    "the external key partner/b names person 3, and person 2 in the log",
]);
found!(keys_that_were_exchanged_are_told: "UPDATE external_keys SET record_id = 3 - record_id" => [
    "the external key partner/a names person 2, and person 1 in the log",
    "the external key partner/b names person 1, and person 2 in the log",
]);
found!(key_that_was_taken_out_is_missed: "DELETE FROM external_keys WHERE key = 'a'" => [
    "the external key partner/a of person 1 is in the log and not in its table",
]);
found!(key_that_was_renamed_is_missed_and_found: "UPDATE external_keys SET key = 'z' WHERE key = 'a'" => [
    "the external key partner/a of person 1 is in the log and not in its table",
    "the external key partner/z of person 1 is in its table and not in the log",
]);
found!(keys_that_were_put_in_are_found: "INSERT INTO external_keys (resource, system, key, record_id) VALUES ('person', 'a', 'b', 9), ('person', 'a', 'c', 3)" => [
    "the external key a/b names person 9, which does not exist",
    "the external key a/c of person 3 is in its table and not in the log",
]);

/// Takes back the migration of this version and those that came after it.
pub fn reverted_to_before(conn: &mut Conn, version: &str) {
    while migrate::applied(conn).unwrap().last().is_some_and(|last| last.as_str() >= version) {
        migrate::revert_last(conn).unwrap();
    }
}

/// A database of the schema before the log had the keys, brought up to date: three people, two of whom have keys.
fn brought_up_to_date(engine: Engine) -> Storage {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    for name in ["An", "Bình", "Chi"] {
        person(&mut conn, name).unwrap();
    }
    reverted_to_before(&mut conn, "20261122000011");
    for (key, record_id) in [("a", 1), ("b", 2)] {
        let row = KeyRow { resource: "person".into(), system: "partner".into(), key: key.into(), record_id };
        keys::put_back(&mut conn, &row).unwrap();
    }
    assert!(migrate::run(&mut conn).unwrap() > 0);
    storage
}

on_both_engines!(keys_from_before_the_log_had_them_are_summed_up_in_one_row_of_it, |engine| {
    let storage = brought_up_to_date(engine);
    let mut conn = storage.connect(Purpose::Write);
    person_with_key(&mut conn, "Dung", "d").unwrap();
    assert_eq!(found(&mut conn), Vec::<String>::new());
    assert_eq!(migrate::run(&mut conn).unwrap(), 0);
    let earlier = earlier_keys::logged(&mut conn).unwrap().unwrap();
    assert_eq!((earlier.sequence, earlier.sum.count), (4, 2));
    let shown = feed::page(&mut conn, Scope::All, 0, None, 100).unwrap();
    let shown: Vec<i64> = shown.entries.iter().map(|entry| entry.change.sequence).collect();
    assert_eq!(shown, [1, 2, 3, 5]);
});

on_both_engines!(database_with_keys_from_before_is_exported_and_imported_as_the_same_bytes, |engine| {
    let bytes = exported(&brought_up_to_date(engine));
    let other = Storage::migrated(engine.other());
    assert_eq!(imported(&other, &bytes).unwrap().records, 3);
    assert!(exported(&other) == bytes, "other bytes");
    assert_eq!(found(&mut other.connect(Purpose::Read)), Vec::<String>::new());
});

on_both_engines!(keys_from_before_that_were_altered_are_told_of_together, |engine| {
    let put_in = "INSERT INTO external_keys (resource, system, key, record_id) VALUES ('person', 'partner', 'c', 3)";
    for (statement, now) in [
        ("UPDATE external_keys SET record_id = 3 WHERE key = 'b'", 2),
        ("UPDATE external_keys SET key = 'z' WHERE key = 'a'", 2),
        ("DELETE FROM external_keys WHERE key = 'a'", 1),
        (put_in, 3),
    ] {
        let told = format!("the external keys are not those that row 4 of the log sums up: 2 then, {now} now");
        let storage = brought_up_to_date(engine);
        assert_eq!(found_by(&mut storage.connect(Purpose::Write), statement), [told]);
    }
});

on_both_engines!(database_without_keys_is_brought_up_to_date_without_a_row_of_the_log, |engine| {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    person(&mut conn, "An").unwrap();
    reverted_to_before(&mut conn, "20261122000011");
    migrate::run(&mut conn).unwrap();
    assert_eq!(earlier_keys::logged(&mut conn).unwrap(), None);
    assert_eq!(found(&mut conn), Vec::<String>::new());
});
