//! The rows of a grid as they are sent: bodies, their steps, the evidence, and what stands in no row.

use serde::Serialize;
use utoipa::ToSchema;

use super::expected::{Expected, Whom};
use super::grid::{Cell, Found, Row};
use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{Date, Line, Link};
use crate::sources::vocabulary::RecordType;
use crate::tasks::vocabulary::Milestone;
use crate::tracking::RecordRef;
use crate::tracking::acts::Act;
use crate::tracking::register::{Register, Subject};
use crate::tracking::shown::{Links, Proof, Titled};
use crate::tracking::vocabulary::ImplementationStatus;
use crate::tracking::whole;

/// How many records a cell links to at most; `evidence_count` tells how many there are.
const MOST_PROOFS: usize = 100;

/// One body and its steps.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "organization": { "id": 130, "type": "organization", "url": "/v1/organizations/130", "title": "Tỉnh ủy Thái Bình" },
    "admin_unit": { "id": 28, "type": "admin_unit", "url": "/v1/admin-units/28", "title": "Tỉnh Thái Bình" },
    "level": "province", "ended_on": null, "cells": []
}))]
pub struct ImplementationRow {
    /// The body; null where a unit acted and no body is named.
    pub organization: Option<Link>,
    /// The unit that it serves, or that acted.
    pub admin_unit: Option<Link>,
    /// Its tier.
    pub level: Option<Level>,
    /// Its last day, where it does not live on the day `units` and nothing came after it.
    pub ended_on: Option<Date>,
    /// One cell for each step that is asked for.
    pub cells: Vec<ImplementationCell>,
}

/// What one body has done about one step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "milestone": "disseminated", "status": "done_no_deadline", "on": "2018-07-16", "precision": "day",
    "days_since_issue": 11, "days_late": null, "inherited_from": null, "expectation": null, "evidence_count": 1,
    "evidence": [], "below": null
}))]
pub struct ImplementationCell {
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
    /// The body before or after, whose act the earliest was; null if it was the act of this body.
    pub inherited_from: Option<Link>,
    /// What is expected, if somebody said so.
    pub expectation: Option<ExpectedStep>,
    /// How many records show it.
    pub evidence_count: i64,
    /// The records that show it, from the earliest, at most a hundred.
    pub evidence: Vec<Proof>,
    /// With `cascaded`: how many of the committees directly below have disseminated the document.
    pub below: Option<CascadedBelow>,
}

/// What is expected of a body.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 2, "type": "expectation", "url": "/v1/expectations/2", "title": "Tổ chức hội nghị quán triệt", "due_on": null,
    "origin": { "id": 5, "type": "conference", "url": "/v1/conferences/5", "title": "Hội nghị" }
}))]
pub struct ExpectedStep {
    /// The number of the expectation.
    pub id: i64,
    /// The type of the record.
    #[serde(rename = "type")]
    #[schema(value_type = RecordType)]
    pub kind: &'static str,
    /// Where it is found.
    pub url: String,
    /// What to call it.
    #[schema(value_type = Option<String>)]
    pub title: Titled,
    /// The day by which it is expected; null if nobody said.
    pub due_on: Option<Date>,
    /// The conference or the document that said so.
    pub origin: Option<Link>,
}

/// How many of the committees directly below have disseminated a document: n of m.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(example = json!({ "done": 18, "of": 18 }))]
pub struct CascadedBelow {
    /// Those that have.
    pub done: i64,
    /// All there are on the day; null if none is recorded.
    pub of: Option<i64>,
}

/// An act of which no record says whose it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "milestone": "disseminated", "evidence": {
    "id": 5, "type": "conference", "url": "/v1/conferences/5", "title": "Hội nghị",
    "on": "2018-07-16", "precision": null, "inherited_from": null
} }))]
pub struct UnattributedAct {
    /// The step.
    pub milestone: Milestone,
    /// The record that shows it.
    pub evidence: Proof,
}

/// An expectation of which only the words of the source say whom it means.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "milestone": "disseminated", "expected_text": "đơn vị",
    "expectation": {
        "id": 3, "type": "expectation", "url": "/v1/expectations/3", "title": "Tổ chức hội nghị", "due_on": null, "origin": null
    }
}))]
pub struct WordedExpectation {
    /// The step.
    pub milestone: Milestone,
    /// Of whom, in the words of the source.
    pub expected_text: Option<Line>,
    /// The expectation.
    pub expectation: ExpectedStep,
}

impl ImplementationRow {
    /// What is shown of a row.
    #[must_use]
    pub fn of(row: &Row<'_>, register: &Register, links: &mut Links<'_>) -> Self {
        let unit = register.unit_of(row.subject).map(Subject::Unit);
        Self {
            organization: matches!(row.subject, Subject::Body(_)).then(|| links.subject(row.subject)),
            admin_unit: unit.map(|unit| links.subject(unit)),
            level: register.level(row.subject),
            ended_on: row.ended_on,
            cells: row.cells.iter().map(|cell| ImplementationCell::of(cell, links)).collect(),
        }
    }
}

impl ImplementationCell {
    fn of(cell: &Cell<'_>, links: &mut Links<'_>) -> Self {
        let first = cell.first();
        Self {
            milestone: cell.milestone,
            status: cell.status,
            on: first.and_then(|found| found.act.on),
            precision: first.and_then(|found| found.act.precision),
            days_since_issue: cell.days_since_issue,
            days_late: cell.days_late,
            inherited_from: first.and_then(|found| found.from).map(|from| links.subject(from)),
            expectation: cell.expected.map(|expected| ExpectedStep::of(expected, links)),
            evidence_count: whole(cell.found.len()),
            evidence: cell.found.iter().take(MOST_PROOFS).map(|found| proof(found, links)).collect(),
            below: cell.below.map(|below| CascadedBelow { done: whole(below.done), of: below.of.map(whole) }),
        }
    }
}

fn proof(found: &Found, links: &mut Links<'_>) -> Proof {
    let from = found.from.map(|from| links.subject(from));
    Proof::of(links.to(found.act.record), found.act.on, found.act.precision, from)
}

impl ExpectedStep {
    fn of(expected: &Expected, links: &mut Links<'_>) -> Self {
        let link = links.to(RecordRef { kind: "expectation", id: expected.id });
        Self {
            id: expected.id,
            kind: link.kind,
            url: Link::url("expectations", expected.id),
            title: Titled::of(link),
            due_on: expected.due_on,
            origin: expected.origin.map(|origin| links.to(origin)),
        }
    }
}

impl UnattributedAct {
    /// What is shown of an act of nobody.
    #[must_use]
    pub fn of(act: &Act, links: &mut Links<'_>) -> Self {
        let evidence = Proof::of(links.to(act.record), act.on, act.precision, None);
        Self { milestone: act.milestone, evidence }
    }
}

impl WordedExpectation {
    /// What is shown of an expectation in words.
    #[must_use]
    pub fn of(expected: &Expected, links: &mut Links<'_>) -> Self {
        let expected_text = match &expected.whom {
            Whom::Words(text) => text.clone(),
            Whom::Body(_) | Whom::Class(_) => None,
        };
        Self { milestone: expected.milestone, expected_text, expectation: ExpectedStep::of(expected, links) }
    }
}
