//! Tasks in a calendar: what is to be done by a day, the one that holds after the extensions that were granted.

use super::{Alarm, Asked, Entry, InCalendar, Progress, When};
use crate::db::{Conn, Scope};
use crate::documents::vocabulary::Urgency;
use crate::domain::page::SortField;
use crate::domain::text::heading;
use crate::domain::{Computed, Date, Id, Instant, Line, Link, Record, Resource, Result};
use crate::service::read::View;
use crate::tasks::extension::store::{Extended, ever_granted};
use crate::tasks::task::store::{TaskRow, deleted_since};
use crate::tasks::task::{Task, TaskFilter, Tasks, stated_due_on};
use crate::tasks::timeliness::effective_due_on;
use crate::tasks::vocabulary::{AssignmentRole, TaskState};

impl InCalendar for Tasks {
    const PATH: &'static str = "/v1/tasks.ics";
    const OPERATION: &'static str = "get_task_calendar";
    const SUMMARY: &'static str = "Subscribe to tasks";
    const ABOUT: &'static str = "\
The tasks that the filters of `GET /v1/tasks` let through and that are due on a day, as a calendar (RFC 5545) of things to do; \
`entries=event` makes events of them, for programs that show nothing else. The day is the one that holds after the extensions \
that were granted; a task that recurs, or has no deadline, is not here. One that was cancelled or transferred is marked as \
cancelled, and so for ninety days is one that was deleted, where its own fields are what the filters ask about. A calendar \
shows today, so that there is no `as_of`.";
    const NAME: &'static str = "Nhiệm vụ";
    const FROM: &'static str = "due_from";
    const SORT: SortField = SortField { name: "due_on", column: "due_on_key" };
    const TO_DO: bool = true;

    fn entries(conn: &mut Conn, scope: Scope, records: &[View<Self>], asked: &Asked) -> Result<Vec<Entry>> {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let extended = ever_granted(conn, scope, &ids)?;
        Ok(records.iter().filter_map(|record| entry(record, extended.get(&record.id).copied(), asked)).collect())
    }

    fn restore(conn: &mut Conn, scope: Scope, records: &mut [View<Self>]) -> Result<()> {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let extended = ever_granted(conn, scope, &ids)?;
        for record in records {
            let Some(Extended { count, until, .. }) = extended.get(&record.id).copied() else { continue };
            let body = &mut record.body;
            body.effective_due_on = Computed::Known(effective_due_on(body.deadline_kind, stated_due_on(body), until));
            body.extensions_granted = Computed::Known(i32::try_from(count).ok());
        }
        Ok(())
    }

    fn deleted(conn: &mut Conn, filter: &TaskFilter, scope: Scope, since: Instant, most: i64) -> Result<Vec<TaskRow>> {
        deleted_since(conn, filter, scope, since, most)
    }
}

/// What is known of a task; nothing if it is due on no day.
fn entry(record: &Record<Task<Link>>, extended: Option<Extended>, asked: &Asked) -> Option<Entry> {
    let body = &record.body;
    let on = *body.effective_due_on.value()?;
    let due = When::Due { on, progress: progress(body) };
    // Nobody is at work on these now.
    let rests = matches!(body.state, TaskState::OnHold | TaskState::Declined);
    let alarm = Alarm::of(due, asked.alarm_days.filter(|_| !rests), asked.today);
    let code = body.code.as_ref().map_or_else(String::new, |code| format!("{code} "));
    let title = format!("{code}{}", heading(&body.content));
    let (when, summary) = if asked.as_events { (as_event(on, due), shown(&title, body)) } else { (due, title) };
    Some(Entry {
        name: format!("{}-{}", Tasks::TYPE, record.id),
        when,
        summary,
        description: description(body, asked),
        location: None,
        categories: vec![asked.words.code(TaskState::ENUMERATION, body.state.code())],
        priority: body.urgency.and_then(priority),
        url: record.url.clone(),
        created: Some(record.created_at),
        modified: extended.map_or(record.updated_at, |extended| extended.at.max(record.updated_at)),
        // An extension moves the day and leaves the version of the task alone. One that was deleted with the task counts on,
        // for a sequence that falls is not heeded (RFC 5545 section 3.8.7.4).
        sequence: record.version.saturating_sub(1).saturating_add(extended.map_or(0, |extended| extended.count)),
        alarm,
    })
}

/// How far a task is. One that somebody declined, or that was put on hold, is still to be done by somebody.
fn progress(body: &Task<Link>) -> Progress {
    match body.state {
        TaskState::NotStarted | TaskState::Returned | TaskState::Declined | TaskState::OnHold => Progress::NeedsAction,
        TaskState::InProgress | TaskState::Submitted => Progress::InProcess,
        TaskState::Completed => Progress::Completed(body.completed_on),
        TaskState::Transferred | TaskState::Cancelled => Progress::Cancelled,
    }
}

fn as_event(on: Date, due: When) -> When {
    let cancelled = matches!(due, When::Due { progress: Progress::Cancelled, .. });
    When::Days { first: on, last: on, cancelled }
}

/// The heading of a task as an event, which has no status of its own to say that it is done.
fn shown(heading: &str, body: &Task<Link>) -> String {
    if body.state == TaskState::Completed {
        format!("Đã hoàn thành: {heading}")
    } else {
        format!("Đến hạn: {heading}")
    }
}

const fn priority(urgency: Urgency) -> Option<u8> {
    match urgency {
        Urgency::Express => Some(1),
        Urgency::VeryUrgent => Some(2),
        Urgency::Urgent => Some(3),
        Urgency::Normal => None,
    }
}

fn description(body: &Task<Link>, asked: &Asked) -> Vec<String> {
    let words = &asked.words;
    let title = |link: Option<&Link>| link.map(|link| words.title(link));
    let text = |line: Option<&Line>| line.map(ToString::to_string);
    let role = words.code(AssignmentRole::ENUMERATION, AssignmentRole::Lead.code());
    let lead = title(body.lead.value()).or(text(body.lead_text.value()));
    let issued_by =
        title(body.issued_by.as_ref()).or(title(body.issued_by_person.as_ref())).or(text(body.issued_by_text.as_ref()));
    let extensions = body.extensions_granted.value().copied().filter(|granted| *granted > 0);
    let field = |name: &str| words.field(name).to_owned();
    let told = [
        (role, lead),
        (field("issued_by"), issued_by),
        (field("issued_on"), body.issued_on.map(|day| words.day(day, None))),
        (field("origin_document"), title(body.origin_document.as_ref())),
        (field("origin_conference"), title(body.origin_conference.as_ref())),
        (field("deadline_text"), text(body.deadline_text.as_ref())),
        (field("product"), text(body.product.as_ref())),
        (field("state"), Some(words.code(TaskState::ENUMERATION, body.state.code()))),
        (field("state_reason"), body.state_reason.as_ref().map(ToString::to_string)),
        (field("extensions_granted"), extensions.map(|granted| granted.to_string())),
    ];
    let content = body.content.to_string();
    let told = told.into_iter().filter_map(|(name, text)| Some(format!("{name}: {}", text?)));
    (content != heading(&body.content)).then_some(content).into_iter().chain(told).collect()
}
