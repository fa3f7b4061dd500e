//! The report on tasks: how many stand how, by lead body, province, document or month, and rates that name what they are a
//! share of and link to what they count.
//!
//! [`store`] lets the database count, [`groups`] makes groups and rates of it.

pub mod groups;
mod rows;
pub mod store;

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::groups::{Group, Key, grouped};
use self::rows::Fate;
pub use self::rows::{TaskGroup, TaskRate, TaskReportLine};
use self::store::{Key as By, Tally, tallies};
use super::register::{self, Register, Subject};
use super::shown::{Links, Numbers};
use super::vocabulary::{TaskDay, TaskGrouping};
use super::{Asked, Overview};
use crate::db::{Conn, Scope};
use crate::documents::document;
use crate::domain::{Date, DocumentChoice, Error, Fault, Id, LinkField, List, RecordId, Result};
use crate::service::expand::Expansion;
use crate::tasks::task::TaskFilter;
use crate::tasks::timeliness::{DUE_SOON, Moment};
use crate::tasks::vocabulary::{TaskTimeliness, TaskWithout};

/// What may be asked of the report on tasks.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct TaskReportQuery {
    /// By what to group the tasks.
    #[param(example = "lead")]
    pub group_by: Option<TaskGrouping>,
    /// As they stand at the end of this day; of today without it.
    #[param(example = "2026-09-30")]
    pub as_of: Option<Date>,
    /// In the provinces and bodies of this day. Goes with `group_by=admin_unit` and `admin_unit`, which go by the provinces of
    /// `as_of` without it, and with `group_by=lead` and `lead`, which go by the bodies that tasks were given to.
    #[param(example = "2026-11-01")]
    pub units: Option<Date>,
    /// Which day of a task `from`, `to` and months go by: the due date without it.
    #[param(example = "due_on")]
    pub period_by: Option<TaskDay>,
    /// On or after this day.
    #[param(example = "2026-07-01")]
    pub from: Option<Date>,
    /// On or before this day.
    #[param(example = "2026-09-30")]
    pub to: Option<Date>,
    /// Led by this organization; with `units`, by one that it took the place of, or that took its place, by that day too.
    #[param(example = 1)]
    pub lead: Option<RecordId>,
    /// Led by an organization of this administrative unit, of one below it, or of one that it took the place of, or that took
    /// its place, by the day `units`: what `lead_unit` is in the list of tasks, whose `admin_unit` means something else.
    #[param(example = 1)]
    pub admin_unit: Option<RecordId>,
    /// Given by this document, or to carry it out: its number, or a symbol that only one document has.
    #[param(example = "32-KL/TW")]
    pub document: Option<DocumentChoice>,
    /// Only groups with a task that stands in any of these ways; most such tasks first.
    #[param(example = "open_overdue")]
    pub timeliness: Option<List<TaskTimeliness>>,
    /// How many days before its due date an open task is `open_due_soon`: 3 without it.
    #[param(example = 3, minimum = 0, maximum = 365)]
    pub due_soon_days: Option<i32>,
}

/// How many tasks stand how.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskReport {
    /// By what they are grouped.
    pub group_by: TaskGrouping,
    /// The day whose end is told of.
    #[schema(example = "2026-09-30")]
    pub as_of: Date,
    /// The day in whose provinces and bodies they stand; null where they stand in those that they were given to.
    #[schema(example = "2026-09-30")]
    pub units: Option<Date>,
    /// Which day of a task the period goes by.
    pub period_by: TaskDay,
    /// The first day of the period, if it has one.
    #[schema(example = "2026-07-01")]
    pub from: Option<Date>,
    /// The last day of the period, if it has one.
    #[schema(example = "2026-09-30")]
    pub to: Option<Date>,
    /// Within how many days a task is due soon.
    #[schema(example = 3)]
    pub due_soon_days: i32,
    /// All tasks, each counted once.
    pub total: TaskGroup,
    /// The groups.
    pub groups: Vec<TaskGroup>,
}

/// A question that can be answered.
struct Question<'a> {
    group_by: TaskGrouping,
    by: TaskDay,
    moment: Moment,
    units: Option<Date>,
    /// The tasks that are counted.
    filter: TaskFilter,
    wanted: Option<&'a [TaskTimeliness]>,
}

impl Overview for TaskReport {
    const NAME: &'static str = "task_report";
    const PATH: &'static str = "/v1/reports/tasks";
    const OPERATION: &'static str = "get_task_report";
    const SUMMARY: &'static str = "Count tasks by how they stand";
    const ABOUT: &'static str = include_str!("about.md");
    const REQUIRED: &'static [&'static str] = &["group_by"];
    const LINKS: &'static [LinkField] = &[
        LinkField::one("lead", "organization"),
        LinkField::one("admin_unit", "admin_unit"),
        LinkField::one("document", "document"),
    ];

    type About = ();
    type Query = TaskReportQuery;
    type Row = TaskReportLine;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<()>, query: &TaskReportQuery) -> Result<Self> {
        let register = query.register(conn, scope)?;
        let question = query.question(conn, scope, asked.today)?;
        let counted = tallies(conn, scope, &question.filter, question.moment, question.counted_by())?;
        // A task may belong to several documents, and counts once among all.
        let total = if question.group_by == TaskGrouping::Document {
            Group::of(&tallies(conn, scope, &question.filter, question.moment, By::Whole)?)
        } else {
            Group::of(&counted)
        };
        let groups = grouped(&counted, |tally| question.keys(tally, &register), question.wanted);
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let day = question.moment.day;
        let kind = match question.group_by {
            TaskGrouping::AdminUnit => "admin_unit",
            TaskGrouping::Document => "document",
            _ => "organization",
        };
        let record = |(key, _): &(Key, Group)| if let Key::Record(id) = key { Some(*id) } else { None };
        let numbers = Numbers::of(conn, scope, kind, groups.iter().filter_map(record))?;
        let named = |key: Key| if let Key::Record(id) = key { Key::Record(numbers.told(id)) } else { key };
        let shown = |(key, group): &(Key, Group), links: &mut Links<'_>| {
            let filter = question.narrowed(named(*key));
            let shown = TaskGroup::of(question.group_by, Some(*key), group, &filter, day, links);
            shown.ended_by(question.fate(*key, &register), links)
        };
        let report = Self {
            group_by: question.group_by,
            as_of: day,
            units: question.units,
            period_by: question.by,
            from: query.from,
            to: query.to,
            due_soon_days: query.due_soon_days.unwrap_or(DUE_SOON),
            total: TaskGroup::of(question.group_by, None, &total, &question.filter, day, &mut links),
            groups: groups.iter().map(|group| shown(group, &mut links)).collect(),
        };
        links.0.fill(conn, scope)?;
        Ok(report)
    }

    fn size(&self) -> usize {
        self.groups.len()
    }

    fn rows(&self) -> Vec<TaskReportLine> {
        self.groups.iter().map(|group| TaskReportLine::of(group, self.as_of)).collect()
    }
}

impl TaskReportQuery {
    /// The bodies and units that it goes by, if it does, once it is known that the one is there that is asked about.
    fn register(&self, conn: &mut Conn, scope: Scope) -> Result<Register> {
        let by_bodies = matches!(self.group_by, Some(TaskGrouping::AdminUnit | TaskGrouping::Lead));
        if !by_bodies && self.admin_unit.is_none() {
            return Ok(Register::default());
        }
        let register = register::store::load(conn, scope)?;
        if let Some(unit) = self.admin_unit {
            register.asked_unit("admin_unit", unit.0)?;
        }
        Ok(register)
    }

    /// What is asked, once its parameters agree.
    fn question(&self, conn: &mut Conn, scope: Scope, today: Date) -> Result<Question<'_>> {
        let missing = || Error::parameter("group_by", Fault::new("missing", "is required"));
        let group_by = self.group_by.ok_or_else(missing)?;
        self.refuse_double(group_by)?;
        self.refuse_idle_units(group_by)?;
        self.refuse_no_period()?;
        let day = self.as_of.unwrap_or(today);
        let by = self.period_by.unwrap_or(TaskDay::DueOn);
        let goes_by_provinces = group_by == TaskGrouping::AdminUnit || self.admin_unit.is_some();
        let document = self.document.as_ref().map(|choice| document::store::chosen(conn, scope, "document", choice));
        let filter = TaskFilter {
            lead: self.lead,
            lead_unit: self.admin_unit,
            units: self.units,
            document: document.transpose()?.map(DocumentChoice::Id),
            due_soon_days: self.due_soon_days,
            as_of: Some(day),
            ..within(by, self.from, self.to)
        };
        Ok(Question {
            group_by,
            by,
            moment: Moment::new(day, self.due_soon_days)?,
            units: self.units.or(goes_by_provinces.then_some(day)),
            filter,
            wanted: self.timeliness.as_ref().map(|values| values.0.as_slice()),
        })
    }

    /// Refuses to narrow by what the groups are, where a task may be of several: those of one cannot be listed then.
    fn refuse_double(&self, group_by: TaskGrouping) -> Result<()> {
        let double = match group_by {
            TaskGrouping::AdminUnit => self.admin_unit.is_some().then_some("admin_unit"),
            TaskGrouping::Document => self.document.is_some().then_some("document"),
            TaskGrouping::Lead | TaskGrouping::Month => None,
        };
        let Some(name) = double else { return Ok(()) };
        Err(Error::parameter(name, Fault::new("inconsistent", format!("does not go with group_by={group_by}"))))
    }

    /// Refuses a day of provinces and bodies where nothing goes by them, which would be heeded by nobody.
    fn refuse_idle_units(&self, group_by: TaskGrouping) -> Result<()> {
        let by_bodies = matches!(group_by, TaskGrouping::AdminUnit | TaskGrouping::Lead);
        if self.units.is_none() || self.admin_unit.is_some() || self.lead.is_some() || by_bodies {
            return Ok(());
        }
        let message = format!("does not go with group_by={group_by} unless admin_unit or lead is given");
        Err(Error::parameter("units", Fault::new("inconsistent", message)))
    }

    /// Refuses a period that ends before it begins.
    fn refuse_no_period(&self) -> Result<()> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => {
                Err(Error::parameter("to", Fault::new("inconsistent", format!("must not be before {from}"))))
            }
            _ => Ok(()),
        }
    }
}

/// The tasks of a period.
fn within(by: TaskDay, from: Option<Date>, to: Option<Date>) -> TaskFilter {
    match by {
        TaskDay::DueOn => TaskFilter { due_from: from, due_to: to, ..TaskFilter::default() },
        TaskDay::IssuedOn => TaskFilter { issued_from: from, issued_to: to, ..TaskFilter::default() },
    }
}

impl Question<'_> {
    /// By what the database counts: a day for a month, a lead for its province.
    const fn counted_by(&self) -> By {
        match (self.group_by, self.by) {
            (TaskGrouping::Lead | TaskGrouping::AdminUnit, _) => By::Lead,
            (TaskGrouping::Document, _) => By::Document,
            (TaskGrouping::Month, TaskDay::DueOn) => By::Due,
            (TaskGrouping::Month, TaskDay::IssuedOn) => By::Issued,
        }
    }

    /// The groups to which tasks belong.
    fn keys(&self, tally: &Tally, register: &Register) -> BTreeSet<Key> {
        let records = |ids: BTreeSet<Id>| ids.into_iter().map(Key::Record).collect();
        let keys: BTreeSet<Key> = match self.group_by {
            TaskGrouping::Lead => records(tally.id.map(|lead| self.leads(lead, register)).unwrap_or_default()),
            TaskGrouping::Document => records(tally.id.into_iter().collect()),
            TaskGrouping::AdminUnit => {
                let day = self.units.unwrap_or(self.moment.day);
                records(tally.id.map(|lead| register.provinces_of(lead, day)).unwrap_or_default())
            }
            TaskGrouping::Month => tally.day.into_iter().map(|day| Key::Month(day.year(), day.day().month())).collect(),
        };
        if keys.is_empty() { BTreeSet::from([Key::None]) } else { keys }
    }

    /// The bodies that lead what one was given: itself or, where a day is asked for, those of that day. Where one body is
    /// asked about, all that is found is its own.
    fn leads(&self, lead: Id, register: &Register) -> BTreeSet<Id> {
        match (self.filter.lead, self.filter.units) {
            (Some(asked), _) => BTreeSet::from([asked.0]),
            (None, Some(day)) => register.bodies_of_day(lead, day),
            (None, None) => BTreeSet::from([lead]),
        }
    }

    /// What became of the body of a group by the day, if it has ended.
    fn fate(&self, key: Key, register: &Register) -> Option<Fate> {
        let (TaskGrouping::Lead, Key::Record(lead)) = (self.group_by, key) else { return None };
        let (body, day) = (Subject::Body(lead), self.moment.day);
        let ended_on = register.life(body)?.to.filter(|last| *last < day)?;
        Some(Fate { ended_on, succeeded_by: register.standing(body, day) })
    }

    /// What narrows the list of tasks to a group.
    fn narrowed(&self, key: Key) -> TaskFilter {
        let filter = self.filter.clone();
        let record = |id: Id| Some(RecordId(id));
        match (key, self.group_by) {
            (Key::Record(id), TaskGrouping::Lead) => TaskFilter { lead: record(id), ..filter },
            (Key::Record(id), TaskGrouping::AdminUnit) => {
                TaskFilter { lead_unit: record(id), units: self.units, ..filter }
            }
            (Key::Record(id), _) => TaskFilter { document: Some(DocumentChoice::Id(id)), ..filter },
            (Key::Month(year, month), _) => self.narrowed_to_month(year, month),
            (Key::None, _) => TaskFilter { without: Some(List(vec![self.without()])), ..filter },
        }
    }

    fn narrowed_to_month(&self, year: i32, month: u32) -> TaskFilter {
        let first = NaiveDate::from_ymd_opt(year, month, 1);
        let last = first.and_then(|first| first.checked_add_months(Months::new(1))).and_then(|next| next.pred_opt());
        let day = |day: Option<NaiveDate>| day.and_then(|day| Date::new(day).ok());
        let filter = self.filter.clone();
        let (from, to) = match self.by {
            TaskDay::DueOn => (filter.due_from, filter.due_to),
            TaskDay::IssuedOn => (filter.issued_from, filter.issued_to),
        };
        // The later first day and the earlier last one.
        let from = [day(first), from].into_iter().flatten().max();
        let to = [day(last), to].into_iter().flatten().min();
        match self.by {
            TaskDay::DueOn => TaskFilter { due_from: from, due_to: to, ..filter },
            TaskDay::IssuedOn => TaskFilter { issued_from: from, issued_to: to, ..filter },
        }
    }

    /// What tasks of no group have not.
    const fn without(&self) -> TaskWithout {
        rows::without(self.group_by, self.by)
    }
}
