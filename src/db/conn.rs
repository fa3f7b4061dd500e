//! One connection, to either database.

#![allow(missing_docs)] // What diesel derives here has no comments.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::domain::{Error, Result};

/// A connection to PostgreSQL or to SQLite.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(diesel::PgConnection),
    /// SQLite, compiled into the program.
    Sqlite(diesel::SqliteConnection),
}

/// Where the data are: `sqlite:FILE` or `postgres://USER@HOST:PORT/NAME`.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file, made when it is missing.
    Sqlite(PathBuf),
    /// A server's URL, which may hold a password.
    Postgres(String),
}

impl Location {
    /// The file of a SQLite database. What SQLite itself takes for something else, such as `:memory:`, is none.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        let special = |file: &Path| file.to_str().is_some_and(|name| name == ":memory:" || name.starts_with("file:"));
        match self {
            Self::Sqlite(file) if !special(file) => Some(file),
            Self::Sqlite(_) | Self::Postgres(_) => None,
        }
    }
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() && !file.contains('\0') => Ok(Self::Sqlite(PathBuf::from(file))),
            _ => Err("a database is sqlite:FILE or postgres://USER@HOST:PORT/NAME".to_owned()),
        }
    }
}

impl fmt::Display for Location {
    /// Never shows what stands between `//` and `@`, where a password may be.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(out, "sqlite:{}", file.display()),
            Self::Postgres(url) => {
                let place = url
                    .rsplit_once('@')
                    .map_or_else(|| url.split_once("//").map_or("", |(_, rest)| rest), |(_, rest)| rest);
                write!(out, "postgres://{}", place.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading only: the database refuses writes on it.
    Read,
    /// Reading and writing.
    Write,
}

/// How long PostgreSQL may work on one statement, and how long either database may wait for a lock. Statements are not
/// compiled: for those that count many tasks that took longer than carrying them out.
pub const POSTGRES_SETTINGS: &str = "SET jit = off; SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET TIME ZONE 'UTC'; SET client_min_messages = 'warning';";

const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8000; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;";

impl Conn {
    /// Connects.
    ///
    /// # Errors
    /// `Unavailable` if the database cannot be reached.
    pub fn open(location: &Location, purpose: Purpose) -> Result<Self> {
        let unreachable = |error: diesel::ConnectionError| {
            log::error!("cannot connect to {location}: {error}");
            Error::Unavailable(crate::domain::error::Outage::Database)
        };
        let mut conn = match location {
            Location::Sqlite(file) => {
                let name = file
                    .to_str()
                    .ok_or_else(|| Error::Internal("the name of the database file is not UTF-8".to_owned()))?;
                Self::Sqlite(diesel::SqliteConnection::establish(name).map_err(unreachable)?)
            }
            Location::Postgres(url) => {
                let url = with_connect_timeout(url);
                Self::Pg(diesel::PgConnection::establish(&url).map_err(unreachable)?)
            }
        };
        let (settings, read_only) = match &conn {
            Self::Pg(_) => (POSTGRES_SETTINGS, "SET default_transaction_read_only = on;"),
            Self::Sqlite(_) => (SQLITE_SETTINGS, "PRAGMA query_only = ON;"),
        };
        conn.batch_execute(settings)?;
        if purpose == Purpose::Read {
            conn.batch_execute(read_only)?;
        }
        Ok(conn)
    }

    /// Takes off the limits of time that serve requests, for work on the whole database.
    ///
    /// # Errors
    /// As the database has them.
    pub fn take_all_the_time_it_needs(&mut self) -> Result<()> {
        if let Self::Pg(postgres) = self {
            postgres.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;")?;
        }
        Ok(())
    }
}

/// Gives up on a server that does not answer after two seconds, unless the URL says otherwise.
fn with_connect_timeout(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}connect_timeout=2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_never_shows_its_password() {
        let location: Location = "postgres://app:secret@db.example:5432/tracker?sslmode=require".parse().unwrap();
        assert_eq!(
            format!("{location} {location:?}"),
            "postgres://db.example:5432/tracker postgres://db.example:5432/tracker"
        );
        assert_eq!("sqlite:a.db".parse::<Location>().unwrap().to_string(), "sqlite:a.db");
        assert!("mysql://x".parse::<Location>().is_err());
    }
}
