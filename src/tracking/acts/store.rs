//! How acts are found: a few queries for all documents that are asked about, however many bodies acted.

use std::collections::{BTreeMap, BTreeSet};

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

/// What was done about each of these documents by the end of a day, in no order.
///
/// # Errors
/// As the database has them.
pub fn load(
    conn: &mut Conn,
    scope: Scope,
    documents: &[Id],
    day: Date,
    register: &Register,
) -> Result<BTreeMap<Id, Vec<Act>>> {
    let wanted = Wanted { documents, day, register };
    let tasks = given_tasks(conn, scope, documents)?;
    let mut found = at_conferences(conn, scope, wanted)?;
    found.extend(by_plans(conn, scope, wanted)?);
    found.extend(by_tasks(&tasks, wanted));
    found.extend(by_evidence(conn, scope, wanted, &tasks)?);
    let mut acts: BTreeMap<Id, Vec<Act>> = BTreeMap::new();
    for (document, act) in found {
        acts.entry(document).or_default().push(act);
    }
    Ok(acts)
}

/// Which acts are wanted: those about these documents by the end of a day, of these bodies.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    documents: &'a [Id],
    day: Date,
    register: &'a Register,
}

/// An act, and the document that it is about.
type ActAbout = (Id, Act);

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

fn at_conferences(conn: &mut Conn, scope: Scope, wanted: Wanted<'_>) -> Result<Vec<ActAbout>> {
    let Wanted { documents, day, register } = wanted;
    let dealt = dealings(conn, scope, documents)?;
    let step = |dealt: Dealt| Some((dealt, step_of(dealt.activity, dealt.role)?));
    let steps: Vec<(Dealt, Milestone)> = dealt.into_iter().filter_map(step).collect();
    let ids: BTreeSet<Id> = steps.iter().map(|(dealt, _)| dealt.conference).collect();
    let held = held(conn, scope, &ids.into_iter().collect::<Vec<_>>(), day)?;
    let act = |(dealt, milestone): (Dealt, Milestone)| {
        let held = held.get(&dealt.conference)?;
        let whole = Date::whole(held.on, held.precision);
        let act = Act {
            milestone,
            by: holder(register, held.convening_body, held.admin_unit, whole),
            on: held.on,
            precision: held.precision,
            record: RecordRef { kind: "conference", id: dealt.conference },
        };
        Some((dealt.document, act))
    };
    Ok(steps.into_iter().filter_map(act).collect())
}

/// Plans and programs that were issued to carry out a document, each for the body that numbers it and those that adopted
/// it.
fn by_plans(conn: &mut Conn, scope: Scope, wanted: Wanted<'_>) -> Result<Vec<ActAbout>> {
    let Wanted { documents, day, register } = wanted;
    let links = links_to(conn, scope, documents, CARRYING_OUT)?;
    let ids: Vec<Id> = links.iter().map(|link| link.from).collect();
    let plans = documents_of(conn, scope, &ids, day)?;
    let mut acts = Vec::new();
    for link in links {
        let Some(plan) = plans.get(&link.from) else { continue };
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
        acts.extend(known.map(|act| (link.to, act)));
        if acts.len() == before {
            acts.push((link.to, act(None)));
        }
    }
    Ok(acts)
}

fn known_body(register: &Register, id: Option<Id>) -> Option<Subject> {
    id.and_then(|id| register.body(id)).map(|body| Subject::Body(body.id))
}

/// A task that a document gave rise to.
struct GivenTask {
    id: Id,
    document: Id,
    issued_by: Option<Id>,
    on: Option<Date>,
}

type TaskColumns = (Id, Option<Id>, Option<Id>, Option<Date>);

/// The tasks that these documents gave rise to.
fn given_tasks(conn: &mut Conn, scope: Scope, documents: &[Id]) -> Result<Vec<GivenTask>> {
    let columns = (tasks::id, tasks::origin_document_id, tasks::issued_by_id, tasks::issued_on);
    let query = TaskRow::visible(scope).filter(in_ids(tasks::origin_document_id, documents));
    let rows: Vec<TaskColumns> = query.select(columns).load(conn)?;
    let task = |(id, document, issued_by, on): TaskColumns| Some(GivenTask { id, document: document?, issued_by, on });
    Ok(rows.into_iter().filter_map(task).collect())
}

/// The tasks that had been given by the end of a day, by those who gave them.
fn by_tasks(tasks: &[GivenTask], Wanted { day, register, .. }: Wanted<'_>) -> Vec<ActAbout> {
    let given = tasks.iter().filter(|task| task.on.is_none_or(|on| on <= day));
    let act = |task: &GivenTask| Act {
        milestone: Milestone::TasksAssigned,
        by: known_body(register, task.issued_by),
        on: task.on,
        precision: None,
        record: RecordRef { kind: "task", id: task.id },
    };
    given.map(|task| (task.document, act(task))).collect()
}

type EvidenceColumns = (Id, Id, Option<Id>, Date);

/// Evidence of such tasks that had been accepted by the end of the day, by those who submitted it, on the day on which they
/// did: a report is in time if it is sent in time, whenever somebody gets to accept it.
fn by_evidence(conn: &mut Conn, scope: Scope, wanted: Wanted<'_>, given: &[GivenTask]) -> Result<Vec<ActAbout>> {
    let Wanted { documents, day, register } = wanted;
    let about: BTreeMap<Id, Id> = given.iter().map(|task| (task.id, task.document)).collect();
    let of_documents = TaskRow::visible(scope).filter(in_ids(tasks::origin_document_id, documents)).select(tasks::id);
    let query = EvidenceDocumentRow::visible(scope)
        .filter(in_selected(evidence_documents::task_id, of_documents))
        .filter(evidence_documents::status.eq(EvidenceStatus::Accepted))
        .filter(evidence_documents::decided_on.is_null().or(evidence_documents::decided_on.le(day)))
        .filter(evidence_documents::submitted_on.le(day));
    let columns = (
        evidence_documents::id,
        evidence_documents::task_id,
        evidence_documents::submitted_by_id,
        evidence_documents::submitted_on,
    );
    let rows: Vec<EvidenceColumns> = query.select(columns).load(conn)?;
    let act = |(id, task, submitted_by, on): EvidenceColumns| {
        let act = Act {
            milestone: Milestone::Reported,
            by: known_body(register, submitted_by),
            on: Some(on),
            precision: None,
            record: RecordRef { kind: "evidence_document", id },
        };
        Some((*about.get(&task)?, act))
    };
    Ok(rows.into_iter().filter_map(act).collect())
}
