//! Grants as they are received: a role for every record, or several roles, each for its records.

use serde::Deserialize;
use serde_json::Value;

use crate::db::Conn;
use crate::domain::{Actor, Error, Fault, Id, Reference, Result, Role};
use crate::keys;
use crate::rights::grant::store::kept_by;
use crate::rights::{Grant, Place};

/// How many grants one account may have.
pub const MOST_GRANTS: usize = 100;

/// A grant as it is received.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantInput {
    role: Role,
    organization: Option<Value>,
    admin_unit: Option<Value>,
}

/// The grants of a body, which has them by themselves or as one role for every record; `None` if it has neither.
pub fn asked(role: Option<Role>, grants: Option<Vec<GrantInput>>) -> Result<Option<Vec<GrantInput>>> {
    let refused = |pointer: &str, code, message: String| Err(Error::field(pointer, Fault::new(code, message)));
    match (role, grants) {
        (Some(_), Some(_)) => refused("/role", "inconsistent", "cannot stand beside grants".to_owned()),
        (Some(role), None) => Ok(Some(vec![GrantInput { role, organization: None, admin_unit: None }])),
        (None, Some(grants)) if grants.is_empty() => refused("/grants", "empty", "must not be empty".to_owned()),
        (None, Some(grants)) if grants.len() > MOST_GRANTS => {
            refused("/grants", "too_many", format!("takes at most {MOST_GRANTS}"))
        }
        (None, grants) => Ok(grants),
    }
}

/// The grants that a caller gives to an account, who keeps it from now on.
///
/// # Errors
/// `Invalid` if one names what does not exist, `Forbidden` if one is not the caller's to give.
pub fn given(conn: &mut Conn, actor: &Actor, inputs: &[GrantInput]) -> Result<Vec<Grant>> {
    let mut grants = Vec::with_capacity(inputs.len());
    for (at, input) in inputs.iter().enumerate() {
        let place = match (&input.organization, &input.admin_unit) {
            (None, None) => None,
            (Some(link), None) => Some(Place::Organization(target(conn, at, "organization", link)?)),
            (None, Some(link)) => Some(Place::AdminUnit(target(conn, at, "admin_unit", link)?)),
            (Some(_), Some(_)) => {
                let fault = Fault::new("inconsistent", "cannot stand beside organization");
                return Err(Error::field(format!("/grants/{at}/admin_unit"), fault));
            }
        };
        grants.push(Grant { role: input.role, place });
    }
    if kept_by(conn, actor)?.has(&grants) {
        Ok(grants)
    } else {
        Err(Error::Forbidden("A grant reaches further than the administrator who gives it."))
    }
}

/// The number of the record that a link of a grant points at.
fn target(conn: &mut Conn, at: usize, field: &str, link: &Value) -> Result<Id> {
    let refused = |fault| Error::field(format!("/grants/{at}/{field}"), fault);
    match Reference::from_json(link).map_err(refused)? {
        Reference::Id(id) => Ok(id),
        Reference::ExternalKey(key) => keys::store::find(conn, field, &key)?.ok_or_else(|| {
            let (system, key) = (key.system.as_str(), key.key.as_str());
            let what = format!("points at no {field}: there is no key {system}/{key}");
            refused(Fault::new("does_not_exist", what))
        }),
        Reference::Pointer(_) => Err(refused(Fault::new("invalid_link", "must be a number, an id or an external_key"))),
    }
}
