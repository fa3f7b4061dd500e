//! The whole database as one file of lines, out of either database and into either: [`mod@export`], [`import`], and
//! [`check`], which proves that a database is what its log says.
//!
//! The rule: the log is the whole record. What is exported is the log and what does not follow from it, and the tables of
//! records are built from the last row that the log has of each. So the same content is the same bytes, whichever
//! database it comes from, and what is imported has the ids, the versions, the history and the hashes that it had.
//! [`format`](mod@format) says what a line is.
//!
//! These are for an administrator at the command line: an error is one sentence, with the number of the line if a line is
//! at fault.

pub mod check;
pub mod export;
pub mod format;
pub mod import;
mod lines;

/// What went out or came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Rows of the log.
    pub changes: u64,
    /// Records, deleted ones too; they are counted when they come in only.
    pub records: u64,
    /// External keys.
    pub keys: u64,
    /// The hash of the last row of the log, which stands for all of them.
    pub last_hash: String,
}

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many lines of so many have gone out or come in.
    Lines(u64, u64),
    /// All lines are in, and so many records have been built from them.
    Records(u64),
}
