//! The rules of a task that need nothing but the task: deadlines that agree with their kind, steps from state to state.

use chrono::Days;

use super::Task;
use crate::domain::check::{check_links, check_range, check_span};
use crate::domain::{Date, Fault, Faults, Id, LinkForm};
use crate::tasks::vocabulary::{DeadlineKind, TaskState};

/// What is wrong with a task by itself.
pub fn check(body: &Task<Id>, faults: &mut Faults) {
    check_links("/documents", &body.documents, faults);
    check_links("/conferences", &body.conferences, faults);
    check_range("/due_days", body.due_days, 1, 3650, faults);
    check_span("/period_to", body.period_from, body.period_to, faults);
    check_deadline(body, faults);
    check_state(body, faults);
}

/// Each kind of deadline has the field that tells it, and none of the others has that field.
fn check_deadline(body: &Task<Id>, faults: &mut Faults) {
    let kind = body.deadline_kind;
    let told = [
        ("due_on", body.due_on.is_some(), DeadlineKind::FixedDate),
        ("due_days", body.due_days.is_some(), DeadlineKind::DaysAfterIssue),
        ("recurrence", body.recurrence.is_some(), DeadlineKind::Recurring),
    ];
    for (field, is_there, of_kind) in told {
        if kind == of_kind && !is_there {
            let message = format!("is needed where deadline_kind is {of_kind}");
            faults.field(format!("/{field}"), Fault::new("missing", message));
        } else if kind != of_kind && is_there {
            let message = format!("must be null unless deadline_kind is {of_kind}");
            faults.field(format!("/{field}"), Fault::new("inconsistent", message));
        }
    }
    if kind == DeadlineKind::DaysAfterIssue && body.issued_on.is_none() {
        let message = format!("is needed where deadline_kind is {kind}");
        faults.field("/issued_on", Fault::new("missing", message));
    }
    if kind == DeadlineKind::Period && body.period_to.is_none() {
        let message = format!("is needed where deadline_kind is {kind}");
        faults.field("/period_to", Fault::new("missing", message));
    }
}

fn check_state(body: &Task<Id>, faults: &mut Faults) {
    let completed = body.state == TaskState::Completed;
    if completed && body.completed_on.is_none() {
        faults.field("/completed_on", Fault::new("missing", "is needed where the state is completed"));
    }
    if !completed && body.completed_on.is_some() {
        faults.field("/completed_on", Fault::new("inconsistent", "must be null unless the state is completed"));
    }
    if body.state == TaskState::Declined && body.state_reason.is_none() {
        faults.field("/state_reason", Fault::new("missing", "is needed where the state is declined"));
    }
}

/// The day by which a task is to be done as it was stated, before any extension.
#[must_use]
pub fn stated_due_on<L: LinkForm>(body: &Task<L>) -> Option<Date> {
    match body.deadline_kind {
        DeadlineKind::FixedDate => body.due_on,
        DeadlineKind::DaysAfterIssue => {
            let days = Days::new(u64::try_from(body.due_days?).ok()?);
            Date::new(body.issued_on?.day().checked_add_days(days)?).ok()
        }
        DeadlineKind::Period => body.period_to,
        DeadlineKind::Recurring | DeadlineKind::RegularNoDeadline | DeadlineKind::NoneStated => None,
    }
}

/// The states that may follow a state: work begins, is reported, is confirmed or returned; it is declined before it
/// begins, put on hold and taken up again; what was confirmed may turn out not to be done. A task that went to another
/// body, or was cancelled, is over.
#[must_use]
pub const fn next_states(state: TaskState) -> &'static [TaskState] {
    use TaskState::{Cancelled, Completed, Declined, InProgress, NotStarted, OnHold, Returned, Submitted, Transferred};
    match state {
        NotStarted => &[InProgress, Submitted, OnHold, Declined, Transferred, Cancelled],
        InProgress => &[Submitted, OnHold, Transferred, Cancelled],
        Submitted => &[Completed, Returned],
        Returned => &[InProgress, Submitted, OnHold, Transferred, Cancelled],
        Completed => &[Returned],
        OnHold => &[NotStarted, InProgress, Transferred, Cancelled],
        Declined => &[NotStarted, Transferred, Cancelled],
        Transferred | Cancelled => &[],
    }
}

/// Refuses a step that is not allowed, naming those that are.
///
/// # Errors
/// `inconsistent`.
pub fn check_step(from: TaskState, to: TaskState) -> Result<(), Fault> {
    let allowed = next_states(from);
    if from == to || allowed.contains(&to) {
        return Ok(());
    }
    let message = if allowed.is_empty() {
        format!("cannot follow {from}, after which nothing comes")
    } else {
        format!("cannot follow {from}")
    };
    Err(Fault::new("inconsistent", message).allowing([from].iter().chain(allowed).map(|state| state.code())))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn task(fields: Value) -> Task<Id> {
        let mut whole = json!({ "content": "Rà soát các dự án." });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn found(fields: Value) -> Vec<(String, &'static str)> {
        let mut faults = Faults::default();
        check(&task(fields), &mut faults);
        let place = |place| if let crate::domain::Place::Pointer(pointer) = place { pointer } else { String::new() };
        faults.0.into_iter().map(|(at, fault)| (place(at), fault.code)).collect()
    }

    fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
        vec![(pointer.to_owned(), code)]
    }

    #[test]
    fn a_task_needs_no_deadline() {
        assert_eq!(found(json!({})), []);
        assert_eq!(stated_due_on(&task(json!({ "deadline_text": "khẩn trương" }))), None);
    }

    #[test]
    fn a_deadline_has_what_its_kind_needs_and_nothing_else() {
        assert_eq!(found(json!({ "deadline_kind": "fixed_date" })), one("/due_on", "missing"));
        assert_eq!(found(json!({ "due_on": "2018-09-30" })), one("/due_on", "inconsistent"));
        let days = json!({ "deadline_kind": "days_after_issue", "due_days": 10 });
        assert_eq!(found(days), one("/issued_on", "missing"));
        assert_eq!(found(json!({ "deadline_kind": "recurring" })), one("/recurrence", "missing"));
        assert_eq!(
            found(json!({ "deadline_kind": "period", "period_from": "2024-01-01" })),
            one("/period_to", "missing")
        );
        let regular = json!({ "deadline_kind": "regular_no_deadline", "due_on": "2018-09-30" });
        assert_eq!(found(regular), one("/due_on", "inconsistent"));
    }

    #[test]
    fn the_due_day_is_that_of_the_kind_of_deadline() {
        let due = |fields| stated_due_on(&task(fields)).map(|day| day.to_string());
        let fixed = json!({ "deadline_kind": "fixed_date", "due_on": "2018-09-30" });
        assert_eq!(due(fixed).as_deref(), Some("2018-09-30"));
        let days = json!({ "deadline_kind": "days_after_issue", "due_days": 10, "issued_on": "2024-02-25" });
        assert_eq!(due(days).as_deref(), Some("2024-03-06"));
        let period = json!({ "deadline_kind": "period", "period_from": "2024-01-01", "period_to": "2024-12-31" });
        assert_eq!(due(period).as_deref(), Some("2024-12-31"));
        assert_eq!(due(json!({ "deadline_kind": "recurring", "recurrence": "quarterly" })), None);
        let after_the_calendar =
            json!({ "deadline_kind": "days_after_issue", "due_days": 10, "issued_on": "2199-12-31" });
        assert_eq!(due(after_the_calendar), None);
    }

    #[test]
    fn what_is_completed_was_completed_on_a_day() {
        assert_eq!(found(json!({ "state": "completed" })), one("/completed_on", "missing"));
        assert_eq!(found(json!({ "completed_on": "2018-09-28" })), one("/completed_on", "inconsistent"));
        assert_eq!(found(json!({ "state": "completed", "completed_on": "2018-09-28" })), []);
    }

    #[test]
    fn declining_needs_a_reason() {
        assert_eq!(found(json!({ "state": "declined" })), one("/state_reason", "missing"));
        assert_eq!(found(json!({ "state": "declined", "state_reason": "Không thuộc thẩm quyền." })), []);
    }

    #[test]
    fn a_task_names_each_document_once() {
        assert_eq!(found(json!({ "documents": [1, 2, 1] })), one("/documents/2", "inconsistent"));
        assert_eq!(found(json!({ "conferences": (1..=51).collect::<Vec<i64>>() })), one("/conferences", "too_many"));
    }

    #[test]
    fn a_state_moves_along_allowed_steps_only() {
        assert!(check_step(TaskState::NotStarted, TaskState::InProgress).is_ok());
        assert!(check_step(TaskState::Submitted, TaskState::Submitted).is_ok());
        let fault = check_step(TaskState::NotStarted, TaskState::Completed).unwrap_err();
        assert_eq!(fault.message, "cannot follow not_started");
        assert_eq!(
            fault.allowed,
            ["not_started", "in_progress", "submitted", "on_hold", "declined", "transferred", "cancelled"]
        );
        let over = check_step(TaskState::Cancelled, TaskState::InProgress).unwrap_err();
        assert_eq!(
            (over.message.as_str(), over.allowed.as_slice()),
            ("cannot follow cancelled, after which nothing comes", ["cancelled".to_owned()].as_slice())
        );
    }

    #[test]
    fn only_what_was_reported_can_be_completed() {
        let before = TaskState::ALL.iter().filter(|state| next_states(**state).contains(&TaskState::Completed));
        assert_eq!(before.collect::<Vec<_>>(), [&TaskState::Submitted]);
    }
}
