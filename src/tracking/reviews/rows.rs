//! What is shown of a review: whole, and as lines of a table.

use serde::Serialize;
use utoipa::ToSchema;

use super::rules::Review;
use crate::conferences::vocabulary::DocumentActivity;
use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{Date, Link, LinkField};
use crate::tracking::days_between;
use crate::tracking::implementation::counts::{ImplementationCount, counted};
use crate::tracking::implementation::grid::{Facts, Question, Row, grid};
use crate::tracking::implementation::rows::{ExpectedStep, ImplementationRow};
use crate::tracking::shown::{InForce, Links, Proof};
use crate::tracking::vocabulary::{ForceReason, ImplementationStatus, ReviewRule};

/// A review that falls due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "document": { "id": 3, "type": "document", "url": "/v1/documents/3", "title": "12-CT/TW" },
    "issued_on": "2017-01-05", "activity": "final_review", "years": 10, "rule": "default", "on": "2027-01-05",
    "precision": null, "in_force": { "in_force": null, "reason": "not_known", "on": null, "by": null },
    "counts": [], "rows": [], "unattributed": []
}))]
pub struct DueReview {
    /// The document.
    pub document: Link,
    /// The date that it bears.
    pub issued_on: Option<Date>,
    /// Which review.
    pub activity: DocumentActivity,
    /// After how many years; null where an expectation alone says so.
    pub years: Option<i32>,
    /// What says so.
    pub rule: ReviewRule,
    /// The day on which that many years are over, or by which it is expected.
    pub on: Date,
    /// How much of that day is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// Whether the document is in force on that day, as far as is known.
    pub in_force: InForce,
    /// What all rows come to.
    pub counts: Vec<ImplementationCount>,
    /// The bodies, by tier and name.
    pub rows: Vec<ReviewRow>,
    /// Reviews of which no record says whose they are.
    pub unattributed: Vec<Proof>,
}

/// A review and a body.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "organization": { "id": 130, "type": "organization", "url": "/v1/organizations/130", "title": "Tỉnh ủy Hưng Yên" },
    "admin_unit": { "id": 28, "type": "admin_unit", "url": "/v1/admin-units/28", "title": "Tỉnh Hưng Yên" },
    "level": "province", "status": "no_record", "held_on": null, "precision": null, "days_after": null, "due_on": null,
    "days_late": null, "inherited_from": null, "expectation": null, "evidence": []
}))]
pub struct ReviewRow {
    /// The body; null where a unit acted and no body is named, and where nobody is on record.
    pub organization: Option<Link>,
    /// The unit that it serves, or that acted.
    pub admin_unit: Option<Link>,
    /// Its tier.
    pub level: Option<Level>,
    /// Whether it held the review. `no_record` says that nothing is known, which is not "not held"; `done_day_unknown`, that
    /// it was held on a day that is not known.
    pub status: ImplementationStatus,
    /// The day of the review.
    pub held_on: Option<Date>,
    /// How much of that day is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// The days from the day on which it fell due to the review; negative if it was held before.
    pub days_after: Option<i64>,
    /// The recorded day by which it is expected.
    pub due_on: Option<Date>,
    /// The days past that day; null if it is in time or there is none.
    pub days_late: Option<i64>,
    /// The body before or after, whose review it was; null if it was that of this body.
    pub inherited_from: Option<Link>,
    /// What is expected, if somebody said so.
    pub expectation: Option<ExpectedStep>,
    /// The conferences that held it.
    pub evidence: Vec<Proof>,
}

/// A review and a body, as a line of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewLine {
    year: i32,
    as_of: Date,
    document: Link,
    issued_on: Option<Date>,
    activity: DocumentActivity,
    years: Option<i32>,
    rule: ReviewRule,
    review_on: Date,
    in_force: Option<bool>,
    reason: ForceReason,
    organization: Option<Link>,
    admin_unit: Option<Link>,
    level: Option<Level>,
    status: ImplementationStatus,
    held_on: Option<Date>,
    precision: Option<DatePrecision>,
    days_after: Option<i64>,
    due_on: Option<Date>,
    days_late: Option<i64>,
    inherited_from: Option<Link>,
    expectation: Option<ExpectedStep>,
    evidence: Vec<Proof>,
    evidence_urls: Vec<String>,
}

/// The links that a line holds.
pub const LINKS: &[LinkField] = &[
    LinkField::one("document", "document"),
    LinkField::one("organization", "organization"),
    LinkField::one("admin_unit", "admin_unit"),
    LinkField::one("inherited_from", "*"),
    LinkField::one("expectation", "expectation"),
    LinkField::one("evidence", "*"),
];

impl DueReview {
    /// What is shown of a review and the grid of its bodies. A row of nobody stands only where no bodies are asked for.
    #[must_use]
    pub fn of(review: &Review, facts: &Facts, question: &Question, links: &mut Links<'_>) -> Self {
        let grid = grid(facts, question);
        let mut rows: Vec<ReviewRow> =
            grid.rows.iter().filter_map(|row| ReviewRow::of(review, row, facts, links)).collect();
        let unattributed: Vec<Proof> =
            grid.unattributed.iter().map(|act| Proof::of(links.to(act.record), act.on, act.precision, None)).collect();
        if rows.is_empty() && question.level.is_none() {
            rows.push(ReviewRow::of_nobody(review, &unattributed));
        }
        Self {
            document: links.document(review.document),
            issued_on: facts.document.issued_on,
            activity: review.activity,
            years: review.years,
            rule: review.rule,
            on: review.on,
            precision: review.precision,
            in_force: InForce::of(&facts.force, links),
            counts: counted(&grid.rows, &[review.milestone()]),
            rows,
            unattributed,
        }
    }

    /// The same with the rows of those who held it, or of those without a record.
    #[must_use]
    pub fn only(mut self, held: Option<bool>) -> Self {
        self.rows.retain(|row| held.is_none_or(|held| row.status.is_done() == held));
        self
    }
}

impl ReviewRow {
    fn of(review: &Review, row: &Row<'_>, facts: &Facts, links: &mut Links<'_>) -> Option<Self> {
        let shown = ImplementationRow::of(row, &facts.register, links);
        let told = shown.cells.into_iter().next()?;
        Some(Self {
            organization: shown.organization,
            admin_unit: shown.admin_unit,
            level: shown.level,
            status: dated(told.status, told.on),
            held_on: told.on,
            precision: told.precision,
            days_after: days_after(review, told.on, told.precision),
            due_on: told.expectation.as_ref().and_then(|expectation| expectation.due_on),
            days_late: told.days_late,
            inherited_from: told.inherited_from,
            expectation: told.expectation,
            evidence: told.evidence,
        })
    }

    /// Where no body is on record: what those held it of whom nobody says who they were.
    fn of_nobody(review: &Review, held: &[Proof]) -> Self {
        let first = held.first();
        let (held_on, precision) = (first.and_then(|first| first.on), first.and_then(|first| first.precision));
        Self {
            organization: None,
            admin_unit: None,
            level: None,
            status: first
                .map_or(ImplementationStatus::NoRecord, |first| dated(ImplementationStatus::DoneNoDeadline, first.on)),
            held_on,
            precision,
            days_after: days_after(review, held_on, precision),
            due_on: None,
            days_late: None,
            inherited_from: None,
            expectation: None,
            evidence: held.to_vec(),
        }
    }
}

/// What a row says: a review of which no day is known may have been held later than whatever day is asked about.
fn dated(status: ImplementationStatus, held_on: Option<Date>) -> ImplementationStatus {
    if status.is_done() && held_on.is_none() { ImplementationStatus::DoneDayUnknown } else { status }
}

/// The days from the day on which a review fell due to that on which it was held, where both are known to the day.
fn days_after(review: &Review, held_on: Option<Date>, precision: Option<DatePrecision>) -> Option<i64> {
    let due = Date::whole(Some(review.on), review.precision)?;
    Date::whole(held_on, precision).map(|on| days_between(due, on))
}

/// The reviews as lines, one for each body.
#[must_use]
pub fn lines(year: i32, as_of: Date, reviews: &[DueReview]) -> Vec<ReviewLine> {
    let of = |review: &DueReview| review.rows.iter().map(|row| line(year, as_of, review, row)).collect::<Vec<_>>();
    reviews.iter().flat_map(of).collect()
}

fn line(year: i32, as_of: Date, review: &DueReview, row: &ReviewRow) -> ReviewLine {
    let row = row.clone();
    ReviewLine {
        year,
        as_of,
        document: review.document.clone(),
        issued_on: review.issued_on,
        activity: review.activity,
        years: review.years,
        rule: review.rule,
        review_on: review.on,
        in_force: review.in_force.in_force,
        reason: review.in_force.reason,
        organization: row.organization,
        admin_unit: row.admin_unit,
        level: row.level,
        status: row.status,
        held_on: row.held_on,
        precision: row.precision,
        days_after: row.days_after,
        due_on: row.due_on,
        days_late: row.days_late,
        inherited_from: row.inherited_from,
        expectation: row.expectation,
        evidence_urls: row.evidence.iter().map(|proof| proof.url.clone()).collect(),
        evidence: row.evidence,
    }
}
