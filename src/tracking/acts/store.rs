//! How acts are found: a few queries for one document, however many bodies acted.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Act, CARRYING_OUT, holder, is_plan, step_of};
use crate::conferences::conference::store::ConferenceRow;
use crate::conferences::conference_document::store::ConferenceDocumentRow;
use crate::conferences::vocabulary::{CitationRole, DocumentActivity};
use crate::db::dialect::{in_ids, in_selected};
use crate::db::schema::{conference_documents, conferences, evidence_documents, tasks};
use crate::db::{Conn, Scope};
use crate::documents::vocabulary::DocumentStatus;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Result};
use crate::tasks::evidence_document::store::EvidenceDocumentRow;
use crate::tasks::task::store::TaskRow;
use crate::tasks::vocabulary::{EvidenceStatus, Milestone};
use crate::tracking::RecordRef;
use crate::tracking::force::store::{documents_of, links_to};
use crate::tracking::register::{Register, Subject};

/// What was done about a document by the end of a day, in no order.
///
/// # Errors
/// As the database has them.
pub fn load(conn: &mut Conn, scope: Scope, document: Id, day: Date, register: &Register) -> Result<Vec<Act>> {
    let mut acts = at_conferences(conn, scope, document, day, register)?;
    acts.extend(by_plans(conn, scope, document, day, register)?);
    acts.extend(by_tasks(conn, scope, document, day, register)?);
    acts.extend(by_evidence(conn, scope, document, day, register)?);
    Ok(acts)
}

/// What a conference did about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dealt {
    /// The conference.
    pub conference: Id,
    /// The document.
    pub document: Id,
    /// What it did.
    pub activity: Option<DocumentActivity>,
    /// The part that the document played.
    pub role: Option<CitationRole>,
}

type DealtColumns = (Id, Option<Id>, Option<DocumentActivity>, Option<CitationRole>);

/// What conferences did about these documents, in the order of the records.
///
/// # Errors
/// As the database has them.
pub fn dealings(conn: &mut Conn, scope: Scope, documents: &[Id]) -> Result<Vec<Dealt>> {
    let columns = (
        conference_documents::conference_id,
        conference_documents::document_id,
        conference_documents::activity,
        conference_documents::citation_role,
    );
    let query = ConferenceDocumentRow::visible(scope).filter(in_ids(conference_documents::document_id, documents));
    let rows: Vec<DealtColumns> = query.order(conference_documents::id.asc()).select(columns).load(conn)?;
    let dealt = |(conference, document, activity, role): DealtColumns| {
        document.map(|document| Dealt { conference, document, activity, role })
    };
    Ok(rows.into_iter().filter_map(dealt).collect())
}

/// A conference, as far as answers need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub id: Id,
    /// The day on which it began.
    pub on: Option<Date>,
    /// How much of the day is known.
    pub precision: Option<DatePrecision>,
    /// The body that convened it.
    pub convening_body: Option<Id>,
    /// The unit whose conference it was.
    pub admin_unit: Option<Id>,
}

type HeldColumns = (Id, Option<Date>, Option<DatePrecision>, Option<Id>, Option<Id>);

/// Those of these conferences that had begun by the end of a day, or whose day is not known.
///
/// # Errors
/// As the database has them.
pub fn held(conn: &mut Conn, scope: Scope, ids: &[Id], day: Date) -> Result<BTreeMap<Id, Held>> {
    let columns = (
        conferences::id,
        conferences::held_from,
        conferences::date_precision,
        conferences::convening_body_id,
        conferences::admin_unit_id,
    );
    let begun = conferences::held_from.is_null().or(conferences::held_from.le(day));
    let query = ConferenceRow::visible(scope).filter(in_ids(conferences::id, ids)).filter(begun);
    let rows: Vec<HeldColumns> = query.select(columns).load(conn)?;
    let held = |(id, on, precision, convening_body, admin_unit): HeldColumns| {
        (id, Held { id, on, precision, convening_body, admin_unit })
    };
    Ok(rows.into_iter().map(held).collect())
}

fn at_conferences(conn: &mut Conn, scope: Scope, document: Id, day: Date, register: &Register) -> Result<Vec<Act>> {
    let dealt = dealings(conn, scope, &[document])?;
    let steps: Vec<(Id, Milestone)> =
        dealt.into_iter().filter_map(|dealt| Some((dealt.conference, step_of(dealt.activity, dealt.role)?))).collect();
    let ids: Vec<Id> = steps.iter().map(|(conference, _)| *conference).collect();
    let held = held(conn, scope, &ids, day)?;
    let act = |(conference, milestone): (Id, Milestone)| {
        let held = held.get(&conference)?;
        let whole = Date::whole(held.on, held.precision);
        Some(Act {
            milestone,
            by: holder(register, held.convening_body, held.admin_unit, whole),
            on: held.on,
            precision: held.precision,
            record: RecordRef { kind: "conference", id: conference },
        })
    };
    Ok(steps.into_iter().filter_map(act).collect())
}

/// Plans and programs that were issued to carry out the document, each for the body that numbers it and those that
/// adopted it.
fn by_plans(conn: &mut Conn, scope: Scope, document: Id, day: Date, register: &Register) -> Result<Vec<Act>> {
    let links = links_to(conn, scope, &[document], CARRYING_OUT)?;
    let ids: Vec<Id> = links.iter().map(|link| link.from).collect();
    let documents = documents_of(conn, scope, &ids, day)?;
    let mut acts = Vec::new();
    for link in links {
        let Some(plan) = documents.get(&link.from) else { continue };
        let issued = plan.is_there(day) && plan.status != DocumentStatus::Draft;
        if !issued || !is_plan(plan.kind, link.kind, &plan.title_folded) {
            continue;
        }
        let act = |by: Option<Subject>| Act {
            milestone: Milestone::PlanIssued,
            by,
            on: plan.issued_on,
            precision: plan.precision,
            record: RecordRef { kind: "document", id: plan.id },
        };
        let known = plan.issuers().filter(|id| register.body(*id).is_some()).map(|id| act(Some(Subject::Body(id))));
        let before = acts.len();
        acts.extend(known);
        if acts.len() == before {
            acts.push(act(None));
        }
    }
    Ok(acts)
}

fn known_body(register: &Register, id: Option<Id>) -> Option<Subject> {
    id.and_then(|id| register.body(id)).map(|body| Subject::Body(body.id))
}

type TaskColumns = (Id, Option<Id>, Option<Date>);

/// Tasks that the document gave rise to, by those who gave them.
fn by_tasks(conn: &mut Conn, scope: Scope, document: Id, day: Date, register: &Register) -> Result<Vec<Act>> {
    let given = tasks::issued_on.is_null().or(tasks::issued_on.le(day));
    let query = TaskRow::visible(scope).filter(tasks::origin_document_id.eq(document)).filter(given);
    let rows: Vec<TaskColumns> = query.select((tasks::id, tasks::issued_by_id, tasks::issued_on)).load(conn)?;
    let act = |(id, issued_by, on): TaskColumns| Act {
        milestone: Milestone::TasksAssigned,
        by: known_body(register, issued_by),
        on,
        precision: None,
        record: RecordRef { kind: "task", id },
    };
    Ok(rows.into_iter().map(act).collect())
}

type EvidenceColumns = (Id, Option<Id>, Date);

/// Evidence of such tasks that had been accepted by the end of the day, by those who submitted it, on the day on which they
/// did: a report is in time if it is sent in time, whenever somebody gets to accept it.
fn by_evidence(conn: &mut Conn, scope: Scope, document: Id, day: Date, register: &Register) -> Result<Vec<Act>> {
    let of_document = TaskRow::visible(scope).filter(tasks::origin_document_id.eq(document)).select(tasks::id);
    let query = EvidenceDocumentRow::visible(scope)
        .filter(in_selected(evidence_documents::task_id, of_document))
        .filter(evidence_documents::status.eq(EvidenceStatus::Accepted))
        .filter(evidence_documents::decided_on.is_null().or(evidence_documents::decided_on.le(day)))
        .filter(evidence_documents::submitted_on.le(day));
    let columns = (evidence_documents::id, evidence_documents::submitted_by_id, evidence_documents::submitted_on);
    let rows: Vec<EvidenceColumns> = query.select(columns).load(conn)?;
    let act = |(id, submitted_by, on): EvidenceColumns| Act {
        milestone: Milestone::Reported,
        by: known_body(register, submitted_by),
        on: Some(on),
        precision: None,
        record: RecordRef { kind: "evidence_document", id },
    };
    Ok(rows.into_iter().map(act).collect())
}
