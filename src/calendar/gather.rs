//! The entries of a calendar, gathered from a list page by page: a few queries for each.

use std::collections::BTreeSet;

use super::{Asked, ComputedCalendar, Entry, InCalendar, MOST_ENTRIES};
use crate::db::{Conn, Scope};
use crate::domain::page::{Page, Sort};
use crate::domain::{Error, Fault, Instant, Result};
use crate::service::expand::Expansion;
use crate::service::read;
use crate::tracking;

/// How many records are read at once.
const PAGE: u16 = 500;

/// The entries of the records that `filter` lets through, by their day, and after them those that were deleted at `since` or
/// later.
///
/// # Errors
/// `Malformed` if a parameter names something that does not exist or is ambiguous, or if there are too many.
pub fn entries<R: InCalendar>(
    conn: &mut Conn,
    scope: Scope,
    filter: &R::Filter,
    asked: &Asked,
    since: Instant,
) -> Result<Vec<Entry>> {
    let mut entries = living::<R>(conn, scope, filter, asked)?;
    let most = i64::try_from(MOST_ENTRIES).unwrap_or(i64::MAX).saturating_add(1);
    let rows = R::deleted(conn, filter, scope, since, most)?;
    let mut records = read::hydrate::<R>(conn, scope, rows, &Expansion::default())?;
    R::restore(conn, scope, &mut records)?;
    let deleted = R::entries(conn, scope, &records, asked)?;
    entries.extend(deleted.into_iter().map(Entry::cancelled));
    refuse_many(entries.len(), R::FROM)?;
    Ok(entries)
}

/// The entries of what is computed, each once, whichever of the questions it answers.
///
/// # Errors
/// As the overview has them, and `Malformed` if there are too many.
pub fn computed<O: ComputedCalendar>(
    conn: &mut Conn,
    scope: Scope,
    query: &O::Query,
    asked: &Asked,
    stamp: Instant,
) -> Result<Vec<Entry>> {
    let (mut entries, mut names) = (Vec::new(), BTreeSet::new());
    for query in O::questions(query, asked.today) {
        let answer = O::ask(conn, scope, tracking::Asked { about: (), today: asked.today }, &query)?;
        let found = answer.entries(&query, asked, stamp);
        entries.extend(found.into_iter().filter(|entry| names.insert(entry.name.clone())));
    }
    refuse_many(entries.len(), "year")?;
    Ok(entries)
}

fn living<R: InCalendar>(conn: &mut Conn, scope: Scope, filter: &R::Filter, asked: &Asked) -> Result<Vec<Entry>> {
    let sort = Sort { field: R::SORT, descending: false, id_descending: false };
    let mut page =
        Page { sort, after: None, limit: PAGE, updated_since: None, managed_by: None, as_of: Some(asked.today) };
    let mut entries = Vec::new();
    loop {
        let listing = read::list::<R>(conn, scope, filter, &page, false, &Expansion::default())?;
        entries.extend(R::entries(conn, scope, &listing.records, asked)?);
        refuse_many(entries.len(), R::FROM)?;
        match listing.next {
            Some(position) => page.after = Some(position),
            None => return Ok(entries),
        }
    }
}

fn refuse_many(count: usize, from: &str) -> Result<()> {
    if count <= MOST_ENTRIES {
        return Ok(());
    }
    let message = format!("would leave more than {MOST_ENTRIES} entries; ask for a later day, or for fewer otherwise");
    Err(Error::parameter(from, Fault::new("too_many", message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_has_five_thousand_entries_at_most() {
        assert!(refuse_many(5000, "held_from").is_ok());
        let Err(Error::Malformed(refusal)) = refuse_many(5001, "held_from") else { panic!("it is refused") };
        assert_eq!(refusal.faults.0[0].1.code, "too_many");
    }
}
