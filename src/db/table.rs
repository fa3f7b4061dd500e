//! What every table of records does alike, written for each by `record_table!`, and what a store
//! adds to it.

use super::Conn;
use super::dialect::Row;
use super::scope::Scope;
use super::titles::{self, TitleRow, Titled};
use crate::domain::Stamp;
use crate::domain::error::Error;
use crate::domain::fact::Fact;
use crate::domain::fault::Warning;
use crate::domain::link::Ids;
use crate::domain::page::{Page, SortKey};
use crate::domain::{Date, Id, Link, LinkForm, Linker, Meta, Record, Resource, Result};

/// One table of records, with what `record_table!` writes for each.
pub trait Table: Clone + Send + Sync + Sized + Row {
    /// The name of the table.
    const NAME: &'static str;
    /// Its columns, besides the seven that all tables of records have.
    const COLUMNS: &'static [&'static str];
    /// A query of the table, to be narrowed.
    type Query<'a>;

    /// The query of all rows.
    fn all<'a>() -> Self::Query<'a>;
    /// What the row has in common with all records.
    fn meta(&self) -> Meta;
    /// The first column, of those that not all tables have, in which it differs from another row.
    fn differing(&self, other: &Self) -> Option<&'static str>;
    /// What to call the record.
    fn title(&self) -> Option<String>;
    /// The key of the row in a sort column.
    fn sort_key(&self, column: &str) -> SortKey;
    /// The number that the next row gets: one more than the largest yet. Only the writer lane may ask.
    ///
    /// # Errors
    /// As the database has them; so have all that follow.
    fn next_id(conn: &mut Conn) -> Result<Id>;
    /// Writes a new row.
    fn insert(&self, conn: &mut Conn) -> Result<()>;
    /// Writes the row over the one with its id.
    fn update(&self, conn: &mut Conn) -> Result<()>;
    /// The rows with these ids, deleted ones too, in no order.
    fn by_ids(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<Self>>;
    /// The living rows whose `column` holds one of `ids`, by id, no more than `limit` for each and `most` in all.
    fn pointing(
        conn: &mut Conn,
        scope: Scope,
        column: &'static str,
        ids: &[Id],
        limit: i64,
        most: i64,
    ) -> Result<Vec<Self>>;
    /// The rows with these ids, deleted ones too, whose titles are asked for.
    fn titled(scope: Scope, ids: &[Id]) -> Titled;
    /// The titles of the rows with these ids.
    fn titles(conn: &mut Conn, scope: Scope, ids: &[Id]) -> Result<Vec<TitleRow>> {
        let found = titles::of(conn, &[Self::titled(scope, ids)])?;
        Ok(found.into_iter().map(|(_, row)| row).collect())
    }
    /// One page of the living rows of `query`.
    fn page(conn: &mut Conn, query: Self::Query<'_>, scope: Scope, page: &Page) -> Result<Vec<Self>>;
    /// How many living rows `query` has, on all pages.
    fn count(conn: &mut Conn, query: Self::Query<'_>, scope: Scope, page: &Page) -> Result<i64>;
    /// The plan of one page of `query`, for the tests of plans.
    fn plan(conn: &mut Conn, query: Self::Query<'_>, scope: Scope, page: &Page) -> Result<Vec<String>>;
}

/// How the records of a resource are kept.
pub trait Store: Resource {
    /// Its table.
    type Row: Table;

    /// The row of a record. Links are ids by now.
    ///
    /// # Errors
    /// `Internal` if a derived column cannot be made.
    fn row(meta: &Meta, body: &Self::Body<Id>) -> Result<Self::Row>;

    /// The fields of a row, its links in the form that `links` gives.
    ///
    /// # Errors
    /// `Internal`, naming the row, if a column holds what it cannot.
    fn body<L: LinkForm>(row: Self::Row, links: &mut impl Linker<L>) -> Result<Self::Body<L>>;

    /// The fields of a row as they are stored and logged.
    ///
    /// # Errors
    /// As [`Store::body`].
    fn stored(row: Self::Row) -> Result<Self::Body<Id>> {
        Self::body(row, &mut Ids)
    }

    /// The rows that `filter` lets through.
    ///
    /// # Errors
    /// `Malformed` if a parameter names something that does not exist or is ambiguous.
    fn narrow<'a>(conn: &mut Conn, filter: &'a Self::Filter, scope: Scope) -> Result<<Self::Row as Table>::Query<'a>>;

    /// The rules that need the database, and the fields that are derived from other records; `old` is the record as it
    /// was, if it was there. It runs in the writer lane.
    ///
    /// # Errors
    /// `Invalid` or `Conflict`.
    fn prepare(
        _conn: &mut Conn,
        _stamp: &Stamp,
        _meta: &Meta,
        _old: Option<&Self::Body<Id>>,
        _body: &mut Self::Body<Id>,
    ) -> Result<Vec<Warning>> {
        Ok(Vec::new())
    }

    /// Adds what is worked out from other records when these are read, as it was at the end of the day `as_of` or else is
    /// now: a query for all of them, never one for each. `links` makes links, which get their titles with all others.
    ///
    /// # Errors
    /// As the database has them.
    fn complete(
        _conn: &mut Conn,
        _scope: Scope,
        _as_of: Option<Date>,
        _records: &mut [Record<Self::Body<Link>>],
        _links: &mut impl Linker<Link>,
    ) -> Result<()> {
        Ok(())
    }

    /// Which facts hold of those of these records that the caller may see.
    ///
    /// # Errors
    /// As the database has them.
    fn facts(_conn: &mut Conn, _scope: Scope, _ids: &[Id]) -> Result<Vec<(Fact, Id)>> {
        Ok(Vec::new())
    }

    /// The key of a row of a page in the order of that page.
    ///
    /// # Errors
    /// As the database has them.
    fn key_of(_conn: &mut Conn, _scope: Scope, page: &Page, row: &Self::Row) -> Result<SortKey> {
        Ok(row.sort_key(page.sort.field.column))
    }

    /// Carries on what follows from a record for others, once its row is written.
    ///
    /// # Errors
    /// As the database has them, and those of [`Store::prepare`].
    fn written(_conn: &mut Conn, _stamp: &Stamp, _row: &Self::Row) -> Result<()> {
        Ok(())
    }
}

/// The largest id that may be given: ids stay below what a JSON number carries exactly everywhere.
pub const MAXIMUM_ID: Id = 9_007_199_254_740_991;

/// The id after `largest`.
///
/// # Errors
/// `Internal` when the numbers are used up.
pub fn following(largest: Option<Id>) -> Result<Id> {
    let next = largest.unwrap_or(0).saturating_add(1);
    if next > MAXIMUM_ID { Err(Error::Internal("no more ids".to_owned())) } else { Ok(next) }
}
