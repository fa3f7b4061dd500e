//! How reviews are found: a number of queries that does not grow with the documents that fall due.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::rules::{Candidate, DefaultRule, HeldReview};
use crate::conferences::conference_document::store::ConferenceDocumentRow;
use crate::conferences::vocabulary::{CitationRole, DocumentActivity};
use crate::db::dialect::{in_ids, in_texts};
use crate::db::schema::{conference_documents, documents, expectations};
use crate::db::types::read_list;
use crate::db::{Conn, Scope, Table};
use crate::documents::document::store::DocumentRow;
use crate::documents::vocabulary::{DocumentKind, DocumentStatus, DocumentSystem};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Result};
use crate::tasks::expectation::store::{ExpectationRow, said_by};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::acts::step_of;
use crate::tracking::acts::store::{Held, held};
use crate::tracking::implementation::expected::Expected;
use crate::tracking::implementation::store::read as read_expectation;

/// Which documents are asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// This one.
    pub document: Option<Id>,
    /// Those of these kinds.
    pub kinds: Vec<DocumentKind>,
    /// Those that this body numbers.
    pub numbering_body: Option<Id>,
}

type Query<'a> = <DocumentRow as Table>::Query<'a>;

impl Wanted {
    fn documents<'a>(&self, scope: Scope) -> Query<'a> {
        let mut query = DocumentRow::visible(scope).filter(documents::status.ne(DocumentStatus::Draft));
        if let Some(document) = self.document {
            query = query.filter(documents::id.eq(document));
        }
        if !self.kinds.is_empty() {
            query = query.filter(in_texts(documents::kind, &self.kinds));
        }
        if let Some(body) = self.numbering_body {
            query = query.filter(documents::numbering_body_id.eq(body));
        }
        query
    }
}

/// The documents that may fall due for a review in a year: those that order reviews, those for which a default comes round,
/// and these, of which somebody expects one.
///
/// # Errors
/// As the database has them.
pub fn candidates(
    conn: &mut Conn,
    scope: Scope,
    wanted: &Wanted,
    defaults: &[DefaultRule],
    year: i32,
    expected: &[Id],
) -> Result<BTreeMap<Id, Candidate>> {
    // Spelled out, so that the index of the few that order reviews is of use.
    let mut found =
        load(conn, wanted.documents(scope).filter(sql::<Bool>("\"documents\".\"review_schedule\" <> '[]'")))?;
    let by_years = defaults.iter().map(|rule| rule.years).collect::<BTreeSet<i32>>();
    for years in by_years {
        let kinds: BTreeSet<DocumentKind> =
            defaults.iter().filter(|rule| rule.years == years).map(|rule| rule.document_kind).collect();
        let Some((first, last)) = Date::of_year(year.saturating_sub(years)) else { continue };
        let query = wanted.documents(scope).filter(in_texts(documents::kind, &Vec::from_iter(kinds)));
        let query =
            query.filter(documents::issued_on_key.ge(first.day())).filter(documents::issued_on_key.le(last.day()));
        found.append(&mut load(conn, query)?);
    }
    found.append(&mut load(conn, wanted.documents(scope).filter(in_ids(documents::id, expected)))?);
    Ok(found)
}

type Columns = (Id, DocumentSystem, DocumentKind, Option<Date>, Option<DatePrecision>, String);

fn load(conn: &mut Conn, query: Query<'_>) -> Result<BTreeMap<Id, Candidate>> {
    let columns = (
        documents::id,
        documents::system,
        documents::kind,
        documents::issued_on,
        documents::issued_on_precision,
        documents::review_schedule,
    );
    let rows: Vec<Columns> = query.select(columns).load(conn)?;
    let candidate = |(id, system, kind, issued_on, precision, schedule): Columns| {
        let schedule = read_list(&schedule, "documents", "review_schedule", id)?;
        Ok((id, Candidate { id, system, kind, issued_on, precision, schedule }))
    };
    rows.into_iter().map(candidate).collect()
}

const STEPS: [Milestone; 2] = [Milestone::ReviewedInterim, Milestone::ReviewedFinal];

/// The documents of which somebody had said by the end of a day that a review is to be held in a year.
///
/// # Errors
/// As the database has them.
pub fn expected_in(conn: &mut Conn, scope: Scope, day: Date, year: i32) -> Result<Vec<Id>> {
    let Some((first, last)) = Date::of_year(year) else { return Ok(Vec::new()) };
    let query = ExpectationRow::visible(scope)
        .filter(expectations::due_on_key.ge(first.day()))
        .filter(expectations::due_on_key.le(last.day()))
        .filter(in_texts(expectations::milestone, &STEPS));
    let rows = query.load(conn)?;
    Ok(said_by(conn, rows, day)?.into_iter().filter_map(|row| row.document_id).collect())
}

/// What had been said by the end of a day to be expected of reviews of these documents.
///
/// # Errors
/// As the database has them.
pub fn expected(conn: &mut Conn, scope: Scope, ids: &[Id], day: Date) -> Result<BTreeMap<Id, Vec<Expected>>> {
    let query = ExpectationRow::visible(scope)
        .filter(in_ids(expectations::document_id, ids))
        .filter(in_texts(expectations::milestone, &STEPS));
    let rows = query.order(expectations::id.asc()).load(conn)?;
    let mut expected: BTreeMap<Id, Vec<Expected>> = BTreeMap::new();
    for row in said_by(conn, rows, day)? {
        if let Some(document) = row.document_id {
            expected.entry(document).or_default().push(read_expectation(row));
        }
    }
    Ok(expected)
}

type HeldColumns = (Id, Option<Id>, Option<DocumentActivity>, Option<CitationRole>, Option<i32>, Option<Date>);

/// The reviews that were held.
#[derive(Debug, Default)]
pub struct ReviewsHeld {
    /// Those of each document.
    pub of_documents: BTreeMap<Id, Vec<HeldReview>>,
    /// The conferences that held them.
    pub conferences: BTreeMap<Id, Held>,
}

/// The reviews of these documents that conferences had held by the end of a day.
///
/// # Errors
/// As the database has them.
pub fn reviews_held(conn: &mut Conn, scope: Scope, ids: &[Id], day: Date) -> Result<ReviewsHeld> {
    let columns = (
        conference_documents::conference_id,
        conference_documents::document_id,
        conference_documents::activity,
        conference_documents::citation_role,
        conference_documents::review_years,
        conference_documents::review_to,
    );
    let query = ConferenceDocumentRow::visible(scope).filter(in_ids(conference_documents::document_id, ids));
    let rows: Vec<HeldColumns> = query.order(conference_documents::id.asc()).select(columns).load(conn)?;
    let reviews: Vec<HeldReview> = rows.into_iter().filter_map(review).collect();
    let conferences: BTreeSet<Id> = reviews.iter().map(|review| review.conference).collect();
    let conferences = held(conn, scope, &Vec::from_iter(conferences), day)?;
    let mut held = ReviewsHeld { conferences, ..ReviewsHeld::default() };
    for review in reviews {
        if let Some(conference) = held.conferences.get(&review.conference) {
            let review = HeldReview { on: conference.on, precision: conference.precision, ..review };
            held.of_documents.entry(review.document).or_default().push(review);
        }
    }
    Ok(held)
}

fn review((conference, document, activity, role, years, until): HeldColumns) -> Option<HeldReview> {
    let activity = match step_of(activity, role)? {
        Milestone::ReviewedInterim => DocumentActivity::InterimReview,
        Milestone::ReviewedFinal => DocumentActivity::FinalReview,
        _ => return None,
    };
    Some(HeldReview { conference, document: document?, activity, years, until, on: None, precision: None })
}
