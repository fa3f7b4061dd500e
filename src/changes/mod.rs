//! The change log: the one row that every write appends, in the same transaction, and what is read from it.
//!
//! The rule: nothing is written to a table of records except through [`create`] and [`replace`] here, so that no change
//! can be missing from the log. Sequence order is commit order, because only the writer lane appends.

pub mod feed;
pub mod store;

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::db::{Conn, Store, Table};
use crate::domain::hex;
use crate::domain::vocabulary::vocabulary;
use crate::domain::{Error, Id, Instant, Meta, Result, Stamp};

vocabulary! {
    /// What a change did to its record.
    pub enum Operation in "change_operation" {
        /// The record was made.
        Create = "create",
        /// Its fields were changed.
        Update = "update",
        /// It was deleted.
        Delete = "delete",
        /// It was deleted, and has come back under its external key.
        Revive = "revive",
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the log, from 1, with no gaps.
    pub sequence: i64,
    /// The type of the record.
    pub resource: String,
    /// The number of the record.
    pub record_id: Id,
    /// The version of the record that the change made.
    pub version: i64,
    /// What it did.
    pub operation: Operation,
    /// Who did it.
    pub actor: String,
    /// With which credential.
    pub credential: Option<String>,
    /// By which request.
    pub request_id: String,
    /// When.
    pub recorded_at: Instant,
    /// The whole record afterwards, as JSON text with links as ids.
    pub after: String,
    /// The hash of the row before.
    pub previous_hash: String,
    /// The hash of this row.
    pub hash: String,
}

impl Change {
    /// The hash that the row must have: SHA-256 over the hash before and every other field, each on a line of its own.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let mut hasher = Sha256::new();
        let recorded_at = self.recorded_at.microseconds();
        let head = format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{recorded_at}\n",
            self.previous_hash,
            self.sequence,
            self.resource,
            self.record_id,
            self.version,
            self.operation,
            self.actor,
            self.credential.as_deref().unwrap_or_default(),
            self.request_id,
        );
        hasher.update(head.as_bytes());
        hasher.update(self.after.as_bytes());
        hex(&hasher.finalize())
    }
}

/// Writes a new record and its row of the log.
///
/// # Errors
/// As the database has them.
pub fn create<R: Store>(conn: &mut Conn, stamp: &Stamp, meta: &Meta, body: &R::Body<Id>) -> Result<R::Row> {
    let row = R::row(meta, body)?;
    row.insert(conn)?;
    R::written(conn, &row)?;
    append::<R>(conn, stamp, meta, &row, Operation::Create)?;
    Ok(row)
}

/// Writes a record over the one with its id, and its row of the log.
///
/// # Errors
/// As the database has them.
pub fn replace<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    meta: &Meta,
    body: &R::Body<Id>,
    operation: Operation,
) -> Result<R::Row> {
    let row = R::row(meta, body)?;
    row.update(conn)?;
    R::written(conn, &row)?;
    append::<R>(conn, stamp, meta, &row, operation)?;
    Ok(row)
}

fn append<R: Store>(conn: &mut Conn, stamp: &Stamp, meta: &Meta, row: &R::Row, operation: Operation) -> Result<()> {
    let body = R::stored(row.clone())?;
    let after =
        serde_json::to_string(&stored_json::<R>(meta, &body)?).map_err(|error| Error::Internal(error.to_string()))?;
    let (last, previous_hash) = store::last(conn)?;
    let mut change = Change {
        sequence: last + 1,
        resource: R::TYPE.to_owned(),
        record_id: meta.id,
        version: meta.version,
        operation,
        actor: stamp.actor.subject.clone().unwrap_or_default(),
        credential: stamp.actor.credential.clone(),
        request_id: stamp.request_id.clone(),
        recorded_at: stamp.now,
        after,
        previous_hash,
        hash: String::new(),
    };
    change.hash = change.computed_hash();
    store::append(conn, &change)
}

/// A record as it is logged: what all records have, the parent, its own fields, links as ids.
///
/// # Errors
/// `Internal` if the fields are no JSON object.
pub fn stored_json<R: Store>(meta: &Meta, body: &R::Body<Id>) -> Result<Map<String, Value>> {
    #[derive(Serialize)]
    struct Head {
        id: Id,
        version: i64,
        created_at: Instant,
        updated_at: Instant,
        deleted_at: Option<Instant>,
        visibility: crate::domain::vocabulary::Visibility,
        managed_by: Option<Id>,
    }
    let Meta { id, version, created_at, updated_at, deleted_at, visibility, managed_by, parent } = *meta;
    let head = serde_json::to_value(Head { id, version, created_at, updated_at, deleted_at, visibility, managed_by });
    let body = serde_json::to_value(body);
    match (head, body) {
        (Ok(Value::Object(mut record)), Ok(Value::Object(fields))) => {
            if let (Some(place), Some(parent)) = (R::PARENT, parent) {
                record.insert(place.field.to_owned(), parent.into());
            }
            record.extend(fields);
            Ok(record)
        }
        _ => Err(Error::Internal(format!("a {} is no JSON object", R::TYPE))),
    }
}
