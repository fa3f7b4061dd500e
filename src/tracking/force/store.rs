//! How documents and the links between them are found.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{DECIDING, DocumentFact, Force, LinkFact, on_day};
use crate::db::dialect::{in_ids, in_texts};
use crate::db::schema::{document_links, documents};
use crate::db::types::read_list;
use crate::db::{Conn, Scope, Table};
use crate::documents::document::store::{DocumentRow, begun_by};
use crate::documents::document_link::store::DocumentLinkRow;
use crate::documents::vocabulary::{DocumentKind, DocumentLinkKind, DocumentStatus};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Result};

type DocumentColumns = (
    (Id, DocumentKind, DocumentStatus, Option<Id>, String, String),
    (Option<Date>, Option<DatePrecision>, Option<Date>, Option<Date>, Option<Date>, Option<Id>),
);

/// These documents, as far as the caller may see them, with whether each was there at the end of a day. One without a date
/// and without a numbering period may have been.
///
/// # Errors
/// As the database has them.
pub fn documents_of(conn: &mut Conn, scope: Scope, ids: &[Id], day: Date) -> Result<BTreeMap<Id, DocumentFact>> {
    let columns = (
        (
            documents::id,
            documents::kind,
            documents::status,
            documents::numbering_body_id,
            documents::adopted_by,
            documents::title_folded,
        ),
        (
            documents::issued_on,
            documents::issued_on_precision,
            documents::adopted_on,
            documents::effective_on,
            documents::expires_on,
            documents::numbering_period_id,
        ),
    );
    let rows: Vec<DocumentColumns> =
        DocumentRow::visible(scope).filter(in_ids(documents::id, ids)).select(columns).load(conn)?;
    let begun = begun_by(DocumentRow::all().filter(in_ids(documents::id, ids)), day);
    let begun: BTreeSet<Id> = begun.select(documents::id).load::<Id>(conn)?.into_iter().collect();
    rows.into_iter().map(|row| fact(row, &begun).map(|document| (document.id, document))).collect()
}

fn fact(row: DocumentColumns, begun: &BTreeSet<Id>) -> Result<DocumentFact> {
    let (
        (id, kind, status, numbering_body, adopted_by, title_folded),
        (issued_on, precision, adopted_on, effective_on, expires_on, numbering_period),
    ) = row;
    Ok(DocumentFact {
        id,
        kind,
        status,
        numbering_body,
        adopted_by: read_list(&adopted_by, "documents", "adopted_by", id)?,
        title_folded,
        issued_on,
        precision,
        adopted_on,
        effective_on,
        expires_on,
        begun: begun.contains(&id) || (issued_on.is_none() && numbering_period.is_none()),
    })
}

type LinkColumns = (Id, Id, Id, DocumentLinkKind, Option<Date>);

fn link((id, from, to, kind, stated_on): LinkColumns) -> LinkFact {
    LinkFact { id, from, to, kind, stated_on }
}

/// The links of some kinds to these documents, in the order of the records.
///
/// # Errors
/// As the database has them.
pub fn links_to(conn: &mut Conn, scope: Scope, ids: &[Id], kinds: &[DocumentLinkKind]) -> Result<Vec<LinkFact>> {
    let columns = (
        document_links::id,
        document_links::from_id,
        document_links::to_id,
        document_links::kind,
        document_links::stated_on,
    );
    let query = DocumentLinkRow::visible(scope)
        .filter(in_ids(document_links::to_id, ids))
        .filter(in_texts(document_links::kind, kinds));
    let rows: Vec<LinkColumns> = query.order(document_links::id.asc()).select(columns).load(conn)?;
    Ok(rows.into_iter().map(link).collect())
}

/// The links of any kind from these documents, in the order of the records.
///
/// # Errors
/// As the database has them.
pub fn links_from(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<LinkFact>> {
    let columns = (
        document_links::id,
        document_links::from_id,
        document_links::to_id,
        document_links::kind,
        document_links::stated_on,
    );
    let query = DocumentLinkRow::visible(scope).filter(in_ids(document_links::from_id, ids));
    let rows: Vec<LinkColumns> = query.order(document_links::id.asc()).select(columns).load(conn)?;
    Ok(rows.into_iter().map(link).collect())
}

/// Whether each of these documents is in force at the end of a day: two queries, and one more for what bears on them.
///
/// # Errors
/// As the database has them.
pub fn forces_of(
    conn: &mut Conn,
    scope: Scope,
    documents: &BTreeMap<Id, DocumentFact>,
    day: Date,
) -> Result<BTreeMap<Id, Force>> {
    let ids: Vec<Id> = documents.keys().copied().collect();
    let links = links_to(conn, scope, &ids, DECIDING)?;
    let bearing: BTreeSet<Id> = links.iter().map(|link| link.from).collect();
    let bearing = documents_of(conn, scope, &bearing.into_iter().collect::<Vec<_>>(), day)?;
    Ok(documents.iter().map(|(id, document)| (*id, on_day(document, &links, &bearing, day))).collect())
}
