//! Which reviews of a document fall due in a year: those that it orders itself, else those of a default that is labelled as
//! one, and those that somebody is recorded to expect.

use chrono::Months;
use serde::Deserialize;

use crate::conferences::vocabulary::DocumentActivity;
use crate::documents::document::ReviewDue;
use crate::documents::vocabulary::{DocumentKind, DocumentSystem};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Error, Id, Result};
use crate::tasks::vocabulary::Milestone;
use crate::tracking::implementation::expected::Expected;
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
}

impl Review {
    /// The step that it is.
    #[must_use]
    pub const fn milestone(&self) -> Milestone {
        milestone(self.activity)
    }

    /// Whether what is expected of this step is expected of this review: it is due within a year of it, or on no day.
    #[must_use]
    pub fn is_meant(&self, expected: &Expected) -> bool {
        let near = |due: Date| (self.on.year() - due.year()).abs() <= 1;
        expected.milestone == self.milestone() && expected.due_on.is_none_or(near)
    }

    /// Whether a review held by a conference is this one: of so many years or, where nobody counts them, of a period that
    /// ends, or else on a day that lies, in the year.
    #[must_use]
    pub fn is_held(&self, held: &HeldReview) -> bool {
        if held.document != self.document || held.activity != self.activity {
            return false;
        }
        match (held.years, self.years) {
            (Some(held), Some(years)) => held == years,
            _ => held.until.or(held.on).is_some_and(|on| on.year() == self.on.year()),
        }
    }
}

/// The step that a review is.
const fn milestone(activity: DocumentActivity) -> Milestone {
    match activity {
        DocumentActivity::FinalReview => Milestone::ReviewedFinal,
        _ => Milestone::ReviewedInterim,
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
}

/// The reviews of a document that fall due in a year. What is expected adds one only where no rule has it already.
#[must_use]
pub fn falling_due(document: &Candidate, expected: &[Expected], defaults: &[DefaultRule], year: i32) -> Vec<Review> {
    let mut reviews = by_rule(document, defaults, year);
    for activity in [DocumentActivity::InterimReview, DocumentActivity::FinalReview] {
        let due = expected.iter().filter(|expected| expected.milestone == milestone(activity));
        let due = due.filter_map(|expected| expected.due_on).filter(|due| due.year() == year).min();
        let Some(on) = due.filter(|_| reviews.iter().all(|review| review.activity != activity)) else { continue };
        let rule = ReviewRule::Expected;
        reviews.push(Review { document: document.id, activity, years: None, rule, on, precision: None });
    }
    reviews
}

fn by_rule(document: &Candidate, defaults: &[DefaultRule], year: i32) -> Vec<Review> {
    let Some(issued) = document.issued_on else { return Vec::new() };
    let of_kind = |rule: &&DefaultRule| rule.system == document.system && rule.document_kind == document.kind;
    let usual = defaults.iter().filter(of_kind).map(|rule| (rule.activity, rule.years));
    let ordered = document.schedule.iter().map(|due| (due.activity, due.years));
    let (rule, dues): (_, Vec<_>) = if document.schedule.is_empty() {
        (ReviewRule::Default, usual.collect())
    } else {
        (ReviewRule::Document, ordered.collect())
    };
    let review = |(activity, years): (DocumentActivity, i32)| {
        let on = years_after(issued, years)?;
        let precision = document.precision;
        Some(Review { document: document.id, activity, years: Some(years), rule, on, precision })
    };
    dues.into_iter().filter_map(review).filter(|review| review.on.year() == year).collect()
}

/// The same day so many years later; 28 February for 29 February where there is none.
fn years_after(day: Date, years: i32) -> Option<Date> {
    let months = Months::new(u32::try_from(years).ok()?.checked_mul(12)?);
    day.day().checked_add_months(months).and_then(|day| Date::new(day).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracking::implementation::expected::Whom;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

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
    fn due(document: &Candidate, expected: &[Expected], year: i32) -> Vec<String> {
        let told = |review: &Review| {
            let years = review.years.map_or("-".to_owned(), |years| years.to_string());
            format!("{} {years} {} {}", review.activity, review.rule, review.on)
        };
        falling_due(document, expected, &defaults().unwrap(), year).iter().map(told).collect()
    }

    fn expected(milestone: Milestone, due_on: &str) -> Expected {
        Expected { id: 1, milestone, whom: Whom::Words(None), due_on: due_on.parse().ok(), origin: None }
    }

    #[test]
    fn a_directive_of_2017_falls_due_after_ten_years_by_the_default() {
        let of_2017 = directive("2017-01-05", &[]);
        assert_eq!(due(&of_2017, &[], 2027), ["final_review 10 default 2027-01-05"]);
        assert_eq!(due(&of_2017, &[], 2022), ["interim_review 5 default 2022-01-05"]);
        assert_eq!(due(&of_2017, &[], 2026), [""; 0]);
    }

    #[test]
    fn what_a_document_orders_takes_the_place_of_the_default() {
        let own = directive("2015-06-22", &[(INTERIM, 3), (INTERIM, 5), (FINAL, 12)]);
        assert_eq!(due(&own, &[], 2018), ["interim_review 3 document 2018-06-22"]);
        assert_eq!(due(&own, &[], 2025), [""; 0]);
        assert_eq!(due(&own, &[], 2027), ["final_review 12 document 2027-06-22"]);
    }

    #[test]
    fn the_kind_and_the_system_decide_on_the_default() {
        let plan = Candidate { kind: DocumentKind::Plan, ..directive("2017-01-05", &[]) };
        let of_state = Candidate { system: DocumentSystem::State, ..directive("2017-01-05", &[]) };
        assert_eq!([plan, of_state].map(|document| due(&document, &[], 2027).len()), [0, 0]);
        assert_eq!(due(&directive("", &[]), &[], 2027), [""; 0], "without a date nothing falls due");
    }

    #[test]
    fn what_somebody_expects_falls_due_where_no_rule_says_so() {
        let expected = [expected(Milestone::ReviewedFinal, "2026-09-30"), expected(Milestone::Reported, "2026-09-30")];
        let of_2017 = directive("2017-01-05", &[]);
        assert_eq!(due(&of_2017, &expected, 2026), ["final_review - expected 2026-09-30"]);
        let later = [super::tests::expected(Milestone::ReviewedFinal, "2027-06-30")];
        assert_eq!(due(&of_2017, &later, 2027), ["final_review 10 default 2027-01-05"], "the same review");
    }

    #[test]
    fn a_leap_day_falls_due_on_the_last_day_of_february() {
        assert_eq!(due(&directive("2016-02-29", &[]), &[], 2021), ["interim_review 5 default 2021-02-28"]);
    }

    #[test]
    fn a_review_is_known_by_its_years_or_else_by_the_year_in_which_it_ends() {
        let review = falling_due(&directive("2015-06-22", &[]), &[], &defaults().unwrap(), 2020).remove(0);
        let held = HeldReview {
            conference: 5,
            document: 1,
            activity: INTERIM,
            years: Some(5),
            until: None,
            on: Some(day("2021-03-01")),
        };
        assert!(review.is_held(&held), "late, and of five years all the same");
        assert!(!review.is_held(&HeldReview { years: Some(3), ..held }));
        assert!(!review.is_held(&HeldReview { years: None, ..held }));
        assert!(review.is_held(&HeldReview { years: None, until: Some(day("2020-06-30")), ..held }));
        assert!(!review.is_held(&HeldReview { activity: FINAL, ..held }));
        assert!(!review.is_held(&HeldReview { document: 2, ..held }));
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
