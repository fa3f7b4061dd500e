//! How areas are kept: what lies within each.
//!
//! `area_organizations` and `area_admin_units` follow from the records: whoever writes an organization, a unit or a
//! succession has [`settle_written`] look again, in the same transaction. A day that begins is looked at by [`begin_day`].

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::dialect::in_ids;
use crate::db::schema::{
    admin_units, area_admin_units, area_day, area_organizations, areas, organizations, successions,
};
use crate::domain::{Date, Error, Fault, Grantee, Id, Instant, Permission, Result, Stamp};
use crate::rights::Place;
use crate::rights::grant;

/// The area of a place, which is made if nothing was granted for it yet; `at` is the grant that names it.
///
/// # Errors
/// `Invalid` if there is no such place.
pub fn area_of(conn: &mut Conn, place: Place, at: usize, now: Instant) -> Result<Id> {
    let missing =
        |field: &str, what: String| Error::field(format!("/grants/{at}/{field}"), Fault::new("does_not_exist", what));
    let (known, organization, unit): (Option<Id>, _, _) = match place {
        Place::Organization(id) => {
            let living = organizations::table.find(id).filter(organizations::deleted_at.is_null());
            if living.select(organizations::id).first::<Id>(conn).optional()?.is_none() {
                return Err(missing("organization", format!("points at organization {id}, which does not exist")));
            }
            let area = areas::table.filter(areas::organization_id.eq(id)).select(areas::id);
            (area.first(conn).optional()?, Some(id), None)
        }
        Place::AdminUnit(id) => {
            let living = admin_units::table.find(id).filter(admin_units::deleted_at.is_null());
            if living.select(admin_units::id).first::<Id>(conn).optional()?.is_none() {
                return Err(missing("admin_unit", format!("points at admin_unit {id}, which does not exist")));
            }
            let area = areas::table.filter(areas::admin_unit_id.eq(id)).select(areas::id);
            (area.first(conn).optional()?, None, Some(id))
        }
    };
    if let Some(area) = known {
        return Ok(area);
    }
    let today = today(now)?;
    begin_day(conn, today)?;
    let last: Option<Id> = areas::table.select(areas::id).order(areas::id.desc()).first(conn).optional()?;
    let area = last.unwrap_or(0).saturating_add(1);
    let row = (areas::id.eq(area), areas::organization_id.eq(organization), areas::admin_unit_id.eq(unit));
    diesel::insert_into(areas::table).values(row).execute(conn)?;
    let mut tier = BTreeSet::from([place]);
    let mut found = BTreeSet::new();
    while !tier.is_empty() {
        found.extend(tier.iter().copied());
        tier = below(conn, &tier, today)?.difference(&found).copied().collect();
    }
    for place in found {
        enter(conn, area, place)?;
    }
    Ok(area)
}

/// The areas within which a place lies, as they are kept.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn around(conn: &mut Conn, place: Place) -> Result<BTreeSet<Id>> {
    let areas: Vec<Id> = match place {
        Place::Organization(id) => area_organizations::table
            .filter(area_organizations::organization_id.eq(id))
            .select(area_organizations::area_id)
            .load(conn)?,
        Place::AdminUnit(id) => area_admin_units::table
            .filter(area_admin_units::admin_unit_id.eq(id))
            .select(area_admin_units::area_id)
            .load(conn)?,
    };
    Ok(areas.into_iter().collect())
}

/// What lies within these areas.
pub fn within_areas(conn: &mut Conn, areas: &[Id]) -> Result<BTreeSet<Place>> {
    let bodies = area_organizations::table.filter(in_ids(area_organizations::area_id, areas));
    let bodies: Vec<Id> = bodies.select(area_organizations::organization_id).load(conn)?;
    let units = area_admin_units::table.filter(in_ids(area_admin_units::area_id, areas));
    let units: Vec<Id> = units.select(area_admin_units::admin_unit_id).load(conn)?;
    Ok(bodies.into_iter().map(Place::Organization).chain(units.into_iter().map(Place::AdminUnit)).collect())
}

fn enter(conn: &mut Conn, area: Id, place: Place) -> Result<()> {
    match place {
        Place::Organization(id) => diesel::insert_into(area_organizations::table)
            .values((area_organizations::area_id.eq(area), area_organizations::organization_id.eq(id)))
            .execute(conn)?,
        Place::AdminUnit(id) => diesel::insert_into(area_admin_units::table)
            .values((area_admin_units::area_id.eq(area), area_admin_units::admin_unit_id.eq(id)))
            .execute(conn)?,
    };
    Ok(())
}

fn leave(conn: &mut Conn, area: Id, place: Place) -> Result<()> {
    match place {
        Place::Organization(id) => {
            diesel::delete(area_organizations::table.find((area, id))).execute(conn)?;
        }
        Place::AdminUnit(id) => {
            diesel::delete(area_admin_units::table.find((area, id))).execute(conn)?;
        }
    }
    Ok(())
}

fn today(now: Instant) -> Result<Date> {
    let unknown = || Error::Internal("the clock is outside of the years that are known".to_owned());
    now.day_in_vietnam().ok_or_else(unknown)
}

/// Looks again within which areas a place lies, after a write that made it or may have `moved` it.
///
/// Whoever moves a place gives its records to those who have something granted where it comes to, today or later: it must
/// be theirs to give, wherever it comes to.
///
/// # Errors
/// `Forbidden` if the place has moved and was not within an area for which the caller writes.
pub fn settle_written(conn: &mut Conn, stamp: &Stamp, place: Place, moved: bool) -> Result<()> {
    let everywhere = stamp.actor.may_everywhere(Permission::Write);
    if moved && !everywhere && !writes_within(conn, stamp.actor.rights.grantee, place)? {
        return Err(Error::Forbidden("What is moved must lie within an area that you write for."));
    }
    if areas::table.select(areas::id).first::<Id>(conn).optional()?.is_none() {
        return Ok(());
    }
    settle(conn, place, today(stamp.now)?)
}

fn writes_within(conn: &mut Conn, grantee: Option<Grantee>, place: Place) -> Result<bool> {
    let Some(grantee) = grantee else { return Ok(false) };
    Ok(grant::store::within(conn, grantee, place)?.iter().any(|grant| grant.role.allows(Permission::Write)))
}

/// Looks again within which areas a place lies on a day, after what stands above it may have changed; and, where that is
/// another answer than before, what lies below it.
fn settle(conn: &mut Conn, place: Place, day: Date) -> Result<()> {
    let mut waiting = BTreeSet::from([place]);
    while let Some(place) = waiting.pop_first() {
        let (before, after) = (around(conn, place)?, reached_from(conn, place, day)?);
        if before == after {
            continue;
        }
        for area in before.difference(&after) {
            leave(conn, *area, place)?;
        }
        for area in after.difference(&before) {
            enter(conn, *area, place)?;
        }
        waiting.extend(below(conn, &BTreeSet::from([place]), day)?);
    }
    Ok(())
}

/// Has the successions count that came into effect up to this day.
pub fn begin_day(conn: &mut Conn, day: Date) -> Result<()> {
    let known = known_day(conn)?;
    if known.is_some_and(|known| known >= day) {
        return Ok(());
    }
    let Some(known) = known else {
        diesel::insert_into(area_day::table).values((area_day::id.eq(1_i64), area_day::day.eq(day))).execute(conn)?;
        return Ok(());
    };
    diesel::update(area_day::table.find(1_i64)).set(area_day::day.eq(day)).execute(conn)?;
    let begun: Vec<(Option<Id>, Option<Id>)> = successions::table
        .filter(successions::effective_on.gt(known))
        .filter(successions::effective_on.le(day))
        .filter(successions::deleted_at.is_null())
        .select((successions::from_organization_id, successions::from_admin_unit_id))
        .load(conn)?;
    for (organization, unit) in begun {
        if let Some(place) = organization.map(Place::Organization).or(unit.map(Place::AdminUnit)) {
            settle(conn, place, day)?;
        }
    }
    Ok(())
}

/// The day up to which successions count; none while nothing is granted for an area.
pub fn known_day(conn: &mut Conn) -> Result<Option<Date>> {
    Ok(area_day::table.find(1_i64).select(area_day::day).first(conn).optional()?)
}

/// The areas within which a place lies, by the way up from it.
fn reached_from(conn: &mut Conn, place: Place, day: Date) -> Result<BTreeSet<Id>> {
    let mut found = BTreeSet::new();
    let mut tier = BTreeSet::from([place]);
    while !tier.is_empty() {
        found.extend(tier.iter().copied());
        tier = above(conn, &tier, day)?.difference(&found).copied().collect();
    }
    let (organizations, units) = sorted(&found);
    let mut reached: BTreeSet<Id> = BTreeSet::new();
    let roots = areas::table.filter(in_ids(areas::organization_id, &organizations)).select(areas::id);
    reached.extend(roots.load::<Id>(conn)?);
    let roots = areas::table.filter(in_ids(areas::admin_unit_id, &units)).select(areas::id);
    reached.extend(roots.load::<Id>(conn)?);
    Ok(reached)
}

/// The organizations and the units among these places.
fn sorted(places: &BTreeSet<Place>) -> (Vec<Id>, Vec<Id>) {
    let organization = |place: &Place| if let Place::Organization(id) = place { Some(*id) } else { None };
    let unit = |place: &Place| if let Place::AdminUnit(id) = place { Some(*id) } else { None };
    (places.iter().filter_map(organization).collect(), places.iter().filter_map(unit).collect())
}

/// What stands directly above these places: the body or unit of which they are part, and what they became part of.
fn above(conn: &mut Conn, tier: &BTreeSet<Place>, day: Date) -> Result<BTreeSet<Place>> {
    let (bodies, units) = sorted(tier);
    let mut found = BTreeSet::new();
    if !bodies.is_empty() {
        let rows: Vec<(Option<Id>, Option<Id>)> = organizations::table
            .filter(in_ids(organizations::id, &bodies))
            .select((organizations::parent_id, organizations::admin_unit_id))
            .load(conn)?;
        found.extend(rows.iter().filter_map(|(parent, _)| *parent).map(Place::Organization));
        found.extend(rows.iter().filter_map(|(_, unit)| *unit).map(Place::AdminUnit));
        let next: Vec<Option<Id>> = successions::table
            .filter(in_ids(successions::from_organization_id, &bodies))
            .filter(successions::effective_on.le(day))
            .filter(successions::deleted_at.is_null())
            .select(successions::to_organization_id)
            .load(conn)?;
        found.extend(next.into_iter().flatten().map(Place::Organization));
    }
    if !units.is_empty() {
        let rows: Vec<Option<Id>> =
            admin_units::table.filter(in_ids(admin_units::id, &units)).select(admin_units::parent_id).load(conn)?;
        found.extend(rows.into_iter().flatten().map(Place::AdminUnit));
        let next: Vec<Option<Id>> = successions::table
            .filter(in_ids(successions::from_admin_unit_id, &units))
            .filter(successions::effective_on.le(day))
            .filter(successions::deleted_at.is_null())
            .select(successions::to_admin_unit_id)
            .load(conn)?;
        found.extend(next.into_iter().flatten().map(Place::AdminUnit));
    }
    Ok(found)
}

/// What lies directly below these places: the other way around.
fn below(conn: &mut Conn, tier: &BTreeSet<Place>, day: Date) -> Result<BTreeSet<Place>> {
    let (bodies, units) = sorted(tier);
    let mut found = BTreeSet::new();
    if !bodies.is_empty() {
        let parts = organizations::table.filter(in_ids(organizations::parent_id, &bodies)).select(organizations::id);
        found.extend(parts.load::<Id>(conn)?.into_iter().map(Place::Organization));
        let before: Vec<Option<Id>> = successions::table
            .filter(in_ids(successions::to_organization_id, &bodies))
            .filter(successions::effective_on.le(day))
            .filter(successions::deleted_at.is_null())
            .select(successions::from_organization_id)
            .load(conn)?;
        found.extend(before.into_iter().flatten().map(Place::Organization));
    }
    if !units.is_empty() {
        let bodies =
            organizations::table.filter(in_ids(organizations::admin_unit_id, &units)).select(organizations::id);
        found.extend(bodies.load::<Id>(conn)?.into_iter().map(Place::Organization));
        let parts = admin_units::table.filter(in_ids(admin_units::parent_id, &units)).select(admin_units::id);
        found.extend(parts.load::<Id>(conn)?.into_iter().map(Place::AdminUnit));
        let before: Vec<Option<Id>> = successions::table
            .filter(in_ids(successions::to_admin_unit_id, &units))
            .filter(successions::effective_on.le(day))
            .filter(successions::deleted_at.is_null())
            .select(successions::from_admin_unit_id)
            .load(conn)?;
        found.extend(before.into_iter().flatten().map(Place::AdminUnit));
    }
    Ok(found)
}
