//! Whether a folded column holds a text.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;

use super::condition;
use crate::db::MultiBackend;
use crate::text::fold;

/// `column`, which holds folded text, contains `text` once that is folded too.
pub fn contains<C>(column: C, text: &str) -> Contains<C> {
    // Folded text is letters, digits and spaces only, so nothing in it means anything to LIKE.
    Contains { column, pattern: format!("%{}%", fold(text)) }
}

/// The condition made by [`contains`].
#[derive(Debug, Clone)]
pub struct Contains<C> {
    column: C,
    pattern: String,
}

condition!(Contains<C>);

impl<C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Contains<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" LIKE ");
        out.push_bind_param::<Text, String>(&self.pattern)
    }
}
