//! Which reviews a document has by rule: those that it orders itself, else those of a default that is labelled as one.
//!
//! A review is known by its years. What was held without counting them is the review of the document and sort whose day is
//! the nearest, from 365 days before to 365 days after, the earlier of two that are as near: reviews run late by up to a
//! year, and none counts for two. What is expected belongs to a review by the same rule, in [`super::agenda`].

use std::collections::BTreeSet;

use chrono::Months;
use serde::Deserialize;

use crate::conferences::vocabulary::DocumentActivity;
use crate::documents::document::ReviewDue;
use crate::documents::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Error, Id, Result};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::vocabulary::ReviewRule;

const TABLE: &str = include_str!("../../../data/review_rules.csv");

/// A default: documents of a kind are usually reviewed after so many years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct DefaultRule {
    /// Whose documents.
    pub system: DocumentSystem,
    /// Of which kind.
    pub document_kind: DocumentKind,
    /// Which review.
    pub activity: DocumentActivity,
    /// After how many years.
    pub years: i32,
}

/// The defaults.
///
/// # Errors
/// `Internal` if the embedded table cannot be read, which a test rules out.
pub fn defaults() -> Result<Vec<DefaultRule>> {
    let rows = csv::Reader::from_reader(TABLE.as_bytes()).into_deserialize().collect::<Result<_, csv::Error>>();
    rows.map_err(|error| Error::Internal(format!("data/review_rules.csv: {error}")))
}

/// A document that may fall due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its number.
    pub id: Id,
    /// Whose rules number it.
    pub system: DocumentSystem,
    /// Its kind.
    pub kind: DocumentKind,
    /// The date that it bears.
    pub issued_on: Option<Date>,
    /// How much of that is known.
    pub precision: Option<DatePrecision>,
    /// The reviews that it orders.
    pub schedule: Vec<ReviewDue>,
}

/// A review that falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// Of which document.
    pub document: Id,
    /// Which review.
    pub activity: DocumentActivity,
    /// After how many years; none where an expectation alone says so.
    pub years: Option<i32>,
    /// What says so.
    pub rule: ReviewRule,
    /// The day on which that many years are over, or by which it is expected, as exactly as the date of the document is
    /// known.
    pub on: Date,
    /// How much of the day is known.
    pub precision: Option<DatePrecision>,
    /// The first and the last day that it may mean, or by which it is expected.
    pub days: (Date, Date),
}

impl Review {
    /// The step that it is.
    #[must_use]
    pub const fn milestone(&self) -> Milestone {
        match self.activity {
            DocumentActivity::FinalReview => Milestone::ReviewedFinal,
            _ => Milestone::ReviewedInterim,
        }
    }
}

/// A review that a conference held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldReview {
    /// The conference.
    pub conference: Id,
    /// The document.
    pub document: Id,
    /// Which review.
    pub activity: DocumentActivity,
    /// Of how many years.
    pub years: Option<i32>,
    /// The last day of the period that was reviewed.
    pub until: Option<Date>,
    /// The day of the conference.
    pub on: Option<Date>,
    /// How much of that day is known.
    pub precision: Option<DatePrecision>,
}

impl HeldReview {
    /// The days by which it is told to which review it is near: those on which the period that was reviewed ended, or else
    /// the conference may have been.
    #[must_use]
    pub fn days(&self) -> Option<(Date, Date)> {
        self.until.map(|until| (until, until)).or_else(|| self.on.map(|on| on.span(self.precision)))
    }
}

/// The reviews of a document by rule, each once.
#[must_use]
pub fn by_rule(document: &Candidate, defaults: &[DefaultRule]) -> Vec<Review> {
    let Some(issued) = document.issued_on else { return Vec::new() };
    let of_kind = |rule: &&DefaultRule| rule.system == document.system && rule.document_kind == document.kind;
    let usual = defaults.iter().filter(of_kind).map(|rule| (rule.activity, rule.years));
    let ordered = document.schedule.iter().map(|due| (due.activity, due.years));
    let (rule, dues): (_, BTreeSet<_>) = if document.schedule.is_empty() {
        (ReviewRule::Default, usual.collect())
    } else {
        (ReviewRule::Document, ordered.collect())
    };
    let review = |(activity, years): (DocumentActivity, i32)| {
        let on = years_after(issued, years)?;
        let (document, precision, days) = (document.id, document.precision, on.span(document.precision));
        Some(Review { document, activity, years: Some(years), rule, on, precision, days })
    };
    dues.into_iter().filter_map(review).collect()
}

/// The same day so many years later; 28 February for 29 February where there is none.
fn years_after(day: Date, years: i32) -> Option<Date> {
    let months = Months::new(u32::try_from(years).ok()?.checked_mul(12)?);
    day.day().checked_add_months(months).and_then(|day| Date::new(day).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive(issued_on: &str, schedule: &[(DocumentActivity, i32)]) -> Candidate {
        let due = |(activity, years): &(DocumentActivity, i32)| ReviewDue { activity: *activity, years: *years };
        Candidate {
            id: 1,
            system: DocumentSystem::Party,
            kind: DocumentKind::Directive,
            issued_on: issued_on.parse().ok(),
            precision: None,
            schedule: schedule.iter().map(due).collect(),
        }
    }

    const INTERIM: DocumentActivity = DocumentActivity::InterimReview;
    const FINAL: DocumentActivity = DocumentActivity::FinalReview;

    /// The reviews that fall due in a year: which, after how many years, by what rule, on which day.
    fn due(document: &Candidate, year: i32) -> Vec<String> {
        let told = |review: &Review| {
            let years = review.years.map_or("-".to_owned(), |years| years.to_string());
            format!("{} {years} {} {}", review.activity, review.rule, review.on)
        };
        let reviews = by_rule(document, &defaults().unwrap());
        reviews.iter().filter(|review| review.on.year() == year).map(told).collect()
    }

    #[test]
    fn a_directive_of_2017_falls_due_after_ten_years_by_the_default() {
        let of_2017 = directive("2017-01-05", &[]);
        assert_eq!(due(&of_2017, 2027), ["final_review 10 default 2027-01-05"]);
        assert_eq!(due(&of_2017, 2022), ["interim_review 5 default 2022-01-05"]);
        assert_eq!(due(&of_2017, 2026), [""; 0]);
    }

    #[test]
    fn what_a_document_orders_takes_the_place_of_the_default() {
        let own = directive("2015-06-22", &[(INTERIM, 3), (INTERIM, 5), (FINAL, 12), (INTERIM, 3)]);
        assert_eq!(due(&own, 2018), ["interim_review 3 document 2018-06-22"], "once, though it stands there twice");
        assert_eq!(due(&own, 2025), [""; 0]);
        assert_eq!(due(&own, 2027), ["final_review 12 document 2027-06-22"]);
    }

    #[test]
    fn the_kind_and_the_system_decide_on_the_default() {
        let plan = Candidate { kind: DocumentKind::Plan, ..directive("2017-01-05", &[]) };
        let of_state = Candidate { system: DocumentSystem::State, ..directive("2017-01-05", &[]) };
        assert_eq!([plan, of_state].map(|document| due(&document, 2027).len()), [0, 0]);
        assert_eq!(due(&directive("", &[]), 2027), [""; 0], "without a date nothing falls due");
    }

    #[test]
    fn a_leap_day_falls_due_on_the_last_day_of_february() {
        assert_eq!(due(&directive("2016-02-29", &[]), 2021), ["interim_review 5 default 2021-02-28"]);
    }

    #[test]
    fn the_defaults_are_reviews_after_years() {
        let defaults = defaults().unwrap();
        assert!(!defaults.is_empty());
        assert!(
            defaults.iter().all(|rule| matches!(rule.activity, INTERIM | FINAL) && (1..=100).contains(&rule.years))
        );
    }
}
