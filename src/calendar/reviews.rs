//! Reviews that fall due, in a calendar: an entry for each document and review, on the day on which it falls due.

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
events of them, for programs that show nothing else. An entry for each document and review, on the day on which it falls due, \
with how many of the bodies that are asked about have held it. Without `year`, those of this year and of the next.";
    const NAME: &'static str = "Sơ kết, tổng kết đến hạn";

    fn questions(query: &ReviewQuery, today: Date) -> Vec<ReviewQuery> {
        let years = query.year.map_or_else(|| vec![today.year(), today.year().saturating_add(1)], |year| vec![year]);
        years.into_iter().map(|year| ReviewQuery { year: Some(year), ..query.clone() }).collect()
    }

    fn entries(&self, asked: &Asked, stamp: Instant) -> Vec<Entry> {
        self.reviews.iter().map(|review| entry(review, asked, stamp)).collect()
    }
}

fn entry(review: &DueReview, asked: &Asked, stamp: Instant) -> Entry {
    let words = &asked.words;
    let kind = words.short(DocumentActivity::ENUMERATION, review.activity.code());
    let years = review.years.map_or_else(String::new, |years| format!(" {years} năm"));
    let due = When::Due { on: review.on, progress: progress(review) };
    let summary = format!("{kind}{years}: {}", words.title(&review.document));
    let event = When::Days { first: review.on, last: review.on, cancelled: false };
    let asked_of = review.counts.first().filter(|count| count.bodies > 0);
    let held = asked_of.map(|count| format!("Đã tổ chức: {}/{}", count.done, count.bodies));
    let known = review.precision.filter(|precision| *precision != DatePrecision::Day);
    let known = known.map(|precision| format!("Không rõ ngày: {}.", words.day(review.on, Some(precision))));
    let years = review.years.map_or_else(|| "x".to_owned(), |years| years.to_string());
    Entry {
        name: format!("review-{}-{}-{years}", review.document.id, review.activity.code().replace('_', "-")),
        when: if asked.as_events { event } else { due },
        summary: if asked.as_events { format!("Đến hạn: {summary}") } else { summary },
        description: held.into_iter().chain(known).collect(),
        location: None,
        categories: vec![kind],
        priority: None,
        url: format!("/v1/reviews/due?document={}&year={}", review.document.id, review.on.year()),
        created: None,
        modified: stamp,
        sequence: 0,
        alarm: Alarm::of(due, asked.alarm_days, asked.today),
    }
}

/// How far a review is: done once every body that is asked about has held it.
fn progress(review: &DueReview) -> Progress {
    match review.counts.first() {
        Some(count) if count.done > 0 && count.done == count.bodies => Progress::Completed(None),
        Some(count) if count.done > 0 => Progress::InProcess,
        _ => Progress::NeedsAction,
    }
}
