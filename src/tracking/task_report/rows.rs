//! What is shown of a group of tasks.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::groups::{ASSIGNED, DONE, DUE, Group, Key, SHARES, Share};
use crate::domain::{Date, Link, List};
use crate::tasks::task::{TaskFilter, Tasks};
use crate::tasks::vocabulary::{TaskTimeliness, TaskWithout};
use crate::tracking::days_between;
use crate::tracking::implementation::counts::percent;
use crate::tracking::register::Subject;
use crate::tracking::shown::{Links, list_url};
use crate::tracking::vocabulary::{TaskDay, TaskGrouping};

/// What became of a body that has ended.
pub(super) struct Fate {
    /// Its last day.
    pub ended_on: Date,
    /// What has taken its place.
    pub succeeded_by: BTreeSet<Subject>,
}

/// The tasks of a group.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "lead": { "id": 12, "type": "organization", "url": "/v1/organizations/12", "title": "Công an tỉnh Tiền Giang" },
    "ended_on": null, "succeeded_by": [], "admin_unit": null, "document": null, "month": null, "without": null, "tasks": 5, "assigned": 4, "done": 2, "due": 3,
    "done_on_time": 1, "done_late": 1, "open_in_time": 1, "open_due_soon": 0, "open_overdue": 1, "open_no_deadline": 0,
    "done_no_deadline": 0, "excluded": 1, "most_days_late": 12, "url": "/v1/tasks?lead=12&as_of=2026-09-30",
    "rates": [{
        "name": "on_time", "of": "due", "numerator": 1, "denominator": 3, "percent": 33.3,
        "numerator_url": "/v1/tasks?lead=12&timeliness=done_on_time&as_of=2026-09-30",
        "denominator_url": "/v1/tasks?lead=12&timeliness=done_on_time,done_late,open_overdue&as_of=2026-09-30"
    }]
}))]
pub struct TaskGroup {
    /// With `group_by=lead`: the body that leads them.
    pub lead: Option<Link>,
    /// The last day of that body, if it has ended by `as_of`: its tasks wait for somebody else.
    #[schema(example = "2025-06-30")]
    pub ended_on: Option<Date>,
    /// What has taken the place of that body by then, along its successions or else those of its unit.
    pub succeeded_by: Vec<Link>,
    /// With `group_by=admin_unit`: the province of the body that leads them.
    pub admin_unit: Option<Link>,
    /// With `group_by=document`: the document.
    pub document: Option<Link>,
    /// With `group_by=month`: the month.
    #[schema(example = "2026-09", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub month: Option<String>,
    /// What they have not, where they belong to no group.
    pub without: Option<TaskWithout>,
    /// How many there are.
    pub tasks: i64,
    /// How many of these stand in rates: all but `excluded`.
    pub assigned: i64,
    /// How many are done.
    pub done: i64,
    /// How many were done with a due date, or are past one.
    pub due: i64,
    /// How many were done by their due date.
    pub done_on_time: i64,
    /// How many were done after it.
    pub done_late: i64,
    /// How many are open and not due soon.
    pub open_in_time: i64,
    /// How many are open and due soon.
    pub open_due_soon: i64,
    /// How many are open past their due date.
    pub open_overdue: i64,
    /// How many are open and have no due date.
    pub open_no_deadline: i64,
    /// How many are done and had no due date.
    pub done_no_deadline: i64,
    /// How many are paused, declined, transferred or cancelled.
    pub excluded: i64,
    /// How many days past its due date the most overdue of them is.
    pub most_days_late: Option<i64>,
    /// The list of them.
    pub url: String,
    /// The rates.
    pub rates: Vec<TaskRate>,
}

/// A share of the tasks of a group.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "on_time", "of": "due", "numerator": 1, "denominator": 3, "percent": 33.3,
    "numerator_url": "/v1/tasks?lead=12&timeliness=done_on_time&as_of=2026-09-30",
    "denominator_url": "/v1/tasks?lead=12&timeliness=done_on_time,done_late,open_overdue&as_of=2026-09-30"
}))]
pub struct TaskRate {
    /// What it is a share in: `done`, `on_time` or `overdue`.
    pub name: String,
    /// What it is a share of: `assigned` or `due`.
    pub of: String,
    /// How many.
    pub numerator: i64,
    /// Of how many.
    pub denominator: i64,
    /// The share in percent, to one decimal; null if there is nothing to be a share of.
    pub percent: Option<f64>,
    /// The list of those in the numerator.
    pub numerator_url: String,
    /// The list of those in the denominator.
    pub denominator_url: String,
}

/// A group as a line of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskReportLine {
    /// The day whose end is told of.
    pub as_of: Date,
    /// The body that leads them.
    pub lead: Option<Link>,
    /// The last day of that body, if it has ended.
    pub ended_on: Option<Date>,
    /// The province of that body.
    pub admin_unit: Option<Link>,
    /// The document.
    pub document: Option<Link>,
    /// The month.
    pub month: Option<String>,
    /// What they have not.
    pub without: Option<TaskWithout>,
    /// How many there are.
    pub tasks: i64,
    /// How many stand in rates.
    pub assigned: i64,
    /// How many are done.
    pub done: i64,
    /// How many were done with a due date, or are past one.
    pub due: i64,
    /// How many were done by their due date.
    pub done_on_time: i64,
    /// How many were done after it.
    pub done_late: i64,
    /// How many are open and not due soon.
    pub open_in_time: i64,
    /// How many are open and due soon.
    pub open_due_soon: i64,
    /// How many are open past their due date.
    pub open_overdue: i64,
    /// How many are open and have no due date.
    pub open_no_deadline: i64,
    /// How many are done and had no due date.
    pub done_no_deadline: i64,
    /// How many are paused, declined, transferred or cancelled.
    pub excluded: i64,
    /// How many days past its due date the most overdue of them is.
    pub most_days_late: Option<i64>,
    /// The share of `assigned` that is done, in percent.
    pub done_of_assigned: Option<f64>,
    /// The share of `due` that is done, in percent.
    pub done_of_due: Option<f64>,
    /// The share of `assigned` that was done on time, in percent.
    pub on_time_of_assigned: Option<f64>,
    /// The share of `due` that was done on time, in percent.
    pub on_time_of_due: Option<f64>,
    /// The share of `assigned` that is overdue, in percent.
    pub overdue_of_assigned: Option<f64>,
    /// The list of them.
    pub url: String,
}

impl TaskGroup {
    /// What is shown of a group, or of all tasks where there is no key; `filter` narrows the list of tasks to it.
    #[must_use]
    pub fn of(
        by: TaskGrouping,
        key: Option<Key>,
        group: &Group,
        filter: &TaskFilter,
        day: Date,
        links: &mut Links<'_>,
    ) -> Self {
        let counts = &group.counts;
        let record = match key {
            Some(Key::Record(id)) => Some(id),
            _ => None,
        };
        let of = |grouping| record.filter(|_| by == grouping);
        Self {
            lead: of(TaskGrouping::Lead).map(|id| links.subject(Subject::Body(id))),
            ended_on: None,
            succeeded_by: Vec::new(),
            admin_unit: of(TaskGrouping::AdminUnit).map(|id| links.subject(Subject::Unit(id))),
            document: of(TaskGrouping::Document).map(|id| links.document(id)),
            month: match key {
                Some(Key::Month(year, month)) => Some(format!("{year:04}-{month:02}")),
                _ => None,
            },
            without: filter.without.as_ref().and_then(|without| without.0.first().copied()),
            tasks: counts.any(TaskTimeliness::ALL),
            assigned: counts.any(ASSIGNED),
            done: counts.any(DONE),
            due: counts.any(DUE),
            done_on_time: counts.of(TaskTimeliness::DoneOnTime),
            done_late: counts.of(TaskTimeliness::DoneLate),
            open_in_time: counts.of(TaskTimeliness::OpenInTime),
            open_due_soon: counts.of(TaskTimeliness::OpenDueSoon),
            open_overdue: counts.of(TaskTimeliness::OpenOverdue),
            open_no_deadline: counts.of(TaskTimeliness::OpenNoDeadline),
            done_no_deadline: counts.of(TaskTimeliness::DoneNoDeadline),
            excluded: counts.of(TaskTimeliness::Excluded),
            most_days_late: group.earliest_due.map(|due| days_between(due, day)),
            url: list_url::<Tasks>(&TaskFilter { timeliness: None, ..filter.clone() }),
            rates: SHARES.iter().map(|share| TaskRate::of(share, group, filter)).collect(),
        }
    }

    /// The same group, with what became of its body.
    #[must_use]
    pub(super) fn ended_by(self, fate: Option<Fate>, links: &mut Links<'_>) -> Self {
        let Some(fate) = fate else { return self };
        let succeeded_by = fate.succeeded_by.into_iter().map(|subject| links.subject(subject)).collect();
        Self { ended_on: Some(fate.ended_on), succeeded_by, ..self }
    }

    /// The share of this name and denominator.
    fn rate(&self, name: &str, of: &str) -> Option<f64> {
        self.rates.iter().find(|rate| rate.name == name && rate.of == of).and_then(|rate| rate.percent)
    }
}

impl TaskRate {
    fn of(share: &Share, group: &Group, filter: &TaskFilter) -> Self {
        let (numerator, denominator) = (group.counts.any(share.numerator), group.counts.any(share.denominator));
        let sizes = usize::try_from(numerator).ok().zip(usize::try_from(denominator).ok());
        Self {
            name: share.name.to_owned(),
            of: share.of.to_owned(),
            numerator,
            denominator,
            percent: sizes.and_then(|(numerator, denominator)| percent(numerator, denominator)),
            numerator_url: standing_url(filter, share.numerator),
            denominator_url: standing_url(filter, share.denominator),
        }
    }
}

impl TaskReportLine {
    /// A group as a line of a table.
    #[must_use]
    pub fn of(group: &TaskGroup, as_of: Date) -> Self {
        Self {
            as_of,
            lead: group.lead.clone(),
            ended_on: group.ended_on,
            admin_unit: group.admin_unit.clone(),
            document: group.document.clone(),
            month: group.month.clone(),
            without: group.without,
            tasks: group.tasks,
            assigned: group.assigned,
            done: group.done,
            due: group.due,
            done_on_time: group.done_on_time,
            done_late: group.done_late,
            open_in_time: group.open_in_time,
            open_due_soon: group.open_due_soon,
            open_overdue: group.open_overdue,
            open_no_deadline: group.open_no_deadline,
            done_no_deadline: group.done_no_deadline,
            excluded: group.excluded,
            most_days_late: group.most_days_late,
            done_of_assigned: group.rate("done", "assigned"),
            done_of_due: group.rate("done", "due"),
            on_time_of_assigned: group.rate("on_time", "assigned"),
            on_time_of_due: group.rate("on_time", "due"),
            overdue_of_assigned: group.rate("overdue", "assigned"),
            url: group.url.clone(),
        }
    }
}

/// What tasks that belong to no group have not.
#[must_use]
pub const fn without(by: TaskGrouping, day: TaskDay) -> TaskWithout {
    match (by, day) {
        (TaskGrouping::Lead, _) => TaskWithout::Lead,
        (TaskGrouping::AdminUnit, _) => TaskWithout::LeadUnit,
        (TaskGrouping::Document, _) => TaskWithout::Document,
        (TaskGrouping::Month, TaskDay::DueOn) => TaskWithout::DueOn,
        (TaskGrouping::Month, TaskDay::IssuedOn) => TaskWithout::IssuedOn,
    }
}

/// The address of the list of the tasks of a filter that stand in one of these ways.
fn standing_url(filter: &TaskFilter, timeliness: &[TaskTimeliness]) -> String {
    list_url::<Tasks>(&TaskFilter { timeliness: Some(List(timeliness.to_vec())), ..filter.clone() })
}
