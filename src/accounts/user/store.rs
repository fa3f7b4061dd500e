//! How users are kept.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{NewUser, User, UserPatch};
use crate::accounts::session;
use crate::db::Conn;
use crate::db::schema::{account_counter, users};
use crate::domain::error::Refusal;
use crate::domain::page::cut;
use crate::domain::{Error, Grantee, Id, Instant, Result, Role};
use crate::rights::grant::{self, Grant, Kept, most_of};

/// One row.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    name: String,
    display_name: Option<String>,
    password_hash: Option<String>,
    must_change_password: bool,
    disabled_at: Option<Instant>,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
}

impl Row {
    fn with(self, grants: Vec<Grant>) -> User {
        User {
            id: self.id,
            name: self.name,
            display_name: self.display_name,
            role: most_of(&grants),
            grants,
            disabled_at: self.disabled_at,
            must_change_password: self.must_change_password,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// Says that accounts have changed, to all processes that hold a copy of them.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn bump(conn: &mut Conn) -> Result<()> {
    let raised = diesel::update(account_counter::table.find(1_i64))
        .set(account_counter::count.eq(account_counter::count + 1_i64))
        .execute(conn)?;
    if raised == 0 {
        let first = (account_counter::id.eq(1_i64), account_counter::count.eq(1_i64));
        diesel::insert_into(account_counter::table).values(first).execute(conn)?;
    }
    Ok(())
}

/// How often accounts have changed.
pub fn counter(conn: &mut Conn) -> Result<i64> {
    let count = account_counter::table.find(1_i64).select(account_counter::count).first(conn).optional()?;
    Ok(count.unwrap_or(0))
}

/// Makes an account, and refuses a name that is taken.
pub fn insert(conn: &mut Conn, new: &NewUser, now: Instant) -> Result<User> {
    if find(conn, new.name.as_str())?.is_some() {
        let detail = format!("There is a user {} already; a name is never given twice.", new.name);
        return Err(Error::Conflict(Refusal::new("duplicate", detail)));
    }
    // Writes come one after the other, so that no two get the same number.
    let last: Option<Id> = users::table.select(users::id).order(users::id.desc()).first(conn).optional()?;
    let row = Row {
        id: last.unwrap_or(0).saturating_add(1),
        name: new.name.as_str().to_owned(),
        display_name: new.display_name.as_ref().map(|name| name.as_str().to_owned()),
        password_hash: Some(new.password_hash.clone()),
        must_change_password: new.must_change_password,
        disabled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(users::table).values(&row).execute(conn)?;
    grant::store::set(conn, Grantee::User(row.id), &new.grants, now)?;
    bump(conn)?;
    with_grants(conn, row)
}

fn with_grants(conn: &mut Conn, row: Row) -> Result<User> {
    let grants = grant::store::of(conn, Grantee::User(row.id))?;
    Ok(row.with(grants))
}

/// The user of this name, with the hash of the password.
pub fn find(conn: &mut Conn, name: &str) -> Result<Option<(User, Option<String>)>> {
    let row: Option<Row> = users::table.filter(users::name.eq(name)).first(conn).optional()?;
    let Some(row) = row else { return Ok(None) };
    let hash = row.password_hash.clone();
    Ok(Some((with_grants(conn, row)?, hash)))
}

/// The user of this number.
pub fn get(conn: &mut Conn, id: Id) -> Result<User> {
    let row: Option<Row> = users::table.find(id).first(conn).optional()?;
    with_grants(conn, row.ok_or(Error::NotFound)?)
}

/// Users from one number on, of those that somebody keeps, and whether there are more than so many.
pub fn page(conn: &mut Conn, kept: &Kept, after: Id, limit: u16) -> Result<(Vec<User>, bool)> {
    let mut users = all(conn)?;
    users.retain(|user| user.id > after && kept.has(&user.grants));
    let more = cut(&mut users, limit.into());
    Ok((users, more))
}

/// All users.
pub fn all(conn: &mut Conn) -> Result<Vec<User>> {
    let rows: Vec<Row> = users::table.order(users::id.asc()).load(conn)?;
    let mut granted = grant::store::by_grantee(conn)?;
    let user = |row: Row| {
        let grants = granted.remove(&Grantee::User(row.id)).unwrap_or_default();
        row.with(grants)
    };
    Ok(rows.into_iter().map(user).collect())
}

/// Sets the password of a user and ends the sessions, but one if it is who changes it.
pub fn set_password(
    conn: &mut Conn,
    id: Id,
    hash: &str,
    must_change: bool,
    kept: Option<&str>,
    now: Instant,
) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((
            users::password_hash.eq(Some(hash)),
            users::must_change_password.eq(must_change),
            users::version.eq(users::version + i64::from(kept.is_none())),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    session::store::end_all(conn, id, kept, "password_changed", now)?;
    bump(conn)
}

/// Keeps another hash of the same password.
pub fn rehash(conn: &mut Conn, id: Id, hash: &str) -> Result<()> {
    diesel::update(users::table.find(id)).set(users::password_hash.eq(Some(hash))).execute(conn)?;
    Ok(())
}

/// Changes an account. A change of what the user may do ends the sessions; one that changes nothing writes nothing.
pub fn update(conn: &mut Conn, id: Id, patch: &UserPatch, now: Instant) -> Result<User> {
    let before = get(conn, id)?;
    let display_name = match &patch.display_name {
        Some(name) => name.as_ref().map(|name| name.as_str().to_owned()),
        None => before.display_name.clone(),
    };
    let grants = patch.grants.clone().unwrap_or_else(|| before.grants.clone());
    let disabled_at = match patch.disabled {
        Some(true) => before.disabled_at.or(Some(now)),
        Some(false) => None,
        None => before.disabled_at,
    };
    let another = unlike(&grants, &before.grants);
    let ends = another || disabled_at.is_some() != before.disabled_at.is_some();
    if !ends && display_name == before.display_name {
        return Ok(before);
    }
    keep_an_administrator(conn, &before, &grants, disabled_at)?;
    if another {
        grant::store::set(conn, Grantee::User(id), &grants, now)?;
    }
    diesel::update(users::table.find(id))
        .set((
            users::display_name.eq(display_name),
            users::disabled_at.eq(disabled_at),
            users::version.eq(users::version + i64::from(ends)),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    if ends {
        session::store::end_all(conn, id, None, "account_changed", now)?;
    }
    bump(conn)?;
    get(conn, id)
}

/// Whether two lists of grants are not the same grants.
fn unlike(one: &[Grant], other: &[Grant]) -> bool {
    let set = |grants: &[Grant]| grants.iter().copied().collect::<BTreeSet<_>>();
    set(one) != set(other)
}

/// Refuses to take away the last administrator of all records, who could be brought back at the command line alone.
fn keep_an_administrator(conn: &mut Conn, before: &User, grants: &[Grant], disabled_at: Option<Instant>) -> Result<()> {
    let administers = |grants: &[Grant], disabled: Option<Instant>| {
        grants.contains(&Grant::everywhere(Role::Administrator)) && disabled.is_none()
    };
    if !administers(&before.grants, before.disabled_at) || administers(grants, disabled_at) {
        return Ok(());
    }
    if all(conn)?.iter().any(|user| user.id != before.id && administers(&user.grants, user.disabled_at)) {
        return Ok(());
    }
    let detail = "This is the last administrator: make another one first.";
    Err(Error::Conflict(Refusal::new("last_administrator", detail)))
}
