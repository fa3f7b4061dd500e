//! How users are kept.

use diesel::prelude::*;

use super::{NewUser, User, UserPatch};
use crate::accounts::session;
use crate::db::Conn;
use crate::db::schema::{account_counter, users};
use crate::domain::error::Refusal;
use crate::domain::page::cut;
use crate::domain::{Error, Id, Instant, Result, Role};

/// One row.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    name: String,
    display_name: Option<String>,
    password_hash: Option<String>,
    must_change_password: bool,
    role: Role,
    disabled_at: Option<Instant>,
    version: i64,
    created_at: Instant,
    updated_at: Instant,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            display_name: row.display_name,
            role: row.role,
            disabled_at: row.disabled_at,
            must_change_password: row.must_change_password,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
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
        role: new.role,
        disabled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(users::table).values(&row).execute(conn)?;
    bump(conn)?;
    Ok(row.into())
}

/// The user of this name, with the hash of the password.
pub fn find(conn: &mut Conn, name: &str) -> Result<Option<(User, Option<String>)>> {
    let row: Option<Row> = users::table.filter(users::name.eq(name)).first(conn).optional()?;
    Ok(row.map(|row| (row.clone().into(), row.password_hash)))
}

/// The user of this number.
pub fn get(conn: &mut Conn, id: Id) -> Result<User> {
    let row: Option<Row> = users::table.find(id).first(conn).optional()?;
    row.map(User::from).ok_or(Error::NotFound)
}

/// Users from one number on, and whether there are more than so many.
pub fn page(conn: &mut Conn, after: Id, limit: u16) -> Result<(Vec<User>, bool)> {
    let mut rows: Vec<Row> = users::table
        .filter(users::id.gt(after))
        .order(users::id.asc())
        .limit(i64::from(limit).saturating_add(1))
        .load(conn)?;
    let more = cut(&mut rows, limit.into());
    Ok((rows.into_iter().map(User::from).collect(), more))
}

/// All users.
pub fn all(conn: &mut Conn) -> Result<Vec<User>> {
    let rows: Vec<Row> = users::table.order(users::id.asc()).load(conn)?;
    Ok(rows.into_iter().map(User::from).collect())
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
    let row: Option<Row> = users::table.find(id).first(conn).optional()?;
    let before = row.ok_or(Error::NotFound)?;
    let display_name = match &patch.display_name {
        Some(name) => name.as_ref().map(|name| name.as_str().to_owned()),
        None => before.display_name.clone(),
    };
    let role = patch.role.unwrap_or(before.role);
    let disabled_at = match patch.disabled {
        Some(true) => before.disabled_at.or(Some(now)),
        Some(false) => None,
        None => before.disabled_at,
    };
    let ends = role != before.role || disabled_at.is_some() != before.disabled_at.is_some();
    if !ends && display_name == before.display_name {
        return Ok(before.into());
    }
    keep_an_administrator(conn, &before, role, disabled_at)?;
    diesel::update(users::table.find(id))
        .set((
            users::display_name.eq(display_name),
            users::role.eq(role),
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

/// Refuses to take the last administrator away, who could be brought back at the command line alone.
fn keep_an_administrator(conn: &mut Conn, before: &Row, role: Role, disabled_at: Option<Instant>) -> Result<()> {
    let administers = |role: Role, disabled: Option<Instant>| role == Role::Administrator && disabled.is_none();
    if !administers(before.role, before.disabled_at) || administers(role, disabled_at) {
        return Ok(());
    }
    let others: i64 = users::table
        .filter(users::role.eq(Role::Administrator))
        .filter(users::disabled_at.is_null())
        .filter(users::id.ne(before.id))
        .count()
        .get_result(conn)?;
    if others > 0 {
        return Ok(());
    }
    let detail = "This is the last administrator: make another one first.";
    Err(Error::Conflict(Refusal::new("last_administrator", detail)))
}
