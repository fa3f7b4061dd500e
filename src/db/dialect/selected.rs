//! Whether a column holds one of the values that a boxed query selects.
//!
//! Diesel's `eq_any` hands its query to the database at hand, which a query that was boxed for both is not made for.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};

use super::condition;
use crate::db::MultiBackend;

/// `column` is one of the values that `query`, which selects one column of the same type, gives.
pub fn in_selected<C, Q>(column: C, query: Q) -> Selected<C, Q> {
    Selected { column, query }
}

/// The condition made by [`in_selected`].
#[derive(Debug, Clone)]
pub struct Selected<C, Q> {
    column: C,
    query: Q,
}

condition!(Selected<C, Q>);

impl<C, Q> QueryFragment<MultiBackend> for Selected<C, Q>
where
    C: QueryFragment<MultiBackend>,
    Q: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
