//! Conferences in a calendar: whole days, since no record has an hour.

use super::store::{Dealt, dealt};
use super::{Alarm, Asked, Entry, InCalendar, When};
use crate::conferences::conference::store::{ConferenceRow, deleted_since};
use crate::conferences::conference::{Conference, ConferenceFilter, Conferences};
use crate::conferences::vocabulary::{ConferenceMode, DocumentActivity, PartOfDay};
use crate::db::{Conn, Scope};
use crate::domain::page::SortField;
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Id, Instant, Link, Record, Resource, Result};
use crate::service::expand::Expansion;
use crate::service::read::View;
use crate::tracking::shown::Links;

impl InCalendar for Conferences {
    const PATH: &'static str = "/v1/conferences.ics";
    const OPERATION: &'static str = "get_conference_calendar";
    const SUMMARY: &'static str = "Subscribe to conferences";
    const ABOUT: &'static str = "\
The conferences that the filters of `GET /v1/conferences` let through, as a calendar (RFC 5545). They stand on whole days, as \
no record has an hour. One of which only the month or the year is known spans all of it and says so; one without a day is not \
here. One that was deleted stays for ninety days, as cancelled, where its own fields are what the filters ask about.";
    const NAME: &'static str = "Hội nghị";
    const FROM: &'static str = "held_from";
    const SORT: SortField = SortField { name: "held_on", column: "held_from_key" };
    const TO_DO: bool = false;

    fn entries(conn: &mut Conn, scope: Scope, records: &[View<Self>], asked: &Asked) -> Result<Vec<Entry>> {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let dealt = dealt(conn, scope, &ids)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let linked: Vec<Vec<(Option<Link>, Option<DocumentActivity>)>> = ids
            .iter()
            .map(|id| dealt.get(id).into_iter().flatten().map(|dealt| with_link(*dealt, &mut links)).collect())
            .collect();
        links.0.fill(conn, scope)?;
        Ok(records.iter().zip(&linked).filter_map(|(record, dealt)| entry(record, dealt, asked)).collect())
    }

    fn deleted(
        conn: &mut Conn,
        filter: &ConferenceFilter,
        scope: Scope,
        since: Instant,
        most: i64,
    ) -> Result<Vec<ConferenceRow>> {
        deleted_since(conn, filter, scope, since, most)
    }
}

fn with_link((document, activity): Dealt, links: &mut Links<'_>) -> (Option<Link>, Option<DocumentActivity>) {
    (document.map(|id| links.document(id)), activity)
}

fn entry(
    record: &Record<Conference<Link>>,
    dealt: &[(Option<Link>, Option<DocumentActivity>)],
    asked: &Asked,
) -> Option<Entry> {
    let body = &record.body;
    let (first, last) = body.held_from?.span(body.date_precision);
    let last = body.held_to.map_or(last, |held_to| held_to.max(last));
    let when = When::Days { first, last, cancelled: false };
    Some(Entry {
        name: format!("{}-{}", Conferences::TYPE, record.id),
        when,
        summary: body.name.to_string(),
        description: description(body, dealt, asked),
        location: body.place.as_ref().map(ToString::to_string),
        categories: categories(dealt, asked),
        priority: None,
        url: record.url.clone(),
        created: Some(record.created_at),
        modified: record.updated_at,
        sequence: record.version.saturating_sub(1),
        alarm: Alarm::of(when, asked.alarm_days, asked.today),
    })
}

/// What the conference did, each once.
fn categories(dealt: &[(Option<Link>, Option<DocumentActivity>)], asked: &Asked) -> Vec<String> {
    let mut activities: Vec<DocumentActivity> = dealt.iter().filter_map(|(_, activity)| *activity).collect();
    activities.sort();
    activities.dedup();
    activities.iter().map(|activity| asked.words.short(DocumentActivity::ENUMERATION, activity.code())).collect()
}

fn description(
    body: &Conference<Link>,
    dealt: &[(Option<Link>, Option<DocumentActivity>)],
    asked: &Asked,
) -> Vec<String> {
    let words = &asked.words;
    let convened = body.convening_body.as_ref().map(|link| words.title(link));
    let mode =
        (body.mode != ConferenceMode::Unknown).then(|| words.code(ConferenceMode::ENUMERATION, body.mode.code()));
    let told = [
        ("held_text", body.held_text.as_ref().map(ToString::to_string)),
        ("convening_body", convened.or(body.convening_text.as_ref().map(ToString::to_string))),
        ("admin_unit", body.admin_unit.as_ref().map(|link| words.title(link))),
        ("mode", mode),
        ("topic", body.topic.as_ref().map(ToString::to_string)),
    ];
    let told = told.into_iter().filter_map(|(field, text)| Some(format!("{}: {}", words.field(field), text?)));
    let documents = dealt.iter().filter_map(|(document, activity)| {
        let document = words.title(document.as_ref()?);
        let activity = activity.map(|activity| words.short(DocumentActivity::ENUMERATION, activity.code()));
        Some(format!("- {}{document}", activity.map_or_else(String::new, |activity| format!("{activity}: "))))
    });
    let part = body.part_of_day.map(|part| format!("{}.", words.code(PartOfDay::ENUMERATION, part.code())));
    known(body, asked).into_iter().chain(part).chain(told).chain(documents).collect()
}

/// How much of the day is known, where that is not all of it.
fn known(body: &Conference<Link>, asked: &Asked) -> Option<String> {
    let day = body.held_from.map(|day| asked.words.day(day, body.date_precision))?;
    match body.date_precision {
        Some(DatePrecision::Month) => Some(format!("Không rõ ngày: trong tháng {day}.")),
        Some(DatePrecision::Year) => Some(format!("Không rõ ngày: trong năm {day}.")),
        Some(DatePrecision::Day) | None => body.year_inferred.then(|| "Năm được suy ra.".to_owned()),
    }
}
