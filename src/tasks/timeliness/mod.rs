//! How a task stands on a day: done or open, in time or late, by the due date that extensions left it; and what it lacks.
//!
//! The rule: a task is what its own record says. What was completed after the day was open on it. A task that is paused,
//! declined, transferred or cancelled has left every rate; its record has no day for that, so that reports date it, as
//! [`has_left`] says. A report alone takes no task out of the rates of today, else a body could do so with its own.
//! [`store`] says the same in SQL, and a test holds the two against each other.

pub mod store;

use chrono::Days;

use super::assignment::store::Lead;
use super::holiday::Calendar;
use super::vocabulary::{DeadlineKind, Signal, TaskLack, TaskState, TaskTimeliness};
use crate::domain::{Date, Error, Fault, Result};

/// How many days before its due date a task is due soon, where nobody says.
pub const DUE_SOON: i32 = 3;

/// The states that leave every rate.
pub const LEFT: &[TaskState] = &[TaskState::OnHold, TaskState::Declined, TaskState::Transferred, TaskState::Cancelled];

/// The day whose end is told of, and how far from it a due date is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// The last due date that is near.
    pub soon: Date,
}

impl Moment {
    /// The end of a day on which what is due within `due_soon_days` is due soon.
    ///
    /// # Errors
    /// `Malformed` if that is not from 0 to 365.
    pub fn new(day: Date, due_soon_days: Option<i32>) -> Result<Self> {
        let days = u64::try_from(due_soon_days.unwrap_or(DUE_SOON)).ok().filter(|days| *days <= 365);
        let refused = || Error::parameter("due_soon_days", Fault::new("out_of_range", "must be from 0 to 365"));
        let days = Days::new(days.ok_or_else(refused)?);
        let soon = day.day().checked_add_days(days).and_then(|soon| Date::new(soon).ok());
        Ok(Self { day, soon: soon.unwrap_or(day) })
    }
}

/// What decides how a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Its state now.
    pub state: TaskState,
    /// The day on which it was done.
    pub completed_on: Option<Date>,
    /// What reports said of its state.
    pub reported: Reported,
    /// By when it was to be done, after the extensions that had been granted by the end of the day.
    pub due: Option<Date>,
}

/// What the reports on a task, each of a state and a day, said by the end of a day and later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reported {
    /// The last day by then on which one said that the task had left the rates.
    pub left_on: Option<Date>,
    /// The last day by then on which one said otherwise.
    pub at_work_on: Option<Date>,
    /// The last day of all.
    pub last_on: Option<Date>,
    /// The last day of all on which one said that the task had not left the rates.
    pub last_at_work_on: Option<Date>,
}

impl Reported {
    /// What these reports said by the end of a day.
    #[must_use]
    pub fn by(day: Date, reports: &[(TaskState, Date)]) -> Self {
        let last = |left: Option<bool>, until: Option<Date>| {
            let meant = reports.iter().filter(|(state, _)| left.is_none_or(|left| LEFT.contains(state) == left));
            meant.map(|(_, on)| *on).filter(|on| until.is_none_or(|until| *on <= until)).max()
        };
        Self {
            left_on: last(Some(true), Some(day)),
            at_work_on: last(Some(false), Some(day)),
            last_on: last(None, None),
            last_at_work_on: last(Some(false), None),
        }
    }
}

/// Whether a task that is not done had left every rate at the end of a day: paused, declined, transferred or cancelled.
///
/// On a day that reports say it had, it counts if somebody else than the reporter bears that out: its record has left the
/// rates now, or a later report has it at work again. So a pause that is over leaves the days of the pause out, and a pause
/// that only a report knows, and no end of, leaves out nothing. A body that reports both loses what it gains: the task is
/// late again from the day on which it went on. On a day that no report says so, it counts only if its record has left the
/// rates now, and no later report says anything: it left without a report, and not before the last one. Of two reports of
/// one day that contradict each other the one holds by which the task is in the rates.
#[must_use]
pub fn has_left(state: TaskState, reported: &Reported, day: Date) -> bool {
    let reported_left = reported.left_on > reported.at_work_on;
    let is_left = LEFT.contains(&state);
    let went_on = reported.last_at_work_on > Some(day);
    let said_more = reported.last_on > Some(day);
    (reported_left && (is_left || went_on)) || (is_left && !said_more)
}

/// How a task stands at the end of a day.
#[must_use]
pub fn timeliness(facts: &Facts, moment: Moment) -> TaskTimeliness {
    let completed = facts.completed_on.filter(|on| facts.state == TaskState::Completed && *on <= moment.day);
    if completed.is_none() && has_left(facts.state, &facts.reported, moment.day) {
        return TaskTimeliness::Excluded;
    }
    match (completed, facts.due) {
        (Some(_), None) => TaskTimeliness::DoneNoDeadline,
        (Some(on), Some(due)) if on <= due => TaskTimeliness::DoneOnTime,
        (Some(_), Some(_)) => TaskTimeliness::DoneLate,
        (None, None) => TaskTimeliness::OpenNoDeadline,
        (None, Some(due)) if due < moment.day => TaskTimeliness::OpenOverdue,
        (None, Some(due)) if due <= moment.soon => TaskTimeliness::OpenDueSoon,
        (None, Some(_)) => TaskTimeliness::OpenInTime,
    }
}

impl TaskTimeliness {
    /// What a traffic light shows; nothing for a task that is in no rate.
    #[must_use]
    pub const fn signal(self) -> Option<Signal> {
        match self {
            Self::DoneOnTime | Self::DoneLate | Self::DoneNoDeadline | Self::OpenInTime => Some(Signal::Green),
            Self::OpenDueSoon => Some(Signal::Yellow),
            Self::OpenOverdue => Some(Signal::Red),
            Self::OpenNoDeadline => Some(Signal::Grey),
            Self::Excluded => None,
        }
    }

    /// Whether it is done.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::DoneOnTime | Self::DoneLate | Self::DoneNoDeadline)
    }
}

/// The days between the due date and the day on which a task was done, or that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Distance {
    /// How many days an open task still has.
    pub left: Option<i64>,
    /// How many of these are working days; none if the calendar of holidays does not reach so far.
    pub working_left: Option<i64>,
    /// How many days past its due date it is, or was done.
    pub late: Option<i64>,
    /// How many of these are working days.
    pub working_late: Option<i64>,
}

/// How far a task is, or was when it was done, from its due date.
#[must_use]
pub fn distance(facts: &Facts, moment: Moment, calendar: &Calendar) -> Distance {
    let Some(due) = facts.due else { return Distance::default() };
    let days = |from: Date, to: Date| to.day().signed_duration_since(from.day()).num_days();
    let late_on = match timeliness(facts, moment) {
        TaskTimeliness::OpenInTime | TaskTimeliness::OpenDueSoon => {
            let left = Some(days(moment.day, due));
            return Distance { left, working_left: calendar.working_days(moment.day, due), ..Distance::default() };
        }
        TaskTimeliness::OpenOverdue => Some(moment.day),
        TaskTimeliness::DoneLate => facts.completed_on,
        _ => None,
    };
    let Some(on) = late_on else { return Distance::default() };
    Distance { late: Some(days(due, on)), working_late: calendar.working_days(due, on), ..Distance::default() }
}

/// By when a task of this kind of deadline is to be done: what an extension granted, else what was stated. What is to be
/// done all the time has no deadline and is never overdue.
#[must_use]
pub fn effective_due_on(kind: DeadlineKind, stated: Option<Date>, granted: Option<Date>) -> Option<Date> {
    if kind == DeadlineKind::RegularNoDeadline { None } else { granted.or(stated) }
}

/// What a task says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clarity {
    /// What sort of deadline it has.
    pub deadline_kind: DeadlineKind,
    /// By when it is to be done.
    pub due: Option<Date>,
    /// Whether it has a product.
    pub has_product: bool,
    /// Who answers for it.
    pub answerable: Answerable,
}

/// Who answers for a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerable {
    /// Nobody.
    Nobody,
    /// A class of bodies, or whom words name.
    Unnamed,
    /// A body or a person.
    Named,
}

impl Answerable {
    /// Who answers for a task that this one leads.
    #[must_use]
    pub fn of(lead: Option<&Lead>) -> Self {
        match lead.map(Lead::who) {
            None => Self::Nobody,
            Some(None) => Self::Unnamed,
            Some(Some(_)) => Self::Named,
        }
    }
}

/// What a task does not say.
#[must_use]
pub fn lacks(clarity: &Clarity) -> Vec<TaskLack> {
    let kind = clarity.deadline_kind;
    let timeless = matches!(kind, DeadlineKind::RegularNoDeadline | DeadlineKind::Recurring);
    let lacking = [
        (TaskLack::Lead, clarity.answerable == Answerable::Nobody),
        (TaskLack::Deadline, clarity.due.is_none() && !timeless),
        (TaskLack::Product, !clarity.has_product),
        (TaskLack::Responsibility, clarity.answerable != Answerable::Named),
    ];
    lacking.into_iter().filter_map(|(lack, is_lacking)| is_lacking.then_some(lack)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn facts(state: TaskState, completed_on: &str, due: &str) -> Facts {
        let reported = Reported::default();
        Facts { state, completed_on: completed_on.parse().ok(), reported, due: due.parse().ok() }
    }

    fn on(text: &str, facts: &Facts) -> &'static str {
        timeliness(facts, Moment::new(day(text), None).unwrap()).code()
    }

    const OPEN: TaskState = TaskState::InProgress;

    #[test]
    fn what_is_done_by_its_due_date_is_done_on_time() {
        let done = |due| on("2026-12-31", &facts(TaskState::Completed, "2026-09-30", due));
        assert_eq!(["2026-09-30", "2026-09-29", ""].map(done), ["done_on_time", "done_late", "done_no_deadline"]);
    }

    #[test]
    fn what_was_completed_after_the_day_was_open_on_it() {
        let task = facts(TaskState::Completed, "2026-10-05", "2026-09-30");
        let told = ["2026-09-30", "2026-10-01", "2026-10-04", "2026-10-05"].map(|day| on(day, &task));
        assert_eq!(told, ["open_due_soon", "open_overdue", "open_overdue", "done_late"]);
    }

    #[test]
    fn a_task_is_overdue_from_the_day_after_its_due_date_and_due_soon_three_days_before() {
        let told = |day| on(day, &facts(OPEN, "", "2026-09-30"));
        let days = ["2026-09-26", "2026-09-27", "2026-09-30", "2026-10-01"];
        assert_eq!(days.map(told), ["open_in_time", "open_due_soon", "open_due_soon", "open_overdue"]);
        let near = Moment::new(day("2026-09-26"), Some(4)).unwrap();
        assert_eq!(timeliness(&facts(OPEN, "", "2026-09-30"), near), TaskTimeliness::OpenDueSoon);
        assert!(
            Moment::new(day("2026-09-26"), Some(-1)).is_err() && Moment::new(day("2026-09-26"), Some(366)).is_err()
        );
    }

    #[test]
    fn what_is_only_reported_as_done_is_open() {
        for state in [TaskState::Submitted, TaskState::Returned, TaskState::NotStarted] {
            assert_eq!(on("2026-10-01", &facts(state, "", "2026-09-30")), "open_overdue", "{state}");
        }
    }

    #[test]
    fn what_is_paused_declined_transferred_or_cancelled_is_excluded() {
        for state in LEFT {
            assert_eq!(on("2026-10-01", &facts(*state, "", "2026-09-30")), "excluded");
        }
        assert_eq!(
            left_on(TaskState::OnHold, &[(TaskState::OnHold, "2026-10-02")], &["2026-10-01", "2026-10-02"]),
            [false, true]
        );
    }

    /// Whether a task of this state, with these reports, had left the rates on each of these days.
    fn left_on<const N: usize>(state: TaskState, reports: &[(TaskState, &str)], days: &[&str; N]) -> [bool; N] {
        let reports: Vec<_> = reports.iter().map(|(state, on)| (*state, day(on))).collect();
        days.map(|asked| has_left(state, &Reported::by(day(asked), &reports), day(asked)))
    }

    #[test]
    fn a_pause_that_is_over_leaves_its_own_days_out() {
        let reports = [(TaskState::OnHold, "2025-06-01"), (OPEN, "2025-07-05")];
        let days = ["2025-05-31", "2025-06-01", "2025-07-04", "2025-07-05", "2025-12-31"];
        assert_eq!(left_on(OPEN, &reports, &days), [false, true, true, false, false]);
        let paused = [(TaskState::OnHold, day("2025-06-01")), (OPEN, day("2025-07-05"))];
        let told = ["2025-06-19", "2025-06-20"].map(|asked| {
            let reported = Reported::by(day(asked), &paused);
            on(asked, &Facts { reported, ..facts(TaskState::Completed, "2025-06-20", "") })
        });
        assert_eq!(told, ["excluded", "done_no_deadline"], "what is done is done, whatever reports say");
    }

    #[test]
    fn a_task_that_is_paused_again_was_at_work_between() {
        let reports = [(TaskState::OnHold, "2025-06-01"), (OPEN, "2025-06-15"), (TaskState::OnHold, "2025-07-15")];
        let days = ["2025-05-31", "2025-06-14", "2025-06-15", "2025-07-14", "2025-07-15", "2025-12-31"];
        assert_eq!(left_on(TaskState::OnHold, &reports, &days), [false, true, false, false, true, true]);
    }

    #[test]
    fn a_report_alone_takes_no_task_out_of_the_rates() {
        let reports = [(OPEN, "2025-05-01"), (TaskState::OnHold, "2025-06-01"), (TaskState::Cancelled, "2025-06-15")];
        assert_eq!(left_on(OPEN, &reports, &["2025-06-01", "2025-06-20", "2025-12-31"]), [false; 3]);
    }

    #[test]
    fn a_task_that_left_without_a_report_left_after_the_last_one() {
        let days = ["2025-04-30", "2025-05-01", "2025-12-31"];
        assert_eq!(left_on(TaskState::Cancelled, &[(OPEN, "2025-05-01")], &days), [false, true, true]);
        assert_eq!(left_on(TaskState::Cancelled, &[], &days), [true; 3]);
    }

    #[test]
    fn of_two_reports_of_one_day_the_one_holds_that_keeps_the_task_in_the_rates() {
        let reports = [(OPEN, "2025-06-01"), (TaskState::OnHold, "2025-06-01"), (OPEN, "2025-07-01")];
        assert_eq!(left_on(OPEN, &reports, &["2025-06-01", "2025-06-30"]), [false; 2]);
    }

    #[test]
    fn a_regular_task_is_never_overdue() {
        let due = effective_due_on(DeadlineKind::RegularNoDeadline, None, Some(day("2018-09-30")));
        assert_eq!(due, None);
        assert_eq!(on("2026-10-01", &facts(OPEN, "", "")), "open_no_deadline");
    }

    #[test]
    fn a_light_is_red_for_what_is_overdue_alone() {
        let lights: Vec<_> = TaskTimeliness::ALL.iter().map(|told| told.signal().map_or("", Signal::code)).collect();
        assert_eq!(lights, ["green", "green", "green", "yellow", "red", "grey", "green", ""]);
    }

    #[test]
    fn days_are_counted_from_the_due_date() {
        let calendar = Calendar::default();
        let told = |day_asked: &str, facts: &Facts| {
            let found = distance(facts, Moment::new(day(day_asked), None).unwrap(), &calendar);
            (found.left, found.late)
        };
        let open = facts(OPEN, "", "2026-09-30");
        assert_eq!(told("2026-09-25", &open), (Some(5), None));
        assert_eq!(told("2026-09-30", &open), (Some(0), None));
        assert_eq!(told("2026-10-02", &open), (None, Some(2)));
        assert_eq!(told("2026-12-31", &facts(TaskState::Completed, "2026-10-03", "2026-09-30")), (None, Some(3)));
        assert_eq!(told("2026-12-31", &facts(TaskState::Completed, "2026-09-03", "2026-09-30")), (None, None));
        assert_eq!(told("2026-12-31", &facts(TaskState::Cancelled, "", "2026-09-30")), (None, None));
    }

    #[test]
    fn a_task_lacks_what_it_does_not_say() {
        let told = |deadline_kind, due: &str, has_product, answerable| {
            let clarity = Clarity { deadline_kind, due: due.parse().ok(), has_product, answerable };
            lacks(&clarity).into_iter().map(TaskLack::code).collect::<Vec<_>>()
        };
        let none = DeadlineKind::NoneStated;
        assert_eq!(told(none, "", false, Answerable::Nobody), ["lead", "deadline", "product", "responsibility"]);
        assert_eq!(
            told(none, "2026-09-30", true, Answerable::Unnamed),
            ["responsibility"],
            "an extension gave it a day"
        );
        assert_eq!(told(DeadlineKind::RegularNoDeadline, "", true, Answerable::Named), [""; 0]);
        assert_eq!(told(DeadlineKind::Recurring, "", true, Answerable::Named), [""; 0]);
    }
}
