//! The chain of the change log: what was altered, left out or put in shows, and where.

use diesel::connection::SimpleConnection;
use directive_tracker::changes::verify::{Broken, Fault, verify};
use directive_tracker::db::Conn;
use directive_tracker::db::conn::Purpose;

use crate::support::Engine;
use crate::support::service::Storage;
use crate::writer::person;

/// A log of three rows that may be written over, as by somebody with the password of the database.
fn unguarded(storage: &Storage) -> Conn {
    let mut conn = storage.connect(Purpose::Write);
    for name in ["An", "Bình", "Chi"] {
        person(&mut conn, name).unwrap();
    }
    let guards = match conn {
        Conn::Sqlite(_) => "DROP TRIGGER changes_no_update; DROP TRIGGER changes_no_delete;",
        Conn::Pg(_) => "DROP TRIGGER changes_no_update ON changes; DROP TRIGGER changes_no_delete ON changes;",
    };
    conn.batch_execute(guards).unwrap();
    conn
}

/// What is found once the log was written over so.
fn broken_by(storage: &Storage, statement: &str) -> (i64, Fault) {
    let mut conn = unguarded(storage);
    let whole = verify(&mut conn).unwrap().unwrap();
    assert_eq!((whole.rows, whole.last_hash.len()), (3, 64));
    conn.batch_execute(statement).unwrap();
    let Broken { sequence, what } = verify(&mut conn).unwrap().unwrap_err();
    (sequence, what)
}

macro_rules! broken {
    ($name:ident: $statement:literal gives $expected:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn sqlite() {
                assert_eq!(broken_by(&Storage::migrated(Engine::Sqlite), $statement), $expected);
            }

            #[test]
            fn postgres() {
                assert_eq!(broken_by(&Storage::migrated(Engine::Postgres), $statement), $expected);
            }
        }
    };
}

broken!(content_that_was_altered_shows: "UPDATE changes SET after = '{}' WHERE sequence = 2" gives (2, Fault::Altered));
broken!(actor_who_was_exchanged_shows: "UPDATE changes SET actor = 'x' WHERE sequence = 3" gives (3, Fault::Altered));
broken!(row_that_was_taken_out_shows: "DELETE FROM changes WHERE sequence = 2" gives (2, Fault::Missing));
broken!(row_before_all_others_that_was_taken_out_shows: "DELETE FROM changes WHERE sequence = 1" gives (1, Fault::Missing));
broken!(hash_that_was_exchanged_shows: "UPDATE changes SET hash = previous_hash WHERE sequence = 1" gives (1, Fault::Altered));
broken!(row_that_follows_on_another_shows: "UPDATE changes SET previous_hash = hash WHERE sequence = 2" gives (2, Fault::Unlinked));
