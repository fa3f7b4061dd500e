//! How sessions and the hashes of their refresh tokens are kept.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::{REFRESH_LIFE, RefreshToken};
use crate::db::Conn;
use crate::db::schema::{refresh_tokens, sessions};
use crate::domain::{Id, Instant, Result};

/// A refresh token as it is found, with its session.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Found {
    /// The session.
    pub session: String,
    /// Whose it is.
    pub user: Id,
    /// When the session ended.
    pub ended_at: Option<Instant>,
    /// Until when the token is good.
    pub expires_at: Instant,
    /// When the token was used.
    pub used_at: Option<Instant>,
}

/// Begins a session, with its first token.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn begin(conn: &mut Conn, id: &str, user: Id, token: &RefreshToken, now: Instant) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values((sessions::id.eq(id), sessions::user_id.eq(user), sessions::created_at.eq(now)))
        .execute(conn)?;
    issue(conn, id, token, now)
}

/// Adds a token to a session.
pub fn issue(conn: &mut Conn, session: &str, token: &RefreshToken, now: Instant) -> Result<()> {
    let expires = Instant::from_microseconds(now.microseconds().saturating_add(REFRESH_LIFE.saturating_mul(1_000_000)));
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(token.hash()),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::issued_at.eq(now),
            refresh_tokens::expires_at.eq(expires),
        ))
        .execute(conn)?;
    sweep(conn, now)
}

/// How many expired tokens each new one removes: more than come, so that they become fewer.
const SWEPT: i64 = 8;

/// Removes the tokens that expired first, and each session with the last of its tokens.
fn sweep(conn: &mut Conn, now: Instant) -> Result<()> {
    let expired: Vec<(String, String)> = refresh_tokens::table
        .filter(refresh_tokens::expires_at.le(now))
        .order((refresh_tokens::expires_at.asc(), refresh_tokens::hash.asc()))
        .limit(SWEPT)
        .select((refresh_tokens::hash, refresh_tokens::session_id))
        .load(conn)?;
    if expired.is_empty() {
        return Ok(());
    }
    let (hashes, of): (Vec<String>, Vec<String>) = expired.into_iter().unzip();
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::hash.eq_any(hashes))).execute(conn)?;
    let going_on = refresh_tokens::table.filter(refresh_tokens::session_id.eq(sessions::id));
    diesel::delete(sessions::table.filter(sessions::id.eq_any(of)).filter(not(exists(going_on)))).execute(conn)?;
    Ok(())
}

/// What is known of a token.
pub fn find(conn: &mut Conn, token: &RefreshToken) -> Result<Option<Found>> {
    let columns =
        (sessions::id, sessions::user_id, sessions::ended_at, refresh_tokens::expires_at, refresh_tokens::used_at);
    let found = refresh_tokens::table
        .inner_join(sessions::table.on(sessions::id.eq(refresh_tokens::session_id)))
        .filter(refresh_tokens::hash.eq(token.hash()))
        .select(columns);
    Ok(found.first(conn).optional()?)
}

/// Marks a token as used.
pub fn mark_used(conn: &mut Conn, token: &RefreshToken, now: Instant) -> Result<()> {
    diesel::update(refresh_tokens::table.find(token.hash()))
        .set(refresh_tokens::used_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Ends a session, and says whether it had not ended before.
pub fn end(conn: &mut Conn, session: &str, reason: &str, now: Instant) -> Result<bool> {
    let ended = diesel::update(sessions::table.find(session).filter(sessions::ended_at.is_null()))
        .set((sessions::ended_at.eq(Some(now)), sessions::end_reason.eq(Some(reason))))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Ends all sessions of a user but one.
pub fn end_all(conn: &mut Conn, user: Id, kept: Option<&str>, reason: &str, now: Instant) -> Result<usize> {
    let ended = diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::id.ne(kept.unwrap_or_default())),
    )
    .set((sessions::ended_at.eq(Some(now)), sessions::end_reason.eq(Some(reason))))
    .execute(conn)?;
    Ok(ended)
}

/// Whose a session is.
pub fn user_of(conn: &mut Conn, session: &str) -> Result<Id> {
    Ok(sessions::table.find(session).select(sessions::user_id).first(conn)?)
}

/// The sessions that have ended since an instant, whose access tokens may still be about.
pub fn ended_since(conn: &mut Conn, since: Instant) -> Result<Vec<String>> {
    Ok(sessions::table.filter(sessions::ended_at.ge(since)).select(sessions::id).load(conn)?)
}
