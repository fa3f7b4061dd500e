//! What a grid comes to, step by step: bodies counted once, acts counted once, each rate with its denominator.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::grid::{Cell, Row};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::vocabulary::ImplementationStatus;
use crate::tracking::whole;

/// What the rows come to for one step.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "milestone": "disseminated", "bodies": 63, "done": 1, "inherited": 0, "acts": 1, "expected": 0, "expected_done": 0,
    "overdue": 0, "rates": [
        { "of": "bodies", "numerator": 1, "denominator": 63, "percent": 1.6 },
        { "of": "expected", "numerator": 0, "denominator": 0, "percent": null }
    ]
}))]
pub struct ImplementationCount {
    /// The step.
    pub milestone: Milestone,
    /// How many bodies have a row.
    pub bodies: i64,
    /// How many of them have done it.
    pub done: i64,
    /// How many of these by an act of a body before or after them alone.
    pub inherited: i64,
    /// By how many acts, each counted once in whatever rows it stands.
    pub acts: i64,
    /// Of how many bodies it is expected.
    pub expected: i64,
    /// How many of those have done it.
    pub expected_done: i64,
    /// How many are past a recorded due date without a record.
    pub overdue: i64,
    /// The shares, each with what it is a share of.
    pub rates: Vec<ImplementationRate>,
}

/// A share of what is done.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({ "of": "bodies", "numerator": 1, "denominator": 63, "percent": 1.6 }))]
pub struct ImplementationRate {
    /// What it is a share of: `bodies`, all that have a row, `documents`, all that are asked about, or `expected`, those of
    /// which it is expected.
    pub of: String,
    /// How many are done.
    pub numerator: i64,
    /// Of how many.
    pub denominator: i64,
    /// The share in percent, to one decimal; null if there is nothing to be done.
    pub percent: Option<f64>,
}

impl ImplementationRate {
    fn new(of: &str, numerator: usize, denominator: usize) -> Self {
        Self {
            of: of.to_owned(),
            numerator: whole(numerator),
            denominator: whole(denominator),
            percent: percent(numerator, denominator),
        }
    }
}

/// A share in percent, rounded to one decimal, half up.
#[must_use]
pub fn percent(numerator: usize, denominator: usize) -> Option<f64> {
    let tenths = numerator.checked_mul(1000)?.checked_add(denominator / 2)?.checked_div(denominator)?;
    u32::try_from(tenths).ok().map(|tenths| f64::from(tenths) / 10.0)
}

/// What the rows of a grid come to, for each of these steps.
#[must_use]
pub fn counted(rows: &[Row<'_>], milestones: &[Milestone]) -> Vec<ImplementationCount> {
    milestones.iter().map(|milestone| count(rows, *milestone)).collect()
}

fn count(rows: &[Row<'_>], milestone: Milestone) -> ImplementationCount {
    let tally = Tally::of(rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.milestone == milestone));
    ImplementationCount {
        milestone,
        bodies: whole(tally.cells),
        done: whole(tally.done),
        inherited: whole(tally.inherited),
        acts: whole(tally.acts),
        expected: whole(tally.expected),
        expected_done: whole(tally.expected_done),
        overdue: whole(tally.overdue),
        rates: tally.rates("bodies"),
    }
}

/// What some cells come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many there are.
    pub cells: usize,
    /// How many of them are done.
    pub done: usize,
    /// How many of these by an act of a body before or after alone.
    pub inherited: usize,
    /// By how many acts, each counted once in whatever cells it stands.
    pub acts: usize,
    /// How many are expected.
    pub expected: usize,
    /// How many of those are done.
    pub expected_done: usize,
    /// How many are past a recorded due date without a record.
    pub overdue: usize,
}

impl Tally {
    /// Counts these cells.
    #[must_use]
    pub fn of<'c, 'a: 'c>(cells: impl Iterator<Item = &'c Cell<'a>>) -> Self {
        let cells: Vec<&Cell<'_>> = cells.collect();
        let of = |is: &dyn Fn(&Cell<'_>) -> bool| cells.iter().filter(|cell| is(cell)).count();
        let records: BTreeSet<_> = cells.iter().flat_map(|cell| &cell.found).map(|found| found.act.record).collect();
        Self {
            cells: cells.len(),
            done: of(&|cell| cell.status.is_done()),
            inherited: of(&|cell| !cell.found.is_empty() && cell.found.iter().all(|found| found.from.is_some())),
            acts: records.len(),
            expected: of(&|cell| cell.expected.is_some()),
            expected_done: of(&|cell| cell.expected.is_some() && cell.status.is_done()),
            overdue: of(&|cell| cell.status == ImplementationStatus::Overdue),
        }
    }

    /// The shares that are done, of all cells, which are called `cells` here, and of those that are expected.
    #[must_use]
    pub fn rates(&self, cells: &str) -> Vec<ImplementationRate> {
        vec![
            ImplementationRate::new(cells, self.done, self.cells),
            ImplementationRate::new("expected", self.expected_done, self.expected),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_one_decimal_and_nobody_has_none() {
        assert_eq!(percent(1, 63), Some(1.6));
        assert_eq!(percent(62, 63), Some(98.4));
        assert_eq!(percent(1, 34), Some(2.9));
        assert_eq!(percent(5, 5), Some(100.0));
        assert_eq!(percent(0, 0), None);
    }
}
