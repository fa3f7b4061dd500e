//! Tables, indexes and triggers that somebody dropped or altered: `check` says which.

use diesel::connection::SimpleConnection;
use directive_tracker::db::conn::Purpose;
use directive_tracker::transfer::database::check::everything;

use crate::support::Engine;
use crate::support::service::Storage;

/// What `check` finds once somebody with the password of the database has run a statement.
fn found_after(engine: Engine, statement: &str) -> Vec<String> {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    conn.batch_execute(statement).unwrap();
    let mut lines = Vec::new();
    let sound = everything(&mut conn, &mut |line| lines.push(line)).unwrap();
    assert_eq!(sound.is_some(), lines.is_empty());
    lines
}

const NOTHING: [&str; 0] = [];

on_both_engines!(database_as_the_migrations_make_it_is_sound, |engine| {
    assert_eq!(found_after(engine, "SELECT 1"), NOTHING);
});

on_both_engines!(index_that_was_dropped_is_missed, |engine| {
    let said = found_after(engine, "DROP INDEX people_name_sort_id; DROP INDEX changes_recorded_at_sequence");
    assert_eq!(said, ["the index changes_recorded_at_sequence is missing", "the index people_name_sort_id is missing"]);
});

on_both_engines!(table_that_was_dropped_is_missed_with_its_indexes, |engine| {
    let said = found_after(engine, "DROP TABLE external_keys");
    assert_eq!(said, ["the index external_keys_resource_record_id is missing", "the table external_keys is missing"]);
});

on_both_engines!(trigger_that_was_dropped_is_missed, |engine| {
    let statement = match engine {
        Engine::Sqlite => "DROP TRIGGER changes_no_update",
        Engine::Postgres => "DROP TRIGGER changes_no_update ON changes",
    };
    assert_eq!(found_after(engine, statement), ["the trigger changes_no_update is missing"]);
});

on_both_engines!(trigger_that_was_added_is_found, |engine| {
    let statement = match engine {
        Engine::Sqlite => "CREATE TRIGGER x AFTER INSERT ON people BEGIN SELECT 1; END",
        Engine::Postgres => "CREATE TRIGGER x AFTER INSERT ON people EXECUTE FUNCTION changes_append_only()",
    };
    assert_eq!(found_after(engine, statement), ["the trigger x is none of this program"]);
});

on_both_engines!(index_or_table_that_was_added_does_no_harm, |engine| {
    let statement = "CREATE INDEX people_note ON people (note); CREATE TABLE ours (x TEXT)";
    assert_eq!(found_after(engine, statement), NOTHING);
});

#[test]
fn trigger_that_was_turned_off_is_missed() {
    let statement = "ALTER TABLE changes DISABLE TRIGGER changes_no_delete";
    assert_eq!(found_after(Engine::Postgres, statement), ["the trigger changes_no_delete is missing"]);
}

#[test]
fn what_was_made_anew_in_another_way_is_found() {
    let index = "DROP INDEX people_name_sort_id; CREATE INDEX people_name_sort_id ON people (name_sort)";
    let said = "the index people_name_sort_id is not as this program makes it";
    assert_eq!(found_after(Engine::Sqlite, index), [said]);
    let trigger = "DROP TRIGGER changes_no_update;
        CREATE TRIGGER changes_no_update BEFORE UPDATE ON changes WHEN FALSE BEGIN SELECT 1; END";
    let said = "the trigger changes_no_update is not as this program makes it";
    assert_eq!(found_after(Engine::Sqlite, trigger), [said]);
    let said = "the table people is not as this program makes it";
    assert_eq!(found_after(Engine::Sqlite, "ALTER TABLE people ADD COLUMN x TEXT"), [said]);
}
