//! How evidence documents are kept.

use diesel::prelude::*;

use super::{EvidenceDocument, EvidenceDocumentFilter, EvidenceDocuments};
use crate::changes;
use crate::db::dialect::in_texts;
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::evidence_documents;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::{Date, Error, Id, Line, LinkForm, Linker, Meta, Prose, Resource, Result, Stamp, Title};
use crate::tasks::vocabulary::EvidenceStatus;

record_table! {
    /// A row of `evidence_documents`.
    pub struct EvidenceDocumentRow in evidence_documents {
        parent: task_id in "tasks";
        title: (symbol, title) => |[symbol, title, _]| symbol.or(title);
        sorts: [];
        columns: {
            document_id: Option<Id>,
            symbol: Option<Line>,
            title: Option<Title>,
            issued_on: Option<Date>,
            recipient_id: Option<Id>,
            recipient_text: Option<Line>,
            submitted_by_id: Option<Id>,
            submitted_by_person_id: Option<Id>,
            submitted_on: Date,
            web_url: Option<Line<2000>>,
            status: EvidenceStatus,
            decided_by_id: Option<Id>,
            decided_by_person_id: Option<Id>,
            decided_on: Option<Date>,
            decision_text: Option<Prose<2000>>,
            note: Option<Prose>,
        }
    }
}

impl Store for EvidenceDocuments {
    type Row = EvidenceDocumentRow;

    fn row(meta: &Meta, body: &EvidenceDocument<Id>) -> Result<EvidenceDocumentRow> {
        let body = body.clone();
        Ok(row_of!(EvidenceDocumentRow, meta, {
            task_id: meta.parent_id()?,
            document_id: body.document,
            symbol: body.symbol,
            title: body.title,
            issued_on: body.issued_on,
            recipient_id: body.recipient,
            recipient_text: body.recipient_text,
            submitted_by_id: body.submitted_by,
            submitted_by_person_id: body.submitted_by_person,
            submitted_on: body.submitted_on,
            web_url: body.web_url,
            status: body.status,
            decided_by_id: body.decided_by,
            decided_by_person_id: body.decided_by_person,
            decided_on: body.decided_on,
            decision_text: body.decision_text,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: EvidenceDocumentRow, links: &mut impl Linker<L>) -> Result<EvidenceDocument<L>> {
        Ok(EvidenceDocument {
            document: row.document_id.map(|id| links.to("document", id)),
            symbol: row.symbol,
            title: row.title,
            issued_on: row.issued_on,
            recipient: row.recipient_id.map(|id| links.to("recipient", id)),
            recipient_text: row.recipient_text,
            submitted_on: row.submitted_on,
            submitted_by: row.submitted_by_id.map(|id| links.to("submitted_by", id)),
            submitted_by_person: row.submitted_by_person_id.map(|id| links.to("submitted_by_person", id)),
            web_url: row.web_url,
            note: row.note,
            status: row.status,
            decided_by: row.decided_by_id.map(|id| links.to("decided_by", id)),
            decided_by_person: row.decided_by_person_id.map(|id| links.to("decided_by_person", id)),
            decided_on: row.decided_on,
            decision_text: row.decision_text,
        })
    }

    fn narrow<'a>(
        _: &mut Conn,
        filter: &'a EvidenceDocumentFilter,
        _: Scope,
    ) -> Result<<EvidenceDocumentRow as Table>::Query<'a>> {
        let mut query = EvidenceDocumentRow::all();
        if let Some(task) = filter.task {
            query = query.filter(evidence_documents::task_id.eq(task.0));
        }
        if let Some(document) = filter.document {
            query = query.filter(evidence_documents::document_id.eq(document.0));
        }
        if let Some(statuses) = &filter.status {
            query = query.filter(in_texts(evidence_documents::status, &statuses.0));
        }
        if let Some(body) = filter.recipient {
            query = query.filter(evidence_documents::recipient_id.eq(body.0));
        }
        if let Some(body) = filter.submitted_by {
            query = query.filter(evidence_documents::submitted_by_id.eq(body.0));
        }
        if let Some(person) = filter.submitted_by_person {
            query = query.filter(evidence_documents::submitted_by_person_id.eq(person.0));
        }
        if let Some(body) = filter.decided_by {
            query = query.filter(evidence_documents::decided_by_id.eq(body.0));
        }
        if let Some(person) = filter.decided_by_person {
            query = query.filter(evidence_documents::decided_by_person_id.eq(person.0));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(evidence_documents::submitted_on.le(day));
        }
        Ok(query)
    }

    /// Whoever entered a piece of evidence does not accept it either.
    fn prepare(
        conn: &mut Conn,
        stamp: &Stamp,
        meta: &Meta,
        old: Option<&EvidenceDocument<Id>>,
        body: &mut EvidenceDocument<Id>,
    ) -> Result<Vec<Warning>> {
        let accepts = old.is_some_and(|old| old.status != body.status) && body.status == EvidenceStatus::Accepted;
        if accepts && changes::store::creator(conn, Self::TYPE, meta.id)? == stamp.actor.subject {
            let detail = "Nobody accepts their own evidence: this was entered with the same subject.";
            return Err(Error::Conflict(Refusal::new("own_evidence", detail)));
        }
        Ok(Vec::new())
    }
}

/// Whether some evidence of a task was accepted.
///
/// # Errors
/// As the database has them.
pub fn has_accepted(conn: &mut Conn, task: Id) -> Result<bool> {
    let accepted = EvidenceDocumentRow::visible(Scope::All)
        .filter(evidence_documents::task_id.eq(task))
        .filter(evidence_documents::status.eq(EvidenceStatus::Accepted))
        .select(evidence_documents::id)
        .first::<Id>(conn)
        .optional()?;
    Ok(accepted.is_some())
}
