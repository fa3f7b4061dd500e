//! The records that stand in the body of the one that they are part of.

use serde_json::Value;

use super::input::{Children, Siblings, changed_elsewhere};
use super::write::{Nested, Outcome};
use crate::db::Conn;
use crate::domain::{Error, Fault, Faults, Id, Result, Stamp};

/// Creates the records that stand in the body of their parent, in their order, and names them.
///
/// # Errors
/// `Invalid` with the faults of all children of the first collection that has any: those of the next may point at them,
/// so that theirs are known only when these are mended.
pub(super) fn create(conn: &mut Conn, stamp: &Stamp, parent: Id, children: Vec<Children>) -> Result<Vec<Nested>> {
    let (mut siblings, mut created) = (Siblings::new(), Vec::new());
    for group in children {
        let mut faults = Faults::default();
        for (at, record) in group.records.into_iter().enumerate() {
            let pointer = format!("/{}/{at}", group.key);
            match group.collection.create_child(conn, stamp, record, parent, &siblings) {
                Ok(id) => {
                    siblings.insert(pointer.clone(), (group.collection.kind(), id));
                    created.push(Nested { pointer, collection: group.collection, id, outcome: Outcome::Created });
                }
                Err(Error::Invalid(found)) => faults.extend(found.below(&pointer)),
                Err(error) => return Err(below(error, &pointer, &siblings)),
            }
            if faults.is_full() {
                break;
            }
        }
        if !faults.is_empty() {
            return Err(faults.into());
        }
    }
    Ok(created)
}

/// Holds the children in the body of a record that is there against those that it has: each must say what the one made in
/// its turn says. So what made a record may be sent again, and no child is written over by its place in a list. Names those
/// children.
///
/// # Errors
/// `Invalid` with the code `children_not_patched` at the first collection of which it does not have just these: those of the
/// next may point at them.
pub(super) fn require_same(
    conn: &mut Conn,
    stamp: &Stamp,
    parent: (&str, Id),
    children: Vec<Children>,
) -> Result<Vec<Nested>> {
    let (mut siblings, mut found) = (Siblings::new(), Vec::new());
    for group in children {
        let mut faults = Faults::default();
        let mut there = group.collection.children_of(conn, parent.1)?;
        there.sort_unstable();
        let mut same = there.len() == group.records.len();
        for (at, (id, record)) in there.into_iter().zip(group.records).enumerate() {
            if !same {
                break;
            }
            let pointer = format!("/{}/{at}", group.key);
            same = match group.collection.says(conn, stamp, id, record, &siblings) {
                Ok(same) => same,
                Err(Error::Invalid(wrong)) => {
                    faults.extend(wrong.below(&pointer));
                    break;
                }
                Err(error) => return Err(below(error, &pointer, &siblings)),
            };
            siblings.insert(pointer.clone(), (group.collection.kind(), id));
            found.push(Nested { pointer, collection: group.collection, id, outcome: Outcome::Unchanged });
        }
        if !same {
            faults.field(format!("/{}", group.key), changed_elsewhere(parent, group.collection));
        }
        if !faults.is_empty() {
            return Err(faults.into());
        }
    }
    Ok(found)
}

/// Puts the place of a child before the places of its faults. A sibling with which it is in conflict is named by its
/// place, for it is not there once the request is refused.
fn below(error: Error, pointer: &str, siblings: &Siblings) -> Error {
    match error {
        Error::Conflict(mut refusal) => {
            refusal.faults = refusal.faults.below(pointer);
            let existing = refusal.members.iter().position(|(name, _)| *name == "existing");
            let same = existing.and_then(|at| Some((at, sibling_of(&refusal.members.get(at)?.1, siblings)?)));
            let message = match same {
                Some((at, sibling)) => {
                    refusal.members.remove(at);
                    format!("is in conflict with {sibling}")
                }
                None => "is in conflict with a record that is there".to_owned(),
            };
            if refusal.faults.is_empty() {
                refusal.faults.field(pointer, Fault::new("inconsistent", message));
            }
            Error::Conflict(refusal)
        }
        other => other,
    }
}

/// The place in the request of the record that a conflict names, if the request made it.
fn sibling_of(existing: &Value, siblings: &Siblings) -> Option<String> {
    let (kind, id) = (existing.get("type")?.as_str()?, existing.get("id")?.as_i64()?);
    siblings.iter().find(|(_, sibling)| **sibling == (kind, id)).map(|(pointer, _)| pointer.clone())
}
