//! What is worked out of a task when it is read: by when it is due, how it stands, what it lacks.

use std::collections::BTreeMap;

use super::{Task, stated_due_on};
use crate::db::{Conn, Scope};
use crate::domain::{Computed, Date, Id, Link, Record, Result};
use crate::tasks::extension;
use crate::tasks::holiday::{self, Calendar};
use crate::tasks::timeliness::{
    Clarity, Distance, Facts, LEFT, Lead, Moment, distance, effective_due_on, lacks, store as timeliness,
    timeliness as stands,
};
use crate::tasks::vocabulary::{TaskState, TaskTimeliness};

/// Adds what is worked out for the end of the day `as_of` to these tasks.
///
/// # Errors
/// As the database has them.
pub fn complete(conn: &mut Conn, scope: Scope, as_of: Option<Date>, records: &mut [Record<Task<Link>>]) -> Result<()> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let granted = extension::store::granted(conn, scope, as_of, &ids)?;
    for record in &mut *records {
        let (latest, count) = granted.get(&record.id).copied().unwrap_or((None, 0));
        let due = effective_due_on(record.body.deadline_kind, stated_due_on(&record.body), latest);
        record.body.effective_due_on = Computed::Known(due);
        record.body.extensions_granted = Computed::Known(Some(count));
    }
    let Some(day) = as_of else { return Ok(()) };
    let leads = timeliness::leads(conn, scope, &ids)?;
    let left = |record: &&Record<Task<Link>>| LEFT.contains(&record.body.state);
    let left: BTreeMap<Id, TaskState> =
        records.iter().filter(left).map(|record| (record.id, record.body.state)).collect();
    let reported = timeliness::first_reported(conn, scope, &left)?;
    let calendar = calendar(conn, scope, day, records)?;
    let moment = Moment::new(day, None)?;
    for record in records {
        let lead = leads.get(&record.id).copied().unwrap_or_default();
        fill(&mut record.body, lead, reported.get(&record.id).copied(), moment, &calendar);
    }
    Ok(())
}

/// The holidays between a day and the due dates of these tasks.
fn calendar(conn: &mut Conn, scope: Scope, day: Date, records: &[Record<Task<Link>>]) -> Result<Calendar> {
    let days = records.iter().flat_map(|record| [due(&record.body), record.body.completed_on]).flatten().chain([day]);
    let (mut first, mut last) = (day, day);
    for day in days {
        (first, last) = (first.min(day), last.max(day));
    }
    if first == last {
        return Ok(Calendar::default());
    }
    holiday::store::calendar(conn, scope, first, last)
}

fn due(task: &Task<Link>) -> Option<Date> {
    match task.effective_due_on {
        Computed::Known(due) => due,
        Computed::Absent => None,
    }
}

fn fill(task: &mut Task<Link>, lead: Lead, reported_on: Option<Date>, moment: Moment, calendar: &Calendar) {
    let due = due(task);
    let clarity = Clarity { deadline_kind: task.deadline_kind, due, has_product: task.product.is_some(), lead };
    task.lacks = Computed::Known(Some(lacks(&clarity)));
    let facts = Facts { state: task.state, completed_on: task.completed_on, reported_on, due };
    let is_there = task.issued_on.is_none_or(|issued| issued <= moment.day);
    let stands = is_there.then(|| stands(&facts, moment));
    let days = if is_there { distance(&facts, moment, calendar) } else { Distance::default() };
    task.timeliness = Computed::Known(stands);
    task.signal = Computed::Known(stands.and_then(TaskTimeliness::signal));
    task.days_left = Computed::Known(days.left);
    task.working_days_left = Computed::Known(days.working_left);
    task.days_late = Computed::Known(days.late);
    task.working_days_late = Computed::Known(days.working_late);
}
