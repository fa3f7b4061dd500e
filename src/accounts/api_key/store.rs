//! How API keys are kept.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{ApiKey, Holder, Key, NewKey, grantee};
use crate::accounts::user::store::bump;
use crate::db::Conn;
use crate::db::schema::{api_keys, users};
use crate::domain::page::cut;
use crate::domain::{Error, Id, Instant, Result, Role};
use crate::rights::grant::{self, Grant};

/// One row.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
struct Row {
    id: String,
    name: String,
    user_id: Option<Id>,
    partner: Option<String>,
    role: Role,
    hash: String,
    created_at: Instant,
    expires_at: Instant,
    last_used_at: Option<Instant>,
    rotated_from: Option<String>,
    revoked_at: Option<Instant>,
}

impl Row {
    fn with(self, user: Option<String>, grants: Vec<Grant>) -> ApiKey {
        ApiKey {
            id: self.id,
            name: self.name,
            user,
            partner: self.partner,
            role: self.role,
            grants,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
            rotated_from: self.rotated_from,
            revoked_at: self.revoked_at,
        }
    }
}

/// Keys of rows, with the names of the users that they stand for, or what their partners are granted.
fn named(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<(ApiKey, String)>> {
    let ids: Vec<Id> = rows.iter().filter_map(|row| row.user_id).collect();
    let names: Vec<(Id, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    let names: HashMap<Id, String> = names.into_iter().collect();
    let of_partners = rows.iter().any(|row| row.partner.is_some());
    let mut granted = if of_partners { grant::store::by_grantee(conn)? } else { HashMap::new() };
    let keys = rows.into_iter().map(|row| {
        let user = row.user_id.and_then(|id| names.get(&id).cloned());
        let grants = grantee(&row.id).and_then(|key| granted.remove(&key)).unwrap_or_default();
        let hash = row.hash.clone();
        (row.with(user, grants), hash)
    });
    Ok(keys.collect())
}

/// All keys that were not revoked, with their hashes.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn living(conn: &mut Conn) -> Result<Vec<(ApiKey, String)>> {
    let rows = api_keys::table.filter(api_keys::revoked_at.is_null()).order(api_keys::id.asc()).load(conn)?;
    named(conn, rows)
}

/// The key of this id, if it is one that the caller may see: of `owner`, or any.
pub fn get(conn: &mut Conn, id: &str, owner: Option<Id>) -> Result<ApiKey> {
    let mut query = api_keys::table.filter(api_keys::id.eq(id.to_owned())).into_boxed();
    if let Some(owner) = owner {
        query = query.filter(api_keys::user_id.eq(owner));
    }
    let rows: Vec<Row> = query.load(conn)?;
    named(conn, rows)?.pop().map(|(key, _)| key).ok_or(Error::NotFound)
}

/// Keys from one id on, of `owner` or of all, and whether there are more than so many.
pub fn page(conn: &mut Conn, owner: Option<Id>, after: &str, limit: u16) -> Result<(Vec<ApiKey>, bool)> {
    let mut query = api_keys::table.filter(api_keys::id.gt(after.to_owned())).into_boxed();
    if let Some(owner) = owner {
        query = query.filter(api_keys::user_id.eq(owner));
    }
    let mut rows: Vec<Row> = query.order(api_keys::id.asc()).limit(i64::from(limit).saturating_add(1)).load(conn)?;
    let more = cut(&mut rows, limit.into());
    let keys = named(conn, rows)?;
    Ok((keys.into_iter().map(|(key, _)| key).collect(), more))
}

/// Keeps a new key.
pub fn insert(conn: &mut Conn, key: &Key, new: &NewKey, now: Instant) -> Result<ApiKey> {
    let (user_id, partner) = match &new.holder {
        Holder::User(id) => (Some(*id), None),
        Holder::Partner(name) => (None, Some(name.as_str().to_owned())),
    };
    let row = Row {
        id: key.id().to_owned(),
        name: new.name.as_str().to_owned(),
        user_id,
        partner,
        role: new.role,
        hash: key.hash(),
        created_at: now,
        expires_at: new.expires_at,
        last_used_at: None,
        rotated_from: new.rotated_from.clone(),
        revoked_at: None,
    };
    diesel::insert_into(api_keys::table).values(&row).execute(conn)?;
    if let Some(partner) = grantee(key.id()).filter(|_| row.partner.is_some()) {
        grant::store::set(conn, partner, &new.grants, now)?;
    }
    bump(conn)?;
    get(conn, key.id(), None)
}

/// Brings the end of a key forward.
pub fn expire(conn: &mut Conn, id: &str, at: Instant) -> Result<()> {
    diesel::update(api_keys::table.find(id.to_owned()).filter(api_keys::expires_at.gt(at)))
        .set(api_keys::expires_at.eq(at))
        .execute(conn)?;
    bump(conn)
}

/// Ends a key, and says whether it had not been revoked before.
pub fn revoke(conn: &mut Conn, id: &str, now: Instant) -> Result<bool> {
    let revoked = diesel::update(api_keys::table.find(id.to_owned()).filter(api_keys::revoked_at.is_null()))
        .set(api_keys::revoked_at.eq(Some(now)))
        .execute(conn)?;
    bump(conn)?;
    Ok(revoked > 0)
}

/// Notes when keys were last used. Nobody has to know of it at once, so that the counter stays.
pub fn note_use(conn: &mut Conn, used: &[(String, Instant)]) -> Result<()> {
    for (id, at) in used {
        diesel::update(api_keys::table.find(id.clone())).set(api_keys::last_used_at.eq(Some(*at))).execute(conn)?;
    }
    Ok(())
}
