//! How task updates are kept.

use diesel::prelude::*;

use super::{TaskUpdate, TaskUpdateFilter, TaskUpdates};
use crate::db::dialect::{contains, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::task_updates;
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::fault::Warning;
use crate::domain::text::heading;
use crate::domain::{Date, Id, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::organizations::life::{Lived, warn_outside};
use crate::tasks::vocabulary::{ReportingPeriod, TaskState};
use crate::text::fold;

record_table! {
    /// A row of `task_updates`.
    pub struct TaskUpdateRow in task_updates {
        parent: task_id in "tasks";
        title: (text) => |[text, ..]| text.map(|text| heading(&text).into());
        sorts: [reported_on];
        columns: {
            organization_id: Option<Id>,
            person_id: Option<Id>,
            reported_on: Date,
            reporting_period: Option<ReportingPeriod>,
            state: Option<TaskState>,
            progress: Option<i32>,
            text: Prose,
            document_id: Option<Id>,
            note: Option<Prose>,
            text_folded: String,
        }
    }
}

impl Store for TaskUpdates {
    type Row = TaskUpdateRow;

    fn row(meta: &Meta, body: &TaskUpdate<Id>) -> Result<TaskUpdateRow> {
        let body = body.clone();
        Ok(row_of!(TaskUpdateRow, meta, {
            task_id: meta.parent_id()?,
            text_folded: fold(&body.text),
            organization_id: body.organization,
            person_id: body.person,
            reported_on: body.reported_on,
            reporting_period: body.reporting_period,
            state: body.state,
            progress: body.progress,
            text: body.text,
            document_id: body.document,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: TaskUpdateRow, links: &mut impl Linker<L>) -> Result<TaskUpdate<L>> {
        Ok(TaskUpdate {
            reported_on: row.reported_on,
            text: row.text,
            organization: row.organization_id.map(|id| links.to("organization", id)),
            person: row.person_id.map(|id| links.to("person", id)),
            reporting_period: row.reporting_period,
            state: row.state,
            progress: row.progress,
            document: row.document_id.map(|id| links.to("document", id)),
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a TaskUpdateFilter, _: Scope) -> Result<<TaskUpdateRow as Table>::Query<'a>> {
        let mut query = TaskUpdateRow::all();
        if let Some(task) = filter.task {
            query = query.filter(task_updates::task_id.eq(task.0));
        }
        if let Some(organization) = filter.organization {
            query = query.filter(task_updates::organization_id.eq(organization.0));
        }
        if let Some(person) = filter.person {
            query = query.filter(task_updates::person_id.eq(person.0));
        }
        if let Some(document) = filter.document {
            query = query.filter(task_updates::document_id.eq(document.0));
        }
        if let Some(states) = &filter.state {
            query = query.filter(in_texts(task_updates::state, &states.0));
        }
        if let Some(day) = filter.reported_from {
            query = query.filter(task_updates::reported_on.ge(day));
        }
        if let Some(day) = filter.reported_to {
            query = query.filter(task_updates::reported_on.le(day));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(task_updates::reported_on.le(day));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(task_updates::text_folded, text));
        }
        Ok(query)
    }

    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        _: &Meta,
        _: Option<&TaskUpdate<Id>>,
        body: &mut TaskUpdate<Id>,
    ) -> Result<Vec<Warning>> {
        let mut warnings = Vec::new();
        let organization = body.organization.map(Lived::Organization);
        warn_outside(conn, "organization", organization, Some(body.reported_on), &mut warnings)?;
        Ok(warnings)
    }
}
