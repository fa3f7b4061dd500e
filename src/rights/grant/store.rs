//! How grants are kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{areas, grants};
use crate::domain::{Actor, Grantee, Id, Instant, Permission, Result, Role};
use crate::rights::Place;
use crate::rights::area::store::{area_of, around, within_areas};
use crate::rights::grant::{Grant, Kept as Accounts};

/// A grant as it stands in its table: the role, and the area.
type Kept = (Role, Option<Id>);
/// The same, with the user or the key that has it.
type KeptOf = (Option<Id>, Option<String>, Role, Option<Id>);

/// The grants of everybody who has any.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn by_grantee(conn: &mut Conn) -> Result<HashMap<Grantee, Vec<Grant>>> {
    let places = places(conn)?;
    let columns = (grants::user_id, grants::api_key_id, grants::role, grants::area_id);
    let rows: Vec<KeptOf> = grants::table.order(grants::id.asc()).select(columns).load(conn)?;
    let granted = |(user, key, role, area): KeptOf| {
        let of_key = || key.and_then(|key| key.into_bytes().try_into().ok()).map(Grantee::ApiKey);
        Some((user.map(Grantee::User).or_else(of_key)?, grant_of(&places, (role, area))?))
    };
    let mut all: HashMap<Grantee, Vec<Grant>> = HashMap::new();
    for (grantee, grant) in rows.into_iter().filter_map(granted) {
        all.entry(grantee).or_default().push(grant);
    }
    Ok(all)
}

/// The grants of one grantee.
pub fn of(conn: &mut Conn, grantee: Grantee) -> Result<Vec<Grant>> {
    let (places, kept) = (places(conn)?, kept(conn, grantee)?);
    Ok(kept.into_iter().filter_map(|kept| grant_of(&places, kept)).collect())
}

/// The grants of a grantee for areas within which a place lies.
pub fn within(conn: &mut Conn, grantee: Grantee, place: Place) -> Result<Vec<Grant>> {
    let around = around(conn, place)?;
    let kept = kept(conn, grantee)?.into_iter().filter(|(_, area)| area.is_some_and(|area| around.contains(&area)));
    let kept: Vec<Kept> = kept.collect();
    let places = places(conn)?;
    Ok(kept.into_iter().filter_map(|kept| grant_of(&places, kept)).collect())
}

/// Whose accounts a caller keeps, who keeps some.
pub fn kept_by(conn: &mut Conn, actor: &Actor) -> Result<Accounts> {
    if actor.may_everywhere(Permission::Administer) {
        return Ok(Accounts::All);
    }
    let (true, Some(grantee)) = (actor.may(Permission::Administer), actor.rights.grantee) else {
        return Ok(Accounts::Within(BTreeSet::new()));
    };
    let kept = kept(conn, grantee)?.into_iter().filter(|(role, _)| role.allows(Permission::Administer));
    let areas: Vec<Id> = kept.filter_map(|(_, area)| area).collect();
    Ok(Accounts::Within(within_areas(conn, &areas)?))
}

/// The organizations within the areas that something is granted for.
pub fn bodies(conn: &mut Conn, grantee: Grantee) -> Result<BTreeSet<Id>> {
    let areas: Vec<Id> = kept(conn, grantee)?.into_iter().filter_map(|(_, area)| area).collect();
    let body = |place: Place| if let Place::Organization(id) = place { Some(id) } else { None };
    Ok(within_areas(conn, &areas)?.into_iter().filter_map(body).collect())
}

fn kept(conn: &mut Conn, grantee: Grantee) -> Result<Vec<Kept>> {
    let query = grants::table.order(grants::id.asc()).select((grants::role, grants::area_id)).into_boxed();
    let query = match grantee {
        Grantee::User(id) => query.filter(grants::user_id.eq(id)),
        Grantee::ApiKey(id) => query.filter(grants::api_key_id.eq(String::from_utf8_lossy(&id).into_owned())),
    };
    Ok(query.load(conn)?)
}

/// The places of all areas.
fn places(conn: &mut Conn) -> Result<BTreeMap<Id, Place>> {
    let rows: Vec<(Id, Option<Id>, Option<Id>)> = areas::table.load(conn)?;
    let place = |(id, organization, unit): (Id, Option<Id>, Option<Id>)| {
        Some((id, organization.map(Place::Organization).or(unit.map(Place::AdminUnit))?))
    };
    Ok(rows.into_iter().filter_map(place).collect())
}

fn grant_of(places: &BTreeMap<Id, Place>, (role, area): Kept) -> Option<Grant> {
    match area {
        None => Some(Grant::everywhere(role)),
        Some(area) => Some(Grant { role, place: Some(*places.get(&area)?) }),
    }
}

/// Gives a grantee these grants in place of those it has.
///
/// # Errors
/// `Invalid` at `/grants` if one names a place that does not exist.
pub fn set(conn: &mut Conn, grantee: Grantee, wanted: &[Grant], now: Instant) -> Result<()> {
    let (user, key) = match grantee {
        Grantee::User(id) => (Some(id), None),
        Grantee::ApiKey(id) => (None, Some(String::from_utf8_lossy(&id).into_owned())),
    };
    match &key {
        None => diesel::delete(grants::table.filter(grants::user_id.eq(user))).execute(conn)?,
        Some(key) => diesel::delete(grants::table.filter(grants::api_key_id.eq(key.clone()))).execute(conn)?,
    };
    let mut seen = BTreeSet::new();
    for (at, grant) in wanted.iter().enumerate() {
        if !seen.insert(*grant) {
            continue;
        }
        let area = grant.place.map(|place| area_of(conn, place, at, now)).transpose()?;
        // Writes come one after the other, so that no two get the same number.
        let last: Option<Id> = grants::table.select(grants::id).order(grants::id.desc()).first(conn).optional()?;
        diesel::insert_into(grants::table)
            .values((
                grants::id.eq(last.unwrap_or(0).saturating_add(1)),
                grants::user_id.eq(user),
                grants::api_key_id.eq(key.clone()),
                grants::role.eq(grant.role),
                grants::area_id.eq(area),
                grants::created_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}
