//! Brings the schema up to date, and refuses a database that cannot be trusted.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use super::belonging::{self, Unfit};
use super::conn::POSTGRES_SETTINGS;
use crate::changes::earlier_keys;
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

/// The migration since which the log has the external keys.
const KEYS_IN_THE_LOG: &str = "20261122000011";

/// Applies the migrations that are missing, and says how many there were: all of them, or none. Two programs that start at
/// once take turns.
///
/// # Errors
/// `Internal` if a migration fails; the schema is then as before all of them.
pub fn run(conn: &mut Conn) -> Result<usize> {
    // A migration of much data, or of another program, may take longer than a request.
    if let Conn::Pg(postgres) = conn {
        postgres.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0;")?;
    }
    begin(conn)?;
    let applied = apply(conn);
    match applied {
        Ok(_) => <Conn as Connection>::TransactionManager::commit_transaction(conn)?,
        // What failed says why; a connection that is lost has nothing to roll back.
        Err(_) => drop(<Conn as Connection>::TransactionManager::rollback_transaction(conn)),
    }
    if let Conn::Pg(postgres) = conn {
        postgres.batch_execute(POSTGRES_SETTINGS)?;
    }
    applied
}

/// Begins the transaction in which what is missing is looked up and applied, once that of another program has ended.
fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN EXCLUSIVE")?,
        Conn::Pg(postgres) => {
            AnsiTransactionManager::begin_transaction(postgres)?;
            postgres.batch_execute("SELECT pg_advisory_xact_lock(7310868735423665748)")?;
        }
    }
    Ok(())
}

fn apply(conn: &mut Conn) -> Result<usize> {
    let failed = |error| Error::Internal(format!("a migration failed: {error}"));
    let applied: Vec<String> = match conn {
        Conn::Sqlite(sqlite) => {
            let applied = sqlite.run_pending_migrations(SQLITE).map_err(failed)?;
            let applied = applied.iter().map(ToString::to_string).collect();
            sqlite.batch_execute(SQLITE_TRIGGERS)?;
            applied
        }
        Conn::Pg(postgres) => {
            let applied = postgres.run_pending_migrations(POSTGRES).map_err(failed)?;
            let applied = applied.iter().map(ToString::to_string).collect();
            postgres.batch_execute(POSTGRES_TRIGGERS)?;
            applied
        }
    };
    // It takes SHA-256, which neither database has, so that no migration can do it.
    if applied.iter().any(|version| version == KEYS_IN_THE_LOG) {
        earlier_keys::log(conn)?;
    }
    belonging::mark(conn)?;
    Ok(applied.len())
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

/// A SQLite database in memory as the migrations of this program make it, to be held against others.
///
/// # Errors
/// As [`run`].
pub fn model() -> Result<SqliteConnection> {
    let mut sqlite = SqliteConnection::establish(":memory:").map_err(|error| Error::Internal(error.to_string()))?;
    let failed = |error| Error::Internal(format!("a migration failed: {error}"));
    sqlite.run_pending_migrations(SQLITE).map_err(failed)?;
    sqlite.batch_execute(SQLITE_TRIGGERS)?;
    Ok(sqlite)
}

/// The names of the triggers on PostgreSQL.
pub fn postgres_triggers() -> impl Iterator<Item = &'static str> {
    POSTGRES_TRIGGERS.lines().filter_map(|line| line.strip_prefix("CREATE TRIGGER "))
}

/// The migrations of this program, from the first; both databases have the same.
///
/// # Errors
/// `Internal` if they cannot be read, which is a fault of the program.
pub fn known() -> Result<Vec<String>> {
    let unreadable = |error| Error::Internal(format!("the migrations cannot be read: {error}"));
    let migrations: Vec<Box<dyn Migration<Sqlite>>> = SQLITE.migrations().map_err(unreadable)?;
    let mut versions: Vec<String> = migrations.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

/// The schema that this program is built for: its last migration.
///
/// # Errors
/// As [`known`].
pub fn schema() -> Result<String> {
    known()?.pop().ok_or_else(|| Error::Internal("there are no migrations".to_owned()))
}

/// The migrations that a database has, from the first; none if it has no list of them. Nothing is changed, so that it may
/// be asked of a database that can only be read.
///
/// # Errors
/// `Unavailable` if the database cannot be read.
pub fn applied(conn: &mut Conn) -> Result<Vec<String>> {
    let query = "SELECT version AS value FROM __diesel_schema_migrations ORDER BY version";
    match diesel::sql_query(query).load::<Row>(conn).map_err(Error::from) {
        Ok(rows) => Ok(rows.into_iter().map(|row| row.value).collect()),
        Err(Error::Internal(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What keeps this program from using a database as it is, if anything does: the engine, or the schema.
///
/// # Errors
/// If the database cannot be read; so has what follows.
pub fn unfit(conn: &mut Conn) -> Result<Option<Unfit>> {
    Ok(match engine(conn)? {
        None => belonging::unfit(conn)?,
        some => some,
    })
}

/// What is wrong with the database engine, if anything is.
fn engine(conn: &mut Conn) -> Result<Option<Unfit>> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(None) };
    let version: Row = diesel::sql_query("SELECT sqlite_version() AS value").get_result(sqlite)?;
    let numbers: Vec<u32> = version.value.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        let reason = format!("SQLite {} can corrupt its log; 3.51.3 or later is needed", version.value);
        return Ok(Some(Unfit::Engine(reason)));
    }
    let options: Vec<Row> =
        diesel::sql_query("SELECT compile_options AS value FROM pragma_compile_options").load(sqlite)?;
    if !options.iter().any(|option| option.value == "ENABLE_QPSG") {
        let reason = "SQLite was built without ENABLE_QPSG; build from the project's folder";
        return Ok(Some(Unfit::Engine(reason.to_owned())));
    }
    Ok(None)
}
