//! Statements of a few texts, for what is asked most: rows by their ids, a new row, what stands last.
//!
//! Diesel's own statements push each column and each clause by itself, look into each name for quotes, and do so three
//! times each time they run: a short one cost more to put together than to carry out.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

use super::members::{Members, in_ids};
use crate::db::scope::{ParentIn, Scope, Visible, visible};
use crate::db::{Conn, MultiBackend};
use crate::domain::Id;

/// The columns that `columns` names, in the order and of the types that the table declares.
#[must_use]
pub const fn whole_row<ST>(columns: &'static str) -> WholeRow<ST> {
    WholeRow { columns, types: PhantomData }
}

/// The selection made by [`whole_row`].
#[derive(Debug, Clone, Copy)]
pub struct WholeRow<ST> {
    columns: &'static str,
    types: PhantomData<fn() -> ST>,
}

impl<ST: TypedExpressionType> Expression for WholeRow<ST> {
    type SqlType = ST;
}

impl<ST, Source> AppearsOnTable<Source> for WholeRow<ST> where Self: Expression {}

impl<ST, Source> SelectableExpression<Source> for WholeRow<ST> where Self: Expression {}

impl<ST, Clause> ValidGrouping<Clause> for WholeRow<ST> {
    type IsAggregate = is_aggregate::No;
}

impl<ST> QueryId for WholeRow<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<MultiBackend> for WholeRow<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(self.columns);
        Ok(())
    }
}

/// The names of columns as they stand in statements: `"id", "version"`.
macro_rules! column_list {
    ($first:ident $($column:ident)*) => {
        concat!("\"", stringify!($first), "\"" $(, ", \"", stringify!($column), "\"")*)
    };
}
pub(crate) use column_list;

/// The statement that reads `columns`, which are of the type `ST`, of the rows of a table with the given ids, in no order.
#[must_use]
pub fn by_ids<ST>(table: &'static str, columns: &'static str, ids: &[Id]) -> ByIds<ST> {
    ByIds { table, columns, ids: in_ids(OwnId, ids), visible: None, types: PhantomData }
}

/// The statement made by [`by_ids`].
#[derive(Debug, Clone)]
pub struct ByIds<ST> {
    table: &'static str,
    columns: &'static str,
    ids: Members<OwnId>,
    visible: Option<Visible>,
    types: PhantomData<fn() -> ST>,
}

impl<ST> ByIds<ST> {
    /// The same among the rows that a caller of this scope may see, whose parent is found there.
    #[must_use]
    pub fn among_visible(mut self, parent: Option<ParentIn>, scope: Scope) -> Self {
        self.visible = visible(self.table, parent, scope);
        self
    }
}

impl<ST: TypedExpressionType> Query for ByIds<ST> {
    type SqlType = ST;
}

impl<ST> QueryId for ByIds<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> RunQueryDsl<Conn> for ByIds<ST> {}

impl<ST> QueryFragment<MultiBackend> for ByIds<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        out.push_sql(self.columns);
        out.push_sql(" FROM \"");
        out.push_sql(self.table);
        out.push_sql("\" WHERE ");
        self.ids.walk_ast(out.reborrow())?;
        if let Some(visible) = &self.visible {
            out.push_sql(" AND ");
            visible.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

/// The id of the one table that a statement is about.
#[derive(Debug, Clone, Copy)]
pub struct OwnId;

impl<DB: Backend> QueryFragment<DB> for OwnId {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("\"id\"");
        Ok(())
    }
}

/// A statement without values, whose text is all there is to it; what it selects is of the type `ST`.
#[must_use]
pub const fn fixed<ST>(text: &'static str) -> Fixed<ST> {
    Fixed { text, types: PhantomData }
}

/// The statement made by [`fixed`].
#[derive(Debug, Clone, Copy)]
pub struct Fixed<ST> {
    text: &'static str,
    types: PhantomData<fn() -> ST>,
}

impl<ST: TypedExpressionType> Query for Fixed<ST> {
    type SqlType = ST;
}

impl<ST> QueryId for Fixed<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> RunQueryDsl<Conn> for Fixed<ST> {}

impl<ST> QueryFragment<MultiBackend> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql(self.text);
        Ok(())
    }
}

/// A row that one statement writes.
pub trait Row: 'static {
    /// The name of its table.
    const TABLE: &'static str;
    /// All of its columns, as they stand in statements.
    const COLUMN_LIST: &'static str;

    /// Adds the values of the row to the statement, in the order of its columns.
    ///
    /// # Errors
    /// If one cannot be written.
    fn push_values<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()>;
}

/// Declares what a row writes of its columns, all of them fields of the same names.
macro_rules! written_row {
    ($row:ident in $table:ident: $first:ident $($column:ident)*) => {
        impl $crate::db::dialect::Row for $row {
            const TABLE: &'static str = stringify!($table);
            const COLUMN_LIST: &'static str = $crate::db::dialect::column_list!($first $($column)*);

            fn push_values<'b>(
                &'b self,
                out: &mut diesel::query_builder::AstPass<'_, 'b, $crate::db::MultiBackend>,
            ) -> diesel::QueryResult<()> {
                out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$first>, _>(&self.$first)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$column>, _>(&self.$column)?;
                )*
                Ok(())
            }
        }
    };
}
pub(crate) use written_row;

/// The statement that writes a new row.
pub const fn insert_row<R: Row>(row: &R) -> InsertRow<'_, R> {
    InsertRow(row)
}

/// The statement made by [`insert_row`].
#[derive(Debug, Clone, Copy)]
pub struct InsertRow<'a, R>(&'a R);

/// All rows of a type are written by the same statement, which is found again without being put together.
impl<R: Row> QueryId for InsertRow<'_, R> {
    type QueryId = InsertRow<'static, R>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R> RunQueryDsl<Conn> for InsertRow<'_, R> {}

impl<R: Row> QueryFragment<MultiBackend> for InsertRow<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO \"");
        out.push_sql(R::TABLE);
        out.push_sql("\" (");
        out.push_sql(R::COLUMN_LIST);
        out.push_sql(") VALUES (");
        self.0.push_values(&mut out)?;
        out.push_sql(")");
        Ok(())
    }
}
