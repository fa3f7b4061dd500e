//! Tasks: what somebody was asked to do.

mod computed;
mod rules;
pub mod store;

pub use rules::stated_due_on;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{
    AssignmentRole, DeadlineKind, ReportingPeriod, Signal, TaskLack, TaskOrigin, TaskState, TaskTimeliness, TaskWithout,
};
use crate::documents::vocabulary::Urgency;
use crate::domain::page::SortField;
use crate::domain::{
    Computed, Date, DocumentChoice, Faults, Id, Implied, Line, LinkField, LinkForm, LinkIndex, List, Prose, RecordId,
    Resource, SearchText, ShortList, ToMany,
};

/// What a document or a conference asks somebody to do.
///
/// Who is to do it stands in `assignments`. How far it is, is stated in `state`; whether it is late on a day is worked out
/// and never stored. Most tasks of the press have no deadline, and then they cannot be late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Task<L> {
    /// What is to be done.
    #[schema(example = "Rà soát, giải quyết dứt điểm các vụ việc phức tạp tại cơ sở.")]
    pub content: Prose,
    /// The code that a tracking system gives it.
    #[serde(default)]
    #[schema(example = "061_NQ80")]
    pub code: Option<Line>,
    /// What gave rise to it.
    #[serde(default)]
    #[schema(example = "conference_instruction")]
    pub origin: Option<TaskOrigin>,
    /// The conference at which it was given.
    #[serde(default)]
    pub origin_conference: Option<L>,
    /// The document by which it was given.
    #[serde(default)]
    pub origin_document: Option<L>,
    /// The documents that it is to carry out or to go together with.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 50)]
    pub documents: Vec<L>,
    /// The earlier conferences that it goes back to.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 50)]
    pub conferences: Vec<L>,
    /// The body that gave it.
    #[serde(default)]
    pub issued_by: Option<L>,
    /// The person who gave it, such as the one who closed the conference.
    #[serde(default)]
    pub issued_by_person: Option<L>,
    /// Who gave it, in the words of the source.
    #[serde(default)]
    #[schema(example = "Thường trực Tỉnh ủy")]
    pub issued_by_text: Option<Line>,
    /// The day on which it was given.
    #[serde(default)]
    #[schema(example = "2018-07-16")]
    pub issued_on: Option<Date>,
    /// What sort of deadline it has; where it is left out, `fixed_date` with a `due_on`, else `none_stated`.
    #[serde(default)]
    #[schema(example = "fixed_date")]
    pub deadline_kind: DeadlineKind,
    /// The day by which it is to be done, as it was stated at first.
    #[serde(default)]
    #[schema(example = "2018-09-30")]
    pub due_on: Option<Date>,
    /// Within how many days of `issued_on` it is to be done.
    #[serde(default)]
    #[schema(example = 10, minimum = 1, maximum = 3650)]
    pub due_days: Option<i32>,
    /// The deadline in the words of the source.
    #[serde(default)]
    #[schema(example = "trong quý III năm 2018")]
    pub deadline_text: Option<Line>,
    /// How often it is to be done.
    #[serde(default)]
    #[schema(example = "quarterly")]
    pub recurrence: Option<ReportingPeriod>,
    /// The first day of the stretch of time in which it is to be done.
    #[serde(default)]
    #[schema(example = "2024-01-01")]
    pub period_from: Option<Date>,
    /// The last day of that stretch of time.
    #[serde(default)]
    #[schema(example = "2024-12-31")]
    pub period_to: Option<Date>,
    /// What is to come of it.
    #[serde(default)]
    #[schema(example = "Kế hoạch của Tỉnh ủy")]
    pub product: Option<Line>,
    /// How urgent it is.
    #[serde(default)]
    #[schema(example = "urgent")]
    pub urgency: Option<Urgency>,
    /// How far it is. It moves along allowed steps only, and the refusal of another names them.
    #[serde(default)]
    #[schema(example = "in_progress")]
    pub state: TaskState,
    /// Why it was declined, returned, put on hold, transferred or cancelled. Declining needs it.
    #[serde(default)]
    #[schema(example = "Không thuộc thẩm quyền.")]
    pub state_reason: Option<Prose<2000>>,
    /// The day on which it was done: that of the evidence, not that of the entry.
    #[serde(default)]
    #[schema(example = "2018-09-28")]
    pub completed_on: Option<Date>,
    /// The larger task that it is part of.
    #[serde(default)]
    pub parent: Option<L>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "No deadline is stated.")]
    pub note: Option<Prose>,
    /// The body or the person that leads it, by its assignment in the role `lead`.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(
        example = json!({ "id": 311, "type": "organization", "url": "/v1/organizations/311", "title": "Công an tỉnh Tiền Giang" }),
        value_type = Option<L>,
    )]
    pub lead: Computed<L>,
    /// Who leads it, in the words of the source.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = "Các cấp ủy, tổ chức đảng", value_type = Option<Line>)]
    pub lead_text: Computed<Line>,
    /// The day by which it is to be done by now, or was by the day that `as_of` names: the latest that an extension had
    /// granted by then, else the one that `due_on`, `due_days` or `period_to` gives; null for a regular task, which
    /// is to be done all the time. Lists are narrowed by it and, with `sort=effective_due_on`, have the most overdue first.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = "2018-10-31", value_type = Option<Date>)]
    pub effective_due_on: Computed<Date>,
    /// How many extensions were granted by then.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = 1, value_type = Option<i32>)]
    pub extensions_granted: Computed<i32>,
    /// How it stands today, or at the end of the day that `as_of` names; null if it was given later.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = "open_overdue", value_type = Option<TaskTimeliness>)]
    pub timeliness: Computed<TaskTimeliness>,
    /// The same as a traffic light: green for what is done or in time, yellow for what is due soon, red for what is overdue,
    /// grey for what has no deadline; null for what is `excluded`.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = "red", value_type = Option<Signal>)]
    pub signal: Computed<Signal>,
    /// How many days it still has; null if it is done, overdue or without a deadline.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = 12, value_type = Option<i64>)]
    pub days_left: Computed<i64>,
    /// How many of these days are working days, by the calendar of `holidays`; null where it has none of a year.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = 8, value_type = Option<i64>)]
    pub working_days_left: Computed<i64>,
    /// How many days past its due date it is, or was done.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = 5, value_type = Option<i64>)]
    pub days_late: Computed<i64>,
    /// How many of these days are working days.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = 3, value_type = Option<i64>)]
    pub working_days_late: Computed<i64>,
    /// What it does not say.
    #[serde(default, skip_serializing_if = "Computed::is_absent")]
    #[schema(example = json!(["deadline", "product"]), value_type = Option<Vec<TaskLack>>)]
    pub lacks: Computed<Vec<TaskLack>>,
}

/// What a list of tasks may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct TaskFilter {
    /// Given at this conference.
    #[param(example = 1)]
    pub origin_conference: Option<RecordId>,
    /// Given by this document: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub origin_document: Option<DocumentChoice>,
    /// Given by this document, or to carry it out: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Given at this conference, or going back to it.
    #[param(example = 1)]
    pub conference: Option<RecordId>,
    /// Given by this body.
    #[param(example = 1)]
    pub issued_by: Option<RecordId>,
    /// Given by this person.
    #[param(example = 1)]
    pub issued_by_person: Option<RecordId>,
    /// Assigned to this organization.
    #[param(example = 1)]
    pub assignee: Option<RecordId>,
    /// Assigned to somebody, or to `assignee`, in any of these roles.
    #[param(example = "lead")]
    pub role: Option<List<AssignmentRole>>,
    /// Assigned, in any role, to an organization of this administrative unit or of one below it, and of none that it took
    /// the place of. What `admin_unit` is in the report on tasks is `lead_unit` here.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Led by this organization; with `units`, by one that it took the place of, or that took its place, by that day too.
    #[param(example = 1)]
    pub lead: Option<RecordId>,
    /// Led by an organization of this administrative unit, of one below it, or of one that it took the place of, or that took
    /// its place, by the day `units`.
    #[param(example = 1)]
    pub lead_unit: Option<RecordId>,
    /// The day in whose units `lead_unit` is, and in whose bodies `lead`: for `lead_unit` it is `as_of` without it, for `lead`
    /// none.
    #[param(example = "2026-11-01")]
    pub units: Option<Date>,
    /// Given rise to by any of these.
    #[param(example = "conference_instruction")]
    pub origin: Option<List<TaskOrigin>>,
    /// In any of these states.
    #[param(example = "not_started,in_progress")]
    pub state: Option<List<TaskState>>,
    /// With any of these sorts of deadline.
    #[param(example = "fixed_date")]
    pub deadline_kind: Option<List<DeadlineKind>>,
    /// Standing in any of these ways at the end of `as_of`, or else of today.
    #[param(example = "open_overdue")]
    pub timeliness: Option<List<TaskTimeliness>>,
    /// How many days before its due date an open task is `open_due_soon`: 3 without it.
    #[param(example = 3, minimum = 0, maximum = 365)]
    pub due_soon_days: Option<i32>,
    /// Lacking any of these at the end of `as_of`, or else of today.
    #[param(example = "lead,product")]
    pub lacks: Option<List<TaskLack>>,
    /// Without any of these, so that a report has it in no group.
    #[param(example = "lead")]
    pub without: Option<List<TaskWithout>>,
    /// Of any of these urgencies.
    #[param(example = "urgent")]
    pub urgency: Option<List<Urgency>>,
    /// Due on or after this day, after the extensions that were granted, with `as_of` those granted by then.
    #[param(example = "2018-07-01")]
    pub due_from: Option<Date>,
    /// Due on or before this day, after the extensions that were granted, with `as_of` those granted by then.
    #[param(example = "2018-12-31")]
    pub due_to: Option<Date>,
    /// Given on or after this day.
    #[param(example = "2018-01-01")]
    pub issued_from: Option<Date>,
    /// Given on or before this day.
    #[param(example = "2018-12-31")]
    pub issued_to: Option<Date>,
    /// Extended at least so many times, with `as_of` by then.
    #[param(example = 2, minimum = 1, maximum = 100)]
    pub extensions_min: Option<i32>,
    /// Part of this task.
    #[param(example = 1)]
    pub parent: Option<RecordId>,
    /// With this code.
    #[param(example = "061_NQ80")]
    pub code: Option<Line>,
    /// Given by this day, as far as is known, a task without a day of its own on that of its conference, or else of its document;
    /// due as it was at the end of it.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose content contains this, whatever the marks and the case.
    #[param(example = "don thu")]
    pub q: Option<SearchText>,
}

/// What tasks are sorted by to have the most overdue first.
const EFFECTIVE_DUE_ON: SortField = SortField { name: "effective_due_on", column: "effective_due_on" };

/// The collection of tasks.
pub enum Tasks {}

impl Resource for Tasks {
    const TYPE: &'static str = "task";
    const COLLECTION: &'static str = "tasks";
    const SCHEMA: &'static str = "Task";
    const TAG: &'static str = "tasks";
    const ABOUT: &'static str = "What documents and conferences ask somebody to do, by when, and how far it is.";
    const LINKS: &'static [LinkField] = &[
        LinkField::one("origin_conference", "conference"),
        LinkField::one("origin_document", "document"),
        LinkField::many(
            "documents",
            "document",
            LinkIndex { table: "task_documents", from: "task_id", to: "document_id" },
        ),
        LinkField::many(
            "conferences",
            "conference",
            LinkIndex { table: "task_conferences", from: "task_id", to: "conference_id" },
        ),
        LinkField::one("issued_by", "organization"),
        LinkField::one("issued_by_person", "person"),
        LinkField::one("parent", "task"),
    ];
    const TO_MANY: &'static [ToMany] = &[
        ToMany::new("assignments", "assignment", "task"),
        ToMany::new("task_updates", "task_update", "task"),
        ToMany::new("extensions", "extension", "task"),
        ToMany::new("evidence_documents", "evidence_document", "task"),
        ToMany::new("parts", "task", "parent"),
    ];
    const COMPUTED_LINKS: &'static [LinkField] = &[LinkField::one("lead", "*")];
    const READ_ONLY: &'static [&'static str] = &[
        "lead",
        "lead_text",
        "effective_due_on",
        "extensions_granted",
        "timeliness",
        "signal",
        "days_left",
        "working_days_left",
        "days_late",
        "working_days_late",
        "lacks",
    ];
    const IMPLIED: Option<Implied> =
        Some(Implied { field: "deadline_kind", unsaid: "none_stated", by: "due_on", code: "fixed_date" });
    const DATED: bool = true;
    const DAY_FILTERS: &'static [&'static str] = &["timeliness", "due_soon_days", "lacks", "without", "lead_unit"];
    const SORTS: &'static [SortField] = &[
        SortField { name: "updated_at", column: "updated_at" },
        SortField { name: "issued_on", column: "issued_on_key" },
        SortField { name: "due_on", column: "due_on_key" },
    ];
    const MADE_SORTS: &'static [SortField] = &[EFFECTIVE_DUE_ON];
    const SHORT: &'static [ShortList] = &[
        ShortList::sorted(&["origin_conference"], &["id"]),
        ShortList::sorted(&["origin_document"], &["id"]),
        ShortList::sorted(&["issued_by"], &["id"]),
        ShortList::sorted(&["issued_by"], &["issued_on"]).bounded(&["issued_from", "issued_to"]),
        ShortList::sorted(&["issued_by_person"], &["id"]),
        ShortList::sorted(&["parent"], &["id"]),
        ShortList::sorted(&["state"], &["due_on"]),
    ];

    type Body<L: LinkForm> = Task<L>;
    type Filter = TaskFilter;

    fn check(body: &Task<Id>, faults: &mut Faults) {
        rules::check(body, faults);
    }
}
