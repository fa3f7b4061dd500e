//! The decision on a record: added once to what is otherwise never changed.

use serde_json::{Map, Value};

use super::discreet::discreet;
use super::input::{self, Context, Siblings, pointer_to, unknown_field};
use super::write::{Manner, Precondition, Written, current_input, held, overwrite, permitted, require, written};
use crate::changes::{self, Operation};
use crate::db::{Conn, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::resource::is_of_decision;
use crate::domain::{DecisionFields, Error, Fault, Faults, Id, Permission, Result, Stamp};

/// Adds the decision on a record, which has none yet.
///
/// # Errors
/// `Conflict` with the code `already_decided` if it has one; else as [`super::write::patch`].
pub fn decide<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    id: Id,
    decision: Value,
    precondition: &Precondition,
) -> Result<Written<R>> {
    let fields = R::DECISION.ok_or_else(|| Error::Internal(format!("a {} is not decided", R::TYPE)))?;
    let row = permitted::<R>(conn, stamp, id, Permission::Review)?;
    let meta = row.meta();
    require(precondition, &meta)?;
    let decision = checked(fields, decision)?;
    if !is_open(fields, &decision_of::<R>(&row)?) {
        let detail = format!("The {} is decided already.", R::TYPE.replace('_', " "));
        return Err(Error::Conflict(Refusal::new("already_decided", detail)));
    }
    let at_status = |code, message| Error::field(pointer_to(fields.status), Fault::new(code, message));
    if !decision.contains_key(fields.status) {
        return Err(at_status("missing", "is required"));
    }
    if is_open(fields, &decision) {
        return Err(at_status("inconsistent", "is no decision"));
    }
    let current = Value::Object(current_input::<R>(&row)?);
    let (siblings, held) = (Siblings::new(), held::<R>(stamp, &row, &[])?);
    let context = Context::over(stamp, &meta, &siblings, held.as_ref());
    let input = input::read_with::<R>(conn, current, context, decision)?;
    let outcome = overwrite::<R>(conn, stamp, &row, input, Manner::of(Operation::Decide));
    let saved = discreet(conn, stamp, outcome)?;
    written::<R>(conn, stamp, &saved)
}

/// A decision that says nothing but what a decision can.
fn checked(fields: DecisionFields, decision: Value) -> Result<Map<String, Value>> {
    let Value::Object(decision) = decision else {
        return Err(Error::field("", Fault::new("wrong_type", "must be a JSON object")));
    };
    let known: Vec<&str> = fields.names().collect();
    let mut faults = Faults::default();
    for name in decision.keys().filter(|name| !known.contains(&name.as_str())) {
        faults.field(pointer_to(name), unknown_field(name, &known));
    }
    if faults.is_empty() { Ok(decision) } else { Err(faults.into()) }
}

/// Whether these fields say that nobody has decided yet.
fn is_open(fields: DecisionFields, said: &Map<String, Value>) -> bool {
    said.get(fields.status).and_then(Value::as_str) == Some(fields.open)
}

/// The fields of the decision on a record, as they are stored.
pub(super) fn decision_of<R: Store>(row: &R::Row) -> Result<Map<String, Value>> {
    let mut stored = changes::stored_json::<R>(&row.meta(), &R::stored(row.clone())?)?;
    stored.retain(|name, _| is_of_decision::<R>(name));
    Ok(stored)
}

/// The fields without those of the decision that say what is so anyway: that there is none yet, or the one that `row` has.
/// Any other is left, to be refused: a decision has a path of its own.
pub(super) fn without_known_decision<R: Store>(
    row: Option<&R::Row>,
    mut fields: Map<String, Value>,
) -> Result<Map<String, Value>> {
    let Some(decision) = R::DECISION else { return Ok(fields) };
    let known = row.map(decision_of::<R>).transpose()?;
    fields.retain(|name, said| {
        let is = match &known {
            Some(known) => known.get(name).cloned().unwrap_or_default(),
            None => decision.before(name),
        };
        !is_of_decision::<R>(name) || (*said != is && said.get("id") != Some(&is))
    });
    Ok(fields)
}
