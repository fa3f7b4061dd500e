//! How organizations are kept.

use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;

use super::{Organization, OrganizationFilter, Organizations};
use crate::changes;
use crate::db::chain::refuse_parent_cycle;
use crate::db::dialect::{by_ids, column_list, contains, in_ids, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::organizations;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::fault::Warning;
use crate::domain::page::date_key;
use crate::domain::vocabulary::{Level, Provenance};
use crate::domain::{Date, Id, Line, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::organizations::life::{Life, Lived, warn_outside};
use crate::organizations::vocabulary::OrganizationKind;
use crate::rights::Place;
use crate::rights::area::store::settle_written;
use crate::text::{fold, sort_key};

record_table! {
    /// A row of `organizations`.
    pub struct OrganizationRow in organizations {
        title: (name) => |[name, ..]| name;
        sorts: [name_sort, valid_from_key];
        columns: {
            name: Line,
            short_name: Option<Line>,
            kind: OrganizationKind,
            level: Option<Level>,
            symbol: Option<Line>,
            admin_unit_id: Option<Id>,
            parent_id: Option<Id>,
            valid_from: Option<Date>,
            valid_to: Option<Date>,
            edoc_code: Option<Line>,
            provenance: Option<Provenance>,
            note: Option<Prose>,
            name_folded: String,
            name_sort: String,
            valid_from_key: chrono::NaiveDate,
        }
    }
}

impl Store for Organizations {
    type Row = OrganizationRow;

    fn row(meta: &Meta, body: &Organization<Id>) -> Result<OrganizationRow> {
        let body = body.clone();
        let names = [Some(&body.name), body.short_name.as_ref()];
        Ok(row_of!(OrganizationRow, meta, {
            name_folded: names.into_iter().flatten().map(|name| fold(name)).collect::<Vec<_>>().join(" | "),
            name_sort: sort_key(&body.name),
            name: body.name,
            short_name: body.short_name,
            kind: body.kind,
            level: body.level,
            symbol: body.symbol,
            admin_unit_id: body.admin_unit,
            parent_id: body.parent,
            valid_from: body.valid_from,
            valid_to: body.valid_to,
            edoc_code: body.edoc_code,
            provenance: body.provenance,
            note: body.note,
            valid_from_key: date_key(body.valid_from),
        }))
    }

    fn body<L: LinkForm>(row: OrganizationRow, links: &mut impl Linker<L>) -> Result<Organization<L>> {
        Ok(Organization {
            name: row.name,
            short_name: row.short_name,
            kind: row.kind,
            level: row.level,
            symbol: row.symbol,
            admin_unit: row.admin_unit_id.map(|id| links.to("admin_unit", id)),
            parent: row.parent_id.map(|id| links.to("parent", id)),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            edoc_code: row.edoc_code,
            provenance: row.provenance,
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a OrganizationFilter,
        scope: Scope,
    ) -> Result<<OrganizationRow as Table>::Query<'a>> {
        let mut query = OrganizationRow::all();
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(organizations::kind, &kinds.0));
        }
        if let Some(levels) = &filter.level {
            query = query.filter(in_texts(organizations::level, &levels.0));
        }
        if let Some(unit) = filter.admin_unit {
            let units = crate::organizations::admin_unit::store::at_or_below(conn, scope, unit.0)?;
            query = query.filter(in_ids(organizations::admin_unit_id, &units));
        }
        if let Some(parent) = filter.parent {
            query = query.filter(organizations::parent_id.eq(parent.0));
        }
        if let Some(symbol) = &filter.symbol {
            query = query.filter(organizations::symbol.eq(symbol.as_str()));
        }
        if let Some(day) = filter.as_of {
            query = query
                .filter(organizations::valid_from.is_null().or(organizations::valid_from.le(day)))
                .filter(organizations::valid_to.is_null().or(organizations::valid_to.ge(day)));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(organizations::name_folded, text));
        }
        Ok(query)
    }

    /// No organization stands above itself.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Organization<Id>>,
        body: &mut Organization<Id>,
    ) -> Result<Vec<Warning>> {
        let columns = (organizations::id, organizations::parent_id);
        refuse_parent_cycle(meta.id, body.parent, |ids| {
            Ok(organizations::table.filter(in_ids(organizations::id, ids)).select(columns).load(conn)?)
        })?;
        let mut warnings = Vec::new();
        let unit = body.admin_unit.map(Lived::AdminUnit);
        warn_outside(conn, "admin_unit", unit, body.valid_from, &mut warnings)?;
        warn_outside(conn, "parent", body.parent.map(Lived::Organization), body.valid_from, &mut warnings)?;
        Ok(warnings)
    }

    /// Where it stands says within which areas it lies.
    fn written(conn: &mut Conn, stamp: &Stamp, row: &OrganizationRow) -> Result<()> {
        let before = changes::before::<Self>(conn, row.id, row.version)?;
        let moved =
            before.is_some_and(|before| (before.parent, before.admin_unit) != (row.parent_id, row.admin_unit_id));
        settle_written(conn, stamp, Place::Organization(row.id), moved)
    }
}

/// What the rules of documents need to know of an organization.
#[derive(Debug, Clone, Queryable)]
pub struct Issuer {
    /// Its name.
    pub name: String,
    /// What sort of body it is.
    pub kind: OrganizationKind,
    /// Its tier.
    pub level: Option<Level>,
    /// Its symbol.
    pub symbol: Option<String>,
}

/// An organization, as an issuer of documents.
///
/// # Errors
/// As the database has them.
pub fn issuer(conn: &mut Conn, id: Id) -> Result<Option<Issuer>> {
    let columns = (organizations::name, organizations::kind, organizations::level, organizations::symbol);
    Ok(organizations::table.find(id).select(columns).first(conn).optional()?)
}

/// The name, the first and the last day of an organization, as far as they are known.
///
/// # Errors
/// As the database has them.
pub fn life_of(conn: &mut Conn, id: Id) -> Result<Option<Life>> {
    type Columns = (organizations::name, organizations::valid_from, organizations::valid_to);
    let columns = column_list!(name valid_from valid_to);
    Ok(by_ids::<SqlTypeOf<Columns>>("organizations", columns, &[id]).load(conn)?.pop())
}
