//! How conferences are kept.

use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Conference, ConferenceFilter, Conferences};
use crate::conferences::vocabulary::{ConferenceMode, ConferenceWithout, PartOfDay};
use crate::conferences::{bridge_point, conference_document, participation};
use crate::db::chain::refuse_parent_cycle;
use crate::db::dialect::{contains, in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::conferences;
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::documents::document;
use crate::domain::fact::Fact;
use crate::domain::fault::Warning;
use crate::domain::page::date_key;
use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{Date, Id, Instant, Line, LinkForm, Linker, Meta, Prose, Result, Stamp, Title};
use crate::organizations::admin_unit;
use crate::organizations::life::{Lived, warn_outside};
use crate::text::{fold, sort_key};

record_table! {
    /// A row of `conferences`.
    pub struct ConferenceRow in conferences {
        title: (name) => |[name, ..]| name;
        sorts: [held_from_key, name_sort];
        columns: {
            name: Title,
            topic: Option<Prose>,
            formats: String,
            mode: ConferenceMode,
            level: Option<Level>,
            held_from: Option<Date>,
            held_to: Option<Date>,
            part_of_day: Option<PartOfDay>,
            date_precision: Option<DatePrecision>,
            year_inferred: bool,
            held_text: Option<Line>,
            place: Option<Line>,
            admin_unit_id: Option<Id>,
            convening_body_id: Option<Id>,
            convening_text: Option<Line>,
            participants_complete: Option<bool>,
            participant_count: Option<i32>,
            period_reviewed_from: Option<Date>,
            period_reviewed_to: Option<Date>,
            parent_id: Option<Id>,
            note: Option<Prose>,
            name_folded: String,
            name_sort: String,
            held_from_key: chrono::NaiveDate,
        }
    }
}

impl Store for Conferences {
    type Row = ConferenceRow;

    fn row(meta: &Meta, body: &Conference<Id>) -> Result<ConferenceRow> {
        let body = body.clone();
        Ok(row_of!(ConferenceRow, meta, {
            name_folded: fold(&body.name),
            name_sort: sort_key(&body.name),
            held_from_key: date_key(body.held_from),
            name: body.name,
            topic: body.topic,
            formats: list_column(&body.formats),
            mode: body.mode,
            level: body.level,
            held_from: body.held_from,
            held_to: body.held_to,
            part_of_day: body.part_of_day,
            date_precision: body.date_precision,
            year_inferred: body.year_inferred,
            held_text: body.held_text,
            place: body.place,
            admin_unit_id: body.admin_unit,
            convening_body_id: body.convening_body,
            convening_text: body.convening_text,
            participants_complete: body.participants_complete,
            participant_count: body.participant_count,
            period_reviewed_from: body.period_reviewed_from,
            period_reviewed_to: body.period_reviewed_to,
            parent_id: body.parent,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: ConferenceRow, links: &mut impl Linker<L>) -> Result<Conference<L>> {
        Ok(Conference {
            formats: read_list(&row.formats, "conferences", "formats", row.id)?,
            name: row.name,
            topic: row.topic,
            mode: row.mode,
            level: row.level,
            held_from: row.held_from,
            held_to: row.held_to,
            part_of_day: row.part_of_day,
            date_precision: row.date_precision,
            year_inferred: row.year_inferred,
            held_text: row.held_text,
            place: row.place,
            admin_unit: row.admin_unit_id.map(|id| links.to("admin_unit", id)),
            convening_body: row.convening_body_id.map(|id| links.to("convening_body", id)),
            convening_text: row.convening_text,
            participants_complete: row.participants_complete,
            participant_count: row.participant_count,
            period_reviewed_from: row.period_reviewed_from,
            period_reviewed_to: row.period_reviewed_to,
            parent: row.parent_id.map(|id| links.to("parent", id)),
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a ConferenceFilter,
        scope: Scope,
    ) -> Result<<ConferenceRow as Table>::Query<'a>> {
        let mut query = by_own_columns(filter);
        if filter.document.is_some() || filter.activity.is_some() || filter.citation_role.is_some() {
            let document =
                filter.document.as_ref().map(|choice| document::store::chosen(conn, scope, "document", choice));
            let dealing = conference_document::store::conferences_with(
                scope,
                document.transpose()?,
                filter.activity.as_ref(),
                filter.citation_role.as_ref(),
            );
            query = query.filter(in_selected(conferences::id, dealing));
        }
        if let Some(organization) = filter.organization {
            let dealing = conference_document::store::conferences_about(scope, organization.0);
            let attended = participation::store::conferences_attended_by(scope, organization.0);
            query = query.filter(
                conferences::convening_body_id
                    .eq(organization.0)
                    .or(in_selected(conferences::id, dealing))
                    .or(in_selected(conferences::id, attended)),
            );
        }
        if let Some(unit) = filter.admin_unit {
            let units = admin_unit::store::at_or_below(conn, scope, unit.0)?;
            let joined = bridge_point::store::conferences_joined_from(scope, &units);
            query = query.filter(in_ids(conferences::admin_unit_id, &units).or(in_selected(conferences::id, joined)));
        }
        if let Some(province) = filter.province {
            let units = admin_unit::store::at_or_below(conn, scope, province.0)?;
            query = query.filter(in_ids(conferences::admin_unit_id, &units));
        }
        for without in filter.without.iter().flat_map(|without| &without.0) {
            query = lacking(conn, scope, query, *without)?;
        }
        if filter.person.is_some() || filter.role.is_some() {
            let person = filter.person.map(|person| person.0);
            let attended = participation::store::conferences_with(scope, person, filter.role.as_ref());
            query = query.filter(in_selected(conferences::id, attended));
        }
        Ok(query)
    }

    /// A conference is no part of itself, nor of its own parts.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Conference<Id>>,
        body: &mut Conference<Id>,
    ) -> Result<Vec<Warning>> {
        let columns = (conferences::id, conferences::parent_id);
        refuse_parent_cycle(meta.id, body.parent, |ids| {
            Ok(conferences::table.filter(in_ids(conferences::id, ids)).select(columns).load(conn)?)
        })?;
        let mut warnings = Vec::new();
        let day = Date::whole(body.held_from, body.date_precision);
        warn_outside(conn, "admin_unit", body.admin_unit.map(Lived::AdminUnit), day, &mut warnings)?;
        let convening_body = body.convening_body.map(Lived::Organization);
        warn_outside(conn, "convening_body", convening_body, day, &mut warnings)?;
        Ok(warnings)
    }

    fn facts(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<(Fact, Id)>> {
        let joined = bridge_point::store::conferences_with_any(conn, scope, ids)?;
        let placeless: Vec<Id> = ConferenceRow::visible(scope)
            .filter(in_ids(conferences::id, ids))
            .filter(conferences::place.is_null())
            .select(conferences::id)
            .load(conn)?;
        Ok(placeless.into_iter().filter(|id| !joined.contains(id)).map(|id| (Fact::Remote, id)).collect())
    }
}

/// The conferences that were held by `day`, as far as the caller may see them, for the lists of what belongs to them.
#[must_use]
pub fn held_by<'a>(scope: Scope, day: Date) -> conferences::BoxedQuery<'a, MultiBackend, BigInt> {
    ConferenceRow::shown(ConferenceRow::all(), scope)
        .filter(conferences::held_from_key.le(day.day()))
        .filter(conferences::held_from.is_not_null())
        .select(conferences::id)
}

/// The living conferences that `filter` lets through and the caller may see.
///
/// # Errors
/// As [`Store::narrow`].
pub fn living<'a>(
    conn: &mut Conn,
    filter: &'a ConferenceFilter,
    scope: Scope,
) -> Result<<ConferenceRow as Table>::Query<'a>> {
    Ok(ConferenceRow::living(Conferences::narrow(conn, filter, scope)?, scope))
}

/// The conferences that `filter` lets through and that were deleted at `since` or later, by the instant, at most `most` of them.
/// What was deleted with them narrows nothing any more.
///
/// # Errors
/// As [`Store::narrow`].
pub fn deleted_since(
    conn: &mut Conn,
    filter: &ConferenceFilter,
    scope: Scope,
    since: Instant,
    most: i64,
) -> Result<Vec<ConferenceRow>> {
    let query = ConferenceRow::shown(Conferences::narrow(conn, filter, scope)?, scope);
    Ok(query
        .filter(conferences::deleted_at.ge(since))
        .order((conferences::deleted_at.asc(), conferences::id.asc()))
        .limit(most)
        .load(conn)?)
}

/// Those of which something is not known.
fn lacking<'a>(
    conn: &mut Conn,
    scope: Scope,
    query: <ConferenceRow as Table>::Query<'a>,
    without: ConferenceWithout,
) -> Result<<ConferenceRow as Table>::Query<'a>> {
    Ok(match without {
        ConferenceWithout::ConveningBody => query.filter(conferences::convening_body_id.is_null()),
        ConferenceWithout::Level => query.filter(conferences::level.is_null()),
        ConferenceWithout::HeldFrom => query.filter(conferences::held_from.is_null()),
        ConferenceWithout::Province => {
            let units = admin_unit::store::of_provinces(conn, scope)?;
            query.filter(conferences::admin_unit_id.is_null().or(not(in_ids(conferences::admin_unit_id, &units))))
        }
    })
}

/// What needs no other table.
fn by_own_columns(filter: &ConferenceFilter) -> <ConferenceRow as Table>::Query<'_> {
    let mut query = ConferenceRow::all();
    if let Some(body) = filter.convening_body {
        query = query.filter(conferences::convening_body_id.eq(body.0));
    }
    if let Some(modes) = &filter.mode {
        query = query.filter(in_texts(conferences::mode, &modes.0));
    }
    if let Some(format) = filter.conference_format {
        query = query.filter(conferences::formats.like(format!("%\"{format}\"%")));
    }
    if let Some(levels) = &filter.level {
        query = query.filter(in_texts(conferences::level, &levels.0));
    }
    if let Some(day) = filter.held_from {
        query = query.filter(conferences::held_from_key.ge(day.day()));
    }
    if let Some(day) = filter.held_to {
        query = query.filter(conferences::held_from_key.le(day.day())).filter(conferences::held_from.is_not_null());
    }
    if let Some(parent) = filter.parent {
        query = query.filter(conferences::parent_id.eq(parent.0));
    }
    if let Some(day) = filter.as_of {
        query = query.filter(conferences::held_from_key.le(day.day())).filter(conferences::held_from.is_not_null());
    }
    if let Some(text) = &filter.q {
        query = query.filter(contains(conferences::name_folded, text));
    }
    query
}
