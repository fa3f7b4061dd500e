//! One connection, to either database.

#![allow(missing_docs)] // What diesel derives here has no comments.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::belonging;
use crate::domain::error::Outage;
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

/// Why a database cannot be opened, in one line.
#[derive(Debug, thiserror::Error)]
#[error("cannot open {location}: {reason}")]
pub struct Unopened {
    /// The database.
    pub location: Location,
    /// What it means to those who wait for it.
    pub outage: Outage,
    /// Whether it is of another program.
    pub foreign: bool,
    reason: String,
}

impl Unopened {
    fn new(location: &Location, reason: &str) -> Self {
        // Libpq breaks its lines.
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        let outage = super::errors::by_message(&reason).unwrap_or(Outage::Database);
        Self { location: location.clone(), outage, foreign: false, reason }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading only: the database refuses writes on it.
    Read,
    /// Reading only what may be out of reach of those who would write to it: a SQLite file of another user, or on a disk that
    /// cannot be written to.
    Look,
    /// Reading and writing.
    Write,
}

/// How long PostgreSQL may work on one statement, and how long either database may wait for a lock. Statements are not
/// compiled: for those that count many tasks that took longer than carrying them out.
pub const POSTGRES_SETTINGS: &str = "SET jit = off; SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET TIME ZONE 'UTC'; SET client_min_messages = 'warning';";

const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;";

impl Conn {
    /// Connects, and logs why it cannot.
    ///
    /// # Errors
    /// `Unavailable` if the database cannot be reached.
    pub fn open(location: &Location, purpose: Purpose) -> Result<Self> {
        Self::connect(location, purpose).map_err(|unopened| {
            super::errors::log_outage(unopened.outage, &unopened);
            Error::Unavailable(unopened.outage)
        })
    }

    /// Connects.
    ///
    /// # Errors
    /// If the database cannot be reached, saying why.
    pub fn connect(location: &Location, purpose: Purpose) -> Result<Self, Unopened> {
        let connected = Self::connect_as_usual(location, purpose);
        match (connected, location.file()) {
            // Why the file cannot be opened in the usual way says more than why it cannot be read in an unusual one.
            (Err(unopened), Some(file)) if purpose == Purpose::Look => {
                super::file::open_unchanged(file).map_err(|_| unopened)
            }
            (connected, _) => connected,
        }
    }

    fn connect_as_usual(location: &Location, purpose: Purpose) -> Result<Self, Unopened> {
        let unopened = |reason: &dyn fmt::Display| Unopened::new(location, &reason.to_string());
        let mut conn = match location {
            Location::Sqlite(file) => {
                let name = file.to_str().ok_or_else(|| unopened(&"its name is not UTF-8"))?;
                Self::Sqlite(diesel::SqliteConnection::establish(name).map_err(|error| unopened(&error))?)
            }
            Location::Postgres(url) => {
                let url = with_limits_of_time(url);
                Self::Pg(diesel::PgConnection::establish(&url).map_err(|error| unopened(&error))?)
            }
        };
        if let Self::Sqlite(sqlite) = &mut conn
            && belonging::is_foreign(sqlite).map_err(|error| unopened(&error))?
        {
            return Err(Unopened { foreign: true, ..unopened(&belonging::Unfit::Foreign) });
        }
        conn.batch_execute(&settings(&conn, purpose)).map_err(|error| unopened(&error))?;
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

/// What a connection is told before anything else.
fn settings(conn: &Conn, purpose: Purpose) -> String {
    let (settings, read_only) = match conn {
        Conn::Pg(_) => (POSTGRES_SETTINGS, "SET default_transaction_read_only = on;"),
        Conn::Sqlite(_) => (SQLITE_SETTINGS, "PRAGMA query_only = ON;"),
    };
    // What is only looked at is not changed, not even in how it is written.
    let log =
        if matches!(conn, Conn::Sqlite(_)) && purpose != Purpose::Look { "PRAGMA journal_mode = WAL;" } else { "" };
    let read_only = if purpose == Purpose::Write { "" } else { read_only };
    // It waits for others before it asks them to make room.
    format!("{settings}{log}{read_only}")
}

/// How long libpq waits for a server that does not answer, unless the URL says otherwise: two seconds for a connection,
/// five for a packet to arrive, and some ten in silence until it is asked whether it is still there.
const LIMITS_OF_TIME: [(&str, u32); 5] = [
    ("connect_timeout", 2),
    ("tcp_user_timeout", 5000),
    ("keepalives_idle", 5),
    ("keepalives_interval", 2),
    ("keepalives_count", 3),
];

fn with_limits_of_time(url: &str) -> String {
    let mut limited = url.to_owned();
    for (name, limit) in LIMITS_OF_TIME {
        if !url.contains(&format!("{name}=")) {
            let separator = if limited.contains('?') { '&' } else { '?' };
            limited = format!("{limited}{separator}{name}={limit}");
        }
    }
    limited
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
