//! How the documents of a matrix are found.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{MOST_DOCUMENTS, MatrixQuery};
use crate::db::dialect::in_ids;
use crate::db::schema::documents;
use crate::db::{Conn, Scope, Store};
use crate::documents::document::store::DocumentRow;
use crate::documents::document::{DocumentFilter, Documents};
use crate::domain::{Error, Fault, Id, Result};
use crate::service::read::leads_nowhere;

/// The documents that are asked about: those that are named in their order, else those that the filter finds, from the
/// earliest.
///
/// # Errors
/// `Malformed` if one that is named does not exist for the caller, or if they are too many.
pub fn documents(conn: &mut Conn, scope: Scope, query: &MatrixQuery) -> Result<Vec<Id>> {
    let filter = query.filter();
    let named = query.documents.as_ref().map(|named| each_once(named.0.iter().map(|id| id.0)));
    if let Some(named) = &named {
        refuse_unknown(conn, scope, named)?;
    }
    let found = narrowed(conn, scope, &filter, named.as_deref())?;
    match named {
        Some(named) => Ok(named.into_iter().filter(|id| found.contains(id)).collect()),
        None if found.len() > MOST_DOCUMENTS => {
            let message = format!("are more than {MOST_DOCUMENTS} here; narrow them");
            Err(Error::parameter("documents", Fault::new("too_many", message)))
        }
        None => Ok(found),
    }
}

fn each_once(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut seen = BTreeSet::new();
    ids.filter(|id| seen.insert(*id)).collect()
}

fn refuse_unknown(conn: &mut Conn, scope: Scope, named: &[Id]) -> Result<()> {
    let query = DocumentRow::visible(scope).filter(in_ids(documents::id, named)).select(documents::id);
    let there: BTreeSet<Id> = query.load::<Id>(conn)?.into_iter().collect();
    let Some(unknown) = named.iter().find(|id| !there.contains(id)) else { return Ok(()) };
    let fault = Fault::new("does_not_exist", format!("names no document: there is none with the number {unknown}"));
    Err(Error::parameter("documents", fault))
}

/// The documents that the filter finds, of these if some are named, from the earliest, as many as tell that they are too
/// many.
fn narrowed(conn: &mut Conn, scope: Scope, filter: &DocumentFilter, named: Option<&[Id]>) -> Result<Vec<Id>> {
    if leads_nowhere::<Documents>(conn, scope, filter, None)? {
        return Ok(Vec::new());
    }
    let mut query = DocumentRow::living(Documents::narrow(conn, filter, scope)?, scope);
    if let Some(named) = named {
        query = query.filter(in_ids(documents::id, named));
    }
    let most = i64::try_from(MOST_DOCUMENTS).unwrap_or(i64::MAX).saturating_add(1);
    let query = query.order((documents::issued_on_key.asc(), documents::id.asc())).limit(most);
    Ok(query.select(documents::id).load(conn)?)
}
