//! How the directory is read.

use super::Snapshot;
use crate::accounts::access::{LEEWAY, LIFE};
use crate::accounts::signing_key::{after, decoding_key};
use crate::accounts::{api_key, session, signing_key, user};
use crate::db::Conn;
use crate::domain::{Instant, Result};

/// Reads all of it.
///
/// # Errors
/// As the database has them.
pub fn read(conn: &mut Conn, now: Instant) -> Result<Snapshot> {
    // First: what is written while the rest is read is then read again.
    let counter = user::store::counter(conn)?;
    let since = after(now, 0_i64.saturating_sub(LIFE.saturating_add(LEEWAY).saturating_add(60)));
    let users = user::store::all(conn)?.into_iter().map(|user| (user.name.clone(), user)).collect();
    let api_keys = api_key::store::living(conn)?.into_iter().map(|(key, hash)| (key.id.clone(), (key, hash)));
    let signing_keys = signing_key::store::all(conn)?.into_iter().map(|key| {
        let verifying = decoding_key(&key)?;
        Ok((key, verifying))
    });
    Ok(Snapshot {
        counter,
        users,
        ended: session::store::ended_since(conn, since)?.into_iter().collect(),
        api_keys: api_keys.collect(),
        signing_keys: signing_keys.collect::<Result<Vec<_>>>()?,
    })
}
