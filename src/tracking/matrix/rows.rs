//! The matrix as it is sent: documents, bodies, a cell for each of both.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{Date, Id, Link};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::implementation::counts::{self, ImplementationCount, ImplementationRate, Tally};
use crate::tracking::implementation::grid::{Facts, Row};
use crate::tracking::implementation::rows::{ImplementationCell, ImplementationRow};
use crate::tracking::shown::{InForce, Links, Proof};
use crate::tracking::vocabulary::ImplementationStatus;
use crate::tracking::whole;

/// One document, with what the rows come to for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "document": { "id": 5, "type": "document", "url": "/v1/documents/5", "title": "32-KL/TW" },
    "issued_on": "2018-07-05", "closed": null, "counts": [],
    "url": "/v1/documents/5/implementation?milestone=disseminated&as_of=2018-12-31&units=2018-12-31&level=province"
}))]
pub struct MatrixDocument {
    /// The document.
    pub document: Link,
    /// The date that it bears, from which days are counted.
    pub issued_on: Option<Date>,
    /// What ended it, for all bodies at once; null while it has not ended, as far as is known.
    pub closed: Option<InForce>,
    /// What the rows come to, step by step.
    pub counts: Vec<ImplementationCount>,
    /// Its implementation, asked for in the same way: the rows that are counted, with all of their evidence.
    pub url: String,
}

impl MatrixDocument {
    /// What is shown of a document.
    #[must_use]
    pub fn of(facts: &Facts, rows: &[Row<'_>], milestones: &[Milestone], url: String, links: &mut Links<'_>) -> Self {
        Self {
            document: links.document(facts.document.id),
            issued_on: facts.document.issued_on,
            closed: facts.force.has_ended().then(|| InForce::of(&facts.force, links)),
            counts: counts::counted(rows, milestones),
            url,
        }
    }
}

/// One body, with a cell for each document and step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "organization": { "id": 130, "type": "organization", "url": "/v1/organizations/130", "title": "Tỉnh ủy Thái Bình" },
    "admin_unit": { "id": 28, "type": "admin_unit", "url": "/v1/admin-units/28", "title": "Tỉnh Thái Bình" },
    "level": "province", "ended_on": null, "counts": [], "cells": []
}))]
pub struct MatrixRow {
    /// The body; null where a unit acted and no body is named.
    pub organization: Option<Link>,
    /// The unit that it serves, or that acted.
    pub admin_unit: Option<Link>,
    /// Its tier.
    pub level: Option<Level>,
    /// Its last day, where it does not live on the day `units` and nothing came after it.
    pub ended_on: Option<Date>,
    /// What its cells come to, step by step.
    pub counts: Vec<MatrixCount>,
    /// Its cells: document by document and, of each, step by step.
    pub cells: Vec<MatrixCell>,
}

impl MatrixRow {
    /// What is shown of a body.
    #[must_use]
    pub fn of(body: &ImplementationRow, counts: Vec<MatrixCount>, cells: Vec<MatrixCell>) -> Self {
        Self {
            organization: body.organization.clone(),
            admin_unit: body.admin_unit.clone(),
            level: body.level,
            ended_on: body.ended_on,
            counts,
            cells,
        }
    }
}

/// What one body has done about one document and step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "document": 5, "milestone": "disseminated", "status": "done_no_deadline", "on": "2018-07-16", "precision": "day",
    "days_since_issue": 11, "days_late": null, "due_on": null, "inherited_from": null, "evidence_count": 1,
    "evidence": null
}))]
pub struct MatrixCell {
    /// The number of the document.
    pub document: Id,
    /// The step.
    pub milestone: Milestone,
    /// How far it is. `no_record` says that nothing is known, which is not "not done".
    pub status: ImplementationStatus,
    /// The day of the earliest act; null if there is none or it is not known.
    pub on: Option<Date>,
    /// How much of the day is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// The days from the date of the document to that day; null if either is not known to the day.
    pub days_since_issue: Option<i64>,
    /// The days past a recorded due date; null if it is in time or there is none.
    pub days_late: Option<i64>,
    /// The day by which it is expected, if somebody said so.
    pub due_on: Option<Date>,
    /// The body before or after, whose act the earliest was; null if it was the act of this body.
    pub inherited_from: Option<Link>,
    /// How many records show it.
    pub evidence_count: i64,
    /// The record that shows the earliest act.
    pub evidence: Option<Proof>,
}

impl MatrixCell {
    /// What is shown of a cell.
    #[must_use]
    pub fn of(document: Id, cell: &ImplementationCell) -> Self {
        Self {
            document,
            milestone: cell.milestone,
            status: cell.status,
            on: cell.on,
            precision: cell.precision,
            days_since_issue: cell.days_since_issue,
            days_late: cell.days_late,
            due_on: cell.expectation.as_ref().and_then(|expectation| expectation.due_on),
            inherited_from: cell.inherited_from.clone(),
            evidence_count: cell.evidence_count,
            evidence: cell.evidence.first().cloned(),
        }
    }
}

/// What the cells of a body come to for one step.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "milestone": "disseminated", "documents": 2, "done": 1, "inherited": 0, "acts": 1, "expected": 0, "expected_done": 0,
    "overdue": 0, "rates": [
        { "of": "documents", "numerator": 1, "denominator": 2, "percent": 50.0 },
        { "of": "expected", "numerator": 0, "denominator": 0, "percent": null }
    ]
}))]
pub struct MatrixCount {
    /// The step.
    pub milestone: Milestone,
    /// How many documents are asked about.
    pub documents: i64,
    /// About how many of them it is done.
    pub done: i64,
    /// About how many of these by an act of a body before or after alone.
    pub inherited: i64,
    /// By how many acts: one conference about two documents is one.
    pub acts: i64,
    /// About how many it is expected.
    pub expected: i64,
    /// About how many of those it is done.
    pub expected_done: i64,
    /// About how many it is past a recorded due date without a record.
    pub overdue: i64,
    /// The shares, each with what it is a share of.
    pub rates: Vec<ImplementationRate>,
}

/// What the rows that one body has for the documents come to, for each of these steps.
#[must_use]
pub fn counted(rows: &[&Row<'_>], milestones: &[Milestone]) -> Vec<MatrixCount> {
    let count = |milestone: &Milestone| {
        let tally = Tally::of(rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.milestone == *milestone));
        MatrixCount {
            milestone: *milestone,
            documents: whole(tally.cells),
            done: whole(tally.done),
            inherited: whole(tally.inherited),
            acts: whole(tally.acts),
            expected: whole(tally.expected),
            expected_done: whole(tally.expected_done),
            overdue: whole(tally.overdue),
            rates: tally.rates("documents"),
        }
    };
    milestones.iter().map(count).collect()
}
