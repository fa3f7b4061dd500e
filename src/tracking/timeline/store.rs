//! What happened to the tasks of a document, and by when something was expected: from the earliest, as many as are wanted.

use diesel::prelude::*;

use super::span::Span;
use super::{Detail, Happening};
use crate::db::dialect::in_selected;
use crate::db::schema::{evidence_documents, expectations, tasks};
use crate::db::{Conn, MultiBackend, Scope};
use crate::domain::{Date, Id, Result};
use crate::tasks::evidence_document::store::EvidenceDocumentRow;
use crate::tasks::expectation::store::{ExpectationRow, said_by};
use crate::tasks::task::store::TaskRow;
use crate::tasks::vocabulary::EvidenceStatus;
use crate::tracking::RecordRef;
use crate::tracking::vocabulary::TimelineEvent;

type Dated = (Id, Option<Id>, Option<Date>);

/// One row as something that happened; nothing if it has no day.
fn happening(kind: &'static str, event: TimelineEvent, (id, by, on): Dated) -> Option<Happening> {
    on.map(|on| Happening { on, precision: None, event, record: RecordRef { kind, id }, by, detail: Detail::None })
}

/// The tasks that a document gave rise to, on the days on which they were given.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn tasks_given(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let mut query = TaskRow::visible(scope)
        .filter(tasks::origin_document_id.eq(document))
        .filter(tasks::issued_on.is_not_null())
        .filter(tasks::issued_on_key.le(span.to.day()));
    if let Some(from) = span.from {
        query = query.filter(tasks::issued_on_key.ge(from.day()));
    }
    let query = query.order((tasks::issued_on_key.asc(), tasks::id.asc())).limit(span.most);
    let rows: Vec<Dated> = query.select((tasks::id, tasks::issued_by_id, tasks::issued_on)).load(conn)?;
    Ok(rows.into_iter().filter_map(|row| happening("task", TimelineEvent::Task, row)).collect())
}

type EvidenceQuery<'a> = evidence_documents::BoxedQuery<'a, MultiBackend>;

/// The evidence of such tasks.
fn evidence<'a>(scope: Scope, document: Id) -> EvidenceQuery<'a> {
    let of_document = TaskRow::visible(scope).filter(tasks::origin_document_id.eq(document)).select(tasks::id);
    EvidenceDocumentRow::visible(scope).filter(in_selected(evidence_documents::task_id, of_document))
}

/// The evidence of such tasks, on the days on which it was submitted.
pub fn evidence_submitted(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let mut query = evidence(scope, document).filter(evidence_documents::submitted_on.le(span.to));
    if let Some(from) = span.from {
        query = query.filter(evidence_documents::submitted_on.ge(from));
    }
    let query = query.order((evidence_documents::submitted_on.asc(), evidence_documents::id.asc())).limit(span.most);
    let columns =
        (evidence_documents::id, evidence_documents::submitted_by_id, evidence_documents::submitted_on.nullable());
    let rows: Vec<Dated> = query.select(columns).load(conn)?;
    let event = TimelineEvent::EvidenceSubmitted;
    Ok(rows.into_iter().filter_map(|row| happening("evidence_document", event, row)).collect())
}

/// The evidence of such tasks, on the days on which it was accepted or returned.
pub fn evidence_decided(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let mut query = evidence(scope, document)
        .filter(evidence_documents::status.ne(EvidenceStatus::Submitted))
        .filter(evidence_documents::decided_on.le(span.to));
    if let Some(from) = span.from {
        query = query.filter(evidence_documents::decided_on.ge(from));
    }
    let query = query.order((evidence_documents::decided_on.asc(), evidence_documents::id.asc())).limit(span.most);
    let columns = (
        evidence_documents::id,
        evidence_documents::decided_by_id,
        evidence_documents::decided_on,
        evidence_documents::status,
    );
    let rows: Vec<(Id, Option<Id>, Option<Date>, EvidenceStatus)> = query.select(columns).load(conn)?;
    let decided = rows.into_iter().filter_map(|(id, by, on, status)| {
        let accepted = status == EvidenceStatus::Accepted;
        let event = if accepted { TimelineEvent::EvidenceAccepted } else { TimelineEvent::EvidenceReturned };
        happening("evidence_document", event, (id, by, on))
    });
    Ok(decided.collect())
}

/// The days by which something is expected about a document, as far as it had been said by the last day of the span.
pub fn dues(conn: &mut Conn, scope: Scope, document: Id, span: &Span) -> Result<Vec<Happening>> {
    let query = ExpectationRow::visible(scope)
        .filter(expectations::document_id.eq(document))
        .filter(expectations::due_on.le(span.to));
    let rows: Vec<ExpectationRow> = query.order(expectations::id.asc()).load(conn)?;
    let due = said_by(conn, rows, span.to)?.into_iter().filter_map(|row| {
        let happening = happening("expectation", TimelineEvent::Due, (row.id, row.organization_id, row.due_on))?;
        Some(Happening { detail: Detail::Step(row.milestone), ..happening })
    });
    Ok(due.collect())
}
