//! How the database would carry out a query, for the tests of plans.

use diesel::QueryResult;
use diesel::deserialize::{self, QueryableByName};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::row::NamedRow;
use diesel::sql_types::{Text, Untyped};

use crate::db::{Conn, MultiBackend};
use crate::domain::Result;

struct Explain<Q>(Q);

impl<Q> Query for Explain<Q> {
    type SqlType = Untyped;
}

impl<Q> QueryId for Explain<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<Conn> for Explain<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(match out.backend() {
            MultiBackend::Pg(_) => "EXPLAIN ",
            MultiBackend::Sqlite(_) => "EXPLAIN QUERY PLAN ",
        });
        self.0.walk_ast(out)
    }
}

struct Step(String);

impl QueryableByName<MultiBackend> for Step {
    fn build<'a>(row: &impl NamedRow<'a, MultiBackend>) -> deserialize::Result<Self> {
        NamedRow::get::<Text, String>(row, "detail")
            .or_else(|_| NamedRow::get::<Text, String>(row, "QUERY PLAN"))
            .map(Self)
    }
}

/// The steps of the plan of `query`, in the database's own words.
///
/// # Errors
/// As the database has them.
pub fn plan_of<Q>(conn: &mut Conn, query: Q) -> Result<Vec<String>>
where
    Q: QueryFragment<MultiBackend>,
{
    let steps: Vec<Step> = Explain(query).load(conn)?;
    Ok(steps.into_iter().map(|step| step.0).collect())
}
