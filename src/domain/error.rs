//! The one error of the service, by what the caller would do about it.

use serde_json::{Value, json};

use super::{Fault, Faults, Id, Instant, Link, Resource};

/// What an operation gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every code that a [`Fault`] may have. They never change once released.
pub const FAULT_CODES: &[&str] = &[
    "above_normal_confidentiality",
    "children_not_patched",
    "cycle",
    "does_not_exist",
    "duplicate_parameter",
    "empty",
    "forbidden_character",
    "inconsistent",
    "invalid_cursor",
    "invalid_date",
    "invalid_id",
    "invalid_instant",
    "invalid_key",
    "invalid_link",
    "invalid_number",
    "invalid_value",
    "missing",
    "out_of_range",
    "outside_numbering_period",
    "read_only",
    "row_failed",
    "too_common",
    "too_long",
    "too_many",
    "too_short",
    "unknown_code",
    "unknown_field",
    "unknown_parameter",
    "wrong_type",
];

/// Why a caller may not do something who may do it with no record.
pub const NOT_GRANTED: &str = "The role of this credential does not allow this.";

/// Why an operation was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The record was deleted.
    #[error("deleted at {0}")]
    Gone(Instant),
    /// The state of other records does not allow it.
    #[error("{}", .0.detail)]
    Conflict(Refusal),
    /// The body is well formed and means something wrong.
    #[error("{} faults", .0.0.len())]
    Invalid(Faults),
    /// The request cannot be read, or something is wrong in its path, query or headers.
    #[error("{}", .0.detail)]
    Malformed(Refusal),
    /// The record is not the one that the caller last saw; the version of the one that is there is given.
    #[error("version is {0:?}")]
    PreconditionFailed(Option<i64>),
    /// The write needs an `If-Match`.
    #[error("precondition required")]
    PreconditionRequired,
    /// A credential is needed and there is none, or it is not valid.
    #[error("unauthenticated")]
    Unauthenticated,
    /// The credential does not allow it, and why.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// Too many attempts: not before so many seconds have passed.
    #[error("too many attempts")]
    Throttled(i64),
    /// The quota of the caller is used up: not before so many seconds have passed.
    #[error("the quota is used up")]
    OverQuota(i64),
    /// Not now: the caller may try again.
    #[error("{0}")]
    Unavailable(Outage),
    /// A fault of the service; the cause goes to the log and never to the caller.
    #[error("{0}")]
    Internal(String),
}

/// Why the service cannot answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Database,
    /// Too much waits already.
    #[error("too many requests are waiting")]
    Overloaded,
    /// There is no room left to write.
    #[error("the storage is full")]
    StorageFull,
    /// The database file is damaged.
    #[error("the storage is damaged")]
    StorageCorrupt,
    /// The database cannot be written to.
    #[error("the storage is read-only")]
    ReadOnly,
    /// Whether the write took effect is not known.
    #[error("the outcome of the write is not known")]
    OutcomeUnknown,
}

/// A refusal with its own code, the sentence that explains it, the places, and what may help the caller.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Refusal {
    /// The stable code, such as `duplicate_document`.
    pub code: &'static str,
    /// What happened, for a person.
    pub detail: String,
    /// The places.
    pub faults: Faults,
    /// Further members of the problem document, such as the candidates of an ambiguous symbol.
    pub members: Vec<(&'static str, Value)>,
}

impl Refusal {
    /// A refusal with a code and a sentence.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), ..Self::default() }
    }

    /// The same refusal with one more member.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.members.push((name, value));
        self
    }

    /// The same refusal, naming the record of `R` that is there already, as a link would.
    #[must_use]
    pub fn existing<R: Resource>(self, id: Id, title: &str) -> Self {
        self.with("existing", described::<R>(id, title))
    }

    /// The same refusal, about the field at `pointer`.
    #[must_use]
    pub fn at(mut self, pointer: &str, fault: Fault) -> Self {
        self.faults.field(pointer, fault);
        self
    }
}

/// A record as a problem document names it: as a link would, with what to call it.
#[must_use]
pub fn described<R: Resource>(id: Id, title: &str) -> Value {
    json!({ "id": id, "type": R::TYPE, "url": Link::url(R::COLLECTION, id), "title": title })
}

impl Error {
    /// Why the service cannot answer now, if that is what it says.
    #[must_use]
    pub const fn outage(&self) -> Option<Outage> {
        match self {
            Self::Unavailable(outage) => Some(*outage),
            _ => None,
        }
    }

    /// A fault in a parameter of the path, the query or a header.
    #[must_use]
    pub fn parameter(name: &str, fault: Fault) -> Self {
        let detail = format!("The parameter {name} {}.", fault.message);
        let faults = Faults(vec![(super::Place::Parameter(name.to_owned()), fault)]);
        Self::Malformed(Refusal { code: "invalid_parameter", detail, faults, ..Refusal::default() })
    }

    /// One fault of the field at `pointer` of the body.
    #[must_use]
    pub fn field(pointer: impl Into<String>, fault: Fault) -> Self {
        Self::Invalid(Faults::at(pointer, fault))
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}
