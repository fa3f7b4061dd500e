//! The write of a sender who says what a record is to be and not whether it is there: it is made, written over, brought
//! back, or left alone where it says the same.

use serde_json::{Map, Value};

use super::decide::without_known_decision;
use super::discreet::discreet;
use super::input;
use super::read;
use super::write::{self, Known, Outcome, Saved};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::link::ExternalKey;
use crate::domain::{Error, Fault, Id, Result, Stamp};
use crate::keys;

/// Which record is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A new one.
    New,
    /// A living one by its number.
    Id {
        /// The number.
        id: Id,
        /// The version that the sender knows: a record of another one is not written over.
        version: Option<i64>,
    },
    /// The one with this key, whether it is there, was deleted, or is not there yet.
    Key(ExternalKey),
}

/// What the fields mean to a record that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// They are the whole record, as with PUT.
    Whole,
    /// They are what is to change, as with PATCH.
    Part,
    /// Nothing: a living record is left alone.
    Absent,
}

/// Writes a record.
///
/// # Errors
/// As every write; `Invalid` at `/id` if there is no living record of that number, `PreconditionFailed` if it has another
/// version than the sender knows.
pub fn save<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    target: &Target,
    fields: Map<String, Value>,
    extent: Extent,
) -> Result<Saved> {
    let outcome = saved::<R>(conn, stamp, target, fields, extent);
    discreet(conn, stamp, outcome)
}

fn saved<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    target: &Target,
    fields: Map<String, Value>,
    extent: Extent,
) -> Result<Saved> {
    let found = match target {
        Target::New => None,
        Target::Id { id, .. } => Some(*id),
        Target::Key(key) => keys::store::find(conn, R::TYPE, key)?,
    };
    match (found, target) {
        (Some(id), Target::Id { version, .. }) => {
            let row =
                read::living::<R>(conn, Scope::of(&stamp.actor), id).map_err(|error| named_nothing::<R>(error, id))?;
            save_over::<R>(conn, stamp, &row, fields, (extent, *version))
        }
        (Some(id), _) => {
            let row = R::Row::by_ids(conn, Scope::of(&stamp.actor), &[id])?.pop().ok_or(Error::NotFound)?;
            save_over::<R>(conn, stamp, &row, fields, (extent, None))
        }
        (None, _) => {
            let known = if let Target::Key(key) = target { Known::Key(key) } else { Known::Nothing };
            let fields = without_known_decision::<R>(None, fields)?;
            write::create_within::<R>(conn, stamp, Value::Object(fields), known, &input::Siblings::new())
        }
    }
}

fn named_nothing<R: Store>(error: Error, id: Id) -> Error {
    let what = match error {
        Error::NotFound => "does not exist",
        Error::Gone(_) => "was deleted",
        other => return other,
    };
    Error::field("/id", Fault::new("does_not_exist", format!("names {} {id}, which {what}", R::TYPE)))
}

/// Writes over a row, living or deleted, of which the sender knows a version.
fn save_over<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    row: &R::Row,
    fields: Map<String, Value>,
    (extent, known_version): (Extent, Option<i64>),
) -> Result<Saved> {
    let meta = row.meta();
    let known = Some(row).filter(|_| meta.deleted_at.is_none());
    let fields = without_known_decision::<R>(known, fields)?;
    let said = write::names_of(&fields);
    let whole = match extent {
        Extent::Absent if meta.deleted_at.is_none() => {
            return Ok(Saved { id: meta.id, outcome: Outcome::Unchanged, warnings: Vec::new(), nested: Vec::new() });
        }
        Extent::Absent | Extent::Whole => fields,
        Extent::Part => {
            let mut current = write::current_input::<R>(row)?;
            if let Some((place, parent)) = R::PARENT.zip(meta.parent) {
                current.insert(place.field.to_owned(), parent.into());
            }
            input::patch::<R>(&mut current, fields);
            current
        }
    };
    write::replace_with::<R>(conn, stamp, row, Value::Object(whole), &said, known_version)
}
