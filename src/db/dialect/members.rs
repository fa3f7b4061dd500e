//! Whether a column holds one of a list of values, as one bind however many there are.
//!
//! Diesel's `eq_any` spells one bind per value, so that each length is another statement, and never caches it.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Text};
use diesel::sqlite::Sqlite;

use super::condition;
use crate::db::MultiBackend;
use crate::domain::Id;

/// `column` is one of `ids`.
pub fn in_ids<C>(column: C, ids: &[Id]) -> Members<C> {
    Members { column, values: Values::Ids(ids.to_vec(), serde_json::to_string(ids).unwrap_or_default()) }
}

/// `column` is one of `texts`.
pub fn in_texts<C, T: ToString>(column: C, texts: &[T]) -> Members<C> {
    let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
    let json = serde_json::to_string(&texts).unwrap_or_default();
    Members { column, values: Values::Texts(texts, json) }
}

/// The condition made by [`in_ids`] and [`in_texts`]: an array on PostgreSQL, a JSON array on SQLite.
#[derive(Debug, Clone)]
pub struct Members<C> {
    column: C,
    values: Values,
}

#[derive(Debug, Clone)]
enum Values {
    Ids(Vec<Id>, String),
    Texts(Vec<String>, String),
}

condition!(Members<C>);

impl<C: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Members<C> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, out)
    }
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Members<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        match &self.values {
            Values::Ids(ids, _) => out.push_bind_param::<Array<BigInt>, Vec<Id>>(ids)?,
            Values::Texts(texts, _) => out.push_bind_param::<Array<Text>, Vec<String>>(texts)?,
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Members<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT value FROM json_each(");
        let (Values::Ids(_, json) | Values::Texts(_, json)) = &self.values;
        out.push_bind_param::<Text, String>(json)?;
        out.push_sql("))");
        Ok(())
    }
}
