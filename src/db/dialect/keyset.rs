//! Sorting and paging by a column that is chosen at run time, or by what is worked out for each row.

use std::sync::Arc;

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Text};

use super::condition;
use crate::db::MultiBackend;
use crate::domain::page::{ID, Position, Sort, SortKey};

/// What is worked out for each row to sort by, and is never null.
pub type Made = Arc<dyn QueryFragment<MultiBackend> + Send + Sync>;

/// The row stands after `position` in the order `sort` of `table`, whose key is a column, or else is made.
#[must_use]
pub fn after(table: &'static str, sort: Sort, made: Option<Made>, position: Position) -> After {
    After { key: Key { table, sort, made }, position }
}

/// The order `sort` of `table`, whose key is a column, or else is made.
#[must_use]
pub fn in_order(table: &'static str, sort: Sort, made: Option<Made>) -> InOrder {
    InOrder { key: Key { table, sort, made } }
}

/// What rows are sorted by.
#[derive(Clone)]
struct Key {
    table: &'static str,
    sort: Sort,
    made: Option<Made>,
}

impl Key {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match &self.made {
            Some(made) => made.walk_ast(out.reborrow()),
            None => push_column(out, self.table, self.sort.field.column),
        }
    }
}

/// The condition made by [`after`].
///
/// Spelled `key <= x AND (key < x OR id < y)`: the first part is what an index is searched by, on both databases.
#[derive(Clone)]
pub struct After {
    key: Key,
    position: Position,
}

condition!(After);

impl After {
    fn compare<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>, operator: &str) -> QueryResult<()> {
        self.key.push(out)?;
        out.push_sql(operator);
        match &self.position.key {
            SortKey::Date(day) => out.push_bind_param::<Date, chrono::NaiveDate>(day),
            SortKey::Integer(number) => out.push_bind_param::<Integer, i32>(number),
            SortKey::Long(number) => out.push_bind_param::<BigInt, i64>(number),
            SortKey::Text(text) => out.push_bind_param::<Text, String>(text),
        }
    }
}

impl QueryFragment<MultiBackend> for After {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let sort = self.key.sort;
        let beyond = if sort.descending { " < " } else { " > " };
        if sort.field == ID {
            return self.compare(&mut out, beyond);
        }
        self.compare(&mut out, if sort.descending { " <= " } else { " >= " })?;
        out.push_sql(" AND (");
        self.compare(&mut out, beyond)?;
        out.push_sql(" OR ");
        push_column(&mut out, self.key.table, ID.column)?;
        out.push_sql(if sort.id_descending { " < " } else { " > " });
        out.push_bind_param::<BigInt, i64>(&self.position.id)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The order made by [`in_order`].
#[derive(Clone)]
pub struct InOrder {
    key: Key,
}

impl Expression for InOrder {
    type SqlType = Bool;
}

impl<Source> AppearsOnTable<Source> for InOrder {}

impl<Source> SelectableExpression<Source> for InOrder {}

impl<Clause> ValidGrouping<Clause> for InOrder {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for InOrder {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<MultiBackend> for InOrder {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let sort = self.key.sort;
        self.key.push(&mut out)?;
        out.push_sql(direction(sort.descending));
        if sort.field != ID {
            out.push_sql(", ");
            push_column(&mut out, self.key.table, ID.column)?;
            out.push_sql(direction(sort.id_descending));
        }
        Ok(())
    }
}

const fn direction(descending: bool) -> &'static str {
    if descending { " DESC" } else { " ASC" }
}

/// Pushes `"table"."column"`.
///
/// # Errors
/// If a name cannot be written.
pub fn push_column(out: &mut AstPass<'_, '_, MultiBackend>, table: &str, column: &str) -> QueryResult<()> {
    out.push_identifier(table)?;
    out.push_sql(".");
    out.push_identifier(column)
}
