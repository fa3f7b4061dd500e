//! What is worked out of a task when it is read: who leads it, by when it is due, how it stands, what it lacks.

use std::collections::BTreeMap;

use super::{Task, stated_due_on};
use crate::db::{Conn, Scope};
use crate::domain::{Computed, Date, Id, Link, Linker, Record, Result};
use crate::tasks::assignment::store::Lead;
use crate::tasks::extension;
use crate::tasks::holiday::{self, Calendar};
use crate::tasks::timeliness::store::Origins;
use crate::tasks::timeliness::{
    Answerable, Clarity, Distance, Facts, Moment, Reported, distance, effective_due_on, lacks, store as timeliness,
    timeliness as stands,
};
use crate::tasks::vocabulary::TaskTimeliness;

/// Adds who leads these tasks.
pub fn add_leads(records: &mut [Record<Task<Link>>], leads: &BTreeMap<Id, Lead>, links: &mut impl Linker<Link>) {
    for record in records {
        let lead = leads.get(&record.id);
        record.body.lead = Computed::Known(lead.and_then(Lead::who).map(|(kind, id)| links.to_any("lead", kind, id)));
        record.body.lead_text = Computed::Known(lead.and_then(|lead| lead.text.clone()));
    }
}

/// Adds by when these tasks are to be done, by the extensions that were granted by the end of the day `as_of` or else are
/// now.
///
/// # Errors
/// As the database has them.
pub fn add_due_dates(
    conn: &mut Conn,
    scope: Scope,
    as_of: Option<Date>,
    records: &mut [Record<Task<Link>>],
) -> Result<()> {
    let granted = extension::store::granted(conn, scope, as_of, &ids(records))?;
    for record in records {
        let (latest, count) = granted.get(&record.id).copied().unwrap_or((None, 0));
        let due = effective_due_on(record.body.deadline_kind, stated_due_on(&record.body), latest);
        record.body.effective_due_on = Computed::Known(due);
        record.body.extensions_granted = Computed::Known(Some(count));
    }
    Ok(())
}

/// Adds how these tasks stand at the end of a day, once it is known who leads them and by when they are to be done.
///
/// # Errors
/// As the database has them.
pub fn add_standing(
    conn: &mut Conn,
    scope: Scope,
    day: Date,
    records: &mut [Record<Task<Link>>],
    leads: &BTreeMap<Id, Lead>,
) -> Result<()> {
    let reports = timeliness::reports(conn, scope, &ids(records))?;
    let origins = origins(conn, scope, records)?;
    let calendar = calendar(conn, scope, day, records)?;
    let moment = Moment::new(day, None)?;
    for record in records {
        let answerable = Answerable::of(leads.get(&record.id));
        let reported = Reported::by(day, reports.get(&record.id).map_or(&[], Vec::as_slice));
        let is_there = given_on(&record.body, &origins).is_none_or(|given| given <= day);
        fill(&mut record.body, answerable, reported, is_there.then_some(moment), &calendar);
    }
    Ok(())
}

fn ids(records: &[Record<Task<Link>>]) -> Vec<Id> {
    records.iter().map(|record| record.id).collect()
}

/// The days of what gave rise to those of these tasks that have no day of their own.
fn origins(conn: &mut Conn, scope: Scope, records: &[Record<Task<Link>>]) -> Result<Origins> {
    let undated = || records.iter().map(|record| &record.body).filter(|task| task.issued_on.is_none());
    let conferences: Vec<Id> = undated().filter_map(|task| task.origin_conference.as_ref()).map(|to| to.id).collect();
    let documents: Vec<Id> = undated().filter_map(|task| task.origin_document.as_ref()).map(|to| to.id).collect();
    if conferences.is_empty() && documents.is_empty() {
        return Ok(Origins::default());
    }
    timeliness::origins(conn, scope, &conferences, &documents)
}

/// The day on which a task was given, or else that of its conference or document, as far as either is known.
fn given_on(task: &Task<Link>, origins: &Origins) -> Option<Date> {
    let origin = |link: &Option<Link>| link.as_ref().map(|link| link.id);
    task.issued_on.or_else(|| origins.day(origin(&task.origin_conference), origin(&task.origin_document)))
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
    task.effective_due_on.value().copied()
}

/// Fills a task in; without a moment where it had not been given by then.
fn fill(
    task: &mut Task<Link>,
    answerable: Answerable,
    reported: Reported,
    moment: Option<Moment>,
    calendar: &Calendar,
) {
    let due = due(task);
    let clarity = Clarity { deadline_kind: task.deadline_kind, due, has_product: task.product.is_some(), answerable };
    task.lacks = Computed::Known(Some(lacks(&clarity)));
    let facts = Facts { state: task.state, completed_on: task.completed_on, reported, due };
    let stands = moment.map(|moment| stands(&facts, moment));
    let days = moment.map_or_else(Distance::default, |moment| distance(&facts, moment, calendar));
    task.timeliness = Computed::Known(stands);
    task.signal = Computed::Known(stands.and_then(TaskTimeliness::signal));
    task.days_left = Computed::Known(days.left);
    task.working_days_left = Computed::Known(days.working_left);
    task.days_late = Computed::Known(days.late);
    task.working_days_late = Computed::Known(days.working_late);
}
