//! Conditions over rows by what they point at.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::BigInt;

use super::condition;
use super::keyset::push_column;
use super::members::{Members, in_ids};
use crate::db::MultiBackend;
use crate::db::scope::{ParentIn, Scope, Visible, visible};
use crate::domain::Id;

/// The `column` of a row of `table`, chosen at run time, holds one of `ids`.
#[must_use]
pub fn holds_one_of(table: &'static str, column: &'static str, ids: &[Id]) -> Members<Named> {
    in_ids(Named { table, column }, ids)
}

/// A row of `table` is one of the first `limit` (by id) among the living rows whose `column` has the same one of `ids`.
#[must_use]
pub fn first_of_each(table: &'static str, column: &'static str, ids: &[Id], limit: i64) -> FirstOfEach {
    FirstOfEach { table, column, ids: holds_one_of(RANKED, column, ids), limit, visible: None }
}

/// The condition made by [`first_of_each`].
#[derive(Debug, Clone)]
pub struct FirstOfEach {
    table: &'static str,
    column: &'static str,
    ids: Members<Named>,
    limit: i64,
    visible: Option<Visible>,
}

condition!(FirstOfEach);

impl FirstOfEach {
    /// The same among the rows that a caller of this scope may see, whose parent is found there. Otherwise rows that are
    /// left out later would take the places of others.
    #[must_use]
    pub fn among_visible(mut self, parent: Option<ParentIn>, scope: Scope) -> Self {
        self.visible = visible(RANKED, parent, scope);
        self
    }
}

impl QueryFragment<MultiBackend> for FirstOfEach {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        push_column(&mut out, self.table, "id")?;
        out.push_sql(" IN (SELECT \"id\" FROM (SELECT \"ranked\".\"id\", ROW_NUMBER() OVER (PARTITION BY \"ranked\".");
        out.push_identifier(self.column)?;
        out.push_sql(" ORDER BY \"ranked\".\"id\") AS \"place\" FROM ");
        out.push_identifier(self.table)?;
        out.push_sql(" AS \"ranked\" WHERE \"ranked\".\"deleted_at\" IS NULL AND ");
        self.ids.walk_ast(out.reborrow())?;
        if let Some(visible) = &self.visible {
            out.push_sql(" AND ");
            visible.walk_ast(out.reborrow())?;
        }
        out.push_sql(") AS \"places\" WHERE \"place\" <= ");
        out.push_bind_param::<BigInt, i64>(&self.limit)?;
        out.push_sql(")");
        Ok(())
    }
}

/// What [`FirstOfEach`] calls the table whose rows it ranks.
const RANKED: &str = "ranked";

/// A column that is known by its name.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    table: &'static str,
    column: &'static str,
}

impl<DB: Backend> QueryFragment<DB> for Named {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_identifier(self.table)?;
        out.push_sql(".");
        out.push_identifier(self.column)
    }
}
