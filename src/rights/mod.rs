//! Rights: who may do what with whose records. This is the one place that decides it.
//!
//! A role is granted for every record, or for those of the bodies within an area: an organization or an administrative
//! unit, with all that lies below it. What became part of another on a day (`successions`) belongs to the area of that one
//! from then on, so that the records of a body that was merged do not go without an editor. `managed_by` says whose a
//! record is; one that names nobody is for those alone whose role is granted for every record.
//!
//! Reading is decided in the query ([`crate::db::scope`]), which finds the areas in the tables that [`area`] keeps. All
//! else is decided by [`decide`], before anything is written.

pub mod area;
pub mod grant;

pub use grant::Grant;

use crate::db::Conn;
use crate::domain::error::NOT_GRANTED;
use crate::domain::{Actor, Error, Id, Permission, Result};

/// For whose records something is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Those of an organization, and of what lies below it.
    Organization(Id),
    /// Those of the organizations of an administrative unit, and of what lies below it.
    AdminUnit(Id),
}

/// Why somebody may do something, or may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is granted for every record.
    Everywhere,
    /// It is granted for an area in which the owner of the record lies.
    Within(Grant),
    /// There is no credential.
    Unknown,
    /// It is not granted at all.
    NotGranted,
    /// It is granted for some areas, and the record has an owner outside of them.
    Elsewhere,
    /// It is granted for some areas, and the record has no owner.
    NoOwner,
}

impl Decision {
    /// Whether it is allowed.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(self, Self::Everywhere | Self::Within(_))
    }

    /// The code by which it is told.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Everywhere => "granted_everywhere",
            Self::Within(_) => "granted_within",
            Self::Unknown => "no_credential",
            Self::NotGranted => "not_granted",
            Self::Elsewhere => "granted_elsewhere",
            Self::NoOwner => "no_owner",
        }
    }

    /// The same as a sentence.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Everywhere => "It is granted for every record.",
            Self::Within(_) => "It is granted for the records of the organization that owns this one.",
            Self::Unknown => "There is no credential.",
            Self::NotGranted => NOT_GRANTED,
            Self::Elsewhere => "It is granted for the records of other organizations than the one in managed_by.",
            Self::NoOwner => "It is granted for the records of some organizations, and managed_by names none.",
        }
    }

    /// Every code.
    pub const CODES: &'static [&'static str] =
        &["granted_everywhere", "granted_within", "no_credential", "not_granted", "granted_elsewhere", "no_owner"];
}

/// Whether `actor` may do something with a record of `owner`.
///
/// # Errors
/// As the database has them.
pub fn decide(conn: &mut Conn, actor: &Actor, permission: Permission, owner: Option<Id>) -> Result<Decision> {
    if actor.may_everywhere(permission) {
        return Ok(Decision::Everywhere);
    }
    if !actor.is_known() {
        return Ok(Decision::Unknown);
    }
    let (true, Some(grantee)) = (actor.may(permission), actor.rights.grantee) else { return Ok(Decision::NotGranted) };
    let Some(owner) = owner else { return Ok(Decision::NoOwner) };
    let allowing = grant::store::within(conn, grantee, Place::Organization(owner))?
        .into_iter()
        .find(|grant| grant.role.allows(permission));
    Ok(allowing.map_or(Decision::Elsewhere, Decision::Within))
}

/// Refuses what [`decide`] does not allow.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`; else as the database has them.
pub fn require(conn: &mut Conn, actor: &Actor, permission: Permission, owner: Option<Id>) -> Result<()> {
    match decide(conn, actor, permission, owner)? {
        decision if decision.allows() => Ok(()),
        Decision::Unknown => Err(Error::Unauthenticated),
        decision => Err(Error::Forbidden(decision.reason())),
    }
}

/// Refuses a caller who may do something with no record at all, before anything else is looked at.
///
/// # Errors
/// `Unauthenticated` without a credential, `Forbidden` with one that does not allow it anywhere.
pub fn require_somewhere(actor: &Actor, permission: Permission) -> Result<()> {
    match actor {
        actor if actor.may(permission) => Ok(()),
        actor if actor.is_known() => Err(Error::Forbidden(NOT_GRANTED)),
        _ => Err(Error::Unauthenticated),
    }
}
