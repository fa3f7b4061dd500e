//! Brings the schema up to date, and refuses a database that cannot be trusted.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use super::conn::POSTGRES_SETTINGS;
use crate::domain::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE_TRIGGERS: &str = include_str!("../../migrations/sqlite/triggers.sql");
const POSTGRES_TRIGGERS: &str = include_str!("../../migrations/postgres/triggers.sql");

/// SQLite before this version can corrupt its write-ahead log (the WAL-reset bug, mended on 2026-03-13).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Applies the migrations that are missing, and says how many there were. Two programs that start at once take turns.
///
/// # Errors
/// `Internal` if a migration fails; the schema is then as before it.
pub fn run(conn: &mut Conn) -> Result<usize> {
    let failed = |error| Error::Internal(format!("a migration failed: {error}"));
    let applied = match conn {
        Conn::Sqlite(sqlite) => {
            // What is missing is looked up and applied in one transaction, which waits for that of another program.
            sqlite.exclusive_transaction(|sqlite| {
                let applied = sqlite.run_pending_migrations(SQLITE).map_err(failed)?.len();
                sqlite.batch_execute(SQLITE_TRIGGERS)?;
                Ok::<usize, Error>(applied)
            })?
        }
        Conn::Pg(postgres) => {
            // A migration of much data, or of another program, may take longer than a request.
            postgres.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0;")?;
            postgres.batch_execute("SELECT pg_advisory_lock(7310868735423665748)")?;
            let applied = postgres.run_pending_migrations(POSTGRES).map(|applied| applied.len());
            let triggers = postgres.batch_execute(POSTGRES_TRIGGERS);
            postgres.batch_execute("SELECT pg_advisory_unlock(7310868735423665748)")?;
            postgres.batch_execute(POSTGRES_SETTINGS)?;
            let applied = applied.map_err(failed)?;
            triggers?;
            applied
        }
    };
    Ok(applied)
}

/// Takes the last migration back, for tests of `down.sql`.
///
/// # Errors
/// `Internal` if it fails or there is none.
pub fn revert_last(conn: &mut Conn) -> Result<()> {
    let outcome = match conn {
        Conn::Sqlite(sqlite) => sqlite.revert_last_migration(SQLITE).map(drop),
        Conn::Pg(postgres) => postgres.revert_last_migration(POSTGRES).map(drop),
    };
    outcome.map_err(|error| Error::Internal(format!("a migration cannot be taken back: {error}")))
}

/// Checks the database engine and that the schema is the one this program was built for.
///
/// # Errors
/// `Internal`, saying what is wrong.
pub fn verify(conn: &mut Conn) -> Result<()> {
    let pending = match conn {
        Conn::Sqlite(sqlite) => {
            verify_sqlite(sqlite)?;
            sqlite.has_pending_migration(SQLITE)
        }
        Conn::Pg(postgres) => postgres.has_pending_migration(POSTGRES),
    };
    match pending {
        Ok(false) => Ok(()),
        Ok(true) => Err(Error::Internal("the schema is not up to date: run `directive-tracker migrate`".to_owned())),
        Err(error) => Err(Error::Internal(format!("the schema cannot be read: {error}"))),
    }
}

fn verify_sqlite(sqlite: &mut diesel::SqliteConnection) -> Result<()> {
    let version: Row = diesel::sql_query("SELECT sqlite_version() AS value").get_result(sqlite)?;
    let numbers: Vec<u32> = version.value.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        return Err(Error::Internal(format!(
            "SQLite {} can corrupt its log; 3.51.3 or later is needed",
            version.value
        )));
    }
    let options: Vec<Row> =
        diesel::sql_query("SELECT compile_options AS value FROM pragma_compile_options").load(sqlite)?;
    if !options.iter().any(|option| option.value == "ENABLE_QPSG") {
        return Err(Error::Internal(
            "SQLite was built without ENABLE_QPSG; build from the project's folder".to_owned(),
        ));
    }
    Ok(())
}
