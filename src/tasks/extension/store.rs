//! How extensions are kept, and what those of a task come to.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Extension, ExtensionFilter, Extensions};
use crate::db::dialect::{in_ids, in_texts};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::extensions;
use crate::db::{Conn, MultiBackend, Scope, Store, Table};
use crate::domain::fault::Warning;
use crate::domain::{Date, Error, Fault, Id, Instant, LinkForm, Linker, Meta, Prose, Result, Stamp};
use crate::tasks::task;
use crate::tasks::vocabulary::ExtensionStatus;

record_table! {
    /// A row of `extensions`.
    pub struct ExtensionRow in extensions {
        parent: task_id in "tasks";
        title: (requested_due_on) => |[day, ..]| day;
        sorts: [];
        columns: {
            requested_by_id: Option<Id>,
            requested_by_person_id: Option<Id>,
            requested_on: Date,
            requested_due_on: Date,
            reason: Option<Prose<2000>>,
            status: ExtensionStatus,
            decided_by_id: Option<Id>,
            decided_by_person_id: Option<Id>,
            decided_on: Option<Date>,
            new_due_on: Option<Date>,
            decision_text: Option<Prose<2000>>,
            note: Option<Prose>,
        }
    }
}

impl Store for Extensions {
    type Row = ExtensionRow;

    fn row(meta: &Meta, body: &Extension<Id>) -> Result<ExtensionRow> {
        let body = body.clone();
        Ok(row_of!(ExtensionRow, meta, {
            task_id: meta.parent_id()?,
            requested_by_id: body.requested_by,
            requested_by_person_id: body.requested_by_person,
            requested_on: body.requested_on,
            requested_due_on: body.requested_due_on,
            reason: body.reason,
            status: body.status,
            decided_by_id: body.decided_by,
            decided_by_person_id: body.decided_by_person,
            decided_on: body.decided_on,
            new_due_on: body.new_due_on,
            decision_text: body.decision_text,
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: ExtensionRow, links: &mut impl Linker<L>) -> Result<Extension<L>> {
        Ok(Extension {
            requested_on: row.requested_on,
            requested_due_on: row.requested_due_on,
            requested_by: row.requested_by_id.map(|id| links.to("requested_by", id)),
            requested_by_person: row.requested_by_person_id.map(|id| links.to("requested_by_person", id)),
            reason: row.reason,
            note: row.note,
            status: row.status,
            decided_by: row.decided_by_id.map(|id| links.to("decided_by", id)),
            decided_by_person: row.decided_by_person_id.map(|id| links.to("decided_by_person", id)),
            decided_on: row.decided_on,
            new_due_on: row.new_due_on,
            decision_text: row.decision_text,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a ExtensionFilter, _: Scope) -> Result<<ExtensionRow as Table>::Query<'a>> {
        let mut query = ExtensionRow::all();
        if let Some(task) = filter.task {
            query = query.filter(extensions::task_id.eq(task.0));
        }
        if let Some(statuses) = &filter.status {
            query = query.filter(in_texts(extensions::status, &statuses.0));
        }
        if let Some(body) = filter.requested_by {
            query = query.filter(extensions::requested_by_id.eq(body.0));
        }
        if let Some(person) = filter.requested_by_person {
            query = query.filter(extensions::requested_by_person_id.eq(person.0));
        }
        if let Some(body) = filter.decided_by {
            query = query.filter(extensions::decided_by_id.eq(body.0));
        }
        if let Some(person) = filter.decided_by_person {
            query = query.filter(extensions::decided_by_person_id.eq(person.0));
        }
        if let Some(day) = filter.as_of {
            query = query.filter(extensions::requested_on.le(day));
        }
        Ok(query)
    }

    /// A day is moved back only: the one asked for, and the one granted, is after the one that holds, if one is known. It is
    /// held against that day once, when it is asked for or granted.
    fn prepare(
        conn: &mut Conn,
        _: &Stamp,
        meta: &Meta,
        old: Option<&Extension<Id>>,
        body: &mut Extension<Id>,
    ) -> Result<Vec<Warning>> {
        let (field, day) = match (old, body.new_due_on) {
            (None, _) => ("requested_due_on", body.requested_due_on),
            (Some(old), Some(day)) if old.new_due_on != Some(day) => ("new_due_on", day),
            (Some(_), _) => return Ok(Vec::new()),
        };
        let task = meta.parent_id()?;
        let stated = task::stated_due_on(&task::store::task_of(conn, task)?);
        let granted = granted(conn, Scope::All, None, &[task])?.get(&task).and_then(|granted| granted.0);
        let Some(due) = granted.or(stated).filter(|due| day <= *due) else { return Ok(Vec::new()) };
        let message = format!("must be after {due}, by which the task is due as it is");
        Err(Error::field(format!("/{field}"), Fault::new("inconsistent", message)))
    }
}

/// The latest day that was granted for a task, and how many times one was.
type Granted = (Option<Date>, i32);

/// What was granted for each of several tasks by a day, or by now, as far as the caller may see.
///
/// # Errors
/// As the database has them.
pub fn granted(conn: &mut Conn, scope: Scope, as_of: Option<Date>, tasks: &[Id]) -> Result<HashMap<Id, Granted>> {
    let rows: Vec<(Id, Option<Date>)> = all_granted(scope, as_of)
        .filter(in_ids(extensions::task_id, tasks))
        .select((extensions::task_id, extensions::new_due_on))
        .load(conn)?;
    let mut granted: HashMap<Id, Granted> = HashMap::new();
    for (task, day) in rows {
        let (latest, count) = granted.entry(task).or_default();
        *latest = day.max(*latest);
        *count = count.saturating_add(1);
    }
    Ok(granted)
}

/// The extensions that were granted by a day, or by now, as far as the caller may see. Each has the day of its decision.
fn all_granted<'a>(scope: Scope, as_of: Option<Date>) -> <ExtensionRow as Table>::Query<'a> {
    let granted = ExtensionRow::visible(scope).filter(extensions::status.eq(ExtensionStatus::Granted));
    match as_of {
        Some(day) => granted.filter(extensions::decided_on.le(day)),
        None => granted,
    }
}

/// What all extensions of a task that were ever granted come to, those that were deleted with it among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extended {
    /// How many there are.
    pub count: i64,
    /// The latest day that was granted.
    pub until: Option<Date>,
    /// When the last of them was written.
    pub at: Instant,
}

/// What was ever granted for each of several tasks, as far as the caller may see, whether or not it was deleted since.
///
/// # Errors
/// As the database has them.
pub fn ever_granted(conn: &mut Conn, scope: Scope, tasks: &[Id]) -> Result<HashMap<Id, Extended>> {
    let rows: Vec<(Id, Option<Date>, Instant)> = ExtensionRow::shown(extensions::table.into_boxed(), scope)
        .filter(extensions::status.eq(ExtensionStatus::Granted))
        .filter(in_ids(extensions::task_id, tasks))
        .select((extensions::task_id, extensions::new_due_on, extensions::updated_at))
        .load(conn)?;
    let mut extended: HashMap<Id, Extended> = HashMap::new();
    for (task, until, at) in rows {
        let known = extended.entry(task).or_insert(Extended { count: 0, until, at });
        *known = Extended { count: known.count.saturating_add(1), until: until.max(known.until), at: at.max(known.at) };
    }
    Ok(extended)
}

/// The tasks of those extensions, to be narrowed by the day that was granted.
#[must_use]
pub fn tasks_granted<'a>(scope: Scope, as_of: Option<Date>) -> extensions::BoxedQuery<'a, MultiBackend, BigInt> {
    all_granted(scope, as_of).select(extensions::task_id)
}

/// The tasks for which at least `least` extensions were granted by a day, or by now, as far as the caller may see.
///
/// # Errors
/// As the database has them.
pub fn tasks_extended(conn: &mut Conn, scope: Scope, as_of: Option<Date>, least: i32) -> Result<Vec<Id>> {
    let tasks: Vec<Id> = tasks_granted(scope, as_of).load(conn)?;
    let mut counts: HashMap<Id, i32> = HashMap::new();
    for task in tasks {
        let count = counts.entry(task).or_default();
        *count = count.saturating_add(1);
    }
    Ok(counts.into_iter().filter(|(_, count)| *count >= least).map(|(task, _)| task).collect())
}
