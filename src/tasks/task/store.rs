//! How tasks are kept.

use std::sync::Arc;

use diesel::prelude::*;

use super::rules::{check_step, stated_due_on};
use super::{EFFECTIVE_DUE_ON, Task, TaskFilter, Tasks, computed};
use crate::db::chain::refuse_parent_cycle;
use crate::db::dialect::{Made, contains, in_ids, in_selected, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{extensions, task_conferences, task_documents, tasks};
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, Scope, Store, Table};
use crate::documents::document;
use crate::documents::vocabulary::Urgency;
use crate::domain::error::Refusal;
use crate::domain::fault::Warning;
use crate::domain::page::{Page, SortKey, date_key};
use crate::domain::text::heading;
use crate::domain::{
    Computed, Date, Error, Fault, Id, Instant, Line, Link, LinkForm, Linker, Meta, Prose, Record, Result, Stamp,
};
use crate::organizations::admin_unit;
use crate::organizations::life::{Lived, warn_outside};
use crate::tasks::timeliness::store::{DueKey, Given, Standing, Told};
use crate::tasks::timeliness::{Moment, effective_due_on};
use crate::tasks::vocabulary::{DeadlineKind, ReportingPeriod, TaskOrigin, TaskState};
use crate::tasks::{assignment, evidence_document, extension};
use crate::text::fold;
use crate::tracking::register::{self, Register};

record_table! {
    /// A row of `tasks`.
    pub struct TaskRow in tasks {
        title: (content) => |[content, ..]| content.map(|content| heading(&content).into());
        sorts: [issued_on_key, due_on_key];
        made: made;
        columns: {
            content: Prose,
            code: Option<Line>,
            origin: Option<TaskOrigin>,
            origin_conference_id: Option<Id>,
            origin_document_id: Option<Id>,
            documents: String,
            conferences: String,
            issued_by_id: Option<Id>,
            issued_by_person_id: Option<Id>,
            issued_by_text: Option<Line>,
            issued_on: Option<Date>,
            deadline_kind: DeadlineKind,
            due_on: Option<Date>,
            due_days: Option<i32>,
            deadline_text: Option<Line>,
            recurrence: Option<ReportingPeriod>,
            period_from: Option<Date>,
            period_to: Option<Date>,
            product: Option<Line>,
            urgency: Option<Urgency>,
            state: TaskState,
            state_reason: Option<Prose<2000>>,
            completed_on: Option<Date>,
            parent_id: Option<Id>,
            note: Option<Prose>,
            content_folded: String,
            issued_on_key: chrono::NaiveDate,
            due_on_key: chrono::NaiveDate,
        }
    }
}

impl Store for Tasks {
    type Row = TaskRow;

    fn row(meta: &Meta, body: &Task<Id>) -> Result<TaskRow> {
        let body = body.clone();
        Ok(row_of!(TaskRow, meta, {
            content_folded: fold(&body.content),
            issued_on_key: date_key(body.issued_on),
            due_on_key: date_key(stated_due_on(&body)),
            content: body.content,
            code: body.code,
            origin: body.origin,
            origin_conference_id: body.origin_conference,
            origin_document_id: body.origin_document,
            documents: list_column(&body.documents),
            conferences: list_column(&body.conferences),
            issued_by_id: body.issued_by,
            issued_by_person_id: body.issued_by_person,
            issued_by_text: body.issued_by_text,
            issued_on: body.issued_on,
            deadline_kind: body.deadline_kind,
            due_on: body.due_on,
            due_days: body.due_days,
            deadline_text: body.deadline_text,
            recurrence: body.recurrence,
            period_from: body.period_from,
            period_to: body.period_to,
            product: body.product,
            urgency: body.urgency,
            state: body.state,
            state_reason: body.state_reason,
            completed_on: body.completed_on,
            parent_id: body.parent,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: TaskRow, links: &mut impl Linker<L>) -> Result<Task<L>> {
        let documents: Vec<Id> = read_list(&row.documents, "tasks", "documents", row.id)?;
        let conferences: Vec<Id> = read_list(&row.conferences, "tasks", "conferences", row.id)?;
        Ok(Task {
            content: row.content,
            code: row.code,
            origin: row.origin,
            origin_conference: row.origin_conference_id.map(|id| links.to("origin_conference", id)),
            origin_document: row.origin_document_id.map(|id| links.to("origin_document", id)),
            documents: documents.into_iter().map(|id| links.to("documents", id)).collect(),
            conferences: conferences.into_iter().map(|id| links.to("conferences", id)).collect(),
            issued_by: row.issued_by_id.map(|id| links.to("issued_by", id)),
            issued_by_person: row.issued_by_person_id.map(|id| links.to("issued_by_person", id)),
            issued_by_text: row.issued_by_text,
            issued_on: row.issued_on,
            deadline_kind: row.deadline_kind,
            due_on: row.due_on,
            due_days: row.due_days,
            deadline_text: row.deadline_text,
            recurrence: row.recurrence,
            period_from: row.period_from,
            period_to: row.period_to,
            product: row.product,
            urgency: row.urgency,
            state: row.state,
            state_reason: row.state_reason,
            completed_on: row.completed_on,
            parent: row.parent_id.map(|id| links.to("parent", id)),
            note: row.note,
            lead: Computed::Absent,
            lead_text: Computed::Absent,
            effective_due_on: Computed::Absent,
            extensions_granted: Computed::Absent,
            timeliness: Computed::Absent,
            signal: Computed::Absent,
            days_left: Computed::Absent,
            working_days_left: Computed::Absent,
            days_late: Computed::Absent,
            working_days_late: Computed::Absent,
            lacks: Computed::Absent,
        })
    }

    fn narrow<'a>(conn: &mut Conn, filter: &'a TaskFilter, scope: Scope) -> Result<<TaskRow as Table>::Query<'a>> {
        let query = by_origin(conn, filter, scope)?;
        let query = by_assignment(conn, query, filter, scope)?;
        let query = by_days(query, filter, scope);
        let query = by_lead(conn, query, filter, scope)?;
        let mut query = by_standing(query, filter, scope)?;
        if let Some(origins) = &filter.origin {
            query = query.filter(in_texts(tasks::origin, &origins.0));
        }
        if let Some(states) = &filter.state {
            query = query.filter(in_texts(tasks::state, &states.0));
        }
        if let Some(kinds) = &filter.deadline_kind {
            query = query.filter(in_texts(tasks::deadline_kind, &kinds.0));
        }
        if let Some(urgencies) = &filter.urgency {
            query = query.filter(in_texts(tasks::urgency, &urgencies.0));
        }
        if let Some(least) = filter.extensions_min {
            check_least(least)?;
            let extended = extension::store::tasks_extended(conn, scope, filter.as_of, least)?;
            query = query.filter(in_ids(tasks::id, &extended));
        }
        if let Some(parent) = filter.parent {
            query = query.filter(tasks::parent_id.eq(parent.0));
        }
        if let Some(code) = &filter.code {
            query = query.filter(tasks::code.eq(code.as_str()));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(tasks::content_folded, text));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        old: Option<&Task<Id>>,
        body: &mut Task<Id>,
    ) -> Result<Vec<Warning>> {
        if let Some(old) = old {
            check_step(old.state, body.state).map_err(|fault| {
                let detail = format!("A task that is {} cannot become {}.", old.state, body.state);
                Error::Conflict(Refusal::new("state_step_not_allowed", detail).at("/state", fault))
            })?;
        }
        refuse_parent_cycle(meta.id, body.parent, |ids| {
            Ok(tasks::table.filter(in_ids(tasks::id, ids)).select((tasks::id, tasks::parent_id)).load(conn)?)
        })?;
        let mut warnings = Vec::new();
        warn_outside(conn, "issued_by", body.issued_by.map(Lived::Organization), body.issued_on, &mut warnings)?;
        if body.state == TaskState::Completed && !evidence_document::store::has_accepted(conn, meta.id)? {
            let message = "The task is completed, and no evidence of it was accepted.";
            warnings.push(Warning::new("completed_without_evidence", "/state", message));
        }
        Ok(warnings)
    }

    fn key_of(conn: &mut Conn, scope: Scope, page: &Page, row: &TaskRow) -> Result<SortKey> {
        if page.sort.field != EFFECTIVE_DUE_ON {
            return Ok(row.sort_key(page.sort.field.column));
        }
        let granted = extension::store::granted(conn, scope, page.as_of, &[row.id])?;
        let latest = granted.get(&row.id).and_then(|granted| granted.0);
        let stated = Date::new(row.due_on_key).ok();
        Ok(date_key(effective_due_on(row.deadline_kind, stated, latest)).into())
    }

    /// Adds who leads the tasks and how they stand: a query each for their leads, their extensions, their reports and the
    /// holidays, whatever their number, and two more where some have no day of their own.
    fn complete(
        conn: &mut Conn,
        scope: Scope,
        as_of: Option<Date>,
        records: &mut [Record<Task<Link>>],
        links: &mut impl Linker<Link>,
    ) -> Result<()> {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let leads = assignment::store::leads(conn, scope, &ids)?;
        computed::add_leads(records, &leads, links);
        computed::add_due_dates(conn, scope, as_of, records)?;
        match as_of {
            Some(day) => computed::add_standing(conn, scope, day, records, &leads),
            None => Ok(()),
        }
    }
}

/// What the page is sorted by, if no column holds it.
fn made(scope: Scope, page: &Page) -> Option<Made> {
    let moment = Moment::new(page.as_of?, None).ok().filter(|_| page.sort.field == EFFECTIVE_DUE_ON)?;
    Some(Arc::new(DueKey(Told::new(scope, moment))))
}

type Query<'a> = <TaskRow as Table>::Query<'a>;

/// The tasks that have what `filter` says of who gave them and by what.
fn by_origin<'a>(conn: &mut Conn, filter: &'a TaskFilter, scope: Scope) -> Result<Query<'a>> {
    let mut query = TaskRow::all();
    if let Some(conference) = filter.origin_conference {
        query = query.filter(tasks::origin_conference_id.eq(conference.0));
    }
    if let Some(choice) = &filter.origin_document {
        let document = document::store::chosen(conn, scope, "origin_document", choice)?;
        query = query.filter(tasks::origin_document_id.eq(document));
    }
    if let Some(choice) = &filter.document {
        let document = document::store::chosen(conn, scope, "document", choice)?;
        let named = task_documents::table.filter(task_documents::document_id.eq(document));
        let named = named.select(task_documents::task_id).into_boxed();
        query = query.filter(tasks::origin_document_id.eq(document).or(in_selected(tasks::id, named)));
    }
    if let Some(conference) = filter.conference {
        let named = task_conferences::table.filter(task_conferences::conference_id.eq(conference.0));
        let named = named.select(task_conferences::task_id).into_boxed();
        query = query.filter(tasks::origin_conference_id.eq(conference.0).or(in_selected(tasks::id, named)));
    }
    if let Some(body) = filter.issued_by {
        query = query.filter(tasks::issued_by_id.eq(body.0));
    }
    if let Some(person) = filter.issued_by_person {
        query = query.filter(tasks::issued_by_person_id.eq(person.0));
    }
    Ok(query)
}

/// Those that are assigned as `filter` says, all of it in one assignment.
fn by_assignment<'a>(conn: &mut Conn, query: Query<'a>, filter: &'a TaskFilter, scope: Scope) -> Result<Query<'a>> {
    let units = filter.admin_unit.map(|unit| admin_unit::store::at_or_below(conn, scope, unit.0)).transpose()?;
    if filter.assignee.is_none() && filter.role.is_none() && units.is_none() {
        return Ok(query);
    }
    let assigned =
        assignment::store::tasks_of(scope, filter.assignee.map(|id| id.0), filter.role.as_ref(), units.as_deref());
    Ok(query.filter(in_selected(tasks::id, assigned)))
}

/// Those that were given and are due on the days that `filter` says. An extension only ever moves a day back, so that the
/// latest one counts.
fn by_days<'a>(mut query: Query<'a>, filter: &TaskFilter, scope: Scope) -> Query<'a> {
    let granted = || extension::store::tasks_granted(scope, filter.as_of);
    if let Some(day) = filter.due_from {
        let extended = granted().filter(extensions::new_due_on.ge(day));
        query = query.filter(tasks::due_on_key.ge(day.day()).or(in_selected(tasks::id, extended)));
    }
    if let Some(day) = filter.due_to {
        let extended = granted().filter(extensions::new_due_on.gt(day));
        let dated = tasks::due_on_key.ne(date_key(None));
        query = query
            .filter(tasks::due_on_key.le(day.day()))
            .filter(dated.or(in_selected(tasks::id, granted())))
            .filter(diesel::dsl::not(in_selected(tasks::id, extended)));
    }
    if let Some(day) = filter.issued_from {
        query = query.filter(tasks::issued_on_key.ge(day.day()));
    }
    if let Some(day) = filter.issued_to {
        query = query.filter(tasks::issued_on_key.le(day.day())).filter(tasks::issued_on.is_not_null());
    }
    if let Some(day) = filter.as_of {
        query = query.filter(tasks::issued_on_key.le(day.day()));
    }
    query
}

/// Those that the bodies lead which `filter` names, by themselves or by their unit.
fn by_lead<'a>(conn: &mut Conn, mut query: Query<'a>, filter: &TaskFilter, scope: Scope) -> Result<Query<'a>> {
    let of_unit = filter.lead_unit.zip(filter.units.or(filter.as_of));
    let register = match (of_unit, filter.lead.and(filter.units)) {
        (None, None) => Register::default(),
        _ => register::store::load(conn, scope)?,
    };
    if let Some(lead) = filter.lead {
        let bodies = filter.units.map_or_else(|| vec![lead.0], |day| register.bodies_standing_in(lead.0, day));
        query = query.filter(in_selected(tasks::id, assignment::store::tasks_led(scope, &bodies)));
    }
    if let Some((unit, day)) = of_unit {
        let bodies = register.bodies_in(unit.0, day);
        query = query.filter(in_selected(tasks::id, assignment::store::tasks_led(scope, &bodies)));
    }
    Ok(query)
}

/// Those that stand, at the end of the day, as `filter` says. Whoever asks for a list names a day with these parameters.
fn by_standing<'a>(mut query: Query<'a>, filter: &TaskFilter, scope: Scope) -> Result<Query<'a>> {
    let Some(day) = filter.as_of else { return Ok(query) };
    let told = Told::new(scope, Moment::new(day, filter.due_soon_days)?);
    query = query.filter(Given(told));
    if let Some(values) = &filter.timeliness {
        query = query.filter(Standing::timely(told, &values.0));
    }
    if let Some(lacks) = &filter.lacks {
        query = query.filter(Standing::lacking(told, &lacks.0));
    }
    if let Some(without) = &filter.without {
        query = query.filter(Standing::without(told, &without.0));
    }
    Ok(query)
}

fn check_least(least: i32) -> Result<()> {
    if (1..=100).contains(&least) {
        return Ok(());
    }
    Err(Error::parameter("extensions_min", Fault::new("out_of_range", "must be from 1 to 100")))
}

/// The tasks that `filter` lets through and that were deleted at `since` or later, by the instant, at most `most` of them.
/// What was deleted with them narrows nothing any more.
///
/// # Errors
/// As [`Store::narrow`].
pub fn deleted_since(
    conn: &mut Conn,
    filter: &TaskFilter,
    scope: Scope,
    since: Instant,
    most: i64,
) -> Result<Vec<TaskRow>> {
    let query = TaskRow::shown(Tasks::narrow(conn, filter, scope)?, scope);
    Ok(query
        .filter(tasks::deleted_at.ge(since))
        .order((tasks::deleted_at.asc(), tasks::id.asc()))
        .limit(most)
        .load(conn)?)
}

/// The task `id` as it is stored, for the rules of its children.
///
/// # Errors
/// `NotFound` if there is none.
pub fn task_of(conn: &mut Conn, id: Id) -> Result<Task<Id>> {
    Tasks::stored(TaskRow::by_ids(conn, Scope::All, &[id])?.pop().ok_or(Error::NotFound)?)
}
