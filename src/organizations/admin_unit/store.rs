//! How administrative units are kept.

use std::collections::{BTreeSet, HashMap};

use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;

use super::{AdminUnit, AdminUnitFilter, AdminUnits, share_a_day};
use crate::changes;
use crate::db::chain::{MOST_TIERS, refuse_parent_cycle};
use crate::db::dialect::{by_ids, column_list, contains, in_ids, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::admin_units;
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::page::date_key;
use crate::domain::vocabulary::{Level, Provenance};
use crate::domain::{Date, Error, Id, Line, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::organizations::life::{Life, Lived, warn_outside};
use crate::organizations::vocabulary::AdminUnitType;
use crate::rights::Place;
use crate::rights::area::store::settle_written;
use crate::text::{fold, sort_key};

record_table! {
    /// A row of `admin_units`.
    pub struct AdminUnitRow in admin_units {
        title: (full_name, name) => |[full_name, name, _]| full_name.or(name);
        sorts: [name_sort, code_key, valid_from_key];
        columns: {
            code: Option<Line>,
            code_valid_from: Option<Date>,
            code_valid_to: Option<Date>,
            name: Line,
            full_name: Option<Line>,
            name_variants: String,
            unit_type: AdminUnitType,
            level: Level,
            parent_id: Option<Id>,
            region: Option<Line>,
            edoc_code: Option<Line>,
            valid_from: Option<Date>,
            valid_to: Option<Date>,
            provenance: Option<Provenance>,
            note: Option<Prose>,
            name_folded: String,
            name_sort: String,
            code_key: String,
            valid_from_key: chrono::NaiveDate,
        }
    }
}

impl Store for AdminUnits {
    type Row = AdminUnitRow;

    fn row(meta: &Meta, body: &AdminUnit<Id>) -> Result<AdminUnitRow> {
        let body = body.clone();
        let names = [Some(&body.name), body.full_name.as_ref()].into_iter().flatten().chain(&body.name_variants);
        Ok(row_of!(AdminUnitRow, meta, {
            name_folded: names.map(|name| fold(name)).collect::<Vec<_>>().join(" | "),
            name_sort: sort_key(&body.name),
            code_key: body.code.as_ref().map(ToString::to_string).unwrap_or_default(),
            valid_from_key: date_key(body.valid_from),
            code: body.code,
            code_valid_from: body.code_valid_from,
            code_valid_to: body.code_valid_to,
            name: body.name,
            full_name: body.full_name,
            name_variants: list_column(&body.name_variants),
            unit_type: body.unit_type,
            level: body.level,
            parent_id: body.parent,
            region: body.region,
            edoc_code: body.edoc_code,
            valid_from: body.valid_from,
            valid_to: body.valid_to,
            provenance: body.provenance,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: AdminUnitRow, links: &mut impl Linker<L>) -> Result<AdminUnit<L>> {
        Ok(AdminUnit {
            name_variants: read_list(&row.name_variants, "admin_units", "name_variants", row.id)?,
            code: row.code,
            code_valid_from: row.code_valid_from,
            code_valid_to: row.code_valid_to,
            name: row.name,
            full_name: row.full_name,
            unit_type: row.unit_type,
            level: row.level,
            parent: row.parent_id.map(|id| links.to("parent", id)),
            region: row.region,
            edoc_code: row.edoc_code,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            provenance: row.provenance,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a AdminUnitFilter, _: Scope) -> Result<<AdminUnitRow as Table>::Query<'a>> {
        let mut query = AdminUnitRow::all();
        if let Some(code) = &filter.code {
            query = query.filter(admin_units::code_key.eq(code.as_str()));
        }
        if let Some(types) = &filter.unit_type {
            query = query.filter(in_texts(admin_units::unit_type, &types.0));
        }
        if let Some(levels) = &filter.level {
            query = query.filter(in_texts(admin_units::level, &levels.0));
        }
        if let Some(parent) = filter.parent {
            query = query.filter(admin_units::parent_id.eq(parent.0));
        }
        if let Some(day) = filter.as_of {
            query = query
                .filter(admin_units::valid_from.is_null().or(admin_units::valid_from.le(day)))
                .filter(admin_units::valid_to.is_null().or(admin_units::valid_to.ge(day)));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(admin_units::name_folded, text));
        }
        Ok(query)
    }

    /// No unit stands above itself, and on no day do two units of one tier have the same code.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&AdminUnit<Id>>,
        body: &mut AdminUnit<Id>,
    ) -> Result<Vec<Warning>> {
        let columns = (admin_units::id, admin_units::parent_id);
        refuse_parent_cycle(meta.id, body.parent, |ids| {
            Ok(admin_units::table.filter(in_ids(admin_units::id, ids)).select(columns).load(conn)?)
        })?;
        refuse_same_code(conn, meta.id, body)?;
        let mut warnings = Vec::new();
        warn_outside(conn, "parent", body.parent.map(Lived::AdminUnit), body.valid_from, &mut warnings)?;
        Ok(warnings)
    }

    /// Where it stands says within which areas it lies.
    fn written(conn: &mut Conn, stamp: &Stamp, row: &AdminUnitRow) -> Result<()> {
        let before = changes::before::<Self>(conn, row.id, row.version)?;
        let moved = before.is_some_and(|before| before.parent != row.parent_id);
        settle_written(conn, stamp, Place::AdminUnit(row.id), moved)
    }
}

/// Refuses a second living unit of one tier whose code is the same on a common day.
fn refuse_same_code(conn: &mut Conn, id: Id, body: &AdminUnit<Id>) -> Result<()> {
    let Some(code) = &body.code else { return Ok(()) };
    let others: Vec<AdminUnitRow> = AdminUnitRow::all()
        .filter(admin_units::code_key.eq(code.as_str()))
        .filter(admin_units::level.eq(body.level))
        .filter(admin_units::deleted_at.is_null())
        .filter(admin_units::id.ne(id))
        .order(admin_units::id.asc())
        .load(conn)?;
    let span = (body.code_valid_from, body.code_valid_to);
    match others.into_iter().find(|other| share_a_day(span, (other.code_valid_from, other.code_valid_to))) {
        None => Ok(()),
        Some(other) => Err(Error::Conflict(
            Refusal::new("duplicate_code", format!("The code {code} means another unit in that time: {}.", other.name))
                .existing::<AdminUnits>(other.id, other.full_name.as_ref().unwrap_or(&other.name)),
        )),
    }
}

/// The unit and all units below it that the caller may see, one query for each tier.
///
/// # Errors
/// As the database has them.
pub fn at_or_below(conn: &mut Conn, scope: Scope, unit: Id) -> Result<Vec<Id>> {
    let itself = AdminUnitRow::visible(scope).filter(admin_units::id.eq(unit)).select(admin_units::id).load(conn)?;
    with_those_below(conn, scope, itself)
}

/// The provinces and all units below them that the caller may see.
///
/// # Errors
/// As the database has them.
pub fn of_provinces(conn: &mut Conn, scope: Scope) -> Result<Vec<Id>> {
    let provinces = AdminUnitRow::visible(scope).filter(admin_units::level.eq(Level::Province));
    let provinces = provinces.select(admin_units::id).load(conn)?;
    with_those_below(conn, scope, provinces)
}

fn with_those_below(conn: &mut Conn, scope: Scope, mut tier: Vec<Id>) -> Result<Vec<Id>> {
    let mut found = BTreeSet::new();
    while !tier.is_empty() {
        found.extend(tier.iter().copied());
        tier = AdminUnitRow::visible(scope)
            .filter(in_ids(admin_units::parent_id, &tier))
            .select(admin_units::id)
            .load(conn)?;
        tier.retain(|id| !found.contains(id));
    }
    Ok(found.into_iter().collect())
}

/// The province of each of these units that lies in one, as far as the caller may see them; one query for each tier.
///
/// # Errors
/// As the database has them.
pub fn provinces_of(conn: &mut Conn, scope: Scope, units: &[Id]) -> Result<HashMap<Id, Id>> {
    let mut provinces = HashMap::new();
    // Where the way up from each unit has come to.
    let mut ways: Vec<(Id, Id)> = units.iter().map(|unit| (*unit, *unit)).collect();
    for _ in 0..=MOST_TIERS {
        if ways.is_empty() {
            break;
        }
        let tier: Vec<Id> = ways.iter().map(|(_, reached)| *reached).collect();
        let found: Vec<(Id, Level, Option<Id>)> = AdminUnitRow::visible(scope)
            .filter(in_ids(admin_units::id, &tier))
            .select((admin_units::id, admin_units::level, admin_units::parent_id))
            .load(conn)?;
        let found: HashMap<Id, (Level, Option<Id>)> =
            found.into_iter().map(|(id, level, parent)| (id, (level, parent))).collect();
        let is_province = |reached: &Id| found.get(reached).is_some_and(|(level, _)| *level == Level::Province);
        provinces.extend(ways.iter().filter(|(_, reached)| is_province(reached)).copied());
        let above = |reached: &Id| found.get(reached).and_then(|(_, parent)| *parent);
        ways.retain(|(_, reached)| !is_province(reached));
        ways = ways.into_iter().filter_map(|(unit, reached)| Some((unit, above(&reached)?))).collect();
    }
    Ok(provinces)
}

/// The name, the first and the last day of a unit, as far as they are known.
///
/// # Errors
/// As the database has them.
pub fn life_of(conn: &mut Conn, id: Id) -> Result<Option<Life>> {
    type Columns = (admin_units::name, admin_units::valid_from, admin_units::valid_to);
    let columns = column_list!(name valid_from valid_to);
    Ok(by_ids::<SqlTypeOf<Columns>>("admin_units", columns, &[id]).load(conn)?.pop())
}
