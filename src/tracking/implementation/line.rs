//! A cell of a grid as a line of a table, which stands alone: it names the document and the days too.

use serde::Serialize;
use utoipa::ToSchema;

use super::rows::{ExpectedStep, ImplementationCell, ImplementationRow};
use crate::domain::vocabulary::{DatePrecision, Level};
use crate::domain::{Date, Link, LinkField};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::shown::Proof;
use crate::tracking::vocabulary::ImplementationStatus;

/// One body and one step, as a line of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImplementationLine {
    document: Link,
    as_of: Date,
    units: Date,
    organization: Option<Link>,
    admin_unit: Option<Link>,
    level: Option<Level>,
    ended_on: Option<Date>,
    milestone: Milestone,
    status: ImplementationStatus,
    on: Option<Date>,
    precision: Option<DatePrecision>,
    days_since_issue: Option<i64>,
    days_late: Option<i64>,
    inherited_from: Option<Link>,
    expectation: Option<ExpectedStep>,
    due_on: Option<Date>,
    origin: Option<Link>,
    below_done: Option<i64>,
    below_of: Option<i64>,
    evidence_count: i64,
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
    LinkField::one("origin", "*"),
    LinkField::one("evidence", "*"),
];

/// What all lines have in common.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The document.
    pub document: &'a Link,
    /// The day whose end is told of.
    pub as_of: Date,
    /// The day in whose bodies the rows stand.
    pub units: Date,
}

/// The rows as lines, one for each cell.
#[must_use]
pub fn lines(about: About<'_>, rows: &[ImplementationRow]) -> Vec<ImplementationLine> {
    rows.iter().flat_map(|row| row.cells.iter().map(move |cell| line(about, row, cell))).collect()
}

fn line(about: About<'_>, row: &ImplementationRow, cell: &ImplementationCell) -> ImplementationLine {
    let expectation = cell.expectation.as_ref();
    ImplementationLine {
        document: about.document.clone(),
        as_of: about.as_of,
        units: about.units,
        organization: row.organization.clone(),
        admin_unit: row.admin_unit.clone(),
        level: row.level,
        ended_on: row.ended_on,
        milestone: cell.milestone,
        status: cell.status,
        on: cell.on,
        precision: cell.precision,
        days_since_issue: cell.days_since_issue,
        days_late: cell.days_late,
        inherited_from: cell.inherited_from.clone(),
        expectation: expectation.cloned(),
        due_on: expectation.and_then(|expectation| expectation.due_on),
        origin: expectation.and_then(|expectation| expectation.origin.clone()),
        below_done: cell.below.map(|below| below.done),
        below_of: cell.below.and_then(|below| below.of),
        evidence_count: cell.evidence_count,
        evidence: cell.evidence.clone(),
        evidence_urls: cell.evidence.iter().map(|proof| proof.url.clone()).collect(),
    }
}
