//! Refusals that name a record which is in the way, told to those who may not see it.

use serde_json::Value;

use crate::db::{Conn, Scope};
use crate::domain::error::Refusal;
use crate::domain::{Error, Fault, Faults, Id, Result, Stamp};
use crate::resources;

/// The outcome of a write. A conflict with a record that the caller may not see is one still, and names nothing of it.
///
/// # Errors
/// That of the outcome.
pub fn discreet<T>(conn: &mut Conn, stamp: &Stamp, outcome: Result<T>) -> Result<T> {
    let scope = Scope::of(&stamp.actor);
    match outcome {
        Err(Error::Conflict(refusal)) if !scope.is_all() => Err(Error::Conflict(told(conn, scope, refusal))),
        Err(Error::Invalid(faults)) if !scope.is_all() => Err(Error::Invalid(without_ways(faults))),
        outcome => outcome,
    }
}

/// The same faults; of a way that comes back to where it begins, without the records on that way.
fn without_ways(faults: Faults) -> Faults {
    let told = |fault: Fault| match fault.code {
        "cycle" => Fault::new("cycle", "would lead back to the record itself"),
        _ => fault,
    };
    Faults(faults.0.into_iter().map(|(place, fault)| (place, told(fault))).collect())
}

fn told(conn: &mut Conn, scope: Scope, mut refusal: Refusal) -> Refusal {
    let named = refusal.members.len();
    refusal.members.retain(|(_, value)| named_record(value).is_none_or(|record| may_see(conn, scope, record)));
    if refusal.members.len() < named {
        "A record that you may not see is in the way.".clone_into(&mut refusal.detail);
    }
    refusal
}

/// The record that a member of a problem document names.
fn named_record(value: &Value) -> Option<(&str, Id)> {
    Some((value.get("type")?.as_str()?, value.get("id")?.as_i64()?))
}

/// A transaction that has failed already tells nothing more.
fn may_see(conn: &mut Conn, scope: Scope, (kind, id): (&str, Id)) -> bool {
    let collection = resources::by_type(kind);
    collection.is_some_and(|collection| collection.known(conn, scope, &[id]).is_ok_and(|known| !known.is_empty()))
}
