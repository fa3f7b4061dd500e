//! How the answers of requests with a key are kept.

use diesel::prelude::*;

use super::Claim;
use crate::db::Conn;
use crate::db::schema::idempotency_keys;
use crate::domain::{Instant, Result};

/// One key with its answer, or the mark of a request under way.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct Entry {
    /// The caller.
    pub subject: String,
    /// The method and the path.
    pub route: String,
    /// The key.
    pub key: String,
    /// The hash of the request.
    pub fingerprint: String,
    /// When it was answered, or last worked on.
    pub recorded_at: Instant,
    /// Which run of the program did so.
    pub instance: String,
    /// The answer as JSON, once there is one.
    pub answer: Option<String>,
}

/// What is kept under a key.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn find(conn: &mut Conn, claim: &Claim) -> Result<Option<Entry>> {
    let name = (claim.subject.as_str(), claim.route.as_str(), claim.key.0.as_str());
    Ok(idempotency_keys::table.find(name).first(conn).optional()?)
}

/// Keeps a key that is not there.
pub fn insert(conn: &mut Conn, entry: &Entry) -> Result<()> {
    diesel::insert_into(idempotency_keys::table).values(entry).execute(conn)?;
    Ok(())
}

/// Removes a key.
pub fn remove(conn: &mut Conn, claim: &Claim) -> Result<()> {
    let name = (claim.subject.as_str(), claim.route.as_str(), claim.key.0.as_str());
    diesel::delete(idempotency_keys::table.find(name)).execute(conn)?;
    Ok(())
}

/// Removes the oldest keys recorded at `last` or before, `most` of them.
pub fn sweep(conn: &mut Conn, last: Instant, most: i64) -> Result<()> {
    let old: Vec<(String, String, String)> = idempotency_keys::table
        .filter(idempotency_keys::recorded_at.le(last))
        .order((idempotency_keys::recorded_at.asc(), idempotency_keys::key.asc()))
        .limit(most)
        .select((idempotency_keys::subject, idempotency_keys::route, idempotency_keys::key))
        .load(conn)?;
    for (subject, route, key) in &old {
        let name = (subject.as_str(), route.as_str(), key.as_str());
        diesel::delete(idempotency_keys::table.find(name)).execute(conn)?;
    }
    Ok(())
}
