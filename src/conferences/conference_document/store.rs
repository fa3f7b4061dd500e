//! How conference documents are kept.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{ConferenceDocument, ConferenceDocumentFilter, ConferenceDocuments};
use crate::conferences::conference;
use crate::conferences::vocabulary::{CitationRole, DocumentActivity};
use crate::db::dialect::{in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{conference_documents, conferences};
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::documents::document;
use crate::domain::{Date, Id, Line, LinkForm, Linker, List, Meta, Prose, Result, Title};
use crate::organizations::admin_unit;

record_table! {
    /// A row of `conference_documents`.
    pub struct ConferenceDocumentRow in conference_documents {
        parent: conference_id in "conferences";
        title: (title_as_cited, subject_text) => |[title, subject, _]| title.or(subject);
        sorts: [];
        columns: {
            document_id: Option<Id>,
            organization_id: Option<Id>,
            initiative_id: Option<Id>,
            subject_text: Option<Line>,
            activity: Option<DocumentActivity>,
            citation_role: Option<CitationRole>,
            review_years: Option<i32>,
            review_from: Option<Date>,
            review_to: Option<Date>,
            presenter_id: Option<Id>,
            title_as_cited: Option<Title>,
            symbol_as_cited: Option<Line>,
            note: Option<Prose>,
        }
    }
}

impl Store for ConferenceDocuments {
    type Row = ConferenceDocumentRow;

    fn row(meta: &Meta, body: &ConferenceDocument<Id>) -> Result<ConferenceDocumentRow> {
        let body = body.clone();
        Ok(row_of!(ConferenceDocumentRow, meta, {
            conference_id: meta.parent_id()?,
            document_id: body.document,
            organization_id: body.organization,
            initiative_id: body.initiative,
            subject_text: body.subject_text,
            activity: body.activity,
            citation_role: body.citation_role,
            review_years: body.review_years,
            review_from: body.review_from,
            review_to: body.review_to,
            presenter_id: body.presenter,
            title_as_cited: body.title_as_cited,
            symbol_as_cited: body.symbol_as_cited,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: ConferenceDocumentRow, links: &mut impl Linker<L>) -> Result<ConferenceDocument<L>> {
        Ok(ConferenceDocument {
            document: row.document_id.map(|id| links.to("document", id)),
            organization: row.organization_id.map(|id| links.to("organization", id)),
            initiative: row.initiative_id.map(|id| links.to("initiative", id)),
            subject_text: row.subject_text,
            activity: row.activity,
            citation_role: row.citation_role,
            review_years: row.review_years,
            review_from: row.review_from,
            review_to: row.review_to,
            presenter: row.presenter_id.map(|id| links.to("presenter", id)),
            title_as_cited: row.title_as_cited,
            symbol_as_cited: row.symbol_as_cited,
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a ConferenceDocumentFilter,
        scope: Scope,
    ) -> Result<<ConferenceDocumentRow as Table>::Query<'a>> {
        let mut query = ConferenceDocumentRow::all();
        if let Some(conference) = filter.conference {
            query = query.filter(conference_documents::conference_id.eq(conference.0));
        }
        if let Some(choice) = &filter.document {
            let document = document::store::chosen(conn, scope, "document", choice)?;
            query = query.filter(conference_documents::document_id.eq(document));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(conference_documents::organization_id.eq(organization.0));
        }
        if let Some(initiative) = filter.initiative {
            query = query.filter(conference_documents::initiative_id.eq(initiative.0));
        }
        if let Some(activities) = &filter.activity {
            query = query.filter(in_texts(conference_documents::activity, &activities.0));
        }
        if let Some(roles) = &filter.citation_role {
            query = query.filter(in_texts(conference_documents::citation_role, &roles.0));
        }
        if let Some(presenter) = filter.presenter {
            query = query.filter(conference_documents::presenter_id.eq(presenter.0));
        }
        if filter.admin_unit.is_some() || filter.held_from.is_some() || filter.held_to.is_some() {
            let held = conferences_held(conn, scope, filter)?;
            query = query.filter(in_selected(conference_documents::conference_id, held));
        }
        if let Some(day) = filter.as_of {
            query =
                query.filter(in_selected(conference_documents::conference_id, conference::store::held_by(scope, day)));
        }
        Ok(query)
    }
}

/// The conferences that `filter` asks for by their unit and their day. Whether the caller may see them needs no check:
/// a row whose conference is hidden is hidden itself.
fn conferences_held<'a>(
    conn: &mut Conn,
    scope: Scope,
    filter: &ConferenceDocumentFilter,
) -> Result<conferences::BoxedQuery<'a, MultiBackend, BigInt>> {
    let mut query = conferences::table.select(conferences::id).into_boxed();
    if let Some(unit) = filter.admin_unit {
        let units = admin_unit::store::at_or_below(conn, scope, unit.0)?;
        query = query.filter(in_ids(conferences::admin_unit_id, &units));
    }
    if let Some(day) = filter.held_from {
        query = query.filter(conferences::held_from_key.ge(day.day()));
    }
    if let Some(day) = filter.held_to {
        query = query.filter(conferences::held_from_key.le(day.day())).filter(conferences::held_from.is_not_null());
    }
    Ok(query)
}

/// The conferences of the living rows that the caller may see, for a query of conferences that they may see.
type OfConferences<'a> = conference_documents::BoxedQuery<'a, MultiBackend, BigInt>;

/// The conferences that did one of `activities` about `document` while it played one of `roles`: all of it in one row.
#[must_use]
pub fn conferences_with<'a>(
    scope: Scope,
    document: Option<Id>,
    activities: Option<&List<DocumentActivity>>,
    roles: Option<&List<CitationRole>>,
) -> OfConferences<'a> {
    let mut query = ConferenceDocumentRow::of_visible_parents(scope);
    if let Some(document) = document {
        query = query.filter(conference_documents::document_id.eq(document));
    }
    if let Some(activities) = activities {
        query = query.filter(in_texts(conference_documents::activity, &activities.0));
    }
    if let Some(roles) = roles {
        query = query.filter(in_texts(conference_documents::citation_role, &roles.0));
    }
    query.select(conference_documents::conference_id)
}

/// The conferences whose subject was an organization.
#[must_use]
pub fn conferences_about<'a>(scope: Scope, organization: Id) -> OfConferences<'a> {
    ConferenceDocumentRow::of_visible_parents(scope)
        .filter(conference_documents::organization_id.eq(organization))
        .select(conference_documents::conference_id)
}
