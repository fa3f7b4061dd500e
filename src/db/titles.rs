//! What to call records: the titles of many, whatever their types, by one statement.
//!
//! A link shows the title of the record behind it, and a record has links to several types. A statement for each would be a
//! journey to the server and back for each.

use std::borrow::Cow;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use diesel::{QueryResult, RunQueryDsl};

use super::dialect::{Members, OwnId, in_ids};
use super::scope::{ParentIn, Scope, Visible, visible};
use super::{Conn, MultiBackend};
use crate::domain::text::{Line, Prose};
use crate::domain::{Date, Id, Instant, Result};

/// Enough of a record to link to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleRow {
    /// The number of the record.
    pub id: Id,
    /// What to call it.
    pub title: Option<String>,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// The texts that a title is made of: those of the columns that a table names for it, in that order.
pub type TitleTexts<'t> = [Option<Cow<'t, str>>; 3];

/// What makes a title of its texts.
pub type TitleOf = for<'t> fn(TitleTexts<'t>) -> Option<Cow<'t, str>>;

/// Fills up the texts of fewer columns.
#[must_use]
pub fn texts<const N: usize>(columns: [Option<Cow<'_, str>>; N]) -> TitleTexts<'_> {
    let mut columns = columns.into_iter();
    std::array::from_fn(|_| columns.next().flatten())
}

/// A value that a title may be made of, as its text: the one that SQL casts it to.
pub trait TitleText {
    /// The text; `None` where there is no value.
    fn title_text(&self) -> Option<Cow<'_, str>>;
}

impl<T: TitleText> TitleText for Option<T> {
    fn title_text(&self) -> Option<Cow<'_, str>> {
        self.as_ref().and_then(T::title_text)
    }
}

impl<const LIMIT: usize> TitleText for Line<LIMIT> {
    fn title_text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self))
    }
}

impl<const LIMIT: usize> TitleText for Prose<LIMIT> {
    fn title_text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self))
    }
}

impl TitleText for Date {
    fn title_text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }
}

impl TitleText for Id {
    fn title_text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }
}

/// The columns of [`TitleTexts`] in a statement.
macro_rules! title_columns {
    ($first:ident) => {
        concat!($crate::db::titles::title_columns!(@ $first), ", NULL, NULL")
    };
    ($first:ident, $second:ident) => {
        concat!($crate::db::titles::title_columns!(@ $first), $crate::db::titles::title_columns!(@ $second), ", NULL")
    };
    ($($column:ident),+) => {
        concat!($($crate::db::titles::title_columns!(@ $column)),+)
    };
    (@ $column:ident) => {
        concat!(", CAST(\"", stringify!($column), "\" AS TEXT)")
    };
}
pub(crate) use title_columns;

/// Some records of one table, whose titles are asked for.
#[derive(Debug)]
pub struct Titled {
    table: &'static str,
    columns: &'static str,
    ids: Members<OwnId>,
    visible: Option<Visible>,
    title: TitleOf,
}

impl Titled {
    /// The rows of `table` with the given ids, deleted ones too, that a caller of this scope may see, whose `title` is made
    /// of `columns`.
    #[must_use]
    pub fn new(
        table: &'static str,
        columns: &'static str,
        ids: &[Id],
        (parent, scope): (Option<ParentIn>, Scope),
        title: TitleOf,
    ) -> Self {
        Self { table, columns, ids: in_ids(OwnId, ids), visible: visible(table, parent, scope), title }
    }
}

/// The titles of the records asked for, each with the place of its table in `asked`, in no order.
///
/// # Errors
/// As the database has them.
pub fn of(conn: &mut Conn, asked: &[Titled]) -> Result<Vec<(usize, TitleRow)>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<Found> = Titles(asked).load(conn)?;
    let row = |Found { place, id, deleted_at, texts: (first, second, third) }| {
        let place = usize::try_from(place).ok()?;
        let texts = [first, second, third].map(|text| text.map(Cow::Owned));
        let title = (asked.get(place)?.title)(texts).map(Cow::into_owned);
        Some((place, TitleRow { id, title, deleted: deleted_at.is_some() }))
    };
    Ok(found.into_iter().filter_map(row).collect())
}

/// A row of [`Titles`].
#[derive(diesel::Queryable)]
struct Found {
    place: i32,
    id: Id,
    deleted_at: Option<Instant>,
    texts: (Option<String>, Option<String>, Option<String>),
}

/// The statement of [`of`]. Its text depends on the tables alone and on which of them are asked for one record only, so that
/// it is prepared once for each kind of answer.
#[derive(Debug, Clone, Copy)]
struct Titles<'a>(&'a [Titled]);

impl Query for Titles<'_> {
    type SqlType = (Integer, BigInt, Nullable<BigInt>, (Nullable<Text>, Nullable<Text>, Nullable<Text>));
}

impl QueryId for Titles<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Conn> for Titles<'_> {}

impl QueryFragment<MultiBackend> for Titles<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        for (place, titled) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT " } else { " UNION ALL SELECT " });
            out.push_sql(&place.to_string());
            out.push_sql(", \"id\", \"deleted_at\"");
            out.push_sql(titled.columns);
            out.push_sql(" FROM \"");
            out.push_sql(titled.table);
            out.push_sql("\" WHERE ");
            titled.ids.walk_ast(out.reborrow())?;
            if let Some(visible) = &titled.visible {
                out.push_sql(" AND ");
                visible.walk_ast(out.reborrow())?;
            }
        }
        Ok(())
    }
}
