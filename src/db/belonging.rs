//! Whose a database is: one of this program, of an older or a newer one, or of another altogether.
//!
//! A SQLite file says it in its header, by its application id; files from before there was one have 0. Both databases say
//! it by the list of migrations that they have.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};

use super::{Conn, migrate};
use crate::domain::Result;

/// What marks a SQLite file as one of this program (<https://www.sqlite.org/pragma.html#pragma_application_id>): `DTrk`.
const APPLICATION_ID: i32 = 0x4454_726b;

/// Why a database cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The program was built with a database engine that cannot be trusted.
    #[error("{0}")]
    Engine(String),
    /// It is none of this program's.
    #[error("it is no database of this program")]
    Foreign,
    /// It has a migration of which this program knows nothing.
    #[error("the schema has {0}, of a newer program: use that")]
    Newer(String),
    /// It lacks migrations after this one.
    #[error("the schema is {0}, of an older program: bring it up to date with `migrate`")]
    Older(String),
    /// Nothing is in it.
    #[error("it has no tables: `migrate` makes them")]
    Empty,
}

/// What tells whose a SQLite file is, before anything else is read of it.
#[derive(QueryableByName)]
struct Marks {
    #[diesel(sql_type = Integer)]
    application_id: i32,
    #[diesel(sql_type = Bool)]
    has_tables: bool,
    #[diesel(sql_type = Bool)]
    has_migrations: bool,
}

impl Marks {
    fn of(sqlite: &mut SqliteConnection) -> QueryResult<Self> {
        diesel::sql_query(
            "SELECT (SELECT application_id FROM pragma_application_id) AS application_id, \
             count(*) > 0 AS has_tables, \
             coalesce(max(name = '__diesel_schema_migrations'), 0) AS has_migrations \
             FROM sqlite_schema",
        )
        .get_result(sqlite)
    }
}

/// Whether a SQLite file is of another program, as far as can be told without knowing its tables.
///
/// # Errors
/// If it cannot be read.
pub fn is_foreign(sqlite: &mut SqliteConnection) -> QueryResult<bool> {
    // Whoever brings its log in at this moment keeps others waiting.
    sqlite.batch_execute("PRAGMA busy_timeout = 5000")?;
    let marks = Marks::of(sqlite)?;
    Ok(!matches!(marks.application_id, 0 | APPLICATION_ID) || (marks.has_tables && !marks.has_migrations))
}

/// What keeps a database from being used as it is, if anything does. Nothing is changed.
///
/// # Errors
/// If it cannot be read; so have all that follow.
pub fn unfit(conn: &mut Conn) -> Result<Option<Unfit>> {
    if let Conn::Sqlite(sqlite) = conn
        && is_foreign(sqlite)?
    {
        return Ok(Some(Unfit::Foreign));
    }
    let (known, applied) = (migrate::known()?, migrate::applied(conn)?);
    if let Some(unknown) = applied.iter().find(|version| !known.contains(version)) {
        let ours = applied.first() == known.first();
        return Ok(Some(if ours { Unfit::Newer(unknown.clone()) } else { Unfit::Foreign }));
    }
    Ok(match applied.last() {
        Some(_) if applied == known => None,
        Some(last) => Some(Unfit::Older(last.clone())),
        None => Some(Unfit::Empty),
    })
}

/// Marks a SQLite file as one of this program, if it is not yet.
pub fn mark(conn: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(sqlite) = conn
        && Marks::of(sqlite)?.application_id == 0
    {
        sqlite.batch_execute(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
    }
    Ok(())
}
