//! The proof that the log is as it was written: each row has the hash that follows from its content and from the row
//! before, and none is missing between the first and the last.
//!
//! Whoever can write to the database can also make a whole chain anew. What shows that is the last hash, kept elsewhere.

use std::fmt;

use super::store::{self, Change, FIRST_HASH};
use crate::db::{Conn, Scope};
use crate::domain::Result;

/// How many rows of the log are read at once.
pub const PAGE: i64 = 500;

/// A log without a fault, or as much of one as has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// How many rows it has.
    pub rows: i64,
    /// The hash of the last, which stands for all of them.
    pub last_hash: String,
}

/// The first row that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {sequence} of the log {what}")]
pub struct Broken {
    /// Its sequence.
    pub sequence: i64,
    /// What is wrong with it.
    pub what: Fault,
}

/// What is wrong with a row of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not there, though a later one is.
    Missing,
    /// It does not follow on the row before.
    Unlinked,
    /// Its hash is not that of its content.
    Altered,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Missing => "is missing",
            Self::Unlinked => "does not follow on the row before",
            Self::Altered => "was altered",
        })
    }
}

impl Proof {
    /// That of a log without rows.
    #[must_use]
    pub fn begin() -> Self {
        Self { rows: 0, last_hash: FIRST_HASH.to_owned() }
    }

    /// Goes on by the row that comes next.
    ///
    /// # Errors
    /// What is wrong with it; the proof stays where it was.
    pub fn extend(&mut self, change: &Change) -> std::result::Result<(), Broken> {
        let sequence = self.rows.saturating_add(1);
        let what = if change.sequence != sequence {
            Fault::Missing
        } else if change.previous_hash != self.last_hash {
            Fault::Unlinked
        } else if change.hash != change.computed_hash() {
            Fault::Altered
        } else {
            *self = Self { rows: sequence, last_hash: change.hash.clone() };
            return Ok(());
        };
        Err(Broken { sequence, what })
    }
}

/// Reads the whole log, page by page.
///
/// # Errors
/// As the database has them.
pub fn verify(conn: &mut Conn) -> Result<std::result::Result<Proof, Broken>> {
    let mut proof = Proof::begin();
    loop {
        let page = store::after(conn, Scope::All, proof.rows, None, PAGE)?;
        if page.is_empty() {
            return Ok(Ok(proof));
        }
        for change in page {
            if let Err(broken) = proof.extend(&change) {
                return Ok(Err(broken));
            }
        }
    }
}
