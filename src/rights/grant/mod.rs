//! Grants: which roles somebody has, and for whose records.

pub mod store;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use super::Place;
use crate::domain::{Grantee, Permission, Rights, Role};

/// A role that is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// With whose records; with every record if nobody's are named.
    pub place: Option<Place>,
}

impl Grant {
    /// A role for every record.
    #[must_use]
    pub const fn everywhere(role: Role) -> Self {
        Self { role, place: None }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            None => write!(out, "{}", self.role),
            Some(Place::Organization(id)) => write!(out, "{} of organization {id}", self.role),
            Some(Place::AdminUnit(id)) => write!(out, "{} of admin_unit {id}", self.role),
        }
    }
}

/// Several grants as one line.
#[must_use]
pub fn line_of(grants: &[Grant]) -> String {
    grants.iter().map(Grant::to_string).collect::<Vec<_>>().join(", ")
}

impl Serialize for Grant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let (organization, admin_unit) = match self.place {
            Some(Place::Organization(id)) => (Some(id), None),
            Some(Place::AdminUnit(id)) => (None, Some(id)),
            None => (None, None),
        };
        let mut grant = serializer.serialize_struct("Grant", 3)?;
        grant.serialize_field("role", &self.role)?;
        grant.serialize_field("organization", &organization)?;
        grant.serialize_field("admin_unit", &admin_unit)?;
        grant.end()
    }
}

/// What several grants come to.
#[must_use]
pub fn rights_of(grants: &[Grant], grantee: Grantee) -> Rights {
    let permissions = |wanted: fn(&&Grant) -> bool| {
        let roles = grants.iter().filter(wanted).map(|grant| grant.role);
        Permission::ALL
            .iter()
            .copied()
            .filter(|permission| roles.clone().any(|role| role.allows(*permission)))
            .collect()
    };
    Rights {
        everywhere: permissions(|grant| grant.place.is_none()),
        somewhere: permissions(|_| true),
        grantee: Some(grantee),
    }
}

/// The most that one of these grants allows.
#[must_use]
pub fn most_of(grants: &[Grant]) -> Role {
    grants.iter().map(|grant| grant.role).max().unwrap_or(Role::Reader)
}

/// Whose accounts an administrator keeps: those that are granted nothing but for areas of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Everybody's.
    All,
    /// Those that are granted something within these places alone.
    Within(BTreeSet<Place>),
}

impl Kept {
    /// Whether the account with these grants is one of them.
    #[must_use]
    pub fn has(&self, grants: &[Grant]) -> bool {
        match self {
            Self::All => true,
            Self::Within(places) => {
                let inside = |grant: &Grant| grant.place.is_some_and(|place| places.contains(&place));
                !grants.is_empty() && grants.iter().all(inside)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Permissions;

    #[test]
    fn grants_add_up() {
        let within = |role, id| Grant { role, place: Some(Place::Organization(id)) };
        let grants = [Grant::everywhere(Role::Reader), within(Role::Editor, 5), within(Role::Reviewer, 7)];
        let rights = rights_of(&grants, Grantee::User(1));
        let all = |permissions: Permissions| {
            Permission::ALL.iter().copied().filter(|one| permissions.has(*one)).collect::<Vec<_>>()
        };
        assert_eq!(all(rights.everywhere), [Permission::Read]);
        assert_eq!(all(rights.somewhere), [Permission::Read, Permission::Write, Permission::Review]);
        assert_eq!(most_of(&grants), Role::Editor);
        assert!(rights_of(&[], Grantee::User(1)).somewhere.is_empty());
    }
}
