//! `src/db/schema.rs` is kept by hand; here it is held against both migrated databases.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Conn, migrate};

use crate::support::Engine;
use crate::support::service::Storage;

/// A column as the tests compare it.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// `INTEGER PRIMARY KEY` is the one spelling that makes a column the number of its row, of 64 bits like every other.
const OF_SQLITE: &str = "SELECT m.name AS relation, c.name AS name, c.\"notnull\" = 0 AS nullable,
        CASE WHEN c.pk = 1 AND c.type = 'INTEGER' THEN 'bigint' ELSE lower(c.type) END AS kind
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'
    ORDER BY m.name, c.cid";

const OF_POSTGRES: &str = "SELECT table_name::text AS relation, column_name::text AS name, data_type::text AS kind,
        is_nullable = 'YES' AS nullable
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
    ORDER BY table_name::text COLLATE \"C\", ordinal_position";

fn columns_of(conn: &mut Conn) -> Vec<Column> {
    match conn {
        Conn::Pg(postgres) => diesel::sql_query(OF_POSTGRES).load(postgres).unwrap(),
        Conn::Sqlite(sqlite) => diesel::sql_query(OF_SQLITE).load(sqlite).unwrap(),
    }
}

/// The columns that `src/db/schema.rs` declares, by table.
fn declared() -> Vec<Column> {
    let mut columns = Vec::new();
    let mut relation = String::new();
    for line in include_str!("../../src/db/schema.rs").lines().map(str::trim) {
        if let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            columns.push(Column {
                relation: relation.clone(),
                name: name.to_owned(),
                kind: spelled(inner.unwrap_or(kind)).to_owned(),
                nullable: inner.is_some(),
            });
        } else if let Some((name, _)) = line.strip_suffix(" {").and_then(|line| line.split_once(" (")) {
            name.clone_into(&mut relation);
        }
    }
    columns.sort_by(|one, other| one.relation.cmp(&other.relation));
    columns
}

/// A type of diesel's as both databases spell it.
fn spelled(kind: &str) -> &'static str {
    match kind {
        "BigInt" => "bigint",
        "Integer" => "integer",
        "Text" => "text",
        "Bool" => "boolean",
        "Date" => "date",
        "Double" => "double precision",
        other => panic!("{other} is a type that this test does not know"),
    }
}

/// Compares the columns one by one, so that a difference is seen in a line and not in pages.
fn compare(actual: &[Column]) {
    let declared = declared();
    assert!(declared.len() > 300, "only {} columns were found in schema.rs", declared.len());
    for (actual, declared) in actual.iter().zip(&declared) {
        assert_eq!(actual, declared);
    }
    assert_eq!(actual.len(), declared.len());
}

#[test]
fn declared_columns_are_those_of_sqlite() {
    let storage = Storage::migrated(Engine::Sqlite);
    compare(&columns_of(&mut storage.connect(Purpose::Read)));
}

#[test]
fn declared_columns_are_those_of_postgres() {
    let storage = Storage::migrated(Engine::Postgres);
    compare(&columns_of(&mut storage.connect(Purpose::Read)));
}

/// Every migration can be taken back, in turn, and applied again.
fn there_and_back(engine: Engine) {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    let before = columns_of(&mut conn);
    let folders = std::fs::read_dir("migrations/sqlite").unwrap().map(|entry| entry.unwrap().path());
    let count = folders.filter(|path| path.is_dir()).count();
    for _ in 0..count {
        migrate::revert_last(&mut conn).unwrap();
    }
    assert_eq!(columns_of(&mut conn), []);
    assert!(migrate::unfit(&mut conn).unwrap().is_some());
    assert_eq!(migrate::run(&mut conn).unwrap(), count);
    assert_eq!(columns_of(&mut conn), before);
    assert_eq!(migrate::run(&mut conn).unwrap(), 0);
}

#[test]
fn migrations_of_sqlite_go_there_and_back() {
    there_and_back(Engine::Sqlite);
}

#[test]
fn migrations_of_postgres_go_there_and_back() {
    there_and_back(Engine::Postgres);
}
