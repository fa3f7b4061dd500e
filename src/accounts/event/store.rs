//! How security events are kept.

use diesel::prelude::*;

use super::{Event, EventFilter, EventKind, KEPT, Origin};
use crate::db::Conn;
use crate::db::schema::security_events;
use crate::domain::page::cut;
use crate::domain::{Id, Instant, Result};

/// One row.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = security_events, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    recorded_at: Instant,
    kind: EventKind,
    user_name: Option<String>,
    credential: Option<String>,
    address: Option<String>,
    request_id: Option<String>,
    detail: Option<String>,
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            recorded_at: row.recorded_at,
            kind: row.kind,
            user: row.user_name,
            credential: row.credential,
            address: row.address,
            request_id: row.request_id,
            detail: row.detail,
        }
    }
}

/// How many old events each new one removes.
const SWEPT: i64 = 8;

/// Adds an event, and removes some that are too old.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn add(
    conn: &mut Conn,
    kind: EventKind,
    user: Option<&str>,
    detail: Option<String>,
    origin: &Origin,
    now: Instant,
) -> Result<()> {
    let last: Option<Id> =
        security_events::table.select(security_events::id).order(security_events::id.desc()).first(conn).optional()?;
    let row = Row {
        id: last.unwrap_or(0).saturating_add(1),
        recorded_at: now,
        kind,
        user_name: user.map(str::to_owned),
        credential: origin.credential.clone(),
        address: origin.address.clone(),
        request_id: origin.request_id.clone(),
        detail,
    };
    diesel::insert_into(security_events::table).values(&row).execute(conn)?;
    sweep(conn, Instant::from_microseconds(now.microseconds().saturating_sub(KEPT)))
}

/// Removes the oldest of those that were recorded before `first`.
fn sweep(conn: &mut Conn, first: Instant) -> Result<()> {
    let old: Vec<Id> = security_events::table
        .filter(security_events::recorded_at.lt(first))
        .order((security_events::recorded_at.asc(), security_events::id.asc()))
        .limit(SWEPT)
        .select(security_events::id)
        .load(conn)?;
    if !old.is_empty() {
        diesel::delete(security_events::table.filter(security_events::id.eq_any(old))).execute(conn)?;
    }
    Ok(())
}

/// Events from the newest, before one number, and whether there are more than so many.
pub fn page(conn: &mut Conn, filter: &EventFilter, before: Option<Id>, limit: u16) -> Result<(Vec<Event>, bool)> {
    let mut query = security_events::table.into_boxed();
    if let Some(before) = before {
        query = query.filter(security_events::id.lt(before));
    }
    if let Some(kinds) = &filter.kinds {
        query = query.filter(security_events::kind.eq_any(kinds.clone()));
    }
    if let Some(user) = &filter.user {
        query = query.filter(security_events::user_name.eq(user.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(security_events::recorded_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(security_events::recorded_at.lt(to));
    }
    let mut rows: Vec<Row> =
        query.order(security_events::id.desc()).limit(i64::from(limit).saturating_add(1)).load(conn)?;
    let more = cut(&mut rows, limit.into());
    Ok((rows.into_iter().map(Event::from).collect(), more))
}
