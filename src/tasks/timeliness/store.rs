//! How tasks stand on a day, in SQL: the same rules as above, over all tasks at once, for lists and reports.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types;

use super::{LEFT, Moment};
use crate::conferences::conference::store::ConferenceRow;
use crate::db::dialect::{condition, in_ids};
use crate::db::schema::{conferences, documents, task_updates};
use crate::db::scope::push_text;
use crate::db::{Conn, MultiBackend, Scope};
use crate::documents::document::store::DocumentRow;
use crate::domain::page::date_key;
use crate::domain::{Date, Id, Result};
use crate::tasks::task_update::store::TaskUpdateRow;
use crate::tasks::vocabulary::{TaskLack, TaskState, TaskTimeliness, TaskWithout};

/// What tells how the rows of `tasks` stand: the end of a day, and what the caller may see of what belongs to them.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    scope: Scope,
    day: NaiveDate,
    soon: NaiveDate,
    /// What stands for no day in a key.
    none: NaiveDate,
}

/// That a row was not deleted.
const LIVING: &str = "\"deleted_at\" IS NULL";

type Out<'a, 'b> = AstPass<'a, 'b, MultiBackend>;

/// What an extension granted, else what was stated; null for what has no deadline.
const DUE: &str = "CASE WHEN \"tasks\".\"deadline_kind\" <> 'regular_no_deadline' \
    THEN COALESCE(\"granted\", NULLIF(\"tasks\".\"due_on_key\", '0001-01-01')) END";

impl Told {
    /// What tells how tasks stand at a moment.
    #[must_use]
    pub fn new(scope: Scope, moment: Moment) -> Self {
        Self { scope, day: moment.day.day(), soon: moment.soon.day(), none: date_key(None) }
    }

    /// That a row of a child of the task is living and may be seen; the task itself may.
    fn living(&self) -> String {
        let seen = self.scope.text("", "\"visibility\" = 'public'");
        seen.map_or_else(|| LIVING.to_owned(), |seen| format!("{LIVING} AND {seen}"))
    }

    /// Pushes a text that says of rows that they are living.
    fn push<'b>(&'b self, out: &mut Out<'_, 'b>, text: &str) -> QueryResult<()> {
        push_text(out, text, &self.scope)
    }

    /// The latest day that an extension had granted, as a table of one row. An aggregate is worked out once a task,
    /// however often what is made of it is read.
    fn granted<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql(
            "(SELECT MAX(\"new_due_on\") AS \"granted\" FROM \"extensions\" \
             WHERE \"task_id\" = \"tasks\".\"id\" AND \"status\" = 'granted' AND ",
        );
        self.push(out, &self.living())?;
        out.push_sql(" AND \"decided_on\" <= ");
        self.push_day(out)?;
        out.push_sql(") AS \"extended\"");
        Ok(())
    }

    /// By when the task is to be done; null if nobody said.
    pub(crate) fn due<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("(SELECT ");
        out.push_sql(DUE);
        out.push_sql(" FROM ");
        self.granted(out)?;
        out.push_sql(")");
        Ok(())
    }

    /// How the task stands, as its code.
    pub(crate) fn timeliness<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("(SELECT ");
        self.stands(out, &["\"tasks\".\"state\"", "\"tasks\".\"completed_on\"", DUE])?;
        out.push_sql(" FROM ");
        self.granted(out)?;
        out.push_sql(", (SELECT ");
        self.reported(out)?;
        out.push_sql(" AND \"task_id\" = \"tasks\".\"id\") AS \"reported\")");
        Ok(())
    }

    /// What reports said of tasks, in four aggregates: the days of [`super::Reported`].
    fn reported<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        let left = left_states();
        out.push_sql(&format!("MAX(CASE WHEN \"state\" IN ({left}) AND \"reported_on\" <= "));
        self.push_day(out)?;
        out.push_sql(" THEN \"reported_on\" END) AS \"left_on\", ");
        out.push_sql(&format!("MAX(CASE WHEN \"state\" NOT IN ({left}) AND \"reported_on\" <= "));
        self.push_day(out)?;
        let reports = format!(
            " THEN \"reported_on\" END) AS \"at_work_on\", MAX(\"reported_on\") AS \"last_on\", \
             MAX(CASE WHEN \"state\" NOT IN ({left}) THEN \"reported_on\" END) AS \"last_at_work_on\" \
             FROM \"task_updates\" WHERE \"state\" IS NOT NULL AND {}",
            self.living()
        );
        self.push(out, &reports)
    }

    /// That a task that is not done has left all rates, as [`super::has_left`] says, given what tells its state.
    fn has_left<'b>(&'b self, out: &mut Out<'_, 'b>, state: &str) -> QueryResult<()> {
        let left = left_states();
        out.push_sql(&format!(
            "\"left_on\" IS NOT NULL AND (\"at_work_on\" IS NULL OR \"at_work_on\" < \"left_on\") \
             AND ({state} IN ({left}) OR \"last_at_work_on\" > "
        ));
        self.push_day(out)?;
        out.push_sql(&format!(") OR {state} IN ({left}) AND (\"last_on\" IS NULL OR \"last_on\" <= "));
        self.push_day(out)?;
        out.push_sql(")");
        Ok(())
    }

    /// How a task stands, given what tells its state, the day it was done and its due date, and what reports said of it.
    fn stands<'b>(&'b self, out: &mut Out<'_, 'b>, [state, completed_on, due]: &[&str; 3]) -> QueryResult<()> {
        out.push_sql(&format!("CASE WHEN {state} = 'completed' AND {completed_on} <= "));
        self.push_day(out)?;
        out.push_sql(&format!(
            " THEN CASE WHEN {due} IS NULL THEN 'done_no_deadline' WHEN {completed_on} <= {due} THEN 'done_on_time' \
             ELSE 'done_late' END WHEN "
        ));
        self.has_left(out, state)?;
        out.push_sql(&format!(" THEN 'excluded' WHEN {due} IS NULL THEN 'open_no_deadline' WHEN {due} < "));
        self.push_day(out)?;
        out.push_sql(&format!(" THEN 'open_overdue' WHEN {due} <= "));
        out.push_bind_param::<sql_types::Date, NaiveDate>(&self.soon)?;
        out.push_sql(" THEN 'open_due_soon' ELSE 'open_in_time' END");
        Ok(())
    }

    /// The last day that is told of.
    fn push_day<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_bind_param::<sql_types::Date, NaiveDate>(&self.day)
    }

    /// Of all rows that `tasks` gives, which has the columns of the table: the columns `task`, `issued_on`, `due`, `lead` and
    /// `timeliness`. What belongs to tasks is joined to them, since one look for each of a million would take too long.
    pub(crate) fn all<'b, Q: QueryFragment<MultiBackend>>(
        &'b self,
        out: &mut Out<'_, 'b>,
        tasks: &'b Q,
    ) -> QueryResult<()> {
        let (living, left) = (self.living(), left_states());
        out.push_sql("SELECT \"task\", \"issued_on\", \"due\", \"lead\", ");
        self.stands(out, &["\"state\"", "\"completed_on\"", "\"due\""])?;
        out.push_sql(&format!(
            " AS \"timeliness\" FROM (SELECT \"tasks\".\"id\" AS \"task\", \"tasks\".\"state\" AS \"state\", \
             \"tasks\".\"completed_on\" AS \"completed_on\", \"tasks\".\"issued_on\" AS \"issued_on\", {DUE} AS \"due\", \
             \"leads\".\"organization_id\" AS \"lead\", \"left_on\", \"at_work_on\", \"last_on\", \"last_at_work_on\" FROM ("
        ));
        tasks.walk_ast(out.reborrow())?;
        let extended = format!(
            ") AS \"tasks\" LEFT JOIN (SELECT \"task_id\", MAX(\"new_due_on\") AS \"granted\" FROM \"extensions\" \
             WHERE \"status\" = 'granted' AND {living} AND \"decided_on\" <= "
        );
        self.push(out, &extended)?;
        self.push_day(out)?;
        out.push_sql(
            " GROUP BY \"task_id\") AS \"extended\" ON \"extended\".\"task_id\" = \"tasks\".\"id\" \
             LEFT JOIN (SELECT \"task_id\", ",
        );
        self.reported(out)?;
        // Reports matter where one of them, or the task itself, has left the rates: of few tasks among a million.
        let others = format!(
            " AND \"task_id\" IN (SELECT \"task_id\" FROM \"task_updates\" WHERE \"state\" IN ({left}) AND {living} \
             UNION SELECT \"id\" FROM \"tasks\" WHERE \"state\" IN ({left}) AND {living}) \
             GROUP BY \"task_id\") AS \"reported\" ON \"reported\".\"task_id\" = \"tasks\".\"id\" \
             LEFT JOIN (SELECT \"task_id\", \"organization_id\" FROM \"assignments\" \
             WHERE \"role\" = 'lead' AND {living}) AS \"leads\" ON \"leads\".\"task_id\" = \"tasks\".\"id\") AS \"due_tasks\""
        );
        self.push(out, &others)
    }

    /// The body that leads the task; null if none does.
    pub(crate) fn lead<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        self.push(out, &format!("(SELECT \"organization_id\" FROM {})", self.leads()))
    }

    /// The assignment of the lead, of which there is at most one.
    fn leads(&self) -> String {
        format!("\"assignments\" WHERE \"task_id\" = \"tasks\".\"id\" AND \"role\" = 'lead' AND {}", self.living())
    }
}

/// The states that leave all rates, as SQL lists them.
fn left_states() -> String {
    LEFT.iter().map(|state| format!("'{state}'")).collect::<Vec<_>>().join(", ")
}

/// A condition on the rows of `tasks`.
#[derive(Debug, Clone)]
pub struct Standing {
    told: Told,
    any: Vec<Part>,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Stands(TaskTimeliness),
    Lacks(TaskLack),
    Without(TaskWithout),
}

condition!(Standing);

impl Standing {
    /// The task stands in one of these ways.
    #[must_use]
    pub fn timely(told: Told, values: &[TaskTimeliness]) -> Self {
        Self { told, any: values.iter().copied().map(Part::Stands).collect() }
    }

    /// The task lacks one of these.
    #[must_use]
    pub fn lacking(told: Told, values: &[TaskLack]) -> Self {
        Self { told, any: values.iter().copied().map(Part::Lacks).collect() }
    }

    /// The task is without one of these.
    #[must_use]
    pub fn without(told: Told, values: &[TaskWithout]) -> Self {
        Self { told, any: values.iter().copied().map(Part::Without).collect() }
    }
}

impl QueryFragment<MultiBackend> for Standing {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("(");
        for (at, part) in self.any.iter().enumerate() {
            match (part, at) {
                (Part::Stands(_), 0) => {
                    self.told.timeliness(&mut out)?;
                    out.push_sql(" IN (");
                }
                (Part::Stands(_), _) => out.push_sql(", "),
                (_, 0) => {}
                (_, _) => out.push_sql(" OR "),
            }
            self.push(*part, &mut out)?;
        }
        let stands = matches!(self.any.first(), Some(Part::Stands(_)));
        out.push_sql(if stands { "))" } else { ")" });
        Ok(())
    }
}

impl Standing {
    fn push<'b>(&'b self, part: Part, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        let told = &self.told;
        match part {
            Part::Stands(value) => out.push_sql(&format!("'{value}'")),
            Part::Lacks(TaskLack::Content) => out.push_sql("\"tasks\".\"content\" = ''"),
            Part::Lacks(TaskLack::Product) => out.push_sql("\"tasks\".\"product\" IS NULL"),
            Part::Lacks(TaskLack::Lead) => told.push(out, &format!("NOT EXISTS (SELECT 1 FROM {})", told.leads()))?,
            Part::Lacks(TaskLack::Responsibility) => {
                let who = "(\"organization_id\" IS NOT NULL OR \"person_id\" IS NOT NULL)";
                told.push(out, &format!("NOT EXISTS (SELECT 1 FROM {} AND {who})", told.leads()))?;
            }
            Part::Lacks(TaskLack::Deadline) => {
                out.push_sql("\"tasks\".\"deadline_kind\" NOT IN ('regular_no_deadline', 'recurring') AND ");
                told.due(out)?;
                out.push_sql(" IS NULL");
            }
            Part::Without(TaskWithout::Lead) => {
                told.lead(out)?;
                out.push_sql(" IS NULL");
            }
            Part::Without(TaskWithout::LeadUnit) => {
                let (living, leads) = (told.living(), told.leads());
                let body = format!("\"organizations\" WHERE \"admin_unit_id\" IS NOT NULL AND {living}");
                let leads = format!("(SELECT \"organization_id\" FROM {leads})");
                told.push(out, &format!("NOT EXISTS (SELECT 1 FROM {body} AND \"id\" = {leads})"))?;
            }
            Part::Without(TaskWithout::Document) => out.push_sql(
                "\"tasks\".\"origin_document_id\" IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM \"task_documents\" WHERE \"task_id\" = \"tasks\".\"id\")",
            ),
            Part::Without(TaskWithout::DueOn) => {
                told.due(out)?;
                out.push_sql(" IS NULL");
            }
            Part::Without(TaskWithout::IssuedOn) => out.push_sql("\"tasks\".\"issued_on\" IS NULL"),
        }
        Ok(())
    }
}

/// By when a task is to be done, as a key to sort by: 0001-01-01 where nobody said.
#[derive(Debug, Clone, Copy)]
pub struct DueKey(pub Told);

impl QueryFragment<MultiBackend> for DueKey {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("COALESCE(");
        self.0.due(&mut out)?;
        out.push_sql(", ");
        out.push_bind_param::<sql_types::Date, NaiveDate>(&self.0.none)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The reports on each of these tasks that have a state, with their days, as far as the caller may see.
///
/// # Errors
/// As the database has them.
pub fn reports(conn: &mut Conn, scope: Scope, tasks: &[Id]) -> Result<BTreeMap<Id, Vec<(TaskState, Date)>>> {
    let query = TaskUpdateRow::visible(scope)
        .filter(in_ids(task_updates::task_id, tasks))
        .filter(task_updates::state.is_not_null());
    let columns = (task_updates::task_id, task_updates::state, task_updates::reported_on);
    let rows: Vec<(Id, Option<TaskState>, Date)> = query.select(columns).load(conn)?;
    let mut reports: BTreeMap<Id, Vec<(TaskState, Date)>> = BTreeMap::new();
    for (task, state, on) in rows {
        if let Some(state) = state {
            reports.entry(task).or_default().push((state, on));
        }
    }
    Ok(reports)
}

/// When each of these conferences was held and each of these documents was issued, where that is known and the caller may
/// see it.
///
/// # Errors
/// As the database has them.
pub fn origins(conn: &mut Conn, scope: Scope, held: &[Id], issued: &[Id]) -> Result<Origins> {
    let held = ConferenceRow::visible(scope).filter(in_ids(conferences::id, held));
    let held: Vec<(Id, Option<Date>)> = held.select((conferences::id, conferences::held_from)).load(conn)?;
    let issued = DocumentRow::visible(scope).filter(in_ids(documents::id, issued));
    let issued: Vec<(Id, Option<Date>)> = issued.select((documents::id, documents::issued_on)).load(conn)?;
    Ok(Origins { held: held.into_iter().collect(), issued: issued.into_iter().collect() })
}

/// When conferences were held and documents issued.
#[derive(Debug, Default)]
pub struct Origins {
    held: BTreeMap<Id, Option<Date>>,
    issued: BTreeMap<Id, Option<Date>>,
}

impl Origins {
    /// The day of the conference, or else of the document, if either is known.
    #[must_use]
    pub fn day(&self, conference: Option<Id>, document: Option<Id>) -> Option<Date> {
        let held = conference.and_then(|id| self.held.get(&id).copied().flatten());
        held.or_else(|| document.and_then(|id| self.issued.get(&id).copied().flatten()))
    }
}

/// The task had been given by the end of the day, as far as is known: a task without a day of its own was given on that of
/// its conference, or else of its document. Its own day is a column that the filter of lists compares first.
#[derive(Debug, Clone, Copy)]
pub struct Given(pub Told);

condition!(Given);

impl QueryFragment<MultiBackend> for Given {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let living = self.0.living();
        let given = format!(
            "CASE WHEN \"tasks\".\"issued_on\" IS NULL THEN COALESCE(\
             (SELECT \"held_from\" FROM \"conferences\" WHERE \"id\" = \"tasks\".\"origin_conference_id\" AND {living}), \
             (SELECT \"issued_on\" FROM \"documents\" WHERE \"id\" = \"tasks\".\"origin_document_id\" AND {living}), "
        );
        self.0.push(&mut out, &given)?;
        self.0.push_day(&mut out)?;
        out.push_sql(") ELSE \"tasks\".\"issued_on\" END <= ");
        self.0.push_day(&mut out)
    }
}
