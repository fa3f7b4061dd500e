//! What decides whether something may be said of a record in linked data, and does not stand in every answer that names it.

use std::collections::HashSet;

use serde::Deserialize;

use super::Id;

/// Something that is so of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A document is no draft.
    Adopted,
    /// A document is no draft, and was not taken back.
    Upheld,
    /// No place is known at which people met for a conference: neither its own nor a bridge point.
    Remote,
}

/// The facts that hold, of documents and of conferences by what each is about. One that is not here does not hold, or is
/// not for the caller to know.
pub type Facts = HashSet<(Fact, Id)>;
