//! Whether every record stands in its table as its last row in the log has it, so that nobody has written beside the log;
//! and whether every external key names a record.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::store::{self, Change};
use super::verify::PAGE;
use crate::db::Conn;
use crate::domain::{Error, Id, Result};
use crate::keys::store::{self as keys, KeyRow};
use crate::resources;
use crate::service::collection::Collection;

/// How many records of one collection are told of that the log does not know.
const MOST_UNLOGGED: i64 = 1000;

/// Something that is not as the log has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A record of the log is not in its table.
    #[error("{0} {1} is in the log and not in its table")]
    Missing(String, Id),
    /// A record in a table is not in the log.
    #[error("{0} {1} is in its table and not in the log")]
    Unlogged(&'static str, Id),
    /// A field of a record is not what the log says.
    #[error("{0} {1} is not as the log has it: {2}")]
    Differs(&'static str, Id, String),
    /// The log speaks of records that no collection has.
    #[error("the log has records of the type {0:?}, which is not known")]
    UnknownType(String),
    /// A key names a record that is not there.
    #[error("the external key {}/{} names {} {}, which does not exist", .0.system, .0.key, .0.resource, .0.record_id)]
    KeyOfNothing(KeyRow),
}

/// Compares all records with the log, and tells `found` of each that is not as it says. Memory holds one page of them.
/// Gives the number of records that the log has.
///
/// # Errors
/// As the database has them.
pub fn compare(conn: &mut Conn, found: &mut dyn FnMut(Finding)) -> Result<u64> {
    for unknown in store::resources(conn)?.into_iter().filter(|kind| resources::by_type(kind).is_none()) {
        found(Finding::UnknownType(unknown));
    }
    let mut records = 0_u64;
    for collection in resources::ALL.iter().copied() {
        let logged = each_page(conn, collection, |conn, page| compare_page(conn, collection, page, found))?;
        records = records.saturating_add(logged);
        for id in store::unlogged(conn, collection.kind(), collection.table(), MOST_UNLOGGED)? {
            found(Finding::Unlogged(collection.kind(), id));
        }
    }
    Ok(records)
}

/// Gives the last row of each record of a collection, page by page in the order of their numbers, and says how many there
/// are.
///
/// # Errors
/// As the database has them, and as `work` does.
pub fn each_page<E: From<Error>>(
    conn: &mut Conn,
    collection: &dyn Collection,
    mut work: impl FnMut(&mut Conn, &[Change]) -> std::result::Result<(), E>,
) -> std::result::Result<u64, E> {
    let (mut last, mut records) = (0, 0_u64);
    loop {
        let page = store::last_of_records(conn, collection.kind(), last, PAGE)?;
        let Some(change) = page.last() else { return Ok(records) };
        last = change.record_id;
        records = records.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
        work(conn, &page)?;
    }
}

fn compare_page(
    conn: &mut Conn,
    collection: &dyn Collection,
    page: &[Change],
    found: &mut dyn FnMut(Finding),
) -> Result<()> {
    let ids: Vec<Id> = page.iter().map(|change| change.record_id).collect();
    let stored: HashMap<Id, Map<String, Value>> = collection.stored(conn, &ids)?.into_iter().collect();
    for change in page {
        match stored.get(&change.record_id) {
            None => found(Finding::Missing(change.resource.clone(), change.record_id)),
            Some(record) => {
                if let Some(field) = differing(change, record) {
                    found(Finding::Differs(collection.kind(), change.record_id, field));
                }
            }
        }
    }
    Ok(())
}

/// The first field in which a record, with all that is stored of it, is not as a row of the log has it. A field that is
/// null and one that is not there are the same: the log keeps what was written before the field was thought of.
#[must_use]
pub fn differing(change: &Change, record: &Map<String, Value>) -> Option<String> {
    let Ok(Value::Object(logged)) = serde_json::from_str(&change.after) else { return Some("all of it".to_owned()) };
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    if value(&logged, "id") != change.record_id {
        return Some("id".to_owned());
    }
    if value(&logged, "version") != change.version {
        return Some("version".to_owned());
    }
    let mut names = record.keys().chain(logged.keys());
    names.find(|name| value(&logged, name) != value(record, name)).cloned()
}

/// Tells `found` of each external key that names a record which is not in the log.
///
/// # Errors
/// As the database has them.
pub fn compare_keys(conn: &mut Conn, found: &mut dyn FnMut(Finding)) -> Result<()> {
    let mut last: Option<KeyRow> = None;
    loop {
        let page = keys::after(conn, last.as_ref(), PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        last = page.last().cloned();
        for at in nameless(conn, &page)? {
            if let Some(row) = page.get(at) {
                found(Finding::KeyOfNothing(row.clone()));
            }
        }
    }
}

/// The places of those keys that name a record which is not in the log, by one query for each type of record.
///
/// # Errors
/// As the database has them.
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
