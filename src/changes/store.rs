//! How the change log is kept and read.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::db::dialect::{fixed, in_ids, insert_row, written_row};
use crate::db::schema::changes;
use crate::db::{Conn, Scope};
use crate::domain::vocabulary::Visibility;
use crate::domain::{Id, Instant, Result};

/// The hash before the first row.
pub const FIRST_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Serialize, Deserialize)]
#[diesel(table_name = changes)]
#[serde(deny_unknown_fields)]
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
    /// When. No version of a record is recorded before the one that precedes it.
    pub recorded_at: Instant,
    /// Who may read the record since: a child of an internal record is internal, whatever it says.
    pub visibility: Visibility,
    /// The whole record afterwards, as JSON text with links as ids.
    pub after: String,
    /// The hash of the row before.
    pub previous_hash: String,
    /// The hash of this row.
    pub hash: String,
    /// Whose key it gave the record, if it gave it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_system: Option<String>,
    /// The key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_key: Option<String>,
}

written_row!(
    Change in changes: sequence resource record_id version operation actor credential request_id recorded_at visibility
        after previous_hash hash key_system external_key
);

/// The sequence and the hash of the last row.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn last(conn: &mut Conn) -> Result<(i64, String)> {
    let last = fixed::<(BigInt, Text)>("SELECT sequence, hash FROM changes ORDER BY sequence DESC LIMIT 1");
    Ok(last.load(conn)?.pop().unwrap_or_else(|| (0, FIRST_HASH.to_owned())))
}

/// What tells this database from every other, whatever its address: the beginning of the hash of the first row.
pub fn identity(conn: &mut Conn) -> Result<String> {
    let first: Option<String> =
        changes::table.filter(changes::sequence.eq(1)).select(changes::hash).first(conn).optional()?;
    Ok(first.unwrap_or_else(|| FIRST_HASH.to_owned()).chars().take(16).collect())
}

/// Appends a row.
pub fn append(conn: &mut Conn, change: &Change) -> Result<()> {
    insert_row(change).execute(conn)?;
    Ok(())
}

/// The sequence before the first row that was recorded at `since` or later; that of the last row if there is none.
pub fn last_before(conn: &mut Conn, since: Instant) -> Result<i64> {
    let first: Option<i64> = changes::table
        .filter(changes::recorded_at.ge(since))
        .order((changes::recorded_at.asc(), changes::sequence.asc()))
        .select(changes::sequence)
        .first(conn)
        .optional()?;
    match first {
        Some(sequence) => Ok(sequence.saturating_sub(1)),
        None => Ok(last(conn)?.0),
    }
}

/// The rows after `sequence`, in order, at most `limit`; of some types of record if they are given. To the public, those
/// of records that were public then, and those that say that a record is public no more. Whom something is granted for
/// areas is for [`super::audience`] to say.
pub fn after(
    conn: &mut Conn,
    scope: Scope,
    sequence: i64,
    resources: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Change>> {
    let mut query = changes::table.filter(changes::sequence.gt(sequence)).into_boxed();
    if scope == Scope::Public {
        let public = changes::visibility.eq(Visibility::Public);
        query = query.filter(public.or(changes::operation.eq(Operation::Withdraw)));
    }
    if let Some(resources) = resources {
        query = query.filter(crate::db::dialect::in_texts(changes::resource, resources));
    }
    Ok(query.order(changes::sequence.asc()).limit(limit).load(conn)?)
}

/// The versions of one record, from the newest, those below `before` if it is given; to the public, those that were
/// public.
pub fn of_record(
    conn: &mut Conn,
    scope: Scope,
    resource: &str,
    id: Id,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Change>> {
    let mut query =
        changes::table.filter(changes::resource.eq(resource.to_owned())).filter(changes::record_id.eq(id)).into_boxed();
    if scope == Scope::Public {
        query = query.filter(changes::visibility.eq(Visibility::Public));
    }
    if let Some(before) = before {
        query = query.filter(changes::version.lt(before));
    }
    Ok(query.order(changes::version.desc()).limit(limit).load(conn)?)
}

/// Who created a record.
pub fn creator(conn: &mut Conn, resource: &str, id: Id) -> Result<Option<String>> {
    let first = changes::table
        .filter(changes::resource.eq(resource))
        .filter(changes::record_id.eq(id))
        .filter(changes::version.eq(1))
        .select(changes::actor);
    Ok(first.first(conn).optional()?)
}

/// What was recorded of one record at an instant: its last row not after it.
pub fn recorded_at(conn: &mut Conn, resource: &str, id: Id, at: Instant) -> Result<Option<Change>> {
    Ok(changes::table
        .filter(changes::resource.eq(resource))
        .filter(changes::record_id.eq(id))
        .filter(changes::recorded_at.le(at))
        .order(changes::version.desc())
        .first(conn)
        .optional()?)
}

/// The last row of each record of one type, in the order of their numbers, after `id`, at most `limit`.
pub fn last_of_records(conn: &mut Conn, resource: &str, id: Id, limit: i64) -> Result<Vec<Change>> {
    let query = "SELECT changes.* \
         FROM (SELECT record_id, MAX(version) AS version FROM changes WHERE resource = $1 AND record_id > $2 \
               GROUP BY record_id ORDER BY record_id LIMIT $3) AS latest \
         JOIN changes ON changes.resource = $1 AND changes.record_id = latest.record_id \
                     AND changes.version = latest.version \
         ORDER BY changes.record_id";
    let query = diesel::sql_query(query).bind::<Text, _>(resource).bind::<BigInt, _>(id).bind::<BigInt, _>(limit);
    Ok(query.load(conn)?)
}

/// Which of these records of one type have a row in the log.
pub fn logged(conn: &mut Conn, resource: &str, ids: &[Id]) -> Result<HashSet<Id>> {
    let found: Vec<Id> = changes::table
        .filter(changes::resource.eq(resource))
        .filter(in_ids(changes::record_id, ids))
        .select(changes::record_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// A record without a row in the log.
#[derive(QueryableByName)]
struct Unlogged {
    #[diesel(sql_type = BigInt)]
    id: Id,
}

/// The first records in a table of records of this type that the log does not know, at most `limit`.
pub fn unlogged(conn: &mut Conn, resource: &str, table: &str, limit: i64) -> Result<Vec<Id>> {
    let query = format!(
        "SELECT id FROM {table} \
         WHERE NOT EXISTS (SELECT 1 FROM changes WHERE resource = $1 AND record_id = {table}.id) \
         ORDER BY id LIMIT $2"
    );
    let query = diesel::sql_query(query).bind::<Text, _>(resource).bind::<BigInt, _>(limit);
    Ok(query.load::<Unlogged>(conn)?.into_iter().map(|found| found.id).collect())
}

/// The types of record that the log speaks of.
pub fn resources(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(changes::table.select(changes::resource).distinct().order(changes::resource.asc()).load(conn)?)
}
