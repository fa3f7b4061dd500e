//! What a report is grouped by, chosen at run time.

use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::db::MultiBackend;

/// A type of which there may be nothing, as both databases call it.
pub trait Named {
    /// Its name.
    const NAME: &'static str;
}

impl Named for Nullable<BigInt> {
    const NAME: &'static str = "BIGINT";
}

impl Named for Nullable<Integer> {
    const NAME: &'static str = "INTEGER";
}

impl Named for Nullable<Text> {
    const NAME: &'static str = "TEXT";
}

/// `column` where `by` says that rows are grouped by it, and else nothing, by which they are all the same.
///
/// It may be selected beside what is counted, and stand under GROUP BY.
pub fn grouped<ST, C>(by: bool, column: C) -> Grouped<ST, C> {
    Grouped { by, column, kind: PhantomData }
}

/// The expression made by [`grouped`].
#[derive(Debug, Clone, Copy)]
pub struct Grouped<ST, C> {
    by: bool,
    column: C,
    kind: PhantomData<ST>,
}

impl<ST, C> Expression for Grouped<ST, C>
where
    ST: diesel::sql_types::SqlType + diesel::expression::TypedExpressionType,
{
    type SqlType = ST;
}

impl<ST, C, Source> AppearsOnTable<Source> for Grouped<ST, C> where Self: Expression {}

impl<ST, C, Source> SelectableExpression<Source> for Grouped<ST, C> where Self: Expression {}

impl<ST, C, Clause> ValidGrouping<Clause> for Grouped<ST, C> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST, C> QueryId for Grouped<ST, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST: Named, C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Grouped<ST, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if self.by {
            return self.column.walk_ast(out);
        }
        out.push_sql("CAST(NULL AS ");
        out.push_sql(ST::NAME);
        out.push_sql(")");
        Ok(())
    }
}

/// The year of a day.
pub fn year_of<C: Expression<SqlType = Nullable<Date>>>(column: C) -> YearOf<C> {
    YearOf(column)
}

/// The number made by [`year_of`]; it stands in [`grouped`].
#[derive(Debug, Clone, Copy)]
pub struct YearOf<C>(C);

impl<C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for YearOf<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let (before, after) = match out.backend() {
            MultiBackend::Pg(_) => ("CAST(EXTRACT(YEAR FROM ", ") AS INTEGER)"),
            MultiBackend::Sqlite(_) => ("CAST(SUBSTR(", ", 1, 4) AS INTEGER)"),
        };
        out.push_sql(before);
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(after);
        Ok(())
    }
}
