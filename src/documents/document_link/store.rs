//! How document links are kept.

use std::fmt::Display;

use diesel::prelude::*;

use super::{DocumentLink, DocumentLinkFilter, DocumentLinks, acyclic_with};
use crate::db::chain::way;
use crate::db::dialect::{in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{document_links, documents};
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document::store::{DocumentRow, begun_by, chosen};
use crate::documents::vocabulary::DocumentLinkKind;
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::vocabulary::Provenance;
use crate::domain::{Date, Error, Fault, Id, LinkForm, Linker, Meta, Prose, Result, Stamp};

record_table! {
    /// A row of `document_links`.
    pub struct DocumentLinkRow in document_links {
        parent: from_id in "documents";
        title: (from_id, kind, to_id) => |[from, kind, to]| Some(title_of(from?, kind?, to?).into());
        sorts: [];
        columns: {
            to_id: Id,
            kind: DocumentLinkKind,
            stated_on: Option<Date>,
            provenance: Option<Provenance>,
            note: Option<Prose>,
        }
    }
}

/// What to call a link: `document 1 continues document 2`.
fn title_of(from: impl Display, kind: impl Display, to: impl Display) -> String {
    format!("document {from} {kind} document {to}")
}

impl Store for DocumentLinks {
    type Row = DocumentLinkRow;

    fn row(meta: &Meta, body: &DocumentLink<Id>) -> Result<DocumentLinkRow> {
        let body = body.clone();
        Ok(row_of!(DocumentLinkRow, meta, {
            from_id: meta.parent_id()?,
            to_id: body.to,
            kind: body.kind,
            stated_on: body.stated_on,
            provenance: body.provenance,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: DocumentLinkRow, links: &mut impl Linker<L>) -> Result<DocumentLink<L>> {
        Ok(DocumentLink {
            to: links.to("to", row.to_id),
            kind: row.kind,
            stated_on: row.stated_on,
            provenance: row.provenance,
            note: row.note,
        })
    }

    fn narrow<'a>(
        conn: &mut Conn,
        filter: &'a DocumentLinkFilter,
        scope: Scope,
    ) -> Result<<DocumentLinkRow as Table>::Query<'a>> {
        let mut query = DocumentLinkRow::all();
        if let Some(from) = &filter.from {
            query = query.filter(document_links::from_id.eq(chosen(conn, scope, "from", from)?));
        }
        if let Some(to) = &filter.to {
            query = query.filter(document_links::to_id.eq(chosen(conn, scope, "to", to)?));
        }
        if let Some(document) = &filter.document {
            let id = chosen(conn, scope, "document", document)?;
            query = query.filter(document_links::from_id.eq(id).or(document_links::to_id.eq(id)));
        }
        if let Some(kinds) = &filter.kind {
            query = query.filter(in_texts(document_links::kind, &kinds.0));
        }
        if let Some(provenances) = &filter.provenance {
            query = query.filter(in_texts(document_links::provenance, &provenances.0));
        }
        if let Some(day) = filter.as_of {
            // A link of a document that is hidden is hidden itself.
            let begun = begun_by(DocumentRow::visible(Scope::All), day).select(documents::id);
            query = query.filter(in_selected(document_links::from_id, begun));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        _: Option<&DocumentLink<Id>>,
        body: &mut DocumentLink<Id>,
    ) -> Result<Vec<Warning>> {
        let from = meta.parent_id()?;
        if body.to == from {
            return Err(Error::field("/to", Fault::new("cycle", "must not be the document itself")));
        }
        refuse_same_link(conn, meta.id, from, body)?;
        refuse_cycle(conn, meta.id, from, body)?;
        Ok(Vec::new())
    }
}

/// Refuses a second living link of one kind between the same documents.
fn refuse_same_link(conn: &mut Conn, id: Id, from: Id, body: &DocumentLink<Id>) -> Result<()> {
    let same: Option<Id> = document_links::table
        .filter(document_links::from_id.eq(from))
        .filter(document_links::to_id.eq(body.to))
        .filter(document_links::kind.eq(body.kind))
        .filter(document_links::deleted_at.is_null())
        .filter(document_links::id.ne(id))
        .select(document_links::id)
        .first(conn)
        .optional()?;
    match same {
        None => Ok(()),
        Some(other) => Err(Error::Conflict(
            Refusal::new("duplicate_document_link", format!("A link {} joins these documents already.", body.kind))
                .existing::<DocumentLinks>(other, &title_of(from, body.kind, body.to)),
        )),
    }
}

/// Refuses a link whose end leads back to its beginning by living links of the kinds that must not.
fn refuse_cycle(conn: &mut Conn, id: Id, from: Id, body: &DocumentLink<Id>) -> Result<()> {
    let kinds = acyclic_with(body.kind);
    if kinds.is_empty() {
        return Ok(());
    }
    let way = way(body.to, from, |tier| {
        Ok(document_links::table
            .filter(in_ids(document_links::from_id, tier))
            .filter(in_texts(document_links::kind, kinds))
            .filter(document_links::deleted_at.is_null())
            .filter(document_links::id.ne(id))
            .select((document_links::from_id, document_links::to_id))
            .load(conn)?)
    })?;
    match way {
        None => Ok(()),
        Some(way) => {
            let message = format!("leads back to the document itself: {}", described(conn, &way)?);
            Err(Error::field("/to", Fault::new("cycle", message)))
        }
    }
}

/// The documents of a way for a sentence: `12 (32-KL/TW) → 7 (46-CT/TW)`.
fn described(conn: &mut Conn, way: &[Id]) -> Result<String> {
    let symbols: Vec<(Id, Option<String>)> =
        documents::table.filter(in_ids(documents::id, way)).select((documents::id, documents::symbol)).load(conn)?;
    let named = |id: &Id| match symbols.iter().find(|(known, _)| known == id) {
        Some((_, Some(symbol))) => format!("{id} ({symbol})"),
        _ => id.to_string(),
    };
    Ok(way.iter().map(named).collect::<Vec<_>>().join(" → "))
}
