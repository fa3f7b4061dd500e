//! Who asks, and what they may do.

use super::Id;
use super::vocabulary::vocabulary;

vocabulary! {
    /// What a caller may do with the records for which it is granted. Each comes after those that allow less.
    pub enum Role in "role" {
        /// Reads internal records as well as public ones.
        Reader = "reader",
        /// Reads, and decides on evidence and extensions.
        Reviewer = "reviewer",
        /// Reads and writes.
        Editor = "editor",
        /// Does what all others do, and keeps the accounts.
        Administrator = "administrator",
    }
}

vocabulary! {
    /// What may be done.
    pub enum Permission in "permission" {
        /// To read internal records.
        Read = "read",
        /// To create, change and delete.
        Write = "write",
        /// To decide.
        Review = "review",
        /// To keep accounts.
        Administer = "administer",
    }
}

impl Role {
    /// Whether the role allows something.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        match self {
            Self::Administrator => true,
            Self::Editor => matches!(permission, Permission::Read | Permission::Write),
            Self::Reviewer => matches!(permission, Permission::Read | Permission::Review),
            Self::Reader => matches!(permission, Permission::Read),
        }
    }

    /// All that the role allows.
    #[must_use]
    pub fn permissions(self) -> Permissions {
        Permission::ALL.iter().copied().filter(|permission| self.allows(*permission)).collect()
    }
}

/// Several permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u8);

impl Permissions {
    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & Self::bit(permission) != 0
    }

    /// Those that are among others too.
    #[must_use]
    pub const fn within(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn bit(permission: Permission) -> u8 {
        match permission {
            Permission::Read => 1,
            Permission::Write => 2,
            Permission::Review => 4,
            Permission::Administer => 8,
        }
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | Self::bit(permission)))
    }
}

/// Whom roles are granted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// A user, by number.
    User(Id),
    /// The API key of a partner, by its id.
    ApiKey([u8; 8]),
}

/// What a caller may do: with every record, and with those of some bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights {
    /// With every record.
    pub everywhere: Permissions,
    /// With the records of some bodies at least; the database knows of which by the grantee.
    pub somewhere: Permissions,
    /// Whose grants they are, if there are any in the database.
    pub grantee: Option<Grantee>,
}

impl Rights {
    /// What a role allows with every record.
    #[must_use]
    pub fn everywhere(role: Role) -> Self {
        let permissions = role.permissions();
        Self { everywhere: permissions, somewhere: permissions, grantee: None }
    }

    /// The greatest of the roles whose permissions are all here; `None` if there are none.
    #[must_use]
    pub fn role(self) -> Option<Role> {
        let whole = |role: &Role| role.permissions().within(self.somewhere) == role.permissions();
        Role::ALL.iter().rev().copied().find(whole)
    }

    /// The same, but no more than a role allows.
    #[must_use]
    pub fn at_most(self, role: Role) -> Self {
        let most = role.permissions();
        Self { everywhere: self.everywhere.within(most), somewhere: self.somewhere.within(most), ..self }
    }
}

/// The caller of one operation: the empty one has no credential and reads public records only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The subject of the credential, as it is written into the change log; `None` without a credential.
    pub subject: Option<String>,
    /// The id of the credential (`jti`), so that the log tells which one was used.
    pub credential: Option<String>,
    /// What the caller may do.
    pub rights: Rights,
}

impl Actor {
    /// The program itself, when it loads data from the command line.
    #[must_use]
    pub fn system(subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), credential: None, rights: Rights::everywhere(Role::Administrator) }
    }

    /// The subject and the credential, as the list of events has them.
    #[must_use]
    pub fn subject_and_credential(&self) -> String {
        let [subject, credential] = [&self.subject, &self.credential].map(|text| text.as_deref().unwrap_or_default());
        format!("{subject} {credential}")
    }

    /// Whether the caller has a credential.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.subject.is_some()
    }

    /// Whether the caller may do something with some records at least.
    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.rights.somewhere.has(permission)
    }

    /// Whether the caller may do something with every record.
    #[must_use]
    pub const fn may_everywhere(&self, permission: Permission) -> bool {
        self.rights.everywhere.has(permission)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_does_not_decide_and_who_decides_does_not_write() {
        let allowed = |role: Role| {
            let allowed = Permission::ALL.iter().filter(|permission| role.permissions().has(**permission));
            allowed.map(|permission| permission.code()).collect::<Vec<_>>()
        };
        assert_eq!(allowed(Role::Reader), ["read"]);
        assert_eq!(allowed(Role::Reviewer), ["read", "review"]);
        assert_eq!(allowed(Role::Editor), ["read", "write"]);
        assert_eq!(allowed(Role::Administrator), ["read", "write", "review", "administer"]);
    }

    #[test]
    fn key_allows_no_more_than_its_role_and_no_more_than_its_user() {
        let editor = Rights::everywhere(Role::Editor);
        assert_eq!(editor.at_most(Role::Administrator), editor);
        assert_eq!(editor.at_most(Role::Reader), Rights::everywhere(Role::Reader));
        assert_eq!(editor.at_most(Role::Reviewer), Rights::everywhere(Role::Reader));
    }
}
