//! Conditions over parents and children.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{BigInt, Text};

use super::condition;
use super::keyset::push_column;
use super::members::{Members, in_ids};
use crate::db::MultiBackend;
use crate::domain::Id;

/// The parent of a row of `table`, which `column` points at in `parents`, is public.
#[must_use]
pub fn parent_is_public(table: &'static str, column: &'static str, parents: &'static str) -> ParentIsPublic {
    ParentIsPublic { table, column, parents, public: "public" }
}

/// The condition made by [`parent_is_public`].
#[derive(Debug, Clone)]
pub struct ParentIsPublic {
    table: &'static str,
    column: &'static str,
    parents: &'static str,
    public: &'static str,
}

condition!(ParentIsPublic);

impl QueryFragment<MultiBackend> for ParentIsPublic {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("EXISTS (SELECT 1 FROM ");
        out.push_identifier(self.parents)?;
        out.push_sql(" AS \"parent\" WHERE \"parent\".\"visibility\" = ");
        out.push_bind_param::<Text, str>(self.public)?;
        out.push_sql(" AND \"parent\".\"id\" = ");
        push_column(&mut out, self.table, self.column)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The `column` of a row of `table`, chosen at run time, holds one of `ids`.
#[must_use]
pub fn holds_one_of(table: &'static str, column: &'static str, ids: &[Id]) -> Members<Named> {
    in_ids(Named { table, column }, ids)
}

/// A row of `table` is one of the first `limit` (by id) among the living rows whose `column` has the same one of `ids`.
#[must_use]
pub fn first_of_each(table: &'static str, column: &'static str, ids: &[Id], limit: i64) -> FirstOfEach {
    FirstOfEach { table, column, ids: holds_one_of(RANKED, column, ids), limit, public: None, parent: None }
}

/// The condition made by [`first_of_each`].
#[derive(Debug, Clone)]
pub struct FirstOfEach {
    table: &'static str,
    column: &'static str,
    ids: Members<Named>,
    limit: i64,
    public: Option<&'static str>,
    parent: Option<ParentIsPublic>,
}

condition!(FirstOfEach);

impl FirstOfEach {
    /// The same among the public rows only, whose parent, if they have one in a table that `parent` names by the column
    /// that points there, is public too. Otherwise rows that are left out later would take the places of others.
    #[must_use]
    pub fn among_public(mut self, parent: Option<(&'static str, &'static str)>) -> Self {
        self.public = Some("public");
        self.parent = parent.map(|(column, parents)| parent_is_public(RANKED, column, parents));
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
        if let Some(public) = self.public {
            out.push_sql(" AND \"ranked\".\"visibility\" = ");
            out.push_bind_param::<Text, str>(public)?;
        }
        if let Some(parent) = &self.parent {
            out.push_sql(" AND ");
            parent.walk_ast(out.reborrow())?;
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
