//! How tasks are counted: by the database, a row for each group and way to stand, however many tasks there are.

use diesel::QueryResult;
use diesel::deserialize::{self, QueryableByName};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::row::NamedRow;
use diesel::sql_types::{self, BigInt, Nullable, Text, Untyped};

use crate::db::schema::tasks;
use crate::db::{Conn, MultiBackend, Scope, Store};
use crate::domain::{Date, Id, Result};
use crate::service::read::leads_nowhere;
use crate::tasks::task::store::TaskRow;
use crate::tasks::task::{TaskFilter, Tasks};
use crate::tasks::timeliness::Moment;
use crate::tasks::timeliness::store::Told;
use crate::tasks::vocabulary::TaskTimeliness;

/// By what tasks are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// All together.
    Whole,
    /// By the body that leads them.
    Lead,
    /// By each document that gave them or that they are to carry out.
    Document,
    /// By the day by which they are to be done.
    Due,
    /// By the day on which they were given.
    Issued,
}

/// How many tasks of a group stand in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The body or the document.
    pub id: Option<Id>,
    /// The day.
    pub day: Option<Date>,
    /// How they stand.
    pub timeliness: TaskTimeliness,
    /// How many there are.
    pub count: i64,
    /// The earliest day by which one of them is to be done, if they are overdue.
    pub earliest_due: Option<Date>,
}

/// How the tasks that `filter` lets through stand at a moment: one statement.
///
/// # Errors
/// As the list of tasks has them.
pub fn tallies(conn: &mut Conn, scope: Scope, filter: &TaskFilter, moment: Moment, key: Key) -> Result<Vec<Tally>> {
    if leads_nowhere::<Tasks>(conn, scope, filter, None)? {
        return Ok(Vec::new());
    }
    let query = TaskRow::living(Tasks::narrow(conn, filter, scope)?, scope);
    let columns =
        (tasks::id, tasks::state, tasks::completed_on, tasks::issued_on, tasks::deadline_kind, tasks::due_on_key);
    Ok(Tallied { tasks: query.select(columns), told: Told::new(scope, moment), key }.load(conn)?)
}

/// Counts the tasks of a query.
struct Tallied<Q> {
    tasks: Q,
    told: Told,
    key: Key,
}

impl<Q> Query for Tallied<Q> {
    type SqlType = Untyped;
}

impl<Q> QueryId for Tallied<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<Conn> for Tallied<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Tallied<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let id = match self.key {
            Key::Document => "\"about\".\"document_id\"",
            Key::Lead => "\"lead\"",
            Key::Whole | Key::Due | Key::Issued => "CAST(NULL AS BIGINT)",
        };
        let day = match self.key {
            Key::Due => "\"due\"",
            Key::Issued => "\"issued_on\"",
            Key::Whole | Key::Lead | Key::Document => "CAST(NULL AS DATE)",
        };
        out.push_sql(&format!(
            "SELECT {id} AS \"id\", {day} AS \"day\", \"timeliness\", COUNT(*) AS \"count\", \
             MIN(CASE WHEN \"timeliness\" = 'open_overdue' THEN \"due\" END) AS \"earliest_due\" FROM ("
        ));
        self.told.all(&mut out, &self.tasks)?;
        out.push_sql(") AS \"found\"");
        if self.key == Key::Document {
            out.push_sql(
                " LEFT JOIN (SELECT \"id\" AS \"task_id\", \"origin_document_id\" AS \"document_id\" FROM \"tasks\" \
                 WHERE \"origin_document_id\" IS NOT NULL \
                 UNION SELECT \"task_id\", \"document_id\" FROM \"task_documents\") AS \"about\" \
                 ON \"about\".\"task_id\" = \"found\".\"task\"",
            );
        }
        out.push_sql(" GROUP BY 1, 2, 3");
        Ok(())
    }
}

impl QueryableByName<MultiBackend> for Tally {
    fn build<'a>(row: &impl NamedRow<'a, MultiBackend>) -> deserialize::Result<Self> {
        Ok(Self {
            id: NamedRow::get::<Nullable<BigInt>, _>(row, "id")?,
            day: NamedRow::get::<Nullable<sql_types::Date>, _>(row, "day")?,
            timeliness: NamedRow::get::<Text, _>(row, "timeliness")?,
            count: NamedRow::get::<BigInt, _>(row, "count")?,
            earliest_due: NamedRow::get::<Nullable<sql_types::Date>, _>(row, "earliest_due")?,
        })
    }
}
