//! How calendars describe themselves in the OpenAPI document.

use serde_json::{Value, json};

use super::operations::{Operation, not_modified};
use super::parameters::{of_filter, parameter, query};
use super::responses::{LIST_FAILURES, text_body};
use crate::calendar::{InCalendar, MOST_ENTRIES};
use crate::http::calendars::{ALARM_DAYS, PAST_DAYS};
use crate::http::negotiation::Format;

const EXAMPLE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n...\r\nEND:VCALENDAR\r\n";

/// `GET` of a calendar
#[must_use]
pub fn operation<R: InCalendar>() -> Value {
    let days = |most: u16| json!({ "type": "integer", "minimum": 0, "maximum": most });
    let past = format!("Only what is not over for more than this many days; in place of `{}`.", R::FROM);
    let alarm =
        "How many days before its day each entry reminds of itself, at eight in the morning; none does without it.";
    let kinds = json!({ "type": "string", "enum": ["todo", "event"], "default": "todo" });
    let entries = "What the entries are: `todo`, to be done by a day, or `event`, on that day.";
    let description = format!(
        "{}\n\nAn entry keeps its `UID` under whatever address it is fetched, and its `SEQUENCE` grows with every change. A \
         calendar has at most {MOST_ENTRIES} entries; more is 400. Programs that subscribe send no token: they see what is \
         public.",
        <R as InCalendar>::ABOUT
    );
    let answer = "The calendar. Ask again with `If-None-Match`, as programs that subscribe do.";
    Operation::reading(R::TAG, R::OPERATION, R::SUMMARY)
        .described(description)
        .taking(of_filter::<R>())
        .taking([
            query("past_days", &past, &days(PAST_DAYS), &json!(30)),
            query("alarm_days", alarm, &days(ALARM_DAYS), &json!(3)),
        ])
        .taking(R::TO_DO.then(|| query("entries", entries, &kinds, &json!("event"))))
        .taking([parameter("IfNoneMatch")])
        .answering(
            [("200", text_body(answer, Format::Calendar.media_type(), EXAMPLE, &["ETag"])), not_modified()],
            LIST_FAILURES,
        )
}
