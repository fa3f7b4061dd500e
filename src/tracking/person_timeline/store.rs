//! What a person did, and which posts they held: of each sort the earliest, as many as are wanted.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::posts::Post;
use super::{Deed, Part};
use crate::conferences::conference::store::ConferenceRow;
use crate::conferences::conference_document::store::ConferenceDocumentRow;
use crate::conferences::participation::store::ParticipationRow;
use crate::conferences::vocabulary::ParticipationRole;
use crate::db::dialect::{in_ids, in_selected};
use crate::db::schema::{
    assignments, awards, committee_members, conference_documents, conferences, documents, organizations,
    participations, positions, tasks,
};
use crate::db::types::read_list;
use crate::db::{Conn, MultiBackend, Scope};
use crate::documents::document::store::DocumentRow;
use crate::documents::vocabulary::DocumentStatus;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Line, Result};
use crate::organizations::committee_member::store::CommitteeMemberRow;
use crate::organizations::organization::store::OrganizationRow;
use crate::people::position::store::PositionRow;
use crate::results::award::store::AwardRow;
use crate::tasks::assignment::store::AssignmentRow;
use crate::tasks::task::store::TaskRow;
use crate::tracking::RecordRef;
use crate::tracking::timeline::span::Span;
use crate::tracking::vocabulary::PersonEvent;

/// The posts of a person, whenever they were held.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn posts(conn: &mut Conn, scope: Scope, person: Id) -> Result<Vec<Post>> {
    let query = PositionRow::visible(scope).filter(positions::person_id.eq(person));
    let rows: Vec<PositionRow> = query.order(positions::id.asc()).load(conn)?;
    let bodies: Vec<Id> = rows.iter().filter_map(|row| row.organization_id).collect();
    let query = OrganizationRow::visible(scope).filter(in_ids(organizations::id, &bodies));
    let ends: Vec<(Id, Option<Date>)> = query.select((organizations::id, organizations::valid_to)).load(conn)?;
    let ends: BTreeMap<Id, Option<Date>> = ends.into_iter().collect();
    let post = |row: PositionRow| Post {
        id: row.id,
        title: row.title.to_string(),
        organization: row.organization_id,
        from: row.valid_from.map(|from| (from, row.valid_from_precision)),
        to: row.valid_to.map(|to| (to, row.valid_to_precision)),
        stated_on: row.stated_on,
        body_to: row.organization_id.and_then(|body| ends.get(&body).copied().flatten()),
    };
    Ok(rows.into_iter().map(post).collect())
}

type MemberColumns = (Id, Id, Option<Date>, Option<Date>);

/// When a person joined committees and left them.
pub fn committees(conn: &mut Conn, scope: Scope, person: Id) -> Result<Vec<Deed>> {
    let columns = (
        committee_members::id,
        committee_members::organization_id,
        committee_members::valid_from,
        committee_members::valid_to,
    );
    let query = CommitteeMemberRow::visible(scope).filter(committee_members::person_id.eq(person));
    let rows: Vec<MemberColumns> = query.order(committee_members::id.asc()).select(columns).load(conn)?;
    let deeds = rows.into_iter().flat_map(|(id, committee, from, to)| {
        let record = RecordRef { kind: "committee_member", id };
        let deed =
            |event, on: Option<Date>| Some(Deed { organization: Some(committee), ..Deed::new(event, on?, record) });
        [deed(PersonEvent::JoinedCommittee, from), deed(PersonEvent::LeftCommittee, to)].into_iter().flatten()
    });
    Ok(deeds.collect())
}

/// A conference with a day.
struct Held {
    on: Date,
    precision: Option<DatePrecision>,
    convening_body: Option<Id>,
}

type HeldColumns = (Id, Option<Date>, Option<DatePrecision>, Option<Id>);
type Conferences<'a> = conferences::BoxedQuery<'a, MultiBackend>;

/// Those of these conferences that were held in a span of days, the earliest.
fn held(conn: &mut Conn, mut query: Conferences<'_>, span: &Span) -> Result<BTreeMap<Id, Held>> {
    query = query.filter(conferences::held_from.is_not_null()).filter(conferences::held_from_key.le(span.to.day()));
    if let Some(from) = span.from {
        query = query.filter(conferences::held_from_key.ge(from.day()));
    }
    let columns =
        (conferences::id, conferences::held_from, conferences::date_precision, conferences::convening_body_id);
    let query = query.order((conferences::held_from_key.asc(), conferences::id.asc())).limit(span.most);
    let rows: Vec<HeldColumns> = query.select(columns).load(conn)?;
    let held =
        |(id, on, precision, convening_body): HeldColumns| Some((id, Held { on: on?, precision, convening_body }));
    Ok(rows.into_iter().filter_map(held).collect())
}

/// The deed of a person at a conference.
fn at(conference: Id, held: &Held, event: PersonEvent) -> Deed {
    let record = RecordRef { kind: "conference", id: conference };
    Deed { precision: held.precision, organization: held.convening_body, ..Deed::new(event, held.on, record) }
}

type PartColumns = (Id, Id, String, String);

/// The conferences in which a person took part, in which roles, and as what.
pub fn took_part(conn: &mut Conn, scope: Scope, person: Id, span: &Span) -> Result<Vec<Deed>> {
    let own = || ParticipationRow::visible(scope).filter(participations::person_id.eq(person));
    let of_person = in_selected(conferences::id, own().select(participations::conference_id));
    let held = held(conn, ConferenceRow::visible(scope).filter(of_person), span)?;
    let ids: Vec<Id> = held.keys().copied().collect();
    let columns =
        (participations::id, participations::conference_id, participations::roles, participations::positions_as_stated);
    let rows: Vec<PartColumns> =
        own().filter(in_ids(participations::conference_id, &ids)).select(columns).load(conn)?;
    let mut deeds = Vec::new();
    for (id, conference, roles, stated) in rows {
        let Some(held) = held.get(&conference) else { continue };
        let roles: Vec<ParticipationRole> = read_list(&roles, "participations", "roles", id)?;
        let stated: Vec<Line> = read_list(&stated, "participations", "positions_as_stated", id)?;
        let part = Part { record: RecordRef { kind: "participation", id }, roles, stated };
        deeds.push(Deed { part: Some(part), ..at(conference, held, PersonEvent::Conference) });
    }
    Ok(deeds)
}

type PresentedColumns = (Id, Id, Option<Id>);

/// What a person presented at conferences.
pub fn presented(conn: &mut Conn, scope: Scope, person: Id, span: &Span) -> Result<Vec<Deed>> {
    let own = || ConferenceDocumentRow::visible(scope).filter(conference_documents::presenter_id.eq(person));
    let of_person = in_selected(conferences::id, own().select(conference_documents::conference_id));
    let held = held(conn, ConferenceRow::visible(scope).filter(of_person), span)?;
    let ids: Vec<Id> = held.keys().copied().collect();
    let columns = (conference_documents::id, conference_documents::conference_id, conference_documents::document_id);
    let rows: Vec<PresentedColumns> =
        own().filter(in_ids(conference_documents::conference_id, &ids)).select(columns).load(conn)?;
    let deed = |(id, conference, document): PresentedColumns| {
        let record = RecordRef { kind: "conference_document", id };
        let part = Part { record, roles: Vec::new(), stated: Vec::new() };
        let at = at(conference, held.get(&conference)?, PersonEvent::Presented);
        Some(Deed { part: Some(part), document, ..at })
    };
    Ok(rows.into_iter().filter_map(deed).collect())
}

type SignedColumns = (Id, Option<Date>, Option<DatePrecision>, Option<Id>);

/// The documents that a person signed, on their dates.
pub fn signed(conn: &mut Conn, scope: Scope, person: Id, span: &Span) -> Result<Vec<Deed>> {
    let mut query = DocumentRow::visible(scope)
        .filter(documents::signer_id.eq(person))
        .filter(documents::status.ne(DocumentStatus::Draft))
        .filter(documents::issued_on.is_not_null())
        .filter(documents::issued_on_key.le(span.to.day()));
    if let Some(from) = span.from {
        query = query.filter(documents::issued_on_key.ge(from.day()));
    }
    let columns = (documents::id, documents::issued_on, documents::issued_on_precision, documents::numbering_body_id);
    let query = query.order((documents::issued_on_key.asc(), documents::id.asc())).limit(span.most);
    let rows: Vec<SignedColumns> = query.select(columns).load(conn)?;
    let deed = |(id, on, precision, organization): SignedColumns| {
        let record = RecordRef { kind: "document", id };
        Some(Deed { precision, organization, ..Deed::new(PersonEvent::Signed, on?, record) })
    };
    Ok(rows.into_iter().filter_map(deed).collect())
}

type TaskColumns = (Id, Option<Date>, Option<Id>, Option<Id>);
type TaskQuery<'a> = tasks::BoxedQuery<'a, MultiBackend>;

/// Those of these tasks that were given in a span of days, the earliest.
fn given(conn: &mut Conn, mut query: TaskQuery<'_>, span: &Span, event: PersonEvent) -> Result<Vec<Deed>> {
    query = query.filter(tasks::issued_on.is_not_null()).filter(tasks::issued_on_key.le(span.to.day()));
    if let Some(from) = span.from {
        query = query.filter(tasks::issued_on_key.ge(from.day()));
    }
    let columns = (tasks::id, tasks::issued_on, tasks::issued_by_id, tasks::origin_document_id);
    let query = query.order((tasks::issued_on_key.asc(), tasks::id.asc())).limit(span.most);
    let rows: Vec<TaskColumns> = query.select(columns).load(conn)?;
    let deed = |(id, on, organization, document): TaskColumns| {
        Some(Deed { organization, document, ..Deed::new(event, on?, RecordRef { kind: "task", id }) })
    };
    Ok(rows.into_iter().filter_map(deed).collect())
}

/// The tasks that a person gave, and those that were given to them.
pub fn tasks(conn: &mut Conn, scope: Scope, person: Id, span: &Span) -> Result<Vec<Deed>> {
    let by_person = TaskRow::visible(scope).filter(tasks::issued_by_person_id.eq(person));
    let mut deeds = given(conn, by_person, span, PersonEvent::TaskGiven)?;
    let own = AssignmentRow::visible(scope).filter(assignments::person_id.eq(person)).select(assignments::task_id);
    let to_person = TaskRow::visible(scope).filter(in_selected(tasks::id, own));
    deeds.extend(given(conn, to_person, span, PersonEvent::TaskAssigned)?);
    Ok(deeds)
}

type AwardColumns = (Id, Option<Date>, Option<Id>);
type AwardQuery<'a> = awards::BoxedQuery<'a, MultiBackend>;

fn awarded(conn: &mut Conn, mut query: AwardQuery<'_>, span: &Span, event: PersonEvent) -> Result<Vec<Deed>> {
    query = query.filter(awards::awarded_on.is_not_null()).filter(awards::awarded_on_key.le(span.to.day()));
    if let Some(from) = span.from {
        query = query.filter(awards::awarded_on_key.ge(from.day()));
    }
    let query = query.order((awards::awarded_on_key.asc(), awards::id.asc())).limit(span.most);
    let rows: Vec<AwardColumns> = query.select((awards::id, awards::awarded_on, awards::giver_id)).load(conn)?;
    let deed = |(id, on, organization): AwardColumns| {
        Some(Deed { organization, ..Deed::new(event, on?, RecordRef { kind: "award", id }) })
    };
    Ok(rows.into_iter().filter_map(deed).collect())
}

/// The awards that a person gave, and those that they handed over.
pub fn awards(conn: &mut Conn, scope: Scope, person: Id, span: &Span) -> Result<Vec<Deed>> {
    let given = AwardRow::visible(scope).filter(awards::giver_person_id.eq(person));
    let mut deeds = awarded(conn, given, span, PersonEvent::AwardGiven)?;
    let presented = AwardRow::visible(scope).filter(awards::presenter_id.eq(person));
    deeds.extend(awarded(conn, presented, span, PersonEvent::AwardPresented)?);
    Ok(deeds)
}
