//! How expectations are kept.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Expectation, ExpectationFilter, Expectations};
use crate::conferences::conference;
use crate::db::dialect::{in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{conferences, documents, expectations};
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document;
use crate::documents::document::store::DocumentRow;
use crate::domain::page::date_key;
use crate::domain::text::heading;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, Id, Line, LinkForm, Linker, Meta, Prose, Result};
use crate::organizations::vocabulary::OrganizationKind;
use crate::tasks::vocabulary::Milestone;

record_table! {
    /// A row of `expectations`.
    pub struct ExpectationRow in expectations {
        title: (milestone, content) => |[milestone, content, _]| content.map(|content| heading(&content).into()).or(milestone);
        sorts: [due_on_key];
        columns: {
            milestone: Milestone,
            document_id: Option<Id>,
            organization_id: Option<Id>,
            class_kind: Option<OrganizationKind>,
            class_level: Option<Level>,
            class_admin_unit_id: Option<Id>,
            expected_text: Option<Line>,
            content: Option<Prose>,
            origin_conference_id: Option<Id>,
            origin_document_id: Option<Id>,
            due_on: Option<Date>,
            deadline_text: Option<Line>,
            note: Option<Prose>,
            due_on_key: chrono::NaiveDate,
        }
    }
}

impl Store for Expectations {
    type Row = ExpectationRow;

    fn row(meta: &Meta, body: &Expectation<Id>) -> Result<ExpectationRow> {
        let body = body.clone();
        Ok(row_of!(ExpectationRow, meta, {
            due_on_key: date_key(body.due_on),
            milestone: body.milestone,
            document_id: body.document,
            organization_id: body.organization,
            class_kind: body.class_kind,
            class_level: body.class_level,
            class_admin_unit_id: body.class_admin_unit,
            expected_text: body.expected_text,
            content: body.content,
            origin_conference_id: body.origin_conference,
            origin_document_id: body.origin_document,
            due_on: body.due_on,
            deadline_text: body.deadline_text,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: ExpectationRow, links: &mut impl Linker<L>) -> Result<Expectation<L>> {
        Ok(Expectation {
            milestone: row.milestone,
            document: row.document_id.map(|id| links.to("document", id)),
            organization: row.organization_id.map(|id| links.to("organization", id)),
            class_kind: row.class_kind,
            class_level: row.class_level,
            class_admin_unit: row.class_admin_unit_id.map(|id| links.to("class_admin_unit", id)),
            expected_text: row.expected_text,
            content: row.content,
            origin_conference: row.origin_conference_id.map(|id| links.to("origin_conference", id)),
            origin_document: row.origin_document_id.map(|id| links.to("origin_document", id)),
            due_on: row.due_on,
            deadline_text: row.deadline_text,
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a ExpectationFilter,
        scope: Scope,
    ) -> Result<<ExpectationRow as Table>::Query<'a>> {
        let mut query = ExpectationRow::all();
        if let Some(choice) = &filter.document {
            let document = document::store::chosen(conn, scope, "document", choice)?;
            query = query.filter(expectations::document_id.eq(document));
        }
        if let Some(milestones) = &filter.milestone {
            query = query.filter(in_texts(expectations::milestone, &milestones.0));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(expectations::organization_id.eq(organization.0));
        }
        if let Some(kinds) = &filter.class_kind {
            query = query.filter(in_texts(expectations::class_kind, &kinds.0));
        }
        if let Some(conference) = filter.origin_conference {
            query = query.filter(expectations::origin_conference_id.eq(conference.0));
        }
        if let Some(choice) = &filter.origin_document {
            let document = document::store::chosen(conn, scope, "origin_document", choice)?;
            query = query.filter(expectations::origin_document_id.eq(document));
        }
        if let Some(day) = filter.due_from {
            query = query.filter(expectations::due_on_key.ge(day.day()));
        }
        if let Some(day) = filter.due_to {
            query = query.filter(expectations::due_on_key.le(day.day())).filter(expectations::due_on.is_not_null());
        }
        if let Some(day) = filter.as_of {
            let held = in_selected(expectations::origin_conference_id, conference::store::held_by(scope, day));
            let issued = document::store::begun_by(DocumentRow::visible(scope), day).select(documents::id);
            let issued = in_selected(expectations::origin_document_id, issued);
            query = query
                .filter(expectations::origin_conference_id.is_null().or(held))
                .filter(expectations::origin_document_id.is_null().or(issued));
        }
        Ok(query)
    }
}

/// Those of these expectations that had been said by the end of a day, as far as who said them is known. The same as
/// `as_of` in lists, where a few rows are at hand: only their own origins are looked up.
///
/// # Errors
/// As the database has them.
pub fn said_by(conn: &mut Conn, mut rows: Vec<ExpectationRow>, day: Date) -> Result<Vec<ExpectationRow>> {
    let origins: Vec<Id> = rows.iter().filter_map(|row| row.origin_conference_id).collect();
    let held = conference::store::held_by(Scope::All, day).filter(in_ids(conferences::id, &origins));
    let held: BTreeSet<Id> = held.load(conn)?.into_iter().collect();
    let origins: Vec<Id> = rows.iter().filter_map(|row| row.origin_document_id).collect();
    let among = DocumentRow::visible(Scope::All).filter(in_ids(documents::id, &origins));
    let issued = document::store::begun_by(among, day).select(documents::id);
    let issued: BTreeSet<Id> = issued.load(conn)?.into_iter().collect();
    rows.retain(|row| {
        row.origin_conference_id.is_none_or(|id| held.contains(&id))
            && row.origin_document_id.is_none_or(|id| issued.contains(&id))
    });
    Ok(rows)
}
