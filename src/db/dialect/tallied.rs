//! Rows counted by a key.

use diesel::QueryResult;
use diesel::RunQueryDsl;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Nullable};
use std::marker::PhantomData;

use crate::db::{Conn, MultiBackend};

/// How many rows `rows` gives of each key, and their first and last day; `rows` selects a key of the type `ST` and a day.
/// At most `limit` keys, in no order.
///
/// Diesel groups no query that was boxed: this goes through its rows once, where a condition on their ids would look each
/// up twice.
pub const fn tallied<ST, Q>(rows: Q, limit: i64) -> Tallied<ST, Q> {
    Tallied { rows, limit, key: PhantomData }
}

/// The statement made by [`tallied`].
#[derive(Debug, Clone, Copy)]
pub struct Tallied<ST, Q> {
    rows: Q,
    limit: i64,
    key: PhantomData<fn() -> ST>,
}

impl<ST, Q> Query for Tallied<ST, Q>
where
    (Nullable<ST>, BigInt, Nullable<Date>, Nullable<Date>): diesel::expression::TypedExpressionType,
    ST: diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>,
{
    type SqlType = (Nullable<ST>, BigInt, Nullable<Date>, Nullable<Date>);
}

impl<ST, Q> QueryId for Tallied<ST, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST, Q> RunQueryDsl<Conn> for Tallied<ST, Q> {}

impl<ST, Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Tallied<ST, Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("WITH \"found\" (\"key\", \"day\") AS (");
        self.rows.walk_ast(out.reborrow())?;
        out.push_sql(") SELECT \"key\", COUNT(*), MIN(\"day\"), MAX(\"day\") FROM \"found\" GROUP BY \"key\" LIMIT ");
        out.push_bind_param::<BigInt, i64>(&self.limit)
    }
}
