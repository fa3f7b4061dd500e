//! What the databases' errors mean to a caller. The only place that reads them.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::result::{DatabaseErrorKind, Error as DatabaseError};

use crate::domain::Error;
use crate::domain::error::Outage;

/// How long the log says nothing more of damage that it has told of.
const SILENCE: Duration = Duration::from_mins(1);

/// What an error of the database means. A violated constraint that a store did not foresee is a fault of ours.
impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        if let DatabaseError::NotFound = error {
            return Self::NotFound;
        }
        let message = error.to_string();
        match (&error, by_message(&message)) {
            (_, Some(outage)) => {
                log_outage(outage, &format_args!("database: {message}"));
                Self::Unavailable(outage)
            }
            (
                DatabaseError::DatabaseError(
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                    _,
                ),
                None,
            ) => {
                log::error!("database: {message}");
                Self::Unavailable(Outage::Database)
            }
            _ => Self::Internal(message),
        }
    }
}

/// Logs what befell the database. Damage is met again by everybody who asks for the same page, so that it is told of once a
/// minute.
pub fn log_outage(outage: Outage, what: &dyn Display) {
    static TOLD: Mutex<Option<Instant>> = Mutex::new(None);
    if outage == Outage::StorageCorrupt {
        let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some_and(|then| then.elapsed() < SILENCE) {
            return;
        }
        *told = Some(Instant::now());
    }
    log::error!("{what}");
}

/// The outage that a text of the database tells of. Diesel gives these no kind of their own, so their texts tell: SQLite's in the first rows, PostgreSQL's in the last.
#[must_use]
pub fn by_message(message: &str) -> Option<Outage> {
    const KNOWN: &[(&str, Outage)] = &[
        ("database or disk is full", Outage::StorageFull),
        ("No space left on device", Outage::StorageFull),
        ("database disk image is malformed", Outage::StorageCorrupt),
        ("file is not a database", Outage::StorageCorrupt),
        ("attempt to write a readonly database", Outage::ReadOnly),
        ("database is locked", Outage::Overloaded),
        ("database table is locked", Outage::Overloaded),
        ("disk I/O error", Outage::Database),
        ("unable to open database file", Outage::Database),
        ("canceling statement due to", Outage::Overloaded),
        ("server closed the connection", Outage::Database),
        ("terminating connection", Outage::Database),
        ("no connection to the server", Outage::Database),
        ("connection to server", Outage::Database),
        ("the database system is", Outage::Database),
        ("read-only transaction", Outage::ReadOnly),
        ("could not receive data", Outage::Database),
        ("could not send data", Outage::Database),
    ];
    KNOWN.iter().find(|(text, _)| message.contains(text)).map(|(_, outage)| *outage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outage_is_told_by_the_text_of_the_database() {
        assert_eq!(by_message("database or disk is full"), Some(Outage::StorageFull));
        assert_eq!(by_message("database disk image is malformed"), Some(Outage::StorageCorrupt));
        assert_eq!(by_message("attempt to write a readonly database"), Some(Outage::ReadOnly));
        assert_eq!(by_message("FATAL:  terminating connection due to administrator command"), Some(Outage::Database));
        assert_eq!(by_message("canceling statement due to statement timeout"), Some(Outage::Overloaded));
        assert_eq!(by_message("no such table: documents"), None);
    }
}
