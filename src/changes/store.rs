//! How the change log is kept and read.

use diesel::prelude::*;

use super::{Change, Operation};
use crate::db::Conn;
use crate::db::schema::changes;
use crate::domain::{Id, Instant, Result};

/// The hash before the first row.
pub const FIRST_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Queryable, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
struct ChangeRow {
    sequence: i64,
    resource: String,
    record_id: Id,
    version: i64,
    operation: Operation,
    actor: String,
    credential: Option<String>,
    request_id: String,
    recorded_at: Instant,
    after: String,
    previous_hash: String,
    hash: String,
}

macro_rules! convert {
    ($from:ident => $to:ident) => {
        impl From<$from> for $to {
            fn from(from: $from) -> Self {
                Self {
                    sequence: from.sequence,
                    resource: from.resource,
                    record_id: from.record_id,
                    version: from.version,
                    operation: from.operation,
                    actor: from.actor,
                    credential: from.credential,
                    request_id: from.request_id,
                    recorded_at: from.recorded_at,
                    after: from.after,
                    previous_hash: from.previous_hash,
                    hash: from.hash,
                }
            }
        }
    };
}
convert!(ChangeRow => Change);
convert!(Change => ChangeRow);

/// The sequence and the hash of the last row.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn last(conn: &mut Conn) -> Result<(i64, String)> {
    let last = changes::table
        .select((changes::sequence, changes::hash))
        .order(changes::sequence.desc())
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or_else(|| (0, FIRST_HASH.to_owned())))
}

/// Appends a row.
pub fn append(conn: &mut Conn, change: &Change) -> Result<()> {
    diesel::insert_into(changes::table).values(ChangeRow::from(change.clone())).execute(conn)?;
    Ok(())
}

/// The rows after `sequence`, in order, at most `limit`; of one type of record if one is given.
pub fn after(conn: &mut Conn, sequence: i64, resources: Option<&[String]>, limit: i64) -> Result<Vec<Change>> {
    let mut query = changes::table.filter(changes::sequence.gt(sequence)).into_boxed();
    if let Some(resources) = resources {
        query = query.filter(crate::db::dialect::in_texts(changes::resource, resources));
    }
    let rows: Vec<ChangeRow> = query.order(changes::sequence.asc()).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The versions of one record, from the newest, those below `before` if it is given.
pub fn of_record(conn: &mut Conn, resource: &str, id: Id, before: Option<i64>, limit: i64) -> Result<Vec<Change>> {
    let mut query =
        changes::table.filter(changes::resource.eq(resource.to_owned())).filter(changes::record_id.eq(id)).into_boxed();
    if let Some(before) = before {
        query = query.filter(changes::version.lt(before));
    }
    let rows: Vec<ChangeRow> = query.order(changes::version.desc()).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What was recorded of one record at an instant: its last row not after it.
pub fn recorded_at(conn: &mut Conn, resource: &str, id: Id, at: Instant) -> Result<Option<Change>> {
    let row: Option<ChangeRow> = changes::table
        .filter(changes::resource.eq(resource))
        .filter(changes::record_id.eq(id))
        .filter(changes::recorded_at.le(at))
        .order(changes::version.desc())
        .first(conn)
        .optional()?;
    Ok(row.map(Into::into))
}
