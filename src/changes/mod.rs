//! The change log: the one row that every write appends, in the same transaction, and what is read from it.
//!
//! The rule: nothing is written to a table of records, nor to that of their keys, except through [`create`] and [`replace`]
//! here, so that no change can be missing from the log. Sequence order is commit order, because only the writer lane appends.

pub mod audience;
pub mod earlier_keys;
pub mod feed;
pub mod keys;
pub mod records;
pub mod store;
pub mod verify;

pub use store::Change;

use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::db::{Conn, Scope, Store, Table, references};
use crate::domain::hex;
use crate::domain::link::ExternalKey;
use crate::domain::record::ExtraFields;
use crate::domain::vocabulary::{Visibility, vocabulary};
use crate::domain::{Error, Id, Instant, Meta, Result, Stamp};
use crate::resources;

vocabulary! {
    /// What a change did to its record.
    pub enum Operation in "change_operation" {
        /// The record was made.
        Create = "create",
        /// Its fields were changed.
        Update = "update",
        /// The decision on it was added.
        Decide = "decide",
        /// It was deleted.
        Delete = "delete",
        /// It was deleted, and has come back under its external key.
        Revive = "revive",
        /// It was internal, itself or with its parent, and is public now.
        Publish = "publish",
        /// It was public and is internal now, itself or with its parent.
        Withdraw = "withdraw",
    }
}

impl Operation {
    /// The same, or what it did to who may read the record, if that has changed between the two.
    #[must_use]
    pub fn or_turned(self, (before, after): (Visibility, Visibility)) -> Self {
        match (self, before, after) {
            (Self::Update, Visibility::Public, Visibility::Internal) => Self::Withdraw,
            (Self::Update, Visibility::Internal, Visibility::Public) => Self::Publish,
            (operation, _, _) => operation,
        }
    }
}

impl Change {
    /// The hash that the row must have: SHA-256 over the hash before and every other field, each on a line of its own. A key
    /// stands on the line of the operation, `create reference/tw`: a line more might be taken for the beginning of `after`.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let mut hasher = Sha256::new();
        let recorded_at = self.recorded_at.microseconds();
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let key = match (&self.key_system, &self.external_key) {
            (None, None) => String::new(),
            (system, key) => format!(" {}/{}", part(system), part(key)),
        };
        let head = format!(
            "{}\n{}\n{}\n{}\n{}\n{}{key}\n{}\n{}\n{}\n{recorded_at}\n{}\n",
            self.previous_hash,
            self.sequence,
            self.resource,
            self.record_id,
            self.version,
            self.operation,
            self.actor,
            self.credential.as_deref().unwrap_or_default(),
            self.request_id,
            self.visibility,
        );
        hasher.update(head.as_bytes());
        hasher.update(self.after.as_bytes());
        hex(&hasher.finalize())
    }
}

/// What a change did, and which key it gave the record.
struct Deed<'a> {
    operation: Operation,
    key: Option<&'a ExternalKey>,
}

/// Writes a new record and its row of the log, and its key if it has one.
///
/// # Errors
/// As the database has them.
pub fn create<R: Store>(
    conn: &mut Conn,
    stamp: &Stamp,
    meta: &Meta,
    body: &R::Body<Id>,
    key: Option<&ExternalKey>,
) -> Result<R::Row> {
    let row = R::row(meta, body)?;
    row.insert(conn)?;
    append::<R>(conn, stamp, meta, &row, &Deed { operation: Operation::Create, key })?;
    if let Some(key) = key {
        crate::keys::store::insert(conn, R::TYPE, key, meta.id)?;
    }
    R::written(conn, stamp, &row)?;
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
    append::<R>(conn, stamp, meta, &row, &Deed { operation, key: None })?;
    R::written(conn, stamp, &row)?;
    Ok(row)
}

fn append<R: Store>(conn: &mut Conn, stamp: &Stamp, meta: &Meta, row: &R::Row, deed: &Deed<'_>) -> Result<()> {
    let Deed { operation, key } = *deed;
    let body = R::stored(row.clone())?;
    if R::LINKS.iter().any(|link| link.index.is_some()) {
        keep_links::<R>(conn, meta.id, &stored_json::<R>(meta, &body)?, operation)?;
    }
    let after = stored_text::<R>(meta, &body)?;
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
        recorded_at: meta.updated_at,
        visibility: shown_to::<R>(conn, meta)?,
        after,
        previous_hash,
        hash: String::new(),
        key_system: key.map(|key| key.system.as_str().to_owned()),
        external_key: key.map(|key| key.key.as_str().to_owned()),
    };
    change.hash = change.computed_hash();
    store::append(conn, &change)
}

/// Reads a record back from a row of the log.
///
/// # Errors
/// `Internal`, naming the row, if it holds no such record.
pub fn read_back<R: Store>(change: &Change) -> Result<(Meta, R::Body<Id>)> {
    let unreadable = |what: &str| Error::Internal(format!("changes.after of row {}: {what}", change.sequence));
    let Ok(Value::Object(mut record)) = serde_json::from_str(&change.after) else {
        return Err(unreadable("no object"));
    };
    let mut take = |name: &str| record.remove(name).unwrap_or_default();
    let parent = R::PARENT.and_then(|parent| take(parent.field).as_i64());
    for name in R::READ_ONLY {
        take(name);
    }
    let instant = |value: Value| serde_json::from_value::<Option<Instant>>(value);
    let meta = Meta {
        id: take("id").as_i64().ok_or_else(|| unreadable("no id"))?,
        version: take("version").as_i64().ok_or_else(|| unreadable("no version"))?,
        created_at: instant(take("created_at")).ok().flatten().ok_or_else(|| unreadable("no created_at"))?,
        updated_at: instant(take("updated_at")).ok().flatten().ok_or_else(|| unreadable("no updated_at"))?,
        deleted_at: instant(take("deleted_at")).map_err(|error| unreadable(&error.to_string()))?,
        visibility: serde_json::from_value(take("visibility")).map_err(|error| unreadable(&error.to_string()))?,
        managed_by: take("managed_by").as_i64(),
        parent,
    };
    let body = serde_json::from_value(Value::Object(record)).map_err(|error| unreadable(&error.to_string()))?;
    Ok((meta, body))
}

/// The fields of a record as they were in the version before one, if there was one.
///
/// # Errors
/// As [`read_back`].
pub fn before<R: Store>(conn: &mut Conn, id: Id, version: i64) -> Result<Option<R::Body<Id>>> {
    if version <= 1 {
        return Ok(None);
    }
    let change = store::of_record(conn, Scope::All, R::TYPE, id, Some(version), 1)?.pop();
    Ok(change.map(|change| read_back::<R>(&change)).transpose()?.map(|(_, body)| body))
}

/// Writes a record as a row of the log has it into its table, where it is not yet, and no row of the log: that one is
/// there already.
///
/// # Errors
/// `Internal` if the row holds no such record, or one that would not be kept as it says.
pub fn put_back<R: Store>(conn: &mut Conn, change: &Change) -> Result<()> {
    let (meta, body) = read_back::<R>(change)?;
    let row = R::row(&meta, &body)?;
    let record = stored_json::<R>(&meta, &R::stored(row.clone())?)?;
    if let Some(field) = records::differing(change, &record) {
        return Err(Error::Internal(format!("row {} of the log: {field} would not be kept as it is", change.sequence)));
    }
    row.insert(conn)?;
    keep_links::<R>(conn, meta.id, &record, Operation::Create)
}

/// Keeps the links of the fields that hold several, in the tables beside that of the record.
fn keep_links<R: Store>(conn: &mut Conn, id: Id, record: &Map<String, Value>, operation: Operation) -> Result<()> {
    for link in R::LINKS {
        if let (Some(index), Some(Value::Array(links))) = (link.index, record.get(link.field)) {
            let links: Vec<Id> = links.iter().filter_map(Value::as_i64).collect();
            if operation != Operation::Create {
                references::forget_links(conn, index, id)?;
            }
            references::keep_links(conn, index, id, &links)?;
        }
    }
    Ok(())
}

/// Who may read a record: a child of an internal record is internal, whatever it says.
///
/// # Errors
/// As the database has them.
pub fn shown_to<R: Store>(conn: &mut Conn, meta: &Meta) -> Result<Visibility> {
    let parent = R::PARENT.zip(meta.parent).filter(|_| meta.visibility == Visibility::Public);
    match parent.and_then(|(parent, id)| Some((resources::by_type(parent.target)?, id))) {
        Some((collection, id)) => {
            Ok(collection.meta(conn, id)?.map_or(meta.visibility, |parent| meta.visibility.max(parent.visibility)))
        }
        None => Ok(meta.visibility),
    }
}

/// A record as it is logged: what all records have, the parent, its own fields, links as ids.
#[derive(Serialize)]
struct Stored<'a, B> {
    id: Id,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
    deleted_at: Option<Instant>,
    visibility: Visibility,
    managed_by: Option<Id>,
    #[serde(flatten)]
    parent: ExtraFields<Id>,
    #[serde(flatten)]
    body: &'a B,
}

fn stored<'a, R: Store>(meta: &Meta, body: &'a R::Body<Id>) -> Stored<'a, R::Body<Id>> {
    let Meta { id, version, created_at, updated_at, deleted_at, visibility, managed_by, parent } = *meta;
    let parent = ExtraFields(R::PARENT.zip(parent).map(|(place, id)| (place.field, id)).into_iter().collect());
    Stored { id, version, created_at, updated_at, deleted_at, visibility, managed_by, parent, body }
}

/// A record as JSON text, as it is logged.
fn stored_text<R: Store>(meta: &Meta, body: &R::Body<Id>) -> Result<String> {
    serde_json::to_string(&stored::<R>(meta, body)).map_err(|error| Error::Internal(error.to_string()))
}

/// The same as an object.
///
/// # Errors
/// `Internal` if the fields are no JSON object.
pub fn stored_json<R: Store>(meta: &Meta, body: &R::Body<Id>) -> Result<Map<String, Value>> {
    match serde_json::to_value(stored::<R>(meta, body)) {
        Ok(Value::Object(record)) => Ok(record),
        _ => Err(Error::Internal(format!("a {} is no JSON object", R::TYPE))),
    }
}
