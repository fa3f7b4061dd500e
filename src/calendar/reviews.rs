//! Reviews that fall due, in a calendar: an entry for each document and review, on the day on which it falls due, or on the
//! last that it may be.

use super::{Alarm, Asked, ComputedCalendar, Entry, Progress, When};
use crate::conferences::vocabulary::DocumentActivity;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Instant};
use crate::tracking::reviews::rows::DueReview;
use crate::tracking::reviews::{ReviewQuery, ReviewsDue};

impl ComputedCalendar for ReviewsDue {
    const PATH: &'static str = "/v1/reviews/due.ics";
    const OPERATION: &'static str = "get_review_calendar";
    const SUMMARY: &'static str = "Subscribe to reviews that fall due";
    const ABOUT: &'static str = "\
The reviews of `GET /v1/reviews/due`, from the same parameters, as a calendar (RFC 5545) of things to do; `entries=event` makes \
events of them, for programs that show nothing else. An entry for each document and review, on the day on which it falls due; \
where only the month or the year is known, on its last day. It says how many have held it, of those that `level` or `admin_unit` \
asks for, or else of those that are expected to, and is completed once all have; where nobody is asked for or expected to, it \
never is. Without `year`, those of this year and of the next.";
    const NAME: &'static str = "Sơ kết, tổng kết đến hạn";

    fn questions(query: &ReviewQuery, today: Date) -> Vec<ReviewQuery> {
        let years = query.year.map_or_else(|| vec![today.year(), today.year().saturating_add(1)], |year| vec![year]);
        years.into_iter().map(|year| ReviewQuery { year: Some(year), ..query.clone() }).collect()
    }

    fn entries(&self, query: &ReviewQuery, asked: &Asked, stamp: Instant) -> Vec<Entry> {
        self.reviews.iter().map(|review| entry(review, query, asked, stamp)).collect()
    }
}

fn entry(review: &DueReview, query: &ReviewQuery, asked: &Asked, stamp: Instant) -> Entry {
    let words = &asked.words;
    let kind = words.short(DocumentActivity::ENUMERATION, review.activity.code());
    let years = review.years.map_or_else(String::new, |years| format!(" {years} năm"));
    let held = Held::of(review, query);
    // In the middle of its month or year it would be over before the time is.
    let on = review.on.span(review.precision).1;
    let due = When::Due { on, progress: held.progress() };
    let summary = format!("{kind}{years}: {}", words.title(&review.document));
    let event = When::Days { first: on, last: on, cancelled: false };
    let known = review.precision.filter(|precision| *precision != DatePrecision::Day);
    let known = known.map(|precision| format!("Không rõ ngày: {}.", words.day(review.on, Some(precision))));
    Entry {
        name: name(review),
        when: if asked.as_events { event } else { due },
        summary: if asked.as_events { format!("Đến hạn: {summary}") } else { summary },
        description: held.told().into_iter().chain(known).collect(),
        location: None,
        categories: vec![kind],
        priority: None,
        url: address(review, query),
        created: None,
        modified: stamp,
        sequence: 0,
        alarm: Alarm::of(due, asked.alarm_days, asked.today),
    }
}

/// What nothing else is called: a review after so many years, or the one that is expected in a year.
fn name(review: &DueReview) -> String {
    let years = review.years.map_or_else(|| format!("expected-{}", review.on.year()), |years| years.to_string());
    format!("review-{}-{}-{years}", review.document.id, review.activity.code().replace('_', "-"))
}

/// Where the review is told of in the same way: with the parameters that decide on its rows.
fn address(review: &DueReview, query: &ReviewQuery) -> String {
    let asked = [
        ("activity", query.activity.map(|activity| activity.to_string())),
        ("years", query.years.map(|years| years.to_string())),
        ("level", query.level.map(|level| level.to_string())),
        ("admin_unit", query.admin_unit.map(|unit| unit.to_string())),
        ("held", query.held.map(|held| held.to_string())),
        ("as_of", query.as_of.map(|day| day.to_string())),
        ("units", query.units.map(|day| day.to_string())),
    ];
    let asked = asked.into_iter().filter_map(|(name, value)| Some(format!("&{name}={}", value?)));
    format!("/v1/reviews/due?document={}&year={}", review.document.id, review.on.year()) + &asked.collect::<String>()
}

/// How many bodies have held a review.
struct Held {
    bodies: i64,
    /// How many of how many, where the latter are known: not of those that happen to have acted.
    of: Option<(i64, i64)>,
}

impl Held {
    fn of(review: &DueReview, query: &ReviewQuery) -> Self {
        let Some(count) = review.counts.first() else { return Self { bodies: 0, of: None } };
        let asks = query.level.is_some() || query.admin_unit.is_some();
        let of = if asks { (count.done, count.bodies) } else { (count.expected_done, count.expected) };
        Self { bodies: count.done, of: Some(of).filter(|(_, all)| *all > 0) }
    }

    /// How far the review is: done once all of whom it is asked have held it.
    fn progress(&self) -> Progress {
        match self.of {
            Some((done, all)) if done == all => Progress::Completed(None),
            _ if self.bodies > 0 => Progress::InProcess,
            _ => Progress::NeedsAction,
        }
    }

    fn told(&self) -> Option<String> {
        let alone = (self.bodies > 0).then(|| format!("Đã có {} cơ quan tổ chức", self.bodies));
        self.of.map(|(done, all)| format!("Đã tổ chức: {done}/{all}")).or(alone)
    }
}
