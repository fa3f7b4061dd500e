//! Task updates: what was reported of a task, and when.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{ReportingPeriod, TaskState};
use crate::domain::check::check_range;
use crate::domain::page::SortField;
use crate::domain::{
    Date, Faults, Id, LinkField, LinkForm, List, Parent, Prose, RecordId, Resource, SearchText, ShortList,
};

/// What was reported of a task on a day.
///
/// A report is never changed: what it got wrong, a later one puts right. The state that it states does not move that of
/// the task, which is patched by whoever confirms it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct TaskUpdate<L> {
    /// The day on which it was reported.
    #[schema(example = "2018-08-31")]
    pub reported_on: Date,
    /// What was reported.
    #[schema(example = "Đã rà soát 12 dự án; còn 3 dự án chờ ý kiến.")]
    pub text: Prose,
    /// The body that reported.
    #[serde(default)]
    pub organization: Option<L>,
    /// The person who reported.
    #[serde(default)]
    pub person: Option<L>,
    /// The stretch of time that the report covers.
    #[serde(default)]
    #[schema(example = "monthly")]
    pub reporting_period: Option<ReportingPeriod>,
    /// How far the task is, as the report states it.
    #[serde(default)]
    #[schema(example = "in_progress")]
    pub state: Option<TaskState>,
    /// How much of it is done, in hundredths, as the report states it.
    #[serde(default)]
    #[schema(example = 75, minimum = 0, maximum = 100)]
    pub progress: Option<i32>,
    /// The report, where it is a document.
    #[serde(default)]
    pub document: Option<L>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "Puts right what was reported on 2018-07-31.")]
    pub note: Option<Prose>,
}

/// What a list of task updates may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct TaskUpdateFilter {
    /// Of this task.
    #[param(example = 1)]
    pub task: Option<RecordId>,
    /// By this organization.
    #[param(example = 1)]
    pub organization: Option<RecordId>,
    /// By this person.
    #[param(example = 7)]
    pub person: Option<RecordId>,
    /// That are this document.
    #[param(example = 1)]
    pub document: Option<RecordId>,
    /// That state any of these.
    #[param(example = "submitted")]
    pub state: Option<List<TaskState>>,
    /// Reported on or after this day.
    #[param(example = "2018-01-01")]
    pub reported_from: Option<Date>,
    /// Reported on or before this day.
    #[param(example = "2018-12-31")]
    pub reported_to: Option<Date>,
    /// Reported by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose text contains this, whatever the marks and the case.
    #[param(example = "ra soat")]
    pub q: Option<SearchText>,
}

/// The collection of task updates.
pub enum TaskUpdates {}

impl Resource for TaskUpdates {
    const TYPE: &'static str = "task_update";
    const COLLECTION: &'static str = "task-updates";
    const SCHEMA: &'static str = "TaskUpdate";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "What was reported of a task, and when. A report is never changed.";
    const IMMUTABLE: bool = true;
    const PARENT: Option<Parent> = Some(Parent { field: "task", target: "task" });
    const LINKS: &'static [LinkField] = &[
        LinkField::one("organization", "organization"),
        LinkField::one("person", "person"),
        LinkField::one("document", "document"),
    ];
    const SORTS: &'static [SortField] = &[
        SortField { name: "updated_at", column: "updated_at" },
        SortField { name: "reported_on", column: "reported_on" },
    ];
    const SHORT: &'static [ShortList] = &[
        ShortList::few(&["task"]),
        ShortList::sorted(&["organization"], &["id"]),
        ShortList::sorted(&["person"], &["id"]),
        ShortList::sorted(&["document"], &["id"]),
    ];

    type Body<L: LinkForm> = TaskUpdate<L>;
    type Filter = TaskUpdateFilter;

    fn check(body: &TaskUpdate<Id>, faults: &mut Faults) {
        check_range("/progress", body.progress, 0, 100, faults);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Fault;

    #[test]
    fn progress_is_a_share_of_a_hundred() {
        let fields = json!({ "reported_on": "2018-08-31", "text": "Xong.", "progress": 101 });
        let mut faults = Faults::default();
        TaskUpdates::check(&serde_json::from_value(fields).unwrap(), &mut faults);
        assert_eq!(faults, Faults::at("/progress", Fault::new("out_of_range", "must be from 0 to 100")));
    }
}
