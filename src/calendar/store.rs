//! What entries tell of other records than their own: a query for each sort, for all entries at once.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::conferences::conference_document::store::ConferenceDocumentRow;
use crate::conferences::vocabulary::DocumentActivity;
use crate::db::dialect::in_ids;
use crate::db::schema::conference_documents;
use crate::db::{Conn, Scope};
use crate::domain::{Id, Result};

/// What a conference did about which document, if about one.
pub type Dealt = (Option<Id>, Option<DocumentActivity>);

/// What each of these conferences did.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn dealt(conn: &mut Conn, scope: Scope, conferences: &[Id]) -> Result<BTreeMap<Id, Vec<Dealt>>> {
    let columns =
        (conference_documents::conference_id, conference_documents::document_id, conference_documents::activity);
    let query = ConferenceDocumentRow::visible(scope).filter(in_ids(conference_documents::conference_id, conferences));
    let rows: Vec<(Id, Option<Id>, Option<DocumentActivity>)> =
        query.order(conference_documents::id.asc()).select(columns).load(conn)?;
    let mut dealt: BTreeMap<Id, Vec<Dealt>> = BTreeMap::new();
    for (conference, document, activity) in rows {
        dealt.entry(conference).or_default().push((document, activity));
    }
    Ok(dealt)
}
