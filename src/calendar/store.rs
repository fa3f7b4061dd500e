//! What entries tell of other records than their own: a query for each sort, for all entries at once.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::conferences::conference_document::store::ConferenceDocumentRow;
use crate::conferences::vocabulary::DocumentActivity;
use crate::db::dialect::in_ids;
use crate::db::schema::{assignments, conference_documents};
use crate::db::{Conn, Scope};
use crate::domain::{Id, Line, Result};
use crate::tasks::assignment::store::AssignmentRow;
use crate::tasks::vocabulary::AssignmentRole;
use crate::tracking::RecordRef;

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

/// Who leads a task: a record, or the words of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The body or the person.
    pub who: Option<RecordRef>,
    /// Who, in the words of the source.
    pub text: Option<Line>,
}

type LeadColumns = (Id, Option<Id>, Option<Id>, Option<Line>);

/// Who leads each of these tasks.
pub fn leads(conn: &mut Conn, scope: Scope, tasks: &[Id]) -> Result<BTreeMap<Id, Lead>> {
    let columns =
        (assignments::task_id, assignments::organization_id, assignments::person_id, assignments::assignee_text);
    let rows: Vec<LeadColumns> = AssignmentRow::visible(scope)
        .filter(in_ids(assignments::task_id, tasks))
        .filter(assignments::role.eq(AssignmentRole::Lead))
        .select(columns)
        .load(conn)?;
    let lead = |(task, organization, person, text): LeadColumns| {
        let organization = organization.map(|id| RecordRef { kind: "organization", id });
        let who = organization.or(person.map(|id| RecordRef { kind: "person", id }));
        (task, Lead { who, text })
    };
    Ok(rows.into_iter().map(lead).collect())
}
