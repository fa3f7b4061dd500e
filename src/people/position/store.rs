//! How positions are kept.

use diesel::prelude::*;

use super::{Position, PositionFilter, Positions};
use crate::db::dialect::{contains, in_selected};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{organizations, positions};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::fault::Warning;
use crate::domain::page::date_key;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Line, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::organizations::life::{Lived, warn_outside};
use crate::organizations::organization::store::OrganizationRow;
use crate::text::fold;

record_table! {
    /// A row of `positions`.
    pub struct PositionRow in positions {
        parent: person_id in "people";
        title: (title) => |[title, ..]| title;
        sorts: [valid_from_key];
        columns: {
            title: Line,
            organization_id: Option<Id>,
            organization_text: Option<Line>,
            valid_from: Option<Date>,
            valid_from_precision: Option<DatePrecision>,
            valid_to: Option<Date>,
            valid_to_precision: Option<DatePrecision>,
            stated_on: Option<Date>,
            note: Option<Prose>,
            title_folded: String,
            valid_from_key: chrono::NaiveDate,
        }
    }
}

impl Store for Positions {
    type Row = PositionRow;

    fn row(meta: &Meta, body: &Position<Id>) -> Result<PositionRow> {
        let body = body.clone();
        Ok(row_of!(PositionRow, meta, {
            person_id: meta.parent_id()?,
            title_folded: fold(&body.title),
            title: body.title,
            organization_id: body.organization,
            organization_text: body.organization_text,
            valid_from: body.valid_from,
            valid_from_precision: body.valid_from_precision,
            valid_to: body.valid_to,
            valid_to_precision: body.valid_to_precision,
            stated_on: body.stated_on,
            note: body.note,
            valid_from_key: date_key(body.valid_from),
        }))
    }

    fn body<L: LinkForm>(row: PositionRow, links: &mut impl Linker<L>) -> Result<Position<L>> {
        Ok(Position {
            title: row.title,
            organization: row.organization_id.map(|id| links.to("organization", id)),
            organization_text: row.organization_text,
            valid_from: row.valid_from,
            valid_from_precision: row.valid_from_precision,
            valid_to: row.valid_to,
            valid_to_precision: row.valid_to_precision,
            stated_on: row.stated_on,
            note: row.note,
        })
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        _: &Meta,
        _: Option<&Position<Id>>,
        body: &mut Position<Id>,
    ) -> Result<Vec<Warning>> {
        let mut warnings = Vec::new();
        let organization = body.organization.map(Lived::Organization);
        let first = Date::whole(body.valid_from, body.valid_from_precision);
        warn_outside(conn, "organization", organization, first, &mut warnings)?;
        if warnings.is_empty() {
            warn_outside(conn, "organization", organization, body.stated_on, &mut warnings)?;
        }
        Ok(warnings)
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a PositionFilter, scope: Scope) -> Result<<PositionRow as Table>::Query<'a>> {
        let mut query = PositionRow::all();
        if let Some(person) = filter.person {
            query = query.filter(positions::person_id.eq(person.0));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(positions::organization_id.eq(organization.0));
        }
        if let Some(day) = filter.as_of {
            query = held_on(query, scope, day);
        }
        if let Some(day) = filter.stated_from {
            query = query.filter(positions::stated_on.ge(day));
        }
        if let Some(day) = filter.stated_to {
            query = query.filter(positions::stated_on.le(day));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(positions::title_folded, text));
        }
        Ok(query)
    }
}

/// The positions of `query` that are held on `day`, as far as is known.
#[must_use]
pub fn held_on(
    mut query: <PositionRow as Table>::Query<'_>,
    scope: Scope,
    day: Date,
) -> <PositionRow as Table>::Query<'_> {
    // An end known to the month or the year stands on its first day and lasts to its last.
    let [month, year] = [DatePrecision::Month, DatePrecision::Year].map(|precision| day.span(Some(precision)).0);
    let to_month = positions::valid_to_precision.eq(DatePrecision::Month);
    let to_year = positions::valid_to_precision.eq(DatePrecision::Year);
    query = query.filter(positions::valid_from.is_null().or(positions::valid_from.le(day))).filter(
        positions::valid_to
            .is_null()
            .or(positions::valid_to.ge(day))
            .or(to_month.and(positions::valid_to.ge(month)))
            .or(to_year.and(positions::valid_to.ge(year))),
    );
    // A post ends with its body at the latest.
    let ended = OrganizationRow::visible(scope).filter(organizations::valid_to.lt(day)).select(organizations::id);
    query.filter(
        positions::organization_id.is_null().or(diesel::dsl::not(in_selected(positions::organization_id, ended))),
    )
}
