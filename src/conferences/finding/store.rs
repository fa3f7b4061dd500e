//! How findings are kept.

use diesel::prelude::*;

use super::{Finding, FindingFilter, Findings};
use crate::conferences::conference;
use crate::conferences::vocabulary::FindingKind;
use crate::db::dialect::{contains, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::findings;
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document;
use crate::domain::text::heading;
use crate::domain::{Id, LinkForm, Linker, Meta, Prose, Result};
use crate::text::fold;

record_table! {
    /// A row of `findings`.
    pub struct FindingRow in findings {
        parent: conference_id in "conferences";
        title: (text) => |[text, ..]| text.map(|text| heading(&text).into());
        sorts: [];
        columns: {
            kind: FindingKind,
            text: Prose,
            document_id: Option<Id>,
            note: Option<Prose>,
            text_folded: String,
        }
    }
}

impl Store for Findings {
    type Row = FindingRow;

    fn row(meta: &Meta, body: &Finding<Id>) -> Result<FindingRow> {
        let body = body.clone();
        Ok(row_of!(FindingRow, meta, {
            conference_id: meta.parent_id()?,
            text_folded: fold(&body.text),
            kind: body.kind,
            text: body.text,
            document_id: body.document,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: FindingRow, links: &mut impl Linker<L>) -> Result<Finding<L>> {
        Ok(Finding {
            kind: row.kind,
            text: row.text,
            document: row.document_id.map(|id| links.to("document", id)),
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a FindingFilter,
        scope: Scope,
    ) -> Result<<FindingRow as Table>::Query<'a>> {
        let mut query = FindingRow::all();
        if let Some(conference) = filter.conference {
            query = query.filter(findings::conference_id.eq(conference.0));
        }
        if let Some(choice) = &filter.document {
            let document = document::store::chosen(conn, scope, "document", choice)?;
            query = query.filter(findings::document_id.eq(document));
        }
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(findings::kind, &kinds.0));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(findings::text_folded, text));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(in_selected(findings::conference_id, conference::store::held_by(scope, day)));
        }
        Ok(query)
    }
}
