//! How participations are kept.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::{Participation, ParticipationFilter, Participations};
use crate::conferences::vocabulary::ParticipationRole;
use crate::conferences::{bridge_point, conference};
use crate::db::dialect::in_selected;
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::participations;
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::domain::fault::Warning;
use crate::domain::{Error, Fault, Id, Line, LinkForm, Linker, List, Meta, Prose, Result, Stamp};

record_table! {
    /// A row of `participations`.
    pub struct ParticipationRow in participations {
        parent: conference_id in "conferences";
        title: (group_text) => |[group, ..]| group;
        sorts: [];
        columns: {
            person_id: Option<Id>,
            organization_id: Option<Id>,
            group_text: Option<Line>,
            roles: String,
            bridge_point_id: Option<Id>,
            positions_as_stated: String,
            rank_title: Option<Line>,
            honorific: Option<Line>,
            head_count: Option<i32>,
            note: Option<Prose>,
        }
    }
}

impl Store for Participations {
    type Row = ParticipationRow;

    fn row(meta: &Meta, body: &Participation<Id>) -> Result<ParticipationRow> {
        let body = body.clone();
        Ok(row_of!(ParticipationRow, meta, {
            conference_id: meta.parent_id()?,
            person_id: body.person,
            organization_id: body.organization,
            group_text: body.group_text,
            roles: list_column(&body.roles),
            bridge_point_id: body.bridge_point,
            positions_as_stated: list_column(&body.positions_as_stated),
            rank_title: body.rank_title,
            honorific: body.honorific,
            head_count: body.head_count,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: ParticipationRow, links: &mut impl Linker<L>) -> Result<Participation<L>> {
        let positions = &row.positions_as_stated;
        Ok(Participation {
            positions_as_stated: read_list(positions, "participations", "positions_as_stated", row.id)?,
            person: row.person_id.map(|id| links.to("person", id)),
            organization: row.organization_id.map(|id| links.to("organization", id)),
            group_text: row.group_text,
            roles: read_list(&row.roles, "participations", "roles", row.id)?,
            bridge_point: row.bridge_point_id.map(|id| links.to("bridge_point", id)),
            rank_title: row.rank_title,
            honorific: row.honorific,
            head_count: row.head_count,
            note: row.note,
        })
    }

    fn narrow<'a>(
        _: &mut Conn,
        filter: &'a ParticipationFilter,
        scope: Scope,
    ) -> Result<<ParticipationRow as Table>::Query<'a>> {
        let mut query = ParticipationRow::all();
        if let Some(conference) = filter.conference {
            query = query.filter(participations::conference_id.eq(conference.0));
        }
        if let Some(person) = filter.person {
            query = query.filter(participations::person_id.eq(person.0));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(participations::organization_id.eq(organization.0));
        }
        if let Some(point) = filter.bridge_point {
            query = query.filter(participations::bridge_point_id.eq(point.0));
        }
        if let Some(condition) = filter.role.as_ref().and_then(in_any_role) {
            query = query.filter(condition);
        }
        if let Some(day) = filter.as_of {
            query = query.filter(in_selected(participations::conference_id, conference::store::held_by(scope, day)));
        }
        Ok(query)
    }

    /// Nobody sits at a bridge point of another conference.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&Participation<Id>>,
        body: &mut Participation<Id>,
    ) -> Result<Vec<Warning>> {
        let Some(point) = body.bridge_point else { return Ok(Vec::new()) };
        let conference = meta.parent_id()?;
        if bridge_point::store::conference_of(conn, point)?.is_some_and(|other| other != conference) {
            let fault = Fault::new("inconsistent", "is a bridge point of another conference");
            return Err(Error::field("/bridge_point", fault));
        }
        Ok(Vec::new())
    }
}

/// A condition on rows of `participations`.
type Condition = Box<dyn BoxableExpression<participations::table, MultiBackend, SqlType = Bool>>;

/// Some role is one of `roles`. The column holds a JSON array of codes, in which nothing means anything to LIKE that
/// could match another code.
fn in_any_role(roles: &List<ParticipationRole>) -> Option<Condition> {
    let having =
        |role: &ParticipationRole| -> Condition { Box::new(participations::roles.like(format!("%\"{role}\"%"))) };
    roles.0.iter().map(having).reduce(|any, next| Box::new(any.or(next)))
}

/// The conferences of the living rows that the caller may see, for a query of conferences that they may see.
type OfConferences<'a> = participations::BoxedQuery<'a, MultiBackend, BigInt>;

/// The conferences in which `person` took part in one of `roles`: both in one row.
#[must_use]
pub fn conferences_with<'a>(
    scope: Scope,
    person: Option<Id>,
    roles: Option<&List<ParticipationRole>>,
) -> OfConferences<'a> {
    let mut query = ParticipationRow::of_visible_parents(scope);
    if let Some(person) = person {
        query = query.filter(participations::person_id.eq(person));
    }
    if let Some(condition) = roles.and_then(in_any_role) {
        query = query.filter(condition);
    }
    query.select(participations::conference_id)
}

/// The conferences in which an organization took part.
#[must_use]
pub fn conferences_attended_by<'a>(scope: Scope, organization: Id) -> OfConferences<'a> {
    ParticipationRow::of_visible_parents(scope)
        .filter(participations::organization_id.eq(organization))
        .select(participations::conference_id)
}
