//! Whether each external key names the record that the log gave it to, so that nobody has moved, added or removed one
//! beside the log.

use std::collections::HashMap;

use super::earlier_keys;
use super::records::{Finding, MOST_TOLD};
use super::store;
use super::verify::PAGE;
use crate::db::Conn;
use crate::domain::{Id, Result};
use crate::keys::store::{self as keys, KeyRow};

/// Tells `found` of each key that is not as the log has it. Memory holds one page of them.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn compare(conn: &mut Conn, found: &mut dyn FnMut(Finding)) -> Result<()> {
    for (logged, now) in keys::strayed(conn, MOST_TOLD)? {
        found(match now {
            None => Finding::KeyMissing(logged),
            Some(now) => Finding::KeyMoved { logged, now },
        });
    }
    let Some(earlier) = earlier_keys::logged(conn)? else {
        return each_unlogged(conn, |conn, page| tell_of(conn, page, found));
    };
    let sum = earlier_keys::sum(conn)?;
    if sum != earlier.sum {
        found(Finding::EarlierKeys { sequence: earlier.sequence, then: earlier.sum.count, now: sum.count });
    }
    Ok(())
}

/// Gives the keys that no row of the log has, page by page in order.
pub fn each_unlogged(conn: &mut Conn, mut work: impl FnMut(&mut Conn, &[KeyRow]) -> Result<()>) -> Result<()> {
    let mut last: Option<KeyRow> = None;
    loop {
        let page = keys::unlogged(conn, last.as_ref(), PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        work(conn, &page)?;
        last = page.last().cloned();
    }
}

fn tell_of(conn: &mut Conn, page: &[KeyRow], found: &mut dyn FnMut(Finding)) -> Result<()> {
    let nameless = nameless(conn, page)?;
    for (at, row) in page.iter().enumerate() {
        let of_nothing = nameless.contains(&at);
        found(if of_nothing { Finding::KeyOfNothing(row.clone()) } else { Finding::KeyUnlogged(row.clone()) });
    }
    Ok(())
}

/// The places of those keys that name a record which is not in the log, by one query for each type of record.
pub fn nameless(conn: &mut Conn, rows: &[KeyRow]) -> Result<Vec<usize>> {
    let mut wanted: HashMap<&str, Vec<Id>> = HashMap::new();
    for row in rows {
        wanted.entry(&row.resource).or_default().push(row.record_id);
    }
    let mut logged = HashMap::new();
    for (kind, ids) in wanted {
        logged.insert(kind, store::logged(conn, kind, &ids)?);
    }
    let names_something =
        |row: &KeyRow| logged.get(row.resource.as_str()).is_some_and(|ids| ids.contains(&row.record_id));
    Ok(rows.iter().enumerate().filter(|(_, row)| !names_something(row)).map(|(at, _)| at).collect())
}
