//! Who asks.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What a caller may do.
    pub enum Role in "role" {
        /// Reads internal records as well as public ones.
        Reader = "reader",
        /// Reads and writes every record.
        Editor = "editor",
        /// Does what an editor does, and keeps the accounts.
        Administrator = "administrator",
    }
}

/// The caller of one operation: the empty one has no credential and reads public records only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The subject of the credential, as it is written into the change log; `None` without a credential.
    pub subject: Option<String>,
    /// The id of the credential (`jti`), so that the log tells which one was used.
    pub credential: Option<String>,
    /// What the credential allows.
    pub role: Option<Role>,
}

impl Actor {
    /// The program itself, when it loads data from the command line.
    #[must_use]
    pub fn system(subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), credential: None, role: Some(Role::Editor) }
    }

    /// Whether records with visibility `internal` are shown to the caller.
    #[must_use]
    pub const fn reads_internal(&self) -> bool {
        self.role.is_some()
    }

    /// Whether the caller may write.
    #[must_use]
    pub fn writes(&self) -> bool {
        matches!(self.role, Some(Role::Editor | Role::Administrator))
    }

    /// Whether the caller may keep accounts.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.role == Some(Role::Administrator)
    }
}

/// What a write leaves in the change log besides the record: who, by which request, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Who writes.
    pub actor: Actor,
    /// The id of the request, which all its rows share.
    pub request_id: String,
    /// When.
    pub now: super::Instant,
}
