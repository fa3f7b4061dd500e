//! The agenda of a document: all its reviews of whatever year, and which of them is meant by what is expected and by what
//! was held.
//!
//! The rule: both belong to the nearest review, if it is near, and to no other. Reviews "of so many years" are held up to a
//! year late, so that a year is near, and the year of the calendar decides nothing.

use std::collections::BTreeMap;

use super::rules::{Candidate, DefaultRule, HeldReview, Review, by_rule};
use crate::conferences::vocabulary::DocumentActivity;
use crate::domain::Date;
use crate::tasks::vocabulary::Milestone;
use crate::tracking::days_between;
use crate::tracking::implementation::expected::Expected;
use crate::tracking::vocabulary::ReviewRule;

/// How many days before or after a review may what belongs to it lie.
const NEAR: i64 = 365;

/// The first and the last day of a span.
type Days = (Date, Date);

/// All reviews of a document, and what is expected of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    reviews: Vec<Review>,
    expected: Vec<Expected>,
}

impl Agenda {
    /// The reviews that a document orders, else those of a default, and those that expectations make: one for those of a
    /// year to which no other review is near.
    #[must_use]
    pub fn of(document: &Candidate, expected: Vec<Expected>, defaults: &[DefaultRule]) -> Self {
        let mut reviews = by_rule(document, defaults);
        let mut alone: BTreeMap<(DocumentActivity, i32), Days> = BTreeMap::new();
        for (activity, due) in expected.iter().filter_map(due) {
            if nearest(of_sort(&reviews, activity), (due, due)).is_none() {
                let days = alone.entry((activity, due.year())).or_insert((due, due));
                *days = (days.0.min(due), days.1.max(due));
            }
        }
        reviews.extend(alone.into_iter().map(|((activity, _), days)| Review {
            document: document.id,
            activity,
            years: None,
            rule: ReviewRule::Expected,
            on: days.0,
            precision: None,
            days,
        }));
        Self { reviews, expected }
    }

    /// The reviews that fall due in a year, by their own day or by one that is expected of them.
    pub fn in_year(&self, year: i32) -> impl Iterator<Item = &Review> {
        let is_due = move |expected: &Expected| expected.due_on.is_some_and(|due| due.year() == year);
        self.reviews.iter().filter(move |review| review.on.year() == year || self.meant(review).any(is_due))
    }

    /// What is expected of a review: by a day that belongs to it, or by none.
    pub fn meant(&self, review: &Review) -> impl Iterator<Item = &Expected> {
        self.expected.iter().filter(move |expected| {
            let belongs = |day| self.on(review.activity, day) == Some(review);
            expected.milestone == review.milestone() && expected.due_on.is_none_or(belongs)
        })
    }

    /// The review that is expected on a day: the nearest of those by rule, else the one that expectations of its year make.
    fn on(&self, activity: DocumentActivity, day: Date) -> Option<&Review> {
        let (alone, by_rule): (Vec<&Review>, Vec<&Review>) =
            of_sort(&self.reviews, activity).partition(|review| review.rule == ReviewRule::Expected);
        let alone = || alone.iter().find(|review| review.on.year() == day.year()).copied();
        nearest(by_rule.iter().copied(), (day, day)).or_else(alone)
    }

    /// The review that a conference held: that of the years which it counts, whenever it was, or else the nearest. One that
    /// counts other years than a review is not that review.
    #[must_use]
    pub fn held_by(&self, held: &HeldReview) -> Option<&Review> {
        let mut counted = of_sort(&self.reviews, held.activity).filter(|review| review.years.is_some());
        if let Some(review) = counted.find(|review| review.years == held.years) {
            return Some(review);
        }
        let open = of_sort(&self.reviews, held.activity);
        nearest(open.filter(|review| held.years.is_none() || review.years.is_none()), held.days()?)
    }
}

fn of_sort(reviews: &[Review], activity: DocumentActivity) -> impl Iterator<Item = &Review> {
    reviews.iter().filter(move |review| review.activity == activity)
}

/// The review and the day of an expectation, if it is one of a review and has a day.
fn due(expected: &Expected) -> Option<(DocumentActivity, Date)> {
    let activity = match expected.milestone {
        Milestone::ReviewedInterim => DocumentActivity::InterimReview,
        Milestone::ReviewedFinal => DocumentActivity::FinalReview,
        _ => return None,
    };
    Some((activity, expected.due_on?))
}

/// The review that is nearest to these days and no more than [`NEAR`] days away; the earlier of two that are as near.
fn nearest<'a>(reviews: impl Iterator<Item = &'a Review>, days: Days) -> Option<&'a Review> {
    let near = reviews.map(|review| (apart(review.days, days), review)).filter(|(apart, _)| *apart <= NEAR);
    near.min_by_key(|(apart, review)| (*apart, review.on)).map(|(_, review)| review)
}

/// How many days lie between two spans; none if they share a day.
fn apart(one: Days, other: Days) -> i64 {
    days_between(one.1, other.0).max(days_between(other.1, one.0)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::document::ReviewDue;
    use crate::documents::vocabulary::{DocumentKind, DocumentSystem};
    use crate::domain::vocabulary::DatePrecision;
    use crate::tracking::implementation::expected::Whom;
    use crate::tracking::reviews::rules::defaults;

    const INTERIM: DocumentActivity = DocumentActivity::InterimReview;
    const FINAL: DocumentActivity = DocumentActivity::FinalReview;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The agenda of a directive that orders interim reviews after so many years, or of one that orders none.
    fn agenda(issued_on: &str, years: &[i32], due_on: &[&str]) -> Agenda {
        let candidate = Candidate {
            id: 1,
            system: DocumentSystem::Party,
            kind: DocumentKind::Directive,
            issued_on: issued_on.parse().ok(),
            precision: None,
            schedule: years.iter().map(|years| ReviewDue { activity: INTERIM, years: *years }).collect(),
        };
        let expected = |due_on: &&str| Expected {
            id: 1,
            milestone: Milestone::ReviewedInterim,
            whom: Whom::Words(None),
            due_on: due_on.parse().ok(),
            origin: None,
        };
        Agenda::of(&candidate, due_on.iter().map(expected).collect(), &defaults().unwrap())
    }

    /// The reviews of a year, each with the days that are expected of it.
    fn of_year(agenda: &Agenda, year: i32) -> Vec<String> {
        let told = |review: &Review| {
            let days = agenda.meant(review).map(|expected| expected.due_on.map_or("-".to_owned(), |on| on.to_string()));
            format!("{} {}: {}", review.rule, review.on, days.collect::<Vec<_>>().join(" "))
        };
        agenda.in_year(year).map(told).collect()
    }

    /// The day of the review that was held, if any was.
    fn held(agenda: &Agenda, years: Option<i32>, on: &str) -> String {
        let held = HeldReview {
            conference: 5,
            document: 1,
            activity: INTERIM,
            years,
            until: None,
            on: on.parse().ok(),
            precision: None,
        };
        agenda.held_by(&held).map_or("none".to_owned(), |review| review.on.to_string())
    }

    #[test]
    fn what_is_expected_belongs_to_the_nearest_review() {
        let agenda = agenda("2024-01-15", &[1, 2, 3], &["2025-01-31", "2026-01-31", "2027-01-31", ""]);
        assert_eq!(of_year(&agenda, 2025), ["document 2025-01-15: 2025-01-31 -"]);
        assert_eq!(of_year(&agenda, 2026), ["document 2026-01-15: 2026-01-31 -"]);
        assert_eq!(of_year(&agenda, 2027), ["document 2027-01-15: 2027-01-31 -"]);
    }

    #[test]
    fn what_is_expected_where_no_review_is_near_makes_one_for_its_year() {
        let agenda = agenda("2017-01-05", &[20], &["2026-12-15", "2026-06-30", "2027-01-31"]);
        assert_eq!(of_year(&agenda, 2026), ["expected 2026-06-30: 2026-12-15 2026-06-30"]);
        assert_eq!(of_year(&agenda, 2027), ["expected 2027-01-31: 2027-01-31"]);
        assert_eq!(held(&agenda, None, "2027-01-05"), "2026-06-30", "three weeks after its last day");
        assert_eq!(held(&agenda, Some(10), "2027-02-05"), "2027-01-31");
        assert_eq!(held(&agenda, Some(20), "2027-02-05"), "2037-01-05", "of the years that it counts");
    }

    #[test]
    fn review_stands_in_the_year_in_which_it_is_expected_too() {
        let agenda = agenda("2017-01-05", &[10], &["2026-09-30"]);
        let whole = ["document 2027-01-05: 2026-09-30"];
        assert_eq!([2026, 2027].map(|year| of_year(&agenda, year)), [whole, whole]);
        assert_eq!(of_year(&agenda, 2025), [""; 0]);
    }

    #[test]
    fn review_that_counts_no_years_is_the_nearest_within_a_year() {
        let agenda = agenda("2018-12-31", &[1, 2], &[]);
        let of = |on| held(&agenda, None, on);
        assert_eq!(["2018-12-30", "2018-12-31"].map(of), ["none", "2019-12-31"], "366 and 365 days before");
        assert_eq!(["2020-07-01", "2020-07-02"].map(of), ["2019-12-31", "2020-12-31"], "the earlier of two as near");
        assert_eq!(["2021-12-31", "2022-01-01"].map(of), ["2020-12-31", "none"], "365 and 366 days after");
        assert_eq!(held(&agenda, Some(1), "2022-01-01"), "2019-12-31", "however late, if it counts the year");
        assert_eq!(held(&agenda, Some(3), "2020-12-31"), "none", "it counts others");
        assert_eq!(of(""), "none");
    }

    #[test]
    fn a_day_of_less_precision_is_as_near_as_it_may_be() {
        let agenda = agenda("2015-06-22", &[], &[]);
        let of = |on: &str, precision, until: Option<&str>| {
            let held = HeldReview {
                conference: 5,
                document: 1,
                activity: INTERIM,
                years: None,
                until: until.map(day),
                on: Some(day(on)),
                precision,
            };
            agenda.held_by(&held).is_some()
        };
        assert!(of("2019-01-01", Some(DatePrecision::Year), None));
        assert!(!of("2019-01-01", None, None));
        assert!(of("2023-01-01", None, Some("2020-06-30")), "the end of the period goes before the day");
        let last = HeldReview {
            conference: 5,
            document: 1,
            activity: FINAL,
            years: None,
            until: None,
            on: Some(day("2020-06-22")),
            precision: None,
        };
        assert_eq!(agenda.held_by(&last), None);
    }
}
