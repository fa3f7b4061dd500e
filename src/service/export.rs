//! Whole lists, page by page: each page is a query of its own that begins where the one before ended, so that no
//! transaction is held open while a slow reader takes its time, and memory does not grow with the list.

use super::expand::Expansion;
use super::read::{self, View};
use crate::db::{Conn, Scope, Store};
use crate::domain::page::{Page, Position};
use crate::domain::{Date, Result};

/// How many records, or changes, the first page has, before anybody knows how long they are.
pub const FIRST: u16 = 50;
/// How many records a page has at most.
const MOST: u16 = 500;
/// What a page should not exceed, in bytes: the texts of a source may be long.
const HEAVY: usize = 1024 * 1024;

/// The pages of a list that are still to be read.
pub struct Pages<R: Store> {
    scope: Scope,
    filter: R::Filter,
    page: Page,
    /// Nothing to expand, for a day.
    expansion: Expansion,
    whole: bool,
    ended: bool,
}

impl<R: Store> Pages<R> {
    /// All pages from `page` on, which may have any length.
    #[must_use]
    pub fn whole(scope: Scope, filter: R::Filter, page: Page, as_of: Option<Date>) -> Self {
        Self { whole: true, ..Self::one(scope, filter, Page { limit: FIRST, ..page }, as_of) }
    }

    /// This page alone.
    #[must_use]
    pub fn one(scope: Scope, filter: R::Filter, page: Page, as_of: Option<Date>) -> Self {
        let expansion = Expansion::default().as_of(as_of);
        Self { scope, filter, page, expansion, whole: false, ended: false }
    }

    /// The records of the next page.
    ///
    /// # Errors
    /// As [`read::list`].
    pub fn next(&mut self, conn: &mut Conn) -> Result<Vec<View<R>>> {
        let listing = read::list::<R>(conn, self.scope, &self.filter, &self.page, false, &self.expansion)?;
        self.ended = !self.whole || listing.next.is_none();
        self.page.after = listing.next;
        Ok(listing.records)
    }

    /// Takes note of how many bytes the records of the last page came to, for the length of the next.
    pub fn weigh(&mut self, bytes: usize) {
        self.page.limit = following(self.page.limit, bytes);
    }

    /// Whether all pages have been read.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The last record that was read, if others follow it.
    #[must_use]
    pub fn position(&self) -> Option<&Position> {
        self.page.after.as_ref()
    }
}

/// How many records to read after a page of `limit` records that came to so many bytes.
#[must_use]
pub fn following(limit: u16, bytes: usize) -> u16 {
    if bytes > HEAVY { (limit / 4).max(1) } else { limit.saturating_mul(2).min(MOST) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_grow_until_they_are_heavy() {
        assert_eq!(following(FIRST, 50_000), 100);
        assert_eq!(following(400, 400_000), MOST);
        assert_eq!(following(MOST, 500_000), MOST);
        assert_eq!(following(100, 2_000_000), 25);
        assert_eq!(following(1, 2_000_000), 1);
    }
}
