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
    let values = match ids {
        [id] => Values::Id(*id),
        ids => Values::Ids(ids.to_vec(), serde_json::to_string(ids).unwrap_or_default()),
    };
    Members { column, values }
}

/// `column` is one of `texts`.
pub fn in_texts<C, T: ToString>(column: C, texts: &[T]) -> Members<C> {
    let values = match texts {
        [text] => Values::Text(text.to_string()),
        texts => {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            let json = serde_json::to_string(&texts).unwrap_or_default();
            Values::Texts(texts, json)
        }
    };
    Members { column, values }
}

/// The condition made by [`in_ids`] and [`in_texts`].
#[derive(Debug, Clone)]
pub struct Members<C> {
    column: C,
    values: Values,
}

/// One value is compared by `=`, after which an index gives the rows in the order of its further columns; after several
/// they would have to be sorted. Several are an array on PostgreSQL, a JSON array on SQLite.
#[derive(Debug, Clone)]
enum Values {
    Id(Id),
    Text(String),
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
        out.push_sql(self.values.operator(" = ANY("));
        match &self.values {
            Values::Id(id) => return out.push_bind_param::<BigInt, Id>(id),
            Values::Text(text) => return out.push_bind_param::<Text, String>(text),
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
        out.push_sql(self.values.operator(" IN (SELECT value FROM json_each("));
        match &self.values {
            Values::Id(id) => return out.push_bind_param::<BigInt, Id>(id),
            Values::Text(text) => return out.push_bind_param::<Text, String>(text),
            Values::Ids(_, json) | Values::Texts(_, json) => out.push_bind_param::<Text, String>(json)?,
        }
        out.push_sql("))");
        Ok(())
    }
}

impl Values {
    /// What stands between the column and the bind, given what does for several values.
    const fn operator(&self, several: &'static str) -> &'static str {
        match self {
            Self::Id(_) | Self::Text(_) => " = ",
            Self::Ids(..) | Self::Texts(..) => several,
        }
    }
}
