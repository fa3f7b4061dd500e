//! How calendars describe themselves in the OpenAPI document.

use serde_json::{Value, json};

use super::operations::{Operation, not_modified};
use super::overviews::{TAG, own_parameters};
use super::parameters::{of_filter, parameter, query};
use super::responses::{LIST_FAILURES, text_body};
use crate::calendar::{ComputedCalendar, InCalendar, MOST_ENTRIES};
use crate::http::calendars::{ALARM_DAYS, PAST_DAYS, is_filter};
use crate::http::negotiation::Format;

const EXAMPLE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n...\r\nEND:VCALENDAR\r\n";

const ANSWER: &str = "The calendar. Ask again with `If-None-Match`, as programs that subscribe do.";

/// `GET` of a calendar
#[must_use]
pub fn operation<R: InCalendar>() -> Value {
    let past = format!("Only what is not over for more than this many days; in place of `{}`.", R::FROM);
    let description = format!("{}\n\n{}", <R as InCalendar>::ABOUT, about("its `SEQUENCE` grows with every change"));
    Operation::reading(R::TAG, R::OPERATION, R::SUMMARY)
        .described(description)
        .taking(of_filter::<R>(is_filter::<R>))
        .taking([query("past_days", &past, &days(PAST_DAYS), &json!(30)), alarm_days()])
        .taking(R::TO_DO.then(entries))
        .taking([parameter("IfNoneMatch")])
        .answering([("200", calendar()), not_modified()], LIST_FAILURES)
}

/// `GET` of a calendar of what is computed
#[must_use]
pub fn computed<O: ComputedCalendar>() -> Value {
    let about = about("its `DTSTAMP` is the beginning of the day on which it is asked for");
    let description = format!("{}\n\n{about}", <O as ComputedCalendar>::ABOUT);
    Operation::reading(TAG, <O as ComputedCalendar>::OPERATION, <O as ComputedCalendar>::SUMMARY)
        .described(description)
        .taking(own_parameters::<O>())
        .taking([alarm_days(), entries(), parameter("IfNoneMatch")])
        .answering([("200", calendar()), not_modified()], LIST_FAILURES)
}

/// What there is to know of every calendar.
fn about(stamped: &str) -> String {
    format!(
        "An entry keeps its `UID` under whatever address it is fetched, and {stamped}. A calendar has at most \
         {MOST_ENTRIES} entries; more is 400. Programs that subscribe send no token: they see what is public."
    )
}

fn days(most: u16) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": most })
}

fn alarm_days() -> Value {
    let alarm =
        "How many days before its day each entry reminds of itself, at eight in the morning; none does without it.";
    query("alarm_days", alarm, &days(ALARM_DAYS), &json!(3))
}

fn entries() -> Value {
    let kinds = json!({ "type": "string", "enum": ["todo", "event"], "default": "todo" });
    let entries = "What the entries are: `todo`, to be done by a day, or `event`, on that day.";
    query("entries", entries, &kinds, &json!("event"))
}

fn calendar() -> Value {
    text_body(ANSWER, Format::Calendar.media_type(), EXAMPLE, &["ETag"])
}
